//! What one expansion knows when all questions are answered.

use preload_object::loader::Loader;
use preload_object::signature::Signature;
use preload_object::{Plan, Types};
use proc_macro2::TokenStream;

use crate::names::Names;
use crate::source::{Found, Source};

/// Everything the generators are given; they cannot fail.
pub(crate) struct Model {
    /// The path of the runtime crate.
    pub(crate) runtime: TokenStream,
    pub(crate) source: Source,
    pub(crate) plan: Plan,
    pub(crate) types: Types,
    /// The plan as a program, where the arguments ask for it.
    pub(crate) loader: Option<Loader>,
    /// What the object was signed with.
    pub(crate) signed: Option<Signed>,
    /// The name of the directory that the pins go to.
    pub(crate) directory: String,
    /// The directory of maps that are pinned by name, where the arguments name one.
    pub(crate) pin_root: Option<String>,
    pub(crate) names: Names,
}

/// An object's loader in both forms, with its signatures.
pub(crate) struct Signed {
    /// The signature file.
    pub(crate) file: Found,
    pub(crate) signature: Signature,
    pub(crate) hashed: Loader,
    pub(crate) bound: Loader,
}

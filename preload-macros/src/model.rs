//! What one expansion knows when all questions are answered.

use preload_object::loader::Loader;
use preload_object::{Plan, Types};

use crate::names::Names;
use crate::source::Source;

/// Everything the generators are given; they cannot fail.
pub(crate) struct Model {
    /// The path of the runtime crate.
    pub(crate) runtime: syn::Path,
    pub(crate) source: Source,
    pub(crate) plan: Plan,
    pub(crate) types: Types,
    /// The plan as a program, where the arguments ask for it.
    pub(crate) loader: Option<Loader>,
    /// The name of the directory that the pins go to.
    pub(crate) directory: String,
    /// The directory of maps that are pinned by name, where the arguments name one.
    pub(crate) pin_root: Option<String>,
    pub(crate) names: Names,
}

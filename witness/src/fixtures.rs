//! The objects that are compared: all of the workspace, written down by the build script.

use preload_runtime::{Error, Skeleton};

/// Loads an object with the runtime.
type Load = fn() -> Result<Box<dyn Skeleton>, Error>;

/// One object.
#[derive(Clone, Copy)]
pub(crate) struct Fixture {
    /// Its path in the workspace.
    pub(crate) name: &'static str,
    pub(crate) bytes: &'static [u8],
    /// None where the reader or the attribute refuses it.
    pub(crate) load: Option<Load>,
}

impl Fixture {
    /// The name of the object: that of the file up to its first dot.
    pub(crate) fn object_name(&self) -> &'static str {
        let file = self.name.rsplit('/').next().unwrap_or_default();
        file.split('.').next().unwrap_or_default()
    }
}

#[allow(missing_docs, unused, clippy::all, reason = "written by the attribute and by the build script")]
mod made {
    use super::Fixture;

    include!(concat!(env!("OUT_DIR"), "/fixtures.rs"));
}

pub(crate) use made::FIXTURES;

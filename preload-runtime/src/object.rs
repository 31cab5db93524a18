//! Objects in a list: each with its plan and with what can be done with it, whatever its types.

use core::fmt;

use crate::error::Error;
use crate::handles::Link;
use crate::plan::Plan;
use crate::preload::{Preload, Preloaded, Removal};
use crate::skeleton::{Skeleton, named};
use crate::status::Status;
use crate::transaction;

/// An object as a list can hold it: the generated `OBJECT` of a module.
///
/// It stands for the instance that is kept in the statics, as the functions of the module do.
///
/// ```no_run
/// use preload_macros::bpf_preload;
/// use preload_runtime::{Object, Preload};
///
/// #[bpf_preload("doc/iterators.bpf.o")]
/// pub mod iterators {}
///
/// static OBJECTS: [&Object; 1] = [&iterators::OBJECT];
///
/// fn main() -> Result<(), preload_runtime::Error> {
///     for object in OBJECTS {
///         println!("{}: {} programs", object.name(), object.plan().programs.len());
///         let _ = object.preload(Preload::at("/sys/fs/bpf"))?;
///     }
///     Ok(())
/// }
/// ```
pub struct Object {
    plan: &'static Plan,
    preload: fn(Preload) -> Result<Preloaded<()>, Error>,
    unload: fn() -> bool,
    status: fn(&Preload) -> Result<Status, Error>,
    links: EachLink,
}

/// Shows all links to a function.
type EachLink = fn(&mut dyn FnMut(&Link));

impl Object {
    /// For generated code.
    #[doc(hidden)]
    pub const fn new(
        plan: &'static Plan,
        preload: fn(Preload) -> Result<Preloaded<()>, Error>,
        unload: fn() -> bool,
        status: fn(&Preload) -> Result<Status, Error>,
        links: EachLink,
    ) -> Self {
        Self { plan, preload, unload, status, links }
    }

    /// The name of the object: that of its file up to the first dot.
    pub fn name(&self) -> &'static str {
        self.plan.object
    }

    /// How it is loaded, attached and pinned.
    pub fn plan(&self) -> &'static Plan {
        self.plan
    }

    /// Loads the object, attaches and pins it, and keeps it in the statics: the module's `preload_with`.
    ///
    /// # Errors
    ///
    /// Whatever the kernel refuses; what the options say of what is there already; a second call without
    /// [`unload`](Self::unload) between.
    pub fn preload(&self, options: Preload) -> Result<Preloaded<()>, Error> {
        (self.preload)(options)
    }

    /// Lets go of what is kept in the statics, pins stay: the module's `unload`. Whether there was anything.
    pub fn unload(&self) -> bool {
        (self.unload)()
    }

    /// What is preloaded where the options say, and whether it is what they would make of the object as it was compiled: the
    /// module's `status`.
    ///
    /// # Errors
    ///
    /// A place that is not in a bpffs; whatever the kernel refuses to show.
    pub fn status(&self, options: &Preload) -> Result<Status, Error> {
        (self.status)(options)
    }

    /// Removes the pins, needs no instance: the module's `unpin_with`.
    ///
    /// # Errors
    ///
    /// `ENOENT` when nothing is preloaded there; [`ErrorKind::Foreign`](crate::ErrorKind::Foreign) when
    /// something else lies between the pins.
    pub fn unpin(&self, removal: &Removal) -> Result<(), Error> {
        named(self.plan, transaction::unpin_preloaded(self.plan, removal))
    }

    /// Shows the links of what is kept in the statics, in the order of the plan; none while nothing is. Their
    /// descriptors stay open as long as `look` has them.
    pub fn each_link(&self, look: &mut dyn FnMut(&Link)) {
        (self.links)(look);
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Object").field("plan", self.plan).finish_non_exhaustive()
    }
}

/// [`Object::each_link`] for a skeleton.
pub(crate) fn each_link(skeleton: &dyn Skeleton, look: &mut dyn FnMut(&Link)) {
    let plan = skeleton.plan();
    let links = 0..plan.programs.len() + plan.struct_ops.len();
    links.filter_map(|index| skeleton.link_at(index)).for_each(look);
}

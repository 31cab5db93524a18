//! What all generated skeletons have in common, for code that works on any object.

use core::fmt;

use crate::attach::AttachChoices;
use crate::error::{Call, Error, Step};
use crate::handles::{Link, Map, Program};
use crate::load::defined;
use crate::path::{AsPath, CPath};
use crate::plan::{MapPlan, Plan, ProgramPlan};
use crate::sys::{Errno, Fd, bpf};

/// A skeleton before load: what may still be chosen, by name and by index.
///
/// The generated type has a field for each program and map as well.
pub trait OpenSkeleton {
    /// The plan of the object.
    fn plan(&self) -> &'static Plan;

    /// The choices for the program at an index of [`Plan::programs`].
    fn program_at(&mut self, index: usize) -> Option<&mut OpenProgram>;

    /// The choices for the map at an index of [`Plan::maps`]; none for data sections, whose size is fixed.
    fn map_at(&mut self, index: usize) -> Option<&mut OpenMap>;

    /// The choices for the program of this name.
    fn program(&mut self, name: &str) -> Option<&mut OpenProgram> {
        self.program_at(self.plan().program_named(name)?)
    }

    /// The choices for the map of this name.
    fn map(&mut self, name: &str) -> Option<&mut OpenMap> {
        self.map_at(self.plan().map_named(name)?)
    }
}

/// A loaded skeleton: its maps, programs and links, by name and by index.
///
/// The generated type has a field for each of them as well.
pub trait Skeleton {
    /// The plan of the object.
    fn plan(&self) -> &'static Plan;

    /// The map at an index of [`Plan::maps`].
    fn map_at(&self, index: usize) -> Option<&Map>;

    #[doc(hidden)]
    fn map_mut(&mut self, index: usize) -> Option<&mut Map>;

    /// The program at an index of [`Plan::programs`].
    fn program_at(&self, index: usize) -> Option<&Program>;

    /// The program at an index of [`Plan::programs`], to be changed.
    fn program_mut(&mut self, index: usize) -> Option<&mut Program>;

    /// The link of the program at an index of [`Plan::programs`]; none while it is not attached. Those of
    /// [`Plan::struct_ops`] have the numbers behind.
    fn link_at(&self, index: usize) -> Option<&Link>;

    /// Where the link of the program at an index of [`Plan::programs`] is kept.
    fn link_slot(&mut self, index: usize) -> Option<&mut Option<Link>>;

    /// The map of this name.
    fn map(&self, name: &str) -> Option<&Map> {
        self.map_at(self.plan().map_named(name)?)
    }

    /// The program of this name.
    fn program(&self, name: &str) -> Option<&Program> {
        self.program_at(self.plan().program_named(name)?)
    }

    /// The link of the program or of the operations of this name.
    fn link(&self, name: &str) -> Option<&Link> {
        self.link_at(self.plan().link_named(name)?)
    }

    /// All maps, in the order of the plan.
    fn maps(&self) -> impl Iterator<Item = &Map>
    where
        Self: Sized,
    {
        (0..self.plan().maps.len()).filter_map(|index| self.map_at(index))
    }

    /// All programs, in the order of the plan.
    fn programs(&self) -> impl Iterator<Item = &Program>
    where
        Self: Sized,
    {
        (0..self.plan().programs.len()).filter_map(|index| self.program_at(index))
    }

    /// All links, in the order of the plan.
    fn links(&self) -> impl Iterator<Item = &Link>
    where
        Self: Sized,
    {
        (0..self.plan().programs.len() + self.plan().struct_ops.len()).filter_map(|index| self.link_at(index))
    }
}

/// What may be chosen for a program before load.
#[derive(Debug)]
pub struct OpenProgram {
    attach: AttachChoices,
    /// The program that it extends, or why that could not be kept when the choices were cloned.
    extended: Option<Result<Fd, Errno>>,
}

/// The descriptor of a program that is [extended](Self::extend) is duplicated; where the process has none left for that, load
/// says so.
impl Clone for OpenProgram {
    fn clone(&self) -> Self {
        Self { attach: self.attach, extended: self.extended() }
    }
}

impl OpenProgram {
    pub(crate) const fn new(plan: &'static ProgramPlan) -> Self {
        Self { attach: AttachChoices::of(plan), extended: None }
    }

    pub(crate) fn attach_choices(&self) -> AttachChoices {
        self.attach
    }

    /// Whether the program will be loaded; unless it was changed, as the object says: `false` where `?`
    /// stands in front of the section name, else `true`.
    pub fn autoload(&self) -> bool {
        self.attach.autoload
    }

    /// Loads the program, or leaves it out.
    pub fn set_autoload(&mut self, autoload: bool) -> &mut Self {
        self.attach.autoload = autoload;
        self
    }

    /// Whether the program will be attached with all others, once its target is known; unless it was changed, not
    /// where the attribute says `manual`.
    pub fn autoattach(&self) -> bool {
        self.attach.autoattach
    }

    /// Attaches the program with all others, or leaves it loaded for the caller to attach.
    pub fn set_autoattach(&mut self, autoattach: bool) -> &mut Self {
        self.attach.autoattach = autoattach;
        self
    }

    /// Whether a kernel without its target is no error; unless it was changed, where the attribute says `optional`, or
    /// names another program that is used `instead_of` this one.
    pub fn optional(&self) -> bool {
        self.attach.optional
    }

    /// Makes do without the program where the kernel does not have its target, or does not let programs of its kind
    /// be attached to it.
    pub fn set_optional(&mut self, optional: bool) -> &mut Self {
        self.attach.optional = optional;
        self
    }

    /// What `bpf_get_attach_cookie` will give the program; 0 for nothing.
    pub fn cookie(&self) -> u64 {
        self.attach.cookie
    }

    /// Says which program an extension (`freplace`) is for, whatever the attribute says: that of a program or of a link. Its
    /// function of the name that the section gives is replaced when the extension is attached. The function must be global,
    /// and have the same arguments (5.6).
    pub fn extend(&mut self, program: Fd) -> &mut Self {
        self.extended = Some(Ok(program));
        self
    }

    /// The same for a program or a link that is pinned at a path in a bpffs.
    ///
    /// # Errors
    ///
    /// `ENOENT` when nothing is there.
    pub fn extend_pinned(&mut self, path: impl AsPath) -> Result<&mut Self, Error> {
        let path = CPath::new(path).map_err(|kind| Error::new(Step::FindTarget, kind))?;
        let program = bpf::obj_get(None, path.as_c_str())
            .map_err(|errno| Error::system(Step::FindTarget, Call::ObjGet, errno).with_path(&path))?;
        Ok(self.extend(program))
    }

    /// A descriptor of the program that it extends, if one was given.
    pub(crate) fn extended(&self) -> Option<Result<Fd, Errno>> {
        self.extended.as_ref().map(|fd| fd.as_ref().map_err(|&errno| errno).and_then(Fd::duplicate))
    }

    /// Gives the program a cookie, by which it tells one place that it is attached to from others: tracepoints, kprobes
    /// and uprobes 5.15, `fentry`, `fexit`, `fmod_ret`, LSM and `tp_btf` 5.19, raw tracepoints 6.10.
    pub fn set_cookie(&mut self, cookie: u64) -> &mut Self {
        self.attach.cookie = cookie;
        self
    }
}

/// What may be chosen for a program of a signed object before load: how it is attached. What is loaded is what was signed.
#[derive(Clone, Debug)]
pub struct OpenSignedProgram(OpenProgram);

impl OpenSignedProgram {
    pub(crate) const fn new(plan: &'static ProgramPlan) -> Self {
        Self(OpenProgram::new(plan))
    }

    pub(crate) fn open(&self) -> &OpenProgram {
        &self.0
    }

    /// Whether the program will be attached with all others, once its target is known; unless it was changed, not
    /// where the attribute says `manual`.
    pub fn autoattach(&self) -> bool {
        self.0.autoattach()
    }

    /// Attaches the program with all others, or leaves it loaded for the caller to attach.
    pub fn set_autoattach(&mut self, autoattach: bool) -> &mut Self {
        self.0.set_autoattach(autoattach);
        self
    }

    /// What `bpf_get_attach_cookie` will give the program; 0 for nothing.
    pub fn cookie(&self) -> u64 {
        self.0.cookie()
    }

    /// Gives the program a cookie, as [`OpenProgram::set_cookie`] does.
    pub fn set_cookie(&mut self, cookie: u64) -> &mut Self {
        self.0.set_cookie(cookie);
        self
    }
}

/// What may be chosen for a map before load.
#[derive(Debug)]
pub struct OpenMap {
    max_entries: u32,
    pinned_by_name: bool,
    /// A map of the caller's, or why it could not be kept when the choices were cloned.
    given: Option<Result<Fd, Errno>>,
    /// What makes such maps.
    calls: &'static defined::Calls,
}

impl OpenMap {
    pub(crate) const fn new(plan: &MapPlan) -> Self {
        Self {
            max_entries: plan.max_entries,
            pinned_by_name: plan.pinned_by_name,
            given: None,
            calls: &defined::CALLS,
        }
    }

    /// The number of entries the map will have, in the unit of its type.
    pub fn max_entries(&self) -> u32 {
        self.max_entries
    }

    /// Sets the number of entries, in the unit of the map's type: bytes for ring buffers, elements otherwise.
    ///
    /// A ring buffer gets the next power of two that is a whole number of pages; a perf event array without a
    /// number one element for each CPU there can be.
    pub fn set_max_entries(&mut self, max_entries: u32) -> &mut Self {
        self.max_entries = max_entries;
        self
    }

    /// Whether the map is [shared by the pin of its name](crate#maps-pinned-by-name); unless it was changed, as the object
    /// says (`LIBBPF_PIN_BY_NAME`).
    pub fn pinned_by_name(&self) -> bool {
        self.pinned_by_name
    }

    /// Shares the map by the pin of its name, or makes one of this object's own.
    pub fn set_pinned_by_name(&mut self, pinned_by_name: bool) -> &mut Self {
        self.pinned_by_name = pinned_by_name;
        self
    }

    /// Uses a map that is there already, whatever else is said of where the map comes from. Load refuses one that differs in
    /// type, sizes, entries or flags ([`ErrorKind::IncompatibleMap`](crate::ErrorKind::IncompatibleMap)). What is in it stays.
    pub fn reuse(&mut self, map: Fd) -> &mut Self {
        self.given = Some(Ok(map));
        self
    }

    /// The same for a map that is pinned at a path in a bpffs (4.4).
    ///
    /// # Errors
    ///
    /// `ENOENT` when nothing is there.
    pub fn reuse_pinned(&mut self, path: impl AsPath) -> Result<&mut Self, Error> {
        let path = CPath::new(path).map_err(|kind| Error::new(Step::CreateMap, kind))?;
        let map = bpf::obj_get(None, path.as_c_str())
            .map_err(|errno| Error::system(Step::CreateMap, Call::ObjGet, errno).with_path(&path))?;
        Ok(self.reuse(map))
    }

    pub(crate) fn calls(&self) -> &'static defined::Calls {
        self.calls
    }

    /// A descriptor of the caller's map, if there is one.
    pub(crate) fn given(&self) -> Option<Result<Fd, Errno>> {
        self.given.as_ref().map(|map| map.as_ref().map_err(|&errno| errno).and_then(Fd::duplicate))
    }
}

/// The descriptor of a map that is to be [reused](Self::reuse) is duplicated; where the process has none left for that, load
/// says so.
impl Clone for OpenMap {
    fn clone(&self) -> Self {
        Self { given: self.given(), ..*self }
    }
}

/// The programs that `attach` has left to the caller, because nothing says what they attach to.
#[derive(Clone)]
#[must_use = "these programs do nothing until they are attached"]
pub struct Unattached<const PROGRAMS: usize> {
    pub(crate) plan: &'static Plan,
    pub(crate) left: [bool; PROGRAMS],
    pub(crate) absent: [bool; PROGRAMS],
}

impl<const PROGRAMS: usize> Unattached<PROGRAMS> {
    /// Whether every loaded program is attached.
    pub fn is_empty(&self) -> bool {
        !self.left.contains(&true)
    }

    /// The names of the programs, in the order of the plan.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<'_, PROGRAMS> {
        self.plan.programs.iter().zip(self.left).filter(|(_, left)| *left).map(|(program, _)| program.name)
    }

    /// The names of the optional programs that are not attached because this kernel does not have their targets, in the
    /// order of the plan. There is nothing to be done about them.
    pub fn absent(&self) -> impl Iterator<Item = &'static str> + use<'_, PROGRAMS> {
        let absent = self.plan.programs.iter().zip(self.absent).filter(|(_, absent)| *absent);
        absent.map(|(program, _)| program.name)
    }
}

/// Only the names: the rest of the plan says nothing of what is left.
impl<const PROGRAMS: usize> fmt::Debug for Unattached<PROGRAMS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unattached ")?;
        f.debug_list().entries(self.names()).finish()
    }
}

/// Makes the result of an operation on an object say which object it was.
pub(crate) fn named<T>(plan: &'static Plan, result: Result<T, Error>) -> Result<T, Error> {
    result.map_err(|error| error.of_object(plan))
}

//! The plan of an object: what `#[bpf_preload]` writes down at compile time, and loading carries out.
//!
//! Everything in it is constant data, final to the byte. It can be read by anyone, to be printed for
//! instance; only the attribute makes one.

mod externs;
mod loader;
mod struct_ops;

use core::ffi::CStr;
use core::fmt;

use crate::attach::By;
use crate::code::Code;

pub use crate::place::{Place, Position};
pub use externs::{ConfigKind, ConfigValue, KernelSymbol, SymbolKind, SymbolReference};
pub use loader::{Loader, LoaderMap, Signed, SignedForm, check_loader};
pub use struct_ops::{StructOpsMember, StructOpsPlan};

/// How one object is loaded, attached and pinned.
pub struct Plan {
    /// The name of the object, which is that of its file up to the first dot.
    pub object: &'static str,
    /// The name of the directory its pins go to.
    pub directory: &'static str,
    /// The directory in a bpffs that maps pinned by name are in, where the attribute names one.
    pub pin_root: Option<&'static str>,
    /// Tells this plan from others.
    pub digest: u128,
    /// The licence, as the object states it.
    pub license: &'static CStr,
    /// The type information of the object; empty for none.
    pub btf: &'static [u8],
    /// The same without what kernels before 6.0 may refuse of it; empty where that is nothing.
    pub btf_for_old_kernels: &'static [u8],
    /// The maps, in the order in which they are created.
    pub maps: &'static [MapPlan],
    /// The programs, in the order in which they are loaded.
    pub programs: &'static [ProgramPlan],
    /// The functions and variables of the kernel that programs refer to.
    pub symbols: &'static [KernelSymbol],
    /// The operations that maps register.
    pub struct_ops: &'static [StructOpsPlan],
    /// The code of this crate that it needs beyond what all objects do.
    #[doc(hidden)]
    pub code: Code,
}

// Here and not in the traits of skeletons, for each of which it would be compiled again.
impl Plan {
    /// The index of the map of this name.
    pub(crate) fn map_named(&self, name: &str) -> Option<usize> {
        self.maps.iter().position(|map| map.name == name)
    }

    /// The index of the program of this name.
    pub(crate) fn program_named(&self, name: &str) -> Option<usize> {
        self.programs.iter().position(|program| program.name == name)
    }

    /// The index of the [link](Self::link) of the program or of the operations of this name.
    pub(crate) fn link_named(&self, name: &str) -> Option<usize> {
        let programs = self.programs.iter().map(|program| program.name);
        let mut all = programs.chain(self.struct_ops.iter().map(|operations| operations.link.name));
        all.position(|link| link == name)
    }

    /// What the link at an index of a skeleton's links belongs to: those of programs are first, then those of operations.
    pub(crate) fn link(&self, index: usize) -> Option<&'static ProgramPlan> {
        match index.checked_sub(self.programs.len()) {
            None => self.programs.get(index),
            Some(index) => self.struct_ops.get(index).map(|operations| &operations.link),
        }
    }
}

/// How one map is created and filled.
pub struct MapPlan {
    /// The variable of the C source, or the name of the data section.
    pub name: &'static str,
    /// What the kernel calls it, with zeros behind.
    pub kernel_name: [u8; 16],
    /// `enum bpf_map_type`.
    pub map_type: u32,
    /// Bytes of a key.
    pub key_size: u32,
    /// Bytes of a value.
    pub value_size: u32,
    /// Entries, in the unit of the map type, unless they are changed before load.
    pub max_entries: u32,
    /// `BPF_F_*` flags of `BPF_MAP_CREATE`.
    pub flags: u32,
    /// The NUMA node, where the object gives one.
    pub numa_node: Option<u32>,
    /// The extra parameter of some map types (5.16).
    pub map_extra: u64,
    /// Type of the key in the object's BTF; 0 for none.
    pub btf_key_type_id: u32,
    /// Type of the value in the object's BTF; 0 for none.
    pub btf_value_type_id: u32,
    /// What the maps in a map of maps look like.
    pub inner: Option<&'static MapPlan>,
    /// What its slots hold from the start, for maps of maps and program arrays.
    pub slots: &'static [Slot],
    /// The first bytes of an arena; empty for none.
    pub arena: &'static [u8],
    /// Whether it is shared with other objects by the pin of its name (`LIBBPF_PIN_BY_NAME`), unless the caller says
    /// otherwise.
    pub pinned_by_name: bool,
    /// The initial value of a data section, as long as `value_size`; empty for zeros and for other maps.
    pub contents: &'static [u8],
    /// The values of the kernel's configuration that it holds; empty for other maps.
    pub config: &'static [ConfigValue],
    /// Whether it is frozen after it was filled.
    pub frozen: bool,
    /// The name of its pin; none for no pin.
    pub pin: Option<&'static str>,
}

/// What a slot of a map of maps or of a program array holds from the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The slot: an index of the array, a key of the hash.
    pub index: u32,
    /// What is in it.
    pub item: SlotItem,
}

/// An item of the object that a slot refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotItem {
    /// The map at an index of [`Plan::maps`].
    Map(usize),
    /// The program at an index of [`Plan::programs`]; the slot stays empty when that is left out.
    Program(usize),
}

impl MapPlan {
    /// A map of no type and no size, for what a plan does not say.
    pub const EMPTY: Self = Self {
        name: "",
        kernel_name: [0; 16],
        map_type: 0,
        key_size: 0,
        value_size: 0,
        max_entries: 0,
        flags: 0,
        numa_node: None,
        map_extra: 0,
        btf_key_type_id: 0,
        btf_value_type_id: 0,
        inner: None,
        slots: &[],
        arena: b"",
        pinned_by_name: false,
        contents: b"",
        config: &[],
        frozen: false,
        pin: None,
    };

    /// Whether programs of the object are in its slots from the start.
    pub(crate) fn holds_programs(&self) -> bool {
        self.slots.iter().any(|slot| matches!(slot.item, SlotItem::Program(_)))
    }
}

/// How one program is loaded and attached.
pub struct ProgramPlan {
    /// The function of the C source.
    pub name: &'static str,
    /// Its section name, without the target.
    pub section: &'static str,
    /// What the kernel calls it, with zeros behind.
    pub kernel_name: [u8; 16],
    /// `enum bpf_prog_type`.
    pub program_type: u32,
    /// `enum bpf_attach_type`; 0 where the program type has none.
    pub attach_type: u32,
    /// `BPF_F_*` flags of `BPF_PROG_LOAD`.
    pub flags: u32,
    /// The instructions, 8 bytes each.
    pub insns: &'static [u8],
    /// `struct bpf_func_info` records, 8 bytes each.
    pub func_info: &'static [u8],
    /// `struct bpf_line_info` records, 16 bytes each.
    pub line_info: &'static [u8],
    /// `struct bpf_core_relo` records, 16 bytes each.
    pub core_relos: &'static [u8],
    /// What each of these is about.
    pub core: &'static [CoreRelo],
    /// Where it refers to functions and variables of the kernel.
    pub symbols: &'static [SymbolReference],
    /// Maps of constants that it does not refer to, by index in [`Plan::maps`]: bound to it all the same, for those who
    /// look for what it says of itself.
    pub bound_maps: &'static [usize],
    /// The type in the kernel's BTF that it is loaded against; for an extension the function of the other program.
    pub btf_target: Option<BtfTarget>,
    /// What it attaches to, as the section name or the attribute says.
    pub target: Option<&'static str>,
    /// Whether it is loaded unless the caller says otherwise; not where `?` stands in front of the section
    /// name.
    pub autoload: bool,
    /// How it attaches; none where nothing says to what.
    pub attach: Option<Attachment>,
    /// Whether it is attached with all others; not where the attribute says `manual`.
    pub autoattach: bool,
    /// What `bpf_get_attach_cookie` gives the program, unless it is changed; 0 for nothing.
    pub cookie: u64,
    /// Whether a kernel without its target is no error, unless that is changed.
    pub optional: bool,
    /// The program, by index, that it stands in for where the kernel does not have that one's target.
    pub instead_of: Option<usize>,
    /// The name of its link's pin; none for no pin.
    pub pin: Option<&'static str>,
}

/// A CO-RE relocation, for people.
#[derive(Debug, PartialEq, Eq)]
pub struct CoreRelo {
    /// The instruction that it changes, by its place in the program.
    pub insn: u32,
    /// What it is about, as `struct task_struct.pid`.
    pub what: &'static str,
    /// Where in the source, as `FILE:LINE`; empty where that is not known.
    pub place: &'static str,
}

/// A type in the kernel's own BTF.
#[derive(Debug, PartialEq, Eq)]
pub struct BtfTarget {
    /// The module that it is in; `vmlinux` for the kernel itself, none for the first that has it.
    pub module: Option<&'static str>,
    /// `BTF_KIND_*`.
    pub kind: u32,
    /// Its full name.
    pub name: &'static str,
}

/// What a program attaches to, with the code that does it: a binary has only what its plans name.
#[derive(Clone, Copy)]
pub struct Attachment {
    /// What it attaches to.
    pub to: Attach,
    #[doc(hidden)]
    pub by: By,
}

impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to.fmt(f)
    }
}

/// When a probe runs its program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Probe {
    /// Before the function.
    Entry,
    /// When it returns.
    Return,
    /// At both, with something to remember between.
    Session,
}

/// What a program attaches to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Attach {
    /// As an iterator, by `BPF_LINK_CREATE` (5.9).
    Iterator,
    /// To the tracepoint of this name, by `BPF_RAW_TRACEPOINT_OPEN` (4.17).
    RawTracepoint(&'static CStr),
    /// To what it was loaded against, by `BPF_RAW_TRACEPOINT_OPEN` (5.5), or `BPF_LINK_CREATE` with a cookie (5.19).
    Trace,
    /// To a tracepoint as a perf event (link 5.15).
    Tracepoint {
        /// The directory of the tracepoint in tracefs.
        category: &'static str,
        /// Its name there.
        name: &'static str,
    },
    /// To an instruction of the kernel as a perf event (link 5.15).
    Kprobe {
        /// The function it is in.
        function: &'static CStr,
        /// Bytes from its start.
        offset: u64,
        /// When the function returns.
        retprobe: bool,
    },
    /// To many functions of the kernel (5.18; sessions 6.10).
    KprobeMulti {
        /// The name of a function, or a pattern of names: `*` is any text, `?` any character.
        functions: &'static CStr,
        /// When.
        probe: Probe,
    },
    /// To many functions of the kernel, which share one trampoline (7.2).
    TraceMulti {
        /// The name of a function, or a pattern of names: `*` is any text, `?` any character.
        functions: &'static CStr,
    },
    /// To an instruction of a file as a perf event (link 5.15).
    Uprobe {
        /// The file; one without a slash is looked for where programs and libraries are.
        path: &'static str,
        /// The function it is in, or its offset in the file: `0x1234`.
        function: &'static str,
        /// Bytes from its start.
        offset: u64,
        /// When the function returns.
        retprobe: bool,
    },
    /// To many functions of a file (6.6; sessions 6.13).
    UprobeMulti {
        /// The file; one without a slash is looked for where programs and libraries are.
        path: &'static str,
        /// The name of a function, or a pattern of names: `*` is any text, `?` any character.
        functions: &'static str,
        /// When.
        probe: Probe,
    },
    /// To a probe that the author of a file has marked in it (link 5.15; of several places 6.6).
    Usdt {
        /// The file; one without a slash is looked for where programs and libraries are.
        path: &'static str,
        /// Who provides the probe.
        provider: &'static str,
        /// Its name.
        name: &'static str,
    },
    /// To the function of a system call, as a kprobe.
    Ksyscall {
        /// The name of the system call, as in its manual.
        name: &'static str,
        /// When it returns.
        retprobe: bool,
    },
    /// To what the attribute's settings say, by `BPF_LINK_CREATE`.
    To(Place),
}

/// Bytes are shown by their number: nobody reads instructions as a list of numbers, and there are thousands.
impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan")
            .field("object", &self.object)
            .field("directory", &self.directory)
            .field("license", &self.license)
            .field("btf", &Bytes(self.btf))
            .field("maps", &self.maps)
            .field("programs", &self.programs)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for MapPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MapPlan")
            .field("name", &self.name)
            .field("map_type", &self.map_type)
            .field("key_size", &self.key_size)
            .field("value_size", &self.value_size)
            .field("max_entries", &self.max_entries)
            .field("contents", &Bytes(self.contents))
            .field("pin", &self.pin)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ProgramPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProgramPlan")
            .field("name", &self.name)
            .field("section", &self.section)
            .field("target", &self.target)
            .field("attach", &self.attach)
            .field("insns", &Bytes(self.insns))
            .field("core_relos", &Bytes(self.core_relos))
            .field("pin", &self.pin)
            .finish_non_exhaustive()
    }
}

/// Shown as their number.
struct Bytes(&'static [u8]);

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl ProgramPlan {
    /// A program of no type and without instructions, for what a plan does not say.
    pub const EMPTY: Self = Self {
        name: "",
        section: "",
        kernel_name: [0; 16],
        program_type: 0,
        attach_type: 0,
        flags: 0,
        insns: b"",
        func_info: b"",
        line_info: b"",
        core_relos: b"",
        core: &[],
        symbols: &[],
        bound_maps: &[],
        btf_target: None,
        target: None,
        autoload: true,
        attach: None,
        autoattach: true,
        cookie: 0,
        optional: false,
        instead_of: None,
        pin: None,
    };

    /// Whether it is loaded against a function of another program (`BPF_PROG_TYPE_EXT`), and not against a type of the
    /// kernel.
    pub(crate) const fn is_extension(&self) -> bool {
        self.program_type == 28
    }

    /// Whether there is anything for which the program needs the object's BTF.
    pub(crate) const fn has_info(&self) -> bool {
        !self.func_info.is_empty() || !self.line_info.is_empty() || !self.core_relos.is_empty()
    }
}

/// Checks at compile time what loading and the syscall layer take for granted. The attribute calls it in a
/// constant, so that a plan that is not in order does not compile.
pub const fn check(plan: &Plan) {
    let mut index = 0;
    while index < plan.maps.len() {
        let map = &plan.maps[index];
        assert!(map.kernel_name[15] == 0, "a map name does not end");
        assert!(
            map.contents.is_empty() || map.contents.len() == map.value_size as usize,
            "the contents of a data section do not fill its map",
        );
        assert!(
            map.contents.is_empty() || map.key_size == 4,
            "a data section has a key that is not an index"
        );
        check_config(map);
        check_slots(map, plan);
        index += 1;
    }
    let mut index = 0;
    while index < plan.programs.len() {
        let program = &plan.programs[index];
        assert!(program.kernel_name[15] == 0, "a program name does not end");
        assert!(program.insns.len() % 8 == 0, "half an instruction");
        assert!(program.func_info.len() % 8 == 0, "half a function record");
        assert!(program.line_info.len() % 16 == 0, "half a line record");
        assert!(program.core_relos.len() % 16 == 0, "half a CO-RE record");
        assert!(
            program.core_relos.is_empty() || program.has_positions(),
            "CO-RE relocations that the kernel would leave undone",
        );
        assert!(!program.has_info() || !plan.btf.is_empty(), "records without the types that they refer to");
        if let Some(other) = program.instead_of {
            assert!(other < index, "a program stands in for one that comes behind it");
        }
        check_symbols(program, plan.symbols.len());
        index += 1;
    }
    let mut index = 0;
    while index < plan.struct_ops.len() {
        check_operations(&plan.struct_ops[index], plan);
        index += 1;
    }
}

/// Slots are numbered, hold descriptors, and refer to what is there.
const fn check_slots(map: &MapPlan, plan: &Plan) {
    assert!(
        map.slots.is_empty() || map.key_size == 4 && map.value_size == 4,
        "slots of a map without numbers or descriptors",
    );
    let mut index = 0;
    while index < map.slots.len() {
        let there = match map.slots[index].item {
            SlotItem::Map(map) => map < plan.maps.len(),
            SlotItem::Program(program) => program < plan.programs.len(),
        };
        assert!(there, "a slot refers to something that is not there");
        index += 1;
    }
}

impl ProgramPlan {
    /// Whether there is function or line information, without which the kernel ignores CO-RE relocations.
    const fn has_positions(&self) -> bool {
        !self.func_info.is_empty() || !self.line_info.is_empty()
    }
}

/// Every reference to a symbol is one of an instruction there is to a symbol there is.
const fn check_symbols(program: &ProgramPlan, symbols: usize) {
    let mut index = 0;
    while index < program.symbols.len() {
        let SymbolReference { insn, symbol } = program.symbols[index];
        assert!((insn as usize) < program.insns.len() / 8, "a reference of an instruction that is not there");
        assert!((symbol as usize) < symbols, "a reference to a symbol that is not there");
        index += 1;
    }
}

/// Operations refer to a map, to programs, and to bytes that are there.
const fn check_operations(operations: &StructOpsPlan, plan: &Plan) {
    assert!(operations.map < plan.maps.len(), "operations of a map that is not there");
    let mut index = 0;
    while index < operations.members.len() {
        let member = &operations.members[index];
        let len = operations.contents.len();
        let inside = member.offset as usize <= len && member.size as usize <= len - member.offset as usize;
        assert!(inside, "a member of operations lies outside");
        if let Some(program) = member.program {
            assert!(program < plan.programs.len(), "a function of operations that is not there");
            assert!(member.size == 8, "a function of operations that has no address");
        }
        index += 1;
    }
}

/// Values of the kernel's configuration lie inside their map, and there is what reads them.
const fn check_config(map: &MapPlan) {
    let mut index = 0;
    while index < map.config.len() {
        let value = &map.config[index];
        let inside = value.offset <= map.value_size && value.size <= map.value_size - value.offset;
        assert!(inside && value.size > 0, "a value of the kernel's configuration lies outside its map");
        let is_option = matches!(value.name.as_bytes(), [b'C', b'O', b'N', b'F', b'I', b'G', b'_', ..]);
        assert!(
            !is_option || cfg!(feature = "kconfig"),
            "the object has values of the kernel's configuration (`CONFIG_..`): switch on the feature `kconfig` of \
             `preload-runtime`",
        );
        index += 1;
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::format;

    use super::*;
    use crate::skeleton::Unattached;

    static MAPS: [MapPlan; 1] = [MapPlan {
        name: ".rodata",
        kernel_name: *b"object.rodata\0\0\0",
        map_type: 2,
        key_size: 4,
        value_size: 4,
        max_entries: 1,
        contents: &[0xaa; 4],
        frozen: true,
        ..MapPlan::EMPTY
    }];
    pub(crate) static PROGRAMS: [ProgramPlan; 1] = [ProgramPlan {
        name: "program",
        section: "raw_tp",
        kernel_name: *b"program\0\0\0\0\0\0\0\0\0",
        program_type: 17,
        attach_type: 0,
        flags: 0,
        insns: &[0xaa; 16],
        func_info: b"",
        line_info: b"",
        pin: Some("program"),
        ..ProgramPlan::EMPTY
    }];
    static PLAN: Plan = Plan {
        object: "object",
        directory: "object",
        pin_root: None,
        digest: 0,
        license: c"GPL",
        btf: &[0xaa; 24],
        btf_for_old_kernels: b"",
        maps: &MAPS,
        programs: &PROGRAMS,
        symbols: &[],
        struct_ops: &[],
        code: Code::NONE,
    };

    #[test]
    fn a_plan_is_shown_without_its_bytes() {
        let shown = format!("{PLAN:?}");
        for part in ["\"object\"", "\".rodata\"", "\"program\"", "insns: 16 bytes", "btf: 24 bytes"] {
            assert!(shown.contains(part), "`{part}` is not in {shown}");
        }
        assert!(!shown.contains("170"), "bytes are in {shown}");
    }

    #[test]
    fn what_is_left_to_the_caller_is_shown_by_name() {
        let mut left = Unattached { plan: &PLAN, left: [true], absent: [false] };
        assert_eq!(format!("{left:?}"), "Unattached [\"program\"]");
        left.left = [false];
        assert_eq!(format!("{left:?}"), "Unattached []");
    }
}

//! The plan: everything the runtime hands to the kernel, final to the byte.
//!
//! A plan holds numbers, names and bytes only, so that it can become constants of a program, be printed, or
//! be turned into anything else that carries it out.

use std::collections::HashSet;
use std::hash::{Hash, Hasher};

use crate::btf::Btf;
use crate::core_relo::{self, CoreRelo};
use crate::externs::KernelSymbol;
use crate::insn;
use crate::map::Map;
use crate::object::Object;
use crate::section::numbers::program::EXT;
use crate::section::{Attach, KernelType, Place};

/// The kernel's `BPF_OBJ_NAME_LEN` less the final NUL.
const KERNEL_NAME: usize = 15;

/// What the caller decides about an object, beyond what its file says.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// The name of the object: the directory of its pins, and part of the kernel's names of its data
    /// sections.
    pub object: String,
    /// One entry for each program of the object, in its order.
    pub programs: Vec<ProgramChoice>,
    /// One entry for each map of the object, in its order.
    pub maps: Vec<MapChoice>,
    /// Values of variables, in place of those that the object has for them.
    pub variables: Vec<VariableChoice>,
}

/// What the caller decides about a program.
#[derive(Clone, Debug, Default)]
pub struct ProgramChoice {
    /// The target, in place of the one in the section name.
    pub target: Option<String>,
    /// What it is attached to, where a setting says so.
    pub place: Option<Place>,
    /// Whether the caller attaches it.
    pub manual: bool,
    /// What the program gets from `bpf_get_attach_cookie`; 0 for nothing.
    pub cookie: u64,
    /// Whether a kernel without its target is no error.
    pub optional: bool,
    /// The program that it stands in for where the kernel does not have that one's target; by index, an earlier one.
    pub instead_of: Option<usize>,
    /// The name of its link's pin; none for no pin.
    pub pin: Option<String>,
}

/// What the caller decides about a map.
#[derive(Clone, Debug, Default)]
pub struct MapChoice {
    /// The name of its pin; none for no pin.
    pub pin: Option<String>,
}

/// What a variable is to begin with.
#[derive(Clone, Debug)]
pub struct VariableChoice {
    /// The data section it is in, by index.
    pub map: usize,
    /// Where it begins there.
    pub offset: u32,
    /// Its value, as it is in memory. What lies outside of the section is left out.
    pub bytes: Vec<u8>,
}

/// How one object is loaded, attached and pinned.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Plan {
    /// The name of the object.
    pub object: String,
    /// The licence, as it is passed with each program.
    pub license: String,
    /// The BTF of the object; empty for none.
    pub btf: Vec<u8>,
    /// The same without what kernels before 6.0 may refuse of it; empty where that is nothing.
    pub btf_for_old_kernels: Vec<u8>,
    /// The maps, in the order in which they are created; instructions refer to them by this order.
    pub maps: Vec<MapPlan>,
    /// The programs, in the order in which they are loaded.
    pub programs: Vec<ProgramPlan>,
    /// The symbols of the kernel that programs refer to.
    pub symbols: Vec<KernelSymbol>,
}

/// How one map is created and filled.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MapPlan {
    /// What the kernel calls it, at most 15 bytes.
    pub kernel_name: String,
    /// What the object says of it.
    pub map: Map,
    /// How the maps in a map of maps are created.
    pub inner: Option<Box<MapPlan>>,
    /// The name of its pin; none for no pin.
    pub pin: Option<String>,
}

/// How one program is loaded and attached.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProgramPlan {
    /// The function of the C source.
    pub name: String,
    /// What the kernel calls it, at most 15 bytes.
    pub kernel_name: String,
    /// Its section name without the target.
    pub section: &'static str,
    /// What the type of its handle calls its kind.
    pub handle: &'static str,
    /// `enum bpf_prog_type`.
    pub program_type: u32,
    /// `enum bpf_attach_type`.
    pub attach_type: u32,
    /// Flags for `BPF_PROG_LOAD`.
    pub flags: u32,
    /// The instructions.
    pub insns: Vec<u8>,
    /// `struct bpf_func_info` records.
    pub func_info: Vec<u8>,
    /// `struct bpf_line_info` records.
    pub line_info: Vec<u8>,
    /// `struct bpf_core_relo` records.
    pub core_relos: Vec<u8>,
    /// What each of these is about.
    pub core: Vec<CoreRelo>,
    /// The instructions that refer to symbols of the kernel: place, index of the symbol. As they are, they are those
    /// for a kernel without it.
    pub symbol_references: Vec<[u32; 2]>,
    /// Maps of constants that it does not refer to, by index.
    pub bound_maps: Vec<usize>,
    /// The kernel type it is loaded against: kind and full name.
    pub btf_target: Option<KernelType>,
    /// What it attaches to, as the user names it; none when that is left to the caller.
    pub target: Option<String>,
    /// Whether it is loaded unless the caller says otherwise.
    pub autoload: bool,
    /// How it attaches; none when nothing says to what.
    pub attach: Option<Attach>,
    /// Whether it is attached with all others.
    pub autoattach: bool,
    /// What the program gets from `bpf_get_attach_cookie`; 0 for nothing.
    pub cookie: u64,
    /// Whether a kernel without its target is no error.
    pub optional: bool,
    /// The program that it stands in for where the kernel does not have that one's target; by index, an earlier one.
    pub instead_of: Option<usize>,
    /// The name of its link's pin; none for no pin.
    pub pin: Option<String>,
}

impl Plan {
    /// Puts an object and the caller's choices together; a choice that is missing is the default one.
    pub fn new(object: &Object, choices: &Choices) -> Self {
        let maps = object.maps().iter().enumerate().map(|(index, map)| MapPlan {
            kernel_name: if map.data.is_some() {
                data_map_name(&choices.object, &map.name)
            } else {
                kernel_name(&map.name)
            },
            map: with_values(map, choices.variables.iter().filter(|choice| choice.map == index)),
            inner: map.inner.as_deref().map(|inner| {
                let kernel_name = kernel_name(&inner.name);
                Box::new(MapPlan { kernel_name, map: inner.clone(), inner: None, pin: None })
            }),
            pin: choices.maps.get(index).and_then(|choice| choice.pin.clone()),
        });
        let replaced: HashSet<usize> =
            choices.programs.iter().filter_map(|choice| choice.instead_of).collect();
        let mut backwards = false;
        let programs = object.programs().iter().enumerate().map(|(index, program)| {
            let choice = choices.programs.get(index).cloned().unwrap_or_default();
            let kind = program.kind;
            let target = choice.target.or_else(|| program.target.clone());
            let btf_target = target.as_ref().and_then(|target| kind.kernel_type(target));
            let btf = object.btf.as_ref();
            let core_relos =
                btf.map(|btf| core_relo::in_order(&program.code, btf, backwards)).unwrap_or_default();
            backwards ^= !core_relos.is_empty();
            ProgramPlan {
                name: program.name.clone(),
                kernel_name: kernel_name(&program.name),
                section: kind.section,
                handle: kind.handle(),
                program_type: kind.program_type,
                attach_type: kind.load_attach_type(),
                flags: kind.flags,
                insns: insn::encode_all(&program.code.insns),
                func_info: record_bytes(&program.code.functions),
                line_info: record_bytes(&program.code.lines),
                core_relos: record_bytes(&core_relos),
                core: btf.map(|btf| core_relo::describe(&core_relos, &program.code, btf)).unwrap_or_default(),
                symbol_references: program.code.symbols.clone(),
                bound_maps: object.unreferred_constants(&program.code).collect(),
                btf_target,
                autoload: program.autoload,
                attach: match choice.place {
                    Some(place) => Some(Attach::To(place)),
                    None => kind.attach(target.as_deref()),
                },
                autoattach: !choice.manual,
                cookie: choice.cookie,
                // Its stand-in is what a kernel without its target gets.
                optional: choice.optional || replaced.contains(&index),
                instead_of: choice.instead_of,
                target,
                pin: choice.pin,
            }
        });
        Self {
            object: choices.object.clone(),
            license: object.license().to_owned(),
            btf: object.btf.as_ref().map(Btf::to_bytes).unwrap_or_default(),
            btf_for_old_kernels: object.btf.as_ref().and_then(Btf::for_old_kernels).unwrap_or_default(),
            maps: maps.collect(),
            programs: programs.collect(),
            symbols: object.symbols.clone(),
        }
    }
}

/// A map with the values that were chosen for its variables.
fn with_values<'a>(map: &Map, choices: impl Iterator<Item = &'a VariableChoice>) -> Map {
    let mut map = map.clone();
    let size = map.value_size as usize;
    if let Some(data) = &mut map.data {
        for VariableChoice { offset, bytes, .. } in choices {
            let contents = data.contents.get_or_insert_with(|| vec![0; size]);
            let variable = contents.get_mut(*offset as usize..).unwrap_or_default();
            variable.iter_mut().zip(bytes).for_each(|(byte, new)| *byte = *new);
        }
        // Zeros are what memory is to begin with.
        data.contents = data.contents.take().filter(|contents| contents.iter().any(|&byte| byte != 0));
    }
    map
}

impl ProgramPlan {
    /// Whether it is loaded against a function of another program, and not against a type of the kernel.
    pub fn is_extension(&self) -> bool {
        self.program_type == EXT
    }
}

impl Plan {
    /// Whether a map holds values of the kernel's configuration.
    pub fn has_config(&self) -> bool {
        self.maps.iter().any(|plan| plan.map.data.as_ref().is_some_and(|data| !data.config.is_empty()))
    }

    /// Tells one plan from another: the same for the same plan, whatever machine and compiler it was made with, as long as
    /// `derive(Hash)` goes through fields and lengths as it does; a test holds it to that. Where it ever did not, the same
    /// plan would pass for another one, never another one for the same.
    ///
    /// It is no protection against anyone who wants two plans to look the same.
    pub fn digest(&self) -> u128 {
        let mut digest = Fnv(FNV_OFFSET);
        self.hash(&mut digest);
        digest.0
    }
}

/// What FNV-1a of 128 bits begins with.
const FNV_OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;

const FNV_PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

/// FNV-1a of 128 bits.
struct Fnv(u128);

impl Hasher for Fnv {
    #[expect(clippy::cast_lossless, reason = "anything else would be a call for each byte")]
    fn write(&mut self, bytes: &[u8]) {
        let (mut state, mut at) = (self.0, 0);
        // By index: in a dev build an iterator would be calls as well.
        while at < bytes.len() {
            state = (state ^ bytes[at] as u128).wrapping_mul(FNV_PRIME);
            at += 1;
        }
        self.0 = state;
    }

    // Numbers are hashed as this machine has them in memory, unless it is said otherwise.

    fn write_u16(&mut self, number: u16) {
        self.write(&number.to_le_bytes());
    }

    fn write_u32(&mut self, number: u32) {
        self.write(&number.to_le_bytes());
    }

    fn write_u64(&mut self, number: u64) {
        self.write(&number.to_le_bytes());
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        self.write_u64(number as u64);
    }

    /// The lower half; [`Plan::digest`] takes the whole.
    fn finish(&self) -> u64 {
        self.0 as u64
    }
}

fn record_bytes<const WORDS: usize>(records: &[[u32; WORDS]]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(records.len() * WORDS * 4);
    for word in records.iter().flatten() {
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    bytes
}

/// The characters that the kernel allows, as many as it keeps.
fn kernel_name(name: &str) -> String {
    let allowed = |c: char| {
        if c.is_ascii_alphanumeric() || c == '_' || c == '.' { c } else { '_' }
    };
    name.chars().map(allowed).take(KERNEL_NAME).collect()
}

/// libbpf's rule for data sections, which tools that show maps know: the object's name in front, as much of
/// it as fits; sections with a second dot stand for themselves.
fn data_map_name(object: &str, section: &str) -> String {
    if section.get(1..).is_some_and(|rest| rest.contains('.')) {
        return kernel_name(section);
    }
    let suffix = section.len().clamp(7, KERNEL_NAME);
    let prefix: String = object.chars().take(KERNEL_NAME - suffix).collect();
    kernel_name(&format!("{prefix}{section}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_maps_are_called_as_libbpf_calls_them() {
        assert_eq!(data_map_name("my_object_name", ".rodata"), "my_objec.rodata");
        assert_eq!(data_map_name("my_object_name", ".bss"), "my_objec.bss");
        assert_eq!(data_map_name("iterators", ".rodata"), "iterator.rodata");
        assert_eq!(data_map_name("x", ".rodata.foo"), ".rodata.foo");
        assert_eq!(data_map_name("x", ".rodata.str1.1.and.more"), ".rodata.str1.1.");
    }

    #[test]
    fn digests_stay_what_they_are() {
        #[derive(Hash)]
        struct Sample {
            text: String,
            bytes: Vec<u8>,
            number: Option<u32>,
            list: Vec<(u16, bool)>,
        }
        let sample =
            Sample { text: "text".into(), bytes: vec![1, 2, 3], number: Some(4), list: vec![(5, true)] };
        let (mut digest, mut expected, mut reference) = (Fnv(FNV_OFFSET), Fnv(FNV_OFFSET), Fnv(FNV_OFFSET));
        sample.hash(&mut digest);
        // Strings with 0xff behind, lists with their length in front, variants by number; lengths and variants in eight bytes.
        expected.write(b"text\xff\x03\0\0\0\0\0\0\0\x01\x02\x03\x01\0\0\0\0\0\0\0\x04\0\0\0");
        expected.write(b"\x01\0\0\0\0\0\0\0\x05\0\x01");
        assert_eq!(digest.0, expected.0);
        reference.write(b"foobar");
        assert_eq!(reference.0, 0x343e_1662_793c_64bf_6f0d_3597_ba44_6f18);
    }

    #[test]
    fn names_keep_to_what_the_kernel_allows() {
        assert_eq!(kernel_name("a-name$of.more_than_fifteen"), "a_name_of.more_");
    }
}

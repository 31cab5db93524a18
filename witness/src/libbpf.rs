//! libbpf as plain data: one object opened, prepared or loaded, and what it says of itself.
//!
//! All calls of libbpf are in this file. It is used by one thread at a time: what libbpf prints goes into one place.
#![allow(unsafe_code, reason = "libbpf is written in C")]

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr;
use std::sync::Mutex;

use libbpf_sys as sys;

/// What libbpf printed since the last call of [`said`], and whether it is a warning.
static SAID: Mutex<Vec<(bool, String)>> = Mutex::new(Vec::new());

unsafe extern "C" {
    fn vsnprintf(
        buffer: *mut c_char,
        size: usize,
        format: *const c_char,
        arguments: *mut sys::__va_list_tag,
    ) -> c_int;
}

unsafe extern "C" fn print(
    level: sys::libbpf_print_level,
    format: *const c_char,
    arguments: *mut sys::__va_list_tag,
) -> c_int {
    let mut text = vec![0_u8; 1 << 16];
    // SAFETY: libbpf's own format and arguments, and a buffer of the size stated.
    let length = unsafe { vsnprintf(text.as_mut_ptr().cast(), text.len(), format, arguments) };
    text.truncate(usize::try_from(length).unwrap_or_default().min((1 << 16) - 1));
    if let Ok(mut said) = SAID.lock() {
        let text = String::from_utf8_lossy(&text);
        said.push((level == sys::LIBBPF_WARN, text.trim_start_matches("libbpf: ").trim_end().to_owned()));
    }
    0
}

/// Makes libbpf's words come here.
pub(crate) fn listen() {
    // SAFETY: the function has the signature that libbpf calls.
    unsafe { sys::libbpf_set_print(Some(print)) };
}

/// What libbpf said since this was called last: its warnings, and the rest.
fn said() -> (Vec<String>, Vec<String>) {
    let said = SAID.lock().map(|mut said| std::mem::take(&mut *said)).unwrap_or_default();
    let (warnings, rest): (Vec<_>, Vec<_>) = said.into_iter().partition(|(is_warning, _)| *is_warning);
    let texts = |said: Vec<(bool, String)>| said.into_iter().map(|(_, text)| text).collect();
    (texts(warnings), texts(rest))
}

/// Why libbpf failed, in its own words: the first of its warnings.
fn complaint() -> String {
    said().0.into_iter().next().unwrap_or_else(|| "without a word".to_owned())
}

/// The program and attach type of a section name; none where libbpf does not know it.
pub(crate) fn section(name: &str) -> Option<(u32, u32)> {
    let name = CString::new(name).ok()?;
    let (mut program_type, mut attach_type) = (0, 0);
    // SAFETY: a string that ends, and two places to write to.
    let error = unsafe { sys::libbpf_prog_type_by_name(name.as_ptr(), &mut program_type, &mut attach_type) };
    (error == 0).then_some((program_type, attach_type))
}

/// All section names that libbpf knows, in the order in which it matches them; those that take a target end in `+`.
pub(crate) fn section_names() -> Vec<String> {
    said();
    // It lists them when it is asked for one that it does not know.
    section("no section");
    let (_, rest) = said();
    let list = rest.iter().find_map(|text| text.strip_prefix("supported section(type) names are:"));
    list.unwrap_or_default().split_whitespace().map(str::to_owned).collect()
}

/// An opened object; closed on drop.
pub(crate) struct Object(*mut sys::bpf_object);

/// A map, as libbpf means to create it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Map {
    pub(crate) name: String,
    pub(crate) map_type: u32,
    pub(crate) key_size: u32,
    pub(crate) value_size: u32,
    pub(crate) max_entries: u32,
    pub(crate) flags: u32,
    pub(crate) numa_node: u32,
    pub(crate) map_extra: u64,
    /// The bytes of a data section; none for other maps.
    pub(crate) contents: Option<Vec<u8>>,
    /// -1 while it is not made.
    pub(crate) fd: i32,
    /// Whether it is made at all.
    pub(crate) autocreate: bool,
}

/// A program, as libbpf means to load it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Program {
    pub(crate) name: String,
    pub(crate) section: String,
    pub(crate) program_type: u32,
    pub(crate) attach_type: u32,
    pub(crate) flags: u32,
    pub(crate) autoload: bool,
    /// Linked after [`Object::prepare`].
    pub(crate) insns: Vec<[u8; 8]>,
    /// -1 while it is not loaded.
    pub(crate) fd: i32,
}

impl Object {
    /// Opens an object of this name.
    pub(crate) fn open(name: &str, bytes: &[u8]) -> Result<Self, String> {
        said();
        let name = CString::new(name).map_err(|error| error.to_string())?;
        let options = sys::bpf_object_open_opts {
            sz: size_of::<sys::bpf_object_open_opts>() as sys::size_t,
            object_name: name.as_ptr(),
            ..Default::default()
        };
        // SAFETY: memory of the length stated, and options that live through the call.
        let object = unsafe { sys::bpf_object__open_mem(bytes.as_ptr().cast(), bytes.len() as _, &options) };
        if object.is_null() { Err(complaint()) } else { Ok(Self(object)) }
    }

    /// Does all but loading the programs: types and maps are in the kernel, programs are linked.
    pub(crate) fn prepare(&mut self) -> Result<(), String> {
        // SAFETY: an open object.
        let error = unsafe { sys::bpf_object__prepare(self.0) };
        if error == 0 { Ok(()) } else { Err(format!("{error}: {}", complaint())) }
    }

    /// Loads the programs too.
    pub(crate) fn load(&mut self) -> Result<(), String> {
        // SAFETY: an open object.
        let error = unsafe { sys::bpf_object__load(self.0) };
        if error == 0 { Ok(()) } else { Err(format!("{error}: {}", complaint())) }
    }

    /// The descriptor of its types; none while they are not loaded, or where there are none.
    pub(crate) fn btf_fd(&self) -> Option<i32> {
        // SAFETY: an open object.
        let fd = unsafe { sys::bpf_object__btf_fd(self.0) };
        (fd >= 0).then_some(fd)
    }

    /// Its maps, in the order of their creation.
    pub(crate) fn maps(&self) -> Vec<Map> {
        let mut maps = Vec::new();
        // SAFETY: an open object; a null pointer stands for the first.
        let mut next = unsafe { sys::bpf_object__next_map(self.0, ptr::null()) };
        while !next.is_null() {
            // SAFETY: a map of an open object.
            maps.push(unsafe { map(next) });
            // SAFETY: as above.
            next = unsafe { sys::bpf_object__next_map(self.0, next) };
        }
        maps
    }

    /// Its programs, in the order of the file.
    pub(crate) fn programs(&self) -> Vec<Program> {
        let mut programs = Vec::new();
        // SAFETY: an open object; a null pointer stands for the first.
        let mut next = unsafe { sys::bpf_object__next_program(self.0, ptr::null_mut()) };
        while !next.is_null() {
            // SAFETY: a program of an open object.
            programs.push(unsafe { program(next) });
            // SAFETY: as above.
            next = unsafe { sys::bpf_object__next_program(self.0, next) };
        }
        programs
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        // SAFETY: it was opened, and nobody uses it any more.
        unsafe { sys::bpf_object__close(self.0) };
    }
}

/// # Safety
///
/// A map of an object that is open.
#[allow(clippy::multiple_unsafe_ops_per_block, reason = "each asks the same map for one field")]
unsafe fn map(map: *mut sys::bpf_map) -> Map {
    let mut size: sys::size_t = 0;
    // SAFETY: a map, and a place to write to.
    let value = unsafe { sys::bpf_map__initial_value(map, &mut size) };
    // SAFETY: libbpf says that so many bytes are there; a struct_ops map has none that it gives out.
    let contents = (!value.is_null() && unsafe { sys::bpf_map__is_internal(map) })
        .then(|| unsafe { bytes(value, size as usize) });
    // SAFETY: a map.
    unsafe {
        Map {
            name: text(sys::bpf_map__name(map)),
            map_type: sys::bpf_map__type(map),
            key_size: sys::bpf_map__key_size(map),
            value_size: sys::bpf_map__value_size(map),
            max_entries: sys::bpf_map__max_entries(map),
            flags: sys::bpf_map__map_flags(map),
            numa_node: sys::bpf_map__numa_node(map),
            map_extra: sys::bpf_map__map_extra(map),
            contents,
            fd: sys::bpf_map__fd(map),
            autocreate: sys::bpf_map__autocreate(map),
        }
    }
}

/// # Safety
///
/// A program of an object that is open.
#[allow(clippy::multiple_unsafe_ops_per_block, reason = "each asks the same program for one field")]
unsafe fn program(program: *mut sys::bpf_program) -> Program {
    // SAFETY: a program; its instructions are as many as it says.
    unsafe {
        let insns = bytes(
            sys::bpf_program__insns(program).cast(),
            usize::try_from(sys::bpf_program__insn_cnt(program)).unwrap_or_default() * 8,
        );
        Program {
            name: text(sys::bpf_program__name(program)),
            section: text(sys::bpf_program__section_name(program)),
            program_type: sys::bpf_program__type(program),
            attach_type: sys::bpf_program__expected_attach_type(program),
            flags: sys::bpf_program__flags(program),
            autoload: sys::bpf_program__autoload(program),
            insns: insns.chunks_exact(8).filter_map(|insn| insn.try_into().ok()).collect(),
            fd: sys::bpf_program__fd(program),
        }
    }
}

/// # Safety
///
/// A string of libbpf's, or a null pointer.
unsafe fn text(text: *const c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: strings of libbpf end.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}

/// # Safety
///
/// So many bytes are there, or the pointer is null.
unsafe fn bytes(bytes: *const c_void, length: usize) -> Vec<u8> {
    if bytes.is_null() {
        return Vec::new();
    }
    // SAFETY: the caller knows.
    unsafe { std::slice::from_raw_parts(bytes.cast(), length) }.to_vec()
}

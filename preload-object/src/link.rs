//! Linking: each program becomes one instruction stream with everything it calls behind it.
//!
//! A function of `.text` is appended once, when the first call of it is met. Calls and function addresses
//! become relative to the new place, maps become indices into `fd_array`, and the records of `.BTF.ext` move
//! along.

use std::collections::HashMap;

use crate::btf_ext::{BtfExt, CoreRelo, FuncInfo, LineInfo};
use crate::elf::{Content, Elf, Relocation, Symbol};
use crate::error::{Error, ErrorKind};
use crate::exception::Callbacks;
use crate::externs::{Extern, Externs, SymbolKind};
use crate::insn::{self, Insn, pseudo};
use crate::map::{self, Place};

/// The kernel's `BPF_COMPLEXITY_LIMIT_INSNS` (5.2).
const MAX_INSNS: usize = 1_000_000;

/// The code of one program in its final form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Code {
    pub(crate) insns: Vec<Insn>,
    /// Offsets in instructions.
    pub(crate) functions: Vec<FuncInfo>,
    /// Offsets in instructions.
    pub(crate) lines: Vec<LineInfo>,
    /// Offsets in bytes, which is what the kernel wants of these.
    pub(crate) core_relos: Vec<CoreRelo>,
    /// Where symbols of the kernel are referred to.
    pub(crate) symbols: Vec<SymbolReference>,
}

/// An instruction that refers to a symbol of the kernel: its place, and the index of the symbol.
pub(crate) type SymbolReference = [u32; 2];

/// A function of a code section.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Function<'data> {
    pub(crate) name: &'data str,
    pub(crate) section: usize,
    /// In instructions from the start of the section.
    pub(crate) start: usize,
    pub(crate) len: usize,
    pub(crate) is_local: bool,
}

/// A code section, decoded once.
pub(crate) struct CodeSection<'data> {
    number: usize,
    name: &'data str,
    insns: Vec<Insn>,
    pub(crate) functions: Vec<Function<'data>>,
    /// That of each instruction. All of them are looked at, which a table would take long for.
    relocations: Vec<Option<Relocation>>,
}

impl<'data> CodeSection<'data> {
    pub(crate) fn read(elf: &Elf<'data>, number: usize) -> Result<Self, Error> {
        let section = &elf.sections[number];
        let bad = |what: &str| Error::new(ErrorKind::BadCode(what.to_owned())).in_section(section.name);
        if section.data.len() % insn::SIZE != 0 {
            return Err(bad("its size is not a whole number of instructions"));
        }
        let insns = insn::decode_all(section.data);

        let mut functions = Vec::new();
        for symbol in elf.symbols_of(number).filter(|symbol| symbol.is_function) {
            let (start, len) = (symbol.value / insn::SIZE as u64, symbol.size / insn::SIZE as u64);
            let whole = symbol.value % insn::SIZE as u64 == 0 && symbol.size % insn::SIZE as u64 == 0;
            let inside = start.checked_add(len).is_some_and(|end| end <= insns.len() as u64);
            if !whole || !inside || len == 0 {
                return Err(bad(&format!(
                    "function `{}` does not lie inside on whole instructions",
                    symbol.name
                )));
            }
            functions.push(Function {
                name: symbol.name,
                section: number,
                start: start as usize,
                len: len as usize,
                is_local: symbol.is_local,
            });
        }
        // Functions at one place are one function with several names (`__attribute__((alias))`). A local name
        // beside a global one is that of no program.
        functions.sort_by_key(|function| (function.start, function.len, function.is_local));
        functions.dedup_by(|next, kept| (next.start, next.len) == (kept.start, kept.len) && next.is_local);
        for pair in functions.windows(2) {
            let same = (pair[0].start, pair[0].len) == (pair[1].start, pair[1].len);
            if !same && pair[0].start + pair[0].len > pair[1].start {
                return Err(bad(&format!("functions `{}` and `{}` overlap", pair[0].name, pair[1].name)));
            }
        }

        let mut relocations = vec![None; insns.len()];
        for relocation in &section.relocations {
            let insn = relocation.offset / insn::SIZE as u64;
            if relocation.offset % insn::SIZE as u64 != 0 || insn >= insns.len() as u64 {
                return Err(bad("a relocation does not lie on an instruction").at(relocation.offset));
            }
            if relocations[insn as usize].replace(*relocation).is_some() {
                return Err(bad("two relocations on one instruction").at(relocation.offset));
            }
        }
        Ok(Self { number, name: section.name, insns, functions, relocations })
    }

    fn function_at(&self, insn: usize) -> Option<Function<'data>> {
        let found = self.functions.binary_search_by_key(&insn, |function| function.start).ok()?;
        self.functions.get(found).copied()
    }
}

/// What every program is linked against.
pub(crate) struct Linker<'a, 'data> {
    pub(crate) elf: &'a Elf<'data>,
    pub(crate) ext: &'a BtfExt,
    /// The index of the map at each place.
    pub(crate) maps: &'a HashMap<Place, usize>,
    pub(crate) text: Option<&'a CodeSection<'data>>,
    pub(crate) callbacks: &'a Callbacks,
    pub(crate) externs: &'a Externs,
    /// The index of the map of configuration values.
    pub(crate) config_map: Option<usize>,
}

/// What an instruction refers to, beyond what is put into it at once.
enum Target<'data> {
    Nothing,
    Function(Function<'data>),
    /// The index of a symbol of the kernel.
    Symbol(u32),
}

/// A function that has got its place in the program.
#[derive(Clone, Copy)]
struct Part<'a, 'data> {
    function: Function<'data>,
    section: &'a CodeSection<'data>,
    /// In instructions from the start of the program.
    place: usize,
}

impl<'data> Linker<'_, 'data> {
    /// Links one program; the first thing wrong with it ends the work on it.
    pub(crate) fn link(&self, main: Function<'data>, section: &CodeSection<'data>) -> Result<Code, Error> {
        let mut code = Code::default();
        let mut parts: Vec<Part<'_, 'data>> = Vec::new();
        let mut places: HashMap<(usize, usize), usize> = HashMap::new();

        place(main, section, &mut code, &mut parts, &mut places);
        // Parts to go over, and where to go on in each. What a function calls comes right behind it, as
        // libbpf has it, so that the streams are the same.
        let mut work = vec![(0, 0)];
        let mut callback = self.exception_callback(&main)?;
        // Nothing calls an exception callback: it comes last, unless something takes its address.
        while let Some((number, from)) = work.pop().or_else(|| {
            let (callback, text) = callback.take()?;
            let known = places.contains_key(&(callback.section, callback.start));
            (!known).then(|| place(callback, text, &mut code, &mut parts, &mut places))?;
            Some((parts.len() - 1, 0))
        }) {
            let Part { function, section, place: start } = parts[number];
            let mut at = from;
            while at < function.len {
                let insn = code.insns[start + at];
                let wide = insn.is_ld_imm64();
                if wide && at + 1 >= function.len {
                    return Err(self.bad_code(section, function.start + at, "a 64-bit load is cut off"));
                }
                let next = at + if wide { 2 } else { 1 };
                let target = self.resolve(section, &function, at, &mut code.insns[start + at..])?;
                if let Target::Symbol(symbol) = target {
                    code.symbols.push([(start + at) as u32, symbol]);
                }
                if let Target::Function(callee) = target {
                    let text = self.text.ok_or_else(|| {
                        self.bad_code(section, function.start + at, "a call, but there is no `.text`")
                    })?;
                    let known = places.get(&(callee.section, callee.start)).copied();
                    let target =
                        known.unwrap_or_else(|| place(callee, text, &mut code, &mut parts, &mut places));
                    let distance = target as i64 - (start + at) as i64 - 1;
                    code.insns[start + at].imm = i32::try_from(distance).map_err(|_| {
                        self.bad_code(section, function.start + at, "the program is too long for its calls")
                    })?;
                    if known.is_none() {
                        work.extend([(number, next), (parts.len() - 1, 0)]);
                        break;
                    }
                }
                at = next;
            }
        }
        if code.insns.len() > MAX_INSNS {
            let what = format!(
                "program `{}` has {} instructions with what it calls, the kernel takes {MAX_INSNS}",
                main.name,
                code.insns.len()
            );
            return Err(Error::new(ErrorKind::BadCode(what)).in_section(section.name));
        }
        for part in &parts {
            self.move_info(part, &mut code);
        }
        self.check_info(&parts, &code, main)?;
        Ok(code)
    }

    /// The function that the tag on a program names, and where it lies.
    fn exception_callback(
        &self,
        main: &Function<'data>,
    ) -> Result<Option<(Function<'data>, &CodeSection<'data>)>, Error> {
        let Some(name) = self.callbacks.of(main.name) else {
            return Ok(None);
        };
        let refuse = |what: &str| {
            let what = format!("the exception callback `{name}` of program `{}` {what}", main.name);
            Error::new(ErrorKind::BadCode(what)).in_section(self.elf.sections[main.section].name)
        };
        let functions =
            self.text.into_iter().flat_map(|text| text.functions.iter().map(move |it| (*it, text)));
        let (callback, text) = functions
            .filter(|(function, _)| function.name == name)
            .max_by_key(|(function, _)| !function.is_local)
            .ok_or_else(|| refuse("is no function in `.text`"))?;
        let is_hidden = |symbol: &Symbol<'_>| symbol.is_function && symbol.name == name && symbol.is_hidden;
        if callback.is_local || self.elf.symbols_of(text.number).any(is_hidden) {
            return Err(refuse("is static or hidden; the kernel wants a global function"));
        }
        Ok(Some((callback, text)))
    }

    /// Resolves one instruction (the first of `insns`) in place; a function it refers to is returned for
    /// placing.
    fn resolve(
        &self,
        section: &CodeSection<'data>,
        function: &Function<'data>,
        at: usize,
        insns: &mut [Insn],
    ) -> Result<Target<'data>, Error> {
        let place = function.start + at;
        let Some(relocation) = &section.relocations[place] else {
            let callee = self.resolve_plain(section, function, at, insns[0])?;
            return Ok(callee.map_or(Target::Nothing, Target::Function));
        };
        let symbol = &self.elf.symbols[relocation.symbol];
        let refuse = |reason: &'static str| {
            let name = match (symbol.name, symbol.section) {
                ("", Some(number)) => self.elf.sections[number].name,
                (name, _) => name,
            };
            Error::new(ErrorKind::UnsupportedRelocation {
                kind: relocation.kind,
                symbol: name.to_owned(),
                reason,
            })
            .in_section(section.name)
            .at(relocation.offset)
        };
        if let Some(meaning) = self.externs.get(relocation.symbol) {
            return self.resolve_extern(meaning, insns).map_err(refuse);
        }
        let Some(target) = symbol.section else {
            // Undefined symbols were refused by name before any linking; what is left is absolute or common.
            return Err(refuse("the symbol belongs to no section"));
        };

        if insns[0].is_local_call() {
            if self.text.is_none_or(|text| text.number != target) {
                return Err(refuse(
                    "only functions in `.text` can be called; leave out the SEC of the callee",
                ));
            }
            // A call of a section symbol carries the distance to the callee in the instruction.
            let distance = if symbol.is_section { i64::from(insns[0].imm) + 1 } else { 0 };
            return address(symbol, distance * insn::SIZE as i64)
                .and_then(|address| self.text_function(address))
                .map(Target::Function)
                .ok_or_else(|| refuse("no function starts there"));
        }
        if insns[0].is_call() {
            return Err(refuse("a call of something that is not a function of the object"));
        }
        if !insns[0].is_ld_imm64() {
            return Err(refuse("only calls and 64-bit loads can refer to a symbol"));
        }

        let addend = i64::from(insns[0].imm);
        if self.elf.sections[target].content == Content::Code {
            if self.text.is_none_or(|text| text.number != target) {
                return Err(refuse("the address of a program; only functions in `.text` have one"));
            }
            let callee = address(symbol, addend)
                .and_then(|address| self.text_function(address))
                .ok_or_else(|| refuse("no function starts there"))?;
            insns[0].src = pseudo::FUNC;
            return Ok(Target::Function(callee));
        }

        let offset = address(symbol, addend).ok_or_else(|| refuse("the address lies outside the section"))?;
        let find = |offset| self.maps.get(&Place { section: target, offset }).copied();
        let (defined, data) = (find(Some(offset)), find(None));
        let Some(index) = defined.or(data) else {
            return Err(refuse("the section is not data that a program can refer to"));
        };
        insns[0].imm = i32::try_from(index).map_err(|_| refuse("too many maps"))?;
        if defined.is_some() {
            insns[0].src = pseudo::MAP_IDX;
            insns[1].imm = 0;
        } else {
            let size = self.elf.sections[target].size;
            // One past the end is an address that C allows to take.
            if offset > size {
                return Err(refuse("the address lies outside the section"));
            }
            insns[0].src = pseudo::MAP_IDX_VALUE;
            insns[1].imm =
                i32::try_from(offset).map_err(|_| refuse("the address lies outside the section"))?;
        }
        Ok(Target::Nothing)
    }

    /// An instruction that refers to what is left to the loader. In the form it is given here, it is that of a
    /// symbol which the kernel does not have: a call that the verifier refuses if it is ever reached, the address 0.
    fn resolve_extern(&self, meaning: Extern, insns: &mut [Insn]) -> Result<Target<'data>, &'static str> {
        let (is_call, is_load) = (insns[0].is_local_call(), insns[0].is_ld_imm64());
        match meaning {
            Extern::Config(_) if !is_load => Err("a value of the kernel's configuration is no function"),
            Extern::Config(place) => {
                let map = self.config_map.and_then(|map| i32::try_from(map).ok()).ok_or("too many maps")?;
                let offset = i32::try_from(place).ok().and_then(|place| place.checked_add(insns[0].imm));
                insns[0].src = pseudo::MAP_IDX_VALUE;
                insns[0].imm = map;
                insns[1].imm = offset.ok_or("the address lies outside the variable")?;
                Ok(Target::Nothing)
            }
            Extern::Kernel(symbol) => {
                let known = self.externs.symbols.get(symbol as usize);
                let is_function = known.is_some_and(|known| matches!(known.kind, SymbolKind::Function(_)));
                if is_call && is_function {
                    insns[0].src = 0;
                    insns[0].imm = insn::MISSING_FUNCTION + symbol as i32;
                } else if is_load && insns[0].imm == 0 {
                    insns[1].imm = 0;
                } else if is_load {
                    return Err("an address inside a kernel symbol; take that of the symbol");
                } else {
                    return Err("only functions can be called, and only 64-bit loads can take an address");
                }
                Ok(Target::Symbol(symbol))
            }
        }
    }

    /// An instruction without relocation: only a call inside its own section refers to something.
    fn resolve_plain(
        &self,
        section: &CodeSection<'data>,
        function: &Function<'data>,
        at: usize,
        insn: Insn,
    ) -> Result<Option<Function<'data>>, Error> {
        let place = function.start + at;
        if insn.is_ld_imm64() && insn.src == pseudo::FUNC {
            return Err(self.bad_code(section, place, "the address of a function without relocation"));
        }
        if !insn.is_local_call() {
            return Ok(None);
        }
        let callee = place as i64 + 1 + i64::from(insn.imm);
        if callee == function.start as i64 {
            return Ok(Some(*function));
        }
        if self.text.is_none_or(|text| text.number != section.number) {
            return Err(self.bad_code(
                section,
                place,
                "a call into a program; leave out the SEC of the callee",
            ));
        }
        u64::try_from(callee)
            .ok()
            .and_then(|callee| self.text_function(callee * insn::SIZE as u64))
            .map(Some)
            .ok_or_else(|| self.bad_code(section, place, "a call to where no function starts"))
    }

    /// The function that starts so many bytes into `.text`.
    fn text_function(&self, address: u64) -> Option<Function<'data>> {
        let whole = address % insn::SIZE as u64 == 0;
        let start = usize::try_from(address / insn::SIZE as u64).ok().filter(|_| whole)?;
        self.text?.function_at(start)
    }

    fn bad_code(&self, section: &CodeSection<'data>, insn: usize, what: &str) -> Error {
        Error::new(ErrorKind::BadCode(what.to_owned()))
            .in_section(section.name)
            .at((insn * insn::SIZE) as u64)
    }

    /// Copies the records of a part, moved to where it went.
    fn move_info(&self, part: &Part<'_, 'data>, code: &mut Code) {
        let Some(info) = self.ext.section(part.section.name) else {
            return;
        };
        let Function { start, len, .. } = part.function;
        let bytes = (start * insn::SIZE) as u32..((start + len) * insn::SIZE) as u32;
        let in_insns = |offset: u32| (offset - bytes.start) / insn::SIZE as u32 + part.place as u32;
        let in_bytes = |offset: u32| offset - bytes.start + (part.place * insn::SIZE) as u32;

        for &[offset, type_id] in inside(&info.functions, &bytes) {
            code.functions.push([in_insns(offset), type_id]);
        }
        for &[offset, file, line, column] in inside(&info.lines, &bytes) {
            code.lines.push([in_insns(offset), file, line, column]);
        }
        for &[offset, type_id, access, kind] in inside(&info.core_relos, &bytes) {
            code.core_relos.push([in_bytes(offset), type_id, access, kind]);
        }
    }

    fn check_info(&self, parts: &[Part<'_, 'data>], code: &Code, main: Function<'data>) -> Result<(), Error> {
        let section = self.elf.sections[main.section].name;
        if !code.core_relos.is_empty() && code.functions.is_empty() && code.lines.is_empty() {
            return Err(Error::new(ErrorKind::CoReWithoutInfo(main.name.to_owned())).in_section(section));
        }
        // Records come in the order of the parts, which is that of their places.
        let described = |part: &&Part<'_, 'data>| {
            code.functions.binary_search_by_key(&part.place, |record| record[0] as usize).is_ok()
        };
        let missing = parts.iter().find(|part| !described(part));
        if let (Some(missing), false) = (missing, code.functions.is_empty()) {
            let kind = ErrorKind::PartialFunctionInfo {
                program: main.name.to_owned(),
                function: missing.function.name.to_owned(),
            };
            return Err(Error::new(kind).in_section(section));
        }
        Ok(())
    }
}

/// What a relocation refers to, in bytes from the start of the symbol's section; none before it and far
/// behind it.
fn address(symbol: &Symbol<'_>, addend: i64) -> Option<u64> {
    symbol.value.checked_add_signed(addend)
}

/// Appends a function to the program; its place.
fn place<'a, 'data>(
    function: Function<'data>,
    section: &'a CodeSection<'data>,
    code: &mut Code,
    parts: &mut Vec<Part<'a, 'data>>,
    places: &mut HashMap<(usize, usize), usize>,
) -> usize {
    let place = code.insns.len();
    code.insns.extend_from_slice(&section.insns[function.start..function.start + function.len]);
    places.insert((function.section, function.start), place);
    parts.push(Part { function, section, place });
    place
}

/// The records whose offset lies in the range; they are sorted by it.
fn inside<'r, const WORDS: usize>(
    records: &'r [[u32; WORDS]],
    bytes: &std::ops::Range<u32>,
) -> &'r [[u32; WORDS]] {
    let start = records.partition_point(|record| record[0] < bytes.start);
    let end = records.partition_point(|record| record[0] < bytes.end);
    &records[start..end]
}

/// Data of the program that holds an address: the kernel has nothing to put there.
pub(crate) fn refuse_addresses_in_data(elf: &Elf<'_>, errors: &mut Vec<Error>) {
    for section in elf
        .sections
        .iter()
        .filter(|section| map::is_data_section(section) || section.name == map::ARENA_SECTION)
    {
        for relocation in &section.relocations {
            let symbol = &elf.symbols[relocation.symbol];
            let name = match (symbol.name, symbol.section) {
                ("", Some(number)) => elf.sections[number].name,
                (name, _) => name,
            };
            errors.push(
                Error::new(ErrorKind::UnsupportedRelocation {
                    kind: relocation.kind,
                    symbol: name.to_owned(),
                    reason: "data cannot hold addresses, they are not known before the kernel has loaded it",
                })
                .in_section(section.name)
                .at(relocation.offset),
            );
        }
    }
}

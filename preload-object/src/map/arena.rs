//! Variables of an arena: the section `.addr_space.1`, whose bytes are the first of the arena.

use super::{Maps, Place, kernel};
use crate::elf::Elf;
use crate::error::{Error, ErrorKind};

/// The section of variables that are `__attribute__((address_space(1)))`.
pub(crate) const SECTION: &str = ".addr_space.1";

impl Maps {
    /// Puts the variables into the only arena that there is.
    ///
    /// They lie at its start, where libbpf has them too, but for kernels that can address its end.
    pub(super) fn fill_arena(&mut self, elf: &Elf<'_>, errors: &mut Vec<Error>) {
        let Some((number, section)) = elf.section(SECTION).filter(|(_, section)| section.size > 0) else {
            return;
        };
        let mut arenas = self.maps.iter_mut().enumerate().filter(|(_, map)| map.map_type == kernel::ARENA);
        let what = match (arenas.next(), arenas.next()) {
            (Some((_, map)), None) if map.flags & kernel::F_SEGV_ON_FAULT != 0 => {
                "variables cannot be put into an arena with BPF_F_SEGV_ON_FAULT: nobody but a program can make its pages"
            }
            (Some((index, map)), None) => {
                map.arena = section.data.to_vec();
                self.places.push((Place { section: number, offset: None }, index));
                return;
            }
            (None, _) => {
                "there are variables of an arena, but no arena; define a map of type BPF_MAP_TYPE_ARENA in `.maps`"
            }
            (Some(_), Some(_)) => {
                "there are variables of an arena, but more than one arena that they could be in"
            }
        };
        errors.push(Error::new(ErrorKind::UnsupportedSection(what)).in_section(SECTION));
    }
}

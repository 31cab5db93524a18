//! The type information of modules, as the kernel has loaded it.

use super::search::{Base, Types};
use super::{KERNEL, Wanted};
use crate::plan::BtfTarget;
use crate::sys::btf;

/// Finds in modules what is still missing. A module that goes away meanwhile, or whose type information cannot be read, has
/// nothing that is wanted.
pub(super) fn find(base: &Base<'_>, wanted: &mut [Wanted]) {
    let mut last = 0;
    while let Ok(id) = btf::next_id(last) {
        last = id;
        let Ok(fd) = btf::by_id(id) else { continue };
        let Ok(info) = btf::info(&fd) else { continue };
        let here = |target: &BtfTarget| {
            target.module.is_none_or(|module| module != KERNEL && module.as_bytes() == info.name())
        };
        let is_module = info.is_of_kernel() && info.name() != KERNEL.as_bytes();
        if !is_module || !wanted.iter().any(|wanted| wanted.missing().is_some_and(here)) {
            continue;
        }
        let Ok(bytes) = btf::bytes(&fd, &info) else { continue };
        let Some(types) = Types::of(bytes.bytes(), Some(base)) else { continue };
        let is_whole = types.find(wanted, &here).is_some();
        for wanted in wanted.iter_mut().filter(|wanted| wanted.id > base.types && wanted.module.is_none()) {
            // Without a descriptor it could not be used.
            match fd.duplicate() {
                Ok(module) if is_whole => wanted.module = Some(module),
                _ => wanted.id = 0,
            }
        }
        if wanted.iter().all(|wanted| wanted.missing().is_none()) {
            return;
        }
    }
}

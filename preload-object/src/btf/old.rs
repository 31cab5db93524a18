//! A second form of the type information, for kernels that do not know all of the first.

use super::{Btf, SIGNED, kind, put_u32};

impl Btf {
    /// The bytes of a second form for kernels that refuse the first, when there is anything that kernels
    /// since 5.10 may refuse. Type numbers stay as they are; what becomes something else keeps its size,
    /// which is what maps and the verifier go by. The replacements are libbpf's.
    ///
    /// | kind | since | becomes |
    /// |---|---|---|
    /// | FLOAT | 5.13 | an anonymous struct without members |
    /// | DECL_TAG | 5.16 | an integer of one byte |
    /// | TYPE_TAG | 5.17 | `const` |
    /// | ENUM64 | 6.0 | a union with a member for each value |
    /// | ENUM of signed values | 6.0 | one that does not say so |
    pub(crate) fn for_old_kernels(&self) -> Option<Vec<u8>> {
        let mut old = self.clone();
        let mut placeholder = None;
        for id in self.ids() {
            let Some(ty) = self.get(id) else { continue };
            let info = ty.rest - 8;
            match ty.kind {
                kind::FLOAT => {
                    put_u32(&mut old.types, ty.rest - 12, 0);
                    put_u32(&mut old.types, info, kind::STRUCT << 24);
                }
                kind::DECL_TAG => {
                    put_u32(&mut old.types, info, kind::INT << 24);
                    put_u32(&mut old.types, info + 4, 1);
                    put_u32(&mut old.types, ty.rest, 8);
                }
                kind::TYPE_TAG => {
                    put_u32(&mut old.types, ty.rest - 12, 0);
                    put_u32(&mut old.types, info, kind::CONST << 24);
                }
                kind::ENUM64 => {
                    let member = *placeholder.get_or_insert_with(|| old.push_byte_type());
                    put_u32(&mut old.types, info, kind::UNION << 24 | ty.count);
                    for value in 0..ty.count as usize {
                        put_u32(&mut old.types, ty.rest + value * 12 + 4, member);
                        put_u32(&mut old.types, ty.rest + value * 12 + 8, 0);
                    }
                }
                kind::ENUM => put_u32(&mut old.types, info, self.word(info) & !SIGNED),
                _ => {}
            }
        }
        (old != *self).then(|| old.to_bytes())
    }

    /// Appends an integer type of one byte; its number.
    fn push_byte_type(&mut self) -> u32 {
        let name = self.push_string("enum64_placeholder");
        self.push_type([name, kind::INT << 24, 1, 8])
    }
}

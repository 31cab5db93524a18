//! Where Rust puts fields, and what it takes to have them where C does.

use super::naming::Names;
use super::{Field, Type, Types};

/// A struct that Rust lays out as C did.
pub(super) struct Layout {
    pub(super) packed: bool,
    pub(super) align: u32,
    pub(super) fields: Vec<Field>,
}

/// Adds the padding that Rust would not put there by itself: behind fields that C aligns more strictly than
/// their types ask for, and all of it in a packed struct.
///
/// `align` is what members ask for that are no fields, such as bit-fields. The fields are in the order of their
/// offsets. None where they overlap or stick out, which no struct of C does.
pub(super) fn layout(
    types: &Types,
    fields: Vec<Field>,
    size: u32,
    align: u32,
    names: &mut Names,
) -> Option<Layout> {
    let of_fields = fields.iter().map(|field| types.align(&field.ty)).max().unwrap_or(1);
    let align = if size % align.max(1) == 0 { align.max(of_fields) } else { of_fields };
    let packed = size % align != 0 || fields.iter().any(|field| field.offset % types.align(&field.ty) != 0);
    let align = if packed { 1 } else { align };

    let mut padded = Padded { fields: Vec::new(), end: 0, names };
    if align > of_fields {
        let ty = Type::Array(Box::new(Type::Int { size: align, signed: false }), 0);
        padded.fields.push(Field { name: padded.names.free("__align"), ty, offset: 0, hidden: true });
    }
    for field in fields {
        let own = if packed { 1 } else { types.align(&field.ty) };
        let end = field.offset.checked_add(types.size(&field.ty)).filter(|&end| end <= size)?;
        padded.fill(field.offset, own)?;
        padded.end = end;
        padded.fields.push(field);
    }
    padded.fill(size, align)?;
    Some(Layout { packed, align, fields: padded.fields })
}

struct Padded<'a> {
    fields: Vec<Field>,
    /// Where the next field may begin.
    end: u32,
    names: &'a mut Names,
}

impl Padded<'_> {
    /// Makes something of that alignment begin at `start`; none when that is taken.
    fn fill(&mut self, start: u32, align: u32) -> Option<()> {
        let gap = start.checked_sub(self.end)?;
        if self.end.checked_next_multiple_of(align) != Some(start) {
            let name = self.names.free("__padding");
            self.fields.push(Field { name, ty: Type::Bytes(gap), offset: self.end, hidden: true });
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(list: &[(u32, u32)]) -> Vec<Field> {
        list.iter()
            .enumerate()
            .map(|(number, &(offset, size))| Field {
                name: format!("f{number}"),
                ty: Type::Int { size, signed: false },
                offset,
                hidden: false,
            })
            .collect()
    }

    /// Packed or not, alignment, and the paddings as offset and size.
    type Outcome = (bool, u32, Vec<(u32, u32)>);

    fn outcome(list: &[(u32, u32)], size: u32) -> Option<Outcome> {
        let types = Types::default();
        let layout = layout(&types, fields(list), size, 1, &mut Names::default())?;
        let paddings = layout.fields.iter().filter(|field| field.hidden);
        let paddings = paddings.map(|field| (field.offset, types.size(&field.ty))).collect();
        Some((layout.packed, layout.align, paddings))
    }

    #[test]
    fn what_rust_does_by_itself_is_left_to_it() {
        assert_eq!(outcome(&[(0, 1), (4, 4), (8, 2)], 12), Some((false, 4, vec![])));
        assert_eq!(outcome(&[], 0), Some((false, 1, vec![])));
    }

    #[test]
    fn stricter_alignment_becomes_padding() {
        assert_eq!(outcome(&[(0, 1), (16, 4)], 64), Some((false, 4, vec![(1, 15), (20, 44)])));
    }

    #[test]
    fn packed_structs_have_no_hidden_padding() {
        assert_eq!(outcome(&[(0, 1), (1, 4)], 5), Some((true, 1, vec![])));
        assert_eq!(outcome(&[(0, 4), (4, 8)], 12), Some((true, 1, vec![])));
        assert_eq!(outcome(&[(1, 4), (6, 1)], 9), Some((true, 1, vec![(0, 1), (5, 1), (7, 2)])));
    }

    #[test]
    fn fields_that_overlap_or_stick_out_have_no_layout() {
        assert_eq!(outcome(&[(0, 4), (2, 4)], 8), None);
        assert_eq!(outcome(&[(0, 4), (4, 4)], 6), None);
        assert_eq!(outcome(&[(u32::MAX, 4)], 8), None);
    }
}

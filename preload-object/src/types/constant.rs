//! Values that are written down for variables, turned into the bytes that C has for them.

use std::iter;

use super::{Item, ItemKind, Type, Types};

/// A value, and whatever the caller wants back when it is refused, such as the place where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Constant<M> {
    /// What is written there.
    pub value: Written<M>,
    /// The caller's.
    pub mark: M,
}

/// What is written for a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Written<M> {
    /// `7`, `-0x10`.
    Integer(i128),
    /// `0.5`.
    Float(f64),
    /// `true` or `false`.
    Bool(bool),
    /// `'c'`.
    Character(char),
    /// `"text"`.
    Text(String),
    /// The name of a value of an enum.
    Name(String),
    /// `[1, 2, 3]`.
    List(Vec<Constant<M>>),
}

/// A value that the type does not have.
#[derive(Clone, Debug, PartialEq)]
pub struct ConstantError<M> {
    /// That of the value, or of the element that is wrong.
    pub mark: M,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl Types {
    /// The bytes of a value of that type, as they are in memory.
    ///
    /// # Errors
    ///
    /// The type has no such value, or none can be written for it: structs, unions and pointers.
    pub fn encode<M: Copy>(&self, ty: &Type, constant: &Constant<M>) -> Result<Vec<u8>, ConstantError<M>> {
        let problem = match (ty, &constant.value) {
            (Type::Array(element, count), Written::List(list)) => {
                if list.len() == *count as usize {
                    let elements = list.iter().map(|constant| self.encode(element, constant));
                    return Ok(elements.collect::<Result<Vec<_>, _>>()?.concat());
                }
                format!("it has {count} elements, and {} are given", list.len())
            }
            (Type::Array(element, count), Written::Text(text)) => {
                match (&**element, (*count as usize).checked_sub(text.len())) {
                    (Type::Int { size: 1, .. }, Some(rest @ 1..)) => {
                        return Ok(text.bytes().chain(iter::repeat_n(0, rest)).collect());
                    }
                    (Type::Int { size: 1, .. }, _) => format!(
                        "it has room for {count} bytes, and the text takes {} with its end",
                        text.len().saturating_add(1)
                    ),
                    _ => self.wanted(ty),
                }
            }
            (Type::Int { size, signed }, Written::Integer(value)) => match integer(*value, *size, *signed) {
                Some(bytes) => return Ok(bytes),
                None => out_of_range(*size, *signed),
            },
            (Type::Int { size: 1, .. }, Written::Character(c)) => match u8::try_from(*c) {
                Ok(byte) if byte.is_ascii() => return Ok(vec![byte]),
                _ => "it is one byte, which only characters of ASCII are".to_owned(),
            },
            (Type::Bool, Written::Bool(value)) => return Ok(vec![u8::from(*value)]),
            (Type::Float(8), Written::Float(value)) => return Ok(value.to_le_bytes().to_vec()),
            (Type::Float(_), Written::Float(value)) => {
                let value = *value as f32;
                if value.is_finite() {
                    return Ok(value.to_le_bytes().to_vec());
                }
                "it is a `float`, which is too small for that".to_owned()
            }
            (Type::Item(index), written) => match (self.items.get(*index), written) {
                (Some(Item { kind: ItemKind::Enum { signed, .. }, size, .. }), Written::Integer(value)) => {
                    match integer(*value, *size, *signed) {
                        Some(bytes) => return Ok(bytes),
                        None => out_of_range(*size, *signed),
                    }
                }
                (
                    Some(Item { kind: ItemKind::Enum { signed, values }, size, c_name, .. }),
                    Written::Name(name),
                ) => {
                    let value = values.iter().find(|(known, _)| known == name);
                    match value.and_then(|(_, value)| integer(*value, *size, *signed)) {
                        Some(bytes) => return Ok(bytes),
                        None => {
                            let known: Vec<_> = values.iter().map(|(name, _)| name.as_str()).collect();
                            format!("`{c_name}` has no `{name}`; it has `{}`", known.join("`, `"))
                        }
                    }
                }
                _ => self.wanted(ty),
            },
            _ => self.wanted(ty),
        };
        Err(ConstantError { mark: constant.mark, message: problem })
    }

    /// What a type asks for.
    fn wanted(&self, ty: &Type) -> String {
        match ty {
            Type::Int { size: 1, .. } => "it is one byte: write an integer, or a character `'c'`".to_owned(),
            Type::Int { .. } => "it is an integer: write one".to_owned(),
            Type::Bool => "it is a `bool`: write `true` or `false`".to_owned(),
            Type::Float(_) => "it is a floating-point number: write one, as `1.0`".to_owned(),
            Type::Pointer => "it is a pointer, for which no value is known before load".to_owned(),
            Type::Array(element, count) if matches!(**element, Type::Int { size: 1, .. }) => {
                format!("it is {count} bytes: write a text \"..\", or a list `[..]`")
            }
            Type::Array(_, count) => format!("it is an array: write a list of {count} elements, `[..]`"),
            Type::Item(index) => match self.items.get(*index) {
                Some(Item { kind: ItemKind::Enum { .. }, c_name, .. }) => {
                    format!("it is `{c_name}`: write the name of one of its values, or an integer")
                }
                Some(item) => format!("it is `{}`, for which no value can be written here", item.c_name),
                None => "no value can be written for it".to_owned(),
            },
            Type::Bytes(_) => "nothing is known of its type, so no value can be written for it".to_owned(),
        }
    }
}

/// The bytes of an integer; none when it is too small for it.
fn integer(value: i128, size: u32, signed: bool) -> Option<Vec<u8>> {
    let bits = size * 8;
    // What is written has 127 bits and a sign.
    let fits = match (bits, signed) {
        (128, true) => true,
        (128, false) => value >= 0,
        (bits, true) => (-(1_i128 << (bits - 1))..1 << (bits - 1)).contains(&value),
        (bits, false) => (0..1_i128 << bits).contains(&value),
    };
    fits.then(|| value.to_le_bytes().into_iter().take(size as usize).collect())
}

fn out_of_range(size: u32, signed: bool) -> String {
    let bits = size * 8;
    if signed {
        format!("it has {bits} bits and a sign: from -2^{0} to 2^{0} - 1", bits - 1)
    } else {
        format!("it has {bits} bits and no sign: from 0 to 2^{bits} - 1")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(ty: &Type, value: Written<()>) -> Result<Vec<u8>, String> {
        let color = Item {
            name: "color".into(),
            c_name: "enum color".into(),
            size: 4,
            kind: ItemKind::Enum { signed: false, values: vec![("RED".into(), 7)] },
            ..Item::bytes(4)
        };
        let types = Types { items: vec![color], maps: Vec::new() };
        types.encode(ty, &Constant { value, mark: () }).map_err(|error| error.message)
    }

    fn list(values: impl IntoIterator<Item = i128>) -> Written<()> {
        let values = values.into_iter().map(|value| Constant { value: Written::Integer(value), mark: () });
        Written::List(values.collect())
    }

    const fn int(size: u32, signed: bool) -> Type {
        Type::Int { size, signed }
    }

    #[test]
    fn integers_are_as_wide_as_their_type() {
        assert_eq!(encoded(&int(4, false), Written::Integer(0x0102_0304)), Ok(vec![4, 3, 2, 1]));
        assert_eq!(encoded(&int(2, true), Written::Integer(-2)), Ok(vec![0xfe, 0xff]));
        assert_eq!(encoded(&int(8, false), Written::Integer(u64::MAX.into())), Ok(vec![0xff; 8]));
        assert_eq!(encoded(&int(1, false), Written::Character('a')), Ok(vec![b'a']));
        for (ty, value) in
            [(int(1, false), 256), (int(1, false), -1), (int(1, true), 128), (int(8, true), 1 << 63)]
        {
            assert!(encoded(&ty, Written::Integer(value)).is_err(), "{ty:?} {value}");
        }
        assert!(encoded(&int(1, false), Written::Character('ä')).is_err());
        assert!(encoded(&int(4, false), Written::Bool(true)).is_err());
    }

    #[test]
    fn arrays_are_full() {
        let pair = Type::Array(Box::new(int(2, false)), 2);
        assert_eq!(encoded(&pair, list([1, 2])), Ok(vec![1, 0, 2, 0]));
        assert!(encoded(&pair, list([1])).is_err());
        assert!(encoded(&pair, list([1, 65536])).is_err());
        let text = Type::Array(Box::new(int(1, false)), 4);
        assert_eq!(encoded(&text, Written::Text("abc".into())), Ok(b"abc\0".to_vec()));
        assert!(encoded(&text, Written::Text("abcd".into())).is_err());
    }

    #[test]
    fn other_types_have_values_of_their_own() {
        assert_eq!(encoded(&Type::Bool, Written::Bool(true)), Ok(vec![1]));
        assert!(encoded(&Type::Bool, Written::Integer(1)).is_err());
        assert_eq!(encoded(&Type::Float(4), Written::Float(1.5)), Ok(1.5_f32.to_le_bytes().to_vec()));
        assert!(encoded(&Type::Float(4), Written::Float(1e300)).is_err());
        assert_eq!(encoded(&Type::Item(0), Written::Name("RED".into())), Ok(vec![7, 0, 0, 0]));
        assert_eq!(encoded(&Type::Item(0), Written::Integer(9)), Ok(vec![9, 0, 0, 0]));
        assert!(encoded(&Type::Item(0), Written::Name("BLUE".into())).is_err());
        assert!(encoded(&Type::Pointer, Written::Integer(0)).is_err());
    }
}

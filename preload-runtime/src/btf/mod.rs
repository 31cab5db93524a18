//! Types as the kernel's files and objects hold them: walked through in order, or looked up by number.

mod format;
mod graph;

pub(crate) use self::format::{FIXED, Type, View, is_named, kind, kind_and_count, known_sizes};
pub(crate) use self::graph::{Graph, Member, Numbered};

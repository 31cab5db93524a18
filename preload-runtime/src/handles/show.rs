//! What the kernel says of an object, in words for a person at a console.

use core::fmt;

use super::names::{attach_type, map_type};
use super::{Attachment, LinkInfo, MapInfo, Text};
use crate::error::Lossy;

impl fmt::Display for LinkInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "link {}", self.id)?;
        if self.program_id != 0 {
            write!(f, " of program {}", self.program_id)?;
        }
        match self.attachment {
            Attachment::Unknown => write!(f, ", link type {}", self.link_type),
            ref attachment => write!(f, ", {attachment}"),
        }
    }
}

impl fmt::Display for MapInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, key_size, value_size, max_entries, .. } = self;
        let map_type = map_type(self.map_type);
        write!(
            f,
            "map {id}, {map_type}, key {key_size} bytes, value {value_size} bytes, {max_entries} entries"
        )
    }
}

/// A name that the kernel may not have told.
struct Name<'a>(&'a Option<Text>);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(name) => write!(f, " {}", Lossy(name.bytes())),
            None => Ok(()),
        }
    }
}

/// Something that is told by a number, which is 0 once it is gone.
struct Numbered(&'static str, u64);

impl fmt::Display for Numbered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(what, number) = *self;
        if number == 0 { write!(f, "{what} (gone)") } else { write!(f, "{what} {number}") }
    }
}

/// What the program is attached to.
impl fmt::Display for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let returns = |returns: bool| if returns { " return" } else { "" };
        match self {
            Self::RawTracepoint { name, .. } => write!(f, "raw tracepoint{}", Name(name)),
            Self::Tracing { attach_type: ty, target_object_id: object, target_btf_id: id, .. } => {
                write!(f, "{} of type {id} in object {object}", attach_type(*ty))
            }
            Self::Cgroup { cgroup_id, attach_type: ty } => {
                write!(f, "{} on {}", attach_type(*ty), Numbered("cgroup", *cgroup_id))
            }
            Self::Iterator { name, map_id, cgroup_id, tid, pid, .. } => {
                write!(f, "iterator{}", Name(name))?;
                let scope = [
                    ("map", u64::from(*map_id)),
                    ("cgroup", *cgroup_id),
                    ("thread", u64::from(*tid)),
                    ("process", u64::from(*pid)),
                ];
                match scope.iter().find(|(_, number)| *number != 0) {
                    Some((what, number)) => write!(f, " of {what} {number}"),
                    None => Ok(()),
                }
            }
            Self::Netns { inode, attach_type: ty } => {
                let namespace = Numbered("network namespace", u64::from(*inode));
                write!(f, "{} on {namespace}", attach_type(*ty))
            }
            Self::Xdp { interface } => write!(f, "xdp on {}", Numbered("interface", u64::from(*interface))),
            Self::Tcx { interface, attach_type: ty } | Self::Netkit { interface, attach_type: ty } => {
                write!(f, "{} on {}", attach_type(*ty), Numbered("interface", u64::from(*interface)))
            }
            Self::StructOps { map_id } => write!(f, "struct_ops by {}", Numbered("map", u64::from(*map_id))),
            Self::Netfilter { family, hook, priority, .. } => {
                write!(f, "netfilter, family {family}, hook {hook}, priority {priority}")
            }
            Self::KprobeMulti { count, .. } => write!(f, "kprobes of {count} functions"),
            Self::TracingMulti { count, .. } => write!(f, "trampolines of {count} functions"),
            Self::UprobeMulti { path, count, .. } => {
                write!(f, "uprobes of {count} functions in{}", Name(path))
            }
            Self::Kprobe { function, offset, returns: at_return, .. } => {
                write!(f, "kprobe{}{}+{offset}", returns(*at_return), Name(function))
            }
            Self::Uprobe { path, offset, returns: at_return, .. } => {
                write!(f, "uprobe{}{}+{offset}", returns(*at_return), Name(path))
            }
            Self::Tracepoint { name, .. } => write!(f, "tracepoint{}", Name(name)),
            Self::PerfEvent { event_type, config, .. } => {
                write!(f, "perf event, type {event_type}, {config}")
            }
            Self::Sockmap { map_id, attach_type: ty } => {
                write!(f, "{} on {}", attach_type(*ty), Numbered("map", u64::from(*map_id)))
            }
            Self::Unknown => f.write_str("something that the kernel does not tell"),
        }
    }
}

//! What a program is attached to, where the caller says so in settings.
//!
//! | programs | settings |
//! |---|---|
//! | XDP | `interface`, `mode` |
//! | tcx | `interface`, `order`; and `direction` for those in `tc` and `classifier` |
//! | netkit | `interface`, `order` |
//! | cgroup | `cgroup`, `order`; and `direction` for those in `cgroup/skb` |
//! | network namespace | `netns` |
//! | netfilter | `family`, `hook`, `priority`, `defragment` |
//! | map of sockets | `map`; and `hook` for those in `sk_skb` |
//! | extension of a program | `extends` |
//! | iterator of a map's elements | `map` |
//! | iterator of cgroups | `order`, `cgroup` |
//! | iterator of tasks | `tid` or `pid` |

use super::numbers::attach as at;
use super::{ProgramKind, Way, iterator};

/// A setting, as the user has written it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// What is set.
    pub name: String,
    /// To what.
    pub value: Value,
}

/// The value of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A string.
    Text(String),
    /// An integer.
    Number(i64),
    /// `true` or `false`.
    Bool(bool),
}

/// What is wrong with settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingError {
    /// Which one it is, by its index; none when one is missing.
    pub setting: Option<usize>,
    /// What is wrong, and what to write.
    pub message: String,
}

/// What a program is attached to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The XDP hook of an interface.
    Xdp {
        /// The interface.
        interface: Interface,
        /// Where the program runs.
        mode: XdpMode,
    },
    /// The tcx hook of an interface.
    Tcx {
        /// The interface.
        interface: Interface,
        /// The direction; none where the program is for one.
        direction: Option<Direction>,
        /// Where among the other programs.
        position: Position,
    },
    /// A netkit interface.
    Netkit {
        /// The interface.
        interface: Interface,
        /// Where among the other programs.
        position: Position,
    },
    /// A cgroup.
    Cgroup {
        /// The path of its directory.
        path: String,
        /// `enum bpf_attach_type`.
        attach_type: u32,
        /// Where among the other programs.
        position: Position,
    },
    /// A network namespace.
    NetNamespace {
        /// The path of its file.
        path: String,
    },
    /// A netfilter hook.
    Netfilter {
        /// Which packets.
        family: Family,
        /// Where on their way.
        hook: Hook,
        /// Lower numbers run first.
        priority: i32,
        /// Whether fragments are put together first.
        defragment: bool,
    },
    /// A map of sockets.
    SockMap {
        /// Its index in the object.
        map: usize,
        /// `enum bpf_attach_type`.
        attach_type: u32,
    },
    /// A program, a function of which is replaced.
    Extension {
        /// The path of its pin, or of that of its link.
        program: String,
    },
    /// The elements of a map, which an iterator goes through.
    MapIterator {
        /// Its index in the object.
        map: usize,
    },
    /// Cgroups, which an iterator goes through.
    CgroupIterator {
        /// The directory of the first; none for the root that the process sees.
        path: Option<String>,
        /// Which others.
        order: CgroupOrder,
    },
    /// One thread, which an iterator goes through.
    ThreadIterator(u32),
    /// The threads of one process, which an iterator goes through.
    ProcessIterator(u32),
}

/// A network interface.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Interface {
    /// By its name.
    Name(String),
    /// By its index.
    Index(u32),
}

/// Enumerations whose variants have a name in settings, and one in Rust.
macro_rules! words {
    ($($(#[doc = $doc:literal])* $name:ident { $($word:literal = $variant:ident,)* })*) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $(
                #[doc = concat!("`", $word, "`.")]
                $variant,
            )*
        }

        impl $name {
            pub(super) const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$variant)),*];

            /// The name of the variant.
            pub fn variant(self) -> &'static str {
                match self {
                    $(Self::$variant => stringify!($variant),)*
                }
            }
        }
    )*};
}

words! {
    /// Where an XDP program runs.
    XdpMode { "any" = Any, "generic" = Generic, "native" = Native, "offload" = Offload, }
    /// Which way packets go.
    Direction { "ingress" = Ingress, "egress" = Egress, }
    /// A place among the programs of a hook.
    Position { "any" = Any, "first" = First, "last" = Last, }
    /// A family of packets.
    Family { "ipv4" = Ipv4, "ipv6" = Ipv6, }
    /// A place on the way of a packet.
    Hook {
        "prerouting" = PreRouting,
        "input" = LocalIn,
        "forward" = Forward,
        "output" = LocalOut,
        "postrouting" = PostRouting,
    }
    /// What a program does at a map of sockets.
    SockMapHook {
        "stream_parser" = StreamParser,
        "stream_verdict" = StreamVerdict,
        "verdict" = Verdict,
    }
    /// Which cgroups an iterator goes through, and in which order.
    CgroupOrder {
        "self_only" = SelfOnly,
        "descendants_pre" = DescendantsPre,
        "descendants_post" = DescendantsPost,
        "ancestors_up" = AncestorsUp,
        "children" = Children,
    }
}

impl SockMapHook {
    fn attach_type(self) -> u32 {
        match self {
            Self::StreamParser => at::SK_SKB_STREAM_PARSER,
            Self::StreamVerdict => at::SK_SKB_STREAM_VERDICT,
            Self::Verdict => at::SK_SKB_VERDICT,
        }
    }
}

const INTERFACE: &str = "interface = \"eth0\"";
const DIRECTION: &str = "direction = \"ingress\"";
const CGROUP: &str = "cgroup = \"/sys/fs/cgroup/..\"";
const NETNS: &str = "netns = \"/proc/self/ns/net\"";
pub(super) const MAP: &str = "map = \"NAME\"";
const EXTENDS: &str = "extends = \"/sys/fs/bpf/..\"";
const FAMILY: &str = "family = \"ipv4\"";
const HOOK: &str = "hook = \"input\"";

impl ProgramKind {
    /// Whether it takes either direction, or any hook, so that a setting must say which.
    pub(super) fn is_open(&self) -> bool {
        match self.way {
            Way::TrafficControl => self.attach_type == at::NONE,
            Way::Cgroup => self.section == "cgroup/skb",
            Way::SockMap => self.section == "sk_skb",
            _ => false,
        }
    }

    /// The settings that say what programs of this kind are attached to: those that must be there, as examples, and those
    /// that may be. None for kinds whose target is not given so. Which an iterator takes is a matter of its target.
    pub fn settings(&self, target: Option<&str>) -> (&'static [&'static str], &'static [&'static str]) {
        match (self.way, self.is_open()) {
            (Way::Iterator, _) => iterator::settings(target),
            (Way::Xdp, _) => (&[INTERFACE], &["mode"]),
            (Way::TrafficControl, false) | (Way::Netkit, _) => (&[INTERFACE], &["order"]),
            (Way::TrafficControl, true) => (&[INTERFACE, DIRECTION], &["order"]),
            (Way::Cgroup, true) => (&[CGROUP, DIRECTION], &["order"]),
            (Way::Cgroup | Way::LsmCgroup, _) => (&[CGROUP], &["order"]),
            (Way::NetNamespace, _) => (&[NETNS], &[]),
            (Way::Netfilter, _) => (&[FAMILY, HOOK], &["priority", "defragment"]),
            (Way::Extension, _) => (&[EXTENDS], &[]),
            (Way::SockMap, false) => (&[MAP], &[]),
            (Way::SockMap, true) => (&[MAP, "hook = \"verdict\""], &[]),
            _ => (&[], &[]),
        }
    }

    /// What the settings say of a program with this target, with the names of the object's maps; nothing when there are
    /// none.
    ///
    /// # Errors
    ///
    /// One for each setting that is not of this kind, that has no value of the right form, or that is missing.
    pub fn place(
        &self,
        target: Option<&str>,
        settings: &[Setting],
        maps: &[&str],
    ) -> Result<Option<Place>, Vec<SettingError>> {
        if settings.is_empty() {
            return Ok(None);
        }
        let mut reader = Reader { settings, errors: Vec::new() };
        reader.refuse_unknown(self, target);
        let place = self.read(target, &mut reader, maps);
        match (place, reader.errors) {
            (Some(place), errors) if errors.is_empty() => Ok(Some(place)),
            (_, errors) => Err(errors),
        }
    }

    fn read(&self, target: Option<&str>, reader: &mut Reader<'_>, maps: &[&str]) -> Option<Place> {
        // All are looked at before the first that is missing ends it, so that each mistake is told.
        let open = self.is_open();
        Some(match self.way {
            Way::Iterator => return iterator::read(target, reader, maps),
            Way::Xdp => {
                let mode = reader.word("mode", XdpMode::WORDS).unwrap_or(XdpMode::Any);
                Place::Xdp { interface: reader.interface()?, mode }
            }
            Way::TrafficControl | Way::Netkit => {
                let position = reader.position();
                let direction = if open {
                    Some(reader.needed(DIRECTION, |reader| reader.word("direction", Direction::WORDS)))
                } else {
                    None
                };
                let interface = reader.interface()?;
                if self.way == Way::Netkit {
                    return Some(Place::Netkit { interface, position });
                }
                let direction = match direction {
                    Some(direction) => Some(direction?),
                    None => None,
                };
                Place::Tcx { interface, direction, position }
            }
            Way::Cgroup | Way::LsmCgroup => {
                let position = reader.position();
                let mut attach_type = Some(self.attach_type);
                if open {
                    let direction =
                        reader.needed(DIRECTION, |reader| reader.word("direction", Direction::WORDS));
                    attach_type = direction.map(|direction| match direction {
                        Direction::Ingress => at::CGROUP_INET_INGRESS,
                        Direction::Egress => at::CGROUP_INET_EGRESS,
                    });
                }
                let path = reader.needed(CGROUP, |reader| reader.path("cgroup"))?;
                Place::Cgroup { path, attach_type: attach_type?, position }
            }
            Way::NetNamespace => {
                Place::NetNamespace { path: reader.needed(NETNS, |reader| reader.path("netns"))? }
            }
            Way::Extension => {
                Place::Extension { program: reader.needed(EXTENDS, |reader| reader.path("extends"))? }
            }
            Way::Netfilter => {
                let priority = reader.priority();
                let defragment = reader.bool("defragment");
                let hook = reader.needed(HOOK, |reader| reader.word("hook", Hook::WORDS));
                let family = reader.needed(FAMILY, |reader| reader.word("family", Family::WORDS))?;
                Place::Netfilter { family, hook: hook?, priority, defragment }
            }
            Way::SockMap => {
                let hook = if open {
                    let hook =
                        reader.needed("hook = \"verdict\"", |reader| reader.word("hook", SockMapHook::WORDS));
                    hook.map(SockMapHook::attach_type)
                } else {
                    Some(self.attach_type)
                };
                let map = reader.needed(MAP, |reader| reader.map(maps))?;
                Place::SockMap { map, attach_type: hook? }
            }
            _ => return None,
        })
    }
}

/// The name in `name = ".."`.
fn name_of(example: &str) -> &str {
    example.split(' ').next().unwrap_or(example)
}

pub(super) struct Reader<'a> {
    settings: &'a [Setting],
    errors: Vec<SettingError>,
}

impl<'a> Reader<'a> {
    fn refuse_unknown(&mut self, kind: &ProgramKind, target: Option<&str>) {
        let (needed, possible) = kind.settings(target);
        let names: Vec<&str> =
            needed.iter().map(|example| name_of(example)).chain(possible.iter().copied()).collect();
        for (index, setting) in self.settings.iter().enumerate() {
            if names.contains(&setting.name.as_str()) {
                continue;
            }
            let known = if names.is_empty() {
                String::new()
            } else {
                format!("; it is attached with `{}`", names.join("`, `"))
            };
            let section = match (kind.way, target) {
                // It is the target of an iterator that says what it can be told.
                (Way::Iterator, Some(target)) => format!("{}/{target}", kind.section),
                _ => kind.section.to_owned(),
            };
            self.error(
                Some(index),
                format!("`{}` is no setting of a program in section `{section}`{known}", setting.name),
            );
        }
    }

    pub(super) fn error(&mut self, setting: Option<usize>, message: String) {
        self.errors.push(SettingError { setting, message });
    }

    fn find(&self, name: &str) -> Option<(usize, &'a Value)> {
        let index = self.settings.iter().position(|setting| setting.name == name)?;
        Some((index, &self.settings.get(index)?.value))
    }

    /// What must be there; `example` begins with the setting's name.
    pub(super) fn needed<T>(
        &mut self,
        example: &str,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        if self.find(name_of(example)).is_none() {
            self.error(None, format!("`{example}` is missing"));
            return None;
        }
        read(self)
    }

    pub(super) fn word<T: Copy>(&mut self, name: &str, words: &[(&str, T)]) -> Option<T> {
        let (index, value) = self.find(name)?;
        let found = words.iter().find(|(word, _)| matches!(value, Value::Text(text) if text == word));
        if found.is_none() {
            let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.error(Some(index), format!("`{name}` is one of \"{}\"", all.join("\", \"")));
        }
        found.map(|(_, value)| *value)
    }

    fn position(&mut self) -> Position {
        self.word("order", Position::WORDS).unwrap_or(Position::Any)
    }

    fn bool(&mut self, name: &str) -> bool {
        match self.find(name) {
            Some((_, Value::Bool(value))) => *value,
            Some((index, _)) => {
                self.error(Some(index), format!("`{name}` is `true` or `false`"));
                false
            }
            None => false,
        }
    }

    fn interface(&mut self) -> Option<Interface> {
        /// `IFNAMSIZ`, less the NUL.
        const LONGEST: usize = 15;
        self.needed(INTERFACE, |reader| {
            let (index, value) = reader.find("interface")?;
            let problem = match value {
                Value::Number(number) => match u32::try_from(*number) {
                    Ok(number) if number > 0 => return Some(Interface::Index(number)),
                    _ => "the index of an interface is a number from 1 on",
                },
                Value::Text(name) if (1..=LONGEST).contains(&name.len()) && !name.contains(['/', '\0']) => {
                    return Some(Interface::Name(name.clone()));
                }
                Value::Text(_) => "the name of an interface has 1 to 15 bytes, none of them a slash",
                Value::Bool(_) => "write the name of the interface in quotes, or its index",
            };
            reader.error(Some(index), problem.to_owned());
            None
        })
    }

    pub(super) fn path(&mut self, name: &str) -> Option<String> {
        let (index, value) = self.find(name)?;
        match value {
            Value::Text(path) if !path.is_empty() && path.len() < 4096 && !path.contains('\0') => {
                Some(path.clone())
            }
            _ => {
                self.error(Some(index), format!("`{name}` is a path, in quotes"));
                None
            }
        }
    }

    /// The number of a thread or a process.
    pub(super) fn task(&mut self, name: &str) -> Option<u32> {
        let (index, value) = self.find(name)?;
        let number = match value {
            Value::Number(number) => {
                u32::try_from(*number).ok().filter(|number| (1..1 << 31).contains(number))
            }
            _ => None,
        };
        if number.is_none() {
            self.error(Some(index), format!("`{name}` is a number from 1 on"));
        }
        number
    }

    fn priority(&mut self) -> i32 {
        let Some((index, value)) = self.find("priority") else { return 0 };
        match value {
            // The kernel refuses the first and the last number there is.
            Value::Number(number) if (-0x7fff_ffff..0x7fff_ffff).contains(number) => *number as i32,
            _ => {
                self.error(Some(index), "`priority` is a number between -2^31 and 2^31 - 1".to_owned());
                0
            }
        }
    }

    pub(super) fn map(&mut self, maps: &[&str]) -> Option<usize> {
        let (index, value) = self.find("map")?;
        let found = match value {
            Value::Text(name) => maps.iter().position(|map| map == name),
            _ => None,
        };
        if found.is_none() {
            let all =
                if maps.is_empty() { "none".to_owned() } else { format!("\"{}\"", maps.join("\", \"")) };
            self.error(Some(index), format!("`map` is the name of a map of the object, which has {all}"));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(section: &str, settings: &[(&str, Value)]) -> Result<Option<Place>, Vec<String>> {
        let (kind, target) = ProgramKind::of_section(section).unwrap();
        let settings: Vec<Setting> = settings
            .iter()
            .map(|(name, value)| Setting { name: (*name).to_owned(), value: value.clone() })
            .collect();
        kind.place(target, &settings, &["counts", "sockets"])
            .map_err(|errors| errors.into_iter().map(|error| error.message).collect())
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn settings_become_places() {
        let eth0 = Interface::Name("eth0".to_owned());
        assert_eq!(place("xdp", &[]), Ok(None));
        assert_eq!(
            place("xdp.frags", &[("interface", text("eth0")), ("mode", text("native"))]),
            Ok(Some(Place::Xdp { interface: eth0.clone(), mode: XdpMode::Native }))
        );
        assert_eq!(
            place("tcx/egress", &[("interface", Value::Number(3)), ("order", text("first"))]),
            Ok(Some(Place::Tcx {
                interface: Interface::Index(3),
                direction: None,
                position: Position::First
            }))
        );
        assert_eq!(
            place("cgroup/skb", &[("cgroup", text("/c")), ("direction", text("egress"))]),
            Ok(Some(Place::Cgroup { path: "/c".to_owned(), attach_type: 1, position: Position::Any }))
        );
        assert_eq!(
            place(
                "netfilter",
                &[("family", text("ipv6")), ("hook", text("input")), ("priority", Value::Number(-7))]
            ),
            Ok(Some(Place::Netfilter {
                family: Family::Ipv6,
                hook: Hook::LocalIn,
                priority: -7,
                defragment: false
            }))
        );
        assert_eq!(
            place("sk_msg", &[("map", text("sockets"))]),
            Ok(Some(Place::SockMap { map: 1, attach_type: 7 }))
        );
        assert_eq!(
            place("iter/bpf_map_elem", &[("map", text("counts"))]),
            Ok(Some(Place::MapIterator { map: 0 }))
        );
        assert_eq!(
            place("iter.s/cgroup", &[("order", text("self_only")), ("cgroup", text("/c"))]),
            Ok(Some(Place::CgroupIterator { path: Some("/c".to_owned()), order: CgroupOrder::SelfOnly }))
        );
        assert_eq!(
            place("iter/cgroup", &[("order", text("ancestors_up"))]),
            Ok(Some(Place::CgroupIterator { path: None, order: CgroupOrder::AncestorsUp }))
        );
        assert_eq!(
            place("iter/task_file", &[("pid", Value::Number(1))]),
            Ok(Some(Place::ProcessIterator(1)))
        );
        assert_eq!(
            place("freplace/decide", &[("extends", text("/sys/fs/bpf/d/dispatch"))]),
            Ok(Some(Place::Extension { program: "/sys/fs/bpf/d/dispatch".to_owned() }))
        );
        assert_eq!(place("iter/task", &[("tid", Value::Number(7))]), Ok(Some(Place::ThreadIterator(7))));
    }

    #[test]
    fn every_mistake_is_told() {
        assert_eq!(
            place("tc", &[("mode", text("native")), ("order", text("middle"))]),
            Err(vec![
                "`mode` is no setting of a program in section `tc`; it is attached with `interface`, `direction`, `order`"
                    .to_owned(),
                "`order` is one of \"any\", \"first\", \"last\"".to_owned(),
                "`direction = \"ingress\"` is missing".to_owned(),
                "`interface = \"eth0\"` is missing".to_owned(),
            ])
        );
        for (section, setting, value, part) in [
            ("kprobe", "interface", text("eth0"), "no setting of a program in section `kprobe`"),
            ("xdp", "interface", text("an_interface_with_a_long_name"), "1 to 15 bytes"),
            ("xdp", "interface", Value::Number(0), "from 1 on"),
            ("xdp", "interface", Value::Bool(true), "in quotes"),
            ("sockops", "cgroup", text(""), "a path, in quotes"),
            ("netfilter", "priority", Value::Number(0x7fff_ffff), "between -2^31"),
            ("netfilter", "defragment", text("yes"), "`true` or `false`"),
            ("sk_msg", "map", text("nowhere"), "which has \"counts\", \"sockets\""),
            ("iter/bpf_map", "map", text("counts"), "no setting of a program in section `iter/bpf_map`"),
            ("iter/bpf_map_elem", "pid", Value::Number(1), "it is attached with `map`"),
            ("iter/cgroup", "cgroup", text("/c"), "`order = \"descendants_pre\"` is missing"),
            ("iter/cgroup", "order", text("first"), "`order` is one of \"self_only\""),
            ("iter/task", "tid", Value::Number(0), "a number from 1 on"),
        ] {
            let errors = place(section, &[(setting, value)]).unwrap_err();
            assert!(errors.iter().any(|error| error.contains(part)), "{part} not in {errors:?}");
        }
        let both = [("tid", Value::Number(1)), ("pid", Value::Number(1))];
        assert_eq!(place("iter/task", &both), Err(vec!["either `tid` or `pid` is given".to_owned()]));
    }

    #[test]
    fn what_must_be_there_is_what_is_read() {
        let targets = ["bpf_map_elem", "bpf_sk_storage_map", "sockmap", "cgroup", "task", "bpf_map"];
        let rows = ProgramKind::all().iter().map(|kind| (kind, None));
        let (iterator, _) = ProgramKind::of_section("iter").unwrap();
        let iterators = targets.iter().map(|target| (iterator, Some(*target)));
        for (kind, target) in rows.chain(iterators) {
            let (needed, _) = kind.settings(target);
            let unrelated = Setting { name: "x".to_owned(), value: Value::Bool(true) };
            let errors = kind.place(target, &[unrelated], &[]).unwrap_err();
            let missing: Vec<_> = errors.iter().filter(|error| error.setting.is_none()).collect();
            assert_eq!(missing.len(), needed.len(), "{}", kind.section);
            for example in needed {
                assert!(missing.iter().any(|error| error.message.contains(example)), "{}", kind.section);
            }
        }
    }
}

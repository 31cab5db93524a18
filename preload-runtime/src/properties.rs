//! What two maps must have in common if one is to take the place of the other.

use core::fmt::{self, Write};

use crate::directory::Directory;
use crate::entries;
use crate::error::{Call, Error, ErrorKind, Step};
use crate::path::CPath;
use crate::plan::MapPlan;
use crate::sys::{Fd, bpf};

/// `BPF_MAP_TYPE_DEVMAP`, `BPF_MAP_TYPE_DEVMAP_HASH`.
const DEVICE_MAPS: [u32; 2] = [14, 25];
const F_RDONLY_PROG: u32 = 1 << 7;

/// A property in which two maps must agree if one is to take the place of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MapField {
    /// `enum bpf_map_type`.
    Type,
    /// Bytes of a key.
    KeySize,
    /// Bytes of a value.
    ValueSize,
    /// Number of entries.
    MaxEntries,
    /// `BPF_F_*` flags.
    Flags,
    /// The extra parameter of some map types.
    MapExtra,
}

impl MapField {
    const ALL: [Self; 6] =
        [Self::Type, Self::KeySize, Self::ValueSize, Self::MaxEntries, Self::Flags, Self::MapExtra];

    /// As the definition in C has it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::KeySize => "key_size",
            Self::ValueSize => "value_size",
            Self::MaxEntries => "max_entries",
            Self::Flags => "map_flags",
            Self::MapExtra => "map_extra",
        }
    }
}

/// The properties of one map.
#[derive(Clone, Copy)]
pub(crate) struct MapProperties {
    map_type: u32,
    key_size: u32,
    value_size: u32,
    max_entries: u32,
    flags: u32,
    map_extra: u64,
}

impl MapProperties {
    /// What a map has that the plan makes with so many entries.
    pub(crate) fn planned(plan: &MapPlan, max_entries: u32) -> Result<Self, Error> {
        Ok(Self {
            map_type: plan.map_type,
            key_size: plan.key_size,
            value_size: plan.value_size,
            max_entries: entries::kept(plan, max_entries)?,
            flags: plan.flags,
            map_extra: plan.map_extra,
        })
    }

    /// What the kernel says of a map (4.13).
    fn of(map: &Fd) -> Result<Self, Error> {
        let info = bpf::map_info(map)
            .map_err(|errno| Error::system(Step::CreateMap, Call::ObjGetInfoByFd, errno))?;
        // Programs cannot write to device maps; kernels set the flag that says so by themselves.
        let own = if DEVICE_MAPS.contains(&info.map_type) { F_RDONLY_PROG } else { 0 };
        Ok(Self {
            map_type: info.map_type,
            key_size: info.key_size,
            value_size: info.value_size,
            max_entries: info.max_entries,
            flags: info.flags & !own,
            map_extra: info.map_extra,
        })
    }

    fn get(&self, field: MapField) -> u64 {
        match field {
            MapField::Type => self.map_type.into(),
            MapField::KeySize => self.key_size.into(),
            MapField::ValueSize => self.value_size.into(),
            MapField::MaxEntries => self.max_entries.into(),
            MapField::Flags => self.flags.into(),
            MapField::MapExtra => self.map_extra,
        }
    }

    /// The map that is pinned under a name in a directory, if there is one; a map that differs is refused.
    pub(crate) fn find(
        &self,
        directory: &Directory,
        item: &'static str,
        name: &str,
    ) -> Result<Option<Fd>, Error> {
        let name = CPath::new(name).map_err(|kind| Error::new(Step::CreateMap, kind))?;
        let Some(map) = directory.get(item, name.as_c_str(), Step::CreateMap)? else { return Ok(None) };
        self.require(&map).map_err(|error| directory.locate(error, name.as_c_str()))?;
        Ok(Some(map))
    }

    /// Refuses a map that differs from this one.
    pub(crate) fn require(&self, map: &Fd) -> Result<(), Error> {
        let found = Self::of(map)?;
        let different = MapField::ALL.into_iter().find(|&field| found.get(field) != self.get(field));
        different.map_or(Ok(()), |field| {
            let kind = ErrorKind::IncompatibleMap { field, found: found.get(field), wanted: self.get(field) };
            Err(Error::new(Step::CreateMap, kind)
                .with_comparison(format_args!("{}", Table { found, wanted: *self })))
        })
    }
}

/// Both sides, field by field.
struct Table {
    found: MapProperties,
    wanted: MapProperties,
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "  {:<12}{:>20}{:>20}", "", "that map", "the object")?;
        for field in MapField::ALL {
            let (found, wanted) = (self.found.get(field), self.wanted.get(field));
            let mark = if found == wanted { "" } else { "  <--" };
            f.write_char('\n')?;
            match field {
                MapField::Flags | MapField::MapExtra => {
                    write!(f, "  {:<12}{found:>#20x}{wanted:>#20x}{mark}", field.name())?;
                }
                _ => write!(f, "  {:<12}{found:>20}{wanted:>20}{mark}", field.name())?,
            }
        }
        Ok(())
    }
}

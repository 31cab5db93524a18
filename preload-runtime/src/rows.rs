//! The rows of a skeleton: structs with a field for each map, program or link, before load and after.
//!
//! An object may have thousands of them, and each costs the compiler of whoever names the object. So generated code says of a
//! field no more than what it starts as and which index it has; what is done with all of them is done here, by index.

use core::fmt;
use core::mem;

use crate::choice::MapChoice;
use crate::handles::{Link, Map, Program};
use crate::plan::Plan;
use crate::skeleton::OpenMap;

/// Puts something in the place of an empty item, which has nothing that would have to be closed.
pub(crate) fn set<T>(empty: &mut T, item: T) {
    mem::forget(mem::replace(empty, item));
}

/// A map, whatever it knows of its types.
pub trait AsMap {
    /// The map alone.
    fn as_map_mut(&mut self) -> &mut Map;
}

impl AsMap for Map {
    #[inline]
    fn as_map_mut(&mut self) -> &mut Map {
        self
    }
}

/// A row of a loaded skeleton.
pub trait Row: Sized {
    /// What each of its fields can be taken for.
    type Item;

    /// The row before it is filled.
    fn empty() -> Self;

    /// The field at an index.
    fn at(&self, index: usize) -> Option<&Self::Item>;

    /// The field at an index, to be changed.
    fn at_mut(&mut self, index: usize) -> Option<&mut Self::Item>;
}

/// A row of so many choices before load.
pub trait OpenRow<const FIELDS: usize>: Sized {
    /// What each of its fields is.
    type Item: Clone + fmt::Debug;

    /// The choices before they are made.
    fn new() -> Self;

    /// All fields.
    fn all(&self) -> [&Self::Item; FIELDS];

    /// The field at an index, to be changed.
    fn at_mut(&mut self, index: usize) -> Option<&mut Self::Item>;
}

/// The same choices again.
pub fn copy<R: OpenRow<FIELDS>, const FIELDS: usize>(row: &R) -> R {
    let mut copy = R::new();
    for (index, item) in row.all().into_iter().enumerate() {
        if let Some(place) = copy.at_mut(index) {
            *place = item.clone();
        }
    }
    copy
}

/// The choices for the map at an index of the plan; `maps` says which maps those of the row are, in order.
pub fn open_map_at<'a, R: OpenRow<FIELDS, Item = OpenMap>, const FIELDS: usize>(
    row: &'a mut R,
    maps: &[usize; FIELDS],
    index: usize,
) -> Option<&'a mut OpenMap> {
    row.at_mut(maps.binary_search(&index).ok()?)
}

/// What was chosen for all maps of the plan: those of the row, and the data sections with variables.
pub fn map_choices<'a, const MAPS: usize, const FIELDS: usize>(
    row: [&'a OpenMap; FIELDS],
    maps: &[usize; FIELDS],
    sections: &[(usize, MapChoice<'a>)],
) -> [MapChoice<'a>; MAPS] {
    let mut choices = [MapChoice::Nothing; MAPS];
    put_choices(&mut choices, &row, maps, sections);
    choices
}

fn put_choices<'a>(
    choices: &mut [MapChoice<'a>],
    row: &[&'a OpenMap],
    maps: &[usize],
    sections: &[(usize, MapChoice<'a>)],
) {
    let row = maps.iter().zip(row).map(|(&index, open)| (index, MapChoice::Map(open)));
    for (index, choice) in row.chain(sections.iter().copied()) {
        if let Some(place) = choices.get_mut(index) {
            *place = choice;
        }
    }
}

/// Shows the maps of a skeleton.
pub fn show_maps<R: Row<Item = Map>>(plan: &Plan, row: &R, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    show("Maps", plan.maps.iter().enumerate().map(|(index, map)| (map.name, row.at(index))), f)
}

/// Shows the programs of a skeleton.
pub fn show_programs<R: Row<Item = Program>>(
    plan: &Plan,
    row: &R,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    show("Progs", plan.programs.iter().enumerate().map(|(index, program)| (program.name, row.at(index))), f)
}

/// Shows the links of a skeleton.
pub fn show_links<R: Row<Item = Option<Link>>>(
    plan: &Plan,
    row: &R,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let links = (0..).map_while(|index| Some((plan.link(index)?.name, row.at(index))));
    show("Links", links, f)
}

/// Shows what was chosen for maps.
pub fn show_open_maps<R: OpenRow<FIELDS, Item = OpenMap>, const FIELDS: usize>(
    plan: &Plan,
    row: &R,
    maps: &[usize; FIELDS],
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let names = maps.iter().map(|&index| plan.maps.get(index).map_or("", |map| map.name));
    show("OpenMaps", names.zip(row.all().map(Some)), f)
}

/// Shows what was chosen for programs.
pub fn show_open_programs<R: OpenRow<FIELDS>, const FIELDS: usize>(
    plan: &Plan,
    row: &R,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    show("OpenProgs", plan.programs.iter().map(|program| program.name).zip(row.all().map(Some)), f)
}

fn show<'a, T: fmt::Debug + 'a>(
    name: &str,
    fields: impl Iterator<Item = (&'static str, Option<&'a T>)>,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let mut shown = f.debug_struct(name);
    for (name, item) in fields {
        if let Some(item) = item {
            shown.field(name, item);
        }
    }
    shown.finish()
}

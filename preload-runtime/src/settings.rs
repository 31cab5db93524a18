//! What was chosen before load, as one number: the same for the same choices, whatever compiled this crate.

use crate::choice::MapChoice;
use crate::kconfig::OpenKconfig;
use crate::preload::Access;
use crate::skeleton::OpenProgram;

/// A choice: each is written down in a form of its own.
///
/// The letters are never given to anything else, so that what one release has recorded never means something else to
/// another; a choice that is new gets a new one.
#[derive(Clone, Copy)]
#[repr(u8)]
enum Choice {
    /// The number of entries of a map.
    Entries = b'e',
    /// Whether a map is shared by its name.
    PinnedByName = b'n',
    /// The values of a data section's variables, where they are not those of the object.
    Variables = b'v',
    /// Whether a program is loaded.
    Autoload = b'a',
    /// Whether it is attached with all others.
    Autoattach = b't',
    /// What `bpf_get_attach_cookie` gives it.
    Cookie = b'c',
    /// What is known of the kernel's configuration.
    Kconfig = b'k',
    /// The mode of the directory.
    DirectoryMode = b'd',
    /// The mode of the pins.
    PinMode = b'p',
    /// The owner of directory and pins.
    Owner = b'o',
}

/// Fowler, Noll and Vo's function (FNV-1a) of the choices.
pub(crate) struct Settings(u64);

impl Settings {
    /// The number for all choices of a preload.
    pub(crate) fn of(
        maps: &[MapChoice<'_>],
        programs: &[&OpenProgram],
        kconfig: Option<&OpenKconfig>,
        access: &Access,
    ) -> u64 {
        let mut settings = Self(0xcbf2_9ce4_8422_2325);
        for (index, map) in maps.iter().enumerate() {
            if let Some(variables) = map.variables() {
                settings.add(Choice::Variables, index, &variables.to_le_bytes());
            }
            if let Some(map) = map.open() {
                settings.add(Choice::Entries, index, &map.max_entries().to_le_bytes());
                settings.add(Choice::PinnedByName, index, &[u8::from(map.pinned_by_name())]);
            }
        }
        for (index, program) in programs.iter().enumerate() {
            settings.add(Choice::Autoload, index, &[u8::from(program.autoload())]);
            settings.add(Choice::Autoattach, index, &[u8::from(program.autoattach())]);
            settings.add(Choice::Cookie, index, &program.cookie().to_le_bytes());
        }
        if let Some(kconfig) = kconfig {
            for (index, byte) in kconfig.identity().enumerate() {
                settings.add(Choice::Kconfig, index, &[byte]);
            }
        }
        settings.add(Choice::DirectoryMode, 0, &access.directory_mode.to_le_bytes());
        if let Some(mode) = access.pin_mode {
            settings.add(Choice::PinMode, 0, &mode.to_le_bytes());
        }
        if let Some((user, group)) = access.owner {
            settings.add(Choice::Owner, 0, &user.to_le_bytes());
            settings.add(Choice::Owner, 1, &group.to_le_bytes());
        }
        settings.0
    }

    /// Adds a choice for the map or program at an index of the plan. With the length in front, no two rows of choices
    /// come to the same bytes.
    fn add(&mut self, choice: Choice, index: usize, value: &[u8]) {
        self.bytes(&[choice as u8]);
        self.bytes(&(index as u64).to_le_bytes());
        self.bytes(&(value.len() as u64).to_le_bytes());
        self.bytes(value);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::MapPlan;
    use crate::plan::tests::PROGRAMS;
    use crate::skeleton::OpenMap;

    #[test]
    fn each_choice_makes_a_difference() {
        let sized = |max_entries| OpenMap::new(&MapPlan { max_entries, ..MapPlan::EMPTY });
        let (small, large, mut shared) = (sized(16), sized(17), sized(16));
        shared.set_pinned_by_name(true);
        let maps = [MapChoice::Nothing, MapChoice::Map(&small)];
        let loaded = OpenProgram::new(&PROGRAMS[0]);
        let (mut left_out, mut by_hand, mut with_cookie) = (loaded.clone(), loaded.clone(), loaded.clone());
        left_out.set_autoload(false);
        by_hand.set_autoattach(false);
        with_cookie.set_cookie(7);
        let programs = [&loaded, &left_out];
        let settings = Settings::of(&maps, &programs, None, &Access::DEFAULT);
        // It is recorded in a bpffs, where a later release finds it.
        assert_eq!(settings, 0xbec5_2f98_2e88_c8ce);
        let others = [
            Settings::of(&[MapChoice::Nothing, MapChoice::Map(&large)], &programs, None, &Access::DEFAULT),
            Settings::of(&[MapChoice::Nothing, MapChoice::Map(&shared)], &programs, None, &Access::DEFAULT),
            Settings::of(&[MapChoice::Map(&small), MapChoice::Nothing], &programs, None, &Access::DEFAULT),
            Settings::of(&maps, &[&left_out, &loaded], None, &Access::DEFAULT),
            Settings::of(&maps, &[&by_hand, &left_out], None, &Access::DEFAULT),
            Settings::of(&maps, &[&with_cookie, &left_out], None, &Access::DEFAULT),
            Settings::of(&maps, &programs, None, &Access { directory_mode: 0o755, ..Access::DEFAULT }),
            Settings::of(&maps, &programs, None, &Access { pin_mode: Some(0o600), ..Access::DEFAULT }),
            Settings::of(&maps, &programs, None, &Access { owner: Some((0, 0)), ..Access::DEFAULT }),
        ];
        for (index, other) in others.iter().enumerate() {
            assert!(*other != settings && !others[..index].contains(other), "{index}");
        }
    }
}

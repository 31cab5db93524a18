//! USDT probes, in the test program itself: their notes are written as `sys/sdt.h` writes them.

#![allow(unsafe_code, reason = "probes are written in assembly")]
#![allow(
    named_asm_labels,
    reason = "`_.stapsdt.base` is the name that is looked for, and one symbol however often it is written"
)]

use std::arch::asm;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU16, Ordering};

use crate::features::{counters, preloaded};
use crate::harness::{Need, Outcome, Test, equal};
use crate::witness::over;

/// Arguments are asked for with CO-RE or with a cookie; several places and sleeping take a link of many places.
const USDT: &[Need] = &[Need::Kernel(5, 17), Need::Pmu("uprobe")];
const PLACES: &[Need] = &[Need::Kernel(6, 6), Need::Pmu("uprobe")];

pub(super) const TESTS: &[Test] = &[
    Test { name: "features::usdt", needs: USDT, run: one_place },
    Test { name: "features::usdt_at_several_places", needs: PLACES, run: several_places },
];

/// A `nop`, and the note that tells of it: provider, name, arguments, semaphore.
///
/// A dollar sign is written as `\\044`, because inline assembly has a meaning for it.
macro_rules! probe {
    ($name:literal, $arguments:literal, $semaphore:literal, $($operands:tt)*) => {
        // SAFETY: one instruction that does nothing; the rest goes into other sections.
        unsafe {
            asm!(
                "990: nop",
                ".pushsection .note.stapsdt,\"\",\"note\"",
                ".balign 4",
                ".4byte 992f-991f, 994f-993f, 3",
                "991: .asciz \"stapsdt\"",
                "992: .balign 4",
                "993: .8byte 990b",
                ".8byte _.stapsdt.base",
                concat!(".8byte ", $semaphore),
                ".asciz \"preload_tests\"",
                concat!(".asciz \"", $name, "\""),
                concat!(".asciz \"", $arguments, "\""),
                "994: .balign 4",
                ".popsection",
                ".ifndef _.stapsdt.base",
                ".pushsection .stapsdt.base,\"aG\",\"progbits\",.stapsdt.base,comdat",
                ".weak _.stapsdt.base",
                ".hidden _.stapsdt.base",
                "_.stapsdt.base: .space 1",
                ".size _.stapsdt.base, 1",
                ".popsection",
                ".endif",
                $($operands)*
                options(nostack, preserves_flags),
            );
        }
    };
}

/// Counts who looks at the probe `event`; the kernel does it.
#[unsafe(link_section = ".probes")]
static SEMAPHORE: AtomicU16 = AtomicU16::new(0);

/// The probes are those of all tests of this process: one at a time passes them.
static ALONE: Mutex<()> = Mutex::new(());

fn semaphore() -> u16 {
    SEMAPHORE.load(Ordering::Relaxed)
}

#[inline(never)]
fn event(small: i32, memory: &u64) {
    probe!(
        "event", "-4@%edi 8@(%rsi) -2@\\044-9", "{semaphore}",
        semaphore = sym SEMAPHORE, in("rdi") i64::from(small), in("rsi") memory,
    );
}

#[inline(never)]
fn places(value: u64) {
    probe!("places", "8@%rcx", "0", in("rcx") value,);
    probe!("places", "8@%rdx", "0", in("rdx") value,);
}

fn seen(pins: &Path, link: &str) -> Result<impl Fn(&str) -> Option<i64>, libtest_mimic::Failed> {
    let values = counters(&pins.join(link))?;
    Ok(move |name: &str| values.get(name).map(|&value| value as i64))
}

fn one_place() -> Outcome {
    let _alone = ALONE.lock();
    equal(semaphore(), 0, "who looks before")?;
    preloaded("usdt", &["on_event"], |pins| {
        equal(semaphore(), 1, "who looks")?;
        event(-3, &0x1234_5678_9abc);
        let seen = seen(pins, "on_event")?;
        for (name, expected) in [
            ("hits", 1),
            ("count", 3),
            ("cookie", 77),
            ("first", -3),
            ("second", 0x1234_5678_9abc),
            ("third", -9),
        ] {
            equal(seen(name), Some(expected), name)?;
        }
        Ok(())
    })?;
    over("who looks", || Ok(semaphore() != 0))
}

fn several_places() -> Outcome {
    let _alone = ALONE.lock();
    preloaded("usdt_places", &["on_places", "on_event"], |pins| {
        places(21);
        event(0, &7);
        let seen = seen(pins, "on_places")?;
        for (name, expected) in [("hits", 2), ("sum", 42), ("second", 7)] {
            equal(seen(name), Some(expected), name)?;
        }
        Ok(())
    })
}

//! Where the kernel allows one program only: the new one takes the place of the old one in its link.

use std::net::UdpSocket;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use libtest_mimic::Failed;
use preload_runtime::{Existing, Preload, Preloaded};

use super::refused;
use crate::attach::placed::in_network;
use crate::child::race_rounds;
use crate::harness::{Outcome, ensure, equal};
use crate::objects::exclusive;
use crate::witness::{Bpffs, marks, number, pinned_id, show};

/// Packets that the map has room for.
const PACKETS: u32 = 1_048_576;

/// The id of the program behind a pinned link.
fn program(link: &Path) -> Result<u32, Failed> {
    number(&show(&["link".as_ref(), "show".as_ref(), "pinned".as_ref(), link.as_os_str()])?, "prog_id")
}

/// The link stays, its program is another one, and what else is in the set is new.
pub(super) fn replaced() -> Outcome {
    in_network(|| {
        let bpffs = Bpffs::mount()?;
        drop(exclusive::Skel::preload(bpffs.path())?);
        let (watch, beside) = (bpffs.join("exclusive/watch"), bpffs.join("exclusive/beside"));
        let before = (pinned_id("link", &watch)?, program(&watch)?, pinned_id("link", &beside)?);
        let replace = || Preload::at(bpffs.path()).existing(Existing::Replace);
        let replaced = exclusive::Skel::open().preload(replace())?;
        ensure(matches!(replaced, Preloaded::Replaced(_)), || format!("{replaced:?}"))?;
        drop(replaced);
        let after = (pinned_id("link", &watch)?, program(&watch)?, pinned_id("link", &beside)?);
        equal(after.0, before.0, "the link")?;
        ensure(after.1 != before.1 && after.2 != before.2, || format!("{after:?} after {before:?}"))?;
        let mut names: Vec<String> = Vec::new();
        for entry in bpffs.join("exclusive").read_dir()? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        equal(names, ["__preload0", "beside", "passed", "watch"].map(str::to_owned).to_vec(), "the set")?;
        equal(bpffs.list("")?, vec!["exclusive".to_owned()], "what is left")
    })
}

/// A program of somebody else's is no predecessor.
pub(super) fn not_ours() -> Outcome {
    in_network(|| {
        let (bpffs, other) = (Bpffs::mount()?, Bpffs::mount()?);
        drop(exclusive::Skel::preload(other.path())?);
        let theirs = program(&other.join("exclusive/watch"))?;
        let error = refused(exclusive::Skel::preload(bpffs.path()))?;
        ensure(error.to_string().contains("another XDP program"), || error.to_string())?;
        equal(bpffs.list("")?, Vec::new(), "what is left")?;
        equal(program(&other.join("exclusive/watch"))?, theirs, "their program")
    })
}

/// Packets keep coming while the program is replaced: the old one or the new one sees each.
pub(super) fn under_load() -> Outcome {
    in_network(|| {
        let bpffs = Bpffs::mount()?;
        drop(exclusive::Skel::preload(bpffs.path())?);
        let link = pinned_id("link", &bpffs.join("exclusive/watch"))?;
        let (stop, sent) = (AtomicBool::new(false), AtomicU32::new(0));
        let socket = UdpSocket::bind("127.0.0.1:4711")?;
        socket.set_read_timeout(Some(Duration::from_secs(60)))?;
        thread::scope(|scope| -> Outcome {
            let generator = scope.spawn(|| -> Outcome {
                let mut packet = [0; 4];
                for number in 0..PACKETS {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    socket.send_to(&number.to_le_bytes(), "127.0.0.1:4711")?;
                    // Once it has come, it has passed the program.
                    socket.recv(&mut packet)?;
                    sent.store(number + 1, Ordering::Relaxed);
                }
                Ok(())
            });
            let result = (0..race_rounds()).try_for_each(|_| -> Outcome {
                let options = Preload::at(bpffs.path()).existing(Existing::Replace).carry_maps(true);
                drop(exclusive::Skel::open().preload(options)?);
                Ok(())
            });
            stop.store(true, Ordering::Relaxed);
            generator.join().map_err(|_| "the generator panicked")??;
            result
        })?;
        let sent = sent.into_inner();
        let passed = marks(&bpffs.join("exclusive/passed"))?;
        let missed: u32 = (0..sent.div_ceil(64))
            .map(|word| {
                let mask = u64::MAX >> (64 - (sent - word * 64).min(64));
                (!passed.get(&u64::from(word)).copied().unwrap_or_default() & mask).count_ones()
            })
            .sum();
        println!("in place: {sent} packets, {} replacements, {missed} not seen", race_rounds());
        ensure(sent > 0, || "no packet was sent".into())?;
        equal(missed, 0, "packets that were not seen")?;
        equal(pinned_id("link", &bpffs.join("exclusive/watch"))?, link, "the link")
    })
}

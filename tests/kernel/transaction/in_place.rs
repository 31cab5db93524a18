//! Where the kernel allows one program only: the new one takes the place of the old one in its link.

use std::net::UdpSocket;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use libtest_mimic::Failed;
use preload_runtime::{Errno, Existing, Preload, Preloaded};

use super::refused;
use crate::attach::placed::events::{V4, connection, raw_packet};
use crate::attach::placed::objects::{netfilter, netns, sockets};
use crate::attach::placed::sockets::{put, talk};
use crate::attach::placed::{counts, in_network};
use crate::child::race_rounds;
use crate::faults::gapless::Pace;
use crate::harness::{Outcome, ensure, equal};
use crate::objects::exclusive;
use crate::witness::{Bpffs, gone, marks, number, over, pinned_id, show};

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

/// The links in a set, by the names of their pins, and the programs behind them.
fn pinned<const LINKS: usize>(
    bpffs: &Bpffs,
    set: &str,
    names: [&str; LINKS],
) -> Result<([u32; LINKS], [u32; LINKS]), Failed> {
    let (mut links, mut programs) = ([0; LINKS], [0; LINKS]);
    for ((name, link), id) in names.iter().zip(&mut links).zip(&mut programs) {
        let pin = bpffs.join(set).join(name);
        (*link, *id) = (pinned_id("link", &pin)?, program(&pin)?);
    }
    Ok((links, programs))
}

/// A flow dissector is alone in its namespace, a lookup of sockets is not.
pub(super) fn namespace() -> Outcome {
    in_network(|| {
        let bpffs = Bpffs::mount()?;
        let names = ["dissect", "look_up"];
        drop(netns::Skel::preload(bpffs.path())?);
        let ([dissect, look_up], old) = pinned(&bpffs, "netns", names)?;
        let options = Preload::at(bpffs.path()).existing(Existing::Replace);
        let replaced = netns::Skel::open().preload(options)?.skeleton().ok_or("nothing was replaced")?;
        counts(&replaced.maps.bss, "dissected", &raw_packet)?;
        drop(replaced);
        let ([dissect_now, look_up_now], new) = pinned(&bpffs, "netns", names)?;
        equal(dissect_now, dissect, "the link of the flow dissector")?;
        ensure(look_up_now != look_up, || "the lookup has the old link".into())?;
        ensure(old.iter().all(|id| !new.contains(id)), || format!("{new:?} after {old:?}"))?;
        netns::unpin(bpffs.path())?;
        gone("link", dissect)
    })
}

/// Three hooks of a map of sockets that is carried over; with a new map, there is nothing to take.
pub(super) fn map_of_sockets() -> Outcome {
    in_network(|| {
        let bpffs = Bpffs::mount()?;
        let names = ["on_message", "parse", "judge"];
        let replace = |carry| -> Result<sockets::Skel, Failed> {
            let options = Preload::at(bpffs.path()).existing(Existing::Replace).carry_maps(carry);
            Ok(sockets::Skel::open().preload(options)?.skeleton().ok_or("nothing was replaced")?)
        };
        drop(sockets::Skel::preload(bpffs.path())?);
        let (links, old) = pinned(&bpffs, "sockets", names)?;
        let skel = replace(true)?;
        let (links_now, new) = pinned(&bpffs, "sockets", names)?;
        equal(links_now, links, "the links")?;
        ensure(old.iter().all(|id| !new.contains(id)), || format!("{new:?} after {old:?}"))?;
        let (client, server) = connection(V4)?;
        put(&skel.maps.sockets, 0, &client)?;
        counts(&skel.maps.bss, "messages", &|| talk(&mut &client, &mut &server))?;
        drop((skel, client, server));

        drop(replace(false)?);
        let (links_now, newest) = pinned(&bpffs, "sockets", names)?;
        ensure(links.iter().all(|id| !links_now.contains(id)), || format!("{links_now:?} after {links:?}"))?;
        ensure(new.iter().all(|id| !newest.contains(id)), || format!("{newest:?} after {new:?}"))?;
        links.into_iter().try_for_each(|link| gone("link", link))
    })
}

/// A link at a netfilter hook keeps its program: the old set stays, and the error says what to do.
pub(super) fn netfilter_hook() -> Outcome {
    in_network(|| {
        let bpffs = Bpffs::mount()?;
        let names = ["count_input", "count_output"];
        drop(netfilter::Skel::preload(bpffs.path())?);
        let before = pinned(&bpffs, "netfilter", names)?;
        let replace = || {
            let options = Preload::at(bpffs.path()).existing(Existing::Replace);
            netfilter::Skel::open().preload(options)
        };
        let error = refused(replace())?;
        ensure(error.to_string().contains("to be replaced, unpin that first"), || error.to_string())?;
        equal(pinned(&bpffs, "netfilter", names)?, before, "the old set")?;
        netfilter::unpin(bpffs.path())?;
        // The kernel frees links that were pinned a little later, and the hook after the number of the link.
        before.0.into_iter().try_for_each(|link| gone("link", link))?;
        over("the old programs at the hook", || match replace() {
            Err(error) if error.errno() == Some(Errno::EBUSY) => Ok(true),
            replaced => Ok(replaced.map(|_| false)?),
        })?;
        pinned(&bpffs, "netfilter", names).map(drop)
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
        let (stop, sent, pace) = (AtomicBool::new(false), AtomicU32::new(0), Pace::new(PACKETS.into()));
        let socket = UdpSocket::bind("127.0.0.1:4711")?;
        socket.set_read_timeout(Some(Duration::from_secs(60)))?;
        thread::scope(|scope| -> Outcome {
            let generator = scope.spawn(|| -> Outcome {
                let mut packet = [0; 4];
                for number in 0..PACKETS {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    pace.keep(number.into());
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
                pace.next_round();
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
        ensure(sent < PACKETS, || "there were no packets any more at the end".into())?;
        equal(missed, 0, "packets that were not seen")?;
        equal(pinned_id("link", &bpffs.join("exclusive/watch"))?, link, "the link")
    })
}

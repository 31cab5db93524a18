//! An object is replaced over and over while events come in: every event is seen, by the old programs or by the new ones.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use preload_runtime::{Existing, Preload, Preloaded};
use rustix::process::{Pid, getpgid};

use crate::child::race_rounds;
use crate::harness::{Outcome, ensure, equal};
use crate::objects::gapless;
use crate::witness::{Bpffs, marks};

/// The first number that the generator calls `getpgid` with; the program knows it too.
const FIRST: u64 = 0x4000_0000;
/// Events that the map has room for.
const EVENTS: u64 = 4_194_304;

/// Spreads events over the rounds of a test, so that they do not run out before the rounds do: those that are a round's own come as
/// fast as they can, further ones once in a millisecond.
pub(crate) struct Pace {
    /// Rounds that are done.
    rounds: AtomicU64,
    /// Events of each round.
    share: u64,
}

impl Pace {
    /// Half of the events is kept for the slow ones.
    pub(crate) fn new(events: u64) -> Self {
        Self { rounds: AtomicU64::new(0), share: events / 2 / (race_rounds() as u64).max(1) }
    }

    /// A round is done.
    pub(crate) fn next_round(&self) {
        self.rounds.fetch_add(1, Ordering::Relaxed);
    }

    /// To be called before the event of that number.
    pub(crate) fn keep(&self, event: u64) {
        if event >= (self.rounds.load(Ordering::Relaxed) + 1) * self.share {
            thread::sleep(Duration::from_millis(1));
        }
    }
}

pub(super) fn without_a_gap() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let rounds = race_rounds();
    let first = gapless::Skel::preload(bpffs.path())?;
    let (stop, produced, pace) = (AtomicBool::new(false), AtomicU64::new(0), Pace::new(EVENTS));
    thread::scope(|scope| -> Outcome {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                let event = produced.load(Ordering::Relaxed);
                if event == EVENTS {
                    break;
                }
                pace.keep(event);
                // No process has that number; the call itself is the event.
                let pid = i32::try_from(FIRST + event).ok().and_then(Pid::from_raw);
                let _ = getpgid(pid);
                produced.store(event + 1, Ordering::Relaxed);
            }
        });
        drop(first);
        let replace = || -> Outcome {
            for _ in 0..rounds {
                let options = Preload::at(bpffs.path()).existing(Existing::Replace).carry_maps(true);
                let replaced = gapless::Skel::open().preload(options)?;
                ensure(matches!(replaced, Preloaded::Replaced(_)), || format!("{replaced:?}"))?;
                drop(replaced);
                pace.next_round();
            }
            Ok(())
        };
        let result = replace();
        stop.store(true, Ordering::Relaxed);
        result
    })?;
    let produced = produced.into_inner();
    let (begun, ended) = (marks(&bpffs.join("gapless/seen"))?, marks(&bpffs.join("gapless/seen_again"))?);
    let (mut once, mut never) = (0, 0);
    for word in 0..produced.div_ceil(64) {
        let events = (produced - word * 64).min(64);
        let mask = u64::MAX >> (64 - events);
        let [begun, ended] = [&begun, &ended].map(|marks| marks.get(&word).copied().unwrap_or_default());
        // The kernel may leave out one of the two, for reasons of its own; a gap would swallow both.
        once += ((begun ^ ended) & mask).count_ones();
        never += (!(begun | ended) & mask).count_ones();
    }
    println!(
        "gapless: {produced} events, {rounds} replacements, {never} not seen, {once} seen once instead of twice"
    );
    ensure(produced > 0, || "no event was produced".into())?;
    ensure(produced < EVENTS, || "there were no events any more at the end".into())?;
    equal(never, 0, "events that were not seen")
}

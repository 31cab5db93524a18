//! LSM programs that are shown to users: the guard of `examples/guard.rs`, what it keeps and what it leaves alone; that of the guide.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::process::Command;

use crate::features::{counts, preloaded};
use crate::harness::{Need, Outcome, Test, ensure, equal};
use crate::objects::{guard, plain};
use crate::witness::{Bpffs, bpftool, pinned_id, run};

const GUIDE: &[Need] = &[Need::BpfLsm, Need::NoLockdown];
const NEEDS: &[Need] = &[Need::Kernel(5, 17), Need::BpfLsm, Need::NoLockdown];

pub(crate) const TESTS: &[Test] = &[
    Test { name: "guard::keeps_pins_and_mount", needs: NEEDS, run: keeps },
    Test { name: "guard::and_that_of_the_guide", needs: GUIDE, run: guide },
];

/// Preloaded by a process that ends, it goes on counting; what the guide shows of it is in `tests/guide.rs`.
fn guide() -> Outcome {
    preloaded("opens", &["count_opens"], |pins| counts(&pins.join("count_opens"), "opened"))
}

/// Disarms it at the end of the test, whatever has become of it; nobody else could.
struct Armed<'a>(&'a guard::Skel);

impl Drop for Armed<'_> {
    fn drop(&mut self) {
        if let Ok(bss) = self.0.maps.bss.map() {
            bss.fields().device.set(0);
        }
    }
}

/// That a command is refused for want of permission; what it says.
fn refused(program: &str, arguments: &[&str]) -> Outcome {
    let output = Command::new(program).args(arguments).output()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure(!output.status.success(), || format!("{program} {arguments:?} went well"))?;
    ensure(said.contains("ermission denied") || said.contains("not permitted"), || said.clone())
}

fn keeps() -> Outcome {
    let (bpffs, other) = (Bpffs::mount()?, Bpffs::mount()?);
    let skel = guard::Skel::preload(bpffs.path())?;
    plain::preload(bpffs.path())?;
    plain::unload();
    plain::preload(other.path())?;
    plain::unload();
    let pin = bpffs.join("guard/keep_pin");
    let link = pinned_id("link", &pin)?;
    let (path, name) = (pin.display().to_string(), bpffs.path().display().to_string());

    let bss = skel.maps.bss.map()?;
    let own_map = skel.maps.bss.id()?;
    bss.fields().own_map.set(own_map);
    // A file system without a disk has the major number 0.
    bss.fields().device.set(u32::try_from(fs::metadata(bpffs.path())?.dev())?);
    let armed = Armed(&skel);

    refused("rm", &["-f", &path])?;
    refused("rm", &["-rf", &bpffs.join("plain").display().to_string()])?;
    refused(
        "mv",
        &["-T", &bpffs.join("plain").display().to_string(), &bpffs.join("away").display().to_string()],
    )?;
    refused("umount", &[&name])?;
    refused("umount", &["-l", &name])?;
    // All its variables to zero would disarm it.
    let update = format!("map update id {own_map} key {}value{}", "0 ".repeat(4), " 0".repeat(16));
    refused("bpftool", &update.split(' ').collect::<Vec<_>>())?;
    ensure(plain::unpin(bpffs.path()).is_err(), || "the runtime has unpinned it".into())?;

    equal(pinned_id("link", &pin)?, link, "the link that was there")?;
    ensure(bpftool("link")?.contains_key(&link), || "its link is gone".into())?;
    ensure(bss.fields().refused.get() >= 5, || format!("{} refusals", bss.fields().refused.get()))?;

    // What is not in that bpffs is nobody's business.
    run(Command::new("rm").args(["-rf", &other.join("plain").display().to_string()]))?;
    let file = tempfile::NamedTempFile::new()?;
    run(Command::new("rm").arg(file.path()))?;

    drop(armed);
    run(Command::new("rm").args(["-f", &path]))?;
    Ok(())
}

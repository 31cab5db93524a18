//! On cgroups.

use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::Failed;
use preload_runtime::target::{Direction, Order};
use preload_runtime::{Attachment, Link, Map, Skeleton};

use super::events::in_cgroup;
use super::objects::{cgroup, cgroup_unix, lsm_cgroup};
use super::{counter, in_network, lives_by_its_pin};
use crate::harness::{Need, Outcome, Test, ensure, equal};

const UNIX: &[Need] = &[Need::Kernel(6, 7)];
const LSM: &[Need] = &[Need::Kernel(6, 0), Need::BpfLsm, Need::NoLockdown];
const ORDER: &[Need] = &[Need::Kernel(6, 17)];

pub(super) const TESTS: &[Test] = &[
    Test { name: "attach::cgroup_pins", needs: &[], run: pins },
    Test { name: "attach::cgroup_kinds", needs: &[], run: kinds },
    Test { name: "attach::cgroup_unix_addresses", needs: UNIX, run: unix_addresses },
    Test { name: "attach::cgroup_in_order", needs: ORDER, run: in_order },
    Test { name: "attach::lsm_cgroup", needs: LSM, run: lsm },
];

/// A cgroup of the test's own, which goes with it.
pub(in crate::attach) struct Cgroup(PathBuf);

impl Cgroup {
    pub(in crate::attach) fn new(name: &str) -> Result<Self, Failed> {
        let path = root().join(format!("preload_{name}_{}", std::process::id()));
        fs::create_dir(&path).map_err(|error| format!("cannot make {}: {error}", path.display()))?;
        Ok(Self(path))
    }

    pub(in crate::attach) fn path(&self) -> &Path {
        &self.0
    }
}

/// Where cgroups of version 2 are: beside those of version 1, or alone.
pub(in crate::attach) fn root() -> &'static Path {
    let beside = Path::new("/sys/fs/cgroup/unified");
    if beside.exists() { beside } else { Path::new("/sys/fs/cgroup") }
}

impl Drop for Cgroup {
    fn drop(&mut self) {
        // Processes that have ended may be counted a moment longer.
        let gone = (0..1000).any(|_| fs::remove_dir(&self.0).is_ok());
        if !gone {
            eprintln!("cannot remove {}", self.0.display());
        }
    }
}

fn pins() -> Outcome {
    in_network(|| {
        let cgroup = Cgroup::new("pins")?;
        let skel = cgroup::Skel::open().load()?;
        let link = skel.progs.connect4.attach_cgroup(cgroup.path())?;
        let attachment = link.info()?.attachment;
        let id =
            fs::metadata(cgroup.path()).map(|metadata| std::os::linux::fs::MetadataExt::st_ino(&metadata))?;
        equal(attachment, Attachment::Cgroup { cgroup_id: id, attach_type: 10 }, "what it is attached to")?;
        lives_by_its_pin(link, &skel.maps.bss, "connect4_count", &|| in_cgroup(cgroup.path()))
    })
}

/// All programs are attached, and each is called.
fn kinds() -> Outcome {
    in_network(|| {
        let cgroup = Cgroup::new("kinds")?;
        let skel = cgroup::Skel::open().load()?;
        let (progs, path) = (&skel.progs, cgroup.path());
        let links: [Link; 26] = [
            progs.skb_ingress.attach_cgroup(path)?,
            progs.skb_egress.attach_cgroup(path)?,
            progs.skb_either.attach_cgroup(path, Direction::Ingress)?,
            progs.skb_either.attach_cgroup(path, Direction::Egress)?,
            progs.sock.attach_cgroup(path)?,
            progs.sock_create.attach_cgroup(path)?,
            progs.sock_release.attach_cgroup(path)?,
            progs.post_bind4.attach_cgroup(path)?,
            progs.post_bind6.attach_cgroup(path)?,
            progs.bind4.attach_cgroup(path)?,
            progs.bind6.attach_cgroup(path)?,
            progs.connect4.attach_cgroup(path)?,
            progs.connect6.attach_cgroup(path)?,
            progs.sendmsg4.attach_cgroup(path)?,
            progs.sendmsg6.attach_cgroup(path)?,
            progs.recvmsg4.attach_cgroup(path)?,
            progs.recvmsg6.attach_cgroup(path)?,
            progs.getpeername4.attach_cgroup(path)?,
            progs.getpeername6.attach_cgroup(path)?,
            progs.getsockname4.attach_cgroup(path)?,
            progs.getsockname6.attach_cgroup(path)?,
            progs.sysctl.attach_cgroup(path)?,
            progs.getsockopt.attach_cgroup(path)?,
            progs.setsockopt.attach_cgroup(path)?,
            progs.device.attach_cgroup(path)?,
            progs.operate.attach_cgroup(path)?,
        ];
        called(&skel, &skel.maps.bss, path)?;
        drop(links);
        Ok(())
    })
}

fn unix_addresses() -> Outcome {
    in_network(|| {
        let cgroup = Cgroup::new("unix")?;
        let skel = cgroup_unix::Skel::open().load()?;
        let (progs, path) = (&skel.progs, cgroup.path());
        let links: [Link; 5] = [
            progs.connect_unix.attach_cgroup(path)?,
            progs.sendmsg_unix.attach_cgroup(path)?,
            progs.recvmsg_unix.attach_cgroup(path)?,
            progs.getpeername_unix.attach_cgroup(path)?,
            progs.getsockname_unix.attach_cgroup(path)?,
        ];
        called(&skel, &skel.maps.bss, path)?;
        drop(links);
        Ok(())
    })
}

/// Every program of the object is called by what a process of the cgroup does, and by nothing outside.
fn called(skel: &impl Skeleton, bss: &Map, cgroup: &Path) -> Outcome {
    super::events::packet(super::events::V4)?;
    let uncalled = || -> Result<Vec<&str>, Failed> {
        let mut names = Vec::new();
        for program in skel.programs() {
            if counter(bss, &format!("{}_count", program.name()))? == 0 {
                names.push(program.name());
            }
        }
        Ok(names)
    };
    equal(uncalled()?.len(), skel.programs().count(), "programs not called before")?;
    in_cgroup(cgroup)?;
    equal(uncalled()?, Vec::new(), "programs not called")
}

fn in_order() -> Outcome {
    in_network(|| {
        let cgroup = Cgroup::new("order")?;
        let skel = cgroup::Skel::open().load()?;
        let first = skel.progs.connect4.attach_cgroup(cgroup.path())?;
        let other = cgroup::Skel::open().load()?;
        let second = other.progs.connect4.attach_cgroup_at(cgroup.path(), Order::before_link(&first))?;
        let shown = crate::witness::run(
            std::process::Command::new("bpftool").args(["--json", "cgroup", "show"]).arg(cgroup.path()),
        )?;
        let shown: serde_json::Value = serde_json::from_slice(&shown.stdout)?;
        let ids: Vec<u64> = shown
            .as_array()
            .ok_or("bpftool shows no list")?
            .iter()
            .filter_map(|program| program.get("id")?.as_u64())
            .collect();
        let expected = [other.progs.connect4.id()?, skel.progs.connect4.id()?].map(u64::from);
        equal(ids, expected.to_vec(), "the programs, in the order in which they run")?;
        drop((first, second));
        Ok(())
    })
}

fn lsm() -> Outcome {
    in_network(|| {
        let cgroup = Cgroup::new("lsm")?;
        let skel = lsm_cgroup::Skel::open().load()?;
        let link = skel.progs.count_sockets.attach_cgroup(cgroup.path())?;
        super::events::packet(super::events::V4)?;
        ensure(counter(&skel.maps.bss, "sockets")? == 0, || "it is called for others too".into())?;
        lives_by_its_pin(link, &skel.maps.bss, "sockets", &|| in_cgroup(cgroup.path()))
    })
}

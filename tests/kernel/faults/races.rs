//! Eight processes preload, replace and unpin the same object; whoever looks sees a whole set or none.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt;

use libtest_mimic::Failed;

use super::CROWD;
use crate::child::{Role, race_rounds};
use crate::harness::{Outcome, ensure};
use crate::witness::Bpffs;

pub(super) fn races() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let whole: BTreeSet<String> = CROWD.iter().map(|&name| name.to_owned()).collect();
    let mut children = Vec::new();
    for _ in 0..8 {
        let mut command = Role::Race.command(&[], &bpffs)?;
        children.push(command.arg("crowd").stderr(std::process::Stdio::piped()).spawn()?);
    }
    let (mut looks, mut sets) = (0, 0);
    let mut result = Ok(());
    while result.is_ok() && children.iter_mut().any(|child| matches!(child.try_wait(), Ok(None))) {
        looks += 1;
        result = look(&bpffs, &whole).map(|seen| sets += usize::from(seen));
    }
    for child in children {
        let output = child.wait_with_output()?;
        ensure(output.status.success(), || String::from_utf8_lossy(&output.stderr).into_owned())?;
    }
    result?;
    println!("races: 8 processes, {} rounds each, {looks} looks, {sets} whole sets", race_rounds());
    let left = bpffs.list("")?;
    ensure(left.is_empty() || left == ["crowd"], || format!("what is left: {left:?}"))
}

/// Whether a set is published; an error if it is not whole. A set that is replaced during the look tells nothing.
fn look(bpffs: &Bpffs, whole: &BTreeSet<String>) -> Result<bool, Failed> {
    let inode = || fs::metadata(bpffs.join("crowd")).map(|metadata| metadata.ino()).ok();
    let before = inode();
    let names = bpffs.list("crowd").unwrap_or_default();
    if before.is_none() || before != inode() {
        return Ok(false);
    }
    let names: BTreeSet<String> = names.into_iter().collect();
    if names == *whole { Ok(true) } else { Err(format!("half a set is published: {names:?}").into()) }
}

//! Looking for files by their name.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The folders that hold BPF sources and objects.
pub(crate) const BPF_FOLDERS: [&str; 6] =
    ["bench", "examples", "tests", "ui-tests", "preload-object", "preload-runtime"];

/// Every file under these folders of the workspace whose name ends so, relative to it.
pub(crate) fn find(root: &Path, folders: &[&str], ending: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for folder in folders {
        if root.join(folder).is_dir() {
            found.extend(walk(&root.join(folder), &|name| name.ends_with(ending))?);
        }
    }
    Ok(found.iter().map(|path| path.strip_prefix(root).unwrap_or(path).to_owned()).collect())
}

/// Every file below a folder with a name of this kind, in a fixed order.
pub(crate) fn walk(folder: &Path, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
            let entry = entry?;
            // Build output holds copies; only the originals count.
            if entry.file_type()?.is_dir() {
                if entry.file_name() != "target" {
                    folders.push(entry.path());
                }
            } else if entry.file_name().to_str().is_some_and(wanted) {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

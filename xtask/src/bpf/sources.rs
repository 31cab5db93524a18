//! Where BPF sources are looked for.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

const FOLDERS: [&str; 5] = [
    "examples",
    "tests",
    "ui-tests",
    "preload-object",
    "preload-runtime",
];

/// Every `*.bpf.c`, relative to the workspace and in a fixed order.
pub(crate) fn find(root: &Path) -> Result<Vec<PathBuf>> {
    let mut sources = Vec::new();
    for folder in FOLDERS.map(PathBuf::from) {
        if root.join(&folder).is_dir() {
            walk(root, &folder, &mut sources)?;
        }
    }
    sources.sort();
    Ok(sources)
}

fn walk(root: &Path, folder: &Path, sources: &mut Vec<PathBuf>) -> Result<()> {
    let entries =
        fs::read_dir(root.join(folder)).with_context(|| format!("cannot list {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            // Build output holds copies; `find` is about what is committed.
            if entry.file_name() != "target" {
                walk(root, &path, sources)?;
            }
        } else if entry.file_name().to_string_lossy().ends_with(".bpf.c") {
            sources.push(path);
        }
    }
    Ok(())
}

//! Where a file is that has no slash in its name: libbpf's rules.

use super::open_file;
use crate::error::{Error, Step};
use crate::path::CPath;
use crate::sys::Fd;

/// Where the system's libraries are: on distributions with one folder for each machine, and on others.
const LIBRARIES: &[u8] = if cfg!(target_arch = "x86_64") {
    b"/usr/lib64:/usr/lib:/lib/x86_64-linux-gnu:/usr/lib/x86_64-linux-gnu"
} else if cfg!(target_arch = "aarch64") {
    b"/usr/lib64:/usr/lib:/lib/aarch64-linux-gnu:/usr/lib/aarch64-linux-gnu"
} else {
    b"/usr/lib64:/usr/lib:/lib/riscv64-linux-gnu:/usr/lib/riscv64-linux-gnu"
};
const PROGRAMS: &[u8] = b"/usr/bin:/usr/sbin";

/// Finds and opens a file; none when it is nowhere.
pub(super) fn find(name: &str) -> Result<Option<(CPath, Fd)>, Error> {
    let open = |path: CPath| open_file(&path).map(|file| (path, file));
    if name.contains('/') {
        return CPath::new(name).map(open).map_err(|kind| Error::new(Step::Attach, kind));
    }
    let is_library = name.ends_with(".so") || name.contains(".so.");
    let (variable, folders) = if is_library { ("LD_LIBRARY_PATH", LIBRARIES) } else { ("PATH", PROGRAMS) };
    let in_folder = |folder: &[u8]| {
        let folder = core::str::from_utf8(folder).ok().filter(|folder| !folder.is_empty())?;
        open(CPath::new(folder).ok()?.join(name.as_bytes()).ok()?)
    };
    let in_folders = |folders: &[u8]| folders.split(|&byte| byte == b':').find_map(in_folder);
    Ok(of_variable(variable, in_folders).or_else(|| in_folders(folders)))
}

/// What the environment says.
#[cfg(feature = "std")]
fn of_variable<T>(name: &str, look: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
    use std::os::unix::ffi::OsStrExt;

    look(std::env::var_os(name)?.as_bytes())
}

/// Without std there is no environment.
#[cfg(not(feature = "std"))]
fn of_variable<T>(_: &str, _: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
    None
}

//! What tests share.

use std::env;
use std::io::Write;

/// Says that a test has not been made for want of something. Where everything must be there, that is a
/// failure.
///
/// Written past the capture of the test harness, which would show it to nobody.
pub(crate) fn missing(test: &str, what: &str) {
    let message = format!("NOT TESTED: {test}, for want of {what}");
    assert!(env::var_os("CI").is_none_or(|ci| ci != "true"), "{message}");
    writeln!(std::io::stderr(), "{message}").expect("standard error is open");
}

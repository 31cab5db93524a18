//! The lines of the C source, said of the instructions that they became.

use std::process::Command;

use libtest_mimic::Failed;
use preload_macros::bpf_preload;
use preload_runtime::Program;

use crate::harness::{Outcome, Test, ensure, equal};
use crate::witness::run;

#[bpf_preload("../../bpf/programs/lines.bpf.o")]
mod lines {}

#[bpf_preload("../../bpf/programs/lines_rejected.bpf.o")]
mod rejected {}

pub(super) const TESTS: &[Test] = &[
    Test { name: "programs::the_log_quotes_moved_functions", needs: &[], run: the_log_quotes },
    Test { name: "programs::moved_instructions_have_their_lines", needs: &[], run: moved_instructions },
];

/// What the verifier quotes last before it refuses is the line that it refuses, of a function that has moved.
fn the_log_quotes() -> Outcome {
    let error = rejected::Skel::open().load().err().ok_or("the kernel takes a pointer that may be NULL")?;
    equal(error.item(), Some("one"), "the program")?;
    // All of it: the message shows its end.
    let log = error.verifier_log().ok_or("the verifier says nothing")?;
    let text = String::from_utf8_lossy(log);
    let (before, _) = text
        .split_once("invalid mem access")
        .ok_or_else(|| format!("the verifier does not say what is wrong:\n{text}"))?;
    let quoted: Vec<&str> =
        before.lines().filter_map(|line| line.trim_start().strip_prefix("; ")).map(without_place).collect();
    equal(quoted.last().copied(), Some("return *value; /* may be NULL */"), "the line that is refused")?;
    for line in ["__u64 sum = time_of_day();", "return sum + look_up(sum) > 10;"] {
        ensure(quoted.contains(&line), || format!("`{line}` is not quoted in:\n{text}"))?;
    }
    Ok(())
}

/// Newer kernels say the file and the number of the line behind it.
fn without_place(line: &str) -> &str {
    line.split(" @ ").next().unwrap_or(line).trim()
}

/// Each call of a helper, which every function of the source has one of, under the line that it is written in.
fn moved_instructions() -> Outcome {
    let skel = lines::Skel::open().load()?;
    let in_both = [
        ("time_of_day", "return bpf_ktime_get_ns();"),
        ("processor", "return bpf_get_smp_processor_id() + add;"),
        ("look_up", "__u64 *value = bpf_map_lookup_elem(&counts, &key);"),
    ];
    for program in [&skel.progs.one, &skel.progs.two] {
        let functions = functions(program)?;
        let names: Vec<&str> = functions.iter().map(|(name, _)| name.as_str()).collect();
        equal(names.len(), 4, "the functions of the program")?;
        for (name, line) in in_both {
            let (_, text) = functions
                .iter()
                .find(|(function, _)| function == name)
                .ok_or_else(|| format!("no function `{name}` among {names:?}"))?;
            equal(first_line(text).as_deref(), Some(line), name)?;
        }
    }
    Ok(())
}

/// The functions of a loaded program by `bpftool`: name, and instructions with their lines.
fn functions(program: &Program) -> Result<Vec<(String, String)>, Failed> {
    let mut bpftool = Command::new("bpftool");
    bpftool.args(["prog", "dump", "xlated", "id", &program.id()?.to_string(), "linum"]);
    let text = String::from_utf8(run(&mut bpftool)?.stdout)?;
    let mut functions: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        // A function begins with what it is in C: `__u64 time_of_day():`.
        if let Some((head, _)) = line.strip_suffix(':').and_then(|line| line.split_once('(')) {
            let name = head.rsplit([' ', '*']).next().unwrap_or_default();
            functions.push((name.to_owned(), String::new()));
        } else if let Some((_, text)) = functions.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    Ok(functions)
}

/// The line that stands above the first call of a helper.
fn first_line(text: &str) -> Option<String> {
    let mut quoted = None;
    for line in text.lines() {
        match line.strip_prefix("; ") {
            Some(line) => quoted = line.split(" [file:").next(),
            None if line.contains("(85) call") => break,
            None => {}
        }
    }
    quoted.map(str::to_owned)
}

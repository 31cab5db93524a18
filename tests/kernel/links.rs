//! Links from the handles: what the kernel says of them, pinned ones taken over, their programs exchanged.

use libtest_mimic::Failed;
use preload_runtime::{Attachment, Errno, Error, ErrorKind, Link};
use serde_json::Value;

use crate::harness::{Need, Outcome, Test, ensure, equal};
use crate::objects::{plain, ringbuf, tracing};
use crate::witness::{Bpffs, bpftool, cat, gone};

const CO_RE: &[Need] = &[Need::Kernel(5, 17)];

pub(crate) const TESTS: &[Test] = &[
    Test { name: "links::say_what_they_are_attached_to", needs: &[], run: say_what_they_are_attached_to },
    Test { name: "links::programs_say_what_they_are", needs: &[], run: programs_say_what_they_are },
    Test { name: "links::are_taken_over_and_updated", needs: CO_RE, run: are_taken_over_and_updated },
    Test { name: "links::of_another_kind_are_refused", needs: CO_RE, run: of_another_kind_are_refused },
];

fn attached(link: Option<&Link>) -> Result<&Link, Failed> {
    link.ok_or_else(|| "it is not attached".into())
}

fn refused<T>(result: Result<T, Error>) -> Result<Error, Failed> {
    result.err().ok_or_else(|| "it went well".into())
}

fn say_what_they_are_attached_to() -> Outcome {
    let mut skel = tracing::Skel::open().load()?;
    let _left = skel.attach()?;
    let link = attached(skel.links.count_raw_tracepoint.as_ref())?;
    let info = link.info()?;
    equal(info.id, link.id()?, "the id of the link")?;
    equal(info.program_id, skel.progs.count_raw_tracepoint.id()?, "the id of its program")?;
    let Attachment::RawTracepoint { name: Some(name), .. } = &info.attachment else {
        return Err(format!("not a raw tracepoint: {info:?}").into());
    };
    let shown = bpftool("link")?.remove(&info.id).ok_or("bpftool does not see the link")?;
    equal(name.as_str(), shown.get("tp_name").and_then(Value::as_str), "the tracepoint")?;

    let error = refused(link.update(&skel.progs.count_raw_tracepoint))?;
    equal(error.errno(), Some(Errno::EINVAL), "updating a raw tracepoint")?;
    let error = refused(link.detach())?;
    equal(error.errno(), Some(Errno::EOPNOTSUPP), "detaching a raw tracepoint")?;
    ensure(error.to_string().contains("when they are dropped"), || error.to_string())
}

fn programs_say_what_they_are() -> Outcome {
    let skel = tracing::Skel::open().load()?;
    let info = skel.progs.count_raw_tracepoint.info()?;
    let shown = bpftool("prog")?.remove(&info.id).ok_or("bpftool does not see the program")?;
    let tag: String = info.tag.iter().map(|byte| format!("{byte:02x}")).collect();
    equal(shown.get("tag").and_then(Value::as_str), Some(tag.as_str()), "the tag")?;
    equal(&info.name, b"count_raw_trace\0", "the name")?;
    equal(info.program_type, 17, "the type")?;
    ensure(info.load_time > 0, || "it was never loaded".into())?;
    equal(
        shown.get("map_ids").and_then(Value::as_array).map(Vec::len),
        Some(info.maps as usize),
        "the number of maps",
    )
}

fn are_taken_over_and_updated() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let pin = bpffs.join("maps");
    let mut old = ringbuf::Skel::open().load()?;
    let _left = old.attach()?;
    old.pin_dump_bpf_map(&pin)?;
    let (id, program) = (attached(old.links.dump_bpf_map.as_ref())?.id()?, old.progs.dump_bpf_map.id()?);
    drop(old);

    let new = ringbuf::Skel::open().load()?;
    let link = new.progs.dump_bpf_map.open_link(&pin)?;
    let info = link.info()?;
    equal((info.id, info.program_id), (id, program), "the link that was pinned, and its program")?;
    ensure(matches!(info.attachment, Attachment::Iterator { .. }), || format!("no iterator: {info:?}"))?;
    // Only the program that is there may be replaced, if it is said which.
    let error = refused(link.update_from(&new.progs.dump_bpf_map, &new.progs.dump_bpf_map))?;
    equal(error.errno(), Some(Errno::EPERM), "replacing a program that is not there")?;
    link.update(&new.progs.dump_bpf_map)?;
    equal(link.info()?.program_id, new.progs.dump_bpf_map.id()?, "the program after the update")?;
    link.update_from(&new.progs.dump_bpf_map, &new.progs.dump_bpf_map)?;
    gone("prog", program)?;
    let ring = new.maps.ringbuf.id()?;
    drop((link, new));
    ensure(cat(&pin)?.contains(&format!("{ring} ringbuf")), || "the new program is not what runs".into())
}

fn of_another_kind_are_refused() -> Outcome {
    let bpffs = Bpffs::mount()?;
    let skel = ringbuf::Skel::preload(bpffs.path())?;
    let directory = bpffs.join("gen_preload_methods");
    let other = tracing::Skel::open().load()?;
    let program = &other.progs.count_raw_tracepoint;

    let error = refused(program.open_link(directory.join("dump_bpf_map")))?;
    equal(error.kind(), ErrorKind::DifferentLink { program_type: 26, attach_type: Some(28) }, "an iterator")?;
    let error = refused(program.open_link(directory.join("ringbuf")))?;
    equal(error.kind(), ErrorKind::NotALink, "a map")?;
    ensure(error.to_string().contains("gen_preload_methods/ringbuf"), || error.to_string())?;
    let error = refused(program.open_link(directory.join("nothing")))?;
    equal(error.errno(), Some(Errno::ENOENT), "nothing")?;
    // The attach type counts as well as the type.
    let plain = plain::Skel::open().load()?;
    ensure(plain.progs.count_maps.open_link(directory.join("dump_bpf_map")).is_ok(), || {
        "an iterator is refused to an iterator".into()
    })?;
    drop(skel);
    Ok(())
}

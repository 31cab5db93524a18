//! The table: every section name that libbpf gives a meaning, in its order.
//!
//! Order counts: the first row that a name matches is the one. Kernel versions are those that first took a
//! program of the kind, and those that first gave it a link.

use super::Way::{
    Action, Cgroup, Extension, Iterator, Kprobe, KprobeMulti, Ksyscall, Lirc, LsmCgroup, MapEntry,
    NetNamespace, Netfilter, Netkit, PerfEvent, RawTracepoint, Reuseport, Run, SockMap, Socket, StructOps,
    Trace, TraceMulti, Tracepoint, TrafficControl, Tunnel, Uprobe, UprobeMulti, Usdt, Xdp,
};
use super::numbers::attach as at;
use super::numbers::program::*;
use super::{BTF_FUNC, BTF_TYPEDEF, BtfTarget, Kernel, Probe, ProgramKind, SLEEPABLE, Way, XDP_HAS_FRAGS};

use Probe::{Entry, Return, Session};

/// No kernel has a link for it.
const NO_LINK: Option<Kernel> = None;

const fn since(major: u8, minor: u8) -> Kernel {
    Kernel(major, minor)
}

const fn link(major: u8, minor: u8) -> Option<Kernel> {
    Some(Kernel(major, minor))
}

/// A name that stands for itself.
const fn exact(
    section: &'static str,
    (program_type, attach_type): (u32, u32),
    way: Way,
    since: Kernel,
    link_since: Option<Kernel>,
) -> ProgramKind {
    ProgramKind {
        section,
        takes_target: false,
        program_type,
        attach_type,
        flags: 0,
        btf_target: None,
        way,
        since,
        link_since,
    }
}

/// A name that may have `/` and a target behind it.
const fn open(
    section: &'static str,
    types: (u32, u32),
    way: Way,
    since: Kernel,
    link_since: Option<Kernel>,
) -> ProgramKind {
    ProgramKind { takes_target: true, ..exact(section, types, way, since, link_since) }
}

/// A kind with one more flag, which a kernel may know later than the kind.
const fn flagged(kind: ProgramKind, flag: u32, since: Kernel) -> ProgramKind {
    let link_since = match kind.link_since {
        Some(link) if link.is_before(since) => Some(since),
        link => link,
    };
    ProgramKind { flags: kind.flags | flag, since, link_since, ..kind }
}

const fn sleepable(kind: ProgramKind, since: Kernel) -> ProgramKind {
    flagged(kind, SLEEPABLE, since)
}

const fn frags(kind: ProgramKind) -> ProgramKind {
    flagged(kind, XDP_HAS_FRAGS, since(5, 18))
}

/// A kind that is loaded against a type of the kernel, whose name begins so.
const fn typed(kind: ProgramKind, prefix: &'static str) -> ProgramKind {
    ProgramKind { btf_target: Some(BtfTarget { prefix, kind: BTF_FUNC }), ..kind }
}

const fn kprobe(section: &'static str, probe: Probe) -> ProgramKind {
    open(section, (KPROBE, at::NONE), Kprobe(probe), since(4, 1), link(5, 15))
}

const fn kprobe_multi(section: &'static str, attach_type: u32, probe: Probe, kernel: Kernel) -> ProgramKind {
    open(section, (KPROBE, attach_type), KprobeMulti(probe), kernel, Some(kernel))
}

const fn ksyscall(section: &'static str, probe: Probe) -> ProgramKind {
    open(section, (KPROBE, at::NONE), Ksyscall(probe), since(4, 1), link(5, 15))
}

const fn uprobe(section: &'static str, probe: Probe) -> ProgramKind {
    open(section, (KPROBE, at::NONE), Uprobe(probe), since(4, 1), link(5, 15))
}

const fn uprobe_multi(section: &'static str, attach_type: u32, probe: Probe, kernel: Kernel) -> ProgramKind {
    open(section, (KPROBE, attach_type), UprobeMulti(probe), kernel, Some(kernel))
}

const fn usdt(section: &'static str) -> ProgramKind {
    open(section, (KPROBE, at::NONE), Usdt, since(4, 1), link(5, 15))
}

const fn tracepoint(section: &'static str) -> ProgramKind {
    open(section, (TRACEPOINT, at::NONE), Tracepoint, since(4, 7), link(5, 15))
}

const fn raw_tracepoint(section: &'static str, program_type: u32, since: Kernel) -> ProgramKind {
    open(section, (program_type, at::NONE), RawTracepoint, since, link(5, 8))
}

const fn tp_btf(section: &'static str) -> ProgramKind {
    let kind = open(section, (TRACING, at::TRACE_RAW_TP), Trace, since(5, 5), link(5, 8));
    ProgramKind { btf_target: Some(BtfTarget { prefix: "btf_trace_", kind: BTF_TYPEDEF }), ..kind }
}

const fn trace(section: &'static str, attach_type: u32, since: Kernel, link_since: Kernel) -> ProgramKind {
    typed(open(section, (TRACING, attach_type), Trace, since, Some(link_since)), "")
}

const fn trace_multi(section: &'static str, attach_type: u32) -> ProgramKind {
    open(section, (TRACING, attach_type), TraceMulti, since(7, 2), link(7, 2))
}

const fn lsm(section: &'static str) -> ProgramKind {
    typed(open(section, (LSM, at::LSM_MAC), Trace, since(5, 7), link(5, 8)), "bpf_lsm_")
}

const fn iterator(section: &'static str) -> ProgramKind {
    typed(open(section, (TRACING, at::TRACE_ITER), Iterator, since(5, 8), link(5, 8)), "bpf_iter_")
}

const fn traffic(section: &'static str, attach_type: u32) -> ProgramKind {
    exact(section, (SCHED_CLS, attach_type), TrafficControl, since(4, 1), link(6, 6))
}

const fn netkit(section: &'static str, attach_type: u32) -> ProgramKind {
    exact(section, (SCHED_CLS, attach_type), Netkit, since(6, 7), link(6, 7))
}

const fn xdp(section: &'static str) -> ProgramKind {
    exact(section, (XDP, at::XDP), Xdp, since(4, 8), link(5, 9))
}

const fn map_entry(section: &'static str, attach_type: u32, since: Kernel) -> ProgramKind {
    exact(section, (XDP, attach_type), MapEntry, since, NO_LINK)
}

const fn tunnel(section: &'static str, program_type: u32, since: Kernel) -> ProgramKind {
    exact(section, (program_type, at::NONE), Tunnel, since, NO_LINK)
}

const fn cgroup(section: &'static str, types: (u32, u32), kernel: Kernel) -> ProgramKind {
    let link_since = if kernel.is_before(since(5, 7)) { since(5, 7) } else { kernel };
    exact(section, types, Cgroup, kernel, Some(link_since))
}

const fn address(section: &'static str, attach_type: u32, kernel: Kernel) -> ProgramKind {
    cgroup(section, (CGROUP_SOCK_ADDR, attach_type), kernel)
}

/// On maps of sockets.
const fn sock_map(section: &'static str, types: (u32, u32), since: Kernel) -> ProgramKind {
    exact(section, types, SockMap, since, link(6, 10))
}

const fn struct_ops(section: &'static str) -> ProgramKind {
    open(section, (STRUCT_OPS, at::NONE), StructOps, since(5, 6), link(6, 4))
}

pub(super) static KINDS: [ProgramKind; 116] = [
    exact("socket", (SOCKET_FILTER, at::NONE), Socket, since(3, 19), NO_LINK),
    exact(
        "sk_reuseport/migrate",
        (SK_REUSEPORT, at::SK_REUSEPORT_SELECT_OR_MIGRATE),
        Reuseport,
        since(5, 14),
        NO_LINK,
    ),
    exact("sk_reuseport", (SK_REUSEPORT, at::SK_REUSEPORT_SELECT), Reuseport, since(4, 19), NO_LINK),
    kprobe("kprobe", Entry),
    uprobe("uprobe", Entry),
    sleepable(uprobe("uprobe.s", Entry), since(6, 0)),
    kprobe("kretprobe", Return),
    uprobe("uretprobe", Return),
    sleepable(uprobe("uretprobe.s", Return), since(6, 0)),
    kprobe_multi("kprobe.multi", at::TRACE_KPROBE_MULTI, Entry, since(5, 18)),
    kprobe_multi("kretprobe.multi", at::TRACE_KPROBE_MULTI, Return, since(5, 18)),
    kprobe_multi("kprobe.session", at::TRACE_KPROBE_SESSION, Session, since(6, 10)),
    uprobe_multi("uprobe.multi", at::TRACE_UPROBE_MULTI, Entry, since(6, 6)),
    uprobe_multi("uretprobe.multi", at::TRACE_UPROBE_MULTI, Return, since(6, 6)),
    uprobe_multi("uprobe.session", at::TRACE_UPROBE_SESSION, Session, since(6, 13)),
    sleepable(uprobe_multi("uprobe.multi.s", at::TRACE_UPROBE_MULTI, Entry, since(6, 6)), since(6, 6)),
    sleepable(uprobe_multi("uretprobe.multi.s", at::TRACE_UPROBE_MULTI, Return, since(6, 6)), since(6, 6)),
    sleepable(
        uprobe_multi("uprobe.session.s", at::TRACE_UPROBE_SESSION, Session, since(6, 13)),
        since(6, 13),
    ),
    ksyscall("ksyscall", Entry),
    ksyscall("kretsyscall", Return),
    usdt("usdt"),
    sleepable(usdt("usdt.s"), since(6, 0)),
    traffic("tc/ingress", at::TCX_INGRESS),
    traffic("tc/egress", at::TCX_EGRESS),
    traffic("tcx/ingress", at::TCX_INGRESS),
    traffic("tcx/egress", at::TCX_EGRESS),
    traffic("tc", at::NONE),
    traffic("classifier", at::NONE),
    exact("action", (SCHED_ACT, at::NONE), Action, since(4, 1), NO_LINK),
    netkit("netkit/primary", at::NETKIT_PRIMARY),
    netkit("netkit/peer", at::NETKIT_PEER),
    tracepoint("tracepoint"),
    tracepoint("tp"),
    sleepable(tracepoint("tracepoint.s"), since(7, 2)),
    sleepable(tracepoint("tp.s"), since(7, 2)),
    raw_tracepoint("raw_tracepoint", RAW_TRACEPOINT, since(4, 17)),
    raw_tracepoint("raw_tp", RAW_TRACEPOINT, since(4, 17)),
    sleepable(raw_tracepoint("raw_tracepoint.s", RAW_TRACEPOINT, since(4, 17)), since(7, 2)),
    sleepable(raw_tracepoint("raw_tp.s", RAW_TRACEPOINT, since(4, 17)), since(7, 2)),
    raw_tracepoint("raw_tracepoint.w", RAW_TRACEPOINT_WRITABLE, since(5, 2)),
    raw_tracepoint("raw_tp.w", RAW_TRACEPOINT_WRITABLE, since(5, 2)),
    tp_btf("tp_btf"),
    sleepable(tp_btf("tp_btf.s"), since(7, 2)),
    trace("fentry", at::TRACE_FENTRY, since(5, 5), since(5, 8)),
    trace("fmod_ret", at::MODIFY_RETURN, since(5, 7), since(5, 8)),
    trace("fexit", at::TRACE_FEXIT, since(5, 5), since(5, 8)),
    sleepable(trace("fentry.s", at::TRACE_FENTRY, since(5, 5), since(5, 8)), since(5, 10)),
    sleepable(trace("fmod_ret.s", at::MODIFY_RETURN, since(5, 7), since(5, 8)), since(5, 10)),
    sleepable(trace("fexit.s", at::TRACE_FEXIT, since(5, 5), since(5, 8)), since(5, 10)),
    trace("fsession", at::TRACE_FSESSION, since(7, 0), since(7, 0)),
    sleepable(trace("fsession.s", at::TRACE_FSESSION, since(7, 0), since(7, 0)), since(7, 0)),
    trace_multi("fsession.multi", at::TRACE_FSESSION_MULTI),
    sleepable(trace_multi("fsession.multi.s", at::TRACE_FSESSION_MULTI), since(7, 2)),
    trace_multi("fentry.multi", at::TRACE_FENTRY_MULTI),
    trace_multi("fexit.multi", at::TRACE_FEXIT_MULTI),
    sleepable(trace_multi("fentry.multi.s", at::TRACE_FENTRY_MULTI), since(7, 2)),
    sleepable(trace_multi("fexit.multi.s", at::TRACE_FEXIT_MULTI), since(7, 2)),
    typed(open("freplace", (EXT, at::NONE), Extension, since(5, 6), link(5, 8)), ""),
    lsm("lsm"),
    sleepable(lsm("lsm.s"), since(5, 10)),
    typed(open("lsm_cgroup", (LSM, at::LSM_CGROUP), LsmCgroup, since(6, 0), link(6, 0)), "bpf_lsm_"),
    iterator("iter"),
    sleepable(iterator("iter.s"), since(5, 18)),
    sleepable(exact("syscall", (SYSCALL, at::NONE), Run, since(5, 14), NO_LINK), since(5, 14)),
    frags(map_entry("xdp.frags/devmap", at::XDP_DEVMAP, since(5, 8))),
    map_entry("xdp/devmap", at::XDP_DEVMAP, since(5, 8)),
    frags(map_entry("xdp.frags/cpumap", at::XDP_CPUMAP, since(5, 9))),
    map_entry("xdp/cpumap", at::XDP_CPUMAP, since(5, 9)),
    frags(xdp("xdp.frags")),
    xdp("xdp"),
    exact("perf_event", (PERF_EVENT, at::NONE), PerfEvent, since(4, 9), link(5, 15)),
    tunnel("lwt_in", LWT_IN, since(4, 10)),
    tunnel("lwt_out", LWT_OUT, since(4, 10)),
    tunnel("lwt_xmit", LWT_XMIT, since(4, 10)),
    tunnel("lwt_seg6local", LWT_SEG6LOCAL, since(4, 18)),
    cgroup("sockops", (SOCK_OPS, at::CGROUP_SOCK_OPS), since(4, 13)),
    sock_map("sk_skb/stream_parser", (SK_SKB, at::SK_SKB_STREAM_PARSER), since(4, 14)),
    sock_map("sk_skb/stream_verdict", (SK_SKB, at::SK_SKB_STREAM_VERDICT), since(4, 14)),
    sock_map("sk_skb/verdict", (SK_SKB, at::SK_SKB_VERDICT), since(5, 13)),
    sock_map("sk_skb", (SK_SKB, at::NONE), since(4, 14)),
    sock_map("sk_msg", (SK_MSG, at::SK_MSG_VERDICT), since(4, 17)),
    exact("lirc_mode2", (LIRC_MODE2, at::LIRC_MODE2), Lirc, since(4, 18), NO_LINK),
    exact("flow_dissector", (FLOW_DISSECTOR, at::FLOW_DISSECTOR), NetNamespace, since(4, 20), link(5, 8)),
    cgroup("cgroup_skb/ingress", (CGROUP_SKB, at::CGROUP_INET_INGRESS), since(4, 10)),
    cgroup("cgroup_skb/egress", (CGROUP_SKB, at::CGROUP_INET_EGRESS), since(4, 10)),
    cgroup("cgroup/skb", (CGROUP_SKB, at::NONE), since(4, 10)),
    cgroup("cgroup/sock_create", (CGROUP_SOCK, at::CGROUP_INET_SOCK_CREATE), since(4, 10)),
    cgroup("cgroup/sock_release", (CGROUP_SOCK, at::CGROUP_INET_SOCK_RELEASE), since(5, 9)),
    cgroup("cgroup/sock", (CGROUP_SOCK, at::CGROUP_INET_SOCK_CREATE), since(4, 10)),
    cgroup("cgroup/post_bind4", (CGROUP_SOCK, at::CGROUP_INET4_POST_BIND), since(4, 17)),
    cgroup("cgroup/post_bind6", (CGROUP_SOCK, at::CGROUP_INET6_POST_BIND), since(4, 17)),
    address("cgroup/bind4", at::CGROUP_INET4_BIND, since(4, 17)),
    address("cgroup/bind6", at::CGROUP_INET6_BIND, since(4, 17)),
    address("cgroup/connect4", at::CGROUP_INET4_CONNECT, since(4, 17)),
    address("cgroup/connect6", at::CGROUP_INET6_CONNECT, since(4, 17)),
    address("cgroup/connect_unix", at::CGROUP_UNIX_CONNECT, since(6, 7)),
    address("cgroup/sendmsg4", at::CGROUP_UDP4_SENDMSG, since(4, 18)),
    address("cgroup/sendmsg6", at::CGROUP_UDP6_SENDMSG, since(4, 18)),
    address("cgroup/sendmsg_unix", at::CGROUP_UNIX_SENDMSG, since(6, 7)),
    address("cgroup/recvmsg4", at::CGROUP_UDP4_RECVMSG, since(5, 2)),
    address("cgroup/recvmsg6", at::CGROUP_UDP6_RECVMSG, since(5, 2)),
    address("cgroup/recvmsg_unix", at::CGROUP_UNIX_RECVMSG, since(6, 7)),
    address("cgroup/getpeername4", at::CGROUP_INET4_GETPEERNAME, since(5, 8)),
    address("cgroup/getpeername6", at::CGROUP_INET6_GETPEERNAME, since(5, 8)),
    address("cgroup/getpeername_unix", at::CGROUP_UNIX_GETPEERNAME, since(6, 7)),
    address("cgroup/getsockname4", at::CGROUP_INET4_GETSOCKNAME, since(5, 8)),
    address("cgroup/getsockname6", at::CGROUP_INET6_GETSOCKNAME, since(5, 8)),
    address("cgroup/getsockname_unix", at::CGROUP_UNIX_GETSOCKNAME, since(6, 7)),
    cgroup("cgroup/sysctl", (CGROUP_SYSCTL, at::CGROUP_SYSCTL), since(5, 2)),
    cgroup("cgroup/getsockopt", (CGROUP_SOCKOPT, at::CGROUP_GETSOCKOPT), since(5, 3)),
    cgroup("cgroup/setsockopt", (CGROUP_SOCKOPT, at::CGROUP_SETSOCKOPT), since(5, 3)),
    cgroup("cgroup/dev", (CGROUP_DEVICE, at::CGROUP_DEVICE), since(4, 15)),
    struct_ops("struct_ops"),
    sleepable(struct_ops("struct_ops.s"), since(6, 6)),
    exact("sk_lookup", (SK_LOOKUP, at::SK_LOOKUP), NetNamespace, since(5, 9), link(5, 9)),
    exact("netfilter", (NETFILTER, at::NETFILTER), Netfilter, since(6, 4), link(6, 4)),
];

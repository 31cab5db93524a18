//! Kinds of programs, for the types of their handles: what a program can be attached to is what its handle has methods for.
//!
//! A [`Program<kind::Xdp>`](crate::Program) has `attach_xdp`, and no other program has it. The attribute gives each
//! program of a skeleton the kind of its section name.

use crate::handles::Program;

/// A kind of program.
pub trait Kind: sealed::Sealed + 'static {
    /// What a handle of this kind is made of.
    #[doc(hidden)]
    type Made: Send + Sync;
}

/// A kind that a section name gives; not [`Any`].
pub trait Known: Kind<Made = Program> {}

impl<K: Kind<Made = Program>> Known for K {}

mod sealed {
    pub trait Sealed {}
}

/// Whichever kind: that of handles in code that works on any object.
#[derive(Debug)]
pub enum Any {}

impl sealed::Sealed for Any {}

impl Kind for Any {
    type Made = crate::handles::Raw;
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $name:ident)*) => {$(
        $(#[doc = $doc])*
        #[derive(Debug)]
        pub enum $name {}

        impl sealed::Sealed for $name {}

        impl Kind for $name {
            type Made = Program;
        }
    )*};
}

kinds! {
    /// `iter`.
    Iterator
    /// `raw_tp`, `raw_tracepoint`.
    RawTracepoint
    /// `fentry`, `fexit`, `fmod_ret`, `fsession`, `tp_btf`, `lsm`.
    Trace
    /// `fentry.multi`, `fexit.multi`, `fsession.multi`.
    TraceMulti
    /// `tracepoint`, `tp`.
    Tracepoint
    /// `kprobe`, `kretprobe`.
    Kprobe
    /// `kprobe.multi`, `kretprobe.multi`, `kprobe.session`.
    KprobeMulti
    /// `ksyscall`, `kretsyscall`.
    Ksyscall
    /// `uprobe`, `uretprobe`.
    Uprobe
    /// `uprobe.multi`, `uretprobe.multi`, `uprobe.session`.
    UprobeMulti
    /// `usdt`.
    Usdt
    /// `freplace`.
    Extension
    /// `struct_ops`.
    StructOps
    /// `xdp`.
    Xdp
    /// `tcx/ingress`, `tcx/egress`, `tc/ingress`, `tc/egress`.
    Tcx
    /// `tc`, `classifier`: for either direction.
    Classifier
    /// `action`: put into a filter by its descriptor or its pin.
    Action
    /// `netkit/primary`, `netkit/peer`.
    Netkit
    /// `cgroup/..`, `cgroup_skb/..`, `sockops`, `lsm_cgroup`.
    Cgroup
    /// `cgroup/skb`: for either direction.
    CgroupSkb
    /// `sk_msg`, `sk_skb/..`.
    SockMap
    /// `sk_skb`: for any hook of a map of sockets.
    SkSkb
    /// `flow_dissector`, `sk_lookup`.
    NetNamespace
    /// `netfilter`.
    Netfilter
    /// `perf_event`.
    PerfEvent
    /// `lirc_mode2`.
    Lirc
    /// `socket`.
    Socket
    /// `sk_reuseport`.
    Reuseport
    /// `xdp/devmap`, `xdp/cpumap`: put into an entry of such a map by its descriptor.
    MapEntry
    /// `lwt_..`: put on a route by its pin.
    Tunnel
    /// `syscall`: run by hand.
    Run
}

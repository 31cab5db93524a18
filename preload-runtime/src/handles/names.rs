//! What the kernel's numbers are called, as `bpftool` calls them.

use core::fmt;

/// `enum bpf_map_type`, `BPF_MAP_TYPE_` left out.
const MAP_TYPES: [&str; 35] = [
    "unspec",
    "hash",
    "array",
    "prog_array",
    "perf_event_array",
    "percpu_hash",
    "percpu_array",
    "stack_trace",
    "cgroup_array",
    "lru_hash",
    "lru_percpu_hash",
    "lpm_trie",
    "array_of_maps",
    "hash_of_maps",
    "devmap",
    "sockmap",
    "cpumap",
    "xskmap",
    "sockhash",
    "cgroup_storage",
    "reuseport_sockarray",
    "percpu_cgroup_storage",
    "queue",
    "stack",
    "sk_storage",
    "devmap_hash",
    "struct_ops",
    "ringbuf",
    "inode_storage",
    "task_storage",
    "bloom_filter",
    "user_ringbuf",
    "cgrp_storage",
    "arena",
    "insn_array",
];

/// `enum bpf_attach_type`, `BPF_` left out.
const ATTACH_TYPES: [&str; 62] = [
    "cgroup_inet_ingress",
    "cgroup_inet_egress",
    "cgroup_inet_sock_create",
    "cgroup_sock_ops",
    "sk_skb_stream_parser",
    "sk_skb_stream_verdict",
    "cgroup_device",
    "sk_msg_verdict",
    "cgroup_inet4_bind",
    "cgroup_inet6_bind",
    "cgroup_inet4_connect",
    "cgroup_inet6_connect",
    "cgroup_inet4_post_bind",
    "cgroup_inet6_post_bind",
    "cgroup_udp4_sendmsg",
    "cgroup_udp6_sendmsg",
    "lirc_mode2",
    "flow_dissector",
    "cgroup_sysctl",
    "cgroup_udp4_recvmsg",
    "cgroup_udp6_recvmsg",
    "cgroup_getsockopt",
    "cgroup_setsockopt",
    "trace_raw_tp",
    "trace_fentry",
    "trace_fexit",
    "modify_return",
    "lsm_mac",
    "trace_iter",
    "cgroup_inet4_getpeername",
    "cgroup_inet6_getpeername",
    "cgroup_inet4_getsockname",
    "cgroup_inet6_getsockname",
    "xdp_devmap",
    "cgroup_inet_sock_release",
    "xdp_cpumap",
    "sk_lookup",
    "xdp",
    "sk_skb_verdict",
    "sk_reuseport_select",
    "sk_reuseport_select_or_migrate",
    "perf_event",
    "trace_kprobe_multi",
    "lsm_cgroup",
    "struct_ops",
    "netfilter",
    "tcx_ingress",
    "tcx_egress",
    "trace_uprobe_multi",
    "cgroup_unix_connect",
    "cgroup_unix_sendmsg",
    "cgroup_unix_recvmsg",
    "cgroup_unix_getpeername",
    "cgroup_unix_getsockname",
    "netkit_primary",
    "netkit_peer",
    "trace_kprobe_session",
    "trace_uprobe_session",
    "trace_fsession",
    "trace_fentry_multi",
    "trace_fexit_multi",
    "trace_fsession_multi",
];

/// Shown by its name, or by its number where it is newer than the list.
pub(crate) struct Named(&'static str, &'static [&'static str], u32);

/// A number of `enum bpf_map_type`.
pub(crate) fn map_type(number: u32) -> Named {
    Named("map type", &MAP_TYPES, number)
}

/// A number of `enum bpf_attach_type`.
pub(crate) fn attach_type(number: u32) -> Named {
    Named("attach type", &ATTACH_TYPES, number)
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(what, names, number) = *self;
        match names.get(number as usize) {
            Some(name) => f.write_str(name),
            None => write!(f, "{what} {number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::process::Command;
    use std::string::String;
    use std::vec::Vec;

    use super::*;

    /// What `bpftool` knows of a list; it may be older than ours.
    fn known(list: &str) -> Vec<String> {
        let output = Command::new("bpftool").args(["feature", "list_builtins", list]).output().unwrap();
        assert!(output.status.success(), "bpftool {list}");
        String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
    }

    #[test]
    fn names_are_those_of_bpftool() {
        let attach_types = known("attach_types");
        assert!(attach_types.len() > 40);
        assert_eq!(attach_types, ATTACH_TYPES[..attach_types.len()]);
        let map_types = known("map_types");
        assert!(map_types.len() > 30);
        assert_eq!(map_types, MAP_TYPES[..map_types.len()]);
    }

    #[test]
    fn what_is_newer_is_shown_by_number() {
        assert_eq!(format!("{}, {}", map_type(1), map_type(999)), "hash, map type 999");
        assert_eq!(format!("{}", attach_type(4711)), "attach type 4711");
    }
}

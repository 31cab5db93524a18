// The module keeps its attributes, its documentation and what was put into it.
use preload_macros::bpf_preload;

/// Iterators.
#[bpf_preload("../../examples/iterators.bpf.o")]
#[deny(missing_docs)]
pub mod iterators {
    #![deny(unused_imports)]

    /// The pin of the maps.
    pub const MAPS: &str = "/sys/fs/bpf/maps";

    impl Skel {
        /// How many programs there are.
        pub fn count() -> usize {
            PLAN.programs.len()
        }
    }
}

fn main() {
    assert_eq!(iterators::MAPS, "/sys/fs/bpf/maps");
    assert_eq!(iterators::Skel::count(), 2);
}

//! The output of the attribute means the same wherever the module stands.
//!
//! Most of this is tested by compiling. What takes another crate to see is in `editions.rs`, `lints.rs` and
//! `no_std.rs`.

#![forbid(unsafe_code)]
#![deny(warnings)]

/// Nothing is in scope but the language itself. The objects are those that differ in what their expansions
/// have.
mod no_prelude {
    #![no_implicit_prelude]

    #[::preload_macros::bpf_preload("../examples/iterators.bpf.o")]
    pub(crate) mod iterators {}

    #[::preload_macros::bpf_preload("../examples/ringbuf.bpf.o")]
    pub(crate) mod ringbuf {}

    #[::preload_macros::bpf_preload("bpf/linked.bpf.o")]
    pub(crate) mod linked {}

    #[::preload_macros::bpf_preload("bpf/tracing.bpf.o", program(count_manual, manual))]
    pub(crate) mod tracing {}

    #[::preload_macros::bpf_preload("bpf/missing_target.bpf.o")]
    pub(crate) mod without_maps {}

    #[::preload_macros::bpf_preload("bpf/types/layouts.bpf.o")]
    pub(crate) mod layouts {}
}

/// The names of the prelude mean something else.
mod other_names {
    #[preload_macros::bpf_preload("bpf/types/layouts.bpf.o")]
    pub(crate) mod layouts {
        #![allow(dead_code, unused_macros, non_camel_case_types, reason = "they are there to be in the way")]

        mod core {}
        mod std {}
        mod preload_runtime {}
        struct Option;
        struct Some;
        struct None;
        struct Result;
        struct Ok;
        struct Err;
        trait Iterator {}
        trait Default {}
        trait Clone {}
        trait Debug {}
        type bool = ();
        type usize = ();
        macro_rules! assert {
            () => {};
        }
        macro_rules! include_bytes {
            () => {};
        }
        macro_rules! panic {
            () => {};
        }
    }
}

/// Constants that have the names of parameters and variables, for which a pattern would be taken.
mod lower_case_constants {
    macro_rules! constants {
        ($($name:ident)*) => { $(const $name: u32 = 0;)* };
    }

    #[preload_macros::bpf_preload("../examples/ringbuf.bpf.o")]
    pub(crate) mod ringbuf {
        #![allow(non_upper_case_globals, dead_code, reason = "they are there to be in the way")]

        constants! { bpffs directory f fd fds index left link links map maps name options path plan program text value }
    }

    #[preload_macros::bpf_preload("bpf/tracing.bpf.o", program(count_manual, manual))]
    pub(crate) mod tracing {
        #![allow(non_upper_case_globals, dead_code, reason = "they are there to be in the way")]

        constants! { bpffs directory f fd fds index left link links map maps name options path plan program text value }
    }
}

mod places {
    use preload_macros::bpf_preload;

    #[bpf_preload("../examples/iterators.bpf.o")]
    mod private {}

    #[bpf_preload("../examples/iterators.bpf.o")]
    pub(crate) mod in_crate {}

    #[bpf_preload("../examples/iterators.bpf.o")]
    pub mod public {}

    mod deep {
        pub(super) mod deeper {
            #[preload_macros::bpf_preload("../examples/iterators.bpf.o")]
            pub(in crate::places) mod deepest {}
        }
    }

    /// Each module is an object of its own, even if their files are the same.
    #[test]
    fn modules_of_one_object_are_apart() {
        assert!(!core::ptr::eq(&raw const private::PLAN, &raw const in_crate::PLAN));
        assert!(!core::ptr::eq(&raw const public::PLAN, &raw const deep::deeper::deepest::PLAN));
        assert!(private::SKEL.get().is_none());
    }

    #[test]
    fn a_module_may_stand_in_a_function() {
        #[bpf_preload("../examples/ringbuf.bpf.o")]
        mod ringbuf {}

        assert_eq!(ringbuf::PLAN.programs.len(), 1);
        assert!(ringbuf::RINGBUF_MAP.get().is_none());
    }
}

mod wrapped {
    macro_rules! preloaded {
        ($name:ident, $path:literal) => {
            #[preload_macros::bpf_preload($path)]
            mod $name {}
        };
    }

    preloaded!(iterators, "../examples/iterators.bpf.o");
    preloaded!(ringbuf, "../examples/ringbuf.bpf.o");

    #[test]
    fn a_macro_may_write_the_attribute() {
        assert_eq!(iterators::PLAN.object, "iterators");
        assert_eq!(ringbuf::PLAN.object, "ringbuf");
    }
}

mod with_items {
    const PINS: &str = "/sys/fs/bpf";

    /// Kept.
    #[preload_macros::bpf_preload("../examples/iterators.bpf.o")]
    #[cfg(test)]
    mod iterators {
        #![allow(unused_imports, reason = "the attribute is kept if this is silent")]

        use super::*;
        use std::collections::HashMap;

        pub(crate) fn place() -> String {
            format!("{PINS}/{}", PLAN.directory)
        }

        impl Skel {
            pub(crate) fn programs_in_plan() -> usize {
                PLAN.programs.len()
            }
        }
    }

    #[test]
    fn items_of_the_user_see_those_of_the_object() {
        assert_eq!(iterators::place(), "/sys/fs/bpf/iterators");
        assert_eq!(iterators::Skel::programs_in_plan(), 2);
    }
}

pub mod policy {
    static __STRUCT_OPS: [::preload_runtime::plan::StructOpsPlan; 0usize] = [];
    static __MAPS: [::preload_runtime::plan::MapPlan; 1usize] = [
        ::preload_runtime::plan::MapPlan {
            name: "state",
            kernel_name: *b"state\0\0\0\0\0\0\0\0\0\0\0",
            map_type: 2u32,
            key_size: 4u32,
            value_size: 24u32,
            max_entries: 1u32,
            btf_key_type_id: 8u32,
            btf_value_type_id: 11u32,
            pin: ::core::option::Option::Some("state"),
            ..::preload_runtime::plan::MapPlan::EMPTY
        },
    ];
    static __PROGRAMS: [::preload_runtime::plan::ProgramPlan; 6usize] = [
        ::preload_runtime::plan::ProgramPlan {
            name: "only_signed",
            section: "lsm",
            kernel_name: *b"only_signed\0\0\0\0\0",
            program_type: 29u32,
            attach_type: 27u32,
            insns: b"344 bytes, FNV-1a df12dfafb55db03f",
            func_info: b"\0\0\0\0\x13\0\0\0",
            line_info: b"224 bytes, FNV-1a 2ae25a58446d1a8f",
            core_relos: b"h\0\0\0\x14\0\0\0\x9C\x01\0\0\0\0\0\0\xB8\0\0\0\x14\0\0\0\xCF\x01\0\0\0\0\0\0",
            core: &[
                ::preload_runtime::plan::CoreRelo {
                    insn: 13u32,
                    what: "union bpf_attr.signature",
                    place: "./examples/policy.bpf.c:95",
                },
                ::preload_runtime::plan::CoreRelo {
                    insn: 23u32,
                    what: "union bpf_attr.keyring_id",
                    place: "./examples/policy.bpf.c:97",
                },
            ],
            btf_target: ::core::option::Option::Some(::preload_runtime::plan::BtfTarget {
                module: ::core::option::Option::None,
                kind: 12u32,
                name: "bpf_lsm_bpf_prog_load",
            }),
            target: ::core::option::Option::Some("bpf_prog_load"),
            attach: ::core::option::Option::Some(::preload_runtime::plan::Attachment {
                to: ::preload_runtime::plan::Attach::Trace,
                by: ::preload_runtime::__private::attach_by::trace(),
            }),
            pin: ::core::option::Option::Some("only_signed"),
            ..::preload_runtime::plan::ProgramPlan::EMPTY
        },
        ::preload_runtime::plan::ProgramPlan {
            name: "keep_links",
            section: "lsm",
            kernel_name: *b"keep_links\0\0\0\0\0\0",
            program_type: 29u32,
            attach_type: 27u32,
            insns: b"208 bytes, FNV-1a 1ad1c167666be3f7",
            func_info: b"\0\0\0\0\x17\0\0\0",
            line_info: b"160 bytes, FNV-1a a8781a2b14f7e040",
            btf_target: ::core::option::Option::Some(::preload_runtime::plan::BtfTarget {
                module: ::core::option::Option::None,
                kind: 12u32,
                name: "bpf_lsm_bpf",
            }),
            target: ::core::option::Option::Some("bpf"),
            attach: ::core::option::Option::Some(::preload_runtime::plan::Attachment {
                to: ::preload_runtime::plan::Attach::Trace,
                by: ::preload_runtime::__private::attach_by::trace(),
            }),
            pin: ::core::option::Option::Some("keep_links"),
            ..::preload_runtime::plan::ProgramPlan::EMPTY
        },
        ::preload_runtime::plan::ProgramPlan {
            name: "keep_pins",
            section: "lsm",
            kernel_name: *b"keep_pins\0\0\0\0\0\0\0",
            program_type: 29u32,
            attach_type: 27u32,
            insns: b"192 bytes, FNV-1a 60b3feb2264c77dc",
            func_info: b"\0\0\0\0\x19\0\0\0",
            line_info: b"272 bytes, FNV-1a 0d0ca98522708eb4",
            core_relos: b"\x90\0\0\0\x1D\0\0\0\x91\x04\0\0\0\0\0\0\x88\0\0\0\x1A\0\0\0\x91\x04\0\0\0\0\0\0p\0\0\0\x1A\0\0\0\x8D\x04\0\0\0\0\0\0",
            core: &[
                ::preload_runtime::plan::CoreRelo {
                    insn: 18u32,
                    what: "struct super_block.s_dev",
                    place: "./examples/policy.bpf.c:83",
                },
                ::preload_runtime::plan::CoreRelo {
                    insn: 17u32,
                    what: "struct inode.i_sb",
                    place: "./examples/policy.bpf.c:83",
                },
                ::preload_runtime::plan::CoreRelo {
                    insn: 14u32,
                    what: "struct inode.i_ino",
                    place: "./examples/policy.bpf.c:82",
                },
            ],
            btf_target: ::core::option::Option::Some(::preload_runtime::plan::BtfTarget {
                module: ::core::option::Option::None,
                kind: 12u32,
                name: "bpf_lsm_inode_unlink",
            }),
            target: ::core::option::Option::Some("inode_unlink"),
            attach: ::core::option::Option::Some(::preload_runtime::plan::Attachment {
                to: ::preload_runtime::plan::Attach::Trace,
                by: ::preload_runtime::__private::attach_by::trace(),
            }),
            pin: ::core::option::Option::Some("keep_pins"),
            ..::preload_runtime::plan::ProgramPlan::EMPTY
        },
        ::preload_runtime::plan::ProgramPlan {
            name: "keep_directory",
            section: "lsm",
            kernel_name: *b"keep_directory\0\0",
            program_type: 29u32,
            attach_type: 27u32,
            insns: b"200 bytes, FNV-1a e7f0febd1e3d8df7",
            func_info: b"\0\0\0\0\x1F\0\0\0",
            line_info: b"288 bytes, FNV-1a f120adc934052378",
            core_relos: b"\x18\0\0\0 \0\0\0\x91\x04\0\0\0\0\0\0x\0\0\0\x1A\0\0\0\x8D\x04\0\0\0\0\0\0\x90\0\0\0\x1A\0\0\0\x91\x04\0\0\0\0\0\0\x98\0\0\0\x1D\0\0\0\x91\x04\0\0\0\0\0\0",
            core: &[
                ::preload_runtime::plan::CoreRelo {
                    insn: 3u32,
                    what: "struct dentry.d_inode",
                    place: "./examples/policy.bpf.c:124",
                },
                ::preload_runtime::plan::CoreRelo {
                    insn: 15u32,
                    what: "struct inode.i_ino",
                    place: "./examples/policy.bpf.c:82",
                },
                ::preload_runtime::plan::CoreRelo {
                    insn: 18u32,
                    what: "struct inode.i_sb",
                    place: "./examples/policy.bpf.c:83",
                },
                ::preload_runtime::plan::CoreRelo {
                    insn: 19u32,
                    what: "struct super_block.s_dev",
                    place: "./examples/policy.bpf.c:83",
                },
            ],
            btf_target: ::core::option::Option::Some(::preload_runtime::plan::BtfTarget {
                module: ::core::option::Option::None,
                kind: 12u32,
                name: "bpf_lsm_inode_rmdir",
            }),
            target: ::core::option::Option::Some("inode_rmdir"),
            attach: ::core::option::Option::Some(::preload_runtime::plan::Attachment {
                to: ::preload_runtime::plan::Attach::Trace,
                by: ::preload_runtime::__private::attach_by::trace(),
            }),
            pin: ::core::option::Option::Some("keep_directory"),
            ..::preload_runtime::plan::ProgramPlan::EMPTY
        },
        ::preload_runtime::plan::ProgramPlan {
            name: "keep_names",
            section: "lsm",
            kernel_name: *b"keep_names\0\0\0\0\0\0",
            program_type: 29u32,
            attach_type: 27u32,
            insns: b"720 bytes, FNV-1a 323f625965a1d338",
            func_info: b"\0\0\0\0#\0\0\0",
            line_info: b"928 bytes, FNV-1a 14e4a7ba91b95077",
            core_relos: b"224 bytes, FNV-1a 84d135a5127baa17",
            core: &[
                ::preload_runtime::plan::CoreRelo {
                    insn: 85u32,
                    what: "struct super_block.s_dev",
                    place: "./examples/policy.bpf.c:83",
                },
                ::preload_runtime::plan::CoreRelo {
                    insn: 64u32,
                    what: "struct super_block.s_dev",
                    place: "./examples/policy.bpf.c:83",
                },
                ::preload_runtime::plan::CoreRelo {
                    insn: 43u32,
                    what: "struct super_block.s_dev",
                    place: "./examples/policy.bpf.c:83",
                },
                ::preload_runtime::plan::CoreRelo {
                    insn: 24u32,
                    what: "struct super_block.s_dev",
                    place: "./examples/policy.bpf.c:83",
                },
                ::preload_runtime::plan::CoreRelo {
                    insn: 82u32,
                    what: "struct inode.i_sb",
                    place: "./examples/policy.bpf.c:83",
                },
                ::preload_runtime::plan::CoreRelo {
                    insn: 79u32,
                    what: "struct inode.i_ino",
                    place: "./examples/policy.bpf.c:82",
                },
                ::preload_runtime::plan::CoreRelo {
                    insn: 61u32,
                    what: "struct inode.i_sb",
                    place: "./examples/policy.bpf.c:83",
                },
                ::preload_runtime::plan::CoreRelo {
                    insn: 58u32,
                    what: "struct inode.i_ino",
                    place: "./examples/policy.bpf.c:82",
                },
                ::preload_runtime::plan::CoreRelo {
                    insn: 40u32,
                    what: "struct inode.i_sb",
                    place: "./examples/policy.bpf.c:83",
                },
                ::preload_runtime::plan::CoreRelo {
                    insn: 37u32,
                    what: "struct inode.i_ino",
                    place: "./examples/policy.bpf.c:82",
                },
                ::preload_runtime::plan::CoreRelo {
                    insn: 21u32,
                    what: "struct inode.i_sb",
                    place: "./examples/policy.bpf.c:83",
                },
                ::preload_runtime::plan::CoreRelo {
                    insn: 18u32,
                    what: "struct inode.i_ino",
                    place: "./examples/policy.bpf.c:82",
                },
                ::preload_runtime::plan::CoreRelo {
                    insn: 68u32,
                    what: "struct dentry.d_inode",
                    place: "./examples/policy.bpf.c:135",
                },
                ::preload_runtime::plan::CoreRelo {
                    insn: 46u32,
                    what: "struct dentry.d_inode",
                    place: "./examples/policy.bpf.c:134",
                },
            ],
            btf_target: ::core::option::Option::Some(::preload_runtime::plan::BtfTarget {
                module: ::core::option::Option::None,
                kind: 12u32,
                name: "bpf_lsm_inode_rename",
            }),
            target: ::core::option::Option::Some("inode_rename"),
            attach: ::core::option::Option::Some(::preload_runtime::plan::Attachment {
                to: ::preload_runtime::plan::Attach::Trace,
                by: ::preload_runtime::__private::attach_by::trace(),
            }),
            pin: ::core::option::Option::Some("keep_names"),
            ..::preload_runtime::plan::ProgramPlan::EMPTY
        },
        ::preload_runtime::plan::ProgramPlan {
            name: "keep_mount",
            section: "lsm",
            kernel_name: *b"keep_mount\0\0\0\0\0\0",
            program_type: 29u32,
            attach_type: 27u32,
            insns: b"184 bytes, FNV-1a f75ec302fb8348bf",
            func_info: b"\0\0\0\0%\0\0\0",
            line_info: b"192 bytes, FNV-1a bbe2d648eedf475f",
            core_relos: b"\x80\0\0\0\x1D\0\0\0\x91\x04\0\0\0\0\0\0x\0\0\0&\0\0\0\x91\x04\0\0\0\0\0\0",
            core: &[
                ::preload_runtime::plan::CoreRelo {
                    insn: 16u32,
                    what: "struct super_block.s_dev",
                    place: "./examples/policy.bpf.c:147",
                },
                ::preload_runtime::plan::CoreRelo {
                    insn: 15u32,
                    what: "struct vfsmount.mnt_sb",
                    place: "./examples/policy.bpf.c:147",
                },
            ],
            btf_target: ::core::option::Option::Some(::preload_runtime::plan::BtfTarget {
                module: ::core::option::Option::None,
                kind: 12u32,
                name: "bpf_lsm_sb_umount",
            }),
            target: ::core::option::Option::Some("sb_umount"),
            attach: ::core::option::Option::Some(::preload_runtime::plan::Attachment {
                to: ::preload_runtime::plan::Attach::Trace,
                by: ::preload_runtime::__private::attach_by::trace(),
            }),
            pin: ::core::option::Option::Some("keep_mount"),
            ..::preload_runtime::plan::ProgramPlan::EMPTY
        },
    ];
    /// How this object is loaded, attached and pinned.
    pub static PLAN: ::preload_runtime::plan::Plan = ::preload_runtime::plan::Plan {
        object: "policy",
        directory: "policy",
        pin_root: ::core::option::Option::None,
        digest: 34340880119770083229372132479530929891u128,
        license: match ::core::ffi::CStr::from_bytes_with_nul(b"Dual MIT/GPL\0") {
            ::core::result::Result::Ok(__text) => __text,
            ::core::result::Result::Err(_) => ::core::panic!("a NUL inside a string"),
        },
        btf: b"2782 bytes, FNV-1a 549d0b2040297767",
        btf_for_old_kernels: b"",
        maps: &__MAPS,
        programs: &__PROGRAMS,
        symbols: &[],
        struct_ops: &__STRUCT_OPS,
        code: ::preload_runtime::__private::Code::NONE,
    };
    const _: () = ::preload_runtime::__private::check(&PLAN);
    /// The skeleton of the object, while it is preloaded.
    pub static SKEL: ::preload_runtime::Slot<Skel, 13usize> = ::preload_runtime::Slot::new();
    const fn __view<__T: ::preload_runtime::Handle>(
        __place: ::core::primitive::usize,
    ) -> ::preload_runtime::View<__T> {
        ::preload_runtime::View::new(&SKEL, __place, &PLAN)
    }
    /// The link of `only_signed`, while the object is preloaded.
    pub static ONLY_SIGNED_LINK: ::preload_runtime::View<::preload_runtime::Link> = __view(
        7usize,
    );
    /// The link of `keep_links`, while the object is preloaded.
    pub static KEEP_LINKS_LINK: ::preload_runtime::View<::preload_runtime::Link> = __view(
        8usize,
    );
    /// The link of `keep_pins`, while the object is preloaded.
    pub static KEEP_PINS_LINK: ::preload_runtime::View<::preload_runtime::Link> = __view(
        9usize,
    );
    /// The link of `keep_directory`, while the object is preloaded.
    pub static KEEP_DIRECTORY_LINK: ::preload_runtime::View<::preload_runtime::Link> = __view(
        10usize,
    );
    /// The link of `keep_names`, while the object is preloaded.
    pub static KEEP_NAMES_LINK: ::preload_runtime::View<::preload_runtime::Link> = __view(
        11usize,
    );
    /// The link of `keep_mount`, while the object is preloaded.
    pub static KEEP_MOUNT_LINK: ::preload_runtime::View<::preload_runtime::Link> = __view(
        12usize,
    );
    /// The map `state`, while the object is preloaded.
    pub static STATE_MAP: ::preload_runtime::View<
        ::preload_runtime::maps::ArrayMap<types::state>,
    > = __view(0usize);
    /// Loads the object, attaches its programs and pins them under a bpffs, in the directory `policy`; keeps
    /// the skeleton in [`SKEL`].
    ///
    /// All or nothing: a failure leaves no pin, no program and no descriptor behind.
    ///
    /// # Errors
    ///
    /// Whatever the kernel refuses; a place that is not in a bpffs; a directory that is there already; a second
    /// call without [`unload`] between.
    pub fn preload(
        __bpffs: impl ::preload_runtime::AsPath,
    ) -> ::core::result::Result<(), ::preload_runtime::Error> {
        preload_with(::preload_runtime::Preload::at(__bpffs)).map(|_| ())
    }
    /// The same as the options say, which also tell what is to become of what is there already. What is
    /// kept is not loaded again, and [`SKEL`] stays empty.
    ///
    /// # Errors
    ///
    /// Whatever the kernel refuses; a place that is not in a bpffs; what the options say of what is there
    /// already; a second call without [`unload`] between.
    pub fn preload_with(
        __options: ::preload_runtime::Preload,
    ) -> ::core::result::Result<
        ::preload_runtime::Preloaded<()>,
        ::preload_runtime::Error,
    > {
        ::preload_runtime::__private::preload_static(
            &PLAN,
            &SKEL,
            || Skel::open().preload(__options),
        )
    }
    /// Lets go of what [`preload`] keeps in the statics; what is pinned stays in the kernel. Descriptors
    /// that are in use elsewhere are closed when their last user is done. Returns whether there was
    /// anything.
    pub fn unload() -> ::core::primitive::bool {
        ::preload_runtime::__private::unload(&SKEL)
    }
    /// What is preloaded under a bpffs, and whether it is what [`preload`] would preload. Changes nothing, needs no
    /// instance.
    ///
    /// # Errors
    ///
    /// A place that is not in a bpffs; whatever the kernel refuses to show.
    pub fn status(
        __bpffs: impl ::preload_runtime::AsPath,
    ) -> ::core::result::Result<::preload_runtime::Status, ::preload_runtime::Error> {
        Skel::open().status(&::preload_runtime::Preload::at(__bpffs))
    }
    /// Removes what [`preload`] has pinned under a bpffs: the pins in `policy`, then the directory. Needs no
    /// instance.
    ///
    /// # Errors
    ///
    /// `ENOENT` when the directory is not there; `ErrorKind::Foreign` when something else is in it.
    pub fn unpin(
        __bpffs: impl ::preload_runtime::AsPath,
    ) -> ::core::result::Result<(), ::preload_runtime::Error> {
        unpin_with(::preload_runtime::Removal::at(__bpffs))
    }
    /// The same as the options say.
    ///
    /// # Errors
    ///
    /// As those of [`unpin`].
    pub fn unpin_with(
        __options: ::preload_runtime::Removal,
    ) -> ::core::result::Result<(), ::preload_runtime::Error> {
        ::preload_runtime::__private::unpin_preloaded(&PLAN, &__options)
    }
    /// This object in a list of objects.
    pub static OBJECT: ::preload_runtime::Object = ::preload_runtime::Object::new(
        &PLAN,
        preload_with,
        unload,
        |__options| Skel::open().status(__options),
        |__look| ::preload_runtime::__private::each_link(&SKEL, __look),
    );
    /// Types of the C source, as far as maps and variables need them.
    #[allow(
        missing_docs,
        non_camel_case_types,
        non_snake_case,
        non_upper_case_globals,
        clippy::expl_impl_clone_on_copy
    )]
    pub mod types {
        use ::preload_runtime::__private::types as __bpf_preload;
        /// `struct state` of the object.
        #[repr(C)]
        pub struct state {
            pub device: __bpf_preload::u64,
            pub directory: __bpf_preload::u64,
            pub keyring: __bpf_preload::i32,
            pub armed: __bpf_preload::u32,
        }
        impl __bpf_preload::Structure for state {
            type Bytes = [__bpf_preload::u8; 24];
            fn walk<__W: __bpf_preload::Walk>(&mut self, __walk: &mut __W) {
                __bpf_preload::Walk::fields(
                    __walk,
                    (
                        &mut self.device,
                        &mut self.directory,
                        &mut self.keyring,
                        &mut self.armed,
                    ),
                    [0, 8, 16, 20],
                    ["device", "directory", "keyring", "armed"],
                );
            }
        }
        impl __bpf_preload::Copy for state {}
        impl __bpf_preload::Clone for state {
            fn clone(&self) -> Self {
                *self
            }
        }
        impl __bpf_preload::Debug for state {
            fn fmt(
                &self,
                __f: &mut __bpf_preload::Formatter<'_>,
            ) -> __bpf_preload::Result {
                __bpf_preload::show(self, "state", __f)
            }
        }
        impl __bpf_preload::Default for state {
            fn default() -> Self {
                Self {
                    device: 0,
                    directory: 0,
                    keyring: 0,
                    armed: 0,
                }
            }
        }
        impl __bpf_preload::PartialEq for state {
            fn eq(&self, __other: &Self) -> __bpf_preload::bool {
                __bpf_preload::same(self, __other)
            }
        }
        impl __bpf_preload::Eq for state {}
        const _: () = __bpf_preload::layout(
            [
                __bpf_preload::size_of::<state>(),
                __bpf_preload::align_of::<state>(),
                __bpf_preload::offset_of!(state, device),
                __bpf_preload::offset_of!(state, directory),
                __bpf_preload::offset_of!(state, keyring),
                __bpf_preload::offset_of!(state, armed),
            ],
            [24, 8, 0, 8, 16, 20],
        );
    }
    /// The object before load: what may still be chosen.
    #[derive(::core::clone::Clone, ::core::fmt::Debug)]
    pub struct OpenSkel {
        /// The maps defined by the object, for their sizes.
        pub maps: OpenMaps,
        /// The programs, to be loaded or left out.
        pub progs: OpenProgs,
        __pin_root: ::preload_runtime::__private::PinRoot,
    }
    /// The maps defined by the object, before load.
    #[allow(non_snake_case)]
    pub struct OpenMaps {
        /// The map `state`.
        pub state: ::preload_runtime::OpenMap,
    }
    /// The programs of the object, before load.
    #[allow(non_snake_case)]
    pub struct OpenProgs {
        /// The program `only_signed`.
        pub only_signed: ::preload_runtime::OpenProgram,
        /// The program `keep_links`.
        pub keep_links: ::preload_runtime::OpenProgram,
        /// The program `keep_pins`.
        pub keep_pins: ::preload_runtime::OpenProgram,
        /// The program `keep_directory`.
        pub keep_directory: ::preload_runtime::OpenProgram,
        /// The program `keep_names`.
        pub keep_names: ::preload_runtime::OpenProgram,
        /// The program `keep_mount`.
        pub keep_mount: ::preload_runtime::OpenProgram,
    }
    impl ::preload_runtime::__private::OpenRow<1usize> for OpenMaps {
        type Item = ::preload_runtime::OpenMap;
        fn new() -> Self {
            const {
                const fn __new(
                    __index: ::core::primitive::usize,
                ) -> ::preload_runtime::OpenMap {
                    ::preload_runtime::__private::open_map(&__MAPS[__index])
                }
                Self { state: __new(0usize) }
            }
        }
        fn all(&self) -> [&::preload_runtime::OpenMap; 1usize] {
            [&self.state]
        }
        fn at_mut(
            &mut self,
            __index: ::core::primitive::usize,
        ) -> ::core::option::Option<&mut ::preload_runtime::OpenMap> {
            ::core::option::Option::Some(
                match __index {
                    0 => &mut self.state,
                    _ => return ::core::option::Option::None,
                },
            )
        }
    }
    impl ::core::clone::Clone for OpenMaps {
        fn clone(&self) -> Self {
            ::preload_runtime::__private::copy(self)
        }
    }
    impl ::core::fmt::Debug for OpenMaps {
        fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::preload_runtime::__private::show_open_maps(&PLAN, self, &__OPEN_MAPS, __f)
        }
    }
    impl ::preload_runtime::__private::OpenRow<6usize> for OpenProgs {
        type Item = ::preload_runtime::OpenProgram;
        fn new() -> Self {
            const {
                const fn __new(
                    __index: ::core::primitive::usize,
                ) -> ::preload_runtime::OpenProgram {
                    ::preload_runtime::__private::open_program(&__PROGRAMS[__index])
                }
                Self {
                    only_signed: __new(0usize),
                    keep_links: __new(1usize),
                    keep_pins: __new(2usize),
                    keep_directory: __new(3usize),
                    keep_names: __new(4usize),
                    keep_mount: __new(5usize),
                }
            }
        }
        fn all(&self) -> [&::preload_runtime::OpenProgram; 6usize] {
            [
                &self.only_signed,
                &self.keep_links,
                &self.keep_pins,
                &self.keep_directory,
                &self.keep_names,
                &self.keep_mount,
            ]
        }
        fn at_mut(
            &mut self,
            __index: ::core::primitive::usize,
        ) -> ::core::option::Option<&mut ::preload_runtime::OpenProgram> {
            ::core::option::Option::Some(
                match __index {
                    0 => &mut self.only_signed,
                    1 => &mut self.keep_links,
                    2 => &mut self.keep_pins,
                    3 => &mut self.keep_directory,
                    4 => &mut self.keep_names,
                    5 => &mut self.keep_mount,
                    _ => return ::core::option::Option::None,
                },
            )
        }
    }
    impl ::core::clone::Clone for OpenProgs {
        fn clone(&self) -> Self {
            ::preload_runtime::__private::copy(self)
        }
    }
    impl ::core::fmt::Debug for OpenProgs {
        fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::preload_runtime::__private::show_open_programs(&PLAN, self, __f)
        }
    }
    /// Which maps of the plan those of `OpenMaps` are.
    const __OPEN_MAPS: [::core::primitive::usize; 1usize] = [0usize];
    impl OpenSkel {
        fn __map_choices(
            &self,
        ) -> [::preload_runtime::__private::MapChoice<'_>; 1usize] {
            ::preload_runtime::__private::map_choices(
                ::preload_runtime::__private::OpenRow::all(&self.maps),
                &__OPEN_MAPS,
                &[],
            )
        }
        /// Names the directory in a bpffs that maps pinned by name are shared in, in place of the one that the
        /// attribute names. Without either it is the bpffs that is preloaded into, or `/sys/fs/bpf`.
        pub fn set_pin_root(
            &mut self,
            __directory: impl ::preload_runtime::AsPath,
        ) -> &mut Self {
            self.__pin_root = ::preload_runtime::__private::pin_root(__directory);
            self
        }
        /// Loads what was not left out.
        ///
        /// # Errors
        ///
        /// Whatever the kernel refuses; nothing stays loaded then.
        pub fn load(self) -> ::core::result::Result<Skel, ::preload_runtime::Error> {
            ::preload_runtime::__private::load(
                &PLAN,
                &self.__pin_root,
                self.__map_choices(),
                ::preload_runtime::__private::OpenRow::all(&self.progs),
                ::core::option::Option::None,
            )
        }
        /// The same for a process without the privilege in the initial user namespace: where the kernel
        /// refuses, a token of a bpffs that was mounted to give tokens is used (6.9).
        ///
        /// # Errors
        ///
        /// Whatever the kernel refuses; nothing stays loaded then.
        pub fn load_with_token(
            self,
            __bpffs: impl ::preload_runtime::AsPath,
        ) -> ::core::result::Result<Skel, ::preload_runtime::Error> {
            ::preload_runtime::__private::load_with_token(
                &PLAN,
                &self.__pin_root,
                self.__map_choices(),
                ::preload_runtime::__private::OpenRow::all(&self.progs),
                ::core::option::Option::None,
                __bpffs,
            )
        }
        /// Loads what was not left out, attaches its programs and pins them, as the options say.
        ///
        /// All or nothing: a failure leaves no pin, no program and no descriptor behind, and what was
        /// there before as it was.
        ///
        /// # Errors
        ///
        /// Whatever the kernel refuses; a place that is not in a bpffs; what the options say of what is
        /// there already.
        pub fn preload(
            self,
            __options: ::preload_runtime::Preload,
        ) -> ::core::result::Result<
            ::preload_runtime::Preloaded<Skel>,
            ::preload_runtime::Error,
        > {
            ::preload_runtime::__private::preload(
                &PLAN,
                &__options,
                &self.__pin_root,
                self.__map_choices(),
                ::preload_runtime::__private::OpenRow::all(&self.progs),
                ::core::option::Option::None,
            )
        }
        /// What is preloaded where the options say, and whether [`preload`](Self::preload) would make the same of
        /// these choices. Changes nothing.
        ///
        /// # Errors
        ///
        /// A place that is not in a bpffs; whatever the kernel refuses to show.
        pub fn status(
            &self,
            __options: &::preload_runtime::Preload,
        ) -> ::core::result::Result<
            ::preload_runtime::Status,
            ::preload_runtime::Error,
        > {
            ::preload_runtime::__private::status(
                &PLAN,
                __options,
                &self.__map_choices(),
                &::preload_runtime::__private::OpenRow::all(&self.progs),
                ::core::option::Option::None,
            )
        }
    }
    impl ::core::default::Default for OpenSkel {
        fn default() -> Self {
            Self {
                maps: ::preload_runtime::__private::OpenRow::new(),
                progs: ::preload_runtime::__private::OpenRow::new(),
                __pin_root: ::preload_runtime::__private::open_pin_root(),
            }
        }
    }
    impl ::preload_runtime::OpenSkeleton for OpenSkel {
        fn plan(&self) -> &'static ::preload_runtime::plan::Plan {
            &PLAN
        }
        fn program_at(
            &mut self,
            __index: ::core::primitive::usize,
        ) -> ::core::option::Option<&mut ::preload_runtime::OpenProgram> {
            ::preload_runtime::__private::OpenRow::at_mut(&mut self.progs, __index)
        }
        fn map_at(
            &mut self,
            __index: ::core::primitive::usize,
        ) -> ::core::option::Option<&mut ::preload_runtime::OpenMap> {
            ::preload_runtime::__private::open_map_at(
                &mut self.maps,
                &__OPEN_MAPS,
                __index,
            )
        }
    }
    /// The loaded object. It owns its descriptors: dropping it detaches what is not pinned.
    #[derive(::core::fmt::Debug)]
    pub struct Skel {
        /// The maps.
        pub maps: Maps,
        /// The programs.
        pub progs: Progs,
        /// The links.
        pub links: Links,
    }
    /// The maps of the object.
    #[allow(non_snake_case)]
    pub struct Maps {
        /// The map `state`.
        pub state: ::preload_runtime::maps::ArrayMap<types::state>,
    }
    /// The programs of the object.
    #[allow(non_snake_case)]
    pub struct Progs {
        /// The program `only_signed`, in `lsm/bpf_prog_load`.
        pub only_signed: ::preload_runtime::Program<::preload_runtime::kind::Trace>,
        /// The program `keep_links`, in `lsm/bpf`.
        pub keep_links: ::preload_runtime::Program<::preload_runtime::kind::Trace>,
        /// The program `keep_pins`, in `lsm/inode_unlink`.
        pub keep_pins: ::preload_runtime::Program<::preload_runtime::kind::Trace>,
        /// The program `keep_directory`, in `lsm/inode_rmdir`.
        pub keep_directory: ::preload_runtime::Program<::preload_runtime::kind::Trace>,
        /// The program `keep_names`, in `lsm/inode_rename`.
        pub keep_names: ::preload_runtime::Program<::preload_runtime::kind::Trace>,
        /// The program `keep_mount`, in `lsm/sb_umount`.
        pub keep_mount: ::preload_runtime::Program<::preload_runtime::kind::Trace>,
    }
    /// The links of the object's programs.
    #[allow(non_snake_case)]
    pub struct Links {
        /// The link of `only_signed`, once it is attached.
        pub only_signed: ::core::option::Option<::preload_runtime::Link>,
        /// The link of `keep_links`, once it is attached.
        pub keep_links: ::core::option::Option<::preload_runtime::Link>,
        /// The link of `keep_pins`, once it is attached.
        pub keep_pins: ::core::option::Option<::preload_runtime::Link>,
        /// The link of `keep_directory`, once it is attached.
        pub keep_directory: ::core::option::Option<::preload_runtime::Link>,
        /// The link of `keep_names`, once it is attached.
        pub keep_names: ::core::option::Option<::preload_runtime::Link>,
        /// The link of `keep_mount`, once it is attached.
        pub keep_mount: ::core::option::Option<::preload_runtime::Link>,
    }
    #[allow(non_snake_case)]
    impl Skel {
        /// Starts a new instance; nothing happens before it is loaded.
        pub fn open() -> OpenSkel {
            ::core::default::Default::default()
        }
        /// Attaches every loaded program whose target is known and that is not attached yet: all of them
        /// or none.
        ///
        /// Returns those that are left to the caller.
        ///
        /// # Errors
        ///
        /// Whatever the kernel refuses.
        pub fn attach(
            &mut self,
        ) -> ::core::result::Result<
            ::preload_runtime::Unattached<6usize>,
            ::preload_runtime::Error,
        > {
            ::preload_runtime::__private::attach(self)
        }
        /// Pins all links and maps that have a pin name into a new directory of a bpffs: all of them or
        /// none.
        ///
        /// # Errors
        ///
        /// `ErrorKind::NotAttached` when a program lacks the link that [`attach`](Self::attach) would
        /// have made; the place is not in a bpffs; `ErrorKind::AlreadyPinned` when the directory is there
        /// already.
        pub fn pin(
            &self,
            __directory: impl ::preload_runtime::AsPath,
        ) -> ::core::result::Result<(), ::preload_runtime::Error> {
            ::preload_runtime::__private::pin(self, __directory)
        }
        /// Removes what [`pin`](Self::pin) has pinned into a directory, then the directory.
        ///
        /// # Errors
        ///
        /// `ENOENT` when the directory is not there; `ErrorKind::Foreign` when something else is in it.
        pub fn unpin(
            &self,
            __directory: impl ::preload_runtime::AsPath,
        ) -> ::core::result::Result<(), ::preload_runtime::Error> {
            ::preload_runtime::__private::unpin(&PLAN, __directory)
        }
        /// Loads the object, attaches its programs and pins them under a bpffs, in the directory `policy`.
        ///
        /// All or nothing: a failure leaves no pin, no program and no descriptor behind. What is pinned stays when
        /// the skeleton is dropped.
        ///
        /// # Errors
        ///
        /// Whatever the kernel refuses; a place that is not in a bpffs; a directory that is there already.
        pub fn preload(
            __bpffs: impl ::preload_runtime::AsPath,
        ) -> ::core::result::Result<Self, ::preload_runtime::Error> {
            ::preload_runtime::__private::preload_new(|| {
                Self::open().preload(::preload_runtime::Preload::at(__bpffs))
            })
        }
        fn __pin(
            &self,
            __index: ::core::primitive::usize,
            __path: impl ::preload_runtime::AsPath,
        ) -> ::core::result::Result<(), ::preload_runtime::Error> {
            ::preload_runtime::__private::pin_link(self, __index, __path)
        }
        fn __unpin(
            &self,
            __index: ::core::primitive::usize,
            __path: impl ::preload_runtime::AsPath,
        ) -> ::core::result::Result<(), ::preload_runtime::Error> {
            ::preload_runtime::__private::unpin_link(&PLAN, __index, __path)
        }
        /**Pins the link of `only_signed` at a path in a bpffs: the program stays attached as long as the pin is there.

# Errors

The program is not attached; the path is not in a bpffs; `EEXIST` when something is there already.*/
        pub fn pin_only_signed(
            &self,
            __path: impl ::preload_runtime::AsPath,
        ) -> ::core::result::Result<(), ::preload_runtime::Error> {
            self.__pin(0usize, __path)
        }
        /**Removes the pin of the link of `only_signed` at a path in a bpffs.

# Errors

The path is not in a bpffs; `ENOENT` when nothing is there.*/
        pub fn unpin_only_signed(
            &self,
            __path: impl ::preload_runtime::AsPath,
        ) -> ::core::result::Result<(), ::preload_runtime::Error> {
            self.__unpin(0usize, __path)
        }
        /**Pins the link of `keep_links` at a path in a bpffs: the program stays attached as long as the pin is there.

# Errors

The program is not attached; the path is not in a bpffs; `EEXIST` when something is there already.*/
        pub fn pin_keep_links(
            &self,
            __path: impl ::preload_runtime::AsPath,
        ) -> ::core::result::Result<(), ::preload_runtime::Error> {
            self.__pin(1usize, __path)
        }
        /**Removes the pin of the link of `keep_links` at a path in a bpffs.

# Errors

The path is not in a bpffs; `ENOENT` when nothing is there.*/
        pub fn unpin_keep_links(
            &self,
            __path: impl ::preload_runtime::AsPath,
        ) -> ::core::result::Result<(), ::preload_runtime::Error> {
            self.__unpin(1usize, __path)
        }
        /**Pins the link of `keep_pins` at a path in a bpffs: the program stays attached as long as the pin is there.

# Errors

The program is not attached; the path is not in a bpffs; `EEXIST` when something is there already.*/
        pub fn pin_keep_pins(
            &self,
            __path: impl ::preload_runtime::AsPath,
        ) -> ::core::result::Result<(), ::preload_runtime::Error> {
            self.__pin(2usize, __path)
        }
        /**Removes the pin of the link of `keep_pins` at a path in a bpffs.

# Errors

The path is not in a bpffs; `ENOENT` when nothing is there.*/
        pub fn unpin_keep_pins(
            &self,
            __path: impl ::preload_runtime::AsPath,
        ) -> ::core::result::Result<(), ::preload_runtime::Error> {
            self.__unpin(2usize, __path)
        }
        /**Pins the link of `keep_directory` at a path in a bpffs: the program stays attached as long as the pin is there.

# Errors

The program is not attached; the path is not in a bpffs; `EEXIST` when something is there already.*/
        pub fn pin_keep_directory(
            &self,
            __path: impl ::preload_runtime::AsPath,
        ) -> ::core::result::Result<(), ::preload_runtime::Error> {
            self.__pin(3usize, __path)
        }
        /**Removes the pin of the link of `keep_directory` at a path in a bpffs.

# Errors

The path is not in a bpffs; `ENOENT` when nothing is there.*/
        pub fn unpin_keep_directory(
            &self,
            __path: impl ::preload_runtime::AsPath,
        ) -> ::core::result::Result<(), ::preload_runtime::Error> {
            self.__unpin(3usize, __path)
        }
        /**Pins the link of `keep_names` at a path in a bpffs: the program stays attached as long as the pin is there.

# Errors

The program is not attached; the path is not in a bpffs; `EEXIST` when something is there already.*/
        pub fn pin_keep_names(
            &self,
            __path: impl ::preload_runtime::AsPath,
        ) -> ::core::result::Result<(), ::preload_runtime::Error> {
            self.__pin(4usize, __path)
        }
        /**Removes the pin of the link of `keep_names` at a path in a bpffs.

# Errors

The path is not in a bpffs; `ENOENT` when nothing is there.*/
        pub fn unpin_keep_names(
            &self,
            __path: impl ::preload_runtime::AsPath,
        ) -> ::core::result::Result<(), ::preload_runtime::Error> {
            self.__unpin(4usize, __path)
        }
        /**Pins the link of `keep_mount` at a path in a bpffs: the program stays attached as long as the pin is there.

# Errors

The program is not attached; the path is not in a bpffs; `EEXIST` when something is there already.*/
        pub fn pin_keep_mount(
            &self,
            __path: impl ::preload_runtime::AsPath,
        ) -> ::core::result::Result<(), ::preload_runtime::Error> {
            self.__pin(5usize, __path)
        }
        /**Removes the pin of the link of `keep_mount` at a path in a bpffs.

# Errors

The path is not in a bpffs; `ENOENT` when nothing is there.*/
        pub fn unpin_keep_mount(
            &self,
            __path: impl ::preload_runtime::AsPath,
        ) -> ::core::result::Result<(), ::preload_runtime::Error> {
            self.__unpin(5usize, __path)
        }
    }
    impl ::preload_runtime::__private::Row for Maps {
        type Item = ::preload_runtime::Map;
        fn empty() -> Self {
            const {
                const __ONE: &::preload_runtime::plan::MapPlan = &__MAPS[0];
                Self {
                    state: <::preload_runtime::maps::ArrayMap<
                        types::state,
                    >>::empty(__ONE),
                }
            }
        }
        fn at(
            &self,
            __index: ::core::primitive::usize,
        ) -> ::core::option::Option<&::preload_runtime::Map> {
            ::core::option::Option::Some(
                match __index {
                    0 => &self.state,
                    _ => return ::core::option::Option::None,
                },
            )
        }
        fn at_mut(
            &mut self,
            __index: ::core::primitive::usize,
        ) -> ::core::option::Option<&mut ::preload_runtime::Map> {
            ::core::option::Option::Some(
                match __index {
                    0 => ::preload_runtime::__private::AsMap::as_map_mut(&mut self.state),
                    _ => return ::core::option::Option::None,
                },
            )
        }
    }
    impl ::core::fmt::Debug for Maps {
        fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::preload_runtime::__private::show_maps(&PLAN, self, __f)
        }
    }
    impl ::preload_runtime::__private::Row for Progs {
        type Item = ::preload_runtime::Program;
        fn empty() -> Self {
            const {
                const __TRACE: ::preload_runtime::Program<
                    ::preload_runtime::kind::Trace,
                > = ::preload_runtime::Program::empty(&__PROGRAMS[0]);
                Self {
                    only_signed: __TRACE,
                    keep_links: __TRACE,
                    keep_pins: __TRACE,
                    keep_directory: __TRACE,
                    keep_names: __TRACE,
                    keep_mount: __TRACE,
                }
            }
        }
        fn at(
            &self,
            __index: ::core::primitive::usize,
        ) -> ::core::option::Option<&::preload_runtime::Program> {
            ::core::option::Option::Some(
                match __index {
                    0 => &self.only_signed,
                    1 => &self.keep_links,
                    2 => &self.keep_pins,
                    3 => &self.keep_directory,
                    4 => &self.keep_names,
                    5 => &self.keep_mount,
                    _ => return ::core::option::Option::None,
                },
            )
        }
        fn at_mut(
            &mut self,
            __index: ::core::primitive::usize,
        ) -> ::core::option::Option<&mut ::preload_runtime::Program> {
            ::core::option::Option::Some(
                match __index {
                    0 => &mut self.only_signed,
                    1 => &mut self.keep_links,
                    2 => &mut self.keep_pins,
                    3 => &mut self.keep_directory,
                    4 => &mut self.keep_names,
                    5 => &mut self.keep_mount,
                    _ => return ::core::option::Option::None,
                },
            )
        }
    }
    impl ::core::fmt::Debug for Progs {
        fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::preload_runtime::__private::show_programs(&PLAN, self, __f)
        }
    }
    impl ::preload_runtime::__private::Row for Links {
        type Item = ::core::option::Option<::preload_runtime::Link>;
        fn empty() -> Self {
            const {
                const __NONE: ::core::option::Option<::preload_runtime::Link> = ::core::option::Option::None;
                Self {
                    only_signed: __NONE,
                    keep_links: __NONE,
                    keep_pins: __NONE,
                    keep_directory: __NONE,
                    keep_names: __NONE,
                    keep_mount: __NONE,
                }
            }
        }
        fn at(
            &self,
            __index: ::core::primitive::usize,
        ) -> ::core::option::Option<&::core::option::Option<::preload_runtime::Link>> {
            ::core::option::Option::Some(
                match __index {
                    0 => &self.only_signed,
                    1 => &self.keep_links,
                    2 => &self.keep_pins,
                    3 => &self.keep_directory,
                    4 => &self.keep_names,
                    5 => &self.keep_mount,
                    _ => return ::core::option::Option::None,
                },
            )
        }
        fn at_mut(
            &mut self,
            __index: ::core::primitive::usize,
        ) -> ::core::option::Option<
            &mut ::core::option::Option<::preload_runtime::Link>,
        > {
            ::core::option::Option::Some(
                match __index {
                    0 => &mut self.only_signed,
                    1 => &mut self.keep_links,
                    2 => &mut self.keep_pins,
                    3 => &mut self.keep_directory,
                    4 => &mut self.keep_names,
                    5 => &mut self.keep_mount,
                    _ => return ::core::option::Option::None,
                },
            )
        }
    }
    impl ::core::fmt::Debug for Links {
        fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::preload_runtime::__private::show_links(&PLAN, self, __f)
        }
    }
    impl ::preload_runtime::Skeleton for Skel {
        fn plan(&self) -> &'static ::preload_runtime::plan::Plan {
            &PLAN
        }
        fn map_at(
            &self,
            __index: ::core::primitive::usize,
        ) -> ::core::option::Option<&::preload_runtime::Map> {
            ::preload_runtime::__private::Row::at(&self.maps, __index)
        }
        fn map_mut(
            &mut self,
            __index: ::core::primitive::usize,
        ) -> ::core::option::Option<&mut ::preload_runtime::Map> {
            ::preload_runtime::__private::Row::at_mut(&mut self.maps, __index)
        }
        fn program_at(
            &self,
            __index: ::core::primitive::usize,
        ) -> ::core::option::Option<&::preload_runtime::Program> {
            ::preload_runtime::__private::Row::at(&self.progs, __index)
        }
        fn program_mut(
            &mut self,
            __index: ::core::primitive::usize,
        ) -> ::core::option::Option<&mut ::preload_runtime::Program> {
            ::preload_runtime::__private::Row::at_mut(&mut self.progs, __index)
        }
        fn link_at(
            &self,
            __index: ::core::primitive::usize,
        ) -> ::core::option::Option<&::preload_runtime::Link> {
            ::preload_runtime::__private::Row::at(&self.links, __index)?.as_ref()
        }
        fn link_slot(
            &mut self,
            __index: ::core::primitive::usize,
        ) -> ::core::option::Option<
            &mut ::core::option::Option<::preload_runtime::Link>,
        > {
            ::preload_runtime::__private::Row::at_mut(&mut self.links, __index)
        }
    }
    impl ::preload_runtime::__private::Stored for Skel {
        fn empty() -> Self {
            Self {
                maps: ::preload_runtime::__private::Row::empty(),
                progs: ::preload_runtime::__private::Row::empty(),
                links: ::preload_runtime::__private::Row::empty(),
            }
        }
    }
    const _: () = ::core::assert!(
        ::core::include_bytes!("<package>/src/tests/objects/policy.bpf.o") .len() ==
        12288usize, "the object has changed while it was being compiled; compile again",
    );
}

pub mod ringbuf {
    static __STRUCT_OPS: [::preload_runtime::plan::StructOpsPlan; 0usize] = [];
    static __MAPS: [::preload_runtime::plan::MapPlan; 2usize] = [
        ::preload_runtime::plan::MapPlan {
            name: "ringbuf",
            kernel_name: *b"ringbuf\0\0\0\0\0\0\0\0\0",
            map_type: 27u32,
            key_size: 0u32,
            value_size: 0u32,
            max_entries: 4096u32,
            pin: ::core::option::Option::Some("ringbuf"),
            ..::preload_runtime::plan::MapPlan::EMPTY
        },
        ::preload_runtime::plan::MapPlan {
            name: ".rodata",
            kernel_name: *b"ringbuf.rodata\0\0",
            map_type: 2u32,
            key_size: 4u32,
            value_size: 7u32,
            max_entries: 1u32,
            flags: 128u32,
            btf_value_type_id: 31u32,
            contents: b"%u %s\n\0",
            frozen: true,
            ..::preload_runtime::plan::MapPlan::EMPTY
        },
    ];
    static __PROGRAMS: [::preload_runtime::plan::ProgramPlan; 1usize] = [
        ::preload_runtime::plan::ProgramPlan {
            name: "dump_bpf_map",
            section: "iter",
            kernel_name: *b"dump_bpf_map\0\0\0\0",
            program_type: 26u32,
            attach_type: 28u32,
            insns: b"240 bytes, FNV-1a f21017341982d279",
            func_info: b"\0\0\0\0\x0E\0\0\0",
            line_info: b"160 bytes, FNV-1a 6b819628c6972a5b",
            core_relos: b"96 bytes, FNV-1a c8f27f7f16127c6e",
            core: &[
                ::preload_runtime::plan::CoreRelo {
                    insn: 1u32,
                    what: "struct bpf_iter__bpf_map.map",
                    place: "./examples/ringbuf.bpf.c:36",
                },
                ::preload_runtime::plan::CoreRelo {
                    insn: 19u32,
                    what: "struct bpf_iter__bpf_map.meta",
                    place: "./examples/ringbuf.bpf.c:48",
                },
                ::preload_runtime::plan::CoreRelo {
                    insn: 20u32,
                    what: "struct bpf_iter_meta.seq",
                    place: "./examples/ringbuf.bpf.c:48",
                },
                ::preload_runtime::plan::CoreRelo {
                    insn: 9u32,
                    what: "struct bpf_map.id",
                    place: "./examples/ringbuf.bpf.c:45",
                },
                ::preload_runtime::plan::CoreRelo {
                    insn: 14u32,
                    what: "struct bpf_map.id",
                    place: "./examples/ringbuf.bpf.c:48",
                },
                ::preload_runtime::plan::CoreRelo {
                    insn: 16u32,
                    what: "struct bpf_map.name",
                    place: "./examples/ringbuf.bpf.c:48",
                },
            ],
            btf_target: ::core::option::Option::Some(::preload_runtime::plan::BtfTarget {
                module: ::core::option::Option::None,
                kind: 12u32,
                name: "bpf_iter_bpf_map",
            }),
            target: ::core::option::Option::Some("bpf_map"),
            attach: ::core::option::Option::Some(::preload_runtime::plan::Attachment {
                to: ::preload_runtime::plan::Attach::Iterator,
                by: ::preload_runtime::__private::attach_by::iterator(),
            }),
            pin: ::core::option::Option::Some("dump_bpf_map"),
            ..::preload_runtime::plan::ProgramPlan::EMPTY
        },
    ];
    /// How this object is loaded, attached and pinned.
    pub static PLAN: ::preload_runtime::plan::Plan = ::preload_runtime::plan::Plan {
        object: "ringbuf",
        directory: "ringbuf",
        pin_root: ::core::option::Option::None,
        digest: 97236012541963278996269648516379673804u128,
        license: match ::core::ffi::CStr::from_bytes_with_nul(b"Dual MIT/GPL\0") {
            ::core::result::Result::Ok(__text) => __text,
            ::core::result::Result::Err(_) => ::core::panic!("a NUL inside a string"),
        },
        btf: b"1241 bytes, FNV-1a ac3f74a082a1d267",
        btf_for_old_kernels: b"",
        maps: &__MAPS,
        programs: &__PROGRAMS,
        symbols: &[],
        struct_ops: &__STRUCT_OPS,
        code: ::preload_runtime::__private::Code::NONE,
    };
    const _: () = ::preload_runtime::__private::check(&PLAN);
    /// The skeleton of the object, while it is preloaded.
    pub static SKEL: ::preload_runtime::Slot<Skel, 4usize> = ::preload_runtime::Slot::new();
    const fn __view<__T: ::preload_runtime::Handle>(
        __place: ::core::primitive::usize,
    ) -> ::preload_runtime::View<__T> {
        ::preload_runtime::View::new(&SKEL, __place, &PLAN)
    }
    /// The link of `dump_bpf_map`, while the object is preloaded.
    pub static DUMP_BPF_MAP_LINK: ::preload_runtime::View<::preload_runtime::Link> = __view(
        3usize,
    );
    /// The map `ringbuf`, while the object is preloaded.
    pub static RINGBUF_MAP: ::preload_runtime::View<::preload_runtime::Map> = __view(
        0usize,
    );
    /// Loads the object, attaches its programs and pins them under a bpffs, in the directory `ringbuf`; keeps
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
    /// Removes what [`preload`] has pinned under a bpffs: the pins in `ringbuf`, then the directory. Needs no
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
        /// The map `ringbuf`.
        pub ringbuf: ::preload_runtime::OpenMap,
    }
    /// The programs of the object, before load.
    #[allow(non_snake_case)]
    pub struct OpenProgs {
        /// The program `dump_bpf_map`.
        pub dump_bpf_map: ::preload_runtime::OpenProgram,
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
                Self { ringbuf: __new(0usize) }
            }
        }
        fn all(&self) -> [&::preload_runtime::OpenMap; 1usize] {
            [&self.ringbuf]
        }
        fn at_mut(
            &mut self,
            __index: ::core::primitive::usize,
        ) -> ::core::option::Option<&mut ::preload_runtime::OpenMap> {
            ::core::option::Option::Some(
                match __index {
                    0 => &mut self.ringbuf,
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
    impl ::preload_runtime::__private::OpenRow<1usize> for OpenProgs {
        type Item = ::preload_runtime::OpenProgram;
        fn new() -> Self {
            const {
                const fn __new(
                    __index: ::core::primitive::usize,
                ) -> ::preload_runtime::OpenProgram {
                    ::preload_runtime::__private::open_program(&__PROGRAMS[__index])
                }
                Self {
                    dump_bpf_map: __new(0usize),
                }
            }
        }
        fn all(&self) -> [&::preload_runtime::OpenProgram; 1usize] {
            [&self.dump_bpf_map]
        }
        fn at_mut(
            &mut self,
            __index: ::core::primitive::usize,
        ) -> ::core::option::Option<&mut ::preload_runtime::OpenProgram> {
            ::core::option::Option::Some(
                match __index {
                    0 => &mut self.dump_bpf_map,
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
        ) -> [::preload_runtime::__private::MapChoice<'_>; 2usize] {
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
        /// The map `ringbuf`.
        pub ringbuf: ::preload_runtime::Map,
        /// The data section `.rodata`.
        pub rodata: ::preload_runtime::Map,
    }
    /// The programs of the object.
    #[allow(non_snake_case)]
    pub struct Progs {
        /// The program `dump_bpf_map`, in `iter/bpf_map`.
        pub dump_bpf_map: ::preload_runtime::Program<::preload_runtime::kind::Iterator>,
    }
    /// The links of the object's programs.
    #[allow(non_snake_case)]
    pub struct Links {
        /// The link of `dump_bpf_map`, once it is attached.
        pub dump_bpf_map: ::core::option::Option<::preload_runtime::Link>,
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
            ::preload_runtime::Unattached<1usize>,
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
        /// Loads the object, attaches its programs and pins them under a bpffs, in the directory `ringbuf`.
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
        /**Pins the link of `dump_bpf_map` at a path in a bpffs: the program stays attached as long as the pin is there.

# Errors

The program is not attached; the path is not in a bpffs; `EEXIST` when something is there already.*/
        pub fn pin_dump_bpf_map(
            &self,
            __path: impl ::preload_runtime::AsPath,
        ) -> ::core::result::Result<(), ::preload_runtime::Error> {
            self.__pin(0usize, __path)
        }
        /**Removes the pin of the link of `dump_bpf_map` at a path in a bpffs.

# Errors

The path is not in a bpffs; `ENOENT` when nothing is there.*/
        pub fn unpin_dump_bpf_map(
            &self,
            __path: impl ::preload_runtime::AsPath,
        ) -> ::core::result::Result<(), ::preload_runtime::Error> {
            self.__unpin(0usize, __path)
        }
    }
    impl ::preload_runtime::__private::Row for Maps {
        type Item = ::preload_runtime::Map;
        fn empty() -> Self {
            const {
                const __ONE: &::preload_runtime::plan::MapPlan = &__MAPS[0];
                Self {
                    ringbuf: <::preload_runtime::Map>::empty(__ONE),
                    rodata: <::preload_runtime::Map>::empty(__ONE),
                }
            }
        }
        fn at(
            &self,
            __index: ::core::primitive::usize,
        ) -> ::core::option::Option<&::preload_runtime::Map> {
            ::core::option::Option::Some(
                match __index {
                    0 => &self.ringbuf,
                    1 => &self.rodata,
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
                    0 => {
                        ::preload_runtime::__private::AsMap::as_map_mut(
                            &mut self.ringbuf,
                        )
                    }
                    1 => {
                        ::preload_runtime::__private::AsMap::as_map_mut(&mut self.rodata)
                    }
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
                const __ITERATOR: ::preload_runtime::Program<
                    ::preload_runtime::kind::Iterator,
                > = ::preload_runtime::Program::empty(&__PROGRAMS[0]);
                Self { dump_bpf_map: __ITERATOR }
            }
        }
        fn at(
            &self,
            __index: ::core::primitive::usize,
        ) -> ::core::option::Option<&::preload_runtime::Program> {
            ::core::option::Option::Some(
                match __index {
                    0 => &self.dump_bpf_map,
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
                    0 => &mut self.dump_bpf_map,
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
                Self { dump_bpf_map: __NONE }
            }
        }
        fn at(
            &self,
            __index: ::core::primitive::usize,
        ) -> ::core::option::Option<&::core::option::Option<::preload_runtime::Link>> {
            ::core::option::Option::Some(
                match __index {
                    0 => &self.dump_bpf_map,
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
                    0 => &mut self.dump_bpf_map,
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
        ::core::include_bytes!("<package>/src/tests/objects/ringbuf.bpf.o") .len() ==
        3488usize, "the object has changed while it was being compiled; compile again",
    );
}

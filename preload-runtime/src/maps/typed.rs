//! What all forms of maps have in common.

/// Defines handles that are a map and know types.
macro_rules! typed {
    ($($(#[$attr:meta])* $name:ident<$($param:ident),*>;)*) => {$(
        $(#[$attr])*
        pub struct $name<$($param),*> {
            map: crate::handles::Map,
            types: core::marker::PhantomData<fn() -> ($($param,)*)>,
        }

        impl<$($param),*> core::ops::Deref for $name<$($param),*> {
            type Target = crate::handles::Map;

            fn deref(&self) -> &crate::handles::Map {
                &self.map
            }
        }

        impl<$($param),*> core::fmt::Debug for $name<$($param),*> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                self.map.fmt(f)
            }
        }

        impl<$($param: 'static),*> crate::handles::sealed::Sealed for $name<$($param),*> {}

        impl<$($param: 'static),*> crate::handles::Handle for $name<$($param),*> {
            type Plan = crate::plan::MapPlan;

            fn from_fd(fd: crate::sys::Fd, plan: &'static crate::plan::MapPlan) -> Self {
                Self {
                    map: crate::handles::Handle::from_fd(fd, plan),
                    types: core::marker::PhantomData,
                }
            }

            fn plan_at(
                plan: &'static crate::plan::Plan,
                place: usize,
            ) -> Option<&'static crate::plan::MapPlan> {
                crate::handles::Map::plan_at(plan, place)
            }
        }

        impl<$($param),*> crate::rows::AsMap for $name<$($param),*> {
            #[inline]
            fn as_map_mut(&mut self) -> &mut crate::handles::Map {
                &mut self.map
            }
        }

        impl<$($param),*> $name<$($param),*> {
            /// What a skeleton has before it is filled.
            #[doc(hidden)]
            pub const fn empty(plan: &'static crate::plan::MapPlan) -> Self {
                Self { map: crate::handles::Map::empty(plan), types: core::marker::PhantomData }
            }

            /// The descriptor alone, for use without this crate.
            pub fn into_fd(self) -> crate::sys::Fd {
                self.map.into_fd()
            }
        }

        #[cfg(feature = "std")]
        impl<$($param),*> std::os::fd::AsFd for $name<$($param),*> {
            fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
                self.map.as_fd()
            }
        }
    )*};
}

pub(super) use typed;

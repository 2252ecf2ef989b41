//! How much the module has allocated.

#[cfg(target_arch = "wasm32")]
mod counting {
    use std::alloc::{GlobalAlloc, Layout, System};
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    /// The system's allocator, counting.
    struct Counting;

    #[global_allocator]
    static COUNTING: Counting = Counting;

    static USED: AtomicUsize = AtomicUsize::new(0);

    /// Bytes allocated and not given back.
    pub(super) fn used() -> usize {
        USED.load(Relaxed)
    }

    // SAFETY: every call goes on to the system's allocator as it came, and the count is no part of what it promises.
    #[expect(unsafe_code, reason = "an allocator can be written in no other way")]
    unsafe impl GlobalAlloc for Counting {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            // SAFETY: the caller promises what the system's allocator wants.
            let address = unsafe { System.alloc(layout) };
            if !address.is_null() {
                USED.fetch_add(layout.size(), Relaxed);
            }
            address
        }

        unsafe fn dealloc(&self, address: *mut u8, layout: Layout) {
            // SAFETY: the caller promises what the system's allocator wants.
            unsafe { System.dealloc(address, layout) };
            USED.fetch_sub(layout.size(), Relaxed);
        }

        unsafe fn realloc(&self, address: *mut u8, layout: Layout, size: usize) -> *mut u8 {
            // SAFETY: the caller promises what the system's allocator wants.
            let moved = unsafe { System.realloc(address, layout, size) };
            if !moved.is_null() {
                USED.fetch_add(size, Relaxed);
                USED.fetch_sub(layout.size(), Relaxed);
            }
            moved
        }
    }
}

/// Bytes allocated and not given back; 0 where this runs natively, in tests.
pub(crate) fn used() -> usize {
    #[cfg(target_arch = "wasm32")]
    return counting::used();
    #[cfg(not(target_arch = "wasm32"))]
    return 0;
}

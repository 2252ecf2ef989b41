//! The policy that `agentc build --target wasm` puts into the module.

#[cfg(target_arch = "wasm32")]
mod slot {
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

    /// Address and length of the embedded policy; both 0 in a module that has none. The packer appends the policy's bytes behind the
    /// module's memory and has these two words set when the module is instantiated.
    #[unsafe(no_mangle)]
    #[expect(unsafe_code, reason = "the packer finds it by its exported name, which is part of the ABI")]
    static agentc_embedded: [AtomicU32; 2] = [AtomicU32::new(0), AtomicU32::new(0)];

    pub(super) fn artifact() -> Option<&'static [u8]> {
        let [address, length] = agentc_embedded.each_ref().map(|word| word.load(Relaxed) as usize);
        let memory = core::arch::wasm32::memory_size(0).saturating_mul(64 * 1024);
        if address == 0 || length == 0 || address.saturating_add(length) > memory {
            return None;
        }
        // SAFETY: the bytes lie within the memory and are initialised, as all of it is. They lie behind what the linker laid out
        // and before what the allocator takes, which asks for new pages only: nothing ever writes there.
        #[expect(unsafe_code, reason = "bytes that another tool put into the memory can be seen in no other way")]
        let bytes = unsafe { std::slice::from_raw_parts(std::ptr::with_exposed_provenance(address), length) };
        Some(bytes)
    }
}

/// The artifact that is part of the module; never one where this runs natively, in tests.
pub(crate) fn artifact() -> Option<&'static [u8]> {
    #[cfg(target_arch = "wasm32")]
    return slot::artifact();
    #[cfg(not(target_arch = "wasm32"))]
    return None;
}

//! The functions that the module exports.
#![expect(unsafe_code, reason = "exporting a function or a static by its own name is called unsafe; nothing here touches memory")]

use crate::failure::Code;
use crate::instance::{Given, Instance};
use crate::memory;
use std::cell::RefCell;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

thread_local! {
    static INSTANCE: RefCell<Instance> = RefCell::new(Instance::default());
}

/// Where the output of the last call lies, address and length: a host reads them in the memory instead of calling two functions.
#[unsafe(no_mangle)]
static agentc_output_place: [AtomicU32; 2] = [AtomicU32::new(0), AtomicU32::new(0)];

/// What stands as output where an earlier call trapped: it still holds the instance, and nobody can say in what state.
const BROKEN: &str = "an earlier call trapped, and nothing can be decided any more; drop this instance";

fn with<T>(broken: T, function: impl FnOnce(&mut Instance) -> T) -> T {
    INSTANCE.with(|instance| instance.try_borrow_mut().map_or(broken, |mut instance| function(&mut instance)))
}

fn run(function: impl FnOnce(&mut Instance) -> Given) -> i32 {
    let (status, output) = with(((Code::Broken as i32).saturating_neg(), place(BROKEN.as_bytes())), |instance| {
        let status = instance.run(function);
        (status, place(instance.output()))
    });
    for (kept, number) in agentc_output_place.iter().zip([output.0, output.1]) {
        kept.store(signed(number).cast_unsigned(), Relaxed);
    }
    status
}

fn place(bytes: &[u8]) -> (usize, usize) {
    (bytes.as_ptr().expose_provenance(), bytes.len())
}

/// What a function exported by another crate of the same module does: the bytes in a buffer to an output, or to one sentence that says why
/// there is none.
pub fn exported(address: i32, length: i32, work: impl FnOnce(&[u8]) -> Result<Vec<u8>, String>) -> i32 {
    run(|instance| instance.transform(unsigned(address), unsigned(length), work))
}

/// Addresses and sizes are 32 bits on this target, whatever sign the host gives them.
fn unsigned(number: i32) -> usize {
    number.cast_unsigned() as usize
}

fn signed(number: usize) -> i32 {
    u32::try_from(number).unwrap_or(u32::MAX).cast_signed()
}

fn output() -> (usize, usize) {
    with(place(BROKEN.as_bytes()), |instance| place(instance.output()))
}

macro_rules! exports {
    ($($name:ident($($param:ident),*) = $body:expr;)*) => {$(
        #[unsafe(no_mangle)]
        extern "C" fn $name($($param: i32),*) -> i32 { $body }
    )*};
}

exports! {
    agentc_alloc(length) = with(0, |instance| instance.alloc(unsigned(length)).map_or(0, signed));
    agentc_free(address) = run(|instance| instance.free(unsigned(address)));
    agentc_output() = signed(output().0);
    agentc_output_len() = signed(output().1);
    agentc_policy_load(address, length) = run(|instance| instance.policy_load(unsigned(address), unsigned(length)));
    agentc_policy_embedded() = run(Instance::policy_embedded);
    agentc_policy_info(policy) = run(|instance| instance.policy_info(policy));
    agentc_policy_close(policy) = run(|instance| instance.policy_close(policy));
    agentc_run_new(policy, flags) = run(|instance| instance.run_new(policy, flags));
    agentc_run_send(run_, form, address, length) =
        run(|instance| instance.run_send(run_, form, unsigned(address), unsigned(length)));
    agentc_run_step(run_, form, address, length) =
        run(|instance| instance.run_step(run_, form, unsigned(address), unsigned(length)));
    agentc_run_preview(run_, form, address, length) =
        run(|instance| instance.run_preview(run_, form, unsigned(address), unsigned(length)));
    agentc_run_settle(run_, committed) = run(|instance| instance.run_settle(run_, committed));
    agentc_run_requests(run_, form) = run(|instance| instance.run_requests(run_, form));
    agentc_run_trace(run_) = run(|instance| instance.run_trace(run_));
    agentc_run_close(run_) = run(|instance| instance.run_close(run_));
    agentc_ledger_sweep(address, length) = run(|instance| instance.ledger_sweep(unsigned(address), unsigned(length)));
    agentc_limit_get(limit) = run(|instance| instance.limit_get(limit));
    agentc_limit_set(limit, value) = run(|instance| instance.limit_set(limit, value));
    agentc_memory_used() = signed(memory::used());
}

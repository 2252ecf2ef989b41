//! One instance of the module: its functions, and bytes over the boundary as `runtime/wasm/ABI.md` describes it.

use super::{MARGIN, WasmOptions};
use crate::error::HostError;
use agentc_runtime::json::Json;
use wasmtime::{Instance as Loaded, Memory, Module, Store, StoreLimits, StoreLimitsBuilder, TypedFunc, Val, WasmParams};

/// The number of the limit on memory, and its unit.
const MEMORY_LIMIT: i32 = 4;
const PAGE: usize = 64 << 10;

/// The size of the input buffer at first.
const FIRST_BUFFER: usize = 16 << 10;

/// The largest input buffer that is kept for the next event.
const MAX_KEPT_BUFFER: usize = 1 << 20;

/// What instances are made of.
pub(super) struct Recipe {
    pub(super) engine: wasmtime::Engine,
    pub(super) module: Module,
    pub(super) options: WasmOptions,
}

impl Recipe {
    /// A new instance with the policy loaded.
    pub(super) fn instance(&self) -> Result<Instance, HostError> {
        let limits = StoreLimitsBuilder::new().memory_size(self.options.memory.saturating_add(MARGIN)).build();
        let mut store = Store::new(&self.engine, limits);
        store.limiter(|limits| limits);
        let no_room = |error: wasmtime::Error| HostError::Limit(format!("no instance can be made: {error:#}"));
        if self.options.fuel.is_some() {
            store.set_fuel(u64::MAX).map_err(no_room)?;
        }
        let loaded = Loaded::new(&mut store, &self.module, &[]).map_err(no_room)?;
        let foreign = |what: &str| HostError::Load(format!("it is no module of agentc: it has no {what}"));
        let abi = loaded.get_global(&mut store, "agentc_abi").map(|global| global.get(&mut store));
        match abi {
            Some(Val::I32(abi)) if abi.cast_unsigned() == agentc_wasm_pack::ABI => {}
            Some(Val::I32(abi)) => {
                return Err(HostError::Load(format!("the module's ABI is {abi}, not {}", agentc_wasm_pack::ABI)));
            }
            _ => return Err(foreign("exported global `agentc_abi`")),
        }
        let memory = loaded.get_memory(&mut store, "memory").ok_or_else(|| foreign("memory"))?;
        let run_send = loaded.get_typed_func(&mut store, "agentc_run_send").map_err(|_| foreign("agentc_run_send"))?;
        let run_step = loaded.get_typed_func(&mut store, "agentc_run_step").map_err(|_| foreign("agentc_run_step"))?;
        let run_preview = loaded.get_typed_func(&mut store, "agentc_run_preview").map_err(|_| foreign("agentc_run_preview"))?;
        let place = loaded.get_global(&mut store, "agentc_output_place").and_then(|global| global.get(&mut store).i32());
        let mut instance = Instance {
            store,
            loaded,
            memory,
            run_send,
            run_step,
            run_preview,
            place: unsigned(place.ok_or_else(|| foreign("exported global `agentc_output_place`"))?),
            buffer: Buffer { address: 0, size: 0 },
            policy: 0,
            fuel: self.options.fuel,
            broken: None,
        };
        let pages = i32::try_from(self.options.memory.checked_div(PAGE).unwrap_or(0)).unwrap_or(i32::MAX);
        instance.invoke("agentc_limit_set", (MEMORY_LIMIT, pages))?;
        instance.policy = match &self.options.artifact {
            None => instance.invoke("agentc_policy_embedded", ())?,
            Some(artifact) => {
                let (address, length) = instance.put(artifact)?;
                instance.invoke("agentc_policy_load", (address, length))?
            }
        };
        Ok(instance)
    }
}

/// A function that takes an event: run, form, address, length.
type Taking = TypedFunc<(i32, i32, i32, i32), i32>;

/// Which of them.
#[derive(Clone, Copy)]
enum Asked {
    Send,
    Step,
    Preview,
}

#[derive(Clone, Copy)]
struct Buffer {
    address: i32,
    size: usize,
}

/// One instance of the module.
pub(super) struct Instance {
    store: Store<StoreLimits>,
    loaded: Loaded,
    memory: Memory,
    run_send: Taking,
    run_step: Taking,
    run_preview: Taking,
    /// Where the module keeps address and length of the output.
    place: usize,
    buffer: Buffer,
    pub(super) policy: i32,
    fuel: Option<u64>,
    /// Why it trapped.
    broken: Option<String>,
}

/// The error that a status below zero stands for.
fn error(status: i32, words: String) -> HostError {
    match status {
        -1 => HostError::Input(words),
        -2 | -8 => HostError::Load(words),
        -5 => HostError::Limit(words),
        -7 => HostError::Ledger(words),
        -10 => HostError::Broken(words),
        _ => HostError::Misused(words),
    }
}

fn unsigned(number: i32) -> usize {
    usize::try_from(number.cast_unsigned()).unwrap_or(usize::MAX)
}

impl Instance {
    /// Whether it trapped: nothing can be decided with it any more.
    pub(super) fn is_broken(&self) -> bool {
        self.broken.is_some()
    }

    fn trapped(&mut self, error: &wasmtime::Error) -> HostError {
        let why = error.downcast_ref::<wasmtime::Trap>().map_or_else(|| error.to_string(), ToString::to_string);
        self.broken = Some(why.clone());
        HostError::Broken(why)
    }

    fn ready(&mut self) -> Result<(), HostError> {
        if let Some(why) = &self.broken {
            return Err(HostError::Broken(why.clone()));
        }
        if let Some(fuel) = self.fuel {
            self.store.set_fuel(fuel).map_err(|error| HostError::Misused(error.to_string()))?;
        }
        Ok(())
    }

    fn checked(&mut self, called: Result<i32, wasmtime::Error>) -> Result<i32, HostError> {
        let status = called.map_err(|error| self.trapped(&error))?;
        if status >= 0 {
            return Ok(status);
        }
        let words = String::from_utf8_lossy(&self.output()?).into_owned();
        Err(error(status, words))
    }

    /// Calls a function by its name. What it is below zero is an error.
    pub(super) fn invoke<P: WasmParams>(&mut self, name: &'static str, params: P) -> Result<i32, HostError> {
        self.ready()?;
        let function: TypedFunc<P, i32> = self
            .loaded
            .get_typed_func(&mut self.store, name)
            .map_err(|_| HostError::Load(format!("it is no module of agentc: it has no {name}")))?;
        let called = function.call(&mut self.store, params);
        self.checked(called)
    }

    /// One event of a run whose ledger is inside.
    pub(super) fn send(&mut self, run: i32, form: i32, event: &[u8]) -> Result<Vec<u8>, HostError> {
        Ok(self.give(Asked::Send, (run, form), event)?.1)
    }

    /// One event and cells, of a run whose ledger the host keeps.
    pub(super) fn step(&mut self, run: i32, form: i32, envelope: &[u8]) -> Result<Vec<u8>, HostError> {
        Ok(self.give(Asked::Step, (run, form), envelope)?.1)
    }

    /// The number of what a call would be answered, and the rule's name, or the cells to load.
    pub(super) fn preview(&mut self, run: i32, event: &[u8]) -> Result<(i32, Vec<u8>), HostError> {
        self.give(Asked::Preview, (run, 0), event)
    }

    fn give(&mut self, asked: Asked, (run, form): (i32, i32), bytes: &[u8]) -> Result<(i32, Vec<u8>), HostError> {
        self.ready()?;
        let (address, length) = self.put(bytes)?;
        let function = match asked {
            Asked::Send => &self.run_send,
            Asked::Step => &self.run_step,
            Asked::Preview => &self.run_preview,
        };
        let called = function.call(&mut self.store, (run, form, address, length));
        let status = self.checked(called)?;
        let output = self.output()?;
        if self.buffer.size > MAX_KEPT_BUFFER {
            self.free()?;
        }
        Ok((status, output))
    }

    /// Copies bytes into the input buffer.
    fn put(&mut self, bytes: &[u8]) -> Result<(i32, i32), HostError> {
        if bytes.len() > self.buffer.size {
            self.free()?;
            let size = bytes.len().max(FIRST_BUFFER);
            let wanted = i32::try_from(size).map_err(|_| HostError::Limit("the input is too large".to_owned()))?;
            // An address beyond 2 GiB is below zero as `i32` is read here, and no error.
            self.ready()?;
            let alloc: TypedFunc<i32, i32> = self
                .loaded
                .get_typed_func(&mut self.store, "agentc_alloc")
                .map_err(|_| HostError::Load("it is no module of agentc: it has no agentc_alloc".to_owned()))?;
            let address = alloc.call(&mut self.store, wanted).map_err(|error| self.trapped(&error))?;
            if address == 0 {
                return Err(HostError::Limit("the module has no memory left for the input".to_owned()));
            }
            self.buffer = Buffer { address, size };
        }
        let length = i32::try_from(bytes.len()).map_err(|_| HostError::Limit("the input is too large".to_owned()))?;
        let written = self.memory.write(&mut self.store, unsigned(self.buffer.address), bytes);
        written.map_err(|error| HostError::Misused(error.to_string()))?;
        Ok((self.buffer.address, length))
    }

    fn free(&mut self) -> Result<(), HostError> {
        if self.buffer.size > 0 {
            self.invoke("agentc_free", self.buffer.address)?;
            self.buffer = Buffer { address: 0, size: 0 };
        }
        Ok(())
    }

    /// The output of the last call.
    pub(super) fn output(&mut self) -> Result<Vec<u8>, HostError> {
        self.ready()?;
        let memory = self.memory.data(&self.store);
        let placed = || {
            let (address, rest) = memory.get(self.place..)?.split_first_chunk()?;
            let [start, length] = [address, rest.first_chunk()?].map(|number| unsigned(i32::from_le_bytes(*number)));
            memory.get(start..start.saturating_add(length))
        };
        let outside = || HostError::Misused("the output lies beyond the memory".to_owned());
        placed().map(<[u8]>::to_vec).ok_or_else(outside)
    }

    /// What the policy is.
    pub(super) fn info(&mut self) -> Result<Json, HostError> {
        self.invoke("agentc_policy_info", self.policy)?;
        let output = self.output()?;
        Json::read(&output).map_err(|error| HostError::Misused(format!("the policy's description cannot be read: {error}")))
    }
}

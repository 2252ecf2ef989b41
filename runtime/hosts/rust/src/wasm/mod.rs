//! The WASM build under wasmtime: what decides is sandboxed, with bounded fuel and memory.

mod instance;
mod pool;
mod run;

use crate::engine::{Decider, Engine, SharedLedger};
use crate::error::HostError;
use agentc_ledger::Tracing;
use agentc_runtime::json::Json;
use instance::Recipe;
use pool::Pool;
use run::WasmRun;
use std::path::PathBuf;
use std::sync::Arc;
use wasmtime::{Cache, CacheConfig, Config, InstanceAllocationStrategy, Module, PoolingAllocationConfig};

/// What an instance may allocate beyond the limit that the module keeps by itself: its own data, the stack, and an event's last
/// moments.
const MARGIN: usize = 64 << 20;

/// How the module is run.
#[derive(Clone)]
pub struct WasmOptions {
    /// The policy; `None` where the module holds one.
    pub artifact: Option<Vec<u8>>,
    /// How many instances decide side by side. More than one need a `ledger`, because instances share nothing.
    pub instances: u32,
    /// How many policies decide side by side in this module: the one that is loaded with it, and those of [`Wasm::with_policy`].
    pub policies: u32,
    /// The ledger that all instances share; `None` for the one inside the module.
    pub ledger: Option<SharedLedger>,
    /// Fuel for one call over the boundary, about one unit an instruction; `None` for no bound. An instance that runs out of it is lost, with
    /// its runs.
    pub fuel: Option<u64>,
    /// Bytes of memory that the module keeps to; the sandbox gives it 64 MiB more, and then nothing.
    pub memory: usize,
    /// A folder that keeps compiled modules, so that the next start need not compile. Whoever can write there decides what is executed.
    pub cache: Option<PathBuf>,
}

impl Default for WasmOptions {
    /// One instance of one policy with the ledger inside, 256 MiB, no bound on fuel, no cache.
    fn default() -> Self {
        Self { artifact: None, instances: 1, policies: 1, ledger: None, fuel: None, memory: 256 << 20, cache: None }
    }
}

impl std::fmt::Debug for WasmOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WasmOptions")
            .field("instances", &self.instances)
            .field("policies", &self.policies)
            .field("fuel", &self.fuel)
            .field("memory", &self.memory)
            .finish_non_exhaustive()
    }
}

impl WasmOptions {
    fn check(&self) -> Result<(), HostError> {
        if self.instances == 0 || (self.instances > 1 && self.ledger.is_none()) {
            let why = "one instance has a ledger of its own; several need one to share in the options";
            return Err(HostError::Misused(why.to_owned()));
        }
        Ok(())
    }
}

/// A policy decided by the WASM build.
#[derive(Debug)]
pub struct Wasm {
    pool: Pool,
    info: Json,
}

impl Wasm {
    /// Loads a module: what `agentc build --target wasm` makes, or the runtime's own with an artifact in the options.
    ///
    /// # Errors
    /// [`HostError::Load`] where the bytes are no such module or artifact; [`HostError::Misused`] where several instances have no
    /// ledger to share.
    pub fn load(module: &[u8], options: WasmOptions) -> Result<Self, HostError> {
        options.check()?;
        let load = |error: wasmtime::Error| HostError::Load(format!("the module cannot be loaded: {error:#}"));
        let engine = wasmtime::Engine::new(&config(&options).map_err(load)?).map_err(load)?;
        let module = Module::new(&engine, module).map_err(load)?;
        if module.imports().len() > 0 {
            return Err(HostError::Load("it is no module of agentc: it wants imports".to_owned()));
        }
        Self::of(Recipe { engine, module, options })
    }

    /// Another policy, or the same with another ledger, in the same module, which is not compiled again. Its instances are its own; at most
    /// as many policies are held at once as the options said.
    ///
    /// # Errors
    /// As [`Wasm::load`], and [`HostError::Limit`] where there is no room for one more.
    pub fn with_policy(&self, artifact: Option<Vec<u8>>, ledger: Option<SharedLedger>) -> Result<Self, HostError> {
        let Recipe { engine, module, options } = self.pool.recipe();
        let options = WasmOptions { artifact, ledger, ..options.clone() };
        options.check()?;
        Self::of(Recipe { engine: engine.clone(), module: module.clone(), options })
    }

    fn of(recipe: Recipe) -> Result<Self, HostError> {
        let mut first = recipe.instance()?;
        let info = first.info()?;
        Ok(Self { pool: Pool::new(recipe, first), info })
    }
}

fn config(options: &WasmOptions) -> Result<Config, wasmtime::Error> {
    let mut pooling = PoolingAllocationConfig::default();
    // A broken instance is kept by its last run while another takes its place.
    let most = options.instances.saturating_mul(options.policies.max(1)).saturating_mul(2);
    pooling.total_core_instances(most).total_memories(most).total_tables(most);
    pooling.max_memory_size(options.memory.saturating_add(MARGIN));
    let mut config = Config::new();
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pooling));
    config.consume_fuel(options.fuel.is_some());
    if let Some(folder) = &options.cache {
        let mut cache = CacheConfig::new();
        cache.with_directory(folder);
        config.cache(Some(Cache::new(cache)?));
    }
    Ok(config)
}

impl Engine for Wasm {
    fn info(&self) -> &Json {
        &self.info
    }

    fn begin(&self, tracing: Tracing) -> Result<Box<dyn Decider>, HostError> {
        let instance = self.pool.least_used()?;
        let ledger = self.pool.recipe().options.ledger.clone();
        Ok(Box::new(WasmRun::begin(Arc::clone(&instance), ledger, tracing)?))
    }
}

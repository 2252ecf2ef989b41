//! Regorus: Rego in Rust, interpreted, and as bytecode of its own machine.

use crate::agents::requests::{Session, World};
use agentc_peers_worker::{Decision, Engine};
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::program::Program;
use regorus::rvm::vm::RegoVM;
use regorus::{CompiledPolicy, Rc, Value};
use serde_json::json;
use std::fs;
use std::path::Path;
use std::sync::Arc;

const QUESTION: &str = "data.agents.outcome";

/// Sessions and inputs, the same for both.
#[derive(Debug)]
struct Inputs {
    sessions: Vec<Value>,
    requests: Vec<(usize, String, Value)>,
}

impl Inputs {
    fn read(world: World) -> Result<Self, String> {
        let session =
            |session: &Session| Value::from_json_str(&json!({ "tenant": session.tenant, "tier": session.tier }).to_string());
        let sessions = world.sessions.iter().map(session).collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string())?;
        let mut inputs = Self { sessions, requests: Vec::new() };
        for request in world.requests {
            let value = inputs.input(request.session, &request.line).ok_or("a request that Regorus cannot read")?;
            inputs.requests.push((request.session, request.line, value));
        }
        Ok(inputs)
    }

    /// The call as it is, and the session that it came in by.
    fn input(&self, session: usize, line: &str) -> Option<Value> {
        let mut value = Value::from_json_str(line).ok()?;
        value.as_object_mut().ok()?.insert(Value::from("session"), self.sessions.get(session)?.clone());
        Some(value)
    }
}

fn data(world: &World) -> Result<Value, String> {
    let accounts: serde_json::Map<String, serde_json::Value> = world
        .accounts
        .iter()
        .map(|account| (account.id.clone(), json!({ "tenant": account.tenant, "status": account.status, "risk": account.risk })))
        .collect();
    Value::from_json_str(&json!({ "accounts": accounts }).to_string()).map_err(|error| error.to_string())
}

fn outcome(answer: &Value) -> Decision {
    match answer.as_string().map(|text| text.as_ref().to_owned()).as_deref() {
        Ok("allow") => Decision::Allow,
        Ok("approval") => Decision::Approval,
        Ok("deny") => Decision::Deny,
        Ok("escalate") => Decision::Escalate,
        _ => Decision::Failed,
    }
}

/// The modules, in the order of their names.
fn read(folder: &Path) -> Result<Vec<String>, String> {
    let entries = fs::read_dir(folder).map_err(|error| error.to_string())?;
    let paths =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string())?;
    let mut modules: Vec<_> =
        paths.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "rego")).collect();
    modules.sort();
    modules.iter().map(|path| fs::read_to_string(path).map_err(|error| error.to_string())).collect()
}

fn size(source: &[String]) -> usize {
    source.iter().map(String::len).sum()
}

fn engine(source: &[String]) -> Result<regorus::Engine, String> {
    let mut engine = regorus::Engine::new();
    engine.clear_policy_length_config();
    for (at, module) in source.iter().enumerate() {
        engine.add_policy(format!("policy_{at}.rego"), module.clone()).map_err(|error| error.to_string())?;
    }
    Ok(engine)
}

/// The interpreter.
pub struct Interpreter {
    policy: CompiledPolicy,
    inputs: Inputs,
}

impl Engine for Interpreter {
    type Source = Vec<String>;
    type Policy = regorus::Engine;

    fn read(folder: &Path) -> Result<Vec<String>, String> {
        read(folder)
    }

    fn size(source: &Vec<String>) -> usize {
        size(source)
    }

    fn load(source: &Vec<String>) -> Result<regorus::Engine, String> {
        let mut engine = engine(source)?;
        engine.compile_with_entrypoint(&Rc::from(QUESTION)).map_err(|error| error.to_string())?;
        Ok(engine)
    }

    fn ready(mut engine: regorus::Engine, folder: &Path) -> Result<Self, String> {
        let world = World::read(folder)?;
        engine.add_data(data(&world)?).map_err(|error| error.to_string())?;
        let policy = engine.compile_with_entrypoint(&Rc::from(QUESTION)).map_err(|error| error.to_string())?;
        Ok(Self { policy, inputs: Inputs::read(world)? })
    }

    fn requests(&self) -> usize {
        self.inputs.requests.len()
    }

    fn from_bytes(&mut self, at: usize) -> Decision {
        let (session, line, _) = &self.inputs.requests[at];
        let answer = self.inputs.input(*session, line).and_then(|input| self.policy.eval_with_input(input).ok());
        answer.map_or(Decision::Failed, |answer| outcome(&answer))
    }

    fn prepared(&mut self, at: usize) -> Decision {
        let answer = self.policy.eval_with_input(self.inputs.requests[at].2.clone());
        answer.map_or(Decision::Failed, |answer| outcome(&answer))
    }
}

/// The machine: a program, loaded once.
pub struct Bytecode {
    machine: RegoVM,
    inputs: Inputs,
}

impl Engine for Bytecode {
    type Source = Vec<String>;
    type Policy = Arc<Program>;

    fn read(folder: &Path) -> Result<Vec<String>, String> {
        read(folder)
    }

    fn size(source: &Vec<String>) -> usize {
        size(source)
    }

    fn load(source: &Vec<String>) -> Result<Arc<Program>, String> {
        let policy = engine(source)?.compile_with_entrypoint(&Rc::from(QUESTION)).map_err(|error| error.to_string())?;
        Compiler::compile_from_policy(&policy, &[QUESTION]).map_err(|error| error.to_string())
    }

    fn ready(program: Arc<Program>, folder: &Path) -> Result<Self, String> {
        let world = World::read(folder)?;
        let mut machine = RegoVM::new();
        machine.load_program(program);
        machine.set_data(data(&world)?).map_err(|error| error.to_string())?;
        Ok(Self { machine, inputs: Inputs::read(world)? })
    }

    fn requests(&self) -> usize {
        self.inputs.requests.len()
    }

    fn from_bytes(&mut self, at: usize) -> Decision {
        let (session, line, _) = &self.inputs.requests[at];
        let Some(input) = self.inputs.input(*session, line) else { return Decision::Failed };
        self.machine.set_input(input);
        self.machine.execute_entry_point_by_index(0).map_or(Decision::Failed, |answer| outcome(&answer))
    }

    fn prepared(&mut self, at: usize) -> Decision {
        self.machine.set_input(self.inputs.requests[at].2.clone());
        self.machine.execute_entry_point_by_index(0).map_or(Decision::Failed, |answer| outcome(&answer))
    }
}

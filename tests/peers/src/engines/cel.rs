//! CEL, the Rust crate: a program a rule, asked list by list until the outcome is certain.

use crate::agents::requests::World;
use agentc_peers_worker::{Decision, Engine};
use cel::{Context, Env, Program, Value, to_value};
use serde::Deserialize;
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// The compiled rules by what they do.
#[derive(Debug, Default)]
pub struct Rules {
    denies: Vec<Program>,
    allows: Vec<Program>,
    escalates: Vec<Program>,
    gates: Vec<Program>,
}

/// Rules, what the host holds, and requests.
pub struct Cel {
    rules: Rules,
    root: Context<'static, 'static>,
    sessions: Vec<Value>,
    accounts: HashMap<String, Value>,
    requests: Vec<(usize, String, Variables)>,
}

/// What a rule speaks of.
struct Variables {
    verb: Value,
    args: Value,
    session: Value,
    account: Value,
}

/// What of a call's line the rules are asked with.
#[derive(Deserialize)]
struct Line<'a> {
    verb: &'a str,
    args: serde_json::Value,
}

impl Engine for Cel {
    type Source = String;
    type Policy = Rules;

    fn read(folder: &Path) -> Result<String, String> {
        fs::read_to_string(folder.join("rules.cel")).map_err(|error| error.to_string())
    }

    fn size(source: &String) -> usize {
        source.len()
    }

    fn load(source: &String) -> Result<Rules, String> {
        let env = Env::stdlib();
        let mut rules = Rules::default();
        for line in source.lines() {
            let (list, expression) = line.split_once('\t').ok_or("a line without a list")?;
            let program = env.compile(expression).map_err(|error| error.to_string())?;
            match list {
                "deny" => rules.denies.push(program),
                "allow" => rules.allows.push(program),
                "escalate" => rules.escalates.push(program),
                "gate" => rules.gates.push(program),
                _ => return Err(format!("no list: {list}")),
            }
        }
        Ok(rules)
    }

    fn ready(rules: Rules, folder: &Path) -> Result<Self, String> {
        let world = World::read(folder)?;
        let value = |json: Result<Value, cel::SerializationError>| json.map_err(|error| error.to_string());
        let mut accounts = HashMap::new();
        for account in &world.accounts {
            accounts.insert(account.id.clone(), value(to_value(account))?);
        }
        let sessions = world.sessions.iter().map(|session| value(to_value(session))).collect::<Result<_, _>>()?;
        let mut cel = Self { rules, root: Context::with_env(Arc::new(Env::stdlib())), sessions, accounts, requests: Vec::new() };
        for request in world.requests {
            let variables = cel.variables(request.session, &request.line).ok_or("a request that CEL cannot read")?;
            cel.requests.push((request.session, request.line, variables));
        }
        Ok(cel)
    }

    fn requests(&self) -> usize {
        self.requests.len()
    }

    fn from_bytes(&mut self, at: usize) -> Decision {
        let (session, line, _) = &self.requests[at];
        self.variables(*session, line).map_or(Decision::Failed, |variables| self.decision(variables))
    }

    /// The variables are parsed; binding them to names is part of every decision, for a context cannot outlive what it borrows.
    fn prepared(&mut self, at: usize) -> Decision {
        let Variables { verb, args, session, account } = &self.requests[at].2;
        self.decision(Variables { verb: verb.clone(), args: args.clone(), session: session.clone(), account: account.clone() })
    }
}

impl Cel {
    fn variables(&self, session: usize, line: &str) -> Option<Variables> {
        let Line { verb, args } = serde_json::from_str(line).ok()?;
        let account = self.accounts.get(args.get("account")?.as_str()?)?.clone();
        Some(Variables { verb: verb.into(), args: to_value(args).ok()?, session: self.sessions.get(session)?.clone(), account })
    }

    fn decision(&self, variables: Variables) -> Decision {
        let mut context = self.root.new_inner_scope();
        context.add_variable_from_value("verb", variables.verb);
        context.add_variable_from_value("args", variables.args);
        context.add_variable_from_value("session", variables.session);
        context.add_variable_from_value("account", variables.account);
        let decide = || {
            let denied = any(&self.rules.denies, &context)? || !any(&self.rules.allows, &context)?;
            let escalated = !denied && any(&self.rules.escalates, &context)?;
            let gated = !denied && !escalated && any(&self.rules.gates, &context)?;
            Some(Decision::of(denied, true, escalated, gated))
        };
        decide().unwrap_or(Decision::Failed)
    }
}

fn any(rules: &[Program], context: &Context<'_, '_>) -> Option<bool> {
    for rule in rules {
        match rule.execute(context) {
            Ok(Value::Bool(true)) => return Some(true),
            Ok(Value::Bool(false)) => {}
            _ => return None,
        }
    }
    Some(false)
}

//! Cedar: a policy set and an entity store that are loaded once, a request a call. What the outcome is follows from the permits that hold.

use crate::agents::requests::World;
use agentc_peers_worker::{Decision, Engine};
use cedar_policy::{
    Authorizer, Context, Entities, EntityId, EntityTypeName, EntityUid, PolicyId, PolicySet, Request, Schema, ValidationMode,
    Validator,
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::str::FromStr;

/// Policies that were parsed, and validated against their schema.
#[derive(Debug)]
pub struct Loaded {
    /// The policies.
    pub policies: PolicySet,
    /// Their schema.
    pub schema: Schema,
}

/// What a permit stands for: the value of its annotation `effect`.
#[derive(Debug, Clone, Copy)]
enum Permits {
    Allow,
    Gate,
    Escalate,
}

/// An authorizer with its policies and entities.
pub struct Cedar {
    policies: PolicySet,
    permits: HashMap<PolicyId, Permits>,
    entities: Entities,
    authorizer: Authorizer,
    sessions: Vec<EntityUid>,
    actions: HashMap<String, EntityUid>,
    account: EntityTypeName,
    requests: Vec<(usize, String, Request)>,
}

impl Engine for Cedar {
    type Source = (String, String);
    type Policy = Loaded;

    fn read(folder: &Path) -> Result<(String, String), String> {
        let read = |name: &str| fs::read_to_string(folder.join(name)).map_err(|error| format!("{name}: {error}"));
        Ok((read("policies.cedar")?, read("schema.cedarschema")?))
    }

    fn size(source: &(String, String)) -> usize {
        source.0.len() + source.1.len()
    }

    /// Parses and validates.
    fn load(source: &(String, String)) -> Result<Loaded, String> {
        let loaded = parse(source)?;
        let validator = Validator::new(loaded.schema);
        let result = validator.validate(&loaded.policies, ValidationMode::Strict);
        if !result.validation_passed() {
            return Err(result.to_string());
        }
        Ok(Loaded { policies: loaded.policies, schema: validator.schema().clone() })
    }

    fn ready(loaded: Loaded, folder: &Path) -> Result<Self, String> {
        let world = World::read(folder)?;
        let sessions = world.sessions.iter().map(|session| {
            json!({ "uid": { "type": "Session", "id": session.id }, "attrs": { "tenant": session.tenant, "tier": session.tier }, "parents": [] })
        });
        let accounts = world.accounts.iter().map(|account| {
            let attrs = json!({ "tenant": account.tenant, "status": account.status, "risk": account.risk });
            json!({ "uid": { "type": "Account", "id": account.id }, "attrs": attrs, "parents": [] })
        });
        let entities = Entities::from_json_value(Value::Array(sessions.chain(accounts).collect()), Some(&loaded.schema));
        let actions = loaded.schema.actions().map(|action| (action.id().unescaped().to_owned(), action.clone())).collect();
        let mut cedar = Self {
            permits: permits(&loaded.policies)?,
            policies: loaded.policies,
            entities: entities.map_err(|error| error.to_string())?,
            authorizer: Authorizer::new(),
            sessions: world.sessions.iter().map(|session| entity_uid("Session", &session.id)).collect::<Result<_, _>>()?,
            actions,
            account: name("Account")?,
            requests: Vec::new(),
        };
        for request in world.requests {
            let parsed = cedar.request(request.session, &request.line).ok_or("a request that Cedar cannot read")?;
            cedar.requests.push((request.session, request.line, parsed));
        }
        Ok(cedar)
    }

    fn requests(&self) -> usize {
        self.requests.len()
    }

    fn from_bytes(&mut self, at: usize) -> Decision {
        let (session, line, _) = &self.requests[at];
        self.request(*session, line).map_or(Decision::Failed, |request| self.decision(&request))
    }

    fn prepared(&mut self, at: usize) -> Decision {
        self.decision(&self.requests[at].2)
    }
}

/// Cedar where only its parser is measured: what a host pays that validated its policies before.
#[derive(Debug)]
pub struct Parse;

impl Engine for Parse {
    type Source = (String, String);
    type Policy = Loaded;

    fn read(folder: &Path) -> Result<(String, String), String> {
        Cedar::read(folder)
    }

    fn size(source: &(String, String)) -> usize {
        Cedar::size(source)
    }

    fn load(source: &(String, String)) -> Result<Loaded, String> {
        parse(source)
    }

    fn ready(_policy: Loaded, _folder: &Path) -> Result<Self, String> {
        Ok(Self)
    }

    fn requests(&self) -> usize {
        0
    }

    fn from_bytes(&mut self, _at: usize) -> Decision {
        Decision::Failed
    }

    fn prepared(&mut self, _at: usize) -> Decision {
        Decision::Failed
    }
}

/// What of a call's line Cedar is asked with. The members that no question needs are not even kept.
#[derive(Debug, Deserialize)]
struct Line<'a> {
    verb: &'a str,
    args: Value,
}

impl Cedar {
    fn request(&self, session: usize, line: &str) -> Option<Request> {
        let Line { verb, args } = serde_json::from_str(line).ok()?;
        let account = EntityId::new(args.get("account")?.as_str()?);
        let resource = EntityUid::from_type_name_and_id(self.account.clone(), account);
        let context = Context::from_json_value(args, None).ok()?;
        Request::new(self.sessions.get(session)?.clone(), self.actions.get(verb)?.clone(), resource, context, None).ok()
    }

    fn decision(&self, request: &Request) -> Decision {
        let response = self.authorizer.is_authorized(request, &self.policies, &self.entities);
        if response.diagnostics().errors().next().is_some() {
            return Decision::Failed;
        }
        if response.decision() == cedar_policy::Decision::Deny {
            return Decision::Deny;
        }
        let (mut granted, mut escalated, mut gated) = (false, false, false);
        for policy in response.diagnostics().reason() {
            match self.permits.get(policy) {
                Some(Permits::Allow) => granted = true,
                Some(Permits::Escalate) => escalated = true,
                Some(Permits::Gate) => gated = true,
                None => return Decision::Failed,
            }
        }
        Decision::of(false, granted, escalated, gated)
    }
}

fn parse((policies, schema): &(String, String)) -> Result<Loaded, String> {
    let policies = PolicySet::from_str(policies).map_err(|error| error.to_string())?;
    let (schema, _) = Schema::from_cedarschema_str(schema).map_err(|error| error.to_string())?;
    Ok(Loaded { policies, schema })
}

fn permits(policies: &PolicySet) -> Result<HashMap<PolicyId, Permits>, String> {
    let mut permits = HashMap::new();
    for policy in policies.policies() {
        let stands_for = match policy.annotation("effect") {
            Some("allow") => Permits::Allow,
            Some("gate") => Permits::Gate,
            Some("escalate") => Permits::Escalate,
            Some("deny") => continue,
            other => return Err(format!("no effect: {other:?}")),
        };
        permits.insert(policy.id().clone(), stands_for);
    }
    Ok(permits)
}

/// The name of an entity.
///
/// # Errors
/// That the kind is no name.
pub fn entity_uid(kind: &str, id: &str) -> Result<EntityUid, String> {
    Ok(EntityUid::from_type_name_and_id(name(kind)?, EntityId::new(id)))
}

fn name(kind: &str) -> Result<EntityTypeName, String> {
    EntityTypeName::from_str(kind).map_err(|error| error.to_string())
}

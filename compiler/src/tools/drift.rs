//! Tool drift: what the policy declares against what the servers have, and against what they had when the tools were pinned.

use super::fits::{self, Fault, Misfit, Way};
use super::list::{RealTool, ToolList};
use super::schema::Schema;
use crate::diagnostic::codes::{
    ChangedTool, MissingParameter, NoSuchParameter, NoSuchTool, ParameterMisfit, ResultMisfit, StaleIgnore, ToolChange,
    UndeclaredTool,
};
use crate::diagnostic::{Diagnostic, Sink, suggest};
use crate::typed::{Field, Loc, Tool, ToolId, Type, Typed, Verb, VerbId};
use agentc_runtime::json::Json;
use agentc_runtime::program::ToolPin;

/// Why lists of tools cannot be laid beside a policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// The policy declares no tool.
    #[error("the policy declares no tool that `{file}` could be compared with")]
    NoTools {
        /// The list's file.
        file: String,
    },
    /// A list is for a server that the policy does not know.
    #[error("the policy has no tool and no server `{server}`")]
    NoServer {
        /// The name before `=`.
        server: String,
        /// The nearest name that it has.
        nearest: Option<String>,
        /// The names that it has.
        known: Vec<String>,
    },
    /// Two lists are for one tool.
    #[error("two lists are given for the tool `{tool}`: `{first}` and `{second}`")]
    TwoLists {
        /// The policy's tool.
        tool: String,
        /// A list's file.
        first: String,
        /// The other list's.
        second: String,
    },
}

impl Mismatch {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::NoTools { .. } => "`agentc import mcp` writes a declaration of the tools of a list".to_owned(),
            Self::NoServer { nearest: Some(nearest), .. } => format!("did you mean `{nearest}`?"),
            Self::NoServer { known, .. } => format!("it has `{}`", known.join("`, `")),
            Self::TwoLists { .. } => {
                "give one list for each server, as `--tools SERVER=FILE`, or one list without a name for all that have none"
                    .to_owned()
            }
        }
    }
}

/// A list beside the tools of the policy that it is the truth of.
struct Scope<'a> {
    list: &'a ToolList,
    tools: Vec<ToolId>,
}

/// What is wrong between a policy and the real tools: every verb that they do not have as declared, every tool that the policy does not mention, every
/// pinned tool that has changed. Sorted by place. With no pins nothing has changed.
///
/// # Errors
/// [`Mismatch`], where a list belongs to no tool of the policy.
pub fn check(typed: &Typed, lists: &[ToolList], pinned: &[ToolPin]) -> Result<Vec<Diagnostic>, Mismatch> {
    let mut sink = Sink::default();
    for scope in scopes(typed, lists)? {
        let drift = Drift { typed, list: scope.list, tools: &scope.tools };
        drift.verbs(&mut sink);
        drift.ignored(&mut sink);
        drift.unmentioned(&mut sink);
        drift.changed(pinned, &mut sink);
    }
    Ok(sink.into_diagnostics(typed))
}

/// The digests of all real tools, by server and name, as the artifact keeps them.
///
/// # Errors
/// [`Mismatch`], where a list belongs to no tool of the policy.
pub fn pins(typed: &Typed, lists: &[ToolList]) -> Result<Vec<ToolPin>, Mismatch> {
    let mut pins: Vec<ToolPin> = Vec::new();
    for scope in scopes(typed, lists)? {
        let drift = Drift { typed, list: scope.list, tools: &scope.tools };
        pins.extend(scope.list.tools.iter().filter_map(|real| real.pin(drift.server_of(real))));
    }
    pins.sort();
    pins.dedup_by(|a, b| (&a.server, &a.name) == (&b.server, &b.name));
    Ok(pins)
}

/// The server of a tool: the name after `on mcp`, else its own.
fn server(tool: &Tool) -> &str {
    tool.on.as_ref().map_or(tool.name.as_str(), |(_, server)| server.as_str())
}

fn tool_ids(typed: &Typed) -> impl Iterator<Item = (ToolId, &Tool)> {
    (0u32..).map(ToolId).zip(&typed.tools)
}

/// A list with a name is for the tools of that server, one without for all tools that have no list of their own.
fn scopes<'a>(typed: &Typed, lists: &'a [ToolList]) -> Result<Vec<Scope<'a>>, Mismatch> {
    let mut taken: Vec<Option<&str>> = vec![None; typed.tools.len()];
    let mut scopes = Vec::new();
    let (named, unnamed): (Vec<&ToolList>, Vec<&ToolList>) = lists.iter().partition(|list| list.server.is_some());
    for list in named.into_iter().chain(unnamed) {
        let wanted = |tool: &Tool| list.server.as_deref().is_none_or(|name| server(tool) == name || tool.name == name);
        let is_free = |id: ToolId| taken.get(id.index()).is_some_and(Option::is_none);
        let fits = tool_ids(typed).filter(|(id, tool)| wanted(tool) && (list.server.is_some() || is_free(*id)));
        let tools: Vec<ToolId> = fits.map(|(id, _)| id).collect();
        if tools.is_empty() {
            return Err(no_scope(typed, list, &taken));
        }
        for id in &tools {
            let Some(slot) = taken.get_mut(id.index()) else { continue };
            if let Some(first) = slot {
                let tool = typed.tools.get(id.index()).map(|tool| tool.name.clone()).unwrap_or_default();
                return Err(Mismatch::TwoLists { tool, first: (*first).to_owned(), second: list.file.clone() });
            }
            *slot = Some(&list.file);
        }
        scopes.push(Scope { list, tools });
    }
    Ok(scopes)
}

fn no_scope(typed: &Typed, list: &ToolList, taken: &[Option<&str>]) -> Mismatch {
    if let Some(name) = &list.server {
        let mut known: Vec<String> = typed.tools.iter().map(|tool| server(tool).to_owned()).collect();
        known.sort();
        known.dedup();
        let names = typed.tools.iter().map(|tool| tool.name.as_str()).chain(known.iter().map(String::as_str));
        let nearest = suggest::nearest(name, names).map(str::to_owned);
        return Mismatch::NoServer { server: name.clone(), nearest, known };
    }
    match (typed.tools.last(), taken.last()) {
        (Some(tool), Some(Some(first))) => {
            Mismatch::TwoLists { tool: tool.name.clone(), first: (*first).to_owned(), second: list.file.clone() }
        }
        _ => Mismatch::NoTools { file: list.file.clone() },
    }
}

fn argument(id: VerbId, verb: &Verb, misfit: Misfit, sink: &mut Sink) {
    let Misfit { path, loc, fault } = misfit;
    let loc = loc.unwrap_or(verb.loc);
    match fault {
        Fault::NoMember { nearest, known } => sink.report(NoSuchParameter { verb: id, path, nearest, known, loc }),
        Fault::Undeclared => sink.report(MissingParameter { verb: id, path, declared: false, loc }),
        Fault::MayBeLeftOut => sink.report(MissingParameter { verb: id, path, declared: true, loc }),
        fault => sink.report(ParameterMisfit { verb: id, path, fault, loc }),
    }
}

/// What a result is compared with. MCP's structured results are objects: where a tool gives anything else, servers put it under `result`, and hosts
/// unpack it.
fn result_schema<'a>(result: &Type, output: &'a Json) -> Schema<'a> {
    let bare = if let Type::Optional(inner) = result { inner } else { result };
    let wrapped = match output.get("properties").and_then(Json::as_object) {
        Some([(name, inner)]) if name == "result" && !matches!(bare, Type::Record(_) | Type::Map(..)) => Some(inner),
        _ => None,
    };
    wrapped.map_or(Schema::whole(output), |inner| Schema::inside(output, inner))
}

struct Drift<'a> {
    typed: &'a Typed,
    list: &'a ToolList,
    tools: &'a [ToolId],
}

impl<'a> Drift<'a> {
    fn own_verbs(&self) -> impl Iterator<Item = (VerbId, &'a Verb)> {
        let tools = self.tools;
        (0u32..).map(VerbId).zip(&self.typed.verbs).filter(move |(_, verb)| tools.contains(&verb.tool))
    }

    fn own_tools(&self) -> impl Iterator<Item = &'a Tool> {
        self.tools.iter().filter_map(|id| self.typed.tools.get(id.index()))
    }

    fn real(&self, wire: &str) -> Option<&'a RealTool> {
        self.list.tools.iter().find(|tool| tool.name == wire)
    }

    fn names(&self) -> impl Iterator<Item = &'a str> {
        self.list.tools.iter().map(|tool| tool.name.as_str())
    }

    /// Where the policy mentions a real tool: as a verb, or under `ignore`.
    fn mentioned(&self, name: &str) -> Option<(&'a Tool, Loc)> {
        let verb = self.own_verbs().find(|(_, verb)| verb.wire == name);
        if let Some((tool, loc)) = verb.and_then(|(_, verb)| Some((self.typed.tools.get(verb.tool.index())?, verb.loc))) {
            return Some((tool, loc));
        }
        self.own_tools()
            .find_map(|tool| tool.ignores.iter().find(|ignored| ignored.wire == name).map(|ignored| (tool, ignored.loc)))
    }

    fn server_of(&self, real: &RealTool) -> &'a str {
        let tool = self.mentioned(&real.name).map(|(tool, _)| tool).or_else(|| self.own_tools().next());
        tool.map_or("", server)
    }

    fn verbs(&self, sink: &mut Sink) {
        for (id, verb) in self.own_verbs() {
            let Some(real) = self.real(&verb.wire) else {
                let nearest = suggest::nearest(&verb.wire, self.names()).map(str::to_owned);
                sink.report(NoSuchTool { verb: id, file: self.list.file.clone(), nearest });
                continue;
            };
            let fields: Vec<&Field> = verb.params.iter().map(|param| &param.field).collect();
            for misfit in fits::object(self.typed, Way::In, &fields, Schema::whole(&real.input)) {
                argument(id, verb, misfit, sink);
            }
            if let (Some(result), Some(output)) = (&verb.result, &real.output) {
                for misfit in fits::value(self.typed, Way::Out, result, &verb.result_encoding, result_schema(result, output)) {
                    let Misfit { path, loc, fault } = misfit;
                    sink.report(ResultMisfit { verb: id, path, loc: loc.unwrap_or(verb.loc), fault });
                }
            }
        }
    }

    fn ignored(&self, sink: &mut Sink) {
        for ignored in self.own_tools().flat_map(|tool| &tool.ignores) {
            if self.real(&ignored.wire).is_none() {
                let nearest = suggest::nearest(&ignored.wire, self.names()).map(str::to_owned);
                sink.report(StaleIgnore { wire: ignored.wire.clone(), file: self.list.file.clone(), nearest, loc: ignored.loc });
            }
        }
    }

    fn unmentioned(&self, sink: &mut Sink) {
        let Some(tool) = self.own_tools().next() else { return };
        for name in self.names() {
            if self.mentioned(name).is_none() {
                sink.report(UndeclaredTool {
                    wire: name.to_owned(),
                    file: self.list.file.clone(),
                    tool: tool.name.clone(),
                    loc: tool.loc,
                });
            }
        }
    }

    fn changed(&self, pinned: &[ToolPin], sink: &mut Sink) {
        for real in &self.list.tools {
            let Some((_, loc)) = self.mentioned(&real.name) else { continue };
            let Some(now) = real.pin(self.server_of(real)) else { continue };
            let Some(before) = pinned.iter().find(|pin| pin.server == now.server && pin.name == now.name) else { continue };
            let change = match (before.schema != now.schema, before.words != now.words) {
                (true, true) => ToolChange::Both,
                (true, false) => ToolChange::Schema,
                (false, true) => ToolChange::Words,
                (false, false) => continue,
            };
            sink.report(ChangedTool { wire: real.name.clone(), change, loc });
        }
    }
}

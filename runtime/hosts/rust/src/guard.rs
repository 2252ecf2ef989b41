//! A layer for tools: no call goes around the policy.

use crate::error::HostError;
use crate::reply::Reply;
use crate::run::{Host, Run};
use agentc_runtime::event::{CallResult, EventKind, ResultOutcome};
use agentc_runtime::json::Json;
use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower_layer::Layer;
use tower_service::Service;

/// A call that the policy has allowed. Only a guard makes one, so that a tool that takes it cannot be called around the policy.
#[derive(Debug)]
pub struct Allowed {
    id: String,
    reply: Reply,
}

impl Allowed {
    /// The call's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The arguments that were allowed: canonical, every number as it was decided. Pass on exactly these.
    #[must_use]
    pub fn args(&self) -> &Json {
        self.reply.allowed_args().unwrap_or(&Json::Null)
    }

    /// The answer.
    #[must_use]
    pub fn reply(&self) -> &Reply {
        &self.reply
    }
}

/// Why a tool did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    /// It refused, with its own code.
    #[error("the tool refused: {0}")]
    Refused(String),
    /// Nobody knows whether it happened.
    #[error("nobody knows whether the call happened: {0}")]
    Unclear(#[source] Box<dyn Error + Send + Sync>),
}

/// Why a guarded call gave no result.
#[derive(Debug, thiserror::Error)]
pub enum GuardError {
    /// The policy does not let it happen; the sentence is the one for the model.
    #[error("{}", .0.model())]
    Refused(Box<Reply>),
    /// Nothing was decided, and nothing executed.
    #[error(transparent)]
    Host(#[from] HostError),
    /// It was executed and failed, and the run knows.
    #[error(transparent)]
    Tool(#[from] ToolError),
}

/// Wraps tools of one verb: services that take an [`Allowed`] call become services that take the agent's arguments.
pub struct GuardLayer<H> {
    run: Arc<Run<H>>,
    verb: Arc<str>,
}

impl<H> GuardLayer<H> {
    /// For a verb of a run, by its name on the wire.
    #[must_use]
    pub fn new(run: Arc<Run<H>>, verb: &str) -> Self {
        Self { run, verb: verb.into() }
    }
}

impl<H> fmt::Debug for GuardLayer<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardLayer").field("verb", &self.verb).finish_non_exhaustive()
    }
}

impl<H> Clone for GuardLayer<H> {
    fn clone(&self) -> Self {
        Self { run: Arc::clone(&self.run), verb: Arc::clone(&self.verb) }
    }
}

impl<S, H> Layer<S> for GuardLayer<H> {
    type Service = Guarded<S, H>;

    fn layer(&self, tool: S) -> Guarded<S, H> {
        Guarded { tool, guard: self.clone() }
    }
}

/// A tool that can only be called through its run.
#[derive(Debug)]
pub struct Guarded<S, H> {
    tool: S,
    guard: GuardLayer<H>,
}

impl<S: Clone, H> Clone for Guarded<S, H> {
    fn clone(&self) -> Self {
        Self { tool: self.tool.clone(), guard: self.guard.clone() }
    }
}

impl<S, H> Service<Json> for Guarded<S, H>
where
    S: Service<Allowed, Response = Json, Error = ToolError> + Clone + Send + 'static,
    S::Future: Send,
    H: Host + 'static,
{
    /// What the agent may see of the result.
    type Response = Option<Json>;
    type Error = GuardError;
    type Future = Pin<Box<dyn Future<Output = Result<Option<Json>, GuardError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), GuardError>> {
        self.tool.poll_ready(context).map_err(GuardError::Tool)
    }

    fn call(&mut self, args: Json) -> Self::Future {
        // The one that is ready goes; the clone that stays is made ready anew.
        let next = self.tool.clone();
        let mut tool = std::mem::replace(&mut self.tool, next);
        let GuardLayer { run, verb } = self.guard.clone();
        Box::pin(async move {
            let reply = run.call(&verb, args).await?;
            let id = reply.json().get("call").and_then(Json::as_text).unwrap_or_default().to_owned();
            if !reply.is_allow() {
                return Err(GuardError::Refused(Box::new(reply)));
            }
            let result = tool.call(Allowed { id: id.clone(), reply }).await;
            let outcome = match &result {
                Ok(value) => ResultOutcome::Ok(value.clone()),
                Err(ToolError::Refused(code)) => ResultOutcome::Refused(code.clone()),
                Err(ToolError::Unclear(_)) => ResultOutcome::Unclear,
            };
            let taken = run.send(EventKind::Result(CallResult { id, outcome }))?;
            result?;
            Ok(taken.shows().cloned())
        })
    }
}

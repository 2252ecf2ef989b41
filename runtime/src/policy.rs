//! A loaded policy: a verified program with everything built once that evaluating it needs.

use crate::answer::Builtin;
use crate::artifact::{self, ArtifactError, Digest};
use crate::index::Index;
use crate::json::Json;
use crate::library::{Function, Library};
use crate::pattern::{Pattern, PatternError};
use crate::program::{Constant, Expr, ExprId, Program, TypeId, TypeShape, VerbShape};
use crate::run::Run;
use crate::value::Value;
use crate::verify::{Flaw, verify};
use crate::zone::{ZoneError, Zones};
use jiff::SignedDuration;
use std::sync::Arc;

/// A policy that is ready to decide.
// INVARIANT: the program is verified; the vectors below are parallel to its own.
#[derive(Debug)]
pub struct Policy {
    program: Program,
    digest: Arc<str>,
    constants: Vec<Value>,
    functions: Vec<&'static Function>,
    patterns: Vec<Pattern>,
    zones: Zones,
    index: Index,
}

/// Why a policy cannot be loaded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// The bytes are no artifact of this format.
    #[error(transparent)]
    Artifact(#[from] ArtifactError),
    /// The policy calls a function that the library does not have.
    #[error("the policy calls `{0}`, which this library does not have")]
    MissingFunction(String),
    /// A pattern of the policy cannot be compiled.
    #[error("in the pattern `{0}`: {1}")]
    Pattern(String, PatternError),
    /// A time zone's rules cannot be read.
    #[error(transparent)]
    Zone(#[from] ZoneError),
    /// The program is not well-formed.
    #[error("the policy is not well-formed: {0}")]
    Flaw(#[from] Flaw),
}

impl Policy {
    /// Loads an artifact.
    ///
    /// # Errors
    /// [`LoadError`] says what is wrong with it.
    pub fn load(bytes: &[u8], library: &Library) -> Result<Self, LoadError> {
        let (program, digest) = artifact::decode(bytes)?;
        Self::build(program, digest, library)
    }

    /// Loads a program as it comes from the compiler.
    ///
    /// # Errors
    /// [`LoadError`] says what is wrong with it.
    pub fn new(program: Program, library: &Library) -> Result<Self, LoadError> {
        let digest = artifact::digest(&program)?;
        Self::build(program, digest, library)
    }

    fn build(program: Program, digest: Digest, library: &Library) -> Result<Self, LoadError> {
        let find = |name: &String| library.function(name).ok_or_else(|| LoadError::MissingFunction(name.clone()));
        let functions: Vec<&'static Function> = program.functions.iter().map(find).collect::<Result<_, _>>()?;
        verify(&program, &functions)?;
        let compile = |text: &String| Pattern::new(text).map_err(|error| LoadError::Pattern(text.clone(), error));
        let patterns = program.patterns.iter().map(compile).collect::<Result<_, _>>()?;
        let zones = Zones::new(&program.zones)?;
        let constants = program.constants.iter().map(value_of).collect();
        let index = Index::new(&program);
        Ok(Self { program, digest: digest.to_string().into(), constants, functions, patterns, zones, index })
    }

    /// The program.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The SHA-256 digest of the program, 64 hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The digest, to be kept beside what belongs to this policy alone.
    pub(crate) fn shared_digest(&self) -> Arc<str> {
        Arc::clone(&self.digest)
    }

    /// Whether that is the digest of this policy.
    #[inline]
    pub(crate) fn has_digest(&self, digest: &Arc<str>) -> bool {
        Arc::ptr_eq(&self.digest, digest) || self.digest == *digest
    }

    /// What the policy is, for a host that did not compile it: `policy`, `version`, `owner`, `digest`, `jobs` (names) and `verbs` (`verb`
    /// on the wire, `tool`, `kind`: `read` or `write`).
    #[must_use]
    pub fn info(&self) -> Json {
        let verb = |verb: &VerbShape| {
            let kind = if verb.is_write { "write" } else { "read" };
            Json::object([("verb", Json::text(&*verb.wire)), ("tool", Json::text(&*verb.tool)), ("kind", Json::text(kind))])
        };
        Json::object([
            ("policy", Json::text(&*self.program.name)),
            ("version", Json::text(&*self.program.version)),
            ("owner", Json::text(&*self.program.owner)),
            ("digest", Json::text(&*self.digest)),
            ("jobs", Json::List(self.program.jobs.iter().map(|job| Json::text(&*job.name)).collect())),
            ("verbs", Json::List(self.program.verbs.iter().map(verb).collect())),
        ])
    }

    /// The time zones.
    #[must_use]
    pub fn zones(&self) -> &Zones {
        &self.zones
    }

    /// A type.
    #[must_use]
    pub fn shape(&self, ty: TypeId) -> Option<&TypeShape> {
        self.program.types.get(ty.index())
    }

    /// The name of a rule of the run's job, or of what decides where no rule does.
    pub(crate) fn rule_name(&self, run: &Run, name: &str) -> Option<&str> {
        let (start, end) = self.program.jobs.get(run.fixed.job.index())?.rules;
        let rules = self.program.rules.get(start as usize..end as usize)?;
        let named = rules.iter().map(|rule| rule.name.as_str()).find(|known| *known == name);
        named.or_else(|| Builtin::ALL.iter().map(|builtin| builtin.name()).find(|known| *known == name))
    }

    #[inline]
    pub(crate) fn index(&self) -> &Index {
        &self.index
    }

    #[inline]
    pub(crate) fn expr(&self, id: ExprId) -> Option<&Expr> {
        self.program.exprs.get(id.index())
    }

    #[inline]
    pub(crate) fn constant(&self, index: usize) -> Option<&Value> {
        self.constants.get(index)
    }

    pub(crate) fn function(&self, index: u32) -> Option<&'static Function> {
        self.functions.get(index as usize).copied()
    }

    pub(crate) fn pattern(&self, index: u32) -> Option<&Pattern> {
        self.patterns.get(index as usize)
    }
}

fn value_of(constant: &Constant) -> Value {
    match constant {
        Constant::None => Value::None,
        Constant::Bool(truth) => Value::Bool(*truth),
        Constant::Int(number) => Value::Int(*number),
        Constant::Decimal(number) => Value::Decimal(*number),
        Constant::Money(amount, currency) => Value::Money(*amount, *currency),
        Constant::Text(text) => Value::text(text),
        Constant::Time(time) => Value::Time(*time),
        Constant::Date(date) => Value::Date(*date),
        Constant::TimeOfDay(time) => Value::TimeOfDay(*time),
        Constant::Duration(nanoseconds) => Value::Duration(SignedDuration::from_nanos(*nanoseconds)),
        Constant::Weekday(day) => Value::Weekday(*day),
        Constant::Enum(variant) => Value::Enum(*variant),
    }
}

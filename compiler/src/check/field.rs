//! `x.field`: fields of records and keys, facts of the run, and parts that library functions give.

use super::literal::optional;
use super::name::{Meaning, Root};
use super::provenance::marks;
use super::{Checked, Checker, Reported};
use crate::diagnostic::codes::{NoSuchField, NonValue, Owner, Thing};
use crate::diagnostic::suggest;
use crate::typed::{self, Arm, ExprKind, Field, LibraryFunction, Pattern, Provenance, RecordId, RunFact, Type, Who};
use agentc_grammar::ast::{self, HistoryKind, Name};
use agentc_grammar::span::Span;
use agentc_runtime::types::Currency;
use agentc_runtime::value::Value;

/// The facts of a run by name; `env` is no fact, but where the environment begins.
const RUN_FACTS: [(&str, RunFact); 6] = [
    ("calls", RunFact::Calls),
    ("denials", RunFact::Denials),
    ("cost", RunFact::Cost),
    ("tokens", RunFact::Tokens),
    ("confidence", RunFact::Confidence),
    ("unsettled", RunFact::Unsettled),
];

impl<'h> Checker<'_, 'h> {
    /// `base.field`
    pub(super) fn field(&mut self, base: &ast::Expr, field: &Name, span: Span, hint: Option<&Type>) -> Checked<typed::Expr> {
        let _ = hint;
        match &base.kind {
            ast::ExprKind::Name(name) => match self.meaning(name) {
                Meaning::Root(root) => return self.root_field(root, field, span),
                Meaning::PastArgs => return self.past_arg(field, span),
                Meaning::Other => {
                    if let Some(id) = self.hir.names.enums.get(name).copied() {
                        return self.variant_of(id, &field.node, span);
                    }
                }
                _ => {}
            },
            ast::ExprKind::Field(root, word) => match &root.kind {
                ast::ExprKind::Name(name) if word.node == "env" && self.meaning(name) == Meaning::Root(Root::Run) => {
                    return self.environment(field, span);
                }
                ast::ExprKind::History { what, targets, filter } if what.node == HistoryKind::Last && word.node == "args" => {
                    return self.last_arg(targets, filter.as_deref(), field, span);
                }
                _ => {}
            },
            ast::ExprKind::History { what, targets, filter } if what.node == HistoryKind::Last => {
                return self.last_part(targets, filter.as_deref(), field, span);
            }
            _ => {}
        }
        let base = self.infer(base, None)?;
        self.member_of(base, field, span)
    }

    /// A field or part of a value.
    fn member_of(&mut self, base: typed::Expr, field: &Name, span: Span) -> Checked<typed::Expr> {
        match base.ty.clone() {
            Type::Record(record) => self.record_field(base, record, false, field, span),
            Type::Key(record) => {
                let whole = self.record_of(base, record, span)?;
                self.record_field(whole, record, false, field, span)
            }
            Type::Optional(inner) => match *inner {
                Type::Record(record) => self.record_field(base, record, true, field, span),
                Type::Key(record) => {
                    let whole = self.record_of(base, record, span)?;
                    self.record_field(whole, record, true, field, span)
                }
                inner => self.optional_part(base, inner, field, span),
            },
            _ => self.part(base, field, span),
        }
    }

    fn record_field(
        &mut self,
        base: typed::Expr,
        record: RecordId,
        may_be_none: bool,
        field: &Name,
        span: Span,
    ) -> Checked<typed::Expr> {
        let typed = &self.hir.typed;
        let fields = typed.records.get(record.0 as usize).map_or(&[][..], |decl| &decl.fields);
        let found = self.field_index(record, &field.node).and_then(|at| Some((at, fields.get(at as usize)?)));
        let Some((at, decl)) = found else {
            let owner = Owner::Type(Type::Record(record));
            let nearest = suggest::nearest(&field.node, fields.iter().map(|field| field.name.as_str())).map(str::to_owned);
            return Err(self.no_such_field(owner, field, nearest));
        };
        let ty = if may_be_none { optional(decl.ty.clone()) } else { decl.ty.clone() };
        let provenance = base.provenance | marks(decl);
        Ok(self.node(ExprKind::Field(Box::new(base), at), ty, provenance, span))
    }

    /// A field of the row that is being shown or not.
    pub(super) fn row_field(&mut self, at: u32, span: Span) -> Checked<typed::Expr> {
        let row = self.here.row.clone().ok_or(Reported(()))?;
        let record = self.hir.typed.records.get(row.record.0 as usize);
        let decl = record.and_then(|record| record.fields.get(at as usize)).ok_or(Reported(()))?;
        let (ty, marks) = (decl.ty.clone(), marks(decl));
        let base = self.node(ExprKind::Local(row.local), Type::Record(row.record), row.provenance, span);
        Ok(self.node(ExprKind::Field(Box::new(base), at), ty, row.provenance | marks, span))
    }

    /// `input.x`, `run.x`, `user.x`, `agent.x`, `signal.x`
    fn root_field(&mut self, root: Root, field: &Name, span: Span) -> Checked<typed::Expr> {
        match root {
            Root::Input => {
                self.only_in_jobs(Thing::Input, span)?;
                let declared = self.job().map_or(&[][..], |job| &job.input);
                self.declared(declared, Owner::Input, field, span, Provenance::INPUT, ExprKind::Input)
            }
            Root::Signal => {
                self.only_in_jobs(Thing::Signal, span)?;
                let declared = self.job().map_or(&[][..], |job| &job.signals);
                self.declared(declared, Owner::Signals, field, span, Provenance::HISTORY, ExprKind::Signal)
            }
            Root::User | Root::Agent => {
                self.only_outside_functions(Thing::Identity, span)?;
                let (who, owner, declared) = match root {
                    Root::User => (Who::User, Owner::User, &self.hir.typed.user),
                    _ => (Who::Agent, Owner::Agent, &self.hir.typed.agent),
                };
                self.declared(declared, owner, field, span, Provenance::IDENTITY, |at| ExprKind::Identity(who, at))
            }
            Root::Run => self.run_fact(field, span),
            Root::Now => {
                let now = self.name("now", span, None)?;
                self.part(now, field, span)
            }
        }
    }

    fn job(&mut self) -> Option<&'h typed::Job> {
        let job = self.here.scope.job?;
        self.lets.note_job();
        self.hir.typed.jobs.get(job.index())
    }

    fn environment(&mut self, field: &Name, span: Span) -> Checked<typed::Expr> {
        self.only_in_jobs(Thing::Environment, span)?;
        let declared = self.job().map_or(&[][..], |job| &job.environment);
        self.declared(declared, Owner::Environment, field, span, Provenance::ENVIRONMENT, ExprKind::Environment)
    }

    /// One of several declared values, by name.
    fn declared(
        &mut self,
        declared: &[Field],
        owner: Owner,
        field: &Name,
        span: Span,
        provenance: Provenance,
        form: impl FnOnce(u32) -> ExprKind,
    ) -> Checked<typed::Expr> {
        let found = declared.iter().zip(0u32..).find(|(decl, _)| decl.name == field.node);
        let Some((decl, at)) = found else {
            let nearest = suggest::nearest(&field.node, declared.iter().map(|decl| decl.name.as_str())).map(str::to_owned);
            return Err(self.no_such_field(owner, field, nearest));
        };
        Ok(self.node(form(at), decl.ty.clone(), provenance | marks(decl), span))
    }

    fn run_fact(&mut self, field: &Name, span: Span) -> Checked<typed::Expr> {
        self.only_in_jobs(Thing::Run, span)?;
        if field.node == "env" {
            return Err(self.not_a_value(span, NonValue::Root("run.env".into())));
        }
        let Some((_, fact)) = RUN_FACTS.iter().find(|(name, _)| *name == field.node) else {
            let names = RUN_FACTS.iter().map(|(name, _)| *name).chain(["env"]);
            let nearest = suggest::nearest(&field.node, names).map(str::to_owned);
            return Err(self.no_such_field(Owner::Run, field, nearest));
        };
        let ty = match fact {
            RunFact::Cost => match Currency::new("USD") {
                Some(dollars) => Type::Money(dollars),
                None => Type::Decimal,
            },
            RunFact::Confidence => optional(Type::Decimal),
            RunFact::SawUntrusted => Type::Bool,
            RunFact::Calls | RunFact::Denials | RunFact::Tokens | RunFact::Unsettled => Type::Int,
        };
        let claimed = if *fact == RunFact::Confidence { Provenance::CLAIM } else { Provenance::empty() };
        Ok(self.node(ExprKind::Run(*fact), ty, Provenance::HISTORY | claimed, span))
    }

    /// `run saw untrusted`
    pub(super) fn saw_untrusted(&mut self, span: Span) -> Checked<typed::Expr> {
        self.only_in_jobs(Thing::Run, span)?;
        Ok(self.node(ExprKind::Run(RunFact::SawUntrusted), Type::Bool, Provenance::HISTORY, span))
    }

    /// A part of a value that is no record: of a time in a zone, or what a library function of one argument gives.
    fn part(&mut self, base: typed::Expr, field: &Name, span: Span) -> Checked<typed::Expr> {
        let provenance = base.provenance;
        if base.ty == Type::Zoned
            && let Some((part, ty)) = Self::zone_part(&field.node)
        {
            return Ok(self.node(ExprKind::ZonePart(part, Box::new(base)), ty, provenance, span));
        }
        let function = module(&base.ty).and_then(|module| self.hir.library.function(&format!("{module}.{}", field.node)));
        match function {
            Some(function) if function.params.len() == 1 => self.apply(LibraryFunction(function), vec![base], span),
            _ => {
                let nearest = self.nearest_part(&base.ty, &field.node);
                Err(self.no_such_field(Owner::Type(base.ty), field, nearest))
            }
        }
    }

    /// The part of an optional value: `none` passes on.
    fn optional_part(&mut self, base: typed::Expr, inner: Type, field: &Name, span: Span) -> Checked<typed::Expr> {
        let local = self.fresh_local();
        let value = self.node(ExprKind::Local(local), inner, base.provenance, span);
        let part = self.part(value, field, span)?;
        let ty = optional(part.ty.clone());
        let provenance = part.provenance | base.provenance;
        let none = self.node(ExprKind::Const(Value::None), ty.clone(), provenance, span);
        let some = super::convert::to_optional(part);
        let arms = vec![
            Arm { patterns: vec![Pattern::OneOf(vec![Value::None])], value: none },
            Arm { patterns: vec![Pattern::Bind(local)], value: some },
        ];
        Ok(self.node(ExprKind::Match(vec![base], arms), ty, provenance, span))
    }

    fn nearest_part(&self, ty: &Type, field: &str) -> Option<String> {
        if *ty == Type::Zoned {
            return suggest::nearest(field, ["date", "time", "weekday"]).map(str::to_owned);
        }
        let prefix = format!("{}.", module(ty)?);
        let functions = self.hir.library.functions.iter().filter(|function| function.params.len() == 1);
        let parts = functions.filter_map(|function| function.name.strip_prefix(prefix.as_str()));
        suggest::nearest(field, parts).map(str::to_owned)
    }

    pub(super) fn no_such_field(&mut self, owner: Owner, field: &Name, nearest: Option<String>) -> Reported {
        let loc = self.loc(field.span);
        self.report(NoSuchField { owner, name: field.node.clone(), nearest, loc })
    }
}

/// The library's module for values of a type.
pub(crate) fn module(ty: &Type) -> Option<&'static str> {
    Some(match ty {
        Type::Int => "int",
        Type::Decimal => "decimal",
        Type::Text => "text",
        Type::Money(_) => "money",
        Type::Time => "time",
        Type::Date => "date",
        Type::TimeOfDay => "time_of_day",
        Type::Duration => "duration",
        Type::Weekday => "weekday",
        Type::Email => "email",
        Type::Url => "url",
        Type::Path => "path",
        Type::List(_) => "list",
        Type::Set(_) => "set",
        Type::Map(..) => "map",
        Type::Bool | Type::Zone | Type::Zoned | Type::Enum(_) | Type::Key(_) | Type::Record(_) | Type::Optional(_) => {
            return None;
        }
    })
}

//! Functions' parameters, and what jobs declare: inputs, environments, signals.

use super::duplicates::{Duplicates, Once};
use super::{Resolver, loc, next_index};
use crate::diagnostic::codes::ReservedName;
use crate::hir::UNRESOLVED;
use crate::typed::{Expr, ExprKind, Field, FileId, Fn, FnId, Job, JobId, LocalId, Provenance, Type};
use agentc_grammar::ast::{self, MemberKind};
use agentc_runtime::value::Value;
use std::collections::BTreeMap;

/// Words that are functions of the language itself.
const BUILT_IN: &[&str] = &["all", "any", "at", "count", "failed", "first", "happened", "last", "max", "min", "sum", "zip"];

impl<'a> Resolver<'a, '_> {
    /// Names, parameters and result types of functions. A constant of the result type stands in for a body until it is checked.
    pub(super) fn fill_fns(&mut self) {
        let mut locals = 0_u32;
        for index in 0..self.hir.syntax.fns.len() {
            let Some((file, decl)) = self.hir.syntax.fns.get(index).copied() else { continue };
            self.not_reserved("function", file, &decl.name, BUILT_IN);
            let mut names = Duplicates::of("parameter");
            let mut params = Vec::new();
            for (name, ty) in &decl.params {
                let ty = self.plain_type(file, ty);
                names.declare(&name.node, loc(file, name.span), self.sink);
                params.push((LocalId(locals), name.node.clone(), ty));
                locals = locals.saturating_add(1);
            }
            let result = self.plain_type(file, &decl.result);
            let here = loc(file, decl.name.span);
            let id = FnId(next_index(&self.hir.typed.fns));
            self.hir.names.fns.insert(decl.name.node.clone(), id);
            self.hir.typed.fns.push(Fn {
                name: decl.name.node.clone(),
                params,
                body: Expr {
                    kind: ExprKind::Const(Value::None),
                    ty: result,
                    provenance: Provenance::CONST,
                    loc: loc(file, decl.body.span),
                },
                loc: here,
            });
        }
    }

    /// Gives a job its id and name.
    pub(super) fn declare_job(&mut self, file: FileId, docs: Option<String>, job: &ast::Job) {
        let id = JobId(next_index(&self.hir.typed.jobs));
        self.hir.names.jobs.insert(job.name.node.clone(), id);
        self.hir.typed.jobs.push(Job {
            name: job.name.node.clone(),
            docs,
            purpose: None,
            purpose_at: None,
            input: Vec::new(),
            environment: Vec::new(),
            signals: Vec::new(),
            done: None,
            rules: Vec::new(),
            naming: BTreeMap::new(),
            handoff: None,
            pause_by: Vec::new(),
            resume_by: Vec::new(),
            undo_by: Vec::new(),
            loc: loc(file, job.name.span),
        });
    }

    /// Inputs, environments and signals of every job. Such members inside a `when` are reported where rules are read.
    pub(super) fn fill_jobs(&mut self) {
        for index in 0..self.hir.syntax.jobs.len() {
            let Some((file, decl)) = self.hir.syntax.jobs.get(index).copied() else { continue };
            let mut once = Once::default();
            let (mut input, mut environment) = (Vec::new(), Vec::new());
            for member in &decl.members {
                let here = loc(file, member.span);
                match &member.kind {
                    MemberKind::Input(fields) if once.say("input", here, self.sink) => {
                        input = self.fields("input", file, fields, false);
                    }
                    MemberKind::Environment(fields) if once.say("environment", here, self.sink) => {
                        environment = self.fields("environment value", file, fields, false);
                    }
                    _ => {}
                }
            }
            let signals = self.signals(file, decl);
            if let Some(job) = self.hir.typed.jobs.get_mut(index) {
                job.input = input;
                job.environment = environment;
                job.signals = signals;
            }
        }
    }

    fn signals(&mut self, file: FileId, job: &'a ast::Job) -> Vec<Field> {
        let declared = job.members.iter().filter_map(|member| match &member.kind {
            MemberKind::Signal(field) => Some(field),
            _ => None,
        });
        let mut signals = self.fields("signal", file, declared, false);
        for signal in &mut signals {
            if signal.name == "confidence" {
                let name = signal.name.clone();
                self.sink.report(ReservedName { what: "signal", name, loc: signal.loc });
            }
            if signal.ty != UNRESOLVED && !matches!(signal.ty, Type::Optional(_)) {
                signal.ty = Type::Optional(Box::new(signal.ty.clone()));
            }
        }
        signals
    }
}

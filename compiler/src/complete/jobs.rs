//! Jobs: what they say of themselves, and their rules in order.

use super::Completer;
use super::unfold::{Unfolded, member_name};
use crate::check::Scope;
use crate::resolve::{Once, loc};
use crate::source::on_one_line;
use crate::typed::{Approver, Expr, FileId, Handoff, Job, JobId, Loc, Rule, Show, Type, VerbId};
use agentc_grammar::ast::{self, MemberKind};
use std::collections::BTreeMap;

/// What is added to a job.
#[derive(Debug, Default)]
pub(super) struct Completed {
    purpose: Option<(String, Loc)>,
    done: Option<Expr>,
    pub(super) rules: Vec<Rule>,
    /// Beside the rules: what each is, and whether all its verbs are known.
    pub(super) sorts: Vec<(&'static str, bool)>,
    handoff: Option<Handoff>,
    pause_by: Vec<Approver>,
    resume_by: Vec<Approver>,
    undo_by: Vec<Approver>,
}

impl Completed {
    /// Whether the rule is one of that sort: `gate`, `limit`.
    pub(super) fn is(&self, rule: u32, sort: &str) -> bool {
        self.sorts.get(rule as usize).is_some_and(|(is, _)| *is == sort)
    }

    /// Completes the job.
    pub(super) fn into_job(self, job: &mut Job) {
        (job.purpose, job.purpose_at) = self.purpose.unzip();
        job.done = self.done;
        let mut naming: BTreeMap<VerbId, Vec<u32>> = BTreeMap::new();
        for (at, rule) in (0_u32..).zip(&self.rules) {
            for verb in &rule.verbs {
                naming.entry(*verb).or_default().push(at);
            }
        }
        job.rules = self.rules;
        job.naming = naming;
        job.handoff = self.handoff;
        job.resume_by = if self.resume_by.is_empty() { self.pause_by.clone() } else { self.resume_by };
        job.pause_by = self.pause_by;
        job.undo_by = self.undo_by;
    }
}

impl<'a> Completer<'a, '_> {
    /// All jobs, in order.
    pub(super) fn jobs(&mut self) -> Vec<Completed> {
        let syntax: Vec<(FileId, &'a ast::Job)> = self.hir.syntax.jobs.clone();
        let completed = (0_u32..).zip(syntax).map(|(index, (file, job))| self.complete_job(JobId(index), file, job)).collect();
        self.unfold_unused_sets();
        completed
    }

    fn complete_job(&mut self, id: JobId, file: FileId, job: &'a ast::Job) -> Completed {
        let mut completed = Completed::default();
        let members = self.unfold(file, &job.members);
        let names = self.rule_names(&members);
        let mut once = Once::default();
        for (unfolded, name) in members.iter().zip(names) {
            match name {
                Some(name) => {
                    let sort = name.sort;
                    let (rule, sure) = self.complete_rule(id, unfolded, name);
                    completed.rules.push(rule);
                    completed.sorts.push((sort, sure));
                }
                None => self.complete_member(id, unfolded, &mut once, &mut completed),
            }
        }
        self.gates_of_limits(&members, &mut completed);
        completed
    }

    fn complete_member(&mut self, id: JobId, unfolded: &Unfolded<'a>, once: &mut Once, completed: &mut Completed) {
        let (member, file) = (unfolded.member, unfolded.home.file);
        let here = loc(file, member.span);
        // Inputs and environments were held against each other when they were resolved; there may be many signals and `let`s.
        let counted = matches!(
            member.kind,
            MemberKind::Purpose(_)
                | MemberKind::Done(_)
                | MemberKind::Handoff(_)
                | MemberKind::PauseBy(_)
                | MemberKind::ResumeBy(_)
                | MemberKind::UndoBy(_)
        );
        if counted && !once.say(member_name(&member.kind), here, self.checker.problems()) {
            return;
        }
        let scope = super::rules::scope(id, unfolded.home, &[]);
        match &member.kind {
            MemberKind::Purpose(text) => completed.purpose = Some((text.node.clone(), here)),
            MemberKind::Done(condition) => completed.done = self.checker.check(condition, &scope, Some(&Type::Bool)).ok(),
            MemberKind::Handoff(handoff) => {
                let show = self.shows(file, &handoff.show, &scope);
                let expect = handoff.expect.as_ref().map(|text| text.node.clone());
                completed.handoff = Some(Handoff { to: handoff.to.node.clone(), show, expect, loc: here });
            }
            MemberKind::PauseBy(who) => completed.pause_by = self.people("pause by", file, who, &scope),
            MemberKind::ResumeBy(who) => completed.resume_by = self.people("resume by", file, who, &scope),
            MemberKind::UndoBy(who) => completed.undo_by = self.people("undo by", file, who, &scope),
            _ => {}
        }
    }

    /// What a person is shown: the trace, all arguments, or values under their own source text.
    pub(super) fn shows(&mut self, file: FileId, written: &[ast::Show], scope: &Scope) -> Vec<Show> {
        let mut shown = Vec::new();
        for entry in written {
            match entry {
                ast::Show::Trace(_) => shown.push(Show::Trace),
                ast::Show::Arguments(_) => shown.push(Show::Arguments),
                ast::Show::Expr(expr) => {
                    if let Ok(value) = self.checker.shown(expr, scope) {
                        let text = self.hir.typed.files.get(file.index()).map_or("", |source| expr.span.text(&source.text));
                        shown.push(Show::Value(on_one_line(text), value));
                    }
                }
            }
        }
        shown
    }
}

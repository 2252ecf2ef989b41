//! `let`s: checked where they are used, once for each distinct meaning.

use super::name::Parameter;
use super::scope::{Place, Reach};
use super::{Checked, Checker, MAX_LEVELS, Reported, Scope};
use crate::diagnostic::Sink;
use crate::diagnostic::codes::{Circular, Thing};
use crate::hir::Hir;
use crate::resolve::Duplicates;
use crate::typed::{self, ExprKind, FileId, JobId, LetId, LetUse, Loc, VerbId};
use agentc_grammar::ast::{self, MemberKind};
use agentc_grammar::span::Span;
use std::collections::{BTreeMap, BTreeSet};

/// All `let`s of a policy and what was found about them.
#[derive(Debug)]
pub(super) struct Lets<'a> {
    decls: Vec<Decl<'a>>,
    names: BTreeMap<Reach, BTreeMap<String, usize>>,
    /// By the exact surroundings of a use: what came of it.
    found: BTreeMap<Context, Found>,
    /// The distinct meanings of each `let`.
    meanings: BTreeMap<usize, Vec<Meaning>>,
    /// What was added to these two, in its order, so that it can be taken back.
    added: Vec<Added>,
    /// The uses, by id.
    pub(super) uses: Vec<LetUse>,
    /// What the `let` that is being checked depends on.
    trail: Trail,
    used: BTreeSet<usize>,
}

/// A `let` as written.
#[derive(Debug)]
struct Decl<'a> {
    file: FileId,
    syntax: &'a ast::Let,
    /// What its own names can mean.
    reach: Reach,
}

/// The surroundings of a use, as far as they can matter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Context {
    decl: usize,
    job: Option<JobId>,
    verbs: Vec<VerbId>,
    place: Place,
}

/// Something that was found.
#[derive(Debug)]
enum Added {
    /// What came of a use in these surroundings.
    Found(Context),
    /// A meaning of this `let`.
    Meaning(usize),
}

/// What came of a use.
#[derive(Debug, Clone, Copy)]
enum Found {
    InProgress,
    Done(Checked<LetId>, u32),
}

/// One meaning of a `let` and what it depends on.
#[derive(Debug)]
struct Meaning {
    id: LetId,
    levels: u32,
    place: Place,
    trail: Trail,
}

/// What an expression depends on beside its own text: what each name that could be a parameter was, and the job.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Trail {
    parameters: BTreeMap<String, Option<Parameter>>,
    job: Option<JobId>,
    reads_job: bool,
}

impl<'a> Lets<'a> {
    /// The `let`s of all files, jobs and rule sets; two of one name in one job or rule set are reported.
    pub(super) fn collect(hir: &Hir<'a>, problems: &mut Sink) -> Self {
        let mut lets = Self {
            decls: Vec::new(),
            names: BTreeMap::new(),
            found: BTreeMap::new(),
            meanings: BTreeMap::new(),
            added: Vec::new(),
            uses: Vec::new(),
            trail: Trail::default(),
            used: BTreeSet::new(),
        };
        for (file, syntax) in hir.names.lets.values() {
            lets.add(*file, syntax, Reach::Files);
        }
        for (job, (file, syntax)) in (0u32..).map(JobId).zip(&hir.syntax.jobs) {
            lets.members(*file, &syntax.members, &Reach::Job(job), &mut Duplicates::of("let"), problems);
        }
        for (name, (file, syntax)) in &hir.names.rule_sets {
            lets.members(*file, &syntax.members, &Reach::RuleSet(name.clone()), &mut Duplicates::of("let"), problems);
        }
        lets
    }

    /// The `let`s among these members, those in `when` blocks too: a block adds a condition to rules, it does not hide names.
    fn members(
        &mut self,
        file: FileId,
        members: &'a [ast::Member],
        reach: &Reach,
        duplicates: &mut Duplicates,
        problems: &mut Sink,
    ) {
        for member in members {
            match &member.kind {
                MemberKind::Let(syntax) => {
                    let loc = Loc { file, span: syntax.name.span };
                    if duplicates.declare(&syntax.name.node, loc, problems) {
                        self.add(file, syntax, reach.clone());
                    }
                }
                MemberKind::When { members, .. } => self.members(file, members, reach, duplicates, problems),
                _ => {}
            }
        }
    }

    fn add(&mut self, file: FileId, syntax: &'a ast::Let, reach: Reach) {
        let at = self.decls.len();
        self.names.entry(reach.clone()).or_default().insert(syntax.name.node.clone(), at);
        self.decls.push(Decl { file, syntax, reach });
    }

    /// The `let` of that name in reach.
    pub(super) fn find(&self, reach: &Reach, name: &str) -> Option<usize> {
        let within = |reach: &Reach| self.names.get(reach).and_then(|names| names.get(name)).copied();
        match reach {
            Reach::Nothing => None,
            Reach::Files => within(&Reach::Files),
            inner => within(inner).or_else(|| within(&Reach::Files)),
        }
    }

    /// Whether there is a `let` of that name anywhere.
    pub(super) fn is_declared(&self, name: &str) -> bool {
        self.names.values().any(|names| names.contains_key(name))
    }

    /// The names in reach.
    pub(super) fn names(&self, reach: &Reach) -> impl Iterator<Item = &str> {
        let reaches: &[&Reach] = match reach {
            Reach::Nothing => &[],
            Reach::Files => &[&Reach::Files],
            inner => &[inner, &Reach::Files],
        };
        let found: Vec<&str> = reaches
            .iter()
            .filter_map(|reach| self.names.get(*reach))
            .flat_map(|names| names.keys().map(String::as_str))
            .collect();
        found.into_iter()
    }

    /// Notes what a name that could be a parameter was.
    pub(super) fn note_parameter(&mut self, name: &str, parameter: Option<&Parameter>) {
        self.trail.parameters.entry(name.to_owned()).or_insert_with(|| parameter.cloned());
    }

    /// Notes that something of the job is read.
    pub(super) fn note_job(&mut self) {
        self.trail.reads_job = true;
    }

    fn keep(&mut self, context: Context, found: Found) {
        if self.found.insert(context.clone(), found).is_none() {
            self.added.push(Added::Found(context));
        }
    }

    fn add_meaning(&mut self, decl: usize, meaning: Meaning) {
        self.meanings.entry(decl).or_default().push(meaning);
        self.added.push(Added::Meaning(decl));
    }

    /// Takes back what was found since so much had been.
    fn forget_since(&mut self, before: usize) {
        for added in self.added.drain(before.min(self.added.len())..).rev() {
            match added {
                Added::Found(context) => {
                    self.found.remove(&context);
                }
                Added::Meaning(decl) => {
                    self.meanings.get_mut(&decl).and_then(Vec::pop);
                }
            }
        }
    }

    fn note_all(&mut self, trail: &Trail) {
        for (name, parameter) in &trail.parameters {
            self.note_parameter(name, parameter.as_ref());
        }
        self.trail.reads_job |= trail.reads_job;
    }
}

impl Checker<'_, '_> {
    /// A use of a `let`.
    pub(super) fn use_of_let(&mut self, decl: usize, span: Span) -> Checked<typed::Expr> {
        if matches!(self.here.scope.place, Place::Function | Place::Constant) {
            return Err(self.not_here(Thing::Let, span));
        }
        let (id, levels) = self.meaning_of_let(decl, span)?;
        let deepest = self.level.saturating_add(levels);
        if deepest > MAX_LEVELS {
            return Err(self.too_deep(span));
        }
        self.deepest = self.deepest.max(deepest);
        let Some(used) = self.lets.uses.get(id.index()) else { return Err(Reported(())) };
        let (ty, provenance) = (used.value.ty.clone(), used.value.provenance);
        Ok(self.node(ExprKind::Let(id), ty, provenance, span))
    }

    fn meaning_of_let(&mut self, decl: usize, span: Span) -> Checked<(LetId, u32)> {
        self.lets.used.insert(decl);
        let scope = &self.here.scope;
        let context = Context { decl, job: scope.job, verbs: scope.verbs.clone(), place: scope.place };
        match self.lets.found.get(&context) {
            Some(Found::Done(found, levels)) => {
                let (found, levels) = (*found, *levels);
                if let Ok(id) = found {
                    self.inherit(decl, id);
                }
                return found.map(|id| (id, levels));
            }
            Some(Found::InProgress) => {
                let name = self.lets.decls.get(decl).map_or_else(String::new, |decl| decl.syntax.name.node.clone());
                let loc = self.loc(span);
                return Err(self.report(Circular { what: "let", name, loc }));
            }
            None => {}
        }
        if let Some((id, levels)) = self.known_meaning(decl) {
            self.inherit(decl, id);
            self.lets.keep(context, Found::Done(Ok(id), levels));
            return Ok((id, levels));
        }
        self.lets.keep(context.clone(), Found::InProgress);
        let (found, levels) = self.check_let(decl);
        self.lets.keep(context, Found::Done(found, levels));
        found.map(|id| (id, levels))
    }

    /// A meaning found elsewhere whose dependencies are the same here.
    fn known_meaning(&mut self, decl: usize) -> Option<(LetId, u32)> {
        let meanings = self.lets.meanings.get(&decl)?;
        let (place, job) = (self.here.scope.place, self.here.scope.job);
        let fits = |meaning: &&Meaning| {
            meaning.place == place
                && (!meaning.trail.reads_job || meaning.trail.job == job)
                && meaning.trail.parameters.iter().all(|(name, was)| self.parameter(name) == *was)
        };
        meanings.iter().find(fits).map(|meaning| (meaning.id, meaning.levels))
    }

    /// What a `let` depends on, whoever uses it depends on too.
    fn inherit(&mut self, decl: usize, id: LetId) {
        let meanings = self.lets.meanings.get(&decl);
        let trail = meanings.and_then(|all| all.iter().find(|meaning| meaning.id == id)).map(|meaning| meaning.trail.clone());
        if let Some(trail) = trail {
            self.lets.note_all(&trail);
        }
    }

    fn check_let(&mut self, at: usize) -> (Checked<LetId>, u32) {
        let Some(decl) = self.lets.decls.get(at) else { return (Err(Reported(())), 0) };
        let (file, syntax) = (decl.file, decl.syntax);
        let scope = Scope { file, reach: decl.reach.clone(), ..self.here.scope.clone() };
        let outer_trail = std::mem::take(&mut self.lets.trail);
        let outer_deepest = std::mem::replace(&mut self.deepest, self.level);
        let value = self.within(&scope, |checker| checker.infer(&syntax.value, None));
        let levels = self.deepest.saturating_sub(self.level);
        self.deepest = self.deepest.max(outer_deepest);
        let trail = std::mem::replace(&mut self.lets.trail, outer_trail);
        self.lets.note_all(&trail);
        let value = match value {
            Ok(value) => value,
            Err(reported) => return (Err(reported), levels),
        };
        let id = LetId(u32::try_from(self.lets.uses.len()).unwrap_or(u32::MAX));
        let loc = Loc { file, span: syntax.name.span };
        self.lets.uses.push(LetUse { name: syntax.name.node.clone(), value, loc });
        let trail = Trail { job: scope.job, ..trail };
        self.lets.add_meaning(at, Meaning { id, levels, place: scope.place, trail });
        (Ok(id), levels)
    }

    /// Checks the `let`s that nothing used, so that their errors are found. Where it would mean something for one verb, nothing is said: two verbs
    /// may have a parameter of one name with two types. Else a parameter that any verb has will do. They leave no uses behind.
    pub(super) fn check_unused_lets(&mut self) {
        let kept = self.lets.uses.len();
        let jobs: Vec<Option<JobId>> = self
            .lets
            .decls
            .iter()
            .map(|decl| match decl.reach {
                Reach::Job(job) => Some(job),
                _ => None,
            })
            .collect();
        for (at, job) in jobs.into_iter().enumerate() {
            if self.lets.used.contains(&at) {
                continue;
            }
            let Some(file) = self.lets.decls.get(at).map(|decl| decl.file) else { continue };
            let verbs = (0u32..).map(VerbId).zip(&self.hir.typed.verbs).map(|(verb, _)| verb).collect();
            // A `let` outside jobs speaks of the input of the job that uses it. Where none does, it can be read only if there is one job.
            let job = match (job, self.hir.typed.jobs.as_slice()) {
                (None, [_]) => JobId(0),
                (None, _) => continue,
                (Some(job), _) => job,
            };
            let scope = Scope { job: Some(job), verbs, reach: Reach::Files, any_parameter: true, ..Scope::of(file, Place::Job) };
            let before = (self.problems().mark(), self.lets.added.len());
            let read = |checker: &mut Self, scope: &Scope| {
                checker.within(scope, |checker| checker.meaning_of_let(at, Span::default()).is_ok())
            };
            read(self, &scope);
            let said = self.problems().mark();
            if self.problems().is_quiet_since(&before.0) {
                continue;
            }
            for verb in &scope.verbs {
                // What was found for other verbs was not said of this one.
                self.lets.forget_since(before.1);
                let alone = Scope { verbs: vec![*verb], any_parameter: false, ..scope.clone() };
                let fits = read(self, &alone) && self.problems().is_quiet_since(&said);
                self.problems().go_back(if fits { &before.0 } else { &said });
                if fits {
                    break;
                }
            }
        }
        self.lets.uses.truncate(kept);
    }
}

//! Steps of expressions, counted as the evaluator counts them: one for each expression evaluated, more for what walks large values. An
//! expression that reads no bound name is evaluated once a decision and looked up after.

use super::World;
use super::size::{Size, of_call, of_type};
use agentc_runtime::program::{Expr, ExprId, FnId, LimitId, LocalId, Loop, Measure, Op, Pattern, Program};
use std::collections::BTreeMap;

/// Where bound names have their sizes: the file, or one use of a function with arguments of certain sizes.
type Scope = usize;

/// What evaluating an expression takes each time.
#[derive(Debug, Clone)]
struct Known {
    /// Steps of evaluating it here, those apart that are taken once.
    steps: u64,
    /// Lookups likewise.
    lookups: u64,
    size: Size,
}

/// Steps and lookups.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Work {
    pub(super) steps: u64,
    pub(super) lookups: u64,
}

impl Work {
    pub(super) fn and(self, other: Self) -> Self {
        Self { steps: self.steps.saturating_add(other.steps), lookups: self.lookups.saturating_add(other.lookups) }
    }

    pub(super) fn most(self, other: Self) -> Self {
        Self { steps: self.steps.max(other.steps), lookups: self.lookups.max(other.lookups) }
    }

    pub(super) fn least(self, other: Self) -> Self {
        Self { steps: self.steps.min(other.steps), lookups: self.lookups.min(other.lookups) }
    }
}

/// Counts.
pub(super) struct Counter<'p> {
    program: &'p Program,
    world: World,
    known: BTreeMap<(Scope, ExprId), Known>,
    /// Steps and lookups of evaluating an expression the one time that it is, its operands apart that are evaluated once themselves.
    once: BTreeMap<ExprId, Work>,
    sizes: BTreeMap<(Scope, LocalId), Size>,
    scopes: BTreeMap<(FnId, Vec<Size>), Scope>,
}

impl<'p> Counter<'p> {
    pub(super) fn new(program: &'p Program, world: World) -> Self {
        Self { program, world, known: BTreeMap::new(), once: BTreeMap::new(), sizes: BTreeMap::new(), scopes: BTreeMap::new() }
    }

    /// Everything that evaluating an expression for the first time in a decision takes at most. `seen` marks what was counted before.
    pub(super) fn first(&mut self, root: ExprId, seen: &mut Seen) -> Work {
        let here = self.here(0, root);
        let mut all = Work { steps: here.steps, lookups: here.lookups };
        let mut open = vec![root];
        while let Some(id) = open.pop() {
            if !seen.is_new(id) {
                continue;
            }
            let Some(expr) = self.program.exprs.get(id.index()) else { continue };
            if !expr.scoped {
                self.here(0, id);
                all = all.and(self.once.get(&id).copied().unwrap_or_default());
            }
            expr.op.visit_operands(self.program, &mut |operand| open.push(operand));
        }
        all
    }

    /// What one counter takes, its parts evaluated anew.
    pub(super) fn limit(&mut self, limit: LimitId) -> Vec<ExprId> {
        let Some(limit) = self.program.limits.get(limit.index()) else { return Vec::new() };
        let measured = match limit.measure {
            Measure::Count => None,
            Measure::Distinct(value) | Measure::Sum(value) => Some(value),
        };
        limit.when.into_iter().chain(measured).chain([limit.bound]).chain(limit.by.iter().copied()).collect()
    }

    /// A place where an expression is evaluated.
    fn here(&mut self, scope: Scope, id: ExprId) -> Known {
        let program = self.program;
        let Some(expr) = program.exprs.get(id.index()) else {
            return Known { steps: 1, lookups: 0, size: Size::scalar() };
        };
        // What reads no bound name is the same in every scope.
        let scope = if expr.scoped { scope } else { 0 };
        if let Some(known) = self.known.get(&(scope, id)) {
            return known.clone();
        }
        let (own, size) = self.apply(scope, expr);
        let known = if expr.scoped {
            Known { steps: own.steps.saturating_add(1), lookups: own.lookups, size }
        } else {
            self.once.insert(id, own);
            Known { steps: 1, lookups: 0, size }
        };
        self.known.insert((scope, id), known.clone());
        known
    }

    /// The operands of an operator one after another.
    fn all(&mut self, scope: Scope, ids: &[ExprId]) -> (Work, Vec<Size>) {
        let mut work = Work::default();
        let mut sizes = Vec::with_capacity(ids.len());
        for id in ids {
            let known = self.here(scope, *id);
            work = work.and(Work { steps: known.steps, lookups: known.lookups });
            sizes.push(known.size);
        }
        (work, sizes)
    }

    /// What an operator takes, and how large its value is.
    fn apply(&mut self, scope: Scope, expr: &'p Expr) -> (Work, Size) {
        let typed = of_type(self.program, self.world, expr.ty);
        let walks = |work: Work, steps: u64| work.and(Work { steps, lookups: 0 });
        match &expr.op {
            Op::Local(local) => (Work::default(), self.sizes.get(&(scope, *local)).cloned().unwrap_or(typed)),
            Op::Constant(constant) => (Work::default(), self.constant(constant.index())),
            Op::Loop(which, local, over, body) => self.walk(scope, *which, &[(*local, *over)], *body, typed),
            Op::AllZip(left, right, lefts, rights, body) => {
                self.walk(scope, Loop::All, &[(*left, *lefts), (*right, *rights)], *body, typed)
            }
            Op::Happened(_, filter) | Op::Failed(_, filter) | Op::Last(_, filter, _) => {
                let (each, _) = self.all(scope, filter.as_slice());
                let calls = self.world.calls;
                let steps = each.steps.saturating_add(1).saturating_mul(calls);
                (Work { steps, lookups: each.lookups.saturating_mul(calls) }, typed)
            }
            Op::Match(subjects, arms) => {
                let (work, sizes) = self.all(scope, subjects);
                let mut most = Work::default();
                let mut size: Option<Size> = None;
                for arm in arms {
                    for (pattern, subject) in arm.patterns.iter().zip(&sizes) {
                        if let Pattern::Bind(local) = pattern {
                            self.sizes.insert((scope, *local), subject.clone());
                        }
                    }
                    let known = self.here(scope, arm.value);
                    most = most.most(Work { steps: known.steps, lookups: known.lookups });
                    size = Some(size.map_or_else(|| known.size.clone(), |size| size.or(&known.size)));
                }
                let tried = u64::try_from(arms.len()).unwrap_or(u64::MAX);
                (walks(work.and(most), tried), size.unwrap_or(typed))
            }
            Op::If(condition, then, otherwise) => {
                let asked = self.here(scope, *condition);
                let (then, otherwise) = (self.here(scope, *then), self.here(scope, *otherwise));
                let branch = |known: &Known| Work { steps: known.steps, lookups: known.lookups };
                let work = branch(&then).most(branch(&otherwise)).and(branch(&asked));
                (work, then.size.or(&otherwise.size))
            }
            Op::CallFn(function, args) => self.call_fn(scope, *function, args, typed),
            Op::WouldExceed(limit) => {
                let parts = self.limit(*limit);
                (self.all(scope, &parts).0, typed)
            }
            op => {
                let mut operands = Vec::new();
                op.visit_own_operands(&mut |operand| operands.push(operand));
                let (work, sizes) = self.all(scope, &operands);
                let weight = |at: usize| sizes.get(at).map_or(0, |size| size.weight);
                match op {
                    Op::Compare(..) | Op::Matches(..) => (walks(work, weight(0)), typed),
                    Op::In(..) => (walks(work, weight(0).max(weight(1))), typed),
                    Op::MapGet(..) => {
                        let entry = sizes.first().map_or(typed, Size::one);
                        (walks(work, weight(1)), entry)
                    }
                    Op::List(_) | Op::CompositeKey(_) => {
                        let made = Size::together(sizes.iter());
                        (walks(work, made.weight), made)
                    }
                    Op::Call(function, _) => {
                        let name = self.program.functions.get(*function as usize).map_or("", String::as_str);
                        let made = of_call(self.program, name, expr.ty, &sizes);
                        let given = sizes.iter().fold(0_u64, |sum, size| sum.saturating_add(size.weight));
                        (walks(work, given.saturating_add(made.weight)), made)
                    }
                    Op::Coalesce(..) => {
                        let either = sizes.iter().skip(1).fold(sizes.first().cloned(), |one, other| one.map(|one| one.or(other)));
                        (work, either.unwrap_or(typed))
                    }
                    Op::Lookup(record, _) => {
                        let fetched = self.program.records.get(record.0 as usize).is_some_and(|record| record.fetch.is_some());
                        (Work { lookups: work.lookups.saturating_add(u64::from(fetched)), ..work }, typed)
                    }
                    // A field of a value that a function made may be as large as that value.
                    Op::Field(..) => (work, typed.or(&sizes.first().map_or_else(Size::scalar, Size::one))),
                    _ => (work, typed),
                }
            }
        }
    }

    fn constant(&self, at: usize) -> Size {
        use agentc_runtime::program::Constant;
        match self.program.constants.get(at) {
            Some(Constant::Text(text)) => Size::text(u64::try_from(text.len()).unwrap_or(u64::MAX)),
            _ => Size::scalar(),
        }
    }

    /// A loop over lists of equal length.
    fn walk(&mut self, scope: Scope, which: Loop, over: &[(LocalId, ExprId)], body: ExprId, typed: Size) -> (Work, Size) {
        let lists: Vec<ExprId> = over.iter().map(|(_, list)| *list).collect();
        let (work, sizes) = self.all(scope, &lists);
        let rounds = sizes.iter().map(|size| size.length).max().unwrap_or(0);
        for ((local, _), size) in over.iter().zip(&sizes) {
            self.sizes.insert((scope, *local), size.one());
        }
        let each = self.here(scope, body);
        let walked = Work { steps: each.steps.saturating_mul(rounds), lookups: each.lookups.saturating_mul(rounds) };
        let size = match which {
            Loop::First => sizes.first().map_or(typed, Size::one),
            Loop::Min | Loop::Max => each.size,
            Loop::Any | Loop::All | Loop::Count | Loop::Sum => typed,
        };
        (work.and(walked), size)
    }

    fn call_fn(&mut self, scope: Scope, function: FnId, args: &[ExprId], typed: Size) -> (Work, Size) {
        let (work, sizes) = self.all(scope, args);
        let Some(shape) = self.program.fns.get(function.index()) else { return (work, typed) };
        let next = self.scopes.len().saturating_add(1);
        let inside = *self.scopes.entry((function, sizes.clone())).or_insert(next);
        if inside == next {
            for (local, size) in shape.params.iter().zip(sizes) {
                self.sizes.insert((inside, *local), size);
            }
        }
        let body = self.here(inside, shape.body);
        (work.and(Work { steps: body.steps, lookups: body.lookups }), body.size)
    }
}

/// Which expressions were counted.
#[derive(Debug)]
pub(super) struct Seen {
    marks: Vec<u32>,
    now: u32,
}

impl Seen {
    pub(super) fn new(program: &Program) -> Self {
        Self { marks: vec![0; program.exprs.len()], now: 1 }
    }

    /// Forgets all.
    pub(super) fn forget(&mut self) {
        self.now = self.now.saturating_add(1);
    }

    fn is_new(&mut self, id: ExprId) -> bool {
        match self.marks.get_mut(id.index()) {
            Some(mark) if *mark != self.now => {
                *mark = self.now;
                true
            }
            _ => false,
        }
    }
}

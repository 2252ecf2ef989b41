//! Rules, gates, the decision graph, jobs, and the expressions that they and the verbs hold.

use super::expr::{Exprs, constant_fits};
use super::free::Needs;
use super::typing::{self, bare, element, fits, is_ordered, same};
use super::{Checked, Flaw, Place, within};
use crate::program::{
    Approver, ApproverKind, ConstId, ExprId, FieldShape, JobPlan, Node, NodeId, Op, Program, RuleKind, Show, TypeId, TypeShape,
    VerbId, Window,
};

pub(super) fn verify(program: &Program, exprs: &Exprs) -> Checked {
    let plan = Plan { program, exprs };
    plan.verbs()?;
    plan.rules()?;
    plan.limits()?;
    plan.gates()?;
    plan.nodes()?;
    program.jobs.iter().try_for_each(|job| plan.job(job))
}

struct Plan<'a> {
    program: &'a Program,
    exprs: &'a Exprs,
}

impl Plan<'_> {
    fn needs(&self, id: ExprId, place: &Place<'_>) -> Checked<&Needs> {
        self.exprs.needs(id, place)
    }

    fn ty(&self, id: ExprId) -> TypeId {
        self.program.exprs.get(id.index()).map_or(TypeId(u32::MAX), |expr| expr.ty)
    }

    /// An expression that needs nothing from around it.
    fn closed(&self, id: ExprId, place: &Place<'_>) -> Checked {
        if self.needs(id, place)?.is_empty() {
            return Ok(());
        }
        Err(Flaw::new(place, format!("expression {} depends on names that are not bound here", id.0)))
    }

    fn condition(&self, id: ExprId, place: &Place<'_>) -> Checked {
        self.closed(id, place)?;
        self.is_bool(id, place)
    }

    fn is_bool(&self, id: ExprId, place: &Place<'_>) -> Checked {
        match typing::shape(self.program, self.ty(id)) {
            Some(TypeShape::Bool) => Ok(()),
            _ => Err(Flaw::new(place, format!("expression {} is no condition", id.0))),
        }
    }

    fn verb_ids(&self, verbs: &[VerbId], place: &Place<'_>) -> Checked {
        verbs.iter().try_for_each(|verb| within(verb.index(), self.program.verbs.len(), place, "verb"))
    }

    fn key(&self, record: crate::types::RecordId, key: &[ExprId], place: &Place<'_>) -> Checked {
        key.iter().try_for_each(|part| self.closed(*part, place))?;
        let wanted = typing::key_types(self.program, record);
        let whole = match key {
            [part] => {
                let ty = bare(self.program, self.ty(*part));
                matches!(self.program.types.get(ty.index()), Some(TypeShape::Key(of)) if *of == record)
            }
            _ => false,
        };
        let parts = key.len() == wanted.len()
            && key.iter().zip(wanted).all(|(part, wanted)| same(self.program, bare(self.program, self.ty(*part)), *wanted));
        if key.is_empty() || whole || parts { Ok(()) } else { Err(Flaw::new(place, "a key is not of its record's type")) }
    }

    fn verbs(&self) -> Checked {
        for (i, verb) in (0u32..).zip(&self.program.verbs) {
            let place = format_args!("verb `{}.{}`", verb.tool, verb.name);
            for gives in &verb.gives {
                self.key(gives.record, &gives.asked, &place)?;
            }
            for change in &verb.changes {
                self.key(change.record, &change.key, &place)?;
            }
            let Some(undo) = &verb.undo else { continue };
            let params = self.program.verbs.get(undo.verb.index()).map_or(&[][..], |verb| &verb.params);
            for (param, value) in &undo.args {
                within(*param as usize, params.len(), place, "parameter")?;
                if !self.needs(*value, &place)?.look_at(self.program, &[VerbId(i)], &place)?.is_empty() {
                    return Err(Flaw::new(place, "its undo depends on names that are not bound here"));
                }
                let ty = bare(self.program, self.ty(*value));
                if !params.get(*param as usize).is_some_and(|(_, field)| fits(self.program, ty, field.ty)) {
                    return Err(Flaw::new(place, "an argument of its undo is not of its parameter's type"));
                }
            }
            undo.frozen.iter().try_for_each(|frozen| self.closed(*frozen, &place))?;
            self.approvers(&undo.by, &place)?;
        }
        Ok(())
    }

    fn rules(&self) -> Checked {
        for rule in &self.program.rules {
            let place = format_args!("rule `{}`", rule.name);
            self.verb_ids(&rule.verbs, &place)?;
            if !self.program.files.is_empty() {
                within(rule.place.file as usize, self.program.files.len(), place, "file")?;
            }
            if let Some(condition) = rule.condition {
                self.condition(condition, &place)?;
            }
            let gate = match &rule.kind {
                RuleKind::Gate(gate) => Some(*gate),
                RuleKind::Limit(limit, gate) => {
                    within(limit.index(), self.program.limits.len(), place, "limit")?;
                    *gate
                }
                RuleKind::ValueLimit(gate) => *gate,
                _ => None,
            };
            if let Some(gate) = gate {
                within(gate.index(), self.program.gates.len(), place, "gate")?;
            }
            rule.operands.iter().try_for_each(|operand| self.closed(operand.expr, &place))?;
            let Some((row, condition)) = rule.shows.as_ref().and_then(|shows| shows.rows) else { continue };
            self.is_bool(condition, &place)?;
            let needs = self.needs(condition, &place)?;
            for verb in &rule.verbs {
                let Some(result) = self.program.verbs.get(verb.index()).and_then(|verb| verb.result) else { continue };
                let of_row = element(self.program, result).unwrap_or(result);
                if !needs.bind(self.program, row, of_row, &place)?.is_empty() {
                    return Err(Flaw::new(place, "its rows' condition depends on names that are not bound here"));
                }
            }
        }
        Ok(())
    }

    fn limits(&self) -> Checked {
        for (i, limit) in self.program.limits.iter().enumerate() {
            let place = format_args!("limit {i}");
            within(limit.rule.index(), self.program.rules.len(), place, "rule")?;
            if let Window::Day(zone) = &limit.window
                && zone != "UTC"
                && !self.program.zones.iter().any(|rules| rules.name == *zone)
            {
                return Err(Flaw::new(place, format!("the rules of its time zone `{zone}` are missing")));
            }
        }
        Ok(())
    }

    fn gates(&self) -> Checked {
        for (i, gate) in self.program.gates.iter().enumerate() {
            let place = format_args!("gate {i}");
            within(gate.rule.index(), self.program.rules.len(), place, "rule")?;
            if gate.stages.is_empty() {
                return Err(Flaw::new(place, "it asks nobody"));
            }
            gate.stages.iter().try_for_each(|stage| self.approvers(&stage.approvers, &place))?;
            self.shows(&gate.show, &place)?;
            gate.binds.iter().try_for_each(|operand| self.closed(operand.expr, &place))?;
        }
        Ok(())
    }

    fn approvers(&self, approvers: &[Approver], place: &Place<'_>) -> Checked {
        approvers.iter().try_for_each(|approver| match &approver.who {
            ApproverKind::Role(role) => within(*role as usize, self.program.roles.len(), place, "role"),
            ApproverKind::User => Ok(()),
            ApproverKind::Identity(identity) => self.closed(*identity, place),
        })
    }

    fn shows(&self, shows: &[Show], place: &Place<'_>) -> Checked {
        shows.iter().try_for_each(|show| match show {
            Show::Trace | Show::Arguments => Ok(()),
            Show::Value(_, value) => self.closed(*value, place),
        })
    }

    fn nodes(&self) -> Checked {
        for (i, node) in self.program.nodes.iter().enumerate() {
            self.node(node, &format_args!("node {i}"))?;
            let mut went: Checked = Ok(());
            node.visit_successors(&mut |next| {
                if went.is_ok() {
                    went = self.forward(i, next);
                }
            });
            went?;
        }
        Ok(())
    }

    /// A successor stands after its node: so every walk ends.
    fn forward(&self, at: usize, next: NodeId) -> Checked {
        within(next.index(), self.program.nodes.len(), format_args!("node {at}"), "node")?;
        if next.index() > at {
            Ok(())
        } else {
            Err(Flaw::new(format_args!("node {at}"), format!("it goes back to node {}", next.0)))
        }
    }

    fn node(&self, node: &Node, place: &Place<'_>) -> Checked {
        let constant = |at: ConstId| self.program.constants.get(at.index());
        match node {
            Node::End => Ok(()),
            Node::Test { condition, .. } => self.condition(*condition, place),
            Node::Switch { subject, arms, .. } => {
                self.closed(*subject, place)?;
                let ty = self.ty(*subject);
                let sorted = arms.array_windows().all(|[(left, _), (right, _)]| constant(*left) < constant(*right));
                if sorted && arms.iter().all(|(constant, _)| constant_fits(self.program, *constant, ty)) {
                    return Ok(());
                }
                Err(Flaw::new(place, "its arms are not sorted constants of its operand's type"))
            }
            Node::Range { subject, steps, .. } => {
                self.closed(*subject, place)?;
                let ty = self.ty(*subject);
                if !typing::shape(self.program, ty).is_some_and(is_ordered) {
                    return Err(Flaw::new(place, "its operand has no order"));
                }
                let sorted = steps
                    .array_windows()
                    .all(|[left, right]| (constant(left.bound), left.edge) < (constant(right.bound), right.edge));
                if sorted && steps.iter().all(|step| constant_fits(self.program, step.bound, ty)) {
                    return Ok(());
                }
                Err(Flaw::new(place, "its steps are not sorted bounds of its operand's type"))
            }
            Node::Leaf { rule, .. } => within(rule.index(), self.program.rules.len(), place, "rule"),
        }
    }

    fn job(&self, job: &JobPlan) -> Checked {
        let place = format_args!("job `{}`", job.name);
        let node = |entry: NodeId| within(entry.index(), self.program.nodes.len(), place, "node");
        if let Some(done) = job.done {
            self.condition(done, &place)?;
        }
        node(job.stops)?;
        if job.verbs.len() != self.program.verbs.len() {
            return Err(Flaw::new(place, "it has plans for more verbs than there are, or fewer"));
        }
        for plan in &job.verbs {
            [plan.denies, plan.allows, plan.stops, plan.asks, plan.shadows].into_iter().try_for_each(node)?;
            plan.limits.iter().try_for_each(|limit| within(limit.index(), self.program.limits.len(), place, "limit"))?;
        }
        let (first, last) = (job.rules.0 as usize, job.rules.1 as usize);
        if first > last || last > self.program.rules.len() {
            return Err(Flaw::new(place, "its rules are no range of the program's"));
        }
        if let Some(handoff) = &job.handoff {
            self.shows(&handoff.show, &place)?;
        }
        for approvers in [&job.pause_by, &job.resume_by, &job.undo_by] {
            self.approvers(approvers, &place)?;
        }
        self.surroundings(job, &place)
    }

    /// The inputs, environment values and signals that the job's rules read are the job's own, and of its types.
    fn surroundings(&self, job: &JobPlan, place: &Place<'_>) -> Checked {
        let mut seen = vec![false; self.program.exprs.len()];
        let rules = self.program.rules.get(job.rules.0 as usize..job.rules.1 as usize).unwrap_or_default();
        let mut waiting: Vec<ExprId> = rules.iter().filter_map(|rule| rule.condition).chain(job.done).collect();
        waiting.extend(rules.iter().flat_map(|rule| rule.operands.iter().map(|operand| operand.expr)));
        while let Some(id) = waiting.pop() {
            let Some(expr) = self.program.exprs.get(id.index()) else { continue };
            match seen.get_mut(id.index()) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            let read = |fields: &[FieldShape], at: u32, what: &str| -> Checked {
                within(at as usize, fields.len(), place, what)?;
                let fits = fields.get(at as usize).is_some_and(|field| fits(self.program, field.ty, expr.ty));
                if fits {
                    Ok(())
                } else {
                    Err(Flaw::new(place, format!("expression {} takes {what} {at} for another type", id.0)))
                }
            };
            match &expr.op {
                Op::Input(at) => read(&job.input, *at, "input")?,
                Op::Environment(at) => read(&job.environment, *at, "environment value")?,
                Op::Signal(at) => read(&job.signals, *at, "signal")?,
                op => op.visit_operands(self.program, &mut |operand| waiting.push(operand)),
            }
        }
        Ok(())
    }
}

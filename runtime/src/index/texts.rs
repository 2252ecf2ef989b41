//! The texts that a policy writes down, by their content; and the arms of switches by them.

use crate::program::{ArgId, ConstId, Constant, ExprId, Node, NodeId, Op, Program};
use crate::slots::{Slots, mixed, of_text};
use crate::value::Value;

/// From so many arms on, looking one up by its constant is worth the memory.
const ARMS_FROM: usize = 2;

/// Which constant of the policy a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interned {
    /// It was not looked up.
    Unknown,
    /// None.
    No,
    /// This one, the first of its content.
    Is(ConstId),
}

/// Texts by content, arms by node and text.
#[derive(Debug)]
pub(crate) struct Texts {
    texts: Slots,
    arms: Slots,
    /// A switch, the constant of an arm, and where the arm leads.
    targets: Vec<(NodeId, ConstId, NodeId)>,
    /// Switches whose arms are here, sorted.
    switches: Vec<NodeId>,
    /// A text that the policy does not write down.
    other: Value,
}

impl Default for Texts {
    fn default() -> Self {
        Self {
            texts: Slots::default(),
            arms: Slots::default(),
            targets: Vec::new(),
            switches: Vec::new(),
            other: Value::text("\0"),
        }
    }
}

impl Texts {
    pub(crate) fn new(program: &Program) -> Self {
        let count = program.constants.iter().filter(|constant| matches!(constant, Constant::Text(_))).count();
        let mut texts = Self { texts: Slots::with_room(count), ..Self::default() };
        for (constant, at) in program.constants.iter().zip(0..) {
            if let Constant::Text(text) = constant
                && texts.find(program, text) == Interned::No
            {
                // There is room for every text, so the table never grows.
                texts.texts.add(of_text(text.as_bytes()), at, |_| 0);
            }
        }
        let mut other = "\0".to_owned();
        while texts.find(program, &other) != Interned::No {
            other.push('\0');
        }
        texts.other = Value::text(&other);
        texts.add_arms(program);
        texts
    }

    fn add_arms(&mut self, program: &Program) {
        for (node, at) in program.nodes.iter().zip(0..) {
            let Node::Switch { subject, arms, .. } = node else { continue };
            let op = program.exprs.get(subject.index()).map(|expr| &expr.op);
            if arms.len() < ARMS_FROM || !matches!(op, Some(Op::Arg(_) | Op::Input(_))) {
                continue;
            }
            // All arms or none: a switch that is partly here would lead past the others.
            let constants: Option<Vec<(ConstId, NodeId)>> =
                arms.iter().map(|(constant, target)| Some((self.first(program, *constant)?, *target))).collect();
            let Some(constants) = constants else { continue };
            self.switches.push(NodeId(at));
            self.targets.extend(constants.into_iter().map(|(constant, target)| (NodeId(at), constant, target)));
        }
        self.arms = Slots::with_room(self.targets.len());
        for ((node, constant, _), at) in self.targets.iter().zip(0..) {
            self.arms.add(of_arm(*node, *constant), at, |_| 0);
        }
    }

    /// The first constant of the same text.
    pub(super) fn first(&self, program: &Program, constant: ConstId) -> Option<ConstId> {
        let Some(Constant::Text(text)) = program.constants.get(constant.index()) else { return None };
        match self.find(program, text) {
            Interned::Is(first) => Some(first),
            Interned::No | Interned::Unknown => None,
        }
    }

    /// Which constant a text is.
    pub(crate) fn find(&self, program: &Program, text: &str) -> Interned {
        self.find_hashed(program, text, of_text(text.as_bytes()))
    }

    /// Which constant a text of that hash is.
    #[inline]
    pub(crate) fn find_hashed(&self, program: &Program, text: &str, hash: u64) -> Interned {
        let fits = |at: u32| matches!(program.constants.get(at as usize), Some(Constant::Text(known)) if known == text);
        self.texts.find(hash, fits).map_or(Interned::No, |at| Interned::Is(ConstId(at)))
    }

    /// Which constant a value is, where it is a text.
    pub(crate) fn of_value(&self, program: &Program, value: &Value) -> Interned {
        match value {
            Value::Text(text) => self.find(program, text),
            _ => Interned::Unknown,
        }
    }

    /// A text that stands for every text that the policy does not write down, where it is only ever compared with those that it does.
    pub(crate) fn other(&self) -> &Value {
        &self.other
    }

    /// Where a switch over texts leads for this constant: `None` where its arms are not here, `Some(None)` where it has no such arm.
    pub(crate) fn arm(&self, switch: NodeId, constant: Interned) -> Option<Option<NodeId>> {
        if constant == Interned::Unknown || !self.has_arms(switch) {
            return None;
        }
        Some(self.known_arm(switch, constant))
    }

    /// Whether the arms of a switch are here.
    pub(crate) fn has_arms(&self, switch: NodeId) -> bool {
        self.switches.binary_search(&switch).is_ok()
    }

    /// Where a switch whose arms are here leads for a text that was looked up; `None` where it has no such arm.
    pub(crate) fn known_arm(&self, switch: NodeId, constant: Interned) -> Option<NodeId> {
        let Interned::Is(constant) = constant else { return None };
        let target = |at: u32| self.targets.get(at as usize);
        let fits = |at: u32| target(at).is_some_and(|(node, known, _)| *node == switch && *known == constant);
        let found = self.arms.find(of_arm(switch, constant), fits);
        found.and_then(target).map(|(_, _, target)| *target)
    }
}

fn of_arm(node: NodeId, constant: ConstId) -> u64 {
    mixed(u64::from(node.0), u64::from(constant.0))
}

/// The argument that an expression is.
pub(crate) fn argument(program: &Program, expr: ExprId) -> Option<ArgId> {
    match program.exprs.get(expr.index())?.op {
        Op::Arg(arg) => Some(arg),
        _ => None,
    }
}

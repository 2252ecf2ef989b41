//! The arms of switches over texts, by the constant that a text is.

use super::texts::{Interned, Texts};
use crate::program::{ConstId, Node, NodeId, Op, Program};

/// From so many arms on, looking one up by its constant is worth the memory.
const FEWEST: usize = 2;

/// The arms of one constant stand together, because a call meets many switches and brings the same few texts to all of them.
#[derive(Debug, Default)]
pub(crate) struct Arms {
    /// For each constant, where its arms begin; and where the last one's end.
    begins: Vec<u32>,
    /// A switch and where it leads, sorted by constant and switch.
    arms: Vec<(NodeId, NodeId)>,
    /// Switches whose arms are here, sorted.
    switches: Vec<NodeId>,
}

impl Arms {
    pub(crate) fn new(program: &Program, texts: &Texts) -> Self {
        let mut switches = Vec::new();
        let mut all: Vec<(ConstId, NodeId, NodeId)> = Vec::new();
        for (node, at) in program.nodes.iter().zip(0..) {
            let Node::Switch { subject, arms, .. } = node else { continue };
            let op = program.exprs.get(subject.index()).map(|expr| &expr.op);
            if arms.len() < FEWEST || !matches!(op, Some(Op::Arg(_) | Op::Input(_))) {
                continue;
            }
            // All arms or none: a switch that is partly here would lead past the others.
            let arms: Option<Vec<(ConstId, NodeId, NodeId)>> =
                arms.iter().map(|(constant, target)| Some((texts.first(program, *constant)?, NodeId(at), *target))).collect();
            let Some(arms) = arms else { continue };
            switches.push(NodeId(at));
            all.extend(arms);
        }
        all.sort_unstable();
        let begin = |constant: usize| all.partition_point(|(of, _, _)| of.index() < constant);
        // There are fewer arms than bytes of the artifact.
        let begins = (0..=program.constants.len()).map(|constant| u32::try_from(begin(constant)).unwrap_or(u32::MAX)).collect();
        Self { begins, arms: all.into_iter().map(|(_, switch, target)| (switch, target)).collect(), switches }
    }

    /// Where a switch leads for this constant: `None` where its arms are not here, `Some(None)` where it has no such arm.
    pub(crate) fn of(&self, switch: NodeId, constant: Interned) -> Option<Option<NodeId>> {
        if constant == Interned::Unknown || !self.has(switch) {
            return None;
        }
        Some(self.known(switch, constant))
    }

    /// Whether the arms of a switch are here.
    pub(crate) fn has(&self, switch: NodeId) -> bool {
        self.switches.binary_search(&switch).is_ok()
    }

    /// Where a switch whose arms are here leads for a text that was looked up; `None` where it has no such arm.
    #[inline]
    pub(crate) fn known(&self, switch: NodeId, constant: Interned) -> Option<NodeId> {
        let Interned::Is(constant) = constant else { return None };
        let [begin, end, ..] = self.begins.get(constant.index()..)? else { return None };
        let arms = self.arms.get(*begin as usize..*end as usize)?;
        let at = arms.binary_search_by_key(&switch, |(switch, _)| *switch).ok()?;
        arms.get(at).map(|(_, target)| *target)
    }
}

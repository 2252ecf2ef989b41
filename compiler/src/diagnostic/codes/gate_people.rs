//! Gates that the people they ask cannot open, or that ask them in vain.

use crate::diagnostic::text::verb_name;
use crate::diagnostic::{Coded, Diagnostic, Problem};
use crate::typed::{ArgId, Loc, Typed, VerbId};

/// A gate that can never be approved.
#[derive(Debug)]
pub(crate) struct CannotApprove {
    /// The gate's name.
    pub(crate) gate: String,
    /// The group of people.
    pub(crate) loc: Loc,
    /// Why.
    pub(crate) why: CannotApproveWhy,
}

/// Why nobody can approve.
#[derive(Debug)]
pub(crate) enum CannotApproveWhy {
    /// The agent is asked.
    Agent,
    /// The person served is asked by their id, and whoever asked may not approve.
    UserById,
    /// One person is asked twice, and two are needed.
    SamePerson(Loc),
}

impl Problem for CannotApprove {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        let gate = &self.gate;
        let says = |message: String, label: &str| Self::CODE.says(message).at(self.loc, label);
        match self.why {
            CannotApproveWhy::Agent => {
                says(format!("nobody can open the gate `{gate}`: it asks the agent itself"), "this is the agent")
                    .note("the agent never counts as an approver of its own call")
                    .help("write `role NAME` for the people who may approve, or `identity …` for another person's id")
            }
            CannotApproveWhy::UserById => says(
                format!(
                    "nobody can open the gate `{gate}`: it asks the person served by their id, who does not count as an approver"
                ),
                "this is the one on whose behalf the agent asks",
            )
            .note("whoever a call is made for is excluded from approving it, unless the gate is there for their confirmation")
            .help("write `approvers user` if the person served is to confirm, or name other people"),
            CannotApproveWhy::SamePerson(first) => says(
                format!("nobody can open the gate `{gate}`: it needs two people, and both are the same"),
                "the same person again",
            )
            .at(first, "asked here already")
            .note("each group must be approved by somebody else")
            .help("remove one of the two, or name another person or role"),
        }
    }
}

/// A role that is asked twice in one gate.
#[derive(Debug)]
pub(crate) struct AskedTwice {
    /// The gate's name.
    pub(crate) gate: String,
    /// Index of the role.
    pub(crate) role: u32,
    /// How many people it takes together.
    pub(crate) quorum: u32,
    /// The first group.
    pub(crate) first: Loc,
    /// The second.
    pub(crate) loc: Loc,
}

impl Problem for AskedTwice {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let role = typed.roles.get(self.role as usize).map_or("", |role| role.name.as_str());
        Self::CODE
            .says(format!(
                "the gate `{}` asks the role `{role}` twice, so it needs {} different people who hold it",
                self.gate, self.quorum
            ))
            .at(self.loc, "another person of the same role")
            .at(self.first, "asked here already")
            .help(format!("write `{} of role {role}` if that is meant, or remove one of the two", self.quorum))
    }
}

/// The same people, asked again after they did not answer.
#[derive(Debug)]
pub(crate) struct AskedAgain {
    /// The gate's name.
    pub(crate) gate: String,
    /// Where they are asked again.
    pub(crate) loc: Loc,
}

impl Problem for AskedAgain {
    fn render(&self, _typed: &Typed) -> Diagnostic {
        Self::CODE
            .says(format!("the gate `{}` asks the same people again after they did not answer", self.gate))
            .at(self.loc, "asked before")
            .help("name other people after `then`, or let the gate expire later")
    }
}

/// An approver whom the agent names.
#[derive(Debug)]
pub(crate) struct AgentChooses {
    /// The gate's name.
    pub(crate) gate: String,
    /// The argument.
    pub(crate) arg: ArgId,
    /// The call.
    pub(crate) verb: VerbId,
    /// The group of people.
    pub(crate) loc: Loc,
}

impl Problem for AgentChooses {
    fn render(&self, typed: &Typed) -> Diagnostic {
        let arg = typed.args.get(self.arg.index()).map_or("", |slot| slot.name.as_str());
        Self::CODE
            .says(format!("the agent chooses who approves: the gate `{}` asks whomever the argument `{arg}` names", self.gate))
            .at(self.loc, format!("an argument of `{}`", verb_name(self.verb, typed)))
            .note("the agent fills in the argument, and could name somebody who always says yes")
            .help("take the approver from a record, as in `identity order.manager`, or ask a `role`")
    }
}

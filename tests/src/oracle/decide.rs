//! The decision: the first line that applies of the table of eleven rows.

use super::approvals;
use super::json::{Json, Member};
use super::people::Named;
use super::rules::{self, Effect, Judged};
use super::said::{Asked, Decided, Grant, PauseChange, PauseScope, Ruling, TurnedDown};
use super::scene::{Scene, Wanted};
use super::unknown::{Cause, Chosen, RecordKey};
use super::value::Val;
use super::world::{Ended, World};
use super::{arguments, grant, limits, needs};
use agentc_compiler::typed::{RuleKind, VerbId};
use agentc_runtime::answer::{Builtin, Outcome, Request, Retry};
use std::collections::BTreeSet;

/// > at most 32 a call, else `deny` … 32 in total for a call id
const MOST_NEEDS: usize = 32;

/// How a call comes to be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comes {
    /// The agent sent it.
    FromTheAgent,
    /// It was sent before, and somebody answered a request for approval.
    WithAnApproval,
}

/// A decision before it is written as an answer.
#[derive(Debug)]
pub struct Decision {
    /// The row of the table.
    pub row: u8,
    /// What is kept of it.
    pub decided: Decided,
    /// What the host is told.
    pub outcome: Outcome,
    /// Which rule decided.
    pub by: By,
    /// Rules that fired, by index, in source order.
    pub fired: Vec<usize>,
    /// Shadow rules that fired.
    pub shadow: Vec<usize>,
    /// The rules whose operands are the values that decided.
    pub about: Vec<usize>,
    /// When to try again.
    pub retry: Retry,
    /// What is paused by it.
    pub pauses: Vec<PauseChange>,
    /// The gates that it turns down.
    pub turned_down: Vec<TurnedDown>,
}

/// What decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Nothing that has a name.
    Nothing,
    /// A rule of the job, by index.
    Rule(usize),
    /// Something that no rule says.
    Builtin(Builtin),
}

/// A call as it comes.
#[derive(Debug, Clone, Copy)]
pub struct Coming<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its verb's name.
    pub verb: &'a str,
    /// Its arguments.
    pub args: &'a Json,
    /// How it comes.
    pub how: Comes,
}

/// Decides a call over everything that happened before.
pub fn decide(world: &World<'_>, run: usize, now: i128, coming: Coming<'_>) -> Decision {
    let verb = verb_named(world, coming.verb);
    let plain = |row, ruling, outcome, by, retry| Decision {
        row,
        decided: Decided {
            call: coming.id.to_owned(),
            verb,
            args: Vec::new(),
            canonical: String::new(),
            ruling,
            requests: Vec::new(),
            compensates: None,
        },
        outcome,
        by: By::Builtin(by),
        fired: Vec::new(),
        shadow: Vec::new(),
        about: Vec::new(),
        retry,
        pauses: Vec::new(),
        turned_down: Vec::new(),
    };
    let deny = |row, by, retry| plain(row, Ruling::Deny, Outcome::Deny, by, retry);

    // > 1 | the run has ended or escalated | `deny` (closed)
    if world.is_closed(run) {
        return deny(1, Builtin::Closed, Retry::No);
    }
    // > 2 | paused | `paused`
    if is_paused(world, run, verb) {
        return plain(2, Ruling::Paused, Outcome::Paused, Builtin::Paused, Retry::AfterResume);
    }
    // > 3 | undeclared verb, arguments that do not fit (unknown, missing, duplicate or ill-typed members), a call id used before
    // >   | `deny` (with other arguments)
    let args = verb.map(|verb| arguments::read(world.typed, verb, coming.args));
    let canonical = match (&args, verb) {
        (Some(Ok(_)), Some(verb)) => arguments::canonical(world.typed, verb, coming.args).canonical(),
        _ => String::new(),
    };
    if coming.how == Comes::FromTheAgent && !may_use(world, run, coming.id, verb, &canonical) {
        return deny(3, Builtin::CallId, Retry::WithOtherArguments);
    }
    let Some(verb) = verb else { return deny(3, Builtin::UndeclaredVerb, Retry::WithOtherArguments) };
    let Some(Ok(args)) = args else { return deny(3, Builtin::Arguments, Retry::WithOtherArguments) };

    let wanted = Wanted { id: coming.id, verb, args: &args, canonical: &canonical };
    let scene = Scene { world, run, now, call: Some(wanted) };
    let judged = rules::met(&scene, wanted);
    let mut decision = by_rules(&scene, wanted, &judged);
    decision.shadow = rules::shadows(&scene, wanted).iter().map(|judged| judged.index).collect();
    // > the answer reports every rule that fired
    decision.fired = judged.iter().filter(|judged| judged.is_true()).map(|judged| judged.index).collect();
    decision.decided.args = args.clone();
    decision.decided.canonical = canonical.clone();
    decision
}

/// Rows 4 to 11.
fn by_rules(scene: &Scene<'_>, call: Wanted<'_>, judged: &[Judged<'_>]) -> Decision {
    let all = |choose: &dyn Fn(&Judged<'_>) -> bool| -> Vec<&Judged<'_>> { judged.iter().filter(|one| choose(one)).collect() };
    let stops = |one: &Judged<'_>| matches!(one.effect, Effect::Stop | Effect::Pause);
    let first_true = |rules: &[&Judged<'_>]| rules.iter().find(|one| one.is_true()).map(|one| (one.index, one.effect));

    // > 4 | a stop rule without verbs is true | `escalate`
    let stops_of_the_job = all(&|one| one.is_of_the_job());
    if let Some((rule, effect)) = first_true(&stops_of_the_job) {
        return stopped(scene, call, 4, rule, effect);
    }

    // > 5 | a deny is true, or no allow names the verb, or its allows are false | `deny`
    let denies = all(&|one| one.effect == Effect::Deny);
    let turned_down = approvals::turned_down_gates(scene, call);
    // > One refusal refuses and denies the same gate and call for the run.
    let is_denied = |one: &&Judged<'_>| {
        one.is_true() && (one.effect == Effect::Deny || matches!(one.effect, Effect::Ask(gate) if turned_down.contains(&gate)))
    };
    if let Some(rule) = judged.iter().find(is_denied) {
        let retry = deny_retry(scene, rule);
        return denied(call, 5, By::Rule(rule.index), vec![rule.index], retry);
    }
    // > `unclear` denies (row 5), on every host, calls with equal `changes` keys until it is settled.
    if blocked_by_unclear(scene, call) {
        return denied(call, 5, By::Builtin(Builtin::Unclear), Vec::new(), Retry::AfterData);
    }
    let allows = all(&|one| one.effect == Effect::Allow);
    let allowed = allows.iter().any(|one| one.is_true());
    let may_be_allowed = allows.iter().any(|one| one.is_unknown());
    // > A verb that an `escalate` without condition names needs no `allow`
    let hands_over = judged.iter().any(|one| {
        matches!(one.rule.kind, RuleKind::Escalate) && one.rule.condition.is_none() && one.rule.verbs.contains(&call.verb)
    });
    if !allowed && !may_be_allowed && !hands_over {
        let about = allows.iter().map(|one| one.index).collect();
        return denied(call, 5, By::Builtin(Builtin::NoAllow), about, Retry::No);
    }

    // > 6 | a stop rule of the verb is true | `escalate`
    let stops_of_the_verb = all(&|one| stops(one) && !one.is_of_the_job());
    if let Some((rule, effect)) = first_true(&stops_of_the_verb) {
        return stopped(scene, call, 6, rule, effect);
    }

    // Which rules are still open: those of rows 4, 5, 6 and 10 that are unknown, and the allows where none is true.
    // > A verb's allows are one disjunction.
    let undecided: Vec<&Judged<'_>> = all(&|one| one.is_unknown() && (one.effect != Effect::Allow || !(allowed || hands_over)));

    // > 7 | unasked records keep some rule unknown, and can be fetched | `need`, all of them at once (at most 32 a call, else
    // >   | `deny`)
    let unasked: BTreeSet<RecordKey> = undecided.iter().flat_map(|one| unasked(one)).collect();
    if !unasked.is_empty() {
        let about = undecided.iter().filter(|one| unasked_in(one)).map(|one| one.index).collect();
        return needed(scene, call, &unasked, about);
    }

    // > 8 | a rule is unknown only because a record is *absent* under a key that the agent chose | `deny` (with other arguments)
    let only_absent = |one: &&&Judged<'_>| {
        let Err(causes) = &one.holds else { return false };
        causes.iter().all(|cause| matches!(cause, Cause::Absent(_, Chosen::ByTheAgent)))
    };
    if let Some(rule) = undecided.iter().find(only_absent) {
        return denied(call, 8, By::Rule(rule.index), vec![rule.index], Retry::WithOtherArguments);
    }
    // > 9 | any rule is still unknown | `escalate` (missing, stale, conflicting, malformed data)
    if let Some(rule) = undecided.first() {
        return stopped(scene, call, 9, rule.index, Effect::Stop);
    }

    // > 10 | a gate is true and not approved for exactly this | `approval`, all such gates at once
    let asking: Vec<&Judged<'_>> = all(&|one| matches!(one.effect, Effect::Ask(_)) && one.is_true());
    let (open, unapproved) = approvals::ask(scene, call, &asking);
    if let Some(first) = asking.iter().find(|one| matches!(one.effect, Effect::Ask(gate) if unapproved.contains(&gate))) {
        let about = asking.iter().filter(|one| matches!(one.effect, Effect::Ask(gate) if unapproved.contains(&gate)));
        let mut decision = denied(call, 10, By::Rule(first.index), about.map(|one| one.index).collect(), Retry::AfterApproval);
        let requests: Vec<Request> = open
            .iter()
            .filter(|(asked, _, _)| !asked.granted)
            .map(|(asked, rule, difference)| approvals::request(scene, call, asked, *rule, difference))
            .collect();
        decision.outcome = Outcome::Approval(requests);
        decision.decided.ruling = Ruling::Approval;
        decision.decided.requests = open.into_iter().map(|(asked, _, _)| asked).collect();
        return decision;
    }

    // > 11 | | `allow`
    let about: Vec<usize> = allows.iter().filter(|one| one.is_true()).map(|one| one.index).collect();
    let by = about.first().map_or(By::Nothing, |first| By::Rule(*first));
    match grant::grant(scene, call, judged) {
        grant::Granted::Yes(allow, kept) => {
            let mut decision = denied(call, 11, by, about, Retry::No);
            decision.outcome = Outcome::Allow(allow);
            decision.decided.ruling = Ruling::Allow(kept);
            decision
        }
        grant::Granted::Needs(unasked) => needed(scene, call, &unasked, Vec::new()),
        grant::Granted::No => denied(call, 9, By::Builtin(Builtin::Compensation), Vec::new(), Retry::No),
    }
}

fn decided(call: Wanted<'_>, ruling: Ruling) -> Decided {
    Decided {
        call: call.id.to_owned(),
        verb: Some(call.verb),
        args: Vec::new(),
        canonical: String::new(),
        ruling,
        requests: Vec::new(),
        compensates: None,
    }
}

fn denied(call: Wanted<'_>, row: u8, by: By, about: Vec<usize>, retry: Retry) -> Decision {
    Decision {
        row,
        decided: decided(call, Ruling::Deny),
        outcome: Outcome::Deny,
        by,
        fired: Vec::new(),
        shadow: Vec::new(),
        about,
        retry,
        pauses: Vec::new(),
        turned_down: Vec::new(),
    }
}

fn stopped(scene: &Scene<'_>, call: Wanted<'_>, row: u8, rule: usize, effect: Effect) -> Decision {
    let _ = scene;
    let mut decision = denied(call, row, By::Rule(rule), vec![rule], Retry::No);
    if effect == Effect::Pause {
        // > `else pause` commits the pause, then answers as row 2
        decision.outcome = Outcome::Paused;
        decision.decided.ruling = Ruling::Paused;
        decision.retry = Retry::AfterResume;
        decision.pauses.push(PauseChange { scope: PauseScope::Job, pauses: true });
    } else {
        decision.outcome = Outcome::Escalate;
        decision.decided.ruling = Ruling::Escalate;
    }
    decision
}

fn needed(scene: &Scene<'_>, call: Wanted<'_>, unasked: &BTreeSet<RecordKey>, about: Vec<usize>) -> Decision {
    let before: usize = decisions_on(scene.world, scene.run, call.id)
        .filter_map(|decided| match decided.ruling {
            Ruling::Need(count) => Some(count),
            _ => None,
        })
        .sum();
    if before + unasked.len() > MOST_NEEDS {
        return denied(call, 7, By::Builtin(Builtin::TooManyNeeds), about, Retry::WithOtherArguments);
    }
    let mut decision = denied(call, 7, By::Nothing, about, Retry::AfterData);
    decision.outcome = Outcome::Need(unasked.iter().map(|key| needs::need(scene, key)).collect());
    decision.decided.ruling = Ruling::Need(unasked.len());
    // > so does a granted approval that met a `need`
    decision.decided.requests = approvals::open_of(scene.world, scene.run, call.id);
    decision
}

fn unasked(judged: &Judged<'_>) -> Vec<RecordKey> {
    let causes = judged.holds.as_ref().err().into_iter().flatten();
    causes.filter_map(|cause| if let Cause::Unasked(key) = cause { Some(key.clone()) } else { None }).collect()
}

fn unasked_in(judged: &Judged<'_>) -> bool {
    !unasked(judged).is_empty()
}

/// The verb of that name on the wire.
///
/// > two tools with the same wire name are told apart by `tool.verb`
pub fn verb_named(world: &World<'_>, name: &str) -> Option<VerbId> {
    let typed = world.typed;
    let mut found = (0u32..).zip(&typed.verbs).filter(|(_, verb)| {
        let tool = &typed.tools[verb.tool.index()].name;
        verb.wire == name || format!("{tool}.{}", verb.wire) == name || format!("{tool}.{}", verb.name) == name
    });
    match (found.next(), found.next()) {
        (Some((index, _)), None) => Some(VerbId(index)),
        _ => None,
    }
}

/// Whether a pause holds for calls of a verb.
pub fn is_paused(world: &World<'_>, run: usize, verb: Option<VerbId>) -> bool {
    let scopes = [Some(PauseScope::Policy), Some(PauseScope::Job), verb.map(PauseScope::Verb)];
    scopes.into_iter().flatten().any(|scope| holds_pause(world, run, scope))
}

fn holds_pause(world: &World<'_>, run: usize, scope: PauseScope) -> bool {
    let job = world.runs[run].job;
    // > Counters, pauses and approvals are cells, named by policy, job, rule and key, not by run or version
    let changes = world
        .log
        .iter()
        .filter(|entry| scope == PauseScope::Policy || world.runs[entry.run].job == job)
        .flat_map(|entry| &entry.said.pauses)
        .filter(|change| change.scope == scope);
    changes.last().is_some_and(|change| change.pauses)
}

/// > After `need`, the identical call is sent again under its id and goes on … Any other reuse of an id is row 3.
fn may_use(world: &World<'_>, run: usize, id: &str, verb: Option<VerbId>, canonical: &str) -> bool {
    match decisions_on(world, run, id).last() {
        None => !world.of_run(run).any(|(_, entry)| entry.said.decisions().any(|decided| decided.call == id)),
        Some(last) => matches!(last.ruling, Ruling::Need(_)) && last.verb == verb && last.canonical == canonical,
    }
}

/// The decisions on a call in order; a denied reuse of its id is none.
pub fn decisions_on<'w>(world: &'w World<'_>, run: usize, id: &str) -> impl Iterator<Item = &'w Decided> {
    let id = id.to_owned();
    world.of_run(run).flat_map(|(_, entry)| entry.said.decisions()).filter(move |decided| decided.call == id && !decided.is_reuse())
}

/// > `unclear` keeps it and blocks the same verb and key until settled
fn blocked_by_unclear(scene: &Scene<'_>, call: Wanted<'_>) -> bool {
    let world = scene.world;
    let changes = super::readings::changed_by(world, scene.run, call.verb, call.args);
    let is_write = |verb: VerbId| world.typed.verbs[verb.index()].access == agentc_compiler::typed::Access::Write;
    if !is_write(call.verb) {
        return false;
    }
    (0..world.runs.len()).filter(|run| world.runs[*run].job == scene.run().job).any(|run| {
        world.allowed(run).iter().filter(|other| other.ended() == Some(&Ended::Unclear) && is_write(other.verb)).any(|other| {
            let others = super::readings::changed_by(world, run, other.verb, other.args);
            if changes.is_empty() && others.is_empty() {
                return other.verb == call.verb;
            }
            changes.iter().any(|change| {
                others.iter().any(|other| {
                    change.record == other.record && (change.key.is_none() || other.key.is_none() || change.key == other.key)
                })
            })
        })
    })
}

/// When a denied call can be tried again.
fn deny_retry(scene: &Scene<'_>, judged: &Judged<'_>) -> Retry {
    match &judged.rule.kind {
        RuleKind::Require { .. } => Retry::AfterData,
        RuleKind::Limit(limit) => limits::retry(scene, judged.index, judged.rule, limit),
        _ => Retry::No,
    }
}

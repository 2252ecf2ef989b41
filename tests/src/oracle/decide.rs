//! The decision: the first line that applies of the table of eleven rows.

use super::json::Json;
use super::rules::{self, Effect, Judged};
use super::said::{Decided, PauseChange, PauseScope, Ruling};
use super::scene::{Scene, Wanted};
use super::unknown::{Cause, Causes, Chosen, RecordKey};
use super::world::{Ended, World};
use super::{approvals, arguments, grant, limits, needs};
use agentc_compiler::typed::{Access, RuleKind, VerbId};
use agentc_runtime::answer::{Builtin, Outcome, Retry};
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
    /// What decided.
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
    /// An allow holds at least until then, and at most as long as it says.
    pub least_validity: Option<jiff::Timestamp>,
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
    let is_known = decisions_on(world, run, coming.id).next().is_some();
    let plain = |row, ruling, outcome, by: Builtin, retry, reuse| {
        let mut decision = decision(coming.id, coming.verb, row, ruling, outcome, By::Builtin(by), retry);
        decision.decided.verb = verb;
        decision.decided.reuse = reuse;
        decision
    };
    let deny = |row, by, retry, reuse| plain(row, Ruling::Deny, Outcome::Deny, by, retry, reuse);

    // > 1 | the run has ended or escalated | `deny` (closed)
    if world.is_closed(run) {
        return deny(1, Builtin::Closed, Retry::No, true);
    }
    // > 2 | paused | `paused`
    if is_paused(world, run, verb) {
        return plain(2, Ruling::Paused, Outcome::Paused, Builtin::Paused, Retry::AfterResume, is_known);
    }
    // > 3 | undeclared verb, arguments that do not fit (unknown, missing, duplicate or ill-typed members), a call id used before
    // >   | `deny` (with other arguments)
    let args = verb.map(|verb| arguments::read(world.typed, verb, coming.args));
    let canonical = match (&args, verb) {
        (Some(Ok(_)), Some(verb)) => arguments::canonical(world.typed, verb, coming.args).canonical(),
        _ => String::new(),
    };
    if coming.how == Comes::FromTheAgent && !may_use(world, run, coming.id, verb, &canonical) {
        return deny(3, Builtin::CallId, Retry::WithOtherArguments, true);
    }
    let Some(verb) = verb else { return deny(3, Builtin::UndeclaredVerb, Retry::WithOtherArguments, false) };
    let Some(Ok(args)) = args else { return deny(3, Builtin::Arguments, Retry::WithOtherArguments, false) };

    let wanted = Wanted { id: coming.id, verb, args: &args, canonical: &canonical };
    let scene = Scene { call: Some(wanted), ..Scene::of(world, run, now) };
    let judged = rules::met(&scene, wanted);
    let mut decision = by_rules(&scene, wanted, &judged);
    // > `else pause` commits the pause, then answers as row 2
    decision.decided.reuse = matches!(decision.decided.ruling, Ruling::Paused) && is_known;
    if let Ruling::Allow(_) = decision.decided.ruling {
        let (allow, kept) = grant::grant(&scene, wanted);
        decision.least_validity = grant::least_validity(&scene, wanted, &allow);
        decision.outcome = Outcome::Allow(Box::new(allow));
        decision.decided.ruling = Ruling::Allow(Box::new(kept));
    }
    decision.shadow = rules::shadows(&scene, wanted).iter().map(|judged| judged.index).collect();
    // > the answer reports every rule that fired
    decision.fired = judged.iter().filter(|judged| judged.is_true()).map(|judged| judged.index).collect();
    decision.decided.name = coming.verb.to_owned();
    decision.decided.by = by_name(world, run, decision.by);
    decision.decided.args.clone_from(&args);
    decision.decided.canonical.clone_from(&canonical);
    decision
}

/// The name of what decided.
pub fn by_name(world: &World<'_>, run: usize, by: By) -> Option<String> {
    match by {
        By::Nothing => None,
        By::Rule(index) => Some(world.job(run).rules[index].name.clone()),
        By::Builtin(builtin) => Some(builtin.name().to_owned()),
    }
}

/// Rows 4 to 11.
pub fn by_rules(scene: &Scene<'_>, call: Wanted<'_>, judged: &[Judged<'_>]) -> Decision {
    let is_stop = |one: &Judged<'_>| matches!(one.effect, Effect::Stop | Effect::Pause);
    let first_true = |choose: &dyn Fn(&Judged<'_>) -> bool| judged.iter().find(|one| one.is_true() && choose(one));

    // > 4 | a stop rule without verbs is true | `escalate`
    if let Some(rule) = first_true(&|one| one.is_of_the_job()) {
        return stopped(call, 4, rule.index, rule.effect);
    }

    // > 5 | a deny is true, or no allow names the verb, or its allows are false | `deny`
    // > One refusal refuses and denies the same gate and call for the run.
    let turned_down = approvals::turned_down_gates(scene, call);
    let denies = |one: &Judged<'_>| match one.effect {
        Effect::Deny => true,
        Effect::Ask(gate) => turned_down.contains(&gate),
        _ => false,
    };
    if let Some(rule) = first_true(&denies) {
        return denied(call, 5, By::Rule(rule.index), vec![rule.index], deny_retry(scene, rule));
    }
    // > `unclear` denies (row 5), on every host, calls with equal `changes` keys until it is settled.
    if blocked_by_unclear(scene, call) {
        return denied(call, 5, By::Builtin(Builtin::Unclear), Vec::new(), Retry::AfterData);
    }
    // > A verb's allows are one disjunction.
    let allows: Vec<&Judged<'_>> = judged.iter().filter(|one| one.effect == Effect::Allow).collect();
    let is_allowed = allows.iter().any(|one| one.is_true());
    let may_be_allowed = allows.iter().any(|one| one.is_unknown());
    // > A verb that an `escalate` without condition names needs no `allow`
    let hands_over = judged.iter().any(|one| {
        matches!(one.rule.kind, RuleKind::Escalate) && one.rule.condition.is_none() && one.rule.verbs.contains(&call.verb)
    });
    if !is_allowed && !may_be_allowed && !hands_over {
        let about: Vec<usize> = allows.iter().map(|one| one.index).collect();
        let retry = if about.is_empty() { Retry::No } else { Retry::WithOtherArguments };
        return denied(call, 5, By::Builtin(Builtin::NoAllow), about, retry);
    }

    // > 6 | a stop rule of the verb is true | `escalate`
    if let Some(rule) = first_true(&|one| is_stop(one) && !one.is_of_the_job()) {
        return stopped(call, 6, rule.index, rule.effect);
    }

    // What is still open, in source order: rules of rows 4, 5, 6 and 10, the allows where none is true, who may open the gates
    // that are true, and what the compensation must know now.
    let asking: Vec<&Judged<'_>> = judged.iter().filter(|one| matches!(one.effect, Effect::Ask(_)) && one.is_true()).collect();
    let requests = approvals::ask(scene, call, &asking);
    let open = undecided(scene, call, judged, is_allowed || hands_over, &requests);

    // > 7 | unasked records keep some rule unknown, and can be fetched | `need`, all of them at once (at most 32 a call, else
    // >   | `deny`)
    let unasked: BTreeSet<RecordKey> = open.iter().flat_map(|(_, causes)| unasked(causes)).collect();
    if !unasked.is_empty() {
        // The rule named is one that a record is asked for, not one that is unknown for another reason.
        let asking = open.iter().find(|(_, causes)| !self::unasked(causes).is_empty()).unwrap_or(&open[0]);
        return needed(scene, call, &unasked, asking.0);
    }
    // > 8 | a rule is unknown only because a record is *absent* under a key that the agent chose | `deny` (with other arguments)
    let only_absent = |causes: &Causes| causes.iter().all(|cause| matches!(cause, Cause::Absent(_, Chosen::ByTheAgent)));
    if let Some((by, _)) = open.iter().find(|(_, causes)| only_absent(causes)) {
        return denied(call, 8, *by, about(*by), Retry::WithOtherArguments);
    }
    // > 9 | any rule is still unknown | `escalate` (missing, stale, conflicting, malformed data)
    if let Some((by, _)) = open.first() {
        let mut decision = denied(call, 9, *by, about(*by), Retry::No);
        decision.outcome = Outcome::Escalate;
        decision.decided.ruling = Ruling::Escalate;
        return decision;
    }

    // > 10 | a gate is true and not approved for exactly this | `approval`, all such gates at once
    // > An approval is single-use, consumed only by `allow`: a request stays open though its gate asks no more.
    let mut silent = approvals::open_of(scene.world, scene.run, call.id);
    silent.retain(|open| requests.iter().all(|asking| asking.asked.gate != open.gate));
    let (granted, waiting): (Vec<_>, Vec<_>) =
        requests.into_iter().partition(|asking| approvals::is_granted(scene.world, scene.run, &asking.asked));
    if let Some(first) = waiting.first() {
        let mut decision = denied(call, 10, By::Rule(first.rule), vec![first.rule], Retry::AfterApproval);
        let told = waiting.iter().map(|asking| approvals::request_now(scene.world, scene.run, &asking.asked, call));
        decision.outcome = Outcome::Approval(told.collect());
        decision.decided.ruling = Ruling::Approval;
        decision.decided.requests = granted.into_iter().chain(waiting).map(|asking| asking.asked).chain(silent).collect();
        return decision;
    }

    // > 11 | | `allow`
    let first = allows.iter().find(|one| one.is_true());
    let by = first.map_or(By::Builtin(Builtin::NoAllow), |first| By::Rule(first.index));
    let mut decision = denied(call, 11, by, about(by), Retry::No);
    decision.decided.ruling = Ruling::Allow(Box::default());
    decision
}

/// What keeps the decision open, and why, in source order.
fn undecided(
    scene: &Scene<'_>,
    call: Wanted<'_>,
    judged: &[Judged<'_>],
    is_allowed: bool,
    requests: &[approvals::Asking],
) -> Vec<(By, Causes)> {
    let mut open: Vec<(usize, Causes)> = Vec::new();
    for one in judged {
        let Err(causes) = &one.holds else { continue };
        if one.effect != Effect::Allow {
            open.push((one.index, causes.clone()));
        }
    }
    // > A verb's allows are one disjunction.
    let allows = judged.iter().filter(|one| one.effect == Effect::Allow && !is_allowed);
    let unknown: Vec<(usize, &Causes)> = allows.filter_map(|one| Some((one.index, one.holds.as_ref().err()?))).collect();
    if let Some((first, _)) = unknown.first() {
        open.push((*first, unknown.iter().flat_map(|(_, causes)| (*causes).clone()).collect()));
    }
    open.extend(requests.iter().filter_map(|asking| Some((asking.rule, asking.unknown.clone()?))));
    open.sort_by_key(|(rule, _)| *rule);
    let mut all: Vec<(By, Causes)> = open.into_iter().map(|(rule, causes)| (By::Rule(rule), causes)).collect();
    // > the compensation (its record values frozen now)
    if let Some(undo) = &scene.typed().verbs[call.verb.index()].undo
        && let Err(causes) = grant::frozen(scene, undo)
    {
        all.push((By::Builtin(Builtin::Compensation), causes));
    }
    all
}

fn about(by: By) -> Vec<usize> {
    match by {
        By::Rule(rule) => vec![rule],
        By::Nothing | By::Builtin(_) => Vec::new(),
    }
}

fn decision(id: &str, name: &str, row: u8, ruling: Ruling, outcome: Outcome, by: By, retry: Retry) -> Decision {
    Decision {
        row,
        decided: Decided {
            call: id.to_owned(),
            name: name.to_owned(),
            by: match by {
                By::Builtin(builtin) => Some(builtin.name().to_owned()),
                _ => None,
            },
            verb: None,
            args: Vec::new(),
            canonical: String::new(),
            ruling,
            requests: Vec::new(),
            reuse: false,
            compensates: None,
        },
        outcome,
        by,
        fired: Vec::new(),
        shadow: Vec::new(),
        about: Vec::new(),
        retry,
        pauses: Vec::new(),
        least_validity: None,
    }
}

fn denied(call: Wanted<'_>, row: u8, by: By, about: Vec<usize>, retry: Retry) -> Decision {
    let mut decision = decision(call.id, "", row, Ruling::Deny, Outcome::Deny, by, retry);
    decision.decided.verb = Some(call.verb);
    decision.about = about;
    decision
}

fn stopped(call: Wanted<'_>, row: u8, rule: usize, effect: Effect) -> Decision {
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

fn needed(scene: &Scene<'_>, call: Wanted<'_>, unasked: &BTreeSet<RecordKey>, by: By) -> Decision {
    let mut needed: BTreeSet<RecordKey> = unasked.clone();
    for decided in decisions_on(scene.world, scene.run, call.id) {
        if let Ruling::Need(before) = &decided.ruling {
            needed.extend(before.iter().cloned());
        }
    }
    if needed.len() > MOST_NEEDS {
        return denied(call, 7, By::Builtin(Builtin::TooManyNeeds), Vec::new(), Retry::WithOtherArguments);
    }
    let mut decision = denied(call, 7, by, about(by), Retry::AfterData);
    decision.outcome = Outcome::Need(unasked.iter().map(|key| needs::need(scene, key)).collect());
    decision.decided.ruling = Ruling::Need(unasked.iter().cloned().collect());
    // > so does a granted approval that met a `need`
    decision.decided.requests = approvals::open_of(scene.world, scene.run, call.id);
    decision
}

fn unasked(causes: &Causes) -> Vec<RecordKey> {
    causes.iter().filter_map(|cause| if let Cause::Unasked(key) = cause { Some(key.clone()) } else { None }).collect()
}

/// The verb of that name on the wire.
///
/// > two tools with the same wire name are told apart by `tool.verb`
pub fn verb_named(world: &World<'_>, name: &str) -> Option<VerbId> {
    let typed = world.typed;
    let all = || (0u32..).zip(&typed.verbs);
    let by_wire: Vec<VerbId> = all().filter(|(_, verb)| verb.wire == name).map(|(index, _)| VerbId(index)).collect();
    match by_wire.as_slice() {
        [only] => return Some(*only),
        [] => {}
        _ => return None,
    }
    let with_tool = |verb: &agentc_compiler::typed::Verb| {
        let tool = &typed.tools[verb.tool.index()].name;
        format!("{tool}.{}", verb.wire) == name || format!("{tool}.{}", verb.name) == name
    };
    match all().filter(|(_, verb)| with_tool(verb)).map(|(index, _)| VerbId(index)).collect::<Vec<_>>().as_slice() {
        [only] => Some(*only),
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
    let mut changes = world
        .log
        .iter()
        .filter(|entry| scope == PauseScope::Policy || world.runs[entry.run].job == job)
        .flat_map(|entry| &entry.said.pauses)
        .filter(|change| change.scope == scope);
    changes.next_back().is_some_and(|change| change.pauses)
}

/// > After `need`, the identical call is sent again under its id and goes on … Any other reuse of an id is row 3.
fn may_use(world: &World<'_>, run: usize, id: &str, verb: Option<VerbId>, canonical: &str) -> bool {
    match decisions_on(world, run, id).last() {
        None => true,
        Some(last) => matches!(last.ruling, Ruling::Need(_)) && last.verb == verb && last.canonical == canonical,
    }
}

/// The decisions on a call in order; a denied reuse of its id is none.
pub fn decisions_on<'w>(world: &'w World<'_>, run: usize, id: &str) -> impl Iterator<Item = &'w Decided> {
    let id = id.to_owned();
    world.of_run(run).flat_map(|(_, entry)| entry.said.decisions()).filter(move |decided| decided.call == id && !decided.reuse)
}

/// > `unclear` keeps it and blocks the same verb and key until settled
fn blocked_by_unclear(scene: &Scene<'_>, call: Wanted<'_>) -> bool {
    let world = scene.world;
    let changes = super::readings::changed_by(world, scene.run, call.verb, call.args);
    let is_write = |verb: VerbId| world.typed.verbs[verb.index()].access == Access::Write;
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
    // A gate that was refused stays refused, whatever asks for it.
    if matches!(judged.effect, Effect::Ask(_)) {
        return Retry::No;
    }
    match &judged.rule.kind {
        RuleKind::Require { .. } => Retry::AfterData,
        RuleKind::Limit(limit) => limits::retry(scene, judged.index, judged.rule, limit),
        _ if judged.rule.condition.is_none() => Retry::No,
        _ => Retry::WithOtherArguments,
    }
}

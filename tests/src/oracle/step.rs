//! Events, one after the other: what each is answered, and what is kept of it.
//!
//! > Every event first settles what has expired, and any answer may say that the run has escalated.

use super::decide::{By, Comes, Coming, Decision, decide, verb_named};
use super::json::Json;
use super::rules::{self, Effect};
use super::said::{Asked, Decided, PauseChange, PauseScope, Ruling, Said, TurnedDown};
use super::scene::{Scene, Wanted};
use super::value::Val;
use super::world::{Ended, Entry, Run, World};
use super::{approvals, decode, encode, handoff, limits, operands, readings, results, undo};
use agentc_compiler::typed::{Approver, ApproverKind, ExpiredThen, Field, JobId, Typed};
use agentc_runtime::answer::{Answer, Expired, Fired, Outcome, Retry, Settled};
use agentc_runtime::event::{Event, EventKind, MAX_ID_BYTES, Open, Person, ResultOutcome, Scope, Stopper, Vote};

impl<'a> World<'a> {
    /// No run yet.
    pub fn new(typed: &'a Typed) -> Self {
        Self { typed, read: super::read::fields_read(typed), runs: Vec::new(), log: Vec::new() }
    }

    /// Opens a run; `None` where the event does not fit the job.
    ///
    /// > The host opens it (job, input, identities, environment, time)
    pub fn open(&mut self, event: &Event) -> Option<usize> {
        let EventKind::Open(open) = &event.kind else { return None };
        let opened = self.opened(open)?;
        self.runs.push(opened);
        let run = self.runs.len() - 1;
        self.enter(run, event);
        self.judge_job();
        Some(run)
    }

    fn opened(&self, open: &Open) -> Option<Run> {
        let typed = self.typed;
        let job = typed.jobs.iter().position(|job| job.name == open.job)?;
        let declared = &typed.jobs[job];
        let read = |fields: &[Field], json: &agentc_runtime::json::Json| {
            decode::fields(typed, &fields.iter().collect::<Vec<_>>(), &Json::of(json)).ok()
        };
        // Approvals exclude whoever has an identity of the run: one without a name cannot be excluded.
        let named = |identity: &agentc_runtime::json::Json| {
            identity.get("id").and_then(|id| id.as_text()).is_some_and(|id| !id.is_empty() && id.len() <= MAX_ID_BYTES)
        };
        if !named(&open.agent) || !open.user.iter().all(named) {
            return None;
        }
        Some(Run {
            id: open.run.clone(),
            job: JobId(job as u32),
            input: read(&declared.input, &open.input)?,
            environment: read(&declared.environment, &open.environment)?,
            agent: read(&typed.agent, &open.agent)?,
            user: match &open.user {
                Some(user) => Some(read(&typed.user, user)?),
                None => None,
            },
        })
    }

    /// Answers an event of a run.
    pub fn send(&mut self, run: usize, event: &Event) -> &Entry {
        self.enter(run, event);
        self.settle();
        match event.kind.clone() {
            EventKind::Open(_) => self.refuse(),
            EventKind::Call(call) => {
                let args = Json::of(&call.args);
                let now = self.now();
                let coming = Coming { id: &call.id, verb: &call.verb, args: &args, how: Comes::FromTheAgent };
                let decision = decide(self, run, now, coming);
                self.answer_with(decision);
            }
            EventKind::Result(result) => self.result(&result.id, &result.outcome),
            EventKind::Record(record) => {
                let known = readings::record_named(self.typed, &record.source, &record.record);
                let fits = known.is_some_and(|id| decode::key(self.typed, id, &Json::of(&record.key)).is_ok());
                if fits { self.take() } else { self.refuse() }
            }
            EventKind::Approval(approval) => self.vote(&approval.request, &approval.by, approval.answer),
            EventKind::Usage(_) | EventKind::Tick => self.take(),
            EventKind::Signal(signal) => {
                let declared = &self.job(run).signals;
                let fits = signal.signals.iter().all(|(name, json)| {
                    let field = declared.iter().find(|field| field.name == *name);
                    field.is_some_and(|field| {
                        decode::value(self.typed, &field.ty, &field.encoding, &Json::of(json), decode::Strictness::Whole).is_ok()
                    })
                });
                if fits { self.take() } else { self.refuse() }
            }
            EventKind::Pause(stopper) => self.stop(&stopper, true),
            EventKind::Resume(stopper) => self.stop(&stopper, false),
            EventKind::Undo(wanted) => undo::undo(self, wanted.call.as_deref(), &wanted.by),
            EventKind::End => undo::end(self),
        }
        self.judge_job();
        self.log.last().expect("it was entered")
    }

    /// Whether the run has ended or escalated.
    pub fn is_closed(&self, run: usize) -> bool {
        self.of_run(run).any(|(_, entry)| entry.said.closed)
    }

    /// How many requests for approval were made in a run.
    pub fn requests_so_far(&self, run: usize) -> usize {
        let decided = self.of_run(run).flat_map(|(_, entry)| entry.said.decisions());
        decided.flat_map(|decided| &decided.requests).map(|asked| asked.number).max().unwrap_or(0)
    }

    /// > time never runs backwards (the latest seen counts)
    fn enter(&mut self, run: usize, event: &Event) {
        let at = event.at.as_nanosecond();
        let at = self.latest(run).map_or(at, |latest| latest.max(at));
        let answer = Answer {
            event: event.kind.name(),
            run: self.runs[run].id.clone(),
            at: encode::time(at),
            call: None,
            outcome: Outcome::Taken,
            by: None,
            fired: Vec::new(),
            shadow: Vec::new(),
            values: Vec::new(),
            model: String::new(),
            person: String::new(),
            retry: Retry::No,
            settled: Vec::new(),
            escalated: None,
        };
        let said = Said {
            answer,
            taken: matches!(event.kind, EventKind::Open(_)),
            decided: Vec::new(),
            moved: Vec::new(),
            turned_down: Vec::new(),
            tallies: Vec::new(),
            pauses: Vec::new(),
            closed: false,
            showed_untrusted: false,
            least_validity: None,
        };
        self.log.push(Entry { run, at, event: event.clone(), said });
    }

    /// What is being answered.
    pub fn said(&mut self) -> &mut Said {
        &mut self.log.last_mut().expect("it was entered").said
    }

    /// The run whose event is being answered.
    pub fn current(&self) -> usize {
        self.log.last().expect("it was entered").run
    }

    /// The time of the event that is being answered.
    pub fn now(&self) -> i128 {
        self.log.last().expect("it was entered").at
    }

    /// The event is taken.
    pub fn take(&mut self) {
        self.said().taken = true;
    }

    /// The event is not taken and changes nothing.
    pub fn refuse(&mut self) {
        self.said().answer.outcome = Outcome::Refused;
    }

    /// What is due is settled, the earliest first.
    fn settle(&mut self) {
        let (run, now) = (self.current(), self.now());
        while !self.is_closed(run) {
            let due = approvals::all_open(self, run)
                .into_iter()
                .filter_map(|asked| {
                    let gate = approvals::gate_at(self, run, asked.gate);
                    Some((asked.since + approvals::stage_length(gate, asked.stage)?, asked.id.clone(), asked))
                })
                .filter(|(ends, _, _)| *ends <= now)
                .min_by(|left, right| (left.0, &left.1).cmp(&(right.0, &right.1)));
            let Some((ended, _, asked)) = due else { return };
            self.expire(&asked, ended);
        }
    }

    /// > `expires D else deny | escalate | then role b D …`; without `else`, deny.
    fn expire(&mut self, asked: &Asked, ended: i128) {
        let run = self.current();
        let gate = approvals::gate_at(self, run, asked.gate);
        let fired = handoff::fired(self, run, asked.rule);
        let settled = |then| Settled { request: asked.id.clone(), call: asked.call.clone(), gate: fired.rule.clone(), then };
        if asked.stage < gate.then.len() {
            let next = Asked { stage: asked.stage + 1, since: ended, yes: Vec::new(), ..asked.clone() };
            let request = approvals::request(self, run, &next);
            self.said().moved.push(next);
            self.said().answer.settled.push(settled(Expired::NextStage(Box::new(request))));
        } else if gate.otherwise == ExpiredThen::Escalate {
            self.said().answer.settled.push(settled(Expired::Escalated));
            let (verb, args, canonical) = self.wanted_of(&asked.call);
            let call = Wanted { id: &asked.call, verb, args: &args, canonical: &canonical };
            self.escalate(fired, Some(call));
        } else {
            self.said().answer.settled.push(settled(Expired::Denied));
            let (verb, args, canonical) = self.wanted_of(&asked.call);
            self.tally(Some(Wanted { id: &asked.call, verb, args: &args, canonical: &canonical }));
            let down = TurnedDown { gate: asked.gate, call: asked.call.clone(), verb, canonical, by_expiry: true };
            self.said().turned_down.push(down);
        }
    }

    /// The verb and the arguments of a call that was decided before.
    fn wanted_of(&self, call: &str) -> (agentc_compiler::typed::VerbId, Vec<(agentc_compiler::typed::ArgId, Val)>, String) {
        let last = super::decide::decisions_on(self, self.current(), call).last().expect("it was decided");
        (last.verb.expect("its verb is declared"), last.args.clone(), last.canonical.clone())
    }

    /// Counts a call with its final answer for the limits of the whole job.
    fn tally(&mut self, call: Option<Wanted<'_>>) {
        let scene = Scene { call, ..Scene::of(self, self.current(), self.now()) };
        let tallies = limits::tallies(&scene);
        self.said().tallies.extend(tallies);
    }

    /// > **escalate** ends the run: pending approvals are void, late results are still recorded and counted, and the answer
    /// > carries the handoff
    pub fn escalate(&mut self, by: Fired, call: Option<Wanted<'_>>) {
        self.said().closed = true;
        let handoff = handoff::handoff(&Scene { call, ..Scene::of(self, self.current(), self.now()) }, by, call);
        self.said().answer.escalated = Some(Box::new(handoff));
    }

    /// Writes a decision as the answer and keeps it.
    fn answer_with(&mut self, decision: Decision) {
        let run = self.current();
        let by = match decision.by {
            By::Nothing => None,
            By::Rule(index) => Some(handoff::fired(self, run, index)),
            By::Builtin(builtin) => Some(handoff::builtin(builtin.name())),
        };
        let fired: Vec<Fired> = decision.fired.iter().map(|index| handoff::fired(self, run, *index)).collect();
        let shadow: Vec<Fired> = decision.shadow.iter().map(|index| handoff::fired(self, run, *index)).collect();
        let Decided { call: id, verb, args, canonical, .. } = decision.decided.clone();
        let wanted =
            verb.filter(|_| !canonical.is_empty()).map(|verb| Wanted { id: &id, verb, args: &args, canonical: &canonical });
        let values = operands::told(&Scene { call: wanted, ..Scene::of(self, run, self.now()) }, &decision.about);
        if decision.decided.is_final() && !decision.decided.reuse {
            self.tally(Some(wanted.unwrap_or(Wanted { id: &id, verb: super::NO_VERB, args: &[], canonical: "" })));
        }
        let escalates = matches!(decision.decided.ruling, Ruling::Escalate);
        let said = self.said();
        said.least_validity = decision.least_validity;
        said.pauses = decision.pauses;
        said.answer.call = Some(id.clone());
        said.answer.outcome = decision.outcome;
        said.answer.by.clone_from(&by);
        said.answer.fired = fired;
        said.answer.shadow = shadow;
        said.answer.values = values;
        said.answer.retry = decision.retry;
        said.decided.push(decision.decided);
        if escalates {
            self.escalate(by.expect("something stopped it"), wanted);
        }
    }

    /// > `approval` (gate request, approver's identity and roles, yes or no) | the decision on the bound call
    fn vote(&mut self, request: &str, by: &Person, vote: Vote) {
        let (run, now) = (self.current(), self.now());
        let open = approvals::all_open(self, run).into_iter().find(|asked| asked.id == request);
        let Some(asked) = open else { return self.refuse() };
        if !approvals::may_answer(self, run, &asked, by) {
            self.said().answer.call = Some(asked.call.clone());
            return self.refuse();
        }
        let (verb, args, canonical) = self.wanted_of(&asked.call);
        let wanted = Wanted { id: &asked.call, verb, args: &args, canonical: &canonical };
        let gate = handoff::fired(self, run, asked.rule);
        self.said().answer.call = Some(asked.call.clone());
        if vote == Vote::Refuse {
            // > One refusal refuses and denies the same gate and call for the run.
            self.tally(Some(wanted));
            let down =
                TurnedDown { gate: asked.gate, call: asked.call.clone(), verb, canonical: canonical.clone(), by_expiry: false };
            let before = super::decide::decisions_on(self, run, &asked.call).last().expect("it was decided").clone();
            let said = self.said();
            said.turned_down.push(down);
            said.decided.push(Decided { ruling: Ruling::Deny, requests: Vec::new(), by: Some(gate.rule.clone()), ..before });
            said.answer.outcome = Outcome::Deny;
            said.answer.fired = vec![gate.clone()];
            said.answer.by = Some(gate);
            return;
        }
        let mut next = asked.clone();
        next.yes.retain(|person| person.id != by.id);
        next.yes.push(by.clone());
        self.said().moved.push(next.clone());
        if !approvals::is_granted(self, run, &next) {
            let mut waiting = approvals::open_of(self, run, &asked.call);
            waiting.retain(|asked| !approvals::is_granted(self, run, asked));
            waiting.sort_by_key(|asked| asked.gate);
            let requests = waiting.iter().map(|asked| approvals::request(self, run, asked)).collect();
            let said = self.said();
            said.answer.outcome = Outcome::Approval(requests);
            said.answer.fired = vec![gate.clone()];
            said.answer.by = Some(gate);
            said.answer.retry = Retry::AfterApproval;
            return;
        }
        // > the call is decided anew when it is given
        let name = super::decide::decisions_on(self, run, &asked.call).last().expect("it was decided").name.clone();
        let args = Json::read(&canonical).expect("canonical JSON is JSON");
        let coming = Coming { id: &asked.call, verb: &name, args: &args, how: Comes::WithAnApproval };
        let decision = decide(self, run, now, coming);
        self.answer_with(decision);
    }

    /// > late results are still recorded and counted
    fn result(&mut self, id: &str, outcome: &ResultOutcome) {
        let run = self.current();
        let decided = super::decide::decisions_on(self, run, id).next().is_some();
        let calls = self.allowed(run);
        let Some(call) = calls.iter().find(|call| call.id == id) else {
            if decided {
                self.said().answer.call = Some(id.to_owned());
            }
            return self.refuse();
        };
        let reported = call.ended().cloned();
        let repeats = reported == Some(Ended::Unclear) && *outcome == ResultOutcome::Unclear;
        let ended = self.ended(call.verb, outcome);
        if repeats || !matches!(reported, None | Some(Ended::Unclear)) {
            self.said().answer.call = Some(id.to_owned());
            return self.refuse();
        }
        let wanted = Wanted { id, verb: call.verb, args: call.args, canonical: "" };
        let scene = Scene { call: Some(wanted), ..Scene::of(self, run, self.now()) };
        let shown = results::shown(&scene, call, &ended);
        let untrusted = shown.as_ref().is_some_and(|shown| results::is_untrusted(self.typed, call, shown));
        let failed = matches!(ended, Ended::Refused(_) | Ended::Unclear);
        let (verb, args) = (call.verb, call.args.to_vec());
        let compensates = super::decide::decisions_on(self, run, id).any(|decided| decided.compensates.is_some());
        let canonical = super::decide::decisions_on(self, run, id).last().expect("it was decided").canonical.clone();
        let said = self.said();
        said.taken = true;
        said.showed_untrusted = untrusted;
        said.answer.call = Some(id.to_owned());
        said.answer.outcome = Outcome::Shown(shown);
        // > a failure escalates
        if failed && compensates && !self.is_closed(run) {
            self.escalate(handoff::builtin("undo_failed"), Some(Wanted { id, verb, args: &args, canonical: &canonical }));
        }
    }

    /// > `pause`, `resume` (scope: call's verb, job, policy; by whom) | taken, or refused unless `pause by` (`resume by` defaults
    /// > to it)
    fn stop(&mut self, stopper: &Stopper, pauses: bool) {
        let run = self.current();
        let job = self.job(run);
        let people = if pauses { &job.pause_by } else { &job.resume_by };
        if !self.is_one_of(people, &stopper.by) {
            return self.refuse();
        }
        let scope = match &stopper.scope {
            Scope::Policy => PauseScope::Policy,
            Scope::Job => PauseScope::Job,
            Scope::Verb(name) => match verb_named(self, name) {
                Some(verb) => PauseScope::Verb(verb),
                None => return self.refuse(),
            },
        };
        self.take();
        self.said().pauses.push(PauseChange { scope, pauses });
    }

    /// Whether somebody is one of these people.
    pub fn is_one_of(&self, people: &[Approver], who: &Person) -> bool {
        let run = self.current();
        let scene = Scene::of(self, run, self.now());
        people.iter().any(|group| match &group.who {
            ApproverKind::Role(role) => who.roles.contains(&self.typed.roles[role.index()].name),
            ApproverKind::User => self.runs[run].user_id().as_deref() == Some(who.id.as_str()),
            ApproverKind::Identity(expr) => {
                matches!(scene.value(expr, &super::expression::Names::default()), Ok(Val::Text(id)) if id == who.id)
            }
        })
    }

    /// > Rules of rows 4 and `on failure` are judged after every event (a signal, usage, a result), not only at calls.
    fn judge_job(&mut self) {
        let run = self.current();
        if self.is_closed(run) {
            return;
        }
        let scene = Scene::of(self, run, self.now());
        let rules = self.job(run).rules.iter().enumerate().filter(|(_, rule)| !rule.shadow);
        let fired: Vec<(usize, Effect)> = rules
            .map(|(index, rule)| rules::judge(&scene, index, rule))
            .filter(|judged| judged.is_of_the_job() && judged.is_true())
            .map(|judged| (judged.index, judged.effect))
            .collect();
        for (index, _) in &fired {
            let fired = handoff::fired(self, run, *index);
            if !self.said().answer.fired.contains(&fired) {
                self.said().answer.fired.push(fired);
            }
        }
        match fired.first() {
            None => {}
            Some((_, Effect::Pause)) => self.said().pauses.push(PauseChange { scope: PauseScope::Job, pauses: true }),
            Some((index, _)) => {
                let by = handoff::fired(self, run, *index);
                self.escalate(by, None);
            }
        }
    }
}

impl Run {
    /// The agent's id.
    pub fn agent_id(&self) -> String {
        id_of(&self.agent)
    }

    /// The id of the person served.
    pub fn user_id(&self) -> Option<String> {
        self.user.as_deref().map(id_of)
    }
}

/// `agent` and `user` have the attributes `id` and `roles` first.
fn id_of(attributes: &[Val]) -> String {
    match &attributes[0] {
        Val::Text(id) => id.clone(),
        other => panic!("an id of {other:?}"),
    }
}

//! Carries a judgement out: what the run and the cells hold from then on, and what the answer says.

use super::judge::{By, Judgement, Ruling, is_in_shadow, valid_until};
use super::{Deciding, Reply, approval, limit, values, words};
use crate::answer::{Allow, Builtin, Compensation, Need as NeedAnswer, Outcome, Request, Reservation, Retry, Sealed};
use crate::bind::{Audience, MASK, write, write_fields, write_key};
use crate::cell::{CellValue, OpenRequest};
use crate::eval::{Contribution, Ended, Evaluator, Memo, Need, PastCall};
use crate::json::Json;
use crate::program::{Effect, ExprId, LimitId, Measure, Op, RuleId};
use crate::run::{Allowed, Asked, Bound, CallEntry, CallPhase, MAX_REQUESTS, Reported, Reserved};
use crate::types::{Encoding, RecordId};
use crate::value::Value;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

impl Deciding<'_> {
    pub(super) fn carry_out(&mut self, entry: CallEntry, bound: &Arc<Bound>, judgement: Judgement) -> Reply {
        let verb = entry.wire(self.policy).to_owned();
        let quoted = words::call_words(&verb, &bound.masked(self.policy));
        let by = words::by(self.policy, judgement.by);
        let fired = |rules: &[RuleId]| rules.iter().map(|rule| words::fired(self.policy, *rule)).collect();
        let reply = Reply {
            call: Some(entry.id.to_string()),
            outcome: Outcome::Deny,
            by: Some(by.clone()),
            fired: fired(&judgement.fired),
            shadow: fired(&judgement.shadow),
            values: judgement.values.clone(),
            model: words::denied(self.policy, &verb, judgement.by, judgement.retry),
            person: format!("{quoted} is denied {}", words::by_words(&by)),
            retry: judgement.retry,
        };
        match judgement.ruling {
            Ruling::Deny(absent) => {
                self.finally(entry, CallPhase::Denied, &by.rule);
                let why = match &absent {
                    Some(causes) => Some(values::words(self.policy, causes)),
                    None => words::why_denied(self.policy, judgement.by, &judgement.counts),
                };
                let why = why.map_or(String::new(), |why| format!("; {why}"));
                Reply { person: format!("{}{why}", reply.person), ..reply }
            }
            Ruling::Escalate(causes) => {
                self.finally(entry, CallPhase::Escalated, &by.rule);
                self.escalate(judgement.by, Some(bound));
                // A value that is unknown says it best; a decision that took too many steps has none.
                let value = reply.values.iter().find_map(|value| value.value.as_ref().err().cloned());
                let why = value.or_else(|| causes.map(|causes| values::words(self.policy, &causes)));
                let why = why.map_or(String::new(), |why| format!("; {why}"));
                Reply {
                    outcome: Outcome::Escalate,
                    model: "people take over from here; make no more calls".to_owned(),
                    person: format!("{quoted} makes the run escalate {}{why}", words::by_words(&by)),
                    ..reply
                }
            }
            Ruling::Pause => {
                self.pause_job(judgement.by);
                self.hold_back(entry, &by.rule);
                Reply {
                    outcome: Outcome::Paused,
                    model: format!("`{verb}` is paused; it can be tried again once it is resumed"),
                    person: format!("{quoted} pauses the job {}", words::by_words(&by)),
                    ..reply
                }
            }
            Ruling::Need(needs) => {
                let listed: Vec<NeedAnswer> = needs.iter().map(|need| self.need(need, bound)).collect();
                let names: Vec<String> =
                    listed.iter().take(4).map(|need| format!("`{}[{}]`", need.record, need.key.masked)).collect();
                let more = if listed.len() > names.len() { ", …" } else { "" };
                let entry = CallEntry {
                    needs: judgement.needed,
                    phase: CallPhase::Needs,
                    at: self.run.now,
                    by: Some(by.rule.clone()),
                    ..entry
                };
                self.run.put_call(entry);
                Reply {
                    outcome: Outcome::Need(listed),
                    model: format!("`{verb}` waits for records that are being fetched"),
                    person: format!("{quoted} needs {}{more}, which `{}` reads", names.join(", "), by.rule),
                    ..reply
                }
            }
            Ruling::Ask(askings) => self.ask(entry, bound, askings, reply, &quoted),
            Ruling::Allow => self.allow(entry, bound, judgement, reply, &quoted),
        }
    }

    /// A call that a pause holds back: a new one has its answer, one that waits goes on waiting.
    pub(super) fn hold_back(&mut self, entry: CallEntry, by: &str) {
        if self.run.call(&entry.id).is_none() {
            self.finally(entry, CallPhase::Paused, by);
        }
    }

    /// Gives a call its final answer: it is counted by the limits of the whole job, and its requests are void.
    pub(super) fn finally(&mut self, entry: CallEntry, phase: CallPhase, by: &str) {
        self.count_final(&entry);
        self.run.finals = self.run.finals.saturating_add(1);
        if matches!(phase, CallPhase::Denied) {
            self.run.denials = self.run.denials.saturating_add(1);
        }
        let id = Arc::clone(&entry.id);
        self.run.put_call(CallEntry { phase, by: Some(by.to_owned()), at: self.run.now, ..entry });
        self.drop_requests(|asked| asked.call == id);
    }

    fn count_final(&mut self, entry: &CallEntry) {
        let limits = self.policy.index().limits_of_all(self.run.fixed.job);
        if limits.is_empty() {
            return;
        }
        let none = [];
        let args = entry.bound.as_ref().map_or(none.as_slice(), |bound| bound.args.as_slice());
        let view = super::view::View::new(self.policy, &self.run, &self.cells, Some(args));
        let mut memo = Memo::default();
        let mut evaluator = Evaluator::new(self.policy, &view, &mut memo);
        let shares: Vec<_> = limits
            .iter()
            .filter_map(|id| {
                let counting = evaluator.limit(*id).ok()??;
                limit::reserve(self.policy, &self.run, *id, &counting, &entry.id)
            })
            .collect();
        for (place, share) in shares {
            limit::count(&mut self.run, &mut self.cells, &place, &share);
        }
    }

    /// Takes requests back.
    pub(super) fn drop_requests(&mut self, which: impl Fn(&Asked) -> bool) -> Vec<String> {
        let dropped: Vec<Arc<Asked>> = self.run.requests.values().filter(|asked| which(asked)).cloned().collect();
        for asked in &dropped {
            self.cells.clear(approval::cell(self.policy, self.job, &self.run, asked));
            self.run.requests.remove_mut(&asked.id);
            self.run.release(asked.size);
        }
        dropped.iter().map(|asked| asked.id.to_string()).collect()
    }

    fn ask(&mut self, entry: CallEntry, bound: &Bound, askings: Vec<approval::Asking>, reply: Reply, quoted: &str) -> Reply {
        let open = self.run.requests.size().saturating_add(askings.len());
        let size = askings.iter().filter(|asking| asking.open.is_none()).map(approval::size).fold(0, usize::saturating_add);
        if open > MAX_REQUESTS || !self.run.has_room(size) {
            let by = By::Builtin(Builtin::RunFull, Effect::Deny);
            let fired = words::by(self.policy, by);
            self.finally(entry, CallPhase::Denied, &fired.rule);
            let verb = self.policy.program().verbs.get(bound.verb.index()).map_or("", |verb| verb.wire.as_str());
            return Reply {
                model: words::denied(self.policy, verb, by, Retry::No),
                person: format!("{quoted} is denied: the run holds as many requests for approval or as much data as one run may"),
                by: Some(fired),
                retry: Retry::No,
                ..reply
            };
        }
        let entry =
            CallEntry { phase: CallPhase::Asked, at: self.run.now, by: reply.by.as_ref().map(|by| by.rule.clone()), ..entry };
        let id = Arc::clone(&entry.id);
        self.run.put_call(entry);
        let mut requests: Vec<Request> = Vec::new();
        for asking in askings {
            let asked = match asking.open.as_ref().and_then(|open| self.run.requests.get(open)) {
                Some(open) if self.cell_is_open(open) => Arc::clone(open),
                _ => self.open_request(&id, bound, asking),
            };
            requests.push(approval::request(self.policy, &self.run, &asked));
        }
        let gates: Vec<String> = requests.iter().map(|request| format!("`{}`", request.gate.rule)).collect();
        let because = requests.iter().find_map(|request| request.gate.because.clone());
        let because = because.map_or(String::new(), |because| format!(": {}", because.trim_end_matches('.')));
        Reply {
            outcome: Outcome::Approval(requests),
            model: "this call waits for the approval of people; it goes on once they have answered".to_owned(),
            person: format!("{quoted} waits for approval by {}{because}", gates.join(" and ")),
            ..reply
        }
    }

    fn cell_is_open(&self, asked: &Asked) -> bool {
        self.cells.get(&approval::cell(self.policy, self.job, &self.run, asked)).is_some()
    }

    /// Opens a request, in place of the one of the same call and gate.
    fn open_request(&mut self, call: &Arc<str>, bound: &Bound, asking: approval::Asking) -> Arc<Asked> {
        self.drop_requests(|asked| asked.call == *call && asked.gate == asking.gate);
        self.run.asked = self.run.asked.saturating_add(1);
        let size = approval::size(&asking);
        let gate = self.policy.program().gates.get(asking.gate.index());
        let rule = gate.map_or(asking.rule, |gate| gate.rule);
        let name = self.policy.program().rules.get(rule.index()).map_or("", |rule| rule.name.as_str());
        let length = gate.and_then(|gate| gate.stages.first()).and_then(|stage| stage.expires);
        let asked = Arc::new(Asked {
            id: Arc::from(format!("{}/{}/{name}/{}", part(self.run.id()), part(call), self.run.asked)),
            rule,
            gate: asking.gate,
            call: Arc::clone(call),
            verb: bound.verb,
            canonical: Arc::clone(&bound.canonical),
            binds: asking.binds,
            values: asking.values,
            show: asking.show,
            stage: 0,
            identities: asking.identities,
            expires: length.and_then(|length| after(self.run.now, length)),
            grants: Vec::new(),
            difference: asking.difference,
            size,
        });
        self.run.hold(size);
        let cell = approval::cell(self.policy, self.job, &self.run, &asked);
        let open = OpenRequest { binds: asked.binds.clone(), at: self.run.now };
        self.cells.set(cell, CellValue::Approval(open), None);
        self.run.requests.insert_mut(Arc::clone(&asked.id), Arc::clone(&asked));
        asked
    }

    fn allow(&mut self, entry: CallEntry, bound: &Arc<Bound>, judgement: Judgement, reply: Reply, quoted: &str) -> Reply {
        let program = self.policy.program();
        let Some(shape) = program.verbs.get(bound.verb.index()) else { return reply };
        let mut reserve = Vec::new();
        let mut shares = Vec::new();
        let mut ends = Vec::new();
        for (id, counting) in &judgement.counts {
            let counted = limit::reserve(self.policy, &self.run, *id, counting, &entry.id).filter(|(place, share)| {
                let (run, cells) = (&mut self.run, &mut self.cells);
                limit::count(run, cells, place, share)
            });
            let is_in_shadow = is_in_shadow(self.policy, *id);
            let Some((place, share)) = counted else {
                if is_in_shadow {
                    continue;
                }
                // A counter that cannot take the share holds no promise: the call is not made.
                let rule = program.limits.get(id.index()).map_or(judgement.by, |limit| By::Rule(limit.rule));
                let stopped = Judgement { ruling: Ruling::Escalate(None), by: rule, retry: Retry::No, ..judgement };
                return self.carry_out(entry, bound, stopped);
            };
            reserve.push(self.reservation(*id, &counting.key, &counting.adds, &place.window));
            ends.push(place.ends.filter(|_| !is_in_shadow));
            shares.push(Reserved { home: place.home, share });
        }
        let now = self.run.now;
        let mark = self.mark();
        for change in &judgement.changes {
            self.run.readings.change(change.record, change.key.as_ref(), mark);
        }
        let retain_until = shape.retain.and_then(|length| after(now, length));
        let compensation = self.compensation(bound, &judgement.frozen);
        let valid_until = valid_until(&judgement, ends.into_iter());
        let allowed = Allowed {
            sent: now,
            order: self.run.order,
            past: self.run.past.len(),
            reported: Reported::Nothing,
            reported_order: 0,
            shares,
            changes: judgement.changes,
            marks: judgement.marks.leaves,
            frozen: judgement.frozen,
            allows: judgement.allows,
            undone_by: None,
            retain_until,
        };
        let by = reply.by.as_ref().map_or(String::new(), |by| by.rule.clone());
        let place = reply.by.as_ref().map_or(String::new(), words::by_words);
        self.send(bound, now);
        self.finally(entry, CallPhase::Allowed(Box::new(allowed)), &by);
        let args = Sealed { open: bound.json.clone(), masked: bound.masked(self.policy) };
        let allow = Allow { verb: shape.wire.clone(), args, valid_until, compensation, reserve, retain_until };
        Reply {
            outcome: Outcome::Allow(Box::new(allow)),
            model: format!("`{}` is allowed with these arguments", shape.wire),
            person: format!("{quoted} is allowed {place}"),
            ..reply
        }
    }

    /// Takes an allowed call into the history.
    pub(super) fn send(&mut self, bound: &Bound, sent: Timestamp) {
        self.run.past_index.note(self.policy, self.run.past.len(), bound.verb, &bound.args);
        self.run.past.push_back_mut(Arc::new(PastCall {
            verb: bound.verb,
            args: bound.args.clone(),
            sent,
            ended: Ended::Open,
            result: None,
        }));
        self.run.unsettled = self.run.unsettled.saturating_add(1);
    }

    fn reservation(&self, id: LimitId, key: &[Value], adds: &Contribution, window: &str) -> Reservation {
        let program = self.policy.program();
        let value = |expr: &ExprId, value: &Value| match program.exprs.get(expr.index()) {
            Some(shape) if !shape.secret => write(self.policy, shape.ty, &Encoding::Plain, value, Audience::Trace),
            _ => Json::text(MASK),
        };
        let limit = program.limits.get(id.index());
        let rule = limit.and_then(|limit| program.rules.get(limit.rule.index())).map(|rule| rule.name.clone());
        let adds = match (adds, limit.map(|limit| &limit.measure)) {
            (Contribution::Distinct(of), Some(Measure::Distinct(expr)))
            | (Contribution::Amount(of), Some(Measure::Sum(expr))) => value(expr, of),
            _ => Json::int(1),
        };
        let by = limit.map_or(&[][..], |limit| limit.by.as_slice());
        Reservation {
            rule: rule.unwrap_or_default(),
            key: by.iter().zip(key).map(|(expr, part)| value(expr, part)).collect(),
            window: window.to_owned(),
            adds,
        }
    }

    fn compensation(&self, bound: &Bound, frozen: &[(ExprId, Value)]) -> Option<Compensation> {
        let program = self.policy.program();
        let plan = program.verbs.get(bound.verb.index())?.undo.as_ref()?;
        let verb = program.verbs.get(plan.verb.index())?;
        let mut args = Vec::new();
        let mut from_result = Vec::new();
        for (param, expr) in &plan.args {
            let Some((_, field)) = verb.params.get(*param as usize) else { continue };
            let node = program.exprs.get(expr.index())?;
            let known = match &node.op {
                Op::Constant(constant) => self.policy.constant(constant.index()).cloned(),
                _ => frozen.iter().find(|(id, _)| id == expr).map(|(_, value)| value.clone()),
            };
            match known {
                Some(_) if field.secret || node.secret => args.push((field.name.clone(), Json::text(MASK))),
                Some(value) => {
                    let json = write(self.policy, field.ty, &field.encoding, &value, Audience::Trace);
                    args.push((field.name.clone(), json));
                }
                None => from_result.push(field.name.clone()),
            }
        }
        let until = plan.within.and_then(|length| after(self.run.now, length));
        Some(Compensation { verb: verb.wire.clone(), args, from_result, until })
    }

    /// A record to fetch, as a host needs it.
    pub(super) fn need(&self, need: &Need, bound: &Bound) -> NeedAnswer {
        let program = self.policy.program();
        let record = program.records.get(need.record.0 as usize);
        let source = record.and_then(|record| record.source).and_then(|source| program.sources.get(source as usize));
        let secret = self.key_is_secret(need.record, &need.key, bound);
        let key = |audience: Audience| write_key(self.policy, need.record, &need.key, audience);
        let plan = record.and_then(|record| record.fetch.as_ref()).and_then(|fetch| fetch.verb.as_ref());
        let verb = plan.and_then(|(verb, _)| program.verbs.get(verb.index()));
        let args = |audience: Audience| match (plan, verb) {
            (Some((_, parts)), Some(verb)) => {
                let passed: Vec<_> = parts
                    .iter()
                    .filter_map(|(param, part)| {
                        Some((&verb.params.get(*param as usize)?.1, need.key.get(*part as usize)?.clone()))
                    })
                    .collect();
                let fields: Vec<_> = passed.iter().map(|(field, _)| *field).collect();
                let values: Vec<Value> = passed.iter().map(|(_, value)| value.clone()).collect();
                write_fields(self.policy, &fields, &values, audience)
            }
            _ => Json::Object(Vec::new()),
        };
        let seal = |write: &dyn Fn(Audience) -> Json| Sealed {
            open: write(Audience::Host),
            masked: if secret { Json::text(MASK) } else { write(Audience::Trace) },
        };
        NeedAnswer {
            source: source.cloned().unwrap_or_default(),
            record: record.map(|record| record.name.clone()).unwrap_or_default(),
            key: seal(&key),
            verb: verb.map(|verb| verb.wire.clone()),
            args: seal(&args),
            why: values::unasked_words(need.why),
        }
    }

    /// Whether a part of a key came from a secret argument.
    fn key_is_secret(&self, _record: RecordId, key: &[Value], bound: &Bound) -> bool {
        let Some(shape) = self.policy.program().verbs.get(bound.verb.index()) else { return true };
        let secret = shape.params.iter().filter(|(_, field)| field.secret);
        secret
            .into_iter()
            .any(|(slot, _)| bound.args.iter().any(|(arg, value)| arg == slot && *value != Value::None && key.contains(value)))
    }
}

/// That many nanoseconds later; `None` beyond the end of time.
pub(super) fn after(time: Timestamp, nanoseconds: i64) -> Option<Timestamp> {
    time.checked_add(SignedDuration::from_nanos(nanoseconds)).ok()
}

/// An id as a part of a request's id, in which `/` separates: requests of two runs never have one id, so that a vote that is sent to the
/// wrong run finds nothing there.
fn part(id: &str) -> String {
    id.replace('%', "%25").replace('/', "%2F")
}

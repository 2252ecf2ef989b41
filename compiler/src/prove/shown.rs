//! Runs that show a call which ends as asked: built from a model, played by the runtime.

use super::confirm::{Played, played};
use super::obligation::{history_is_possible, verbs_of_history};
use super::refine::{ROUNDS, Refined, refine};
use super::witness::Scene;
use crate::logic::{Answer, Budget, Formula, History, PastCall, Setting, Space, Translator, Uses};
use crate::lower;
use crate::typed::{JobId, Property, PropertyKind, Typed, VerbId};
use agentc_runtime::library::Library;
use agentc_runtime::policy::Policy;

/// Steps for one run.
const STEPS: u64 = 4_000;

/// The most beginnings that are tried.
const MOST_TRIED: usize = 8;

/// Where runs of a job are played whose last call is of one verb.
pub(crate) struct Stage<'t> {
    typed: &'t Typed,
    uses: &'t Uses,
    job: JobId,
    name: &'t str,
    verb: VerbId,
    policy: Policy,
}

impl<'t> Stage<'t> {
    /// The stage of a job and a verb.
    pub(crate) fn new(typed: &'t Typed, uses: &'t Uses, job: JobId, verb: VerbId, library: &Library) -> Option<Self> {
        let name = typed.jobs.get(job.index())?.name.as_str();
        let policy = Policy::new(lower::lower(typed, lower::Indexing::On), library).ok()?;
        Some(Self { typed, uses, job, name, verb, policy })
    }

    /// Earlier calls worth trying: none, then one.
    pub(crate) fn sequences(&self) -> Vec<Vec<VerbId>> {
        let loc = self.typed.jobs.get(self.job.index()).map(|job| job.loc);
        let Some(loc) = loc else { return Vec::new() };
        let kind = PropertyKind::NeverAllow { verbs: vec![self.verb], condition: None, unless_approved: false };
        let verbs = verbs_of_history(self.typed, &Property { job: self.job, kind, loc }, self.verb);
        let one = verbs.into_iter().map(|verb| vec![verb]);
        std::iter::once(Vec::new()).chain(one).take(MOST_TRIED).collect()
    }

    /// What a run with exactly these earlier calls looks like, given to somebody who asks for calls in it.
    pub(crate) fn after<T>(&self, earlier: &[VerbId], ask: impl FnOnce(&mut Asked<'_, '_>) -> T) -> T {
        let mut space = Space::new();
        let calls: Vec<PastCall> = (1_u32..).zip(earlier).map(|(call, verb)| PastCall { verb: *verb, call }).collect();
        let setting = Setting { history: History::Calls(calls.clone()), ..Setting::default() };
        let mut translator = Translator::new(&mut space, self.typed, self.job, self.uses, setting);
        let possible = history_is_possible(&mut translator, &calls);
        ask(&mut Asked { stage: self, translator, possible, calls })
    }
}

/// A run with some earlier calls, of whose last call something is asked.
pub(crate) struct Asked<'s, 'a> {
    stage: &'s Stage<'s>,
    /// Makes the formulas of what is asked.
    pub(crate) translator: Translator<'a>,
    possible: Formula,
    calls: Vec<PastCall>,
}

impl Asked<'_, '_> {
    /// A run whose last call is such, as the runtime plays it.
    pub(crate) fn run(&mut self, such: Formula) -> Option<Played> {
        let mut wanted = self.translator.space.both(such, self.possible);
        let mut budget = Budget::new(STEPS);
        for _ in 0..ROUNDS {
            let Answer::Model(model) = self.translator.space.satisfiable(wanted, &mut budget) else { return None };
            match refine(&mut self.translator, &model) {
                Refined::Exact => {
                    let scene = Scene::new(&mut self.translator, &model, self.stage.verb, &self.calls);
                    return played(self.stage.typed, &self.stage.policy, self.stage.name, &scene);
                }
                Refined::Tightened => {}
                Refined::Guesses(guesses) => {
                    let guess = *guesses.first()?;
                    wanted = self.translator.space.both(wanted, guess);
                }
            }
        }
        None
    }
}

//! One verb of one job in both policies.

use super::confirm::confirm;
use super::gates::{GateTruth, asked_of_fewer};
use super::{Differ, Obstacle, Shown, Side, Witness, shape};
use crate::diagnostic::text::snippet;
use crate::logic::{Answer, Budget, Formula, History, Model, PastCall, Setting, Space, Translator};
use crate::prove::obligation::{history_in_the_way, history_is_possible, verbs_of_history};
use crate::prove::refine::{ROUNDS, Refined, refine};
use crate::prove::witness::Scene;
use crate::typed::{FileId, JobId, Loc, Property, PropertyKind, Typed, VerbId};
use agentc_grammar::span::Span;

/// The most earlier calls that a witness is built with, and the most sequences of them that are tried.
const MOST_CALLS: usize = 2;
const MOST_SEQUENCES: usize = 14;

/// The beginning of the policy, for what stands nowhere else.
const START: Loc = Loc { file: FileId(0), span: Span { start: 0, end: 0 } };

/// In which way a call ends better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// It is allowed at once, and was not.
    AtOnce,
    /// People are asked, and it was out of the question.
    Asked,
    /// People are asked as before, but not all of them.
    OfFewer,
}

const WAYS: [Way; 3] = [Way::AtOnce, Way::Asked, Way::OfFewer];

/// A job and a verb, in the policies that have them.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) differ: &'a Differ<'a>,
    pub(super) old: Option<(JobId, VerbId)>,
    pub(super) new: Option<(JobId, VerbId)>,
}

/// What one policy makes of a call.
struct Ends {
    allowed: Formula,
    asked: Formula,
    gates: Vec<GateTruth>,
    /// The earlier calls can have been made.
    possible: Formula,
}

/// What an attempt gave.
enum Attempt {
    /// There is no such call.
    Never,
    /// There is, and the runtime confirms it.
    Confirmed(Box<Witness>),
    /// It could not be said.
    Obstacle(Obstacle),
}

impl Pair<'_> {
    /// How the new policy differs, looser and tighter.
    pub(super) fn compare(self) -> (Vec<Shown>, Vec<Shown>) {
        if let (Some(old), Some(new)) = (self.old, self.new) {
            if shape::is_same(self.differ, old, new) {
                return (Vec::new(), Vec::new());
            }
            if let Some(obstacle) = shape::incomparable(self.differ, old, new) {
                return (vec![Shown::Undecided(obstacle)], Vec::new());
            }
        }
        let ways = |better| WAYS.into_iter().filter_map(|way| self.direction(better, way)).collect();
        (ways(Side::New), ways(Side::Old))
    }

    fn place(self, side: Side) -> Option<(JobId, VerbId)> {
        match side {
            Side::Old => self.old,
            Side::New => self.new,
        }
    }

    /// Whether some call ends better in that way under the policy of `better` than under the other.
    fn direction(self, better: Side, way: Way) -> Option<Shown> {
        let place = self.place(better)?;
        let obstacle = match self.attempt(better, way, None, &mut Budget::default()) {
            Attempt::Never => return None,
            Attempt::Confirmed(witness) => return Some(Shown::Witness(witness)),
            Attempt::Obstacle(obstacle) => obstacle,
        };
        for sequence in self.sequences(better, place) {
            if let Attempt::Confirmed(witness) = self.attempt(better, way, Some(&sequence), &mut Budget::new(60_000)) {
                return Some(Shown::Witness(witness));
            }
        }
        Some(Shown::Undecided(obstacle))
    }

    /// Looks for such a call: after any history, or after exactly these calls, each as its name in both policies.
    fn attempt(self, better: Side, way: Way, earlier: Option<&[String]>, budget: &mut Budget) -> Attempt {
        let mut space = Space::new();
        let Some(old) = self.ends(&mut space, Side::Old, earlier) else { return Attempt::Never };
        let of_old = space.variables().count();
        let Some(new) = self.ends(&mut space, Side::New, earlier) else { return Attempt::Never };
        let (more, less) = if better == Side::New { (&new, &old) } else { (&old, &new) };
        let differs = match way {
            Way::AtOnce => space.both(more.allowed, !less.allowed),
            Way::Asked => {
                let permitted = space.either(less.allowed, less.asked);
                space.both(more.asked, !permitted)
            }
            Way::OfFewer => {
                let fewer = asked_of_fewer(&mut space, &less.gates, &more.gates, START);
                space.all([more.asked, less.asked, fewer])
            }
        };
        let mut formula = space.all([differs, old.possible, new.possible]);
        let place = self.place(better).or(self.old).or(self.new);
        let Some(place) = place else { return Attempt::Never };
        let mut hindrance = None;
        let mut others: Vec<Formula> = Vec::new();
        for _ in 0..ROUNDS {
            let model = match space.satisfiable(formula, budget) {
                Answer::Never => match others.pop() {
                    Some(other) => {
                        formula = other;
                        continue;
                    }
                    None => return hindrance.map_or(Attempt::Never, Attempt::Obstacle),
                },
                Answer::TooHard => return Attempt::Obstacle(self.blame(better, place, None, "the rules of this verb together")),
                Answer::Model(model) => model,
            };
            let mut translator = self.translator(&mut space, better, place, earlier);
            match refine(&mut translator, &model) {
                Refined::Exact => {}
                Refined::Tightened => continue,
                Refined::Guesses(guesses) => {
                    hindrance = Some(self.obstacle(better, place, translator.space, &model, of_old));
                    if earlier.is_some() {
                        // What follows from a guess proves nothing; the next one is tried where this one leads nowhere.
                        let tried: Vec<Formula> = guesses.iter().map(|guess| translator.space.both(formula, *guess)).collect();
                        others.extend(tried.into_iter().rev());
                        formula = others.pop().unwrap_or(formula);
                        continue;
                    }
                }
            }
            if earlier.is_none() {
                return Attempt::Obstacle(self.obstacle(better, place, &space, &model, of_old));
            }
            let scenes = [Side::Old, Side::New].map(|side| self.scene(&mut space, side, &model, earlier));
            return match confirm(self.differ, [self.old, self.new], &scenes, better) {
                Some(witness) => Attempt::Confirmed(Box::new(witness)),
                None => Attempt::Obstacle(self.obstacle(better, place, &space, &model, of_old)),
            };
        }
        Attempt::Obstacle(hindrance.unwrap_or_else(|| self.blame(better, place, None, "the rules of this verb together")))
    }

    fn setting(self, side: Side, earlier: Option<&[String]>) -> Setting {
        let history = earlier.map_or(History::Open, |earlier| History::Calls(self.calls(side, earlier)));
        Setting { history, ..Setting::default() }
    }

    /// The earlier calls by the verbs of one policy; those that it does not have are left out.
    fn calls(self, side: Side, earlier: &[String]) -> Vec<PastCall> {
        let typed = self.differ.typed(side);
        let find = |name: &String| {
            (0_u32..).map(VerbId).take(typed.verbs.len()).find(|id| crate::diagnostic::text::verb_name(*id, typed) == *name)
        };
        (1_u32..).zip(earlier).filter_map(|(call, name)| Some(PastCall { verb: find(name)?, call })).collect()
    }

    fn translator<'s>(
        self,
        space: &'s mut Space,
        side: Side,
        place: (JobId, VerbId),
        earlier: Option<&[String]>,
    ) -> Translator<'s>
    where
        Self: 's,
    {
        let setting = self.setting(side, earlier);
        Translator::new(space, self.differ.typed(side), place.0, self.differ.uses, setting)
    }

    /// What the policy of one side makes of the call; nothing is allowed where it does not have the job or the verb.
    fn ends(self, space: &mut Space, side: Side, earlier: Option<&[String]>) -> Option<Ends> {
        let Some((job, verb)) = self.place(side) else {
            return Some(Ends { allowed: Formula::FALSE, asked: Formula::FALSE, gates: Vec::new(), possible: Formula::TRUE });
        };
        let mut translator = self.translator(space, side, (job, verb), earlier);
        let decision = translator.decide(verb);
        let gates = GateTruth::of(&mut translator, &decision);
        let possible = match earlier {
            Some(earlier) => history_is_possible(&mut translator, &self.calls(side, earlier)),
            None => Formula::TRUE,
        };
        Some(Ends { allowed: decision.allowed, asked: decision.asked, gates, possible })
    }

    fn scene(self, space: &mut Space, side: Side, model: &Model, earlier: Option<&[String]>) -> Option<Scene> {
        let place = self.place(side)?;
        let calls = self.calls(side, earlier.unwrap_or_default());
        let mut translator = self.translator(space, side, place, earlier);
        Some(Scene::new(&mut translator, model, place.1, &calls))
    }

    /// Earlier calls worth trying: none, then those of the verbs that history and counters speak of in either policy.
    fn sequences(self, better: Side, place: (JobId, VerbId)) -> Vec<Vec<String>> {
        let mut verbs: Vec<String> = Vec::new();
        for side in [better, if better == Side::New { Side::Old } else { Side::New }] {
            let typed = self.differ.typed(side);
            let Some((job, verb)) = self.place(side) else { continue };
            for found in verbs_of_history(typed, &question(typed, job, verb), verb) {
                let name = crate::diagnostic::text::verb_name(found, typed);
                if !verbs.contains(&name) {
                    verbs.push(name);
                }
            }
        }
        debug_assert_eq!(self.place(better), Some(place));
        let mut found: Vec<Vec<String>> = vec![Vec::new()];
        let mut longest = found.clone();
        for _ in 0..MOST_CALLS {
            longest = longest
                .iter()
                .flat_map(|before| verbs.iter().map(|verb| [before.as_slice(), std::slice::from_ref(verb)].concat()))
                .collect();
            found.extend(longest.iter().cloned());
        }
        found.truncate(MOST_SEQUENCES);
        found
    }

    /// The expression that a model without a confirmed run depends on.
    fn obstacle(self, better: Side, place: (JobId, VerbId), space: &Space, model: &Model, of_old: usize) -> Obstacle {
        if let Some(loc) = model.loose(space) {
            let from_old = space.variables().take(of_old).any(|(_, variable)| variable.loose == Some(loc));
            let side = if from_old { Side::Old } else { Side::New };
            return Obstacle {
                side,
                loc,
                what: format!("`{}` is of a kind that is not decided exactly", snippet(loc, self.differ.typed(side))),
            };
        }
        let typed = self.differ.typed(better);
        if let Some(loc) = history_in_the_way(typed, &question(typed, place.0, place.1)) {
            let what = format!("`{}` depends on earlier calls", snippet(loc, typed));
            return Obstacle { side: better, loc, what };
        }
        self.blame(better, place, None, "no run was found that shows it")
    }

    fn blame(self, side: Side, place: (JobId, VerbId), loc: Option<Loc>, what: &str) -> Obstacle {
        let typed = self.differ.typed(side);
        let verb = typed.verbs.get(place.1.index()).map(|verb| verb.loc);
        Obstacle { side, loc: loc.or(verb).unwrap_or(START), what: what.to_owned() }
    }
}

/// The verb as what a proof would ask about, for what is known of those.
fn question(typed: &Typed, job: JobId, verb: VerbId) -> Property {
    let loc = typed.verbs.get(verb.index()).map_or(START, |verb| verb.loc);
    let kind = PropertyKind::NeverAllow { verbs: vec![verb], condition: None, unless_approved: false };
    Property { kind, job, loc }
}

//! Texts that fit some patterns and not others: the intersection of their languages, by walking their automata side by side.

use agentc_runtime::pattern::{Pattern, whole};
use regex_automata::hybrid::LazyStateID;
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson;
use regex_automata::util::start;
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};

/// The most combined states that are looked at.
const MOST_STATES: usize = 20_000;

/// Memory for the states of one automaton, in bytes. A full cache would forget states, so that is where the search ends.
const CACHE: usize = 64 << 20;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Texts of the language, short ones first.
    pub(super) texts: Vec<String>,
    /// There are no others.
    pub(super) complete: bool,
}

/// So many patterns are kept compiled.
const KEPT: usize = 128;

/// Patterns as they are compiled: each once, because the same few are asked for again and again.
#[derive(Debug, Default)]
pub(super) struct Compiled {
    patterns: RefCell<BTreeMap<String, Option<Pattern>>>,
    automata: RefCell<BTreeMap<String, Option<DFA>>>,
}

impl Compiled {
    /// Whether a text fits a pattern; `None` where the pattern is too large.
    pub(super) fn fits(&self, pattern: &str, text: &str) -> Option<bool> {
        kept(&self.patterns, pattern, |pattern| Pattern::new(pattern).ok(), |compiled| compiled.fits(text))
    }

    fn automaton(&self, pattern: &str) -> Option<Automaton> {
        kept(&self.automata, pattern, automaton, |dfa| Automaton { cache: dfa.create_cache(), dfa: dfa.clone() })
    }
}

fn kept<T, U>(
    all: &RefCell<BTreeMap<String, Option<T>>>,
    pattern: &str,
    compile: impl Fn(&str) -> Option<T>,
    with: impl Fn(&T) -> U,
) -> Option<U> {
    let mut all = all.borrow_mut();
    if let Some(known) = all.get(pattern) {
        return known.as_ref().map(with);
    }
    if all.len() >= KEPT {
        all.clear();
    }
    let compiled = compile(pattern);
    let found = compiled.as_ref().map(with);
    all.insert(pattern.to_owned(), compiled);
    found
}

/// Some texts, up to so many, that fit each pattern that is marked true and none that is marked false. `None` where that is too
/// hard to say.
pub(super) fn members(compiled: &Compiled, patterns: &[(String, bool)], wanted: usize) -> Option<Found> {
    let mut automata = vec![compiled.automaton("(?s:.)*")?];
    let mut fits = vec![true];
    for (pattern, fit) in patterns {
        automata.push(compiled.automaton(pattern)?);
        fits.push(*fit);
    }
    let start: Vec<LazyStateID> = automata.iter_mut().map(Automaton::start).collect::<Option<_>>()?;
    let mut seen: BTreeMap<Vec<LazyStateID>, usize> = BTreeMap::from([(start.clone(), 1)]);
    let mut queue: VecDeque<(Vec<LazyStateID>, Vec<u8>)> = VecDeque::from([(start, Vec::new())]);
    let mut texts = Vec::new();
    let mut looked: usize = 0;
    while let Some((states, text)) = queue.pop_front() {
        looked = looked.saturating_add(1);
        if looked > MOST_STATES {
            return (!texts.is_empty()).then_some(Found { texts, complete: false });
        }
        if accepted(&mut automata, &states, &fits)?
            && let Ok(text) = String::from_utf8(text.clone())
        {
            texts.push(text);
            if texts.len() >= wanted {
                return Some(Found { texts, complete: false });
            }
        }
        for byte in alphabet() {
            let mut next = Vec::with_capacity(states.len());
            for (automaton, state) in automata.iter_mut().zip(&states) {
                next.push(automaton.step(*state, byte)?);
            }
            // Nothing that goes on from here fits.
            let dead = automata.iter().zip(&next).zip(&fits).any(|((_, state), fit)| *fit && state.is_dead());
            if dead {
                continue;
            }
            // A state is gone through as often as there are texts wanted: each time it may end in another one.
            let times = seen.entry(next.clone()).or_insert(0);
            if *times < wanted {
                *times = times.saturating_add(1);
                let mut text = text.clone();
                text.push(byte);
                queue.push_back((next, text));
            }
        }
    }
    // Each state was gone through at most `wanted` times, so fewer texts than wanted means that there are no others.
    Some(Found { texts, complete: true })
}

/// Bytes, those that people write first.
fn alphabet() -> impl Iterator<Item = u8> {
    let rest = (0..=255).filter(|byte| !(b' '..=b'~').contains(byte));
    let punctuation = |byte: &u8| !byte.is_ascii_alphanumeric();
    let letters = (b'a'..=b'z').chain(b'0'..=b'9').chain(b'A'..=b'Z');
    letters.chain((b' '..=b'~').filter(punctuation)).chain(rest)
}

fn accepted(automata: &mut [Automaton], states: &[LazyStateID], fits: &[bool]) -> Option<bool> {
    for ((automaton, state), fit) in automata.iter_mut().zip(states).zip(fits) {
        if automaton.accepts(*state)? != *fit {
            return Some(false);
        }
    }
    Some(true)
}

/// A pattern's automaton, built as it is walked.
struct Automaton {
    dfa: DFA,
    cache: Cache,
}

fn automaton(pattern: &str) -> Option<DFA> {
    let hir = whole(pattern).ok()?;
    let config = thompson::Config::new().which_captures(thompson::WhichCaptures::None).nfa_size_limit(Some(4 << 20));
    let nfa = thompson::Compiler::new().configure(config).build_from_hir(&hir).ok()?;
    let config = DFA::config().cache_capacity(CACHE).minimum_cache_clear_count(Some(0)).unicode_word_boundary(false);
    DFA::builder().configure(config).build_from_nfa(nfa).ok()
}

impl Automaton {
    fn start(&mut self) -> Option<LazyStateID> {
        let config = start::Config::new().anchored(regex_automata::Anchored::Yes);
        self.dfa.start_state(&mut self.cache, &config).ok()
    }

    fn step(&mut self, state: LazyStateID, byte: u8) -> Option<LazyStateID> {
        if state.is_dead() {
            return Some(state);
        }
        let next = self.dfa.next_state(&mut self.cache, state, byte).ok()?;
        (!next.is_quit()).then_some(next)
    }

    fn accepts(&mut self, state: LazyStateID) -> Option<bool> {
        if state.is_dead() {
            return Some(false);
        }
        // A match is seen one step late.
        self.dfa.next_eoi_state(&mut self.cache, state).ok().map(|state| state.is_match())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(patterns: &[(&str, bool)], wanted: usize) -> Found {
        let patterns: Vec<(String, bool)> = patterns.iter().map(|(pattern, fit)| ((*pattern).to_owned(), *fit)).collect();
        members(&Compiled::default(), &patterns, wanted).unwrap()
    }

    #[test]
    fn languages_meet_or_do_not() {
        assert_eq!(found(&[("[A-Z]{2}-\\d+", true)], 1).texts, ["AA-0"]);
        assert_eq!(found(&[("ab*", true), ("a{3,}|a", true)], 5), Found { texts: vec!["a".into()], complete: true });
        assert_eq!(found(&[("ab*", true), (".*c", true)], 1), Found { texts: vec![], complete: true });
        assert_eq!(found(&[("a|b|c", true), ("[ac]", false)], 5), Found { texts: vec!["b".into()], complete: true });
        assert_eq!(found(&[("(?s).*", false)], 1), Found { texts: vec![], complete: true });
        assert_eq!(found(&[("a*", true)], 3).texts, ["", "a", "aa"]);
    }
}

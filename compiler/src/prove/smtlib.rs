//! Each obligation as a script for a solver of anybody's own.

use super::obligation::{self, Obligation};
use crate::diagnostic::text::{snippet, verb_name};
use crate::logic::{Answer, Budget, Setting, Space, Translator, Uses};
use crate::typed::Typed;

/// One obligation: a statement for one verb, after any history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// Index into [`Typed::proofs`].
    pub proof: u32,
    /// Index into its statements.
    pub statement: u32,
    /// The verb, as `tool.verb`.
    pub verb: String,
    /// What our own procedure says: `unsat`, `sat`, or `unknown`.
    pub status: &'static str,
    /// The script. `None` where a pattern of the policy cannot be written in the theory of strings.
    pub text: Option<String>,
}

/// The obligations of every statement. A statement holds where all of its scripts are unsatisfiable.
#[must_use]
pub fn scripts(typed: &Typed) -> Vec<Script> {
    let of_rules = Uses::of_rules(typed);
    let mut scripts = Vec::new();
    for (proof, asked) in (0_u32..).zip(&typed.proofs) {
        for (statement, property) in (0_u32..).zip(&asked.statements) {
            let mut uses = of_rules.clone();
            uses.add_statement(typed, property);
            for verb in obligation::verbs(typed, property) {
                let mut space = Space::new();
                let setting = Setting { lists_up_to: asked.lists_up_to, ..Setting::default() };
                let mut translator = Translator::new(&mut space, typed, property.job, &uses, setting);
                let Some(found) = Obligation::new(&mut translator, property, verb) else { continue };
                let status = match space.satisfiable(found.violated, &mut Budget::default()) {
                    Answer::Never => "unsat",
                    Answer::Model(_) => "sat",
                    Answer::TooHard => "unknown",
                };
                let verb = verb_name(verb, typed);
                let header = format!(
                    "; policy {}, proof {:?}\n; {}\n; {verb}: unsat says that it holds after any history\n(set-info :status {status})\n",
                    typed.name,
                    asked.name,
                    snippet(property.loc, typed),
                );
                let text = space.to_smtlib(found.violated).map(|script| format!("{header}{script}"));
                scripts.push(Script { proof, statement, verb, status, text });
            }
        }
    }
    scripts
}

//! The verbs that a rule names.

use super::Completer;
use crate::diagnostic::codes::{NoSuchVerbs, WildcardWrite, WrongAccess};
use crate::resolve::{Target, loc};
use crate::typed::{Access, FileId, VerbId};
use agentc_grammar::ast;

/// The verbs that targets name, in source order without doubles.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) verbs: Vec<VerbId>,
    /// Whether every target is known. Where one is not, that was reported, and what depends on the verbs stays silent.
    pub(super) sure: bool,
}

impl Completer<'_, '_> {
    /// Reads and writes alike. A target that stands for nothing is an error.
    pub(super) fn targets(&mut self, file: FileId, targets: &[ast::Target]) -> Named {
        let mut found = Named { verbs: Vec::new(), sure: true };
        for target in targets {
            match crate::resolve::target(self.hir, target, file, self.checker.problems()) {
                None => found.sure = false,
                Some(Target::Verb(verb)) => found.add(vec![verb]),
                Some(Target::Every(all)) => self.every(file, target, None, all, &mut found),
            }
        }
        found
    }

    /// The verbs of an `allow`: each must be what the rule says it is, and a wildcard stands for reads only.
    pub(super) fn allowed(&mut self, file: FileId, targets: &[ast::Target], said: Access) -> Named {
        let mut found = Named { verbs: Vec::new(), sure: true };
        for target in targets {
            let here = loc(file, target.path.span);
            match crate::resolve::target(self.hir, target, file, self.checker.problems()) {
                None => found.sure = false,
                Some(Target::Verb(verb)) => {
                    if !self.is(verb, said) {
                        self.report(WrongAccess { verb, said, loc: here });
                    }
                    found.add(vec![verb]);
                }
                Some(Target::Every(all)) => {
                    let fitting: Vec<VerbId> = all.into_iter().filter(|verb| self.is(*verb, said)).collect();
                    match said {
                        Access::Read => self.every(file, target, Some(said), fitting, &mut found),
                        Access::Write => {
                            self.report(WildcardWrite { target: written(target), writes: fitting.clone(), loc: here });
                            found.add(fitting);
                        }
                    }
                }
            }
        }
        found
    }

    fn every(&mut self, file: FileId, target: &ast::Target, access: Option<Access>, verbs: Vec<VerbId>, found: &mut Named) {
        if verbs.is_empty() {
            self.report(NoSuchVerbs { target: written(target), access, loc: loc(file, target.path.span) });
            found.sure = false;
        }
        found.add(verbs);
    }

    fn is(&self, verb: VerbId, access: Access) -> bool {
        self.hir.typed.verbs.get(verb.index()).is_some_and(|decl| decl.access == access)
    }
}

impl Named {
    fn add(&mut self, named: Vec<VerbId>) {
        for verb in named {
            if !self.verbs.contains(&verb) {
                self.verbs.push(verb);
            }
        }
    }

    /// Nothing is known of the verbs, nor of their parameters.
    pub(super) fn unknown(&self) -> bool {
        self.verbs.is_empty() && !self.sure
    }
}

/// A target as written.
fn written(target: &ast::Target) -> String {
    let parts: Vec<&str> = target.path.parts.iter().map(|part| part.node.as_str()).collect();
    parts.join(".")
}

//! What is still sure of a policy where parts of it could not be read.

use crate::load::Unread;
use crate::typed::SourceFile;
use std::collections::BTreeMap;

/// What must have been read for a problem to be sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RestsOn<'p> {
    /// What stands at its own place.
    Itself,
    /// That nothing declares this name.
    Name(&'p str),
    /// Everything: it says that something is missing.
    Everything,
}

/// The words of files in which some parts could not be read. A part that could not be read may declare any word in it.
#[derive(Debug)]
pub(crate) struct Gaps<'t> {
    words: BTreeMap<&'t str, usize>,
    modules: bool,
}

impl<'t> Gaps<'t> {
    /// The words of these files, comments and texts included.
    pub(crate) fn new(files: &'t [SourceFile], unread: Unread) -> Self {
        let mut words: BTreeMap<&str, usize> = BTreeMap::new();
        let all = files.iter().flat_map(|file| file.text.split(|letter: char| !letter.is_alphanumeric() && letter != '_'));
        for word in all.filter(|word| !word.is_empty()) {
            let count = words.entry(word).or_default();
            *count = count.saturating_add(1);
        }
        Self { words, modules: unread == Unread::Modules }
    }

    /// Whether the problem cannot come from what was not read. A name that is written once is not declared in these files; a module that
    /// is not there may declare any.
    pub(crate) fn leave_sure(&self, rests_on: RestsOn<'_>) -> bool {
        match rests_on {
            RestsOn::Itself => true,
            RestsOn::Name(name) => {
                let last = name.rsplit('.').next().unwrap_or(name);
                !self.modules && self.words.get(last).is_none_or(|count| *count < 2)
            }
            RestsOn::Everything => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_written_once_is_declared_nowhere() {
        let files = [SourceFile { name: "a".into(), text: "role lead sre\ngate g { approvers role lead, boss }".into() }];
        let gaps = Gaps::new(&files, Unread::Parts);
        assert!(gaps.leave_sure(RestsOn::Name("boss")));
        assert!(!gaps.leave_sure(RestsOn::Name("lead")));
        assert!(!gaps.leave_sure(RestsOn::Name("shop.lead")));
        assert!(!gaps.leave_sure(RestsOn::Everything));
        assert!(!Gaps::new(&files, Unread::Modules).leave_sure(RestsOn::Name("boss")));
    }
}

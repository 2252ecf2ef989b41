//! The files of a policy: where the compiler gets them from, and places in them.

use crate::typed::{FileId, Loc, SourceFile};

/// Gives the compiler the files that `use` names. The compiler itself reads no files.
pub trait Loader {
    /// The file of that dotted name, `acme.roles`, beside the root; `None` where there is none.
    fn load(&self, module: &str) -> Option<SourceFile>;

    /// Why [`Loader::load`] gives nothing although the module is there: `it is no UTF-8 text`. `None` where there is nothing.
    fn unreadable(&self, _module: &str) -> Option<String> {
        None
    }

    /// The dotted names that [`Loader::load`] knows, for suggestions; may be empty.
    fn modules(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A text of a policy on one line, as it would be written there: laid out over several lines or on one, it is the same.
pub(crate) fn on_one_line(written: &str) -> String {
    let mut line = String::new();
    for word in written.split_whitespace() {
        if word.starts_with([')', ']']) {
            line.truncate(line.trim_end_matches(',').len());
        } else if !line.is_empty() && !line.ends_with(['(', '[']) {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// A loader that knows no files: for policies of one file.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoFiles;

impl Loader for NoFiles {
    fn load(&self, _module: &str) -> Option<SourceFile> {
        None
    }
}

/// Lines and columns of byte offsets in the files of a policy.
#[derive(Debug, Clone)]
pub struct Places<'a> {
    files: &'a [SourceFile],
    lines: Vec<Vec<usize>>,
}

impl<'a> Places<'a> {
    /// The places of these files.
    #[must_use]
    pub fn new(files: &'a [SourceFile]) -> Self {
        let starts = |file: &SourceFile| {
            let after_newline = file.text.match_indices('\n').map(|(at, newline)| at.saturating_add(newline.len()));
            std::iter::once(0).chain(after_newline).collect()
        };
        Self { files, lines: files.iter().map(starts).collect() }
    }

    /// The files, in the order of their ids.
    #[must_use]
    pub fn files(&self) -> &'a [SourceFile] {
        self.files
    }

    /// The file's name as its author knows it.
    #[must_use]
    pub fn name(&self, file: FileId) -> &'a str {
        self.files.get(file.index()).map_or("", |file| file.name.as_str())
    }

    /// The file's text.
    #[must_use]
    pub fn text(&self, file: FileId) -> &'a str {
        self.files.get(file.index()).map_or("", |file| file.text.as_str())
    }

    /// The file's name without its folders.
    #[must_use]
    pub fn short_name(&self, file: FileId) -> &'a str {
        let name = self.name(file);
        name.rsplit(['/', '\\']).next().unwrap_or(name)
    }

    /// The line of a place, from 1.
    #[must_use]
    pub fn line(&self, loc: Loc) -> usize {
        self.line_and_column(loc.file, loc.span.start).0
    }

    /// `refunds.agentpolicy:62`
    #[must_use]
    pub fn told(&self, loc: Loc) -> String {
        format!("{}:{}", self.short_name(loc.file), self.line(loc))
    }

    /// Line and column of a byte offset, both from 1, columns in characters.
    #[must_use]
    pub fn line_and_column(&self, file: FileId, offset: u32) -> (usize, usize) {
        let offset = offset as usize;
        let starts = self.lines.get(file.index()).map_or(&[][..], Vec::as_slice);
        let line = starts.partition_point(|start| *start <= offset).max(1);
        let start = starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let column = self.text(file).get(start..offset).map_or(0, |before| before.chars().count());
        (line, column.saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_lines_are_broken_says_nothing() {
        for written in ["last(shop.pay).at", "last(\n  shop.pay\n).at", "last( shop.pay ).at"] {
            assert_eq!(on_one_line(written), "last(shop.pay).at");
        }
        for written in ["m[(a, b)] in [x, y]", "m[(a,\n b)]\n in [\n  x,\n  y,\n]"] {
            assert_eq!(on_one_line(written), "m[(a, b)] in [x, y]");
        }
    }

    #[test]
    fn columns_count_characters() {
        let files = [SourceFile { name: "a".into(), text: "one\n  «zwei» x\n".into() }];
        let places = Places::new(&files);
        assert_eq!(places.line_and_column(FileId(0), 0), (1, 1));
        assert_eq!(places.line_and_column(FileId(0), 4), (2, 1));
        let x = files[0].text.find('x').unwrap() as u32;
        assert_eq!(places.line_and_column(FileId(0), x), (2, 10));
        assert_eq!(places.line_and_column(FileId(0), files[0].text.len() as u32), (3, 1));
    }
}

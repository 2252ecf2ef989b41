//! The pins of real tools: sorted, each tool once, digests well-formed.

use super::{Checked, Flaw};
use crate::program::Program;

pub(super) fn verify(program: &Program) -> Checked {
    for (before, after) in program.tools.iter().zip(program.tools.iter().skip(1)) {
        if (&before.server, &before.name) >= (&after.server, &after.name) {
            return Err(Flaw::new("the pinned tools", format!("`{}` does not come after `{}`", after.name, before.name)));
        }
    }
    for pin in &program.tools {
        for digest in [&pin.schema, &pin.words] {
            if digest.len() != 64 || !digest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
                return Err(Flaw::new(format!("the pinned tool {}", pin.name), "its digest is no SHA-256 digest"));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::program::{Program, ToolPin};

    fn said(pins: &[(&str, &str)]) -> String {
        let pin = |(name, digest): &(&str, &str)| ToolPin {
            server: "s".into(),
            name: (*name).into(),
            schema: digest.repeat(64),
            words: "0".repeat(64),
        };
        let program = Program { tools: pins.iter().map(pin).collect(), ..Program::default() };
        super::verify(&program).map_or_else(|flaw| flaw.to_string(), |()| "nothing".to_owned())
    }

    #[test]
    fn pins_are_in_order_once_each_and_have_digests() {
        assert_eq!(said(&[("a", "0"), ("b", "f")]), "nothing");
        assert_eq!(said(&[("b", "0"), ("a", "0")]), "the pinned tools: `a` does not come after `b`");
        assert_eq!(said(&[("a", "0"), ("a", "0")]), "the pinned tools: `a` does not come after `a`");
        assert_eq!(said(&[("a", "F")]), "the pinned tool a: its digest is no SHA-256 digest");
        assert_eq!(said(&[("a", "00")]), "the pinned tool a: its digest is no SHA-256 digest");
    }
}

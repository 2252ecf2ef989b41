//! Artifacts that are whole, cut, changed and made up.

use super::{ArtifactError, Digest, FORMAT, HEADER, decode, encode};
use crate::policy::{LoadError, Policy};
use crate::program::{
    Comparison, Constant, Effect, ExprId, LeafState, Node, NodeId, Op, Place, Program, Rule, RuleId, RuleKind, TypeShape,
};
use crate::testing::{Build, Scene, library};
use proptest::prelude::*;

/// A small program with a bit of everything that is walked.
fn program() -> Program {
    let mut build = Build::default();
    build.program.name = "acme.refunds".into();
    let (id, total) = (build.field("id", TypeShape::Text), build.field("total", TypeShape::Int));
    let order = build.record("Order", 1, vec![id, total]);
    let (of, amount) = (build.field("order", TypeShape::Key(order)), build.field("amount", TypeShape::Int));
    build.verb("refund", vec![of, amount], Some(TypeShape::Record(order)));
    let key = build.expr(Op::Arg(crate::program::ArgId(0)), TypeShape::Key(order));
    let found = build.expr(Op::Lookup(order, vec![key]), TypeShape::Record(order));
    let total = build.expr(Op::Field(found, 1), TypeShape::Int);
    let amount = build.expr(Op::Arg(crate::program::ArgId(1)), TypeShape::Int);
    let within = build.bool(Op::Compare(Comparison::LessEqual, amount, total));
    let list = build.ints(&[1, 2]);
    let local = build.local();
    let bound = build.scoped(Op::Local(local), TypeShape::Int);
    let small = build.scoped(Op::Compare(Comparison::Less, bound, amount), TypeShape::Bool);
    let any = build.bool(Op::Loop(crate::program::Loop::Any, local, list, small));
    let text = build.text("ab");
    build.program.functions.push("text.double".into());
    let twice = build.expr(Op::Call(0, vec![text]), TypeShape::Text);
    build.program.patterns.push("[a-z]+".into());
    let matched = build.bool(Op::Matches(twice, 0));
    let both = build.bool(Op::And(vec![within, any, matched]));
    build.const_id(Constant::None);
    build.program.rules.push(Rule {
        name: "within".into(),
        effect: Effect::Deny,
        kind: RuleKind::Never,
        verbs: vec![],
        condition: Some(both),
        because: None,
        shadow: false,
        place: Place::default(),
        operands: vec![],
        shows: None,
    });
    let leaf = |state| Node::Leaf { rule: RuleId(0), state, next: NodeId(3) };
    build.program.nodes = vec![
        Node::Test { condition: both, yes: NodeId(1), no: NodeId(3), unknown: NodeId(2) },
        leaf(LeafState::Fires),
        leaf(LeafState::Unknown),
        Node::End,
    ];
    build.program
}

fn load(bytes: &[u8]) -> Result<Policy, LoadError> {
    Policy::load(bytes, &library())
}

/// Walks whatever could be loaded: nothing may panic.
fn exercise(policy: &Policy) {
    let scene = Scene::default();
    for at in 0..policy.program().exprs.len() {
        let _ = scene.value(policy, ExprId(u32::try_from(at).unwrap()));
    }
    let mut memo = crate::eval::Memo::default();
    for at in 0..policy.program().nodes.len() {
        let _ = crate::eval::Evaluator::new(policy, &scene, &mut memo).walk(NodeId(u32::try_from(at).unwrap()));
    }
    let json = crate::json::Json::read(br#"{"order": "A-1", "amount": 3, "id": "x", "total": 4}"#).unwrap();
    for (at, verb) in policy.program().verbs.iter().enumerate() {
        let verb_id = crate::program::VerbId(u32::try_from(at).unwrap());
        let _ = crate::bind::arguments(policy, verb_id, &json);
        let _ = crate::bind::result(policy, verb_id, &json);
        let _ = verb.params.len();
    }
}

/// The artifact with its digest made right again.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let digest = Digest::of(&bytes[HEADER..]);
    bytes[HEADER - 32..HEADER].copy_from_slice(&digest.0);
    bytes
}

#[test]
fn what_is_written_is_read() {
    let program = program();
    let bytes = encode(&program).unwrap();
    let (read, digest) = decode(&bytes).unwrap();
    assert_eq!(read, program);
    let policy = load(&bytes).unwrap();
    assert_eq!(policy.digest(), digest.to_string());
    assert_eq!(policy.digest().len(), 64);
    assert_eq!(Policy::new(program, &library()).unwrap().digest(), policy.digest());
    exercise(&policy);
}

#[test]
fn every_truncation_is_told_apart() {
    let bytes = encode(&program()).unwrap();
    assert_eq!(decode(&[]).unwrap_err().to_string(), "it is no agentc artifact");
    for len in 1..bytes.len() {
        let want = if len < HEADER { HEADER } else { bytes.len() };
        let error = decode(&bytes[..len]).unwrap_err();
        assert_eq!(error.to_string(), format!("the artifact is cut short: {len} of {want} bytes"));
    }
    let longer = [bytes.as_slice(), b"xy"].concat();
    assert_eq!(decode(&longer).unwrap_err().to_string(), "the artifact goes on for 2 bytes after its end");
}

#[test]
fn every_flipped_bit_is_found() {
    let bytes = encode(&program()).unwrap();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << bit;
            let error = decode(&changed).unwrap_err();
            let expected = match at {
                0..8 => error == ArtifactError::Foreign,
                8..12 => matches!(error, ArtifactError::Format { .. }),
                12..20 => matches!(error, ArtifactError::CutShort { .. } | ArtifactError::Extra { .. }),
                _ => error == ArtifactError::Changed,
            };
            assert!(expected, "bit {bit} of byte {at}: {error}");
        }
    }
}

#[test]
fn foreign_files_and_formats_are_named() {
    assert_eq!(decode(b"\0asm\x01\0\0\0").unwrap_err().to_string(), "it is no agentc artifact");
    assert_eq!(decode(b"policy acme.refunds {").unwrap_err().to_string(), "it is no agentc artifact");
    let mut bytes = encode(&program()).unwrap();
    bytes[8..12].copy_from_slice(&(FORMAT + 2).to_le_bytes());
    assert_eq!(
        decode(&bytes).unwrap_err().to_string(),
        format!("it was made by format {}; this reads format {FORMAT}", FORMAT + 2)
    );
    let mut bytes = encode(&program()).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    assert_eq!(decode(&bytes).unwrap_err().to_string(), "its digest does not match: it was changed after it was built");
    let nonsense = sealed([&encode(&program()).unwrap()[..HEADER - 40], &9u64.to_le_bytes(), &[0; 32], &[0xff; 9]].concat());
    assert_eq!(decode(&nonsense).unwrap_err().to_string(), format!("its payload is no program of format {FORMAT}"));
}

#[test]
fn a_function_that_the_library_lacks_is_named() {
    let error = Policy::new(program(), &crate::library::Library::default()).unwrap_err();
    assert_eq!(error.to_string(), "the policy calls `text.double`, which this library does not have");
}

#[test]
fn every_bit_flipped_under_a_right_digest_is_refused_or_harmless() {
    let bytes = encode(&program()).unwrap();
    let mut loaded = 0;
    for at in HEADER..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << bit;
            if let Ok(policy) = load(&sealed(changed)) {
                exercise(&policy);
                loaded += 1;
            }
        }
    }
    // Names and numbers may be changed without breaking the form; most else may not.
    assert!(loaded > 0);
}

proptest! {
    #[test]
    fn random_bytes_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(load(&bytes).is_err());
    }

    #[test]
    fn random_payloads_under_a_right_digest_never_panic(payload in proptest::collection::vec(any::<u8>(), 0..400)) {
        let header = &encode(&program()).unwrap()[..12];
        let length = u64::try_from(payload.len()).unwrap();
        let bytes = sealed([header, &length.to_le_bytes(), &[0; 32], &payload].concat());
        if let Ok(policy) = load(&bytes) {
            exercise(&policy);
        }
    }

    #[test]
    fn several_bytes_changed_under_a_right_digest_never_panic(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)
    ) {
        let mut bytes = encode(&program()).unwrap();
        for (at, byte) in changes {
            let at = HEADER + at.index(bytes.len() - HEADER);
            bytes[at] = byte;
        }
        if let Ok(policy) = load(&sealed(bytes)) {
            exercise(&policy);
        }
    }
}

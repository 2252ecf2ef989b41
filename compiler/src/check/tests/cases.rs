//! The examination of a `match` against trying every value: random tables of patterns over a few types.

use crate::check::cases::examine;
use crate::source::NoFiles;
use crate::typed::{LocalId, Pattern, SourceFile, Type};
use agentc_runtime::value::Value;

/// Values that stand for all others as well: 9 is named by no pattern.
fn values(ty: &Type) -> Vec<Value> {
    match ty {
        Type::Bool => vec![Value::Bool(true), Value::Bool(false)],
        Type::Int => [1, 2, 9].map(Value::Int).to_vec(),
        _ => vec![Value::None, Value::Int(1), Value::Int(2), Value::Int(9)],
    }
}

fn patterns(ty: &Type) -> Vec<Pattern> {
    let some = |values: &[Value]| Pattern::OneOf(values.to_vec());
    let mut all = vec![Pattern::Any, Pattern::Bind(LocalId(0))];
    match ty {
        Type::Bool => all.extend([some(&[Value::Bool(true)]), some(&[Value::Bool(false)]), some(&values(ty))]),
        Type::Int => all.extend([some(&[Value::Int(1)]), some(&[Value::Int(2), Value::Int(1)])]),
        _ => all.extend([some(&[Value::None]), some(&[Value::Int(1)]), some(&[Value::Int(2), Value::None, Value::Int(2)])]),
    }
    all
}

fn takes(pattern: &Pattern, value: &Value) -> bool {
    match pattern {
        Pattern::Any => true,
        Pattern::Bind(_) => *value != Value::None,
        Pattern::OneOf(values) => values.contains(value),
    }
}

#[test]
fn it_finds_what_trying_every_value_finds() {
    let root = SourceFile { name: "p.agentpolicy".into(), text: "policy a.b { version \"1\" }\n".into() };
    let typed = crate::compile(root, &NoFiles, &agentc_stdlib::library()).typed.unwrap();
    let kinds = [Type::Bool, Type::Int, Type::Optional(Box::new(Type::Int))];
    let mut state = 7_u64;
    let mut below = |most: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % most
    };
    let (mut complete, mut with_unreachable) = (0, 0);
    for _ in 0..20_000 {
        let types: Vec<Type> = (0..=below(3)).map(|_| kinds[below(3)].clone()).collect();
        let row = |below: &mut dyn FnMut(usize) -> usize| -> Vec<Pattern> {
            types.iter().map(|ty| patterns(ty)[below(patterns(ty).len())].clone()).collect()
        };
        let rows: Vec<Vec<Pattern>> = (0..below(7)).map(|_| row(&mut below)).collect();
        let mut subjects: Vec<Vec<Value>> = vec![Vec::new()];
        for ty in &types {
            let longer = |subject: Vec<Value>| values(ty).into_iter().map(move |value| [subject.clone(), vec![value]].concat());
            subjects = subjects.into_iter().flat_map(longer).collect();
        }
        let mut useful = vec![false; rows.len()];
        let mut missing = 0;
        for subject in &subjects {
            match rows.iter().position(|row| row.iter().zip(subject).all(|(pattern, value)| takes(pattern, value))) {
                Some(first) => useful[first] = true,
                None => missing += 1,
            }
        }
        let unreachable: Vec<usize> = (0..rows.len()).filter(|row| !useful[*row]).collect();
        let found = examine(&typed, &types, &rows.iter().map(Vec::as_slice).collect::<Vec<_>>()).unwrap();
        assert_eq!(found.unreachable, unreachable, "{types:?} {rows:?}");
        assert_eq!(found.missing.is_empty(), missing == 0, "{types:?} {rows:?}: {:?}", found.missing);
        complete += usize::from(missing == 0);
        with_unreachable += usize::from(!unreachable.is_empty());
    }
    // Both outcomes of both questions are met often.
    assert!((1_000..19_000).contains(&complete) && (1_000..19_000).contains(&with_unreachable), "{complete} {with_unreachable}");
}

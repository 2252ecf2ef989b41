//! Random policies of every construct, written from the types: what the differential suite tells its stories over.
//!
//! `world` declares enums, sources, tools and verbs; `term` and `condition` write expressions of a wanted type; `rule` writes jobs and
//! their members. All text is the language's own, so the parser, the checker and the formatter are tried with it too. Each policy compiles
//! but for a few; [`policy`] is total over seeds.

mod condition;
mod job;
mod kind;
mod rule;
mod term;
mod world;

use crate::chance::Chance;
use agentc_runtime::library::Library;
use kind::Kind;
use term::Author;
use world::{Function, World};

/// The text of the policy of that seed.
#[must_use]
pub fn policy(seed: u64, library: &Library) -> String {
    let mut chance = Chance::new(seed);
    let mut world = World::new(&mut chance);
    let mut items = vec![format!("policy random.p{seed} {{\n  version \"1.0.0\"\n  owner \"desk@acme.example\"\n}}")];
    items.extend(world.items());
    for number in 0..chance.below(3) {
        let params: Vec<Kind> = (0..1 + chance.below(2)).map(|_| world.scalar(&mut chance)).collect();
        let result = if chance.percent(60) { Kind::Bool } else { world.scalar(&mut chance) };
        let (text, function) = function(&world, library, &mut chance, number, params, result);
        items.push(text);
        world.functions.push(function);
    }
    let mut author = Author { world: &world, library, chance, names: 0 };
    items.extend(author.jobs());
    items.join("\n") + "\n"
}

fn function(
    world: &World,
    library: &Library,
    chance: &mut Chance,
    number: usize,
    params: Vec<Kind>,
    result: Kind,
) -> (String, Function) {
    let mut author = Author { world, library, chance: chance.clone(), names: 100 * (number + 1) };
    let mut scope = Vec::new();
    let names: Vec<String> = (0..params.len()).map(|at| format!("p{at}")).collect();
    for (name, kind) in names.iter().zip(&params) {
        author.given_kind(&mut scope, name, kind, false, 1);
    }
    let body = author.term(&scope, &result, 2).unwrap_or_else(|| "true".to_owned());
    let declared: Vec<String> = names.iter().zip(&params).map(|(name, kind)| format!("{name}: {}", world.ty(kind))).collect();
    let name = format!("fun_{number}");
    let text = format!("fn {name}({}) -> {} = {body}", declared.join(", "), world.ty(&result));
    *chance = author.chance;
    (text, Function { name, params, result })
}

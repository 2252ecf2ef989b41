//! Calls of library functions: argument types against shapes.

use super::typing;
use crate::library::{Function, Shape};
use crate::program::{Program, TypeId, TypeShape};
use crate::types::Currency;

/// What the variables of a function's shapes stand for in one call.
#[derive(Default)]
struct Bound {
    any: Option<TypeId>,
    money: Option<Currency>,
}

/// Whether arguments of these types and a result of that type fit the function.
pub(super) fn fits(program: &Program, function: &Function, args: &[TypeId], result: TypeId) -> bool {
    let mut bound = Bound::default();
    args.len() == function.params.len()
        && function.params.iter().zip(args).all(|(param, arg)| matches(program, &param.shape, *arg, &mut bound))
        && matches(program, &function.result, result, &mut bound)
}

fn matches(program: &Program, shape: &Shape, ty: TypeId, bound: &mut Bound) -> bool {
    if let Shape::Any | Shape::Comparable = shape {
        return match bound.any {
            Some(before) => typing::same(program, before, ty),
            None => {
                bound.any = Some(ty);
                true
            }
        };
    }
    if let Shape::Optional(inner) = shape {
        return matches(program, inner, typing::bare(program, ty), bound);
    }
    let Some(have) = typing::shape(program, ty) else { return false };
    match (shape, have) {
        (Shape::Money, TypeShape::Money(currency)) => match bound.money {
            Some(before) => before == *currency,
            None => {
                bound.money = Some(*currency);
                true
            }
        },
        (Shape::List(inner), TypeShape::List(part)) | (Shape::Set(inner), TypeShape::Set(part)) => {
            matches(program, inner, *part, bound)
        }
        (Shape::Map(inner), TypeShape::Map(_, part)) => matches(program, inner, *part, bound),
        (Shape::Bool, TypeShape::Bool)
        | (Shape::Int, TypeShape::Int)
        | (Shape::Decimal, TypeShape::Decimal)
        | (Shape::Text, TypeShape::Text)
        | (Shape::Time, TypeShape::Time)
        | (Shape::Date, TypeShape::Date)
        | (Shape::TimeOfDay, TypeShape::TimeOfDay)
        | (Shape::Duration, TypeShape::Duration)
        | (Shape::Weekday, TypeShape::Weekday)
        | (Shape::Email, TypeShape::Email)
        | (Shape::Url, TypeShape::Url)
        | (Shape::Path, TypeShape::Path) => true,
        _ => false,
    }
}

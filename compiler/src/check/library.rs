//! Calls of library functions: shapes against types.

use super::compare::is_equatable;
use super::literal::optional;
use super::provenance::joined;
use super::{Checked, Checker};
use crate::diagnostic::codes::{ArgumentShape, NotConstant, TypeUnclear, Unclear};
use crate::typed::{self, ExprKind, LibraryFunction, Type};
use agentc_grammar::ast;
use agentc_grammar::span::Span;
use agentc_runtime::library::{Constant, Param, Shape};
use agentc_runtime::types::Currency;
use agentc_runtime::value::Value;

/// What a call's variables stand for.
#[derive(Debug, Default, Clone)]
struct Variables {
    any: Option<Type>,
    money: Option<Currency>,
}

impl Checker<'_, '_> {
    /// A call with arguments as written. Those whose type stands in themselves say what the function's variables are for the others.
    pub(super) fn call_library(&mut self, function: LibraryFunction, args: &[ast::Expr], span: Span) -> Checked<typed::Expr> {
        let params = function.0.params;
        if args.len() != params.len() {
            let names: Vec<&str> = params.iter().map(|param| param.name).collect();
            return Err(self.argument_count(function.0.name, &names, args.len(), span));
        }
        let mut variables = Variables::default();
        let mut found: Vec<(usize, Checked<typed::Expr>)> = Vec::with_capacity(args.len());
        for following in [false, true] {
            for (at, (arg, param)) in args.iter().zip(params).enumerate() {
                if self.follows(arg) == following {
                    let arg = self.argument(arg, param, function, &mut variables);
                    found.push((at, arg));
                }
            }
        }
        found.sort_by_key(|(at, _)| *at);
        let args = found.into_iter().map(|(_, arg)| arg).collect::<Checked<Vec<_>>>()?;
        self.result(function, args, &variables, span)
    }

    /// A call whose arguments are checked already.
    pub(super) fn apply(&mut self, function: LibraryFunction, args: Vec<typed::Expr>, span: Span) -> Checked<typed::Expr> {
        let mut variables = Variables::default();
        let args = args
            .into_iter()
            .zip(function.0.params)
            .map(|(arg, param)| self.fit(arg, param, function, &mut variables))
            .collect::<Checked<Vec<_>>>()?;
        self.result(function, args, &variables, span)
    }

    fn argument(
        &mut self,
        arg: &ast::Expr,
        param: &'static Param,
        function: LibraryFunction,
        variables: &mut Variables,
    ) -> Checked<typed::Expr> {
        let hint = instance(param.shape, variables);
        let arg = self.infer(arg, hint.as_ref())?;
        self.fit(arg, param, function, variables)
    }

    /// The argument as its parameter wants it.
    fn fit(
        &mut self,
        arg: typed::Expr,
        param: &'static Param,
        function: LibraryFunction,
        variables: &mut Variables,
    ) -> Checked<typed::Expr> {
        self.must_be_constant(&arg, param, function)?;
        let arg = written_set(arg, param.shape);
        let mut bound = variables.clone();
        let wanted = match (param.shape, &arg.ty) {
            // The one conversion that a shape documents.
            (Shape::Decimal, Type::Int) => Some(Type::Decimal),
            (shape, ty) => unify(shape, ty, &mut bound),
        };
        match wanted {
            Some(wanted) => {
                *variables = bound;
                self.coerce(arg, &wanted)
            }
            None => match instance(param.shape, variables) {
                Some(wanted) => self.coerce(arg, &wanted),
                None if matches!(arg.ty, Type::Optional(_)) => self.needs_value(arg),
                None => {
                    let (found, loc) = (arg.ty, arg.loc);
                    Err(self.report(ArgumentShape {
                        function: function.0.name,
                        param: param.name,
                        shape: param.shape,
                        found,
                        loc,
                    }))
                }
            },
        }
    }

    fn must_be_constant(&mut self, arg: &typed::Expr, param: &'static Param, function: LibraryFunction) -> Checked<()> {
        let fits = match (param.constant, &arg.kind) {
            (Constant::No, _) => true,
            (Constant::Yes, ExprKind::Const(_)) => true,
            (Constant::OneOf(words), ExprKind::Const(Value::Text(text))) => words.contains(&&**text),
            _ => false,
        };
        if fits {
            return Ok(());
        }
        let loc = arg.loc;
        Err(self.report(NotConstant { function: function.0.name, param: param.name, constant: param.constant, loc }))
    }

    fn result(
        &mut self,
        function: LibraryFunction,
        args: Vec<typed::Expr>,
        variables: &Variables,
        span: Span,
    ) -> Checked<typed::Expr> {
        let Some(ty) = instance(function.0.result, variables) else {
            let loc = self.loc(span);
            return Err(self.report(TypeUnclear { what: Unclear::Result, loc }));
        };
        let provenance = joined(&args);
        Ok(self.node(ExprKind::Call(function, args), ty, provenance, span))
    }
}

/// Members in brackets are a set where a set is wanted: `set.contains_all(ticket.tags, ["vip"])`.
fn written_set(mut arg: typed::Expr, shape: Shape) -> typed::Expr {
    if let (Shape::Set(_), ExprKind::List(_), Type::List(item)) = (shape, &arg.kind, &arg.ty) {
        arg.ty = Type::Set(item.clone());
    }
    arg
}

/// The type of a shape, once its variables are known.
fn instance(shape: Shape, variables: &Variables) -> Option<Type> {
    Some(match shape {
        Shape::Bool => Type::Bool,
        Shape::Int => Type::Int,
        Shape::Decimal => Type::Decimal,
        Shape::Text => Type::Text,
        Shape::Money => Type::Money(variables.money?),
        Shape::Time => Type::Time,
        Shape::Date => Type::Date,
        Shape::TimeOfDay => Type::TimeOfDay,
        Shape::Duration => Type::Duration,
        Shape::Weekday => Type::Weekday,
        Shape::Email => Type::Email,
        Shape::Url => Type::Url,
        Shape::Path => Type::Path,
        Shape::Any | Shape::Comparable => variables.any.clone()?,
        Shape::List(item) => Type::List(Box::new(instance(*item, variables)?)),
        Shape::Set(item) => Type::Set(Box::new(instance(*item, variables)?)),
        Shape::Map(value) => Type::Map(Box::new(Type::Text), Box::new(instance(*value, variables)?)),
        Shape::Optional(inner) => optional(instance(*inner, variables)?),
    })
}

/// The type that a shape asks for, where the type of an argument says what its variables are; `None` where the two do not fit, or
/// fit only by a conversion.
fn unify(shape: Shape, ty: &Type, variables: &mut Variables) -> Option<Type> {
    match (shape, ty) {
        (Shape::Any, Type::Optional(_)) => None,
        (Shape::Comparable, ty) if !is_equatable(ty) => None,
        (Shape::Any | Shape::Comparable, ty) => match &variables.any {
            None => {
                variables.any = Some(ty.clone());
                Some(ty.clone())
            }
            Some(known) => (known == ty).then(|| ty.clone()),
        },
        (Shape::Money, Type::Money(currency)) => match variables.money {
            None => {
                variables.money = Some(*currency);
                Some(ty.clone())
            }
            Some(known) => (known == *currency).then(|| ty.clone()),
        },
        (Shape::List(shape), Type::List(item)) => Some(Type::List(Box::new(unify(*shape, item, variables)?))),
        (Shape::Set(shape), Type::Set(item)) => Some(Type::Set(Box::new(unify(*shape, item, variables)?))),
        (Shape::Map(shape), Type::Map(key, value)) if **key == Type::Text => {
            Some(Type::Map(key.clone(), Box::new(unify(*shape, value, variables)?)))
        }
        (Shape::Optional(shape), Type::Optional(inner)) => Some(optional(unify(*shape, inner, variables)?)),
        (Shape::Optional(shape), ty) => Some(optional(unify(*shape, ty, variables)?)),
        (shape, ty) => instance(shape, variables).filter(|wanted| wanted == ty),
    }
}

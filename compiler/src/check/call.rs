//! Calls: functions of the file, and how their bodies are checked.

use super::provenance::joined;
use super::scope::{Binding, Place, Reach};
use super::{Checked, Checker, MAX_LEVELS, Reported, Scope};
use crate::diagnostic::codes::{ArgumentCount, Circular, NameKind, NonValue, NotAValue, Thing, UnknownName};
use crate::diagnostic::suggest;
use crate::typed::{self, ExprKind, FnId, LibraryFunction, Provenance};
use agentc_grammar::ast;
use agentc_grammar::span::Span;

/// The body of a function.
#[derive(Debug)]
pub(super) enum Body {
    /// Nobody has asked yet.
    Unchecked,
    /// It is being checked: who asks now asks for itself.
    InProgress,
    /// Checked, and how many levels it has.
    Done(Checked<Box<typed::Expr>>, u32),
}

impl Checker<'_, '_> {
    /// `name(args)`
    pub(super) fn call(&mut self, path: &ast::Path, args: &[ast::Expr], span: Span) -> Checked<typed::Expr> {
        if self.here.scope.place == Place::Constant {
            return Err(self.not_here(Thing::Call, span));
        }
        let name = path.parts.iter().map(|part| part.node.as_str()).collect::<Vec<_>>().join(".");
        if let [_] = path.parts.as_slice() {
            if let Some(id) = self.hir.names.fns.get(&name).copied() {
                return self.call_fn(id, args, span);
            }
            if name == "at" {
                return self.at(args, span);
            }
        } else if let Some(function) = self.hir.library.function(&name) {
            return self.call_library(LibraryFunction(function), args, span);
        }
        for arg in args {
            // What stands inside is checked all the same, where it needs no type from the function.
            if !self.follows(arg) {
                let _ = self.infer(arg, None);
            }
        }
        Err(self.unknown_function(&name, path))
    }

    fn unknown_function(&mut self, name: &str, path: &ast::Path) -> Reported {
        let loc = self.loc(path.span);
        if let [tool, verb] = path.parts.as_slice()
            && let Some(tool) = self.hir.names.tools.get(&tool.node)
            && self.hir.names.verbs.contains_key(&(*tool, verb.node.clone()))
        {
            return self.report(NotAValue { what: NonValue::Verb(name.to_owned()), loc });
        }
        let functions = self.hir.library.functions.iter().map(|function| function.name);
        let suffix = format!(".{name}");
        let nearest = functions
            .clone()
            .find(|function| function.ends_with(&suffix))
            .or_else(|| suggest::nearest(name, self.hir.names.fns.keys().map(String::as_str).chain(functions)))
            .map(str::to_owned);
        self.report(UnknownName { kind: NameKind::Function, name: name.to_owned(), loc, nearest, module: None })
    }

    /// A call of a function of the file.
    fn call_fn(&mut self, id: FnId, args: &[ast::Expr], span: Span) -> Checked<typed::Expr> {
        let Some(decl) = self.hir.typed.fns.get(id.index()) else { return Err(Reported(())) };
        if args.len() != decl.params.len() {
            let params: Vec<&str> = decl.params.iter().map(|(_, name, _)| name.as_str()).collect();
            return Err(self.argument_count(&decl.name, &params, args.len(), span));
        }
        let args: Vec<_> = args.iter().zip(&decl.params).map(|(arg, (.., ty))| self.expect(arg, ty)).collect();
        let body = self.body(id, span);
        let args = args.into_iter().collect::<Checked<Vec<_>>>()?;
        let provenance = body? | joined(&args);
        // Until it is checked, a constant of the declared type stands for the body.
        Ok(self.node(ExprKind::CallFn(id, args), decl.body.ty.clone(), provenance, span))
    }

    /// Where the values of a function's body come from, its arguments left out.
    fn body(&mut self, id: FnId, span: Span) -> Checked<Provenance> {
        let (provenance, levels) = match self.fns.get(id.index()) {
            Some(Body::Done(body, levels)) => (body.as_ref().map(|body| body.provenance).map_err(|reported| *reported), *levels),
            Some(Body::InProgress) => {
                let name = self.hir.typed.fns.get(id.index()).map_or_else(String::new, |decl| decl.name.clone());
                let loc = self.loc(span);
                return Err(self.report(Circular { what: "function", name, loc }));
            }
            _ => return self.check_body(id),
        };
        let deepest = self.level.saturating_add(levels);
        if deepest > MAX_LEVELS {
            return Err(self.too_deep(span));
        }
        self.deepest = self.deepest.max(deepest);
        provenance
    }

    fn check_body(&mut self, id: FnId) -> Checked<Provenance> {
        let (decl, syntax) = match (self.hir.typed.fns.get(id.index()), self.hir.syntax.fns.get(id.index())) {
            (Some(decl), Some(syntax)) => (decl, *syntax),
            _ => return Err(Reported(())),
        };
        if let Some(body) = self.fns.get_mut(id.index()) {
            *body = Body::InProgress;
        }
        let (file, syntax) = syntax;
        let scope = Scope { reach: Reach::Nothing, ..Scope::of(file, Place::Function) };
        let locals = decl.params.iter().map(|(local, name, ty)| Binding {
            name: name.clone(),
            local: *local,
            ty: Some(ty.clone()),
            provenance: Provenance::empty(),
        });
        let locals: Vec<Binding> = locals.collect();
        let outer = std::mem::replace(&mut self.deepest, self.level);
        let body = self.within(&scope, |checker| checker.binding(locals, |checker| checker.expect(&syntax.body, &decl.body.ty)));
        let levels = self.deepest.saturating_sub(self.level);
        self.deepest = self.deepest.max(outer);
        let provenance = body.as_ref().map(|body| body.provenance).map_err(|reported| *reported);
        if let Some(place) = self.fns.get_mut(id.index()) {
            *place = Body::Done(body.map(Box::new), levels);
        }
        provenance
    }

    /// The bodies of all functions; those that nothing called are checked now.
    pub(super) fn bodies(&mut self) -> Vec<Option<typed::Expr>> {
        for (at, _) in (0u32..).zip(self.hir.syntax.fns.iter()) {
            if matches!(self.fns.get(FnId(at).index()), Some(Body::Unchecked)) {
                let _ = self.check_body(FnId(at));
            }
        }
        let body = |body| match body {
            Body::Done(Ok(body), _) => Some(*body),
            _ => None,
        };
        std::mem::take(&mut self.fns).into_iter().map(body).collect()
    }

    pub(super) fn argument_count(&mut self, function: &str, params: &[&str], found: usize, span: Span) -> Reported {
        let loc = self.loc(span);
        let params = params.iter().map(|name| (*name).to_owned()).collect();
        self.report(ArgumentCount { function: function.to_owned(), params, found, loc })
    }
}

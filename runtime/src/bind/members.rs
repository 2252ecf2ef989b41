//! Members of objects, by path.

use super::misfit::{Misfit, cut};
use crate::json::Json;
use crate::program::FieldShape;
use std::collections::BTreeMap;

/// The most names that a message lists.
const LISTED: usize = 8;

/// The member at a path: `Ok(None)` where it or one on the way is missing or null.
pub(super) fn at<'j>(json: &'j Json, path: &[String]) -> Result<Option<&'j Json>, Misfit> {
    let mut here = json;
    for (depth, name) in path.iter().enumerate() {
        if *here == Json::Null && depth > 0 {
            return Ok(None);
        }
        let Some(members) = here.as_object() else {
            let way = path.get(..depth).unwrap_or_default();
            return Err(Misfit::new(format!("must be an object, not {}", here.kind())).in_path(way));
        };
        match members.iter().find(|(member, _)| member == name) {
            Some((_, value)) => here = value,
            None => return Ok(None),
        }
    }
    Ok(Some(here).filter(|json| **json != Json::Null))
}

/// Every member that no field names.
pub(super) fn unknown(fields: &[&FieldShape], json: &Json) -> Vec<Misfit> {
    let paths: Vec<&[String]> = fields.iter().map(|field| field.path.as_slice()).collect();
    let mut found = Vec::new();
    search(&paths, json, &mut Vec::new(), &mut found);
    found
}

/// Every member that stands in one object more than once, at any depth: two readers could take it for two different things.
pub(super) fn doubled(json: &Json) -> Vec<Misfit> {
    match json {
        Json::Object(members) => {
            let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
            for (name, _) in members {
                let count = seen.entry(name).or_default();
                *count = count.saturating_add(1);
            }
            let doubles = seen.iter().filter(|(_, count)| **count > 1);
            let mut found: Vec<Misfit> =
                doubles.map(|(name, _)| Misfit::new("stands there more than once").in_member(name)).collect();
            for (name, value) in members {
                found.extend(doubled(value).into_iter().map(|misfit| misfit.in_member(name)));
            }
            found
        }
        Json::List(members) => {
            let within = (0usize..).zip(members);
            within.flat_map(|(at, member)| doubled(member).into_iter().map(move |misfit| misfit.in_element(at))).collect()
        }
        _ => Vec::new(),
    }
}

fn search(paths: &[&[String]], json: &Json, way: &mut Vec<String>, found: &mut Vec<Misfit>) {
    for (name, value) in json.as_object().unwrap_or_default() {
        let within: Vec<&[String]> = paths
            .iter()
            .filter_map(|path| path.split_first())
            .filter(|(first, _)| *first == name)
            .map(|(_, rest)| rest)
            .collect();
        if within.is_empty() {
            found.push(Misfit::new(format!("is not expected here{}", expected(paths))).in_member(name).in_path(way));
        } else if within.iter().all(|rest| !rest.is_empty()) {
            way.push(name.clone());
            search(&within, value, way, found);
            way.pop();
        }
    }
}

fn expected(paths: &[&[String]]) -> String {
    let mut names: Vec<String> = Vec::new();
    for name in paths.iter().filter_map(|path| path.first()) {
        let name = format!("`{}`", cut(name));
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() {
        return "; nothing is".to_owned();
    }
    let more = if names.len() > LISTED { " and others" } else { "" };
    names.truncate(LISTED);
    format!("; expected {}{more}", names.join(", "))
}

//! The job and the verb that a command line names.

use crate::failure::Failure;
use agentc_compiler::typed::{JobId, Typed, VerbId};

/// The job of that name; the only one where none is named.
///
/// # Errors
/// A [`Failure`] that lists the jobs, where there is no such job, or several and none is named.
pub fn job(typed: &Typed, name: Option<&str>) -> Result<JobId, Failure> {
    let jobs: Vec<&str> = typed.jobs.iter().map(|job| job.name.as_str()).collect();
    let at = match name {
        Some(name) => match jobs.iter().position(|job| *job == name) {
            Some(at) => at,
            None => return Err(no_job(name, &jobs)),
        },
        None if jobs.len() == 1 => 0,
        None if jobs.is_empty() => return Err(Failure::said("the policy has no job")),
        None => return Err(Failure::with_help("the policy has several jobs", format!("name one of them: {}", jobs.join(", ")))),
    };
    Ok(JobId(u32::try_from(at).unwrap_or(u32::MAX)))
}

/// That a policy with these jobs has none of that name.
#[must_use]
pub fn no_job(name: &str, jobs: &[&str]) -> Failure {
    Failure::with_help(format!("the policy has no job `{name}`"), format!("its jobs are: {}", jobs.join(", ")))
}

/// The verb of that name, with or without its tool: `shop.refund` or `refund`.
///
/// # Errors
/// A [`Failure`] that lists the verbs, where there is no such verb, or several tools have one.
pub fn verb(typed: &Typed, name: &str) -> Result<VerbId, Failure> {
    let full = |verb: &agentc_compiler::typed::Verb| {
        let tool = typed.tools.get(verb.tool.index()).map_or("", |tool| tool.name.as_str());
        format!("{tool}.{}", verb.name)
    };
    let fits = |verb: &agentc_compiler::typed::Verb| verb.name == name || full(verb) == name;
    let found: Vec<u32> = (0..).zip(&typed.verbs).filter(|(_, verb)| fits(verb)).map(|(at, _)| at).collect();
    let names: Vec<String> = typed.verbs.iter().map(full).collect();
    match found.as_slice() {
        [at] => Ok(VerbId(*at)),
        [] => Err(Failure::with_help(format!("the policy has no verb `{name}`"), format!("its verbs are: {}", names.join(", ")))),
        _ => Err(Failure::with_help(format!("several tools have a verb `{name}`"), "name it with its tool, as in `shop.refund`")),
    }
}

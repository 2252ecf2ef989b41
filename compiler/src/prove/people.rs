//! People who approve: one for each place of a request, with no more roles than it takes.

use agentc_runtime::answer::{Request, Who};
use agentc_runtime::event::Person;

/// Those who are asked, as few as are needed.
pub(super) fn approvers(request: &Request) -> Vec<Person> {
    let mut people: Vec<Person> = Vec::new();
    let mut number: u32 = 0;
    for group in &request.approvers {
        match &group.who {
            Who::User(id) | Who::Identity(id) => people.push(Person { id: id.clone(), roles: Vec::new() }),
            Who::Role(role) => {
                for _ in 0..group.quorum.min(64) {
                    number = number.saturating_add(1);
                    people.push(Person { id: format!("{role}-{number}"), roles: vec![role.clone()] });
                }
            }
        }
    }
    people
}

//! Repositories of organisations, with permissions of users and teams.

use super::links::{Links, linked, one_of};
use super::{App, Directory, entity, named, policy, uid};
use fastrand::Rng;
use serde_json::{Value, json};

const REPOSITORY: [&str; 5] = ["readers", "triagers", "writers", "maintainers", "admins"];
const ORGANIZATION: [&str; 3] = ["readers", "writers", "admins"];

/// The workload with so many users, teams, repositories and organisations.
pub fn app(size: usize, chance: &mut Rng) -> App {
    let mut links = Links::default();
    for (kind, at) in ["organization", "team", "user"].into_iter().flat_map(|kind| (0..size).map(move |at| (kind, at))) {
        let name = named(kind, at);
        for other in 0..size {
            if kind != "organization" && linked(chance) {
                links.put(&name, &permission("repository", other, one_of(chance, &REPOSITORY)));
            }
            if kind != "team" && linked(chance) {
                links.put(&name, &permission("organization", other, one_of(chance, &ORGANIZATION)));
            }
            // Teams are in teams of smaller numbers only, so that none is in itself.
            if (kind == "user" || (kind == "team" && other < at)) && linked(chance) {
                links.put(&name, &named("team", other));
            }
            if kind == "user" && linked(chance) {
                links.put(&name, &named("organization", other));
            }
        }
    }
    let mut entities = Vec::new();
    let mut records = Vec::new();
    let mut users = Vec::new();
    let parents = |id: &str| links.parents(id).iter().map(|parent| uid(kind_of(parent), parent)).collect::<Vec<_>>();
    for at in 0..size {
        let (user, team, repository, organization) =
            (named("user", at), named("team", at), named("repository", at), named("organization", at));
        entities.push(entity("User", &user, json!({}), parents(&user)));
        entities.push(entity("Team", &team, json!({}), parents(&team)));
        users.push(json!({ "id": user, "roles": [], "permissions": links.closure(&user) }));
        let (attrs, value) = permissions("organization", at, "OrgPermission", &ORGANIZATION, &mut entities);
        entities.push(entity("Organization", &organization, attrs, parents(&organization)));
        records.push(json!({ "source": "forge", "record": "Organization", "key": organization, "value": value }));
        let (mut attrs, mut value) = permissions("repository", at, "RepoPermission", &REPOSITORY, &mut entities);
        let owner = named("organization", chance.usize(0..size));
        attrs["owner"] = json!({ "__entity": uid("Organization", &owner) });
        value["owner"] = json!(owner);
        entities.push(entity("Repository", &repository, attrs, Vec::new()));
        records.push(json!({ "source": "forge", "record": "Repository", "key": repository, "value": value }));
    }
    App {
        policy: policy("github", "permissions: Set<Text>", SOURCE, TOOL, RULES),
        cedar: CEDAR,
        schema: SCHEMA,
        entities,
        directory: Directory { users, records },
        verbs: &[
            ("read", Some("repository")),
            ("triage", Some("repository")),
            ("write", Some("repository")),
            ("maintain", Some("repository")),
            ("admin", Some("repository")),
        ],
        size,
    }
}

/// The permissions of an entity: as attributes of Cedar, whose entities they are, and as fields of a record.
fn permissions(kind: &str, at: usize, of: &str, words: &[&str], entities: &mut Vec<Value>) -> (Value, Value) {
    let mut attrs = json!({});
    let mut value = json!({ "id": named(kind, at) });
    for word in words {
        let id = permission(kind, at, word);
        attrs[*word] = json!({ "__entity": uid(of, &id) });
        value[*word] = json!(id);
        entities.push(entity(of, &id, json!({}), Vec::new()));
    }
    (attrs, value)
}

fn permission(kind: &str, at: usize, word: &str) -> String {
    format!("{word}_of_{}", named(kind, at))
}

fn kind_of(id: &str) -> &'static str {
    match id {
        id if id.contains("_of_repository") => "RepoPermission",
        id if id.contains("_of_organization") => "OrgPermission",
        id if id.starts_with("team") => "Team",
        _ => "Organization",
    }
}

const SOURCE: &str = r#"source forge "Forge" {
  record Repository by id { id: Text, owner: Key<Organization>, readers: Text, triagers: Text, writers: Text, maintainers: Text, admins: Text }
  record Organization by id { id: Text, readers: Text, writers: Text, admins: Text }
  fetch Repository by host
  fetch Organization by host
  fresh for 15m
}"#;

const TOOL: &str = r#"tool hub on mcp "hub" {
  read get(repository: Key<Repository>) -> Text as "read"
  write triage(repository: Key<Repository>) { changes nothing; irreversible }
  write put(repository: Key<Repository>) as "write" { changes nothing; irreversible }
  write maintain(repository: Key<Repository>) { changes nothing; irreversible }
  write admin(repository: Key<Repository>) { changes nothing; irreversible }
}"#;

const RULES: &str = r#"  allow read hub.get when repository.readers in user.permissions
  allow read hub.get when repository.triagers in user.permissions
  allow read hub.get when repository.writers in user.permissions
  allow read hub.get when repository.maintainers in user.permissions
  allow read hub.get when repository.admins in user.permissions
  allow read hub.get when repository.owner.readers in user.permissions
  allow read hub.get when repository.owner.writers in user.permissions
  allow read hub.get when repository.owner.admins in user.permissions
  allow write hub.triage when repository.triagers in user.permissions
  allow write hub.triage, hub.put when repository.writers in user.permissions
  allow write hub.triage, hub.put, hub.maintain when repository.maintainers in user.permissions
  allow write hub.triage, hub.put, hub.maintain, hub.admin when repository.admins in user.permissions
  allow write hub.triage, hub.put when repository.owner.writers in user.permissions
  allow write hub.triage, hub.put, hub.maintain, hub.admin when repository.owner.admins in user.permissions"#;

const CEDAR: &str = r#"permit(principal, action == Action::"read", resource) when { principal in resource.readers };
permit(principal, action in Action::"triage", resource) when { principal in resource.triagers };
permit(principal, action in Action::"write", resource) when { principal in resource.writers };
permit(principal, action in Action::"maintain", resource) when { principal in resource.maintainers };
permit(principal, action in Action::"admin", resource) when { principal in resource.admins };
permit(principal, action == Action::"read", resource) when { principal in resource.owner.readers };
permit(principal, action in Action::"write", resource) when { principal in resource.owner.writers };
permit(principal, action in Action::"admin", resource) when { principal in resource.owner.admins };
"#;

const SCHEMA: &str = r#"entity RepoPermission;
entity OrgPermission;
entity Organization in [OrgPermission] = { readers: OrgPermission, writers: OrgPermission, admins: OrgPermission };
entity Team in [Team, RepoPermission];
entity User in [Organization, Team, OrgPermission, RepoPermission];
entity Repository = {
  owner: Organization, readers: RepoPermission, triagers: RepoPermission, writers: RepoPermission, maintainers: RepoPermission, admins: RepoPermission
};
action read in [triage] appliesTo { principal: User, resource: Repository };
action triage in [write] appliesTo { principal: User, resource: Repository };
action write in [maintain] appliesTo { principal: User, resource: Repository };
action maintain in [admin] appliesTo { principal: User, resource: Repository };
action admin appliesTo { principal: User, resource: Repository };
"#;

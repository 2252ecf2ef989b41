//! Lists of tasks, each with an owner, a team of readers and a team of editors. The tasks themselves, which no rule reads, are left out.

use super::links::{Links, linked};
use super::{App, Directory, entity, named, policy, uid};
use fastrand::Rng;
use serde_json::json;

/// The workload with so many users, teams and lists.
pub fn app(size: usize, chance: &mut Rng) -> App {
    let mut links = Links::default();
    for (kind, at) in ["user", "team"].into_iter().flat_map(|kind| (0..size).map(move |at| (kind, at))) {
        // Teams are in user.teams of smaller numbers only, so that none is in itself.
        for team in (0..if kind == "team" { at } else { size }).filter(|_| linked(chance)) {
            links.put(&named(kind, at), &named("team", team));
        }
    }
    let application = || uid("Application", "TinyTodo");
    let mut entities = vec![entity("Application", "TinyTodo", json!({}), Vec::new())];
    let (mut users, mut records) = (Vec::new(), Vec::new());
    for at in 0..size {
        let (user, team, list) = (named("user", at), named("team", at), named("list", at));
        let parents =
            |id: &str| links.parents(id).iter().map(|parent| uid("Team", parent)).chain([application()]).collect::<Vec<_>>();
        entities.push(entity("User", &user, json!({}), parents(&user)));
        entities.push(entity("Team", &team, json!({}), parents(&team)));
        users.push(json!({ "id": user, "roles": [], "teams": links.closure(&user) }));
        let mut of = |kind: &str| named(kind, chance.usize(0..size));
        let (owner, readers, editors) = (of("user"), of("team"), of("team"));
        let reference = |kind: &str, id: &str| json!({ "__entity": uid(kind, id) });
        let attrs = json!({ "name": list, "owner": reference("User", &owner), "readers": reference("Team", &readers), "editors": reference("Team", &editors) });
        entities.push(entity("List", &list, attrs, vec![application()]));
        let value = json!({ "id": list, "name": list, "owner": owner, "readers": readers, "editors": editors });
        records.push(json!({ "source": "todo_records", "record": "TaskList", "key": list, "value": value }));
    }
    App {
        policy: policy("tinytodo", "teams: Set<Text>", SOURCE, TOOL, RULES),
        cedar: CEDAR,
        schema: SCHEMA,
        entities,
        directory: Directory { users, records },
        verbs: &[
            ("CreateList", None),
            ("GetLists", None),
            ("GetList", Some("list")),
            ("UpdateList", Some("list")),
            ("DeleteList", Some("list")),
            ("CreateTask", Some("list")),
            ("UpdateTask", Some("list")),
            ("DeleteTask", Some("list")),
            ("EditShares", Some("list")),
        ],
        size,
    }
}

const SOURCE: &str = r#"source todo_records "Lists" {
  record TaskList by id { id: Text, name: Text, owner: Text, readers: Text, editors: Text }
  fetch TaskList by host
  fresh for 15m
}"#;

const TOOL: &str = r#"tool todo on mcp "todo" {
  write create_list() as "CreateList" { changes nothing; irreversible }
  read get_lists() -> Text as "GetLists"
  read get_list(list: Key<TaskList>) -> Text as "GetList"
  write update_list(list: Key<TaskList>) as "UpdateList" { changes nothing; irreversible }
  write delete_list(list: Key<TaskList>) as "DeleteList" { changes nothing; irreversible }
  write create_task(list: Key<TaskList>) as "CreateTask" { changes nothing; irreversible }
  write update_task(list: Key<TaskList>) as "UpdateTask" { changes nothing; irreversible }
  write delete_task(list: Key<TaskList>) as "DeleteTask" { changes nothing; irreversible }
  write edit_shares(list: Key<TaskList>) as "EditShares" { changes nothing; irreversible }
}"#;

const RULES: &str = r#"  allow write todo.create_list
  allow read todo.get_lists
  allow read todo.get_list when list.owner == user.id
  allow write todo.update_list, todo.delete_list, todo.create_task, todo.update_task, todo.delete_task, todo.edit_shares when list.owner == user.id
  allow read todo.get_list when list.readers in user.teams or list.editors in user.teams
  allow write todo.update_list, todo.create_task, todo.update_task, todo.delete_task when list.editors in user.teams"#;

const CEDAR: &str = r#"permit(principal, action in [Action::"CreateList", Action::"GetLists"], resource == Application::"TinyTodo");
permit(principal, action, resource) when { resource has owner && resource.owner == principal };
permit(principal, action == Action::"GetList", resource) when { principal in resource.readers || principal in resource.editors };
permit(principal, action in [Action::"UpdateList", Action::"CreateTask", Action::"UpdateTask", Action::"DeleteTask"], resource)
when { principal in resource.editors };
"#;

const SCHEMA: &str = r#"entity Application;
entity Team in [Team, Application];
entity User in [Team, Application];
entity List in [Application] = { name: String, owner: User, readers: Team, editors: Team };
action CreateList, GetLists appliesTo { principal: User, resource: Application };
action GetList, UpdateList, DeleteList, CreateTask, UpdateTask, DeleteTask, EditShares appliesTo { principal: User, resource: List };
"#;

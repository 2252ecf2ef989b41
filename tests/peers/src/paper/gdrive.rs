//! Documents and folders, owned and shared.

use super::links::{Links, linked};
use super::{App, Directory, entity, named, policy, uid};
use fastrand::Rng;
use serde_json::{Value, json};

/// The workload with so many users, groups, documents and folders.
pub fn app(size: usize, chance: &mut Rng) -> App {
    let mut entities = Vec::new();
    // Views are who sees: a group's view is in the views of its members, a document in the views of those it is shown to.
    let mut views = Links::default();
    for group in 0..size {
        for user in (0..size).filter(|_| linked(chance)) {
            views.put(&view("group", group), &view("user", user));
        }
    }
    for (kind, at) in ["document", "folder"].into_iter().flat_map(|kind| (0..size).map(move |at| (kind, at))) {
        // Folders are in folders of smaller numbers only, so that none is in itself.
        let folders = if kind == "folder" { at } else { size };
        for folder in (0..folders).filter(|_| linked(chance)) {
            views.put(&named(kind, at), &named("folder", folder));
        }
        for (of, who) in
            ["user", "group"].into_iter().flat_map(|of| (0..size).map(move |who| (of, who))).filter(|_| linked(chance))
        {
            views.put(&named(kind, at), &view(of, who));
        }
    }
    let mut users = Vec::new();
    for user in 0..size {
        let owned = |kind: &'static str, chance: &mut Rng| {
            (0..size).filter(|_| linked(chance)).map(|at| named(kind, at)).collect::<Vec<_>>()
        };
        let (documents, folders) = (owned("document", chance), owned("folder", chance));
        let name = named("user", user);
        let references =
            |kind: &str, ids: &[String]| ids.iter().map(|id| json!({ "__entity": uid(kind, id) })).collect::<Vec<Value>>();
        let attrs = json!({
            "documentsAndFoldersWithViewAccess": { "__entity": uid("View", &view("user", user)) },
            "ownedDocuments": references("Document", &documents), "ownedFolders": references("Folder", &folders),
        });
        entities.push(entity("User", &name, attrs, Vec::new()));
        users.push(json!({
            "id": name, "roles": [], "view": view("user", user), "owned_documents": documents, "owned_folders": folders,
        }));
    }
    let parents = |id: &str| views.parents(id).iter().map(|parent| uid(kind_of(parent), parent)).collect::<Vec<_>>();
    for (of, who) in ["user", "group"].into_iter().flat_map(|of| (0..size).map(move |who| (of, who))) {
        let id = view(of, who);
        entities.push(entity("View", &id, json!({}), parents(&id)));
    }
    let mut records = Vec::new();
    for at in 0..size {
        let (document, folder) = (named("document", at), named("folder", at));
        let public = chance.bool();
        entities.push(entity("Document", &document, json!({ "isPublic": public }), parents(&document)));
        entities.push(entity("Folder", &folder, json!({}), parents(&folder)));
        let value = json!({ "id": document, "public": public, "within": views.closure(&document) });
        records.push(json!({ "source": "drive_records", "record": "Document", "key": document, "value": value }));
        records.push(json!({ "source": "drive_records", "record": "Folder", "key": folder, "value": { "id": folder } }));
    }
    App {
        policy: policy("gdrive", "view: Text, owned_documents: Set<Text>, owned_folders: Set<Text>", SOURCE, TOOL, RULES),
        cedar: CEDAR,
        schema: SCHEMA,
        entities,
        directory: Directory { users, records },
        verbs: &[
            ("read", Some("document")),
            ("write", Some("document")),
            ("share", Some("document")),
            ("changeOwner", Some("document")),
            ("createDocument", Some("folder")),
        ],
        size,
    }
}

fn view(kind: &str, at: usize) -> String {
    format!("view_of_{}", named(kind, at))
}

fn kind_of(id: &str) -> &'static str {
    if id.starts_with("view") { "View" } else { "Folder" }
}

const SOURCE: &str = r#"source drive_records "Drive" {
  record Document by id { id: Text, public: Bool, within: Set<Text> }
  record Folder by id { id: Text }
  fetch Document by host
  fetch Folder by host
  fresh for 15m
}"#;

const TOOL: &str = r#"tool drive on mcp "drive" {
  read get(document: Key<Document>) -> Text as "read"
  write put(document: Key<Document>) as "write" { changes nothing; irreversible }
  write share(document: Key<Document>) { changes nothing; irreversible }
  write change_owner(document: Key<Document>) as "changeOwner" { changes nothing; irreversible }
  write create(folder: Key<Folder>) as "createDocument" { changes nothing; irreversible }
}"#;

const RULES: &str = r#"  let owner = document.id in user.owned_documents or (any owned in user.owned_folders: owned in document.within)
  allow read drive.get when user.view in document.within
  allow read drive.get when document.public
  allow read drive.get when owner
  allow write drive.put, drive.share when owner
  allow write drive.change_owner when document.id in user.owned_documents
  allow write drive.create when folder.id in user.owned_folders"#;

const CEDAR: &str = r#"permit(principal, action == Action::"read", resource) when { resource in principal.documentsAndFoldersWithViewAccess };
permit(principal, action == Action::"read", resource) when { resource.isPublic };
permit(principal, action in [Action::"read", Action::"write", Action::"share"], resource)
when { resource in principal.ownedDocuments || resource in principal.ownedFolders };
permit(principal, action == Action::"changeOwner", resource) when { principal.ownedDocuments.contains(resource) };
permit(principal, action == Action::"createDocument", resource) when { principal.ownedFolders.contains(resource) };
"#;

const SCHEMA: &str = r#"entity View in [View];
entity User = { documentsAndFoldersWithViewAccess: View, ownedDocuments: Set<Document>, ownedFolders: Set<Folder> };
entity Folder in [Folder, View];
entity Document in [Folder, View] = { isPublic: Bool };
action read, write, share, changeOwner appliesTo { principal: User, resource: Document };
action createDocument appliesTo { principal: User, resource: Folder };
"#;

use super::*;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};

static FOLDERS: AtomicU32 = AtomicU32::new(0);

/// A folder of its own for one test, removed when it ends.
struct Folder(PathBuf);

impl Folder {
    fn new(files: &[(&str, Value)]) -> Self {
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("agentc-records-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for (file, content) in files {
            fs::write(folder.join(file), content.to_string()).unwrap();
        }
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that stays behind harms nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn shop() -> Folder {
    Folder::new(&[
        (
            "records.json",
            json!({
                "records": {
                    "Order": "orders.json",
                    "Pull": { "file": "pulls.json", "at": "data.pulls", "key": ["repo.name", "number"] }
                },
                "run": { "job": "triage", "input": { "customer": "who.id" }, "user": { "id": "who.id" } },
                "after": {
                    "refund": [
                        { "set": "Order[args.order].status", "to": "result.status" },
                        { "subtract": "args.amount", "from": "Order[args.order].total" },
                        { "append": "result.id", "to": "Order[args.order].refunds" }
                    ],
                    "spend": [
                        { "each": "args.cards", "beyond": "Order[args.order].refunds",
                          "where": { "each.kind": "gift" }, "add": "each.amount", "to": "Order[args.order].total" }
                    ],
                    "close_main": [ { "set": "Order[\"A-1\"].status", "to": "args.status" } ],
                    "delete": [ { "remove": "Order[args.order]" } ]
                }
            }),
        ),
        ("orders.json", json!({ "A-1": { "total": 40.10, "status": "open", "refunds": [] } })),
        ("pulls.json", json!({ "data": { "pulls": [ { "repo": { "name": "core" }, "number": 7, "title": "x" } ] } })),
    ])
}

/// The same JSON as the runtime reads it.
fn exact(value: &Value) -> Json {
    Json::read(value.to_string().as_bytes()).unwrap()
}

fn order(records: &Records) -> Value {
    match records.get("Order", &Json::text("A-1")) {
        Found::Value(row) => serde_json::from_str(&row.to_string()).unwrap(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_record_is_found_by_name_and_key() {
    let folder = shop();
    let records = Records::open(&folder.0, None).unwrap();
    assert_eq!(order(&records)["total"], json!(40.10));
    assert_eq!(records.get("Order", &Json::text("A-2")), Found::Absent);
    assert_eq!(records.get("Invoice", &Json::text("A-1")), Found::Unavailable);
    assert!(
        matches!(records.get("Pull", &Json::List(vec![Json::text("core"), Json::int(7)])), Found::Value(row) if row.get("title") == Some(&Json::text("x")))
    );
}

#[test]
fn a_write_changes_the_world_of_its_run_only() {
    let folder = shop();
    let before = Records::open(&folder.0.join("records.json"), None).unwrap();
    let mut records = before.clone();
    let changed = records.apply(
        "shop.refund",
        &exact(&json!({ "order": "A-1", "amount": 0.1 })),
        &exact(&json!({ "id": "R-1", "status": "refunded" })),
    );
    assert_eq!(changed, Ok(vec![("Order".to_owned(), "A-1".to_owned())]));
    assert_eq!(order(&records), json!({ "total": 40, "status": "refunded", "refunds": ["R-1"] }));
    assert_eq!(order(&before)["status"], json!("open"));
}

#[test]
fn each_walks_the_items_past_another_list() {
    let folder = shop();
    let mut records = Records::open(&folder.0, None).unwrap();
    records
        .apply("refund", &exact(&json!({ "order": "A-1", "amount": 0 })), &exact(&json!({ "id": "R-1", "status": "open" })))
        .unwrap();
    let cards = json!([{ "kind": "gift", "amount": 100 }, { "kind": "gift", "amount": 1 }, { "kind": "credit", "amount": 7 }]);
    records.apply("spend", &exact(&json!({ "order": "A-1", "cards": cards })), &Json::Null).unwrap();
    assert_eq!(order(&records)["total"], json!(41.1));
}

#[test]
fn a_record_that_no_argument_names_is_changed_by_its_written_key() {
    let folder = shop();
    let mut records = Records::open(&folder.0, None).unwrap();
    records.apply("close_main", &exact(&json!({ "status": "closed" })), &Json::Null).unwrap();
    assert_eq!(order(&records)["status"], json!("closed"));
}

#[test]
fn a_removed_record_is_absent() {
    let folder = shop();
    let mut records = Records::open(&folder.0, None).unwrap();
    records.apply("delete", &exact(&json!({ "order": "A-1" })), &Json::Null).unwrap();
    assert_eq!(records.get("Order", &Json::text("A-1")), Found::Absent);
}

#[test]
fn an_effect_that_finds_nothing_says_where() {
    let folder = shop();
    let mut records = Records::open(&folder.0, None).unwrap();
    let error = records.apply("refund", &exact(&json!({ "order": "A-1" })), &exact(&json!({ "status": "open" }))).unwrap_err();
    assert_eq!(error.to_string(), "the effect on `args.amount` cannot be applied: there is nothing");
    let error = records.apply("refund", &exact(&json!({ "order": "A-9" })), &exact(&json!({ "status": "open" }))).unwrap_err();
    assert_eq!(error.to_string(), "the effect on `Order[args.order].status` cannot be applied: there is no such record");
}

#[test]
fn a_line_opens_a_run() {
    let folder = shop();
    let records = Records::open(&folder.0, None).unwrap();
    let opened = records.opening(&exact(&json!({ "who": { "id": "c-9" } })));
    assert_eq!(opened.job.as_deref(), Some("triage"));
    assert_eq!(opened.input, exact(&json!({ "customer": "c-9" })));
    assert_eq!(opened.user, exact(&json!({ "id": "c-9" })));
    assert_eq!(opened.environment, exact(&json!({})));
}

#[test]
fn files_that_are_not_what_they_must_be_are_named() {
    let missing = Folder::new(&[("records.json", json!({ "records": { "Order": "orders.json" } }))]);
    let error = Records::open(&missing.0, None).unwrap_err().to_string();
    assert!(error.contains("orders.json` cannot be read"), "{error}");

    let list = Folder::new(&[("records.json", json!({ "records": { "Order": "orders.json" } })), ("orders.json", json!([]))]);
    let error = Records::open(&list.0, None).unwrap_err().to_string();
    assert!(error.ends_with("orders.json`: it is no object; a list needs `key`, the members that make a row's key"), "{error}");

    let twice = Folder::new(&[
        ("records.json", json!({ "records": { "Order": { "file": "orders.json", "key": ["id"] } } })),
        ("orders.json", json!([{ "id": 1 }, { "id": 1 }])),
    ]);
    let error = Records::open(&twice.0, None).unwrap_err().to_string();
    assert!(error.ends_with("orders.json`: two rows have the key `1`"), "{error}");

    let unknown = Folder::new(&[("records.json", json!({ "record": {} }))]);
    let error = Records::open(&unknown.0, None).unwrap_err().to_string();
    assert!(error.contains("unknown field `record`"), "{error}");
}

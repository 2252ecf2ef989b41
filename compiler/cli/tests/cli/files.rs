//! Files that are no policies, and pipes that close.

use crate::support::{agentc_in, file, folder, repository};
use std::fs;
use std::io::Read as _;
use std::process::{Command, Stdio};

#[test]
fn files_that_cannot_be_read_are_named() {
    let folder = folder("files_unreadable");
    file(&folder, "latin1.agentpolicy", b"policy a { version \"1\" }\n// \xff");
    file(&folder, "utf16.agentpolicy", b"\xff\xfep\0o\0l\0i\0c\0y\0");
    fs::create_dir(folder.join("folder.agentpolicy")).expect("the folder can be made");
    let cases = [
        ("latin1.agentpolicy", "`latin1.agentpolicy` is no UTF-8 text: byte 28 does not fit"),
        ("utf16.agentpolicy", "`utf16.agentpolicy` is no UTF-8 text: byte 0 does not fit"),
        ("folder.agentpolicy", "cannot read `folder.agentpolicy`"),
        ("missing.agentpolicy", "cannot read `missing.agentpolicy`"),
    ];
    for (name, said) in cases {
        for command in ["check", "build", "run", "test"] {
            // A folder given to `check` or `test` is looked through, and holds no policy.
            if name == "folder.agentpolicy" && ["check", "test"].contains(&command) {
                continue;
            }
            let job: &[&str] = if command == "run" { &["--job", "j"] } else { &[] };
            let ran = agentc_in(&folder, &[&[command, name], job].concat(), b"");
            assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{command} {name}");
            assert!(ran.err.contains(said), "{command} {name}: {}", ran.err);
        }
    }
}

#[test]
fn a_file_without_a_policy_says_how_to_begin_one() {
    let folder = folder("files_empty");
    for (name, text, said) in [
        ("empty.agentpolicy", &b""[..], "empty.agentpolicy:1:1: error[AP0112]: the file does not say which policy it is\n"),
        (
            "nul.agentpolicy",
            b"policy a { version \"1\" }\n\0",
            "nul.agentpolicy:2:1: error[AP0013]: a zero byte cannot stand in a policy\n",
        ),
    ] {
        file(&folder, name, text);
        let ran = agentc_in(&folder, &["check", name, "--format", "short"], b"");
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(1), said, ""));
    }
}

#[test]
fn byte_order_marks_and_other_line_ends_change_nothing() {
    let folder = folder("files_lines");
    let text = fs::read_to_string(repository().join("examples/refunds/refunds.agentpolicy")).expect("the example is there");
    file(&folder, "bom.agentpolicy", format!("\u{feff}{text}"));
    file(&folder, "crlf.agentpolicy", text.replace('\n', "\r\n"));
    for name in ["bom.agentpolicy", "crlf.agentpolicy"] {
        let ran = agentc_in(&folder, &["test", name], b"");
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
        assert!(ran.out.ends_with(" passed, 0 failed\n"), "{}", ran.out);
    }
}

#[test]
fn a_module_that_cannot_be_read_is_not_called_missing() {
    let folder = folder("files_modules");
    file(&folder, "a.agentpolicy", "policy a { version \"1\" }\nuse shared\nuse std.rsik\n");
    file(&folder, "shared.agentpolicy", b"// \xff");
    let ran = agentc_in(&folder, &["check", "a.agentpolicy", "--format", "short"], b"");
    let said = "a.agentpolicy:2:5: error[AP0110]: the module `shared` cannot be read: it is no UTF-8 text\n\
                a.agentpolicy:3:5: error[AP0110]: there is no module `std.rsik`\n";
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(1), said, ""));
}

#[test]
fn a_test_run_without_tests_is_no_success() {
    let folder = folder("files_no_tests");
    file(&folder, "p.agentpolicy", "policy acme.silent { version \"1\" }\n");
    let ran = agentc_in(&folder, &["test", "."], b"");
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("there is no test here"), "{}", ran.err);
}

/// As in `agentc … | head -1`: the reader takes what it wants and goes.
fn reads_a_little(arguments: &[&str]) -> (Option<i32>, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_agentc"))
        .args(arguments)
        .current_dir(repository())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut stdout = child.stdout.take().expect("it was piped");
    let mut little = [0u8; 16];
    stdout.read_exact(&mut little).expect("it says something");
    drop(stdout);
    let ended = child.wait_with_output().expect("the command ends");
    (ended.status.code(), String::from_utf8_lossy(&ended.stderr).into_owned())
}

#[test]
fn a_pipe_that_closes_ends_the_command_without_a_word() {
    // Each writes more than a pipe holds, so that it notices.
    for arguments in [
        &["dump", "--stage", "typed", "examples/refunds/refunds.agentpolicy"][..],
        &["dump", "--stage", "tokens", "examples/airline/airline.agentpolicy"],
    ] {
        assert_eq!(reads_a_little(arguments), (Some(2), String::new()), "{arguments:?}");
    }
}

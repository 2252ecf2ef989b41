//! A policy has one digest, wherever it is built.

use agentc_compiler::compile;
use agentc_compiler::source::NoFiles;
use agentc_compiler::typed::SourceFile;
use agentc_runtime::artifact::digest;

#[test]
fn the_folder_does_not_matter() {
    let of = |name: &str| {
        let root = SourceFile { name: name.into(), text: include_str!("../src/start.agentpolicy").into() };
        let program = compile(root, &NoFiles, &agentc_stdlib::library()).program.unwrap();
        assert_eq!(program.files, ["start.agentpolicy", "std.risk"]);
        digest(&program).unwrap()
    };
    assert_eq!(of("start.agentpolicy"), of("somewhere/else/start.agentpolicy"));
    assert_eq!(of("start.agentpolicy"), of("./start.agentpolicy"));
}

//! Normal forms hold for every text, not only for the ones somebody thought of.

use agentc_runtime::text::{email, host, path, url};
use proptest::prelude::*;

/// Texts made of the pieces that readers of addresses disagree on.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "https://",
            "http://",
            "HTTPS:",
            "//",
            "/",
            "\\",
            "@",
            ":",
            "::",
            "[",
            "]",
            ".",
            "..",
            "/../",
            "/./",
            "%",
            "%2e",
            "%2F",
            "%5c",
            "%00",
            "%41",
            "%zz",
            "?",
            "#",
            "&",
            "=",
            "+",
            " ",
            "\t",
            "\n",
            "\0",
            "a",
            "example",
            "com",
            "xn--",
            "xn--mller-kva",
            "ß",
            "ü",
            "u\u{308}",
            "а",
            "ｅ",
            "。",
            "．",
            "／",
            "∕",
            "‥",
            "\u{200b}",
            "\u{202e}",
            "\u{ad}",
            "127.0.0.1",
            "0x7f",
            "1",
            "443",
            "-",
            "_",
            "!",
            "\"",
            "<",
            ">",
            "{",
            "}",
            "|",
            "^",
            "`",
            "'",
            "~",
        ])
        .prop_map(str::to_owned),
        "[a-z0-9.@/:-]{1,6}",
        "\\PC{1,3}",
    ];
    prop::collection::vec(piece, 0..10).prop_map(|pieces| pieces.concat())
}

fn with_start(start: &'static str) -> impl Strategy<Value = String> {
    pieces().prop_map(move |rest| format!("{start}{rest}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn a_host_in_normal_form_is_its_own_and_ascii(text in pieces()) {
        if let Ok(normal) = host::normalise(&text) {
            prop_assert!(normal.is_ascii());
            prop_assert_eq!(host::normalise(&normal), Ok(normal));
        }
    }

    #[test]
    fn an_address_in_normal_form_is_its_own_and_keeps_its_parts(text in prop_oneof![pieces(), with_start("a@")]) {
        if let Ok(normal) = email::normalise(&text) {
            prop_assert!(normal.is_ascii());
            let (local, domain) = email::parts(&normal).unwrap();
            prop_assert!(text.starts_with(local) && !domain.contains('@'));
            prop_assert_eq!(email::normalise(&normal), Ok(normal));
        }
    }

    #[test]
    fn a_url_in_normal_form_is_its_own_and_says_which_host(text in prop_oneof![pieces(), with_start("https://a.com/"), with_start("http://")]) {
        if let Ok(normal) = url::normalise(&text) {
            prop_assert!(normal.is_ascii());
            let parts = url::parts(&normal).unwrap();
            prop_assert_eq!(host::normalise(parts.host), Ok(parts.host.to_owned()));
            prop_assert!(parts.path.starts_with('/') && !parts.path.contains("//") && !parts.path.split('/').any(|part| part == ".."));
            prop_assert!(path::normalise(parts.path).is_ok(), "{}", parts.path);
            prop_assert_eq!(url::normalise(&normal), Ok(normal));
        }
    }

    #[test]
    fn a_path_in_normal_form_is_its_own_and_has_plain_parts(text in prop_oneof![pieces(), with_start("/srv/")]) {
        if let Ok(normal) = path::normalise(&text) {
            prop_assert!(normal.starts_with('/') && (normal == "/" || !normal.ends_with('/')));
            prop_assert!(path::parts(&normal).all(|part| part != "." && part != ".."));
            prop_assert!(path::is_under(&normal, "/"));
            prop_assert_eq!(path::normalise(&normal), Ok(normal));
        }
    }
}

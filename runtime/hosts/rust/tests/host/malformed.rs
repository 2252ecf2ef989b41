//! Every call of `tests/conformance/malformed.txt`, past the crate: what is malformed is an error each, and the instance still decides.

#![expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

use crate::support;
use std::collections::BTreeMap;
use wasmtime::{Engine, Instance as Loaded, Memory, Module, Store, Val};

/// Arguments that stand for bytes: in the module's memory they are an address and a length.
const BYTES: [&str; 5] = ["text", "hex", "whole", "cut", "flip"];

/// One instance of the module as its ABI has it, and the handles and addresses that it gave.
struct Raw {
    store: Store<()>,
    loaded: Loaded,
    memory: Memory,
    artifact: Vec<u8>,
    named: BTreeMap<String, i64>,
    said: Vec<u8>,
}

/// The same 32 bits.
fn wrapped(number: i64) -> i32 {
    u32::try_from(number.rem_euclid(1 << 32)).unwrap().cast_signed()
}

impl Raw {
    fn new(engine: &Engine, module: &Module, artifact: &[u8]) -> Self {
        let mut store = Store::new(engine, ());
        let loaded = Loaded::new(&mut store, module, &[]).unwrap();
        let memory = loaded.get_memory(&mut store, "memory").unwrap();
        Self { store, loaded, memory, artifact: artifact.to_vec(), named: BTreeMap::new(), said: Vec::new() }
    }

    fn function(&mut self, name: &str, numbers: &[i64]) -> i32 {
        let function = self.loaded.get_func(&mut self.store, name).unwrap();
        let numbers: Vec<Val> = numbers.iter().map(|number| Val::I32(wrapped(*number))).collect();
        let mut results = [Val::I32(0)];
        function
            .call(&mut self.store, &numbers, &mut results)
            .unwrap_or_else(|trap| panic!("{name}{numbers:?} trapped: {trap:#}"));
        results[0].unwrap_i32()
    }

    fn address(&mut self, name: &str, numbers: &[i64]) -> usize {
        usize::try_from(self.function(name, numbers).cast_unsigned()).unwrap()
    }

    /// Makes the call `FUNCTION ARGUMENT…`, and takes its output.
    fn call(&mut self, line: &str) -> i32 {
        let words: Vec<&str> = line.split(' ').collect();
        let kind = words.iter().position(|word| BYTES.contains(word));
        let mut numbers: Vec<i64> = words[1..kind.unwrap_or(words.len())].iter().map(|word| self.number(word)).collect();
        let Some(kind) = kind else {
            let status = self.function(words[0], &numbers);
            self.said = self.output();
            return status;
        };
        let bytes = self.bytes(words[kind], &words[kind + 1..].join(" "));
        let length = i64::try_from(bytes.len()).unwrap();
        let address = self.address("agentc_alloc", &[length]);
        self.memory.write(&mut self.store, address, &bytes).unwrap();
        let address = i64::try_from(address).unwrap();
        numbers.extend([address, length]);
        let status = self.function(words[0], &numbers);
        self.said = self.output();
        assert_eq!(self.function("agentc_free", &[address]), 0);
        status
    }

    /// A number, or a name with a number added: `$buffer+1`.
    fn number(&self, word: &str) -> i64 {
        let Some(name) = word.strip_prefix('$') else { return word.parse().unwrap() };
        match name.find(['+', '-']).map(|sign| name.split_at(sign)) {
            Some((name, more)) => self.named[name] + more.parse::<i64>().unwrap(),
            None => self.named[name],
        }
    }

    fn bytes(&self, kind: &str, rest: &str) -> Vec<u8> {
        let share = |thousandths: &str| self.artifact.len() * thousandths.parse::<usize>().unwrap() / 1000;
        match kind {
            "text" => rest.as_bytes().to_vec(),
            "hex" => rest.as_bytes().chunks(2).map(|two| u8::from_str_radix(str::from_utf8(two).unwrap(), 16).unwrap()).collect(),
            "cut" => self.artifact[..share(rest)].to_vec(),
            "flip" => {
                let (place, bits) = rest.split_once(' ').unwrap();
                let mut changed = self.artifact.clone();
                changed[share(place)] ^= bits.parse::<u8>().unwrap();
                changed
            }
            _ => self.artifact.clone(),
        }
    }

    fn output(&mut self) -> Vec<u8> {
        let (start, length) = (self.address("agentc_output", &[]), self.address("agentc_output_len", &[]));
        self.memory.data(&self.store)[start..start + length].to_vec()
    }
}

#[test]
fn what_is_malformed_is_an_error_and_the_instance_still_decides() {
    let Some(module) = support::module() else { return };
    let engine = Engine::default();
    let module = Module::new(&engine, module).unwrap();
    let folder = support::root().join("tests/conformance");
    let list = std::fs::read_to_string(folder.join("malformed.txt")).unwrap();
    let (mut raw, mut artifact, mut probe, mut errors) = (None, Vec::new(), "", 0_usize);
    for (number, line) in (1..).zip(list.split('\n')).filter(|(_, line)| !line.is_empty()) {
        let (mark, rest) = line.split_at(2);
        let (first, call) = rest.split_once(' ').unwrap_or((rest, ""));
        let place = format!("line {number}: {}", line.chars().take(300).collect::<String>());
        match (mark, &mut raw) {
            ("% ", _) => artifact = std::fs::read(folder.join("policies").join(format!("{rest}.agentc"))).unwrap(),
            ("# ", raw) => *raw = Some(Raw::new(&engine, &module, &artifact)),
            ("~ ", _) => probe = rest,
            ("= ", Some(raw)) => {
                let given = raw.call(call);
                assert!(given > 0, "{place}: {given}, {}", String::from_utf8_lossy(&raw.said));
                raw.named.insert(first.to_owned(), i64::from(given));
            }
            ("! ", Some(raw)) => {
                let status = raw.call(call);
                assert_eq!(status.to_string(), first, "{place}: {}", String::from_utf8_lossy(&raw.said));
                if status < 0 {
                    errors += 1;
                    let said = raw.said.clone();
                    let words = str::from_utf8(&said).expect(&place);
                    assert!(!words.is_empty() && !words.contains("\"outcome\""), "{place}: {words}");
                    let (wanted, asked) = probe.split_once(' ').unwrap();
                    let still = raw.call(asked);
                    assert_eq!(still.to_string(), wanted, "after {place}: {}", String::from_utf8_lossy(&raw.said));
                    raw.said = said;
                }
            }
            ("< ", Some(raw)) => {
                let said = String::from_utf8_lossy(&raw.said);
                assert!(said.contains(rest), "{place}: {said}");
            }
            _ => panic!("{place}: this line stands for nothing"),
        }
    }
    println!("malformed: rust (wasmtime): {errors} calls, an error each, and every instance still decides");
    assert!(errors > 400, "there are only {errors} errors");
}

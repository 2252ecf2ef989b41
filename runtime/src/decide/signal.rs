//! Usage and signals.

use super::{Deciding, Reply};
use crate::bind;
use crate::event::{Signal, Usage};
use crate::value::Value;

impl Deciding<'_> {
    pub(super) fn usage(&mut self, usage: &Usage) -> Reply {
        let cost = self.run.cost.checked_add(usage.cost);
        let tokens = self.run.tokens.checked_add(usage.tokens);
        match (cost, tokens) {
            (Ok(cost), Some(tokens)) => {
                self.run.cost = cost;
                self.run.tokens = tokens;
                Reply::taken(format!("the run has used {cost} USD and {tokens} tokens"))
            }
            _ => Reply::refused("the sum of what was used does not fit"),
        }
    }

    pub(super) fn signal(&mut self, signal: &Signal) -> Reply {
        let mut taken: Vec<(u32, Option<Value>)> = Vec::new();
        let size = signal.signals.iter().map(|(_, json)| json.to_string().len()).max();
        self.run.largest = self.run.largest.max(size.unwrap_or(0));
        for (name, json) in &signal.signals {
            let Some((at, field)) = (0u32..).zip(&self.job.signals).find(|(_, field)| field.name == *name) else {
                let name: String = name.chars().take(100).collect();
                return Reply::refused(format!("the job declares no signal `{name}`"));
            };
            match bind::field(self.policy, field, json) {
                Ok(Value::None) => taken.push((at, None)),
                Ok(value) => taken.push((at, Some(value))),
                Err(misfits) => return Reply::refused(format!("the signal `{}` does not fit: {misfits}", field.name)),
            }
        }
        if let Some(confidence) = signal.confidence {
            self.run.confidence = Some(confidence);
        }
        for (at, value) in taken {
            match value {
                Some(value) => self.run.signals.insert_mut(at, value),
                None => {
                    self.run.signals.remove_mut(&at);
                }
            }
        }
        Reply::taken("the signal is taken")
    }
}

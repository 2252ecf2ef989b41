//! One run: makes the cases, starts the engines, measures, keeps the results.

use crate::agents::requests::World;
use crate::agents::{Policy, translate};
use crate::driver::Peer;
use crate::engines::agentc::Check;
use crate::history;
use crate::measure::{Budget, Shown, loads, measure};
use crate::paper::{APPS, App};
use crate::peers::{self, serving};
use crate::results::{Case, Results, mix};
use fastrand::Rng;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Policies and worlds are drawn from this.
const SEED: u64 = 2024;

/// Entities of a kind in the paper's workloads.
const HIERARCHIES: [usize; 5] = [5, 10, 20, 35, 50];

/// Rules about history.
const HISTORIES: [usize; 3] = [10, 100, 1_000];

/// What to measure, and how long.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Shorter rounds, fewer of them.
    pub quick: bool,
    /// Only these engines, where any are named; agentc always.
    pub engines: Vec<String>,
    /// Only these parts, where any are named.
    pub parts: Vec<Part>,
    /// The sizes of the agents' workload.
    pub sizes: Vec<usize>,
    /// Where cases are made.
    pub folder: PathBuf,
}

/// A part of the measurements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// The agents' policies.
    Agents,
    /// The Cedar paper's workloads.
    Paper,
    /// Rules about history.
    History,
    /// Checking and loading.
    Loading,
}

impl Part {
    /// Its name in the results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Agents => "agents",
            Self::Paper => "paper",
            Self::History => "history",
            Self::Loading => "loading",
        }
    }
}

impl Plan {
    fn budget(&self) -> Budget {
        if self.quick {
            Budget { rounds: 5, slice: Duration::from_millis(25), compare: Duration::from_millis(600), loads: 3 }
        } else {
            Budget { rounds: 9, slice: Duration::from_millis(150), compare: Duration::from_secs(5), loads: 5 }
        }
    }

    fn wants(&self, part: Part) -> bool {
        self.parts.is_empty() || self.parts.contains(&part)
    }

    fn peers(&self, names: &[&'static str]) -> Vec<Peer> {
        self.among(names.iter().map(|name| peers::peer(name)))
    }

    /// Those of these that are there and wanted.
    fn among(&self, engines: impl IntoIterator<Item = Option<Peer>>) -> Vec<Peer> {
        let wanted = |name: &str| name == "agentc" || self.engines.is_empty() || self.engines.iter().any(|engine| engine == name);
        engines.into_iter().flatten().filter(|peer| wanted(peer.name)).collect()
    }

    fn case(&self, name: &str) -> Result<PathBuf, String> {
        let folder = self.folder.join(name);
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(folder)
    }
}

/// Measures what the plan says, into the results of earlier runs, which are kept after each part.
///
/// # Errors
/// The first decision in which two engines differ; what went wrong with one.
pub fn run(plan: &Plan, results: &mut Results, keep: &impl Fn(&Results) -> Result<(), String>) -> Result<(), String> {
    let mut made = BTreeSet::new();
    results.titles = peers::titles();
    for part in [Part::History, Part::Paper, Part::Agents, Part::Loading].into_iter().filter(|part| plan.wants(*part)) {
        results.where_and_how.insert(part.name().to_owned(), where_and_how(plan));
        match part {
            Part::History => results.history = HISTORIES.iter().map(|rules| histories(plan, *rules)).collect::<Result<_, _>>()?,
            Part::Paper => results.paper = papers(plan)?,
            Part::Agents => {
                results.agents = plan.sizes.iter().map(|size| agents(plan, *size, &mut made)).collect::<Result<_, _>>()?
            }
            Part::Loading => {
                let times = if plan.quick { 5 } else { 15 };
                results.checking = loads(&agents_case(plan, 1_000, &mut made)?, &plan.peers(&["check", "cedar"]), times)?;
                results.loading =
                    loads(&agents_case(plan, 10_000, &mut made)?, &plan.peers(&["agentc", "cedar-parse", "cedar"]), times)?;
            }
        }
        keep(results)?;
    }
    Ok(())
}

fn papers(plan: &Plan) -> Result<Vec<Case>, String> {
    let cases = APPS.iter().flat_map(|(name, app)| HIERARCHIES.map(|size| (*name, *app, size)));
    cases.map(|(name, app, size)| paper(plan, name, app, size)).collect()
}

/// Makes a case of the agents' workload, once a run: every engine's files.
fn agents_case(plan: &Plan, size: usize, made: &mut BTreeSet<usize>) -> Result<PathBuf, String> {
    eprintln!("agents' policies, {size} rules");
    let folder = plan.case(&format!("agents-{size}"))?;
    if !made.insert(size) {
        return Ok(folder);
    }
    let policy = Policy::new(size, SEED);
    translate::write(&policy, &folder)?;
    World::new(&policy, 4096, SEED).write(&folder)?;
    Check::build(&folder)?;
    Ok(folder)
}

fn agents(plan: &Plan, size: usize, made: &mut BTreeSet<usize>) -> Result<Case, String> {
    let folder = agents_case(plan, size, made)?;
    let shown = measure(&folder, &plan.peers(&peers::AGENTS), &plan.peers(&["skip"]), plan.budget())?;
    case("agents", size, &folder, shown)
}

fn paper(plan: &Plan, name: &str, app: fn(usize, &mut Rng) -> App, size: usize) -> Result<Case, String> {
    let folder = plan.case(&format!("{name}-{size}"))?;
    let mut chance = Rng::with_seed(SEED);
    app(size, &mut chance).write(&mut chance, &folder)?;
    Check::build(&folder)?;
    eprintln!("{name}, {size} entities of a kind");
    let engines = [serving("agentc", "paper"), serving("cedar", "paper-cedar")];
    case(name, size, &folder, measure(&folder, &plan.among(engines), &[], plan.budget())?)
}

fn histories(plan: &Plan, rules: usize) -> Result<Case, String> {
    let folder = plan.case(&format!("history-{rules}"))?;
    history::write(rules, SEED, &folder)?;
    Check::build(&folder)?;
    eprintln!("rules about history, {rules} rules");
    let engines = [serving("agentc", "history"), peers::peer("dogwood")];
    case("rooms", rules, &folder, measure(&folder, &plan.among(engines), &[], plan.budget())?)
}

fn case(name: &str, size: usize, folder: &Path, shown: Shown) -> Result<Case, String> {
    let requests = fs::read_to_string(folder.join("requests.txt")).map_err(|error| error.to_string())?;
    let lines = requests.lines().filter_map(|line| line.split_once(' ')).map(|(_, line)| line.len());
    let (count, bytes) = lines.fold((0, 0), |(count, bytes), length| (count + 1, bytes + length));
    let mix = mix(&shown.decisions);
    for row in &shown.rows {
        if let Some(why) = &row.refused {
            eprintln!("  {:14} refuses the policy: {why}", row.engine);
            continue;
        }
        let mean =
            |times: &Option<crate::measure::Times>| times.as_ref().map_or_else(String::new, |it| format!("{:.0} ns", it.mean));
        eprintln!(
            "  {:14} from bytes {:>14} prepared {:>14} compared {}",
            row.engine,
            mean(&row.bytes),
            mean(&row.prepared),
            row.compared
        );
    }
    Ok(Case { name: name.to_owned(), size, requests: count, request_bytes: bytes / count.max(1), mix, rows: shown.rows })
}

fn where_and_how(plan: &Plan) -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("an unknown processor", |rest| rest.trim_start_matches([':', ' ', '\t']));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').nth(1).unwrap_or("?");
    let budget = plan.budget();
    format!(
        "Measured on {cores} cores of {model}, load of the machine {load} before the run; {} rounds of at most {} ms for each engine and form{}. \
         Means are over stretches of a millisecond, each by its best round; rounds of all engines are interleaved.",
        budget.rounds,
        budget.slice.as_millis(),
        if plan.quick { " (`--quick`)" } else { "" }
    )
}

/** JSON as a host has it. Numbers go through floating point; `RawJson` keeps a text as it is. */
export type Json = null | boolean | number | string | Json[] | { [member: string]: Json } | RawJson;

/** A call's arguments: an object, or its exact text. */
export type Args = { [parameter: string]: Json } | RawJson;

/** A time: RFC 3339. */
export type Time = string;

/** A person, as the host authenticated them. */
export interface Person {
  id: string;
  roles: string[];
}

/** An identity of the run, with the attributes that the policy declares. */
export interface Identity extends Person {
  [attribute: string]: Json;
}

/** What opens a run. */
export interface Opening {
  /** Unique among all runs that share a ledger. */
  run: string;
  job: string;
  input?: { [name: string]: Json };
  agent: Identity;
  user?: Identity;
  environment?: { [name: string]: Json };
  /** Now, where it is left out. */
  at?: Time;
}

interface At {
  /** Now, where it is left out. */
  at?: Time;
}

/** What a host tells a run. */
export type Event = At &
  (
    | ({ event: "open" } & Opening)
    | { event: "call"; id: string; verb: string; args: Args }
    | { event: "result"; id: string; value: Json }
    | { event: "result"; id: string; refused: string }
    | { event: "result"; id: string; unclear: true }
    | { event: "record"; source: string; record: string; key: Json; value: Json; read_at?: Time }
    | { event: "record"; source: string; record: string; key: Json; absent: true; read_at?: Time }
    | { event: "record"; source: string; record: string; key: Json; unavailable: true; read_at?: Time }
    | { event: "approval"; request: string; by: Person; approve: boolean }
    | { event: "usage"; cost?: number | string; tokens?: number }
    | { event: "signal"; confidence?: number; signals?: { [name: string]: Json } }
    | { event: "tick" }
    | { event: "pause" | "resume"; scope: "verb"; verb: string; by: Person }
    | { event: "pause" | "resume"; scope: "job" | "policy"; by: Person }
    | { event: "undo"; call?: string; by: Person }
    | { event: "end" }
  );

/** A rule that fired. */
export interface Rule {
  rule: string;
  effect: string;
  because?: string;
  file?: string;
  line?: number;
}

/** A value that decided. */
export interface Decided {
  label: string;
  value?: Json;
  unknown?: string;
  provenance: string;
  read_at?: Time;
  age_seconds?: number;
}

/** What an allowed call carries. */
export interface Allow {
  /** The verb's name on the wire. */
  verb: string;
  /** The arguments, parsed: numbers have gone through floating point. */
  args: { [parameter: string]: any };
  /** The arguments exactly as they were decided. */
  text: string;
  valid_until?: Time;
  compensation?: { verb: string; [member: string]: any };
  reserve?: { rule: string; key: Json[]; window: string; adds: Json }[];
  retain_until?: Time;
}

/** A record to fetch from its source, not through the agent. */
export interface Need {
  source: string;
  record: string;
  key: any;
  /** The read verb that fetches it, by its name on the wire; `null` where the host has its own means. */
  verb?: string | null;
  args?: any;
  why: string;
}

/** A request for approval. */
export interface ApprovalRequest {
  request: string;
  gate: Rule;
  run: string;
  call: string;
  requester: string;
  verb: string;
  args: any;
  binds: string;
  show?: any[];
  values?: any[];
  approvers: { quorum: number; role?: string; user?: string; identity?: string }[];
  approved_by?: string[];
  expires?: Time | null;
  difference?: { label: string; before: any; after: any }[];
}

/** What a run says to an event. */
export interface Answer {
  answer: string;
  run: string;
  at: Time;
  call?: string;
  outcome: "allow" | "need" | "approval" | "deny" | "escalate" | "paused" | "taken" | "refused" | "done" | "not_done";
  by?: Rule;
  fired?: Rule[];
  shadow?: Rule[];
  values?: Decided[];
  /** One sentence for the model: what it may do next. A brief answer has none. */
  model: string;
  /** One sentence for a person. A brief answer has none. */
  person: string;
  retry: string;
  allow?: Allow;
  needs?: Need[];
  approvals?: ApprovalRequest[];
  /** What the agent may see of a result. */
  shows?: any;
  undo?: { call: string; id: string; verb: string; args: any; allowed: boolean; why: string; [member: string]: any }[];
  verdict?: { done: boolean; why: string; [member: string]: any };
  settled?: { request: string; call: string; gate: string; then: string; approval?: ApprovalRequest }[];
  /** The run has escalated at this event: what people need who take over. */
  escalated?: { to: string; by: Rule; why: string; [member: string]: any };
}

/** One change of a commit. */
export interface CellChange {
  key: string;
  /** The version that was read: another one refuses the whole commit. 0 for a cell that holds nothing. */
  expected: number;
  write: "keep" | "set" | "clear";
  value?: any;
  keep_until?: Time;
}

/** Where counters, approvals and pauses live that many hosts share. */
export interface Ledger {
  /** These cells as they are at one moment; one that holds nothing has version 0 and no value. */
  load(keys: string[]): Promise<{ key: string; version: number; value?: any }[]> | { key: string; version: number; value?: any }[];
  /** All of it in one transaction: true; a version differs, so nothing: false. */
  commit(changes: CellChange[]): Promise<boolean> | boolean;
}

export interface RunOptions {
  /**
   * Fetches a record from its source. `ABSENT` where there is none; `UNAVAILABLE`, or an error, where the source cannot answer.
   * Without it, a call that needs records is answered `need`.
   */
  fetch?(need: Need): unknown | Promise<unknown>;
  /**
   * Asks people and waits, as long as it takes; `undefined` where the host will wait no longer. Without it, a call that needs
   * approval is answered `approval`.
   */
  approve?(request: ApprovalRequest, options: { signal: AbortSignal }): ApproverAnswer | Promise<ApproverAnswer>;
  /** The clock. */
  now?(): Date | Time;
  /** Keeps the trace, for `takeTrace`. */
  trace?: boolean;
  /** The ledger that the host keeps; without it, the one inside the module, which all its runs share. */
  ledger?: Ledger;
}

/** What a person said to a request; nothing where the host waits no longer. */
export type ApproverAnswer = { by: Person; approve: boolean } | undefined | null;

export interface CallOptions {
  /** The call's id, unique in its run; made where it is left out. */
  id?: string;
}

/**
 * What executes a call. `args` are the arguments that were allowed, `text` their exact text. It throws `ToolRefused` where it
 * refuses with a code; any other error says that nobody knows whether it happened.
 */
export type Tool = (args: { [parameter: string]: any }, call: { id: string; text: string; answer: Answer }) => unknown | Promise<unknown>;

/** A tool that can only be called through its run. It gives what the agent may see of the result. */
export type GuardedTool = (args: Args, options?: CallOptions) => Promise<any>;

export interface SendOptions {
  /** The answer leaves out what only people read: sentences, values, and the lists of rules. */
  brief?: boolean;
}

/** What a call would be answered. It permits nothing. */
export interface Preview {
  outcome: "allow" | "need" | "approval" | "deny" | "escalate" | "paused";
  /** The name of the deciding rule. */
  rule: string;
}

/** One run. */
export interface Run {
  /** The answer to `open`: it may say that the run has escalated at once. */
  readonly opened: Answer;
  call(verb: string, args: Args, options?: CallOptions): Promise<Answer>;
  guard(verb: string, tool: Tool): GuardedTool;
  guardAll<Tools extends Record<string, Tool>>(tools: Tools): { [verb in keyof Tools]: GuardedTool };
  send(event: Event, options?: SendOptions): Promise<Answer>;
  /** As `send`, at once; only for runs without a `ledger`. */
  sendSync(event: Event, options?: SendOptions): Answer;
  /** What the agent would be answered if it made this call now. It changes nothing and permits nothing. */
  preview(verb: string, args: Args): Promise<Preview>;
  /** As `preview`, at once; only for runs without a `ledger`. */
  previewSync(verb: string, args: Args): Preview;
  end(): Promise<Answer>;
  requests(): ApprovalRequest[];
  takeTrace(): string[];
  now(): Time;
  /** Gives back the run's memory. */
  close(): void;
}

/** A loaded policy. */
export interface Policy {
  readonly info: {
    readonly policy: string;
    readonly version: string;
    readonly owner: string;
    readonly digest: string;
    readonly jobs: readonly string[];
    readonly verbs: readonly { readonly verb: string; readonly tool: string; readonly kind: "read" | "write" }[];
  };
  /** Opens a run; rejects with `Refused` where the policy does not open it. */
  open(opening: Opening, options?: RunOptions): Promise<Run>;
  /** Closes the policy; runs that it opened go on. */
  close(): void;
}

export interface LoadOptions {
  limits?: {
    /** The size of one event in bytes. */
    eventBytes?: number;
    /** How deep its JSON is nested. */
    depth?: number;
    /** Open runs. */
    runs?: number;
    /** Memory in pages of 64 KiB. */
    memoryPages?: number;
    /** The size of an artifact in bytes. */
    artifactBytes?: number;
    /** Loaded policies. */
    policies?: number;
  };
}

/** One instance of the module, as `load` gives it. Runs of one instance share its ledger. */
export class Agentc {
  private constructor();
  /** The policy in an artifact, or the one that is part of the module. */
  policy(artifact?: BufferSource): Policy;
  /** How many bytes the module has allocated. */
  readonly memoryUsed: number;
  /** How large its memory is: what it has ever needed at once. */
  readonly memorySize: number;
  /** Drops counters of windows that ended before that time; gives how many cells are left. */
  sweep(before: Date | Time): number;
}

type Source = BufferSource | WebAssembly.Module | Response;

/** Loads a module: the runtime's own, or one that holds a policy. */
export function load(source: Source | Promise<Source>, options?: LoadOptions): Promise<Agentc>;

/** Nothing was decided: the call is not allowed. */
export class AgentcError extends Error {
  readonly code:
    | "input" | "artifact" | "handle" | "buffer" | "limit" | "order" | "ledger" | "embedded" | "argument" | "broken" | "unknown";
  constructor(code: string, message: string, options?: ErrorOptions);
}

/** The policy does not let the call happen. `message` is for the model. */
export class Refused extends Error {
  readonly answer: Answer;
  constructor(answer: Answer);
}

/** A tool throws this to say that it refused, with its own code. */
export class ToolRefused extends Error {
  readonly code: string;
  constructor(code: string, options?: ErrorOptions);
}

/** A JSON text that goes into an event as it stands. */
export class RawJson {
  readonly text: string;
  constructor(text: string);
}

/** `fetch` gives it where the source answered that there is no such record. */
export const ABSENT: unique symbol;

/** `fetch` gives it where the source could not answer. */
export const UNAVAILABLE: unique symbol;

package agentc

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	// maxTries is how often a ledger may refuse before the host is told to come back later.
	maxTries = 64
	// maxVotes is how many votes are asked for one decision; then the answer that is still open is given back.
	maxVotes = 100
	// maxLoads is how often one preview may ask for more cells.
	maxLoads = 64
	// maxFetches is how often one decision may want records: each time at least one of the 32 that a call may need.
	maxFetches = 33
)

// Detail is how much an answer tells; its number is the form of events in runtime/wasm/ABI.md.
type Detail uint32

const (
	// Full tells everything.
	Full Detail = 0
	// Brief leaves out what only people read: sentences, values, and the lists of rules.
	Brief Detail = 2
)

// Run is one execution of one job.
type Run struct {
	module *module
	handle uint32
	now    func() time.Time
	hooks  Hooks

	lock    sync.Mutex
	calls   int
	waiting map[string]map[string]any
	handoff json.RawMessage
}

// Tool executes a call with exactly the arguments that were allowed. A [Refused] says that the system refused and nothing happened; any
// other error that nobody knows whether it did.
type Tool func(ctx context.Context, args json.RawMessage) (any, error)

// Send sends one event, a map or a structure that marshals to an object; "at" is now where a map leaves it out. An error is no answer:
// nothing may be executed. The answer is [Full] where nothing else is asked for.
func (r *Run) Send(ctx context.Context, event any, detail ...Detail) (*Answer, error) {
	if members, is := event.(map[string]any); is && members["at"] == nil {
		timed := map[string]any{"at": r.now().UTC().Format(time.RFC3339Nano)}
		for name, value := range members {
			timed[name] = value
		}
		event = timed
	}
	data, err := marshal(event)
	if err != nil {
		return nil, err
	}
	said, err := r.SendBytes(ctx, data, detail...)
	if err != nil {
		return nil, err
	}
	answer := &Answer{Bytes: said}
	if err := json.Unmarshal(said, answer); err != nil {
		return nil, fail(ErrModule, fmt.Sprintf("the module's output is no answer: %v", err))
	}
	if answer.Escalated != nil {
		r.lock.Lock()
		r.handoff = answer.Escalated
		r.lock.Unlock()
	}
	return answer, nil
}

// SendBytes sends the bytes of one event; the bytes of its answer.
func (r *Run) SendBytes(ctx context.Context, event []byte, detail ...Detail) (answer []byte, err error) {
	form := Full
	for _, wanted := range detail {
		form = wanted
	}
	if r.hooks.Ledger == nil {
		answer, err = r.module.exchange(ctx, "agentc_run_send", []uint32{r.handle, uint32(form)}, event)
	} else {
		answer, err = r.over(ctx, r.hooks.Ledger, event, form)
	}
	if err != nil || r.hooks.Trace == nil {
		return answer, err
	}
	lines, err := r.module.output(ctx, "agentc_run_trace", r.handle)
	if err != nil {
		return nil, err
	}
	for line := range bytes.Lines(lines) {
		r.hooks.Trace(bytes.TrimSuffix(line, []byte("\n")))
	}
	return answer, nil
}

// over decides one event over the host's ledger.
func (r *Run) over(ctx context.Context, ledger Ledger, event []byte, form Detail) ([]byte, error) {
	var keys []string
	for range maxTries {
		envelope, err := enveloped(ctx, ledger, keys, event)
		if err != nil {
			return nil, err
		}
		said, err := r.module.exchange(ctx, "agentc_run_step", []uint32{r.handle, uint32(form)}, envelope)
		if err != nil {
			return nil, err
		}
		var step struct {
			Load   []string        `json:"load"`
			Answer json.RawMessage `json:"answer"`
			Commit []Change        `json:"commit"`
		}
		if err := json.Unmarshal(said, &step); err != nil {
			return nil, fail(ErrModule, fmt.Sprintf("the module's output is no step: %v", err))
		}
		if step.Load != nil {
			keys = append(keys, missing(keys, step.Load)...)
			continue
		}
		if step.Commit == nil {
			return step.Answer, nil
		}
		committed, failed := ledger.Commit(ctx, step.Commit)
		if _, err := r.module.call(ctx, "agentc_run_settle", r.handle, settled(committed && failed == nil)); err != nil {
			return nil, err
		}
		if failed != nil {
			return nil, errors.Join(ErrLedger, failed)
		}
		if committed {
			return step.Answer, nil
		}
	}
	return nil, fail(ErrLedger, "others wrote the same counters again and again; try again")
}

// enveloped gives an event with the cells of these keys, as the ledger has them now.
func enveloped(ctx context.Context, ledger Ledger, keys []string, event []byte) ([]byte, error) {
	cells := []Cell{}
	if len(keys) > 0 {
		loaded, err := ledger.Load(ctx, keys)
		if err != nil {
			return nil, errors.Join(ErrLedger, err)
		}
		cells = loaded
	}
	known, err := marshal(cells)
	return bytes.Join([][]byte{[]byte(`{"event":`), event, []byte(`,"cells":`), known, []byte("}")}, nil), err
}

// Decide gives the decision on a call: what it needs is fetched, people are asked. Arguments marshal to an object; an empty id gets one.
// Execute the call on [Allow] and on nothing else, with exactly answer.Allow.Args, then say what came of it ([Run.Result], [Run.Refused],
// [Run.Unclear]). [Run.Execute] does all of it.
func (r *Run) Decide(ctx context.Context, id, verb string, args any) (*Answer, error) {
	r.lock.Lock()
	if id == "" {
		r.calls++
		id = fmt.Sprintf("call-%d", r.calls)
	}
	call := map[string]any{"event": "call", "id": id, "verb": verb, "args": orEmpty(args)}
	r.waiting[id] = call
	r.lock.Unlock()
	answer, err := r.Send(ctx, call)
	if err != nil {
		return nil, err
	}
	return r.settle(ctx, call, answer)
}

// Approve passes on what a person answered later. The answer is the decision on the call, once all have answered.
func (r *Run) Approve(ctx context.Context, request string, vote Vote) (*Answer, error) {
	answer, err := r.vote(ctx, request, vote)
	if err != nil || answer.Outcome == Denied {
		return answer, err
	}
	r.lock.Lock()
	call, known := r.waiting[answer.Call]
	r.lock.Unlock()
	if !known {
		return answer, nil
	}
	return r.settle(ctx, call, answer)
}

// settle goes from any answer about a call to its decision: needs are fetched, people are asked.
func (r *Run) settle(ctx context.Context, call map[string]any, answer *Answer) (*Answer, error) {
	votes, fetches := 0, 0
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		switch {
		case answer.Outcome == Need && fetches < maxFetches:
			fetches++
			for _, wanted := range answer.Needs {
				if err := r.supply(ctx, wanted); err != nil {
					return nil, err
				}
			}
			said, err := r.Send(ctx, call)
			if err != nil {
				return nil, err
			}
			answer = said
		case answer.Outcome == Approval && votes < maxVotes && r.hooks.Approve != nil:
			heard := 0
			for _, request := range answer.Approvals {
				vote, err := r.hooks.Approve(ctx, request)
				if err != nil {
					return nil, err
				}
				if vote == nil {
					continue
				}
				heard++
				said, err := r.vote(ctx, request.Request, *vote)
				if err != nil {
					return nil, err
				}
				// A vote that is not taken changes nothing: the request stays open.
				if said.Outcome != Denied {
					answer = said
				}
				if answer.Outcome != Approval {
					break
				}
			}
			if heard == 0 {
				return answer, nil
			}
			votes += heard
		default:
			if answer.Outcome != Approval && answer.Outcome != Need {
				r.lock.Lock()
				delete(r.waiting, answer.Call)
				r.lock.Unlock()
			}
			return answer, nil
		}
	}
}

func (r *Run) supply(ctx context.Context, wanted Wanted) error {
	event := map[string]any{"event": "record", "source": wanted.Source, "record": wanted.Record, "key": wanted.Key}
	event["read_at"] = r.now().UTC().Format(time.RFC3339Nano)
	var found any
	err := ErrUnavailable
	if r.hooks.Fetch != nil {
		found, err = r.hooks.Fetch(ctx, wanted)
	}
	switch read := found.(type) {
	case Read:
		event["value"], event["read_at"] = read.Value, read.ReadAt.UTC().Format(time.RFC3339Nano)
	case nil:
		event["absent"] = true
	default:
		event["value"] = found
	}
	if errors.Is(err, ErrUnavailable) {
		delete(event, "value")
		delete(event, "absent")
		event["unavailable"] = true
	} else if err != nil {
		return err
	}
	_, err = r.Send(ctx, event)
	return err
}

func (r *Run) vote(ctx context.Context, request string, vote Vote) (*Answer, error) {
	return r.Send(ctx, map[string]any{"event": "approval", "request": request, "by": vote.By, "approve": vote.Approve})
}

// Execute decides a call, executes it with exactly the arguments that were allowed, and reports what came of it; what the agent may see of
// the result. A [*NotAllowed] says that the tool was not executed.
func (r *Run) Execute(ctx context.Context, id, verb string, args any, tool Tool) (json.RawMessage, error) {
	answer, err := r.Decide(ctx, id, verb, args)
	if err != nil {
		return nil, err
	}
	return r.Perform(ctx, answer, tool)
}

// Perform executes a call that was allowed, and reports what came of it; what the agent may see of the result.
func (r *Run) Perform(ctx context.Context, allowed *Answer, tool Tool) (json.RawMessage, error) {
	if allowed.Outcome != Allow || allowed.Allow == nil {
		return nil, &NotAllowed{allowed}
	}
	// What happened is reported even where the context ends meanwhile.
	report := context.WithoutCancel(ctx)
	reported := false
	defer func() {
		if !reported {
			// The tool panicked. The panic goes on and says more than an error about telling the policy of it.
			_, _ = r.Unclear(report, allowed.Call)
		}
	}()
	value, err := tool(ctx, allowed.Allow.Args)
	reported = true
	var refused Refused
	if errors.As(err, &refused) {
		_, failed := r.Refused(report, allowed.Call, string(refused))
		return nil, errors.Join(err, failed)
	}
	if err != nil {
		_, failed := r.Unclear(report, allowed.Call)
		return nil, errors.Join(err, failed)
	}
	answer, err := r.Result(report, allowed.Call, value)
	if err != nil {
		_, failed := r.Unclear(report, allowed.Call)
		return nil, errors.Join(err, failed)
	}
	return answer.Shows, nil
}

// Result says that an allowed call came out well. Shows of the answer is what the agent may see.
func (r *Run) Result(ctx context.Context, call string, value any) (*Answer, error) {
	return r.Send(ctx, map[string]any{"event": "result", "id": call, "value": value})
}

// Refused says that the system refused an allowed call, in a word of its own.
func (r *Run) Refused(ctx context.Context, call, code string) (*Answer, error) {
	return r.Send(ctx, map[string]any{"event": "result", "id": call, "refused": code})
}

// Unclear says that nobody knows whether an allowed call happened.
func (r *Run) Unclear(ctx context.Context, call string) (*Answer, error) {
	return r.Send(ctx, map[string]any{"event": "result", "id": call, "unclear": true})
}

// OpenRequests gives the requests for approval that are open.
func (r *Run) OpenRequests(ctx context.Context) ([]Request, error) {
	said, err := r.module.output(ctx, "agentc_run_requests", r.handle, 0)
	if err != nil {
		return nil, err
	}
	var requests []Request
	return requests, json.Unmarshal(said, &requests)
}

// Handoff is what a person needs who takes over, once the run has escalated; nil before.
func (r *Run) Handoff() json.RawMessage {
	r.lock.Lock()
	defer r.lock.Unlock()
	return r.handoff
}

// End ends the run; the verdict.
func (r *Run) End(ctx context.Context) (*Answer, error) {
	return r.Send(ctx, map[string]any{"event": "end"})
}

// Close gives the run's memory back. A closed run decides nothing.
func (r *Run) Close(ctx context.Context) error {
	_, err := r.module.call(ctx, "agentc_run_close", r.handle)
	if errors.Is(err, ErrHandle) {
		return nil
	}
	return err
}

// marshal writes JSON without escaping what HTML would misread: the text is decided as it is.
func marshal(value any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

func missing(known, wanted []string) []string {
	have := map[string]bool{}
	for _, key := range known {
		have[key] = true
	}
	var more []string
	for _, key := range wanted {
		if !have[key] {
			have[key] = true
			more = append(more, key)
		}
	}
	return more
}

func settled(committed bool) uint32 {
	if committed {
		return 1
	}
	return 0
}

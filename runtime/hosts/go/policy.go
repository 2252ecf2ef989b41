package agentc

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

const (
	keepTrace  = 1
	hostLedger = 2
)

// Policy is one policy in one instance of the module. All its runs share the counters, approvals and pauses of that instance, unless they
// are opened with a ledger of the host's. It may be used by several goroutines; its runs wait for each other.
type Policy struct {
	// Info is what the policy says of itself.
	Info Info

	module *module
	handle uint32
	now    func() time.Time
	// own is the compiled module, where nobody else has it.
	own *Compiled
}

// Option changes how a policy is loaded.
type Option func(*options)

type options struct {
	artifact []byte
	limits   map[Limit]uint32
	now      func() time.Time
}

// WithArtifact gives the bytes of an .agentc file, for modules that hold no policy of their own.
func WithArtifact(artifact []byte) Option {
	return func(o *options) { o.artifact = artifact }
}

// WithLimit sets a limit of the module.
func WithLimit(limit Limit, value uint32) Option {
	return func(o *options) { o.limits[limit] = value }
}

// WithClock tells the time; time.Now where it is left out.
func WithClock(now func() time.Time) Option {
	return func(o *options) { o.now = now }
}

// Load loads what `agentc build --target wasm` wrote; or the runtime's agentc.wasm with [WithArtifact].
func Load(ctx context.Context, wasm []byte, options ...Option) (*Policy, error) {
	compiled, err := Compile(ctx, wasm)
	if err != nil {
		return nil, err
	}
	policy, err := compiled.Load(ctx, options...)
	if err != nil {
		return nil, errors.Join(err, compiled.Close(ctx))
	}
	policy.own = compiled
	return policy, nil
}

// Load loads a policy into an instance of its own.
func (c *Compiled) Load(ctx context.Context, choices ...Option) (*Policy, error) {
	chosen := options{limits: map[Limit]uint32{}, now: time.Now}
	for _, choose := range choices {
		choose(&chosen)
	}
	module, err := c.instance(ctx, chosen.limits)
	if err != nil {
		return nil, err
	}
	policy := &Policy{module: module, now: chosen.now}
	if err := policy.load(ctx, chosen.artifact); err != nil {
		return nil, errors.Join(err, module.instance.Close(ctx))
	}
	return policy, nil
}

func (p *Policy) load(ctx context.Context, artifact []byte) (err error) {
	if artifact == nil {
		p.handle, err = p.module.call(ctx, "agentc_policy_embedded")
	} else {
		p.handle, err = p.module.send(ctx, "agentc_policy_load", nil, artifact)
	}
	if err != nil {
		return err
	}
	info, err := p.module.output(ctx, "agentc_policy_info", p.handle)
	if err != nil {
		return err
	}
	return json.Unmarshal(info, &p.Info)
}

// Opening says which run is opened; the host vouches for all of it.
type Opening struct {
	// Job is the job's name, Run the run's own id.
	Job, Run string
	// Agent acts, User is the person served.
	Agent Identity
	User  *Identity
	// Input and Environment are what the job declares: maps or structures that marshal to objects.
	Input, Environment any
}

// Hooks are what a run asks its host for.
type Hooks struct {
	// Fetch fetches a record from its source, not through the agent. A nil value says that there is none; ErrUnavailable that the source
	// cannot be reached; any other error ends the decision without an answer. Left out: every record is unavailable.
	Fetch func(ctx context.Context, wanted Wanted) (any, error)
	// Approve asks the people of a request; nil where nobody has answered yet. Left out: nobody has.
	Approve func(ctx context.Context, request Request) (*Vote, error)
	// Ledger is where the counters lie, if not in the instance.
	Ledger Ledger
	// Trace takes each line of the run's trace, without its newline.
	Trace func(line []byte)
}

// Read is what a Fetch gives for a record that was read earlier, from a cache for example.
type Read struct {
	Value  any
	ReadAt time.Time
}

// Open opens a run of a job. A [*NotOpened] says why it cannot be.
func (p *Policy) Open(ctx context.Context, opening Opening, hooks Hooks) (*Run, error) {
	run, err := p.NewRun(ctx, hooks)
	if err != nil {
		return nil, err
	}
	event := map[string]any{
		"event": "open", "run": opening.Run, "job": opening.Job, "agent": opening.Agent,
		"input": orEmpty(opening.Input), "environment": orEmpty(opening.Environment),
	}
	if opening.User != nil {
		event["user"] = opening.User
	}
	answer, err := run.Send(ctx, event)
	if err == nil && answer.Outcome == Denied {
		err = &NotOpened{answer}
	}
	if err != nil {
		return nil, errors.Join(err, run.Close(ctx))
	}
	return run, nil
}

// NewRun gives a run that waits for its open event; [Policy.Open] is what most hosts want.
func (p *Policy) NewRun(ctx context.Context, hooks Hooks) (*Run, error) {
	var flags uint32
	if hooks.Trace != nil {
		flags |= keepTrace
	}
	if hooks.Ledger != nil {
		flags |= hostLedger
	}
	handle, err := p.module.call(ctx, "agentc_run_new", p.handle, flags)
	if err != nil {
		return nil, err
	}
	return &Run{module: p.module, handle: handle, now: p.now, hooks: hooks, waiting: map[string]map[string]any{}}, nil
}

// MemoryBytes is how large the instance's memory is.
func (p *Policy) MemoryBytes() uint32 { return p.module.instance.Memory().Size() }

// MemoryUsed is how much of it is in use.
func (p *Policy) MemoryUsed(ctx context.Context) (uint32, error) {
	return p.module.call(ctx, "agentc_memory_used")
}

// Sweep drops the counters of windows that ended, and says how many cells are left. Call it now and then.
func (p *Policy) Sweep(ctx context.Context) (uint32, error) {
	return p.module.send(ctx, "agentc_ledger_sweep", nil, []byte(p.now().UTC().Format(time.RFC3339Nano)))
}

// Close drops the policy's instance, its runs with it.
func (p *Policy) Close(ctx context.Context) error {
	err := p.module.instance.Close(ctx)
	if p.own != nil {
		err = errors.Join(err, p.own.Close(ctx))
	}
	return err
}

func orEmpty(members any) any {
	if members == nil {
		return struct{}{}
	}
	return members
}

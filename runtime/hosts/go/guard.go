package agentc

import (
	"context"
	"encoding/json"
)

type runKey struct{}

// WithRun puts a run into a context: the guarded tools that are called with it ask this run.
func WithRun(ctx context.Context, run *Run) context.Context {
	return context.WithValue(ctx, runKey{}, run)
}

// CurrentRun gives the run of a context, or [ErrNoRun].
func CurrentRun(ctx context.Context) (*Run, error) {
	if run, there := ctx.Value(runKey{}).(*Run); there && run != nil {
		return run, nil
	}
	return nil, ErrNoRun
}

// Guard is a middleware for tools: what it gives asks the run of its context, and calls the tool when the policy allows the verb, with the
// arguments that it allowed. Keep only what it gives, and the tool cannot be called around the policy. The result is what the agent may see.
func Guard(verb string) func(Tool) func(ctx context.Context, args any) (json.RawMessage, error) {
	return func(tool Tool) func(context.Context, any) (json.RawMessage, error) {
		return func(ctx context.Context, args any) (json.RawMessage, error) {
			run, err := CurrentRun(ctx)
			if err != nil {
				return nil, err
			}
			return run.Execute(ctx, "", verb, args, tool)
		}
	}
}

// Typed makes a tool of a function with arguments of its own type. Numbers keep their digits where the type has json.Number or a decimal.
func Typed[A any](tool func(ctx context.Context, args A) (any, error)) Tool {
	return func(ctx context.Context, raw json.RawMessage) (any, error) {
		var args A
		if err := json.Unmarshal(raw, &args); err != nil {
			// The call did not happen, and the policy need not think that it may have.
			return nil, Refused("arguments: " + err.Error())
		}
		return tool(ctx, args)
	}
}

package agentc

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Preview is what a call would be answered. It permits nothing.
type Preview struct {
	Outcome Outcome
	// Rule is the name of the deciding rule.
	Rule string
}

// foreseen are the outcomes by the number that the module gives.
var foreseen = map[uint32]Outcome{1: Allow, 2: Need, 3: Approval, 4: Deny, 5: Escalate, 6: Paused}

// Preview says what the agent would be answered if it made this call now. It changes nothing and permits nothing: a call that is to be made
// goes through [Run.Decide] or [Run.Execute].
func (r *Run) Preview(ctx context.Context, verb string, args any) (Preview, error) {
	// The id of a call that is only asked about is not used up.
	event, err := marshal(map[string]any{
		"event": "call", "id": "preview", "verb": verb, "args": orEmpty(args), "at": r.now().UTC().Format(time.RFC3339Nano),
	})
	if err != nil {
		return Preview{}, err
	}
	return r.PreviewBytes(ctx, event)
}

// PreviewBytes is Preview of the bytes of a call event.
func (r *Run) PreviewBytes(ctx context.Context, event []byte) (Preview, error) {
	var keys []string
	for range maxLoads {
		given := event
		if r.hooks.Ledger != nil {
			envelope, err := enveloped(ctx, r.hooks.Ledger, keys, event)
			if err != nil {
				return Preview{}, err
			}
			given = envelope
		}
		outcome, said, err := r.module.ask(ctx, "agentc_run_preview", []uint32{r.handle, uint32(Full)}, given)
		if err != nil {
			return Preview{}, err
		}
		if outcome != 0 {
			return Preview{foreseen[outcome], string(said)}, nil
		}
		var step struct {
			Load []string `json:"load"`
		}
		if err := json.Unmarshal(said, &step); err != nil {
			return Preview{}, fail(ErrModule, fmt.Sprintf("the module's output is no list of cells: %v", err))
		}
		keys = append(keys, step.Load...)
	}
	return Preview{}, fail(ErrLedger, "the preview asked for more cells than it may")
}

package agentc_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	agentc "github.com/agentc-lang/agentc/runtime/hosts/go"
)

const vectors = "../../../tests/conformance"

var (
	orders = map[string]string{
		"A-1": `{"id":"A-1","customer":"c-9","total":40,"status":"delivered","placed_at":"2026-05-01T00:00:00Z","lines":[]}`,
		"A-2": `{"id":"A-2","customer":"c-9","total":90,"status":"delivered","placed_at":"2026-05-02T00:00:00Z","lines":[]}`,
	}
	invoices = map[string]string{
		"A-1": `{"order":"A-1","amounts":{"total":4000}}`,
		"A-2": `{"order":"A-2","amounts":{"total":9000}}`,
	}
	lead = agentc.Identity{ID: "ann", Roles: []string{"support_lead"}}
)

type order struct {
	Order string `json:"order_id"`
}

type refund struct {
	Order  string      `json:"order_id"`
	Amount json.Number `json:"amount"`
	Reason string      `json:"reason"`
}

// compiled is the runtime's module, compiled once.
var compiled = sync.OnceValues(func() (*agentc.Compiled, error) {
	wasm, err := os.ReadFile(os.Getenv("AGENTC_WASM"))
	if err != nil {
		return nil, fmt.Errorf("AGENTC_WASM names no module; run runtime/hosts/go/test.sh: %w", err)
	}
	return agentc.Compile(context.Background(), wasm)
})

func artifact(t testing.TB, name string) []byte {
	t.Helper()
	bytes, err := os.ReadFile(filepath.Join(vectors, "policies", name+".agentc"))
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}

// load loads the refunds policy into an instance of its own, with a clock that takes a second for each look.
func load(t testing.TB, options ...agentc.Option) *agentc.Policy {
	t.Helper()
	module, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)
	clock := agentc.WithClock(func() time.Time { now = now.Add(time.Second); return now })
	policy, err := module.Load(t.Context(), append([]agentc.Option{agentc.WithArtifact(artifact(t, "refunds")), clock}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = policy.Close(context.Background()) })
	return policy
}

func fetch(_ context.Context, wanted agentc.Wanted) (any, error) {
	var key string
	if err := json.Unmarshal(wanted.Key, &key); err != nil {
		return nil, err
	}
	found, there := map[string]map[string]string{"Order": orders, "Invoice": invoices}[wanted.Record][key]
	if !there {
		return nil, nil
	}
	return json.RawMessage(found), nil
}

func open(t testing.TB, policy *agentc.Policy, hooks agentc.Hooks) *agentc.Run {
	t.Helper()
	run, err := policy.Open(t.Context(), opening("triage_refunds"), hooks)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func opening(job string) agentc.Opening {
	input := map[string]string{"ticket": "T-1", "customer": "c-9", "request": "It arrived broken"}
	return agentc.Opening{Job: job, Run: "r-1", Agent: agentc.Identity{ID: "bot"}, Input: input}
}

// get is the tool that reads an order.
var get = agentc.Typed(func(_ context.Context, args order) (any, error) {
	return json.RawMessage(orders[args.Order]), nil
})

func look(t testing.TB, run *agentc.Run, id string) {
	t.Helper()
	if _, err := run.Execute(t.Context(), "", "get_order", order{id}, get); err != nil {
		t.Fatal(err)
	}
}

func never(t testing.TB) agentc.Tool {
	return func(context.Context, json.RawMessage) (any, error) {
		t.Error("it was executed")
		return nil, nil
	}
}

// decides says whether a policy still decides.
func decides(t testing.TB, policy *agentc.Policy) {
	t.Helper()
	run := open(t, policy, agentc.Hooks{Fetch: fetch})
	answer, err := run.Decide(t.Context(), "", "get_order", order{"A-1"})
	if err != nil || answer.Outcome != agentc.Allow {
		t.Fatalf("%v %v", answer, err)
	}
	if err := run.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}

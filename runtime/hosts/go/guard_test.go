package agentc_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	agentc "github.com/agentc-lang/agentc/runtime/hosts/go"
)

func TestAGuardedToolRunsWhenItIsAllowed(t *testing.T) {
	guarded := agentc.Guard("shop.get_order")(get)
	ctx := agentc.WithRun(t.Context(), open(t, load(t), agentc.Hooks{Fetch: fetch}))
	shows, err := guarded(ctx, order{"A-1"})
	var shown struct{ Status string }
	if err != nil || json.Unmarshal(shows, &shown) != nil || shown.Status != "delivered" {
		t.Fatalf("%s %v", shows, err)
	}
}

func TestAGuardedToolDoesNotRunOtherwise(t *testing.T) {
	guarded := agentc.Guard("shop.delete_customer")(never(t))
	ctx := agentc.WithRun(t.Context(), open(t, load(t), agentc.Hooks{Fetch: fetch}))
	_, err := guarded(ctx, map[string]string{"customer": "c-9"})
	var denied *agentc.NotAllowed
	if !errors.As(err, &denied) || denied.Answer.By.Rule != "never_delete_customer" || denied.Answer.By.Line == 0 {
		t.Fatal(err)
	}
}

func TestOutsideARunNothingRuns(t *testing.T) {
	if _, err := agentc.Guard("shop.get_order")(never(t))(t.Context(), order{"A-1"}); !errors.Is(err, agentc.ErrNoRun) {
		t.Fatal(err)
	}
	run := open(t, load(t), agentc.Hooks{Fetch: fetch})
	if err := run.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx := agentc.WithRun(t.Context(), run)
	if _, err := agentc.Guard("shop.get_order")(never(t))(ctx, order{"A-1"}); !errors.Is(err, agentc.ErrHandle) {
		t.Fatal(err)
	}
}

func TestArgumentsThatDoNotFitTheToolAreRefused(t *testing.T) {
	type numbers struct {
		Order int `json:"order_id"`
	}
	guarded := agentc.Guard("get_order")(agentc.Typed(func(_ context.Context, _ numbers) (any, error) {
		t.Error("it was executed")
		return nil, nil
	}))
	ctx := agentc.WithRun(t.Context(), open(t, load(t), agentc.Hooks{Fetch: fetch}))
	var refused agentc.Refused
	if _, err := guarded(ctx, order{"A-1"}); !errors.As(err, &refused) {
		t.Fatal(err)
	}
}

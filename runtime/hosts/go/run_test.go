package agentc_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	agentc "github.com/agentc-lang/agentc/runtime/hosts/go"
)

func TestAPolicySaysWhatItIs(t *testing.T) {
	info := load(t).Info
	if info.Policy != "acme.refunds" || len(info.Digest) != 64 || len(info.Jobs) != 1 || len(info.Verbs) == 0 {
		t.Fatalf("%+v", info)
	}
}

func TestWhatIsAllowedIsExecutedWithTheDigitsThatWereDecided(t *testing.T) {
	run := open(t, load(t), agentc.Hooks{Fetch: fetch})
	look(t, run, "A-1")
	var paid refund
	shows, err := run.Execute(t.Context(), "c2", "refund", refund{"A-1", "39.90", "<broken>"}, func(_ context.Context, args json.RawMessage) (any, error) {
		return map[string]string{"id": "R-1"}, json.Unmarshal(args, &paid)
	})
	if err != nil || string(shows) != `{"id":"R-1"}` {
		t.Fatalf("%s %v", shows, err)
	}
	if paid != (refund{"A-1", "39.90", "<broken>"}) {
		t.Fatalf("%+v", paid)
	}
	end, err := run.End(t.Context())
	if err != nil || end.Outcome != agentc.Done {
		t.Fatalf("%+v %v", end, err)
	}
}

func TestAnApprovalIsAskedForAndWaitedFor(t *testing.T) {
	var asked []string
	run := open(t, load(t), agentc.Hooks{Fetch: fetch, Approve: func(_ context.Context, request agentc.Request) (*agentc.Vote, error) {
		asked = append(asked, request.Request)
		return &agentc.Vote{By: lead, Approve: true}, nil
	}})
	look(t, run, "A-2")
	answer, err := run.Decide(t.Context(), "c6", "refund", refund{"A-2", "90", "broken"})
	if err != nil || answer.Outcome != agentc.Allow {
		t.Fatalf("%+v %v", answer, err)
	}
	if len(asked) != 1 || asked[0] != "r-1/c6/large_refund/1" {
		t.Fatal(asked)
	}
}

func TestAnApprovalThatComesLaterDecidesTheCall(t *testing.T) {
	run := open(t, load(t), agentc.Hooks{Fetch: fetch})
	look(t, run, "A-2")
	_, err := run.Execute(t.Context(), "", "refund", refund{"A-2", "90", "broken"}, never(t))
	var pending *agentc.NotAllowed
	if !errors.As(err, &pending) || pending.Answer.Outcome != agentc.Approval {
		t.Fatal(err)
	}
	requests, err := run.OpenRequests(t.Context())
	if err != nil || len(requests) != 1 || requests[0].Request != pending.Answer.Approvals[0].Request {
		t.Fatalf("%+v %v", requests, err)
	}
	answer, err := run.Approve(t.Context(), requests[0].Request, agentc.Vote{By: lead, Approve: true})
	if err != nil || answer.Outcome != agentc.Allow {
		t.Fatalf("%+v %v", answer, err)
	}
	shows, err := run.Perform(t.Context(), answer, func(context.Context, json.RawMessage) (any, error) {
		return map[string]string{"id": "R-2"}, nil
	})
	if err != nil || string(shows) != `{"id":"R-2"}` {
		t.Fatalf("%s %v", shows, err)
	}
}

func TestANoDenies(t *testing.T) {
	run := open(t, load(t), agentc.Hooks{Fetch: fetch, Approve: func(context.Context, agentc.Request) (*agentc.Vote, error) {
		return &agentc.Vote{By: lead}, nil
	}})
	look(t, run, "A-2")
	_, err := run.Execute(t.Context(), "", "refund", refund{"A-2", "90", "broken"}, never(t))
	var denied *agentc.NotAllowed
	if !errors.As(err, &denied) || denied.Answer.Outcome != agentc.Deny || denied.Error() != denied.Answer.Model {
		t.Fatal(err)
	}
}

func TestAVoteOfSomebodyWhoMayNotIsAskedAgainButNotForEver(t *testing.T) {
	asked := 0
	run := open(t, load(t), agentc.Hooks{Fetch: fetch, Approve: func(context.Context, agentc.Request) (*agentc.Vote, error) {
		asked++
		return &agentc.Vote{By: agentc.Identity{ID: "eve"}, Approve: true}, nil
	}})
	look(t, run, "A-2")
	answer, err := run.Decide(t.Context(), "", "refund", refund{"A-2", "90", "broken"})
	if err != nil || answer.Outcome != agentc.Approval || asked != 100 {
		t.Fatalf("%+v %v %d", answer, err, asked)
	}
}

func TestWhatCannotBeLookedAtIsNotAllowed(t *testing.T) {
	gone := func(context.Context, agentc.Wanted) (any, error) { return nil, agentc.ErrUnavailable }
	for name, hooks := range map[string]agentc.Hooks{"unavailable": {Fetch: gone}, "no fetch": {}} {
		run := open(t, load(t), hooks)
		look(t, run, "A-1")
		answer, err := run.Decide(t.Context(), "", "refund", refund{"A-1", "40", "broken"})
		if err != nil || answer.Outcome != agentc.Escalate || !strings.Contains(answer.Person, "could not be read") || run.Handoff() == nil {
			t.Fatalf("%s: %+v %v", name, answer, err)
		}
	}
}

func TestAFetchThatFailsDecidesNothing(t *testing.T) {
	burning := errors.New("the shop is on fire")
	run := open(t, load(t), agentc.Hooks{Fetch: func(context.Context, agentc.Wanted) (any, error) { return nil, burning }})
	look(t, run, "A-1")
	if _, err := run.Execute(t.Context(), "", "refund", refund{"A-1", "40", "broken"}, never(t)); !errors.Is(err, burning) {
		t.Fatal(err)
	}
}

func TestWhatAToolReturnsIsReported(t *testing.T) {
	var trace []string
	run := open(t, load(t), agentc.Hooks{Fetch: fetch, Trace: func(line []byte) { trace = append(trace, string(line)) }})
	look(t, run, "A-1")
	fails := func(err error) agentc.Tool {
		return func(context.Context, json.RawMessage) (any, error) { return nil, err }
	}
	wanted := refund{"A-1", "40", "broken"}
	if _, err := run.Execute(t.Context(), "", "refund", wanted, fails(agentc.Refused("declined"))); !errors.Is(err, agentc.Refused("declined")) {
		t.Fatal(err)
	}
	lost := errors.New("the line went dead")
	if _, err := run.Execute(t.Context(), "", "refund", wanted, fails(lost)); !errors.Is(err, lost) {
		t.Fatal(err)
	}
	var denied *agentc.NotAllowed
	if _, err := run.Execute(t.Context(), "", "refund", wanted, never(t)); !errors.As(err, &denied) {
		t.Fatal("what happened before is unclear, and yet: ", err)
	}
	all := strings.Join(trace, "\n")
	if !strings.Contains(all, `"refused":"declined"`) || !strings.Contains(all, `"unclear":true`) {
		t.Fatal(all)
	}
}

func TestAToolThatPanicsIsUnclear(t *testing.T) {
	var trace []string
	run := open(t, load(t), agentc.Hooks{Fetch: fetch, Trace: func(line []byte) { trace = append(trace, string(line)) }})
	look(t, run, "A-1")
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_, _ = run.Execute(t.Context(), "", "refund", refund{"A-1", "40", "broken"}, func(context.Context, json.RawMessage) (any, error) { panic("!") })
	}()
	if last := trace[len(trace)-1]; !strings.Contains(last, `"unclear":true`) {
		t.Fatal(last)
	}
}

func TestAContextThatEndedDecidesNothing(t *testing.T) {
	run := open(t, load(t), agentc.Hooks{Fetch: fetch})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := run.Execute(ctx, "", "get_order", order{"A-1"}, never(t)); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func TestAJobThatIsNotThereCannotBeOpened(t *testing.T) {
	_, err := load(t).Open(t.Context(), opening("no_such_job"), agentc.Hooks{})
	var not *agentc.NotOpened
	if !errors.As(err, &not) || !strings.Contains(err.Error(), "no_such_job") {
		t.Fatal(err)
	}
}

func TestRunsShareTheCountersOfTheirPolicyOrOfALedger(t *testing.T) {
	paused := func(first, second *agentc.Policy, ledger agentc.Ledger) agentc.Outcome {
		pausing := open(t, first, agentc.Hooks{Ledger: ledger})
		if answer, err := pausing.Send(t.Context(), map[string]any{"event": "pause", "scope": "job", "by": lead}); err != nil || answer.Outcome != agentc.Taken {
			t.Fatalf("%+v %v", answer, err)
		}
		answer, err := open(t, second, agentc.Hooks{Ledger: ledger}).Decide(t.Context(), "", "get_order", order{"A-1"})
		if err != nil {
			t.Fatal(err)
		}
		return answer.Outcome
	}
	one := load(t)
	if got := paused(one, one, nil); got != agentc.Paused {
		t.Error("one instance: ", got)
	}
	if got := paused(load(t), load(t), nil); got != agentc.Allow {
		t.Error("two instances: ", got)
	}
	if got := paused(load(t), load(t), &agentc.MemoryLedger{}); got != agentc.Paused {
		t.Error("two instances and a ledger: ", got)
	}
}

// failing is a ledger that refuses or fails when it is told to.
type failing struct {
	agentc.MemoryLedger
	refuses bool
	fails   error
}

func (l *failing) Commit(ctx context.Context, changes []agentc.Change) (bool, error) {
	if l.refuses || l.fails != nil {
		return false, l.fails
	}
	return l.MemoryLedger.Commit(ctx, changes)
}

func TestALedgerThatRefusesOrFailsAllowsNothing(t *testing.T) {
	ledger := &failing{}
	run := open(t, load(t), agentc.Hooks{Fetch: fetch, Ledger: ledger})
	look(t, run, "A-1")
	wanted := refund{"A-1", "40", "broken"}
	ledger.refuses = true
	if _, err := run.Execute(t.Context(), "", "refund", wanted, never(t)); !errors.Is(err, agentc.ErrLedger) {
		t.Fatal(err)
	}
	ledger.refuses, ledger.fails = false, errors.New("the database is gone")
	if _, err := run.Execute(t.Context(), "", "refund", wanted, never(t)); !errors.Is(err, agentc.ErrLedger) || !errors.Is(err, ledger.fails) {
		t.Fatal(err)
	}
	ledger.fails = nil
	if _, err := run.Execute(t.Context(), "", "refund", wanted, func(context.Context, json.RawMessage) (any, error) {
		return map[string]string{"id": "R-1"}, nil
	}); err != nil {
		t.Fatal(err)
	}
}

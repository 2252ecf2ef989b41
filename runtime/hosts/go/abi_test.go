package agentc_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	agentc "github.com/agentc-lang/agentc/runtime/hosts/go"
)

func TestWhatIsNoEventIsAnErrorAndTheInstanceStillDecides(t *testing.T) {
	policy := load(t)
	run := open(t, policy, agentc.Hooks{})
	chance := rand.New(rand.NewPCG(7, 7))
	for range 300 {
		noise := make([]byte, chance.IntN(200))
		for at := range noise {
			noise[at] = byte(chance.Uint32())
		}
		if _, err := run.SendBytes(t.Context(), noise); !errors.Is(err, agentc.ErrInput) {
			t.Fatalf("%x: %v", noise, err)
		}
	}
	for _, event := range []string{`{"event":"call"}`, `{"event":"shout","at":"2026-05-04T10:00:00Z"}`, "[]", "\xff", ""} {
		if _, err := run.SendBytes(t.Context(), []byte(event)); !errors.Is(err, agentc.ErrInput) || !strings.HasPrefix(err.Error(), "an event cannot be read") {
			t.Fatalf("%q: %v", event, err)
		}
	}
	decides(t, policy)
}

func TestTruncatedAndChangedArtifactsAreRefused(t *testing.T) {
	module, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	whole := artifact(t, "refunds")
	refused := func(bytes []byte) {
		t.Helper()
		if _, err := module.Load(t.Context(), agentc.WithArtifact(bytes)); !errors.Is(err, agentc.ErrArtifact) {
			t.Fatal(err)
		}
	}
	for length := 0; length < len(whole); length += 97 {
		refused(whole[:length])
	}
	for at := 0; at < len(whole); at += 131 {
		changed := append([]byte{}, whole...)
		changed[at] ^= 0x55
		refused(changed)
	}
}

func TestAClosedRunDecidesNothing(t *testing.T) {
	policy := load(t)
	run := open(t, policy, agentc.Hooks{})
	for range 2 {
		if err := run.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := run.Decide(t.Context(), "", "get_order", order{"A-1"}); !errors.Is(err, agentc.ErrHandle) {
		t.Fatal(err)
	}
	decides(t, policy)
}

func TestLimitsAreKept(t *testing.T) {
	policy := load(t, agentc.WithLimit(agentc.Runs, 2), agentc.WithLimit(agentc.EventBytes, 2000))
	first, _ := open(t, policy, agentc.Hooks{}), open(t, policy, agentc.Hooks{})
	if _, err := policy.Open(t.Context(), opening("triage_refunds"), agentc.Hooks{}); !errors.Is(err, agentc.ErrLimit) {
		t.Fatal(err)
	}
	note := map[string]string{"order_id": "A-1", "text": strings.Repeat("x", 3000)}
	if _, err := first.Decide(t.Context(), "", "add_note", note); !errors.Is(err, agentc.ErrLimit) {
		t.Fatal(err)
	}
	if err := first.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	decides(t, policy)
}

func TestWhatIsNoModuleOfOursIsRefused(t *testing.T) {
	for name, wasm := range map[string]string{"nonsense": "nonsense", "an empty module": "\x00asm\x01\x00\x00\x00"} {
		if _, err := agentc.Load(t.Context(), []byte(wasm)); !errors.Is(err, agentc.ErrModule) {
			t.Fatal(name, err)
		}
	}
	module, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := module.Load(t.Context()); !errors.Is(err, agentc.ErrArtifact) {
		t.Fatal("a module without a policy: ", err)
	}
}

func TestTheMemoryOfClosedRunsIsUsedAgain(t *testing.T) {
	policy := load(t)
	rounds := func() (uint32, uint32) {
		for range 200 {
			decides(t, policy)
		}
		used, err := policy.MemoryUsed(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return used, policy.MemoryBytes()
	}
	used, size := rounds()
	rounds()
	if again, now := rounds(); again > used+10_000 || now != size {
		t.Fatalf("%d bytes of %d after %d of %d", again, now, used, size)
	}
	if _, err := policy.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestGoroutinesShareAPolicy(t *testing.T) {
	policy := load(t)
	run := open(t, policy, agentc.Hooks{Fetch: fetch})
	var together sync.WaitGroup
	for range 8 {
		together.Go(func() {
			for range 4 {
				answer, err := run.Decide(t.Context(), "", "get_order", order{"A-1"})
				if err != nil || answer.Outcome != agentc.Allow {
					t.Errorf("%+v %v", answer, err)
				}
			}
		})
	}
	together.Wait()
}

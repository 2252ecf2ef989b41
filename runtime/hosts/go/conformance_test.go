package agentc_test

import (
	"bufio"
	"encoding/json"
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
		fmt.Printf("conformance: go (wazero, ledger %s): %d vectors, %d steps, all identical; %d brief and %d previews agree\n",
			place, told.vectors, told.steps, told.steps, told.previews)
	}
}

type conformance struct {
	outside                  bool
	vectors, steps, previews int
}

// essence is the outcome and the deciding rule of an answer.
func essence(t *testing.T, answer string) string {
	var said struct {
		Outcome string
		By      struct{ Rule string }
	}
	if err := json.Unmarshal([]byte(answer), &said); err != nil {
		t.Fatal(err)
	}
	return said.Outcome + " by " + said.By.Rule
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
		// In full, and briefly: an instance and a ledger for each.
		policies [2]*agentc.Policy
		hooks    [2]agentc.Hooks
		runs     map[string][2]*agentc.Run
	)
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16*1024*1024)
	for lines.Scan() {
		mark, rest, _ := strings.Cut(lines.Text(), " ")
		switch mark {
		case "#":
			for way := range policies {
				if policies[way] != nil {
					_ = policies[way].Close(t.Context())
				}
				if policies[way], err = module.Load(t.Context(), agentc.WithArtifact(program)); err != nil {
					t.Fatal(err)
				}
				hooks[way] = agentc.Hooks{}
				if c.outside {
					hooks[way].Ledger = &agentc.MemoryLedger{}
				}
			}
			title, runs = rest, map[string][2]*agentc.Run{}
			c.vectors++
		case ">":
			run, event, _ = strings.Cut(rest, " ")
			if runs[run][0] == nil {
				var made [2]*agentc.Run
				for way := range made {
					if made[way], err = policies[way].NewRun(t.Context(), hooks[way]); err != nil {
						t.Fatal(err)
					}
				}
				runs[run] = made
			}
		case "<", "!":
			if mark == "<" && strings.HasPrefix(rest, `{"answer":"call"`) && !strings.HasPrefix(essence(t, rest), "refused") {
				preview, err := runs[run][0].PreviewBytes(t.Context(), []byte(event))
				if got := fmt.Sprintf("%s by %s", preview.Outcome, preview.Rule); err != nil || got != essence(t, rest) {
					t.Fatalf("%s, `%s`, previewed\n  sent   %s\n  wanted %s\n  got    %s %v", name, title, event, essence(t, rest), got, err)
				}
				c.previews++
			}
			got, said := "<", ""
			answer, err := runs[run][0].SendBytes(t.Context(), []byte(event))
			brief, failed := runs[run][1].SendBytes(t.Context(), []byte(event), agentc.Brief)
			if (err == nil) != (failed == nil) || (err == nil && essence(t, string(brief)) != essence(t, rest)) {
				t.Fatalf("%s, `%s`, briefly\n  sent   %s\n  wanted %s\n  got    %s %v", name, title, event, rest, brief, failed)
			}
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
	for _, policy := range policies {
		_ = policy.Close(t.Context())
	}
}

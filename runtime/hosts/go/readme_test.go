package agentc_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// TestTheExampleOfTheReadme runs it in a module of its own, as a new user would, with nothing but the module beside it.
func TestTheExampleOfTheReadme(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile("(?s)```go\n(.*?)```").FindSubmatch(readme)
	printed := regexp.MustCompile("(?s)```text\n(.*?)```").FindSubmatch(readme)
	wasm, err := os.ReadFile(os.Getenv("AGENTC_REFUNDS_WASM"))
	if err != nil {
		t.Fatal("AGENTC_REFUNDS_WASM names no module; run runtime/hosts/go/test.sh: ", err)
	}
	host, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for name, bytes := range map[string][]byte{"main.go": code[1], "refunds.wasm": wasm} {
		if err := os.WriteFile(filepath.Join(folder, name), bytes, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := func(args ...string) string {
		command := exec.Command("go", args...)
		command.Dir = folder
		said, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("go %v: %v\n%s", args, err, said)
		}
		return string(said)
	}
	run("mod", "init", "example.com/refunds")
	run("mod", "edit", "-replace", "github.com/agentc-lang/agentc/runtime/hosts/go="+host)
	run("mod", "tidy")
	if said := run("run", "."); said != string(printed[1]) {
		t.Fatalf("it printed\n%s", said)
	}
}

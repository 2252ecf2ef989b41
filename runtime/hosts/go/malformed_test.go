package agentc_test

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// TestMalformed makes every call of tests/conformance/malformed.txt past the package: what is malformed is an error each, and the
// instance still decides.
func TestMalformed(t *testing.T) {
	list, err := os.ReadFile(filepath.Join(vectors, "malformed.txt"))
	if err != nil {
		t.Fatal(err)
	}
	wasm, err := os.ReadFile(os.Getenv("AGENTC_WASM"))
	if err != nil {
		t.Fatal("AGENTC_WASM names no module; run runtime/hosts/go/test.sh: ", err)
	}
	engine := wazero.NewRuntime(t.Context())
	t.Cleanup(func() { _ = engine.Close(t.Context()) })
	module, err := engine.CompileModule(t.Context(), wasm)
	if err != nil {
		t.Fatal(err)
	}
	var (
		raw     *instance
		program []byte
		probe   string
		errors  int
	)
	for number, line := range strings.Split(string(list), "\n") {
		if line == "" {
			continue
		}
		mark, rest := line[0], line[2:]
		first, call, _ := strings.Cut(rest, " ")
		where := fmt.Sprintf("line %d: %.300s", number+1, line)
		switch mark {
		case '%':
			program = artifact(t, rest)
		case '#':
			loaded, err := engine.InstantiateModule(t.Context(), module, wazero.NewModuleConfig().WithName(""))
			if err != nil {
				t.Fatal(where, err)
			}
			raw = &instance{t: t, module: loaded, artifact: program, named: map[string]int64{}}
		case '~':
			probe = rest
		case '=':
			given := raw.call(call)
			if given <= 0 {
				t.Fatalf("%s: %d, %s", where, given, raw.said)
			}
			raw.named[first] = int64(given)
		case '!':
			status := raw.call(call)
			if strconv.Itoa(int(status)) != first {
				t.Fatalf("%s: %d, %s", where, status, raw.said)
			}
			if status >= 0 {
				continue
			}
			errors++
			said := raw.said
			if said == "" || !utf8.ValidString(said) || strings.Contains(said, `"outcome"`) {
				t.Fatalf("%s: %q", where, said)
			}
			wanted, asked, _ := strings.Cut(probe, " ")
			if got := raw.call(asked); strconv.Itoa(int(got)) != wanted {
				t.Fatalf("after %s: %d, %s", where, got, raw.said)
			}
			raw.said = said
		case '<':
			if !strings.Contains(raw.said, rest) {
				t.Fatalf("%s: %s", where, raw.said)
			}
		}
	}
	fmt.Printf("malformed: go (wazero): %d calls, an error each, and every instance still decides\n", errors)
	if errors < 400 {
		t.Fatalf("there are only %d errors", errors)
	}
}

// instance is one of the module as its ABI has it, with the handles and addresses that it gave.
type instance struct {
	t        *testing.T
	module   api.Module
	artifact []byte
	named    map[string]int64
	said     string
}

func (i *instance) function(name string, numbers ...int64) int32 {
	i.t.Helper()
	stack := []uint64{0}
	for at, number := range numbers {
		stack = append(stack[:at], api.EncodeU32(uint32(number)))
	}
	if err := i.module.ExportedFunction(name).CallWithStack(i.t.Context(), stack); err != nil {
		i.t.Fatalf("%s%v trapped: %v", name, numbers, err)
	}
	return api.DecodeI32(stack[0])
}

// call makes the call `FUNCTION ARGUMENT…`, and takes its output.
func (i *instance) call(line string) int32 {
	i.t.Helper()
	words := strings.Split(line, " ")
	var numbers []int64
	for at, word := range words[1:] {
		if slices.Contains([]string{"text", "hex", "whole", "cut", "flip"}, word) {
			data := i.bytes(word, strings.Join(words[at+2:], " "))
			address := int64(uint32(i.function("agentc_alloc", int64(len(data)))))
			if !i.module.Memory().Write(uint32(address), data) {
				i.t.Fatal("a buffer lies outside of the memory")
			}
			status := i.function(words[0], append(numbers, address, int64(len(data)))...)
			i.said = i.output()
			if i.function("agentc_free", address) != 0 {
				i.t.Fatal("the buffer cannot be given back")
			}
			return status
		}
		numbers = append(numbers, i.number(word))
	}
	status := i.function(words[0], numbers...)
	i.said = i.output()
	return status
}

var named = regexp.MustCompile(`^\$(\w+)([+-]\d+)?$`)

// number reads a number, or a name with a number added: `$buffer+1`.
func (i *instance) number(word string) int64 {
	name := named.FindStringSubmatch(word)
	if name == nil {
		return whole(i.t, word)
	}
	if name[2] == "" {
		return i.named[name[1]]
	}
	return i.named[name[1]] + whole(i.t, name[2])
}

// bytes makes what stands for bytes: in the module's memory they are an address and a length.
func (i *instance) bytes(kind, rest string) []byte {
	share := func(thousandths string) int { return len(i.artifact) * int(whole(i.t, thousandths)) / 1000 }
	switch kind {
	case "text":
		return []byte(rest)
	case "hex":
		data, err := hex.DecodeString(rest)
		if err != nil {
			i.t.Fatal(err)
		}
		return data
	case "cut":
		return i.artifact[:share(rest)]
	case "flip":
		place, bits, _ := strings.Cut(rest, " ")
		changed := slices.Clone(i.artifact)
		changed[share(place)] ^= byte(whole(i.t, bits))
		return changed
	}
	return i.artifact
}

func (i *instance) output() string {
	address, length := uint32(i.function("agentc_output")), uint32(i.function("agentc_output_len"))
	view, there := i.module.Memory().Read(address, length)
	if !there {
		i.t.Fatal("the output lies outside of the memory")
	}
	return string(view)
}

func whole(t *testing.T, text string) int64 {
	t.Helper()
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return number
}

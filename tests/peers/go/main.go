// Serves OPA or cel-go on a case, by the orders that ../worker describes.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// engine is a policy with the requests of one case. Decisions are the letters of ../worker; 'x' is a failure.
type engine interface {
	// ready makes sessions, records and requests ready.
	ready(world *world) error
	fromBytes(at int) byte
	prepared(at int) byte
}

// loader loads a policy's text: all that is needed once a policy.
type loader struct {
	files string
	load  func(source []string) (engine, error)
}

var loaders = map[string]loader{
	"opa":    {"policy_*.rego", loadOPA},
	"cel-go": {"rules.cel", loadCEL},
}

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve() error {
	if len(os.Args) != 3 {
		return fmt.Errorf("an engine and a folder are wanted")
	}
	loader, ok := loaders[os.Args[1]]
	if !ok {
		return fmt.Errorf("no engine: %s", os.Args[1])
	}
	source, size, err := read(os.Args[2], loader.files)
	if err != nil {
		return err
	}
	before := status("VmRSS:")
	began := time.Now()
	engine, err := loader.load(source)
	if err != nil {
		say(map[string]string{"refused": err.Error()})
		return nil
	}
	loadNs := time.Since(began).Nanoseconds()
	// What loading left behind is not what the policy takes.
	runtime.GC()
	debug.FreeOSMemory()
	loaded := status("VmRSS:")
	world, err := readWorld(os.Args[2])
	if err != nil {
		return err
	}
	if err := engine.ready(world); err != nil {
		return err
	}
	say(map[string]any{
		"load_ns": loadNs, "bytes": size, "requests": len(world.requests),
		"memory": map[string]int64{"before_kb": before, "loaded_kb": loaded},
	})
	orders := bufio.NewScanner(os.Stdin)
	for orders.Scan() {
		words := strings.Fields(orders.Text())
		switch {
		case len(words) == 1 && words[0] == "quit":
			say(map[string]int64{"peak_kb": status("VmHWM:")})
			return nil
		case len(words) == 1 && words[0] == "load":
			runtime.GC()
			began := time.Now()
			if _, err := loader.load(source); err != nil {
				return err
			}
			say(map[string]int64{"ns": time.Since(began).Nanoseconds()})
		case len(words) == 4:
			if err := run(engine, len(world.requests), words); err != nil {
				return err
			}
		default:
			return fmt.Errorf("no order: %s", orders.Text())
		}
	}
	return orders.Err()
}

// read gives the files of that pattern in the order of their names, and their bytes.
func read(folder, pattern string) ([]string, int, error) {
	paths, err := filepath.Glob(filepath.Join(folder, pattern))
	if err != nil {
		return nil, 0, err
	}
	var texts []string
	size := 0
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, 0, err
		}
		texts = append(texts, string(text))
		size += len(text)
	}
	return texts, size, nil
}

func run(engine engine, requests int, words []string) error {
	from, err := strconv.Atoi(words[2])
	if err != nil {
		return err
	}
	count, err := strconv.Atoi(words[3])
	if err != nil {
		return err
	}
	decide := engine.prepared
	if words[1] == "bytes" {
		decide = engine.fromBytes
	}
	switch words[0] {
	case "decide":
		letters := make([]byte, count)
		for at := range letters {
			letters[at] = decide((from + at) % requests)
		}
		say(map[string]string{"decisions": string(letters)})
	case "pass":
		began := time.Now()
		for at := range count {
			decide((from + at) % requests)
		}
		say(map[string]int64{"ns": time.Since(began).Nanoseconds()})
	case "each":
		each := make([]int64, count)
		for at := range each {
			began := time.Now()
			decide((from + at) % requests)
			each[at] = time.Since(began).Nanoseconds()
		}
		say(map[string][]int64{"each": each})
	default:
		return fmt.Errorf("no order: %s", words[0])
	}
	return nil
}

func say(answer any) {
	text, err := json.Marshal(answer)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(text))
}

// status is a figure of this process in kilobytes; 0 where the system does not tell.
func status(name string) int64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			figure, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return figure
		}
	}
	return 0
}

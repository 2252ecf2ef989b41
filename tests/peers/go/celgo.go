package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
)

// celgo is a program a rule, in the four lists that the host asks in turn.
type celgo struct {
	denies, allows, escalates, gates []cel.Program
	sessions                         []map[string]any
	accounts                         map[string]map[string]any
	requests                         []request
	variables                        []map[string]any
}

func loadCEL(source []string) (engine, error) {
	fields := cel.MapType(cel.StringType, cel.DynType)
	env, err := cel.NewEnv(
		cel.Variable("verb", cel.StringType), cel.Variable("session", fields), cel.Variable("args", fields), cel.Variable("account", fields),
	)
	if err != nil {
		return nil, err
	}
	loaded := &celgo{}
	lists := map[string]*[]cel.Program{"deny": &loaded.denies, "allow": &loaded.allows, "escalate": &loaded.escalates, "gate": &loaded.gates}
	for line := range strings.Lines(source[0]) {
		name, expression, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		list, ok := lists[name]
		if !ok {
			return nil, fmt.Errorf("no list: %s", name)
		}
		tree, issues := env.Compile(expression)
		if issues.Err() != nil {
			return nil, issues.Err()
		}
		program, err := env.Program(tree, cel.EvalOptions(cel.OptOptimize))
		if err != nil {
			return nil, err
		}
		*list = append(*list, program)
	}
	return loaded, nil
}

func (c *celgo) ready(world *world) error {
	c.sessions, c.accounts, c.requests = world.sessions, world.accounts, world.requests
	for _, request := range world.requests {
		variables, err := c.read(request)
		if err != nil {
			return err
		}
		c.variables = append(c.variables, variables)
	}
	return nil
}

func (c *celgo) read(request request) (map[string]any, error) {
	var call struct {
		Verb string         `json:"verb"`
		Args map[string]any `json:"args"`
	}
	if err := json.Unmarshal(request.line, &call); err != nil {
		return nil, err
	}
	id, _ := call.Args["account"].(string)
	account, ok := c.accounts[id]
	if !ok {
		return nil, fmt.Errorf("no account: %s", id)
	}
	return map[string]any{"verb": call.Verb, "args": call.Args, "session": c.sessions[request.session], "account": account}, nil
}

func (c *celgo) fromBytes(at int) byte {
	variables, err := c.read(c.requests[at])
	if err != nil {
		return 'x'
	}
	return c.decide(variables)
}

func (c *celgo) prepared(at int) byte {
	return c.decide(c.variables[at])
}

func (c *celgo) decide(variables map[string]any) byte {
	for _, step := range []struct {
		rules  []cel.Program
		holds  bool
		letter byte
	}{{c.denies, true, 'd'}, {c.allows, false, 'd'}, {c.escalates, true, 'e'}, {c.gates, true, 'p'}} {
		holds, err := holdsAny(step.rules, variables)
		if err != nil {
			return 'x'
		}
		if holds == step.holds {
			return step.letter
		}
	}
	return 'a'
}

func holdsAny(rules []cel.Program, variables map[string]any) (bool, error) {
	for _, rule := range rules {
		value, _, err := rule.Eval(variables)
		if err != nil {
			return false, err
		}
		if value == types.True {
			return true, nil
		}
	}
	return false, nil
}

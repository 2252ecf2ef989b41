package main

import (
	"bytes"
	"context"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
)

// opa is a prepared query; its rules are indexed by OPA itself.
type opa struct {
	compiler *ast.Compiler
	query    rego.PreparedEvalQuery
	sessions []*ast.Term
	requests []request
	inputs   []ast.Value
}

func loadOPA(source []string) (engine, error) {
	modules := map[string]string{}
	for at, module := range source {
		modules[fmt.Sprintf("policy_%d.rego", at)] = module
	}
	compiler, err := ast.CompileModulesWithOpt(modules, ast.CompileOpts{
		ParserOptions: ast.ParserOptions{RegoVersion: ast.RegoV1},
	})
	if err != nil {
		return nil, err
	}
	return &opa{compiler: compiler}, nil
}

func (o *opa) ready(world *world) error {
	accounts := map[string]any{}
	for id, account := range world.accounts {
		accounts[id] = account
	}
	ctx := context.Background()
	// Read as terms, so that no decision converts the records.
	store := inmem.NewFromObjectWithOpts(map[string]any{"accounts": accounts}, inmem.OptReturnASTValuesOnRead(true))
	txn, err := store.NewTransaction(ctx, storage.TransactionParams{})
	if err != nil {
		return err
	}
	store.Abort(ctx, txn)
	query, err := rego.New(rego.Query("data.agents.outcome"), rego.Compiler(o.compiler), rego.Store(store)).PrepareForEval(ctx)
	if err != nil {
		return err
	}
	o.query = query
	for _, session := range world.sessions {
		value, err := ast.InterfaceToValue(session)
		if err != nil {
			return err
		}
		o.sessions = append(o.sessions, ast.NewTerm(value))
	}
	o.requests = world.requests
	for _, request := range world.requests {
		input, err := o.input(request)
		if err != nil {
			return err
		}
		o.inputs = append(o.inputs, input)
	}
	return nil
}

// input is the call as it is, and the session that it came in by.
func (o *opa) input(request request) (ast.Value, error) {
	value, err := ast.ValueFromReader(bytes.NewReader(request.line))
	if err != nil {
		return nil, err
	}
	value.(ast.Object).Insert(ast.StringTerm("session"), o.sessions[request.session])
	return value, nil
}

func (o *opa) fromBytes(at int) byte {
	input, err := o.input(o.requests[at])
	if err != nil {
		return 'x'
	}
	return o.decide(input)
}

func (o *opa) prepared(at int) byte {
	return o.decide(o.inputs[at])
}

func (o *opa) decide(input ast.Value) byte {
	results, err := o.query.Eval(context.Background(), rego.EvalParsedInput(input))
	if err != nil || len(results) != 1 {
		return 'x'
	}
	switch results[0].Expressions[0].Value {
	case "allow":
		return 'a'
	case "approval":
		return 'p'
	case "deny":
		return 'd'
	case "escalate":
		return 'e'
	}
	return 'x'
}

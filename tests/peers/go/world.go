package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// world is what a host holds besides the policy, and the requests.
type world struct {
	sessions []map[string]any
	accounts map[string]map[string]any
	requests []request
}

type request struct {
	session int
	line    []byte
}

func readWorld(folder string) (*world, error) {
	var found world
	if err := readJSON(folder+"/sessions.json", &found.sessions); err != nil {
		return nil, err
	}
	var accounts []map[string]any
	if err := readJSON(folder+"/accounts.json", &accounts); err != nil {
		return nil, err
	}
	found.accounts = map[string]map[string]any{}
	for _, account := range accounts {
		found.accounts[account["id"].(string)] = account
	}
	text, err := os.ReadFile(folder + "/requests.txt")
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(text)) {
		session, call, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if !ok {
			return nil, fmt.Errorf("a request without a session")
		}
		at, err := strconv.Atoi(session)
		if err != nil {
			return nil, err
		}
		found.requests = append(found.requests, request{at, []byte(call)})
	}
	return &found, nil
}

func readJSON(path string, into any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

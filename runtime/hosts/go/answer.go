package agentc

import (
	"encoding/json"
	"time"
)

// Outcome is what an event is answered.
type Outcome string

// The outcomes of calls and approvals, then those of other events.
const (
	Allow    Outcome = "allow"
	Need     Outcome = "need"
	Approval Outcome = "approval"
	Deny     Outcome = "deny"
	Escalate Outcome = "escalate"
	Paused   Outcome = "paused"

	Taken   Outcome = "taken"
	Denied  Outcome = "refused"
	Done    Outcome = "done"
	NotDone Outcome = "not_done"
)

// Answer is what one event is answered; runtime/events.md describes each member.
type Answer struct {
	Answer    string            `json:"answer"`
	Run       string            `json:"run"`
	At        time.Time         `json:"at"`
	Call      string            `json:"call"`
	Outcome   Outcome           `json:"outcome"`
	By        *Rule             `json:"by"`
	Fired     []Rule            `json:"fired"`
	Shadow    []Rule            `json:"shadow"`
	Values    []json.RawMessage `json:"values"`
	Model     string            `json:"model"`
	Person    string            `json:"person"`
	Retry     string            `json:"retry"`
	Allow     *Allowed          `json:"allow"`
	Needs     []Wanted          `json:"needs"`
	Approvals []Request         `json:"approvals"`
	Shows     json.RawMessage   `json:"shows"`
	Undo      []json.RawMessage `json:"undo"`
	Verdict   json.RawMessage   `json:"verdict"`
	Settled   []json.RawMessage `json:"settled"`
	Escalated json.RawMessage   `json:"escalated"`

	// Bytes is the answer as it came.
	Bytes []byte `json:"-"`
}

// Rule is a rule that fired.
type Rule struct {
	Rule    string `json:"rule"`
	Effect  string `json:"effect"`
	Because string `json:"because"`
	File    string `json:"file"`
	Line    int    `json:"line"`
}

// Allowed is what may be executed: exactly this, once.
type Allowed struct {
	Verb string `json:"verb"`
	// Args are the bytes that were decided: pass them on as they are.
	Args         json.RawMessage `json:"args"`
	ValidUntil   time.Time       `json:"valid_until"`
	RetainUntil  time.Time       `json:"retain_until"`
	Compensation json.RawMessage `json:"compensation"`
	Reserve      json.RawMessage `json:"reserve"`
}

// Wanted is a record to fetch from its source, not through the agent.
type Wanted struct {
	Source string          `json:"source"`
	Record string          `json:"record"`
	Key    json.RawMessage `json:"key"`
	Verb   string          `json:"verb"`
	Args   json.RawMessage `json:"args"`
	Why    string          `json:"why"`
}

// Request says whom to ask, and what to show them.
type Request struct {
	Request    string            `json:"request"`
	Gate       Rule              `json:"gate"`
	Approvers  []json.RawMessage `json:"approvers"`
	Show       json.RawMessage   `json:"show"`
	Values     json.RawMessage   `json:"values"`
	Expires    time.Time         `json:"expires"`
	Difference json.RawMessage   `json:"difference"`
}

// Identity is somebody whom the host vouches for.
type Identity struct {
	ID    string
	Roles []string
	// More holds the attributes that the policy's identity declares.
	More map[string]any
}

// MarshalJSON writes the identity as events carry it.
func (i Identity) MarshalJSON() ([]byte, error) {
	members := map[string]any{}
	for name, value := range i.More {
		members[name] = value
	}
	members["id"] = i.ID
	members["roles"] = append([]string{}, i.Roles...)
	return json.Marshal(members)
}

// Vote is what a person answered to a request.
type Vote struct {
	By      Identity
	Approve bool
}

// Info is what a policy says of itself.
type Info struct {
	Policy  string   `json:"policy"`
	Version string   `json:"version"`
	Digest  string   `json:"digest"`
	Jobs    []string `json:"jobs"`
	Verbs   []struct {
		Verb string `json:"verb"`
		Tool string `json:"tool"`
		Kind string `json:"kind"`
	} `json:"verbs"`
}

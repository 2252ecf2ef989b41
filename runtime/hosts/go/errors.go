package agentc

import "errors"

// What can go wrong between a call and its decision. None of these allows anything. Use [errors.Is].
var (
	// ErrInput: the bytes are no event; the text names the place.
	ErrInput = errors.New("no event")
	// ErrArtifact: the artifact cannot be loaded, or the module holds no policy of its own.
	ErrArtifact = errors.New("no artifact")
	// ErrHandle: the run or the policy was closed.
	ErrHandle = errors.New("closed")
	// ErrLimit: a limit is in the way; the text says which.
	ErrLimit = errors.New("limit")
	// ErrLedger: the counters could not be written, or others wrote them again and again.
	ErrLedger = errors.New("ledger")
	// ErrModule: the module is none of ours, or broke. A broken one decides nothing any more.
	ErrModule = errors.New("module")
	// ErrNoRun: a guarded tool was called with a context that carries no run. It was not executed.
	ErrNoRun = errors.New("there is no run in this context, so nothing is allowed; put one there with WithRun")
	// ErrUnavailable is returned by a Fetch: the source cannot be reached.
	ErrUnavailable = errors.New("the source cannot be reached")
)

// failure is an error with the module's own sentence.
type failure struct {
	kind error
	text string
}

func (f *failure) Error() string { return f.text }

func (f *failure) Unwrap() error { return f.kind }

func fail(kind error, text string) error { return &failure{kind, text} }

// NotAllowed says that a call was not executed. Its text is the sentence for the model; Answer says the rest.
type NotAllowed struct {
	Answer *Answer
}

func (e *NotAllowed) Error() string {
	if e.Answer.Model != "" {
		return e.Answer.Model
	}
	return e.Answer.Person
}

// NotOpened says that a run cannot be opened, and why.
type NotOpened struct {
	Answer *Answer
}

func (e *NotOpened) Error() string { return e.Answer.Person }

// Refused is returned by a tool: the system refused the call in a word of its own, and nothing happened.
type Refused string

func (e Refused) Error() string { return "refused: " + string(e) }

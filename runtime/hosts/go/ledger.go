package agentc

import (
	"context"
	"encoding/json"
	"sync"
)

// Cell is a counter, an approval or a pause as it was at one moment. One that holds nothing has version 0 and no value.
type Cell struct {
	Key     string          `json:"key"`
	Version uint64          `json:"version"`
	Value   json.RawMessage `json:"value,omitempty"`
}

// Change is what a decision wants of one cell: Write is "set", "keep" or "clear".
type Change struct {
	Key       string          `json:"key"`
	Expected  uint64          `json:"expected"`
	Write     string          `json:"write"`
	Value     json.RawMessage `json:"value"`
	KeepUntil string          `json:"keep_until"`
}

// Ledger is where several processes share cells: anything that can compare and set several rows at once.
type Ledger interface {
	// Load gives all these cells as they are at one moment.
	Load(ctx context.Context, keys []string) ([]Cell, error)
	// Commit makes all changes, or none: false where a cell has another version than Expected, those that are kept included. A "set" gives
	// its cell a version that it never had.
	Commit(ctx context.Context, changes []Change) (bool, error)
}

// MemoryLedger is a ledger in this process's memory. Its zero value is empty and ready.
type MemoryLedger struct {
	lock  sync.Mutex
	cells map[string]Cell
	last  uint64
}

// Load gives cells as they are.
func (l *MemoryLedger) Load(_ context.Context, keys []string) ([]Cell, error) {
	l.lock.Lock()
	defer l.lock.Unlock()
	cells := make([]Cell, 0, len(keys))
	for _, key := range keys {
		cell := l.cells[key]
		cell.Key = key
		cells = append(cells, cell)
	}
	return cells, nil
}

// Commit makes all changes, or none.
func (l *MemoryLedger) Commit(_ context.Context, changes []Change) (bool, error) {
	l.lock.Lock()
	defer l.lock.Unlock()
	for _, change := range changes {
		if l.cells[change.Key].Version != change.Expected {
			return false, nil
		}
	}
	if l.cells == nil {
		l.cells = map[string]Cell{}
	}
	for _, change := range changes {
		switch change.Write {
		case "set":
			l.last++
			l.cells[change.Key] = Cell{Key: change.Key, Version: l.last, Value: change.Value}
		case "clear":
			delete(l.cells, change.Key)
		}
	}
	return true, nil
}

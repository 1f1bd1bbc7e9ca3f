package ledger

import (
	"slices"
	"sync"
)

// freshBytes bounds what is kept for the reader; what does not fit is read from the database.
const freshBytes = 8 << 20

// fresh keeps what this process has just committed, until its reader has passed it: the reader need not ask the
// database for what the same process has in its hands.
type fresh struct {
	mu    sync.Mutex
	on    bool // since somebody reads
	runs  []freshRun
	bytes int
}

// freshRun is the entries of one commit.
type freshRun struct {
	first uint64
	rows  []row
}

func (r freshRun) end() uint64 { return r.first + uint64(len(r.rows)) }

func (f *fresh) start() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.on = true
}

// put keeps entries whose commit was acknowledged. Commits are acknowledged in any order.
func (f *fresh) put(first uint64, pending []pendingEntry) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.on {
		return
	}
	run := freshRun{first: first, rows: make([]row, len(pending))}
	for i := range pending {
		leaf := pending[i].leaf // a copy, so that the draft with its open parts is not kept alive
		run.rows[i] = row{Seq: first + uint64(i), Body: pending[i].body.raw, Leaf: leaf[:]}
		f.bytes += len(pending[i].body.raw)
	}
	at, _ := slices.BinarySearchFunc(f.runs, first, func(r freshRun, first uint64) int {
		if r.first < first {
			return -1
		}
		return 1
	})
	f.runs = slices.Insert(f.runs, at, run)
	for f.bytes > freshBytes {
		f.dropOldest()
	}
}

// from gives up to limit entries from seq next on without gaps, and forgets those before. None when the next one
// is not here.
func (f *fresh) from(next uint64, limit int) []row {
	f.mu.Lock()
	defer f.mu.Unlock()
	for len(f.runs) > 0 && f.runs[0].end() <= next {
		f.dropOldest()
	}
	var rows []row
	for _, run := range f.runs {
		if run.first > next || len(rows) == limit {
			break
		}
		some := run.rows[next-run.first:]
		some = some[:min(len(some), limit-len(rows))]
		rows = append(rows, some...)
		next += uint64(len(some))
	}
	return rows
}

func (f *fresh) dropOldest() {
	for _, r := range f.runs[0].rows {
		f.bytes -= len(r.Body)
	}
	f.runs = slices.Delete(f.runs, 0, 1)
}

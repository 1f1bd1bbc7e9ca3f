package backup

import (
	"bufio"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

// Erasures is a file outside the database that lists whose keys were destroyed, a line each: the time, a space and the
// subject, which names nobody. A backup from before still has those keys; with the list they are destroyed again before
// anybody is served from what was restored. It is safe to lose: it is written anew from the database.
type Erasures struct {
	path  string
	db    *mysql.DB
	log   *slog.Logger
	known map[seal.Subject]bool // nil before the file was read
}

// NewErasures lists the keys of a database in a file.
func NewErasures(path string, db *mysql.DB, log *slog.Logger) *Erasures {
	return &Erasures{path: path, db: db, log: log}
}

const (
	erasuresInterval = 15 * time.Second
	erasuresPage     = 1000
	selectDestroyed  = "SELECT subject, destroyed_at FROM seal_key WHERE destroyed_at IS NOT NULL AND subject > ? ORDER BY subject LIMIT ?"
)

// Run keeps the file up to date until ctx ends.
func (e *Erasures) Run(ctx context.Context) error {
	failing := false
	for ctx.Err() == nil {
		err := e.Update(ctx)
		if err != nil && ctx.Err() == nil && !failing {
			e.log.Warn("whose keys were destroyed could not be listed outside; it is tried again", "file", e.path, "error", err)
		}
		failing = err != nil
		rest(ctx, erasuresInterval)
	}
	return nil
}

// Update adds to the file what it lacks, and returns once that is on disk. There is one caller at a time.
func (e *Erasures) Update(ctx context.Context) error {
	if err := e.read(); err != nil {
		return err
	}
	var lacking []destroyed
	for last := seal.Subject(""); ; {
		var page []destroyed
		if err := e.db.Select(ctx, &page, selectDestroyed, last, erasuresPage); err != nil {
			return err
		}
		for _, d := range page {
			if !e.known[d.Subject] {
				lacking = append(lacking, d)
			}
		}
		if len(page) < erasuresPage {
			break
		}
		last = page[len(page)-1].Subject
	}
	return e.add(lacking)
}

type destroyed struct {
	Subject seal.Subject `db:"subject"`
	At      time.Time    `db:"destroyed_at"`
}

// read reads the file once, and again when it has gone.
func (e *Erasures) read() error {
	_, err := os.Stat(e.path)
	if e.known != nil && err == nil {
		return nil
	}
	e.known = map[seal.Subject]bool{}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	listed, err := ReadErasures(e.path)
	for _, s := range listed {
		e.known[s] = true
	}
	return err
}

// add appends lines. A line that a crash left half written is closed off, so that it spoils nothing behind it.
func (e *Erasures) add(lacking []destroyed) (err error) {
	if len(lacking) == 0 {
		return nil
	}
	f, err := os.OpenFile(e.path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return unwritable(e.path, err)
	}
	var text strings.Builder
	text.WriteString("\n")
	for _, d := range lacking {
		text.WriteString(d.At.UTC().Format(time.RFC3339) + " " + string(d.Subject) + "\n")
	}
	_, err = f.WriteString(text.String())
	if err := errors.Join(err, f.Sync(), f.Close(), syncDirectory(filepath.Dir(e.path))); err != nil {
		e.known = nil // what is in it, only the file can tell
		return unwritable(e.path, err)
	}
	for _, d := range lacking {
		e.known[d.Subject] = true
	}
	return nil
}

// ReadErasures reads the subjects from a list, each once. Lines that are none are passed over.
func ReadErasures(path string) ([]seal.Subject, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	var listed []seal.Subject
	seen := map[seal.Subject]bool{}
	for lines := bufio.NewScanner(f); ; {
		if !lines.Scan() {
			if err := lines.Err(); err != nil {
				return nil, fault.Wrap(err, fault.BadInput, "%s cannot be read: %v.", path, err)
			}
			return listed, nil
		}
		at, subject, found := strings.Cut(lines.Text(), " ")
		if _, err := time.Parse(time.RFC3339, at); err != nil || !found || seen[seal.Subject(subject)] {
			continue
		}
		seen[seal.Subject(subject)] = true
		listed = append(listed, seal.Subject(subject))
	}
}

func rest(ctx context.Context, pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

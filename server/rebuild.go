package main

import (
	"fmt"
	"time"

	"github.com/keytrail/keytrail/server/config"
)

type rebuildCommand struct {
	config.Store `embed:""`
}

// Run builds the tables that queries are answered from anew. It may run beside a server.
func (c rebuildCommand) Run(p program) error {
	return withCore(p, c.Store, func(s *services) error { return c.rebuild(p, s) })
}

func (c rebuildCommand) rebuild(p program, s *services) error {
	progress := newProgress(p.out, time.Now)
	found, err := s.ledger.Rebuild(p.ctx, progress.show)
	progress.end()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.out, "Rebuilt from %d entries in %s: %d index rows, %d rows of addresses, references, reviews and words, and %d counts were not as they had to be.\n",
		found.Entries, progress.took().Round(time.Millisecond), found.IndexRows, found.AddressRows+found.ReferenceRows+found.ObjectRows+found.ReviewRows+found.WordRows, found.Counts)
	return err
}

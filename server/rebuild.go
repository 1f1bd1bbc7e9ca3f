package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/keytrail/keytrail/server/config"
)

type rebuildCommand struct {
	config.Store `embed:""`
}

// Run builds the tables that queries are answered from anew. It may run beside a server.
func (c rebuildCommand) Run(p program) (err error) {
	if err := c.Validate(); err != nil {
		return err
	}
	opened, err := openBeside(p.ctx, c.Store, p.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.close()) }()
	s, err := newCore(p.ctx, opened.db, c.Store, p.log)
	if err != nil {
		return err
	}
	progress := newProgress(p.out, time.Now)
	found, err := s.ledger.Rebuild(p.ctx, progress.show)
	progress.end()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.out, "Rebuilt from %d entries in %s: %d index rows, %d address rows and %d counts were not as they had to be.\n",
		found.Entries, progress.took().Round(time.Millisecond), found.IndexRows, found.AddressRows, found.Counts)
	return err
}

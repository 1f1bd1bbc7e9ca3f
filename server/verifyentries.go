package main

import (
	"fmt"
	"os"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger/verify"
)

// entries verifies an export with proofs.
func (c verifyCommand) entries(p program) error {
	f, err := c.given(c.Entries)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	start := time.Now()
	report, err := verify.Export(f, c.Key)
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "%s cannot be read: %v.", c.Entries, err)
	}
	if err := c.tell(p, "export", &report.Report); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "The export is intact: %s, checked in %s.\nEach entry is proved under the checkpoint in front of it. Nothing proves names, changes and what was opened for whoever exported it, nor that no other\nentry fits what was asked for.\n",
		report, time.Since(start).Round(time.Millisecond))
	return nil
}

// given opens a file that somebody gave, once the key is one.
func (c verifyCommand) given(path string) (*os.File, error) {
	if _, err := parseVerifier(c.Key); err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.Wrap(err, fault.BadInput, "%s cannot be read: %v.", path, err)
	}
	return f, nil
}

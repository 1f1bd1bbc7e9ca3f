package main

import (
	"fmt"
	"os"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger/verify"
)

// bundle verifies a case bundle.
func (c verifyCommand) bundle(p program) error {
	if _, err := parseVerifier(c.Key); err != nil {
		return err
	}
	f, err := os.Open(c.Bundle)
	if err != nil {
		return fault.Wrap(err, fault.BadInput, "%s cannot be read: %v.", c.Bundle, err)
	}
	defer func() { _ = f.Close() }()
	about, err := f.Stat()
	if err != nil {
		return fault.Wrap(err, fault.BadInput, "%s cannot be read: %v.", c.Bundle, err)
	}
	start := time.Now()
	report, err := verify.Bundle(f, about.Size(), c.Key)
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "%s cannot be read: %v.", c.Bundle, err)
	}
	if err := c.tell(p, "bundle", &report.Report); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "The bundle is intact: %s, checked in %s.\nNo hash covers readable.ndjson, and nothing proves that no other entry fits what was asked for.\n",
		report, time.Since(start).Round(time.Millisecond))
	return nil
}

// entries verifies an export with proofs.
func (c verifyCommand) entries(p program) error {
	if _, err := parseVerifier(c.Key); err != nil {
		return err
	}
	f, err := os.Open(c.Entries)
	if err != nil {
		return fault.Wrap(err, fault.BadInput, "%s cannot be read: %v.", c.Entries, err)
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

package main

import (
	"fmt"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger/verify"
)

// bundle verifies a case bundle.
func (c verifyCommand) bundle(p program) error {
	f, err := c.given(c.Bundle)
	if err != nil {
		return err
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

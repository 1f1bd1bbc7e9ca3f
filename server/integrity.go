package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/sync/errgroup"

	"github.com/keytrail/keytrail/server/config"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/verify"
	"github.com/keytrail/keytrail/server/mysql"
)

// watchIntegrity prepares what keeps checkpoints outside and what verifies each night.
func (s *services) watchIntegrity(c config.Integrity) (err error) {
	host, err := os.Hostname()
	if err != nil {
		return err
	}
	s.outside, err = s.ledger.NewOutside(ledger.OutsideOptions{
		Host: host, Interval: c.CheckpointInterval(), File: c.CheckpointFile, URLs: c.CheckpointURLs,
	})
	if err == nil && c.VerifyNightly {
		s.nightly = &nightlyVerification{services: s, kept: c.CheckpointFile, now: time.Now, done: func() {}}
	}
	return err
}

func (s *services) runIntegrity(ctx context.Context, group *errgroup.Group) {
	group.Go(func() error { return s.outside.Run(ctx) })
	if s.nightly != nil {
		group.Go(func() error { return s.nightly.run(ctx) })
	}
}

// nightHour is when the nightly verification begins, in the display zone.
const nightHour = 4

// nightlyVerification verifies the whole ledger once a night, whichever of several servers comes first.
type nightlyVerification struct {
	*services
	kept string // the file of checkpoints that are demanded, empty for none
	now  func() time.Time
	done func() // called when a night's turn is over
}

func (n *nightlyVerification) run(ctx context.Context) error {
	n.resume(ctx)
	for ctx.Err() == nil {
		at := nextVerification(n.now(), n.zone)
		rest(ctx, at.Sub(n.now()))
		if ctx.Err() != nil {
			return nil
		}
		n.night(ctx, at)
		n.done()
	}
	return nil
}

const (
	nightTries = 3
	nightPause = 10 * time.Minute // between two tries
)

// night verifies, and tries again when that could not be finished.
func (n *nightlyVerification) night(ctx context.Context, at time.Time) {
	for try := 1; ctx.Err() == nil; try++ {
		err := n.verify(ctx, at)
		if err == nil || ctx.Err() != nil {
			return
		}
		n.log.Error("the nightly verification could not be finished", "try", try, "error", err)
		if try == nightTries {
			return
		}
		rest(ctx, nightPause)
	}
}

// resume finishes what a process that was stopped last night left unfinished. Where it was killed, that shows once its
// lease has run out.
func (n *nightlyVerification) resume(ctx context.Context) {
	last := nextVerification(n.now().AddDate(0, 0, -1), n.zone)
	for range 2 {
		v, held, err := n.ledger.ResumeVerification(ctx, last.Format(time.DateOnly))
		if err == nil && v != nil {
			n.log.Warn("the verification of this night was left unfinished and begins anew", "night", last.Format(time.DateOnly))
			err = n.finish(ctx, v)
		}
		if err != nil && ctx.Err() == nil {
			n.log.Error("the nightly verification could not be finished", "error", err)
		}
		if !held {
			return
		}
		if rest(ctx, min(ledger.VerificationLease, nextVerification(n.now(), n.zone).Sub(n.now()))); ctx.Err() != nil {
			return
		}
	}
}

// nextVerification is the next time that it is four o'clock.
func nextVerification(now time.Time, zone *time.Location) time.Time {
	local := now.In(zone)
	at := time.Date(local.Year(), local.Month(), local.Day(), nightHour, 0, 0, 0, zone)
	if !at.After(now) {
		at = time.Date(local.Year(), local.Month(), local.Day()+1, nightHour, 0, 0, 0, zone)
	}
	return at
}

func (n *nightlyVerification) verify(ctx context.Context, at time.Time) error {
	night := at.Format(time.DateOnly)
	v, free, err := n.ledger.BeginVerification(ctx, night)
	if err != nil {
		return err
	}
	if !free {
		n.log.Info("another server verifies, or verified, the ledger this night", "night", night)
		return nil
	}
	return n.finish(ctx, v)
}

// finish verifies, and lets go of the night where that fails.
func (n *nightlyVerification) finish(ctx context.Context, v *ledger.Verification) error {
	report, err := n.report(ctx, v)
	if err != nil {
		release, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		return errors.Join(err, n.ledger.ReleaseVerification(release, v, ctx.Err() != nil))
	}
	if report.OK() {
		n.log.Info("the nightly verification found the ledger intact", "entries", report.Entries)
	}
	for i, finding := range report.Findings {
		if i == 10 {
			n.log.Error("the ledger is NOT intact; run keytrail verify for all findings", "findings", len(report.Findings))
			break
		}
		n.log.Error("the ledger is NOT intact", "finding", finding.String())
	}
	return finishVerification(ctx, n.ledger, v, report)
}

func (n *nightlyVerification) report(ctx context.Context, v *ledger.Verification) (*verify.Report, error) {
	verifier, err := note.NewVerifier(n.ledger.VerifierKey())
	if err != nil {
		return nil, err
	}
	kept, err := n.keptOutside(verifier)
	if err != nil {
		return nil, err
	}
	src := verify.WithKept(verify.NewStore(n.db), kept)
	report, err := verify.Run(ctx, src, verify.Options{Verifier: verifier, Progress: n.holding(ctx, v, gently(ctx))})
	if err != nil {
		return nil, err
	}
	report.Findings = append(report.Findings, kept.Findings()...)
	return report, nil
}

// holding keeps the night while a verification goes on.
func (n *nightlyVerification) holding(ctx context.Context, v *ledger.Verification, progress func(done, total uint64)) func(done, total uint64) {
	held := time.Now()
	return func(done, total uint64) {
		progress(done, total)
		if time.Since(held) < ledger.VerificationLease/5 {
			return
		}
		held = time.Now()
		if err := n.ledger.HoldVerification(ctx, v); err != nil && ctx.Err() == nil {
			n.log.Warn("that the nightly verification goes on could not be written down", "error", err)
		}
	}
}

// keptOutside gives the checkpoints that were kept outside, which the database must hold as well. A file that is not there, as
// before the first checkpoint, is told of in the log.
func (n *nightlyVerification) keptOutside(verifier note.Verifier) (*verify.Kept, error) {
	if n.kept == "" {
		return &verify.Kept{}, nil
	}
	kept, err := readKept(n.kept, verifier, n.log)
	if errors.Is(err, fs.ErrNotExist) {
		n.log.Warn("the ledger is verified without the checkpoints kept outside: there is no such file", "file", n.kept)
		return &verify.Kept{}, nil
	}
	return kept, err
}

// gently has a verification rest after each batch for as long as the batch took, so that others come first.
func gently(ctx context.Context) func(done, total uint64) {
	last := time.Now()
	return func(uint64, uint64) {
		rest(ctx, min(max(time.Since(last), 10*time.Millisecond), time.Second))
		last = time.Now()
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

func finishVerification(ctx context.Context, l *ledger.Ledger, v *ledger.Verification, report *verify.Report) error {
	v.Entries, v.Root, v.Findings, v.OK = report.Entries, report.Root, len(report.Findings), report.OK()
	return l.FinishVerification(ctx, v)
}

// keepVerification writes down how a verification by command ended. It needs the data directory's keys; where they
// are not, as on an auditor's machine, nothing is written.
func keepVerification(ctx context.Context, db *mysql.DB, c config.Store, p program, started time.Time, report *verify.Report) error {
	if !fileExists(c.MasterKeyPath()) || !fileExists(c.CheckpointKeyPath()) {
		p.log.Info("that this was verified is not recorded, since the data directory holds no keys")
		return nil
	}
	s, err := newCore(ctx, db, c, p.log)
	if err != nil {
		return err
	}
	v, _, err := s.ledger.BeginVerification(ctx, "")
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "What was found could not be written down: %v.", err)
	}
	v.StartedAt = started.UTC().Truncate(time.Microsecond)
	return finishVerification(ctx, s.ledger, v, report)
}

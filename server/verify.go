package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/keytrail/keytrail/server/config"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger/verify"
	"github.com/keytrail/keytrail/server/mysql"
)

type verifyCommand struct {
	config.Store `embed:""`
	Key          string `help:"The log's verifier key, one line, from somewhere else than what is verified. Default: the one that belongs to the data directory." placeholder:"KEY" aliases:"verifier-key"`
	Checkpoint   string `help:"A file of checkpoints that was kept outside (KEYTRAIL_CHECKPOINT_FILE): each must be in what is verified. Not with --file." placeholder:"FILE" type:"path" xor:"kept"`
	URL          string `name:"url" help:"Verify the log that a server publishes, such as https://example.org/tlog/." placeholder:"URL" xor:"what"`
	State        string `help:"With --url: where the log's last checkpoint is remembered. Default: a file named after the log in your configuration directory." placeholder:"FILE" type:"path"`
	SinceLast    bool   `help:"With --url: verify only what is new since the last time, and that it continues what was there."`
	File         string `help:"Verify a file that keytrail export ledger wrote." placeholder:"FILE" type:"path" xor:"what,kept"`
	Entries      string `help:"Verify entries that were exported as JSON or NDJSON with proofs." placeholder:"FILE" type:"path" xor:"what,kept"`
	Bundle       string `arg:"" optional:"" help:"Verify a case bundle, a ZIP file that somebody took out of the app."`
}

// Help explains what the flags choose between.
func (verifyCommand) Help() string {
	return `Without --url, --file, --entries and a bundle, the ledger of the data directory (or of KEYTRAIL_DATABASE) is verified from the stored
bytes up: every body, leaf hash, tile, index row and count, the head, and every checkpoint. Whoever owns the database
AND the signing key can rewrite all of these so that they agree again. What he cannot change is what others hold, so:

  keytrail verify --checkpoint kept.txt         demands each checkpoint that was kept outside
  keytrail verify --url URL --key KEY           demands that a published log continues what you saw last
  keytrail verify --file FILE --key KEY         verifies a file that somebody gave you, offline
  keytrail verify --entries FILE --key KEY      verifies entries that somebody exported with proofs, offline
  keytrail verify BUNDLE.zip --key KEY          verifies the bundle of one case that somebody gave you, offline

It ends with 0 when everything is as it must be, and names what is not.`
}

// Run verifies a store, a published log or a file. It ends with an error when something is wrong.
func (c verifyCommand) Run(p program) error {
	if c.URL == "" && (c.State != "" || c.SinceLast) {
		return fault.New(fault.BadInput, "--state and --since-last go with --url.")
	}
	if c.SinceLast && c.Checkpoint != "" {
		return fault.New(fault.BadInput, "--checkpoint needs the whole log: leave out --since-last.")
	}
	if c.Bundle != "" && (c.URL != "" || c.File != "" || c.Entries != "" || c.Checkpoint != "") {
		return fault.New(fault.BadInput, "A case bundle is verified alone: leave out --url, --file, --entries and --checkpoint.")
	}
	if (c.URL != "" || c.File != "" || c.Entries != "" || c.Bundle != "") && c.Key == "" {
		return fault.New(fault.BadInput, "Give the log's key with --key. It has to come from somewhere else than what is verified, such as from whoever runs the log.")
	}
	switch {
	case c.URL != "":
		return c.remote(p)
	case c.File != "":
		return c.file(p)
	case c.Entries != "":
		return c.entries(p)
	case c.Bundle != "":
		return c.bundle(p)
	}
	return c.store(p)
}

// store verifies the data directory's ledger and writes down how that ended.
func (c verifyCommand) store(p program) (err error) {
	if err := c.Validate(); err != nil {
		return err
	}
	opened, err := openBeside(p.ctx, c.Store, p.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.close()) }()
	verifier, err := c.verifier(p.ctx, opened.db)
	if err != nil {
		return err
	}
	kept, err := c.kept(p, verifier)
	if err != nil {
		return err
	}
	start := time.Now()
	report, err := verify.Run(p.ctx, verify.WithKept(verify.NewStore(opened.db), kept), verify.Options{Verifier: verifier, Progress: logProgress(p, "verifying")})
	if err != nil {
		return err
	}
	report.Findings = append(report.Findings, kept.Findings()...)
	if err := keepVerification(p.ctx, opened.db, c.Store, p, start, report); err != nil {
		p.log.Warn("that this was verified could not be recorded", "error", err)
	}
	if err := c.tell(p, "ledger", report); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "The ledger is intact: %d entries, %d checkpoints, root %x, checked in %s.\n",
		report.Entries, report.Checkpoints, report.Root, time.Since(start).Round(time.Millisecond))
	c.tellKept(p, kept)
	return nil
}

// tellKept says how much was demanded by a file of checkpoints, so that one that says less than it did is noticed.
func (c verifyCommand) tellKept(p program, kept *verify.Kept) {
	if c.Checkpoint == "" {
		return
	}
	fmt.Fprintf(p.out, "Each of the %d checkpoints in %s is in it; the newest is of %d entries.\n",
		len(kept.Checkpoints), c.Checkpoint, kept.Checkpoints[len(kept.Checkpoints)-1].Size)
	if kept.Unreadable > 0 {
		fmt.Fprintf(p.out, "NOT looked for: %d parts of the file, which are no checkpoints with a signature of this log, such as one that a crash left half written.\n", kept.Unreadable)
	}
}

func (c verifyCommand) verifier(ctx context.Context, q mysql.Querier) (note.Verifier, error) {
	line := c.Key
	if line == "" {
		key, err := findCheckpointKey(ctx, q, c.Store)
		if errors.Is(err, errNoKeyYet) {
			return nil, fault.Wrap(err, fault.BadInput, "%s is missing, and this database has no checkpoints yet: give the log's key with --key, or start keytrail serve first, which makes one.", c.CheckpointKeyPath())
		}
		if err != nil {
			return nil, err
		}
		if line, err = key.verifier(); err != nil {
			return nil, err
		}
	}
	verifier, err := parseVerifier(line)
	if err != nil {
		return nil, err
	}
	return verifier, c.sameLog(verifier)
}

// sameLog refuses the key of another log than the one that this data directory signs, by which everything would look
// forged, for good on record.
func (c verifyCommand) sameLog(given note.Verifier) error {
	text, err := os.ReadFile(c.CheckpointKeyPath())
	if err != nil {
		return nil // whoever verifies need not have the key that signs
	}
	own, err := readCheckpointKey(c.CheckpointKeyPath(), string(text), c.LogName)
	if err == nil && own.name != given.Name() {
		err = fault.New(fault.BadInput, "That is the key of the log %s, and this data directory's log is %s: give its key.", given.Name(), own.name)
	}
	return err
}

func parseVerifier(line string) (note.Verifier, error) {
	verifier, err := note.NewVerifier(line)
	if err != nil {
		return nil, fault.Wrap(err, fault.BadInput, "This is no verifier key: it is one line that begins with the log's name.")
	}
	return verifier, nil
}

// kept reads the checkpoints that were kept outside; none when there is no file.
func (c verifyCommand) kept(p program, verifier note.Verifier) (*verify.Kept, error) {
	if c.Checkpoint == "" {
		return &verify.Kept{}, nil
	}
	kept, err := readKept(c.Checkpoint, verifier, p.log)
	if err != nil {
		return nil, fault.Wrap(err, fault.BadInput, "%s cannot be read: %v.", c.Checkpoint, err)
	}
	if len(kept.Checkpoints) == 0 {
		return nil, fault.New(fault.BadInput, "%s holds no checkpoint that was signed with this log's key.", c.Checkpoint)
	}
	return kept, nil
}

func readKept(path string, verifier note.Verifier, log *slog.Logger) (*verify.Kept, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	kept, err := verify.ReadKept(f, verifier)
	if err == nil && kept.Unreadable > 0 {
		log.Warn("parts of the file are no checkpoints with a good signature and were left out", "file", path, "parts", kept.Unreadable)
	}
	return kept, err
}

// remote verifies a published log, and remembers it when it is as it must be.
func (c verifyCommand) remote(p program) error {
	verifier, err := parseVerifier(c.Key)
	if err != nil {
		return err
	}
	kept, err := c.kept(p, verifier)
	if err != nil {
		return err
	}
	path, remembered, err := c.remembered(verifier)
	if err != nil {
		return err
	}
	start := time.Now()
	report, err := verify.Remote(p.ctx, verify.RemoteOptions{
		URL: c.URL, VerifierKey: c.Key, Remembered: remembered, Kept: kept.Checkpoints, SinceLast: c.SinceLast,
		Now: time.Now, Progress: logProgress(p, "verifying"),
	})
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "The log could not be verified: %v.", err)
	}
	report.Findings = append(report.Findings, kept.Findings()...)
	if err := c.tell(p, "log", &report.Report); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "The log %s is intact: %d entries (%d verified now), root %x, checked in %s.\n", verifier.Name(), report.Entries,
		report.Entries-report.From, report.Root, time.Since(start).Round(time.Millisecond))
	c.tellKept(p, kept)
	if remembered != nil {
		fmt.Fprintf(p.out, "It continues the log that you saw on %s.\n", remembered.SeenAt.UTC().Format("2006-01-02 15:04 UTC"))
	} else if len(kept.Checkpoints) == 0 {
		fmt.Fprintln(p.out, "This was a first look: whether the log was rolled back or rewritten before, only a later look can tell, or a file of checkpoints (--checkpoint).")
	}
	if err := report.Memory.Save(path); err != nil {
		return fault.Wrap(err, fault.Unavailable, "The log is intact, but its checkpoint could not be remembered in %s: %v.", path, err)
	}
	fmt.Fprintf(p.out, "Its checkpoint is remembered in %s\n", path)
	return nil
}

// remembered gives what is remembered of the log, nil for nothing, and where.
func (c verifyCommand) remembered(verifier note.Verifier) (string, *verify.Memory, error) {
	path := c.State
	if path == "" {
		dir, err := os.UserConfigDir()
		if err != nil {
			return "", nil, fault.Wrap(err, fault.BadInput, "You have no configuration directory: name a file with --state.")
		}
		path = filepath.Join(dir, "keytrail", "logs", url.PathEscape(verifier.Name())+".json")
	}
	remembered, err := verify.LoadMemory(path)
	if errors.Is(err, fs.ErrNotExist) {
		return path, nil, nil
	}
	if err != nil {
		return "", nil, fault.Wrap(err, fault.BadInput, "%s cannot be read: %v.", path, err)
	}
	return path, remembered, nil
}

// file verifies a ledger file.
func (c verifyCommand) file(p program) error {
	verifier, err := parseVerifier(c.Key)
	if err != nil {
		return err
	}
	f, err := c.given(c.File)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	start := time.Now()
	report, err := verify.File(f, verify.FileOptions{Verifier: verifier, Progress: logProgress(p, "verifying")})
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "%s cannot be read: %v.", c.File, err)
	}
	if err := c.tell(p, "file", &report.Report); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "The file is intact: entries %d to %d of %s, %d of them with their bodies, as signed in its checkpoint of %d entries, root %x, checked in %s.\n",
		report.From, report.To, verifier.Name(), report.Bodies, report.Size, report.Root, time.Since(start).Round(time.Millisecond))
	return nil
}

// tell lists what is not as it must be, and is an error when there is something.
func (c verifyCommand) tell(p program, what string, report *verify.Report) error {
	for _, finding := range report.Findings {
		fmt.Fprintln(p.out, finding)
	}
	if report.More {
		fmt.Fprintln(p.out, "… and more")
	}
	if !report.OK() {
		return fault.New(fault.Internal, "The %s is NOT intact: %d findings.", what, len(report.Findings))
	}
	return nil
}

const progressInterval = 5 * time.Second

// logProgress logs how far something is, now and then.
func logProgress(p program, what string) func(done, total uint64) {
	last := time.Now()
	return func(done, total uint64) {
		if now := time.Now(); now.Sub(last) >= progressInterval {
			last = now
			p.log.Info(what, "done", done, "of", total)
		}
	}
}

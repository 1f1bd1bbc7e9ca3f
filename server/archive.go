package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/config"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/keeping"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/objectstore"
	"github.com/keytrail/keytrail/server/page"
)

// newKeeping makes what keeps entries and lets them go. s.retention is set.
func (s *services) newKeeping(c config.Store, k config.Keeping) (*keeping.Service, error) {
	archives, err := archivesOf(c)
	if err != nil {
		return nil, err
	}
	return keeping.New(s.db, s.seal, s.ledger, s.access, s.people, s.custody, s.retention, keeping.Config{
		Archives: archives, Zone: s.zone, Hour: k.RetentionHour, Every: k.Retention, Grace: time.Duration(k.RetentionGrace) * 24 * time.Hour,
	}, time.Now, s.log), nil
}

// archivesOf gives where archives lie. With a bucket, those that were written before it was set are read from the directory.
func archivesOf(c config.Store) (objectstore.Store, error) {
	dir := objectstore.Dir(c.ArchivePath())
	at, err := c.S3()
	if err != nil || at == nil {
		return dir, err
	}
	bucket, err := objectstore.OpenS3(objectstore.Bucket{
		Endpoint: at.Endpoint, Region: at.Region, Name: at.Bucket, Prefix: at.Prefix, AccessKey: at.AccessKey, SecretKey: at.SecretKey,
	})
	if err != nil {
		return nil, fault.Wrap(err, fault.BadInput, "The bucket of KEYTRAIL_ARCHIVE_S3 cannot be used as it is set: see KEYTRAIL_ARCHIVE_S3 and KEYTRAIL_ARCHIVE_S3_ENDPOINT.")
	}
	return objectstore.Before(bucket, dir), nil
}

type archiveCommand struct {
	List    archiveListCommand    `cmd:"" help:"List the archives."`
	Verify  archiveVerifyCommand  `cmd:"" help:"Read archives as a whole and hold them against the ledger."`
	Search  archiveSearchCommand  `cmd:"" help:"Find entries in archives that the log no longer has."`
	Restore archiveRestoreCommand `cmd:"" help:"Put the entries of an archive back at their places, with their proofs."`
}

// withKeeping gives a command the service of archives, and the database with the account that owns the tables.
func withKeeping(p program, c config.Store, do func(s *keeping.Service, owner *mysql.DB) error) error {
	return inStore(p, c, func(opened *store, _ *services, kept *keeping.Service) error {
		owner, err := mysql.OpenOwner(p.ctx, databaseAccess(c, opened.private, p.log))
		if err != nil {
			return err
		}
		return errors.Join(do(kept, owner), owner.Close())
	})
}

// withArchives is withKeeping for a command that changes no entries, and needs what they are shown by.
func withArchives(p program, c config.Store, do func(s *services, kept *keeping.Service) error) error {
	return inStore(p, c, func(_ *store, s *services, kept *keeping.Service) error { return do(s, kept) })
}

func inStore(p program, c config.Store, do func(opened *store, s *services, kept *keeping.Service) error) error {
	if err := c.Validate(); err != nil {
		return err
	}
	opened, err := openBeside(p.ctx, c, p.log)
	if err != nil {
		return err
	}
	return errors.Join(withServices(p, c, opened, do), opened.close())
}

func withServices(p program, c config.Store, opened *store, do func(opened *store, s *services, kept *keeping.Service) error) error {
	s, err := newCore(p.ctx, opened.db, c, p.log)
	if err != nil {
		return err
	}
	s.zone, s.retention = time.UTC, opened.openRetention(c)
	s.custody = custody.New(s.db, s.ledger, s.access, s.people, s.zone, time.Now)
	kept, err := s.newKeeping(c, config.Keeping{Retention: keeping.Off})
	if err != nil {
		return err
	}
	return do(opened, s, kept)
}

type archiveListCommand struct {
	config.Store `embed:""`
	Stream       string    `help:"Only those with entries of this stream: auth, activity and so on."`
	From         time.Time `help:"Only those that may have entries of this day or later, such as 2026-01-31 (UTC)." format:"2006-01-02"`
	Before       time.Time `help:"Only those that may have entries from before this day." format:"2006-01-02"`
	State        string    `help:"Only those that are intact, damaged or restored." enum:",intact,damaged,restored" default:""`
}

// filter gives what was asked for.
func (c archiveListCommand) filter() (*keeping.ArchiveFilter, error) {
	f := &keeping.ArchiveFilter{}
	if c.Stream != "" {
		stream, err := streamNamed(c.Stream)
		if err != nil {
			return nil, err
		}
		f.Stream = &stream
	}
	if !c.From.IsZero() {
		f.From = &c.From
	}
	if !c.Before.IsZero() {
		f.To = &c.Before
	}
	if c.State != "" {
		state := keeping.ArchiveState(strings.ToUpper(c.State))
		f.State = &state
	}
	return f, nil
}

func streamNamed(name string) (ledger.Stream, error) {
	if stream := ledger.Stream(name); slices.Contains(ledger.Streams(), stream) {
		return stream, nil
	}
	return "", fault.New(fault.BadInput, "--stream is %.40q: write one of %s.", name, strings.Join(streamNames(), ", "))
}

func streamNames() []string {
	var names []string
	for _, one := range ledger.Streams() {
		names = append(names, string(one))
	}
	return names
}

// Run lists the archives, the newest first.
func (c archiveListCommand) Run(p program) error {
	filter, err := c.filter()
	if err != nil {
		return err
	}
	return withKeeping(p, c.Store, func(s *keeping.Service, _ *mysql.DB) error {
		return eachArchive(p, s, filter, func(a *keeping.Archive) error {
			_, err := fmt.Fprintf(p.out, "%s  %s  entries %d to %d: %d of %s to %s, %d bytes, named by entry %d%s\n", a.ID,
				a.CreatedAt.Format(time.DateOnly), a.From, a.To-1, a.Entries, a.Oldest.Format(time.DateOnly), a.Newest.Format(time.DateOnly),
				a.Bytes, a.PrunedBy, stateOf(a))
			return err
		})
	})
}

func stateOf(a *keeping.Archive) string {
	state := ""
	if a.RestoredAt != nil {
		state += ", restored " + a.RestoredAt.Format(time.DateOnly)
	}
	if a.Damage.String() != "" {
		state += ", DAMAGED: " + a.Damage.String()
	}
	return state
}

func eachArchive(p program, s *keeping.Service, filter *keeping.ArchiveFilter, do func(*keeping.Archive) error) error {
	for r := (page.Request{}); ; {
		found, err := s.Archives(p.ctx, access.System(), filter, r)
		if err != nil {
			return err
		}
		for _, a := range found.Items {
			if err := do(a); err != nil {
				return err
			}
		}
		if !found.Info.HasNextPage {
			return nil
		}
		r.After = found.Info.EndCursor
	}
}

type archiveVerifyCommand struct {
	config.Store `embed:""`
	Archive      string `arg:"" optional:"" help:"The archive's id; all when it is left out."`
}

// Run verifies archives, and ends with an error when one is damaged.
func (c archiveVerifyCommand) Run(p program) error {
	return withKeeping(p, c.Store, func(s *keeping.Service, _ *mysql.DB) error {
		damaged, checked := 0, 0
		check := func(one id.ID) error {
			a, err := s.VerifyArchive(p.ctx, access.System(), one)
			if err != nil {
				return err
			}
			if checked++; a.Damage.String() != "" {
				damaged++
				fmt.Fprintf(p.out, "%s: %s\n", a.ID, a.Damage)
			}
			return nil
		}
		if c.Archive != "" {
			one, err := archiveID(c.Archive)
			if err != nil {
				return err
			}
			if err := check(one); err != nil {
				return err
			}
		} else if err := eachArchive(p, s, nil, func(a *keeping.Archive) error { return check(a.ID) }); err != nil {
			return err
		}
		if damaged > 0 {
			return fault.New(fault.Internal, "%d of %d archives are NOT intact.", damaged, checked)
		}
		_, err := fmt.Fprintf(p.out, "All %d archives are intact.\n", checked)
		return err
	})
}

func archiveID(text string) (id.ID, error) {
	one, err := id.Parse(text)
	if err != nil {
		return id.ID{}, fault.New(fault.BadInput, "%.60q is no archive's id: keytrail archive list shows them.", text)
	}
	return one, nil
}

type archiveRestoreCommand struct {
	config.Store `embed:""`
	Archive      string `arg:"" help:"The archive's id."`
	Days         int    `help:"Days for which the entries stay, although their time is over; then they are archived and deleted again." default:"30"`
}

// Help says what restoring does.
func (archiveRestoreCommand) Help() string {
	return `The entries come back at their places in the ledger, which kept a hash of each: nothing else than what was recorded
can be put back, and every proof is what it was. That they were is recorded. When it is interrupted, run it again.`
}

// Run puts an archive's entries back, beside a server or without one.
func (c archiveRestoreCommand) Run(p program) error {
	one, err := archiveID(c.Archive)
	if err != nil {
		return err
	}
	if c.Days < 1 || c.Days > 3650 {
		return fault.New(fault.BadInput, "--days is %d: write 1 to 3650.", c.Days)
	}
	return withKeeping(p, c.Store, func(s *keeping.Service, owner *mysql.DB) error {
		n, err := s.Restore(p.ctx, access.System(), one, keeping.RestoreOptions{
			Owner: owner, KeepFor: time.Duration(c.Days) * 24 * time.Hour, Progress: logProgress(p, "restoring"),
		})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.out, "%d entries were put back. They stay for %d days.\n", n, c.Days)
		return err
	})
}

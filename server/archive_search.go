package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/config"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/keeping"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/page"
)

type archiveSearchCommand struct {
	config.Store `embed:""`
	Person       string    `help:"Only what the person with this id did or is concerned by."`
	Action       string    `help:"Only this action, such as auth.signed_in."`
	Stream       string    `help:"Only this stream: auth, activity and so on; work only where it is named."`
	EntityType   string    `help:"Only what is about this type of things."`
	Entity       string    `help:"Only what is about the thing with this id."`
	From         time.Time `help:"Only what happened on this day or later, such as 2026-01-31 (UTC)." format:"2006-01-02"`
	Before       time.Time `help:"Only what happened before this day." format:"2006-01-02"`
	Text         string    `help:"Words that all lie in plain in the entry."`
	Source       string    `help:"Only what this program sent."`
	IP           string    `name:"ip" help:"Only what came from this address."`
	Limit        int       `help:"How many entries are shown at most." default:"100"`
	JSON         bool      `name:"json" help:"Show each entry's body as a line of JSON, with its personal parts sealed."`
}

// Help says what is found, and in which order.
func (archiveSearchCommand) Help() string {
	return `Only entries that the log no longer has are found: those that were put back are in its lists. Archives are read by
the newest of their entries, the newest first, and in each the entries by their numbers, the newest first. What an archive
gives is held against the hashes that the ledger kept; one that is damaged is named, and nothing of it is shown.`
}

// commandBudget is how long the command reads before it says how far it has come; one archive may take as long.
const commandBudget = time.Minute

// Run searches beside a server or without one.
func (c archiveSearchCommand) Run(p program) error {
	f, err := c.filter()
	if err != nil {
		return err
	}
	if c.Limit < 1 {
		return fault.New(fault.BadInput, "--limit is %d: write 1 or more.", c.Limit)
	}
	return withArchives(p, c.Store, func(s *services, kept *keeping.Service) error {
		book, err := logbook.New(s.db, s.seal, s.ledger, s.access, s.custody, s.people, s.zone, time.Now)
		if err != nil {
			return err
		}
		return c.search(p, keeping.NewSearch(kept, book, keeping.SearchConfig{Budget: commandBudget, Longest: time.Hour}), f)
	})
}

func (c archiveSearchCommand) filter() (logbook.Filter, error) {
	f := logbook.Filter{
		Action: c.Action, EntityType: c.EntityType, Entity: c.Entity, Text: c.Text, Source: c.Source, IP: c.IP,
		Purpose: "keytrail archive search",
	}
	if c.Person != "" {
		person, err := id.Parse(c.Person)
		if err != nil {
			return f, fault.New(fault.BadInput, "--person is %.60q, which is no id.", c.Person)
		}
		f.Person = person
	}
	if c.Stream != "" {
		stream, err := streamNamed(c.Stream)
		if err != nil {
			return f, err
		}
		f.Streams = []ledger.Stream{stream}
	}
	if !c.From.IsZero() {
		f.From = &c.From
	}
	if !c.Before.IsZero() {
		f.To = &c.Before
	}
	return f, nil
}

func (c archiveSearchCommand) search(p program, s *keeping.Search, f logbook.Filter) error {
	shown, read, damaged := 0, 0, 0
	for r := (page.Request{}); ; {
		size := min(c.Limit-shown, page.MaxSize)
		r.First = &size
		found, how, err := s.Find(p.ctx, access.System(), f, r)
		if err != nil {
			return err
		}
		for _, one := range found.Items {
			if err := c.show(p, one); err != nil {
				return err
			}
		}
		shown, read, damaged = shown+len(found.Items), read+how.Archives, damaged+len(how.Damaged)
		for _, a := range how.Damaged {
			p.log.Warn("an archive is damaged, and nothing of it is shown", "archive", a.ID, "damage", a.Damage.String())
		}
		if !found.Info.HasNextPage || shown >= c.Limit {
			return c.conclude(p, shown, read, damaged, how.Left)
		}
		p.log.Info("searching", "archivesRead", read, "archivesLeft", how.Left)
		r.After = found.Info.EndCursor
	}
}

func (c archiveSearchCommand) show(p program, one *keeping.ArchivedEntry) error {
	e := one.Entry.Common()
	if c.JSON {
		// The body has to stay the bytes that were hashed, which an encoder would not leave alone.
		body, err := e.Canonical()
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.out, `{"archive":%q,"seq":%d,"body":%s}`+"\n", one.Archive.ID, e.Seq, body)
		return err
	}
	about := ""
	if e.Entity != nil {
		about = strings.TrimSpace(e.Entity.Type + " " + e.Entity.ID)
	}
	_, err := fmt.Fprintf(p.out, "%s  %d  %s  %s  %q  %q  from %q, in archive %s\n", e.OccurredAt.Format(time.RFC3339), e.Seq, e.Stream, e.Outcome, e.Action, about, e.Source, one.Archive.ID)
	return err
}

// conclude says what was read, in the log where lines of JSON go out. It is an error that archives are damaged: what they hold is missing.
func (c archiveSearchCommand) conclude(p program, shown, read, damaged, left int) error {
	if c.JSON {
		p.log.Info("searched", "entries", shown, "archivesRead", read, "archivesLeft", left)
	} else if _, err := fmt.Fprintf(p.out, "%d entries; %d archives were read as a whole, %d were not%s.\n", shown, read, left, more(shown >= c.Limit && left > 0)); err != nil {
		return err
	}
	if damaged > 0 {
		return fault.New(fault.Internal, "%d of %d archives are NOT intact, and nothing of them was shown.", damaged, read)
	}
	return nil
}

// more says that a search ended because of its limit.
func more(limited bool) string {
	if limited {
		return ", where more may lie: raise --limit"
	}
	return ""
}

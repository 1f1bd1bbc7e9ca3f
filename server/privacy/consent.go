package privacy

import (
	"context"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
)

const (
	selectConsents = "SELECT id, person, purpose, version, given, recorded_at, recorded_by FROM consent"
	insertConsent  = "INSERT INTO consent (id, person, purpose, version, given, recorded_at, recorded_by) VALUES (?, ?, ?, ?, ?, ?, ?)"
	// lastConsents gives the newest of each purpose of somebody; there are never many purposes.
	lastConsents   = selectConsents + " WHERE person IN (?) ORDER BY id DESC LIMIT 500"
	maxVersion     = 32
	consentsAtMost = 500
)

// purposeCode is how purposes are named.
var purposeCode = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

// Consent is something that a person agreed to, or withdrew.
type Consent struct {
	ID       id.ID  `db:"id"`
	PersonID id.ID  `db:"person"`
	Purpose  string `db:"purpose"`
	// Version names the text that was shown.
	Version      string    `db:"version"`
	Given        bool      `db:"given"`
	RecordedAt   time.Time `db:"recorded_at"`
	RecordedByID id.ID     `db:"recorded_by"`
}

// ConsentInput records a consent or its withdrawal: the actor's own, or that of another Person for who manages privacy.
type ConsentInput struct {
	Person  *id.ID
	Purpose string
	Version string
	Given   bool
}

// RecordConsent puts a consent, or its withdrawal, on record. What stands already is given again, and recorded once.
func (s *Service) RecordConsent(ctx context.Context, actor *access.Actor, in ConsentInput) (*Consent, error) {
	person, err := s.whom(ctx, actor, in.Person)
	if err != nil {
		return nil, err
	}
	if !purposeCode.MatchString(in.Purpose) {
		return nil, fault.Field("purpose", "purpose needs 1 to 64 small letters, digits and underscores, such as contact_details")
	}
	in.Version = strings.TrimSpace(in.Version)
	if in.Version == "" || utf8.RuneCountInString(in.Version) > maxVersion || !utf8.ValidString(in.Version) {
		return nil, fault.Field("version", "say in 1 to %d characters which version of the text was shown", maxVersion)
	}
	var made *Consent
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		all, err := s.People.LockAll(ctx, tx, person)
		if err != nil {
			return err
		}
		var before []Consent
		if err := selectExpanded(ctx, tx, &before, lastConsents, all); err != nil {
			return err
		}
		if in.Given && len(before) >= consentsAtMost {
			return fault.New(fault.Conflict, "Of one person at most %d consents are kept.", consentsAtMost)
		}
		for i := range before {
			if one := &before[i]; one.Purpose == in.Purpose {
				if made = one; one.Given == in.Given && one.Version == in.Version {
					return nil
				}
				break
			}
		}
		made = &Consent{ID: id.New(), PersonID: person, Purpose: in.Purpose, Version: in.Version, Given: in.Given, RecordedAt: s.moment(), RecordedByID: actor.Person}
		return s.storeConsent(ctx, tx, actor, made)
	})
	if err != nil {
		return nil, err
	}
	return made, nil
}

func (s *Service) storeConsent(ctx context.Context, tx *mysql.Tx, actor *access.Actor, c *Consent) error {
	if _, err := tx.Exec(ctx, insertConsent, c.ID, c.PersonID, c.Purpose, c.Version, c.Given, c.RecordedAt, c.RecordedByID); err != nil {
		return err
	}
	action := ledger.PrivacyConsentWithdrawn
	if c.Given {
		action = ledger.PrivacyConsentGiven
	}
	draft := actor.Draft(ledger.StreamSystem, action, c.RecordedAt)
	draft.Person = c.PersonID
	draft.Department, _ = s.People.DepartmentOf(c.PersonID)
	draft.Entity = ledger.Entity{Type: "purpose", ID: c.Purpose, Label: c.Version}
	_, err := s.Ledger.Append(ctx, tx, draft)
	return err
}

// Consents lists what a person consented to and withdrew, the newest first: the actor's own without a person.
func (s *Service) Consents(ctx context.Context, actor *access.Actor, person *id.ID, request page.Request) (page.Page[*Consent], error) {
	var none page.Page[*Consent]
	of, err := s.whom(ctx, actor, person)
	if err != nil {
		return none, err
	}
	w, err := request.Window()
	if err != nil {
		return none, err
	}
	where := &mysql.Where{}
	where.And("person IN (?)", s.People.Same(of))
	order, err := newestFirst(w, where)
	if err != nil {
		return none, err
	}
	var rows []*Consent
	if err := selectExpanded(ctx, s.db, &rows, selectConsents+where.SQL()+order, where.Args(w.Limit+1)...); err != nil {
		return none, err
	}
	return page.Cut(w, rows, func(c *Consent) string { return page.Encode(c.ID[:]) }), s.Ledger.AwaitRead(ctx)
}

// whom gives the person whose data an actor asks for: himself, or another where he manages privacy.
func (s *Service) whom(ctx context.Context, actor *access.Actor, person *id.ID) (id.ID, error) {
	if actor == nil {
		return id.ID{}, fault.New(fault.Unauthenticated, "Sign in first.")
	}
	if actor.MustChangePassword {
		return id.ID{}, fault.New(fault.Forbidden, "Change your first password before you go on.")
	}
	if person == nil || actor.Is(*person) {
		if actor.Person.IsZero() {
			return id.ID{}, fault.Field("person", "name the person: you ask as a program, of which nothing is kept")
		}
		return actor.Person, nil
	}
	if err := s.mayManage(ctx, actor); err != nil {
		return id.ID{}, err
	}
	found, err := s.People.Lookup(ctx, *person)
	if err != nil {
		return id.ID{}, err
	}
	if found.Erased {
		return id.ID{}, fault.New(fault.NotFound, "There is no such person.")
	}
	return found.ID, nil
}

func selectExpanded(ctx context.Context, q mysql.Querier, dest any, query string, args ...any) error {
	query, args, err := mysql.In(query, args...)
	if err != nil {
		return err
	}
	return q.Select(ctx, dest, query, args...)
}

func forgetConsents(ctx context.Context, tx *mysql.Tx, persons []id.ID) error {
	query, args, err := mysql.In("DELETE FROM consent WHERE person IN (?)", persons)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, query, args...)
	return err
}

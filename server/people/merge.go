package people

import (
	"bytes"
	"context"
	"strings"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	// MaxMerged bounds how many can turn out to be one person: each is one more id to look for wherever he is.
	MaxMerged = 15
	maxReason = 500

	lockMerged   = "SELECT id FROM person WHERE merged_into = ? ORDER BY id FOR UPDATE"
	setMerged    = "UPDATE person SET department = NULL, valid_until = NULL, profile = ?, version = ?, updated_at = ?, merged_into = ? WHERE id = ?"
	moveMerged   = "UPDATE person SET version = version + 1, updated_at = ?, merged_into = ? WHERE merged_into = ?"
	lockStanding = "SELECT merged_into FROM person WHERE id = ? FOR UPDATE"
)

// What the entry of a merge holds sealed besides the changes of the person who stays, and the role of its refs.
const (
	FieldReason     = "reason"     // string
	FieldMergedFrom = "mergedFrom" // the details of the one who was merged, sealed under him
	RefMergedFrom   = "mergedFrom"
)

// MergeInput says that two persons of the directory are one.
type MergeInput struct {
	// From turned out to be Into.
	From, Into     id.ID
	Reason         string
	IdempotencyKey string
}

// Merging is a merge within its transaction, both persons locked.
type Merging struct {
	By         *access.Actor
	From, Into *Person
	// Merged are those who turned out to be From before.
	Merged []id.ID
}

// Merge makes one person of two. From stands for Into from then on: every question about him is answered with Into,
// and Into is on record under both ids. Into takes over what he lacks himself, and all external names; what both have
// stays Into's. No entry is changed, and what was sealed under From stays so. also does in the same transaction what
// hangs on persons elsewhere. FORBIDDEN unless the right to manage people reaches all; CONFLICT for one who was merged
// already and for more than MaxMerged.
func (s *Service) Merge(ctx context.Context, actor *access.Actor, in MergeInput, also func(context.Context, *mysql.Tx, *Merging) error) (*Person, error) {
	if err := s.mayMerge(ctx, actor, &in); err != nil {
		return nil, err
	}
	var into *Person
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		claim, err := s.ledger.Claim(ctx, tx, actor.Caller(), in.IdempotencyKey, map[string]any{"mergePersons": in})
		if err != nil {
			return err
		}
		if claim.Replayed {
			into, err = s.lockTrue(ctx, tx, in.Into)
			return err
		}
		m, err := s.lockMerge(ctx, tx, actor, &in)
		if err != nil {
			return err
		}
		if err := also(ctx, tx, m); err != nil {
			return err
		}
		draft, after, err := s.merge(ctx, tx, m, in.Reason)
		if err != nil {
			return err
		}
		into = after
		entries, err := s.ledger.Append(ctx, tx, draft)
		if err != nil {
			return err
		}
		return claim.Settle(ctx, tx, entries)
	})
	if err != nil {
		return nil, err
	}
	return s.viewOf(actor).of(into), nil
}

func (s *Service) mayMerge(ctx context.Context, actor *access.Actor, in *MergeInput) error {
	scope, err := s.access.Require(ctx, actor, access.PeopleManage)
	if err != nil {
		return err
	}
	if scope != access.All {
		return fault.New(fault.Forbidden, "Only somebody who manages the people of all departments can merge two of them.")
	}
	if in.Reason = strings.TrimSpace(in.Reason); in.Reason == "" {
		return fault.Field("reason", "say how it is known that both are one person")
	}
	if in.From == in.Into {
		return fault.Field("from", "this is one person already: choose two different ones")
	}
	return checkText("reason", in.Reason, maxReason)
}

// lockMerge locks both persons, in order of id, and those merged into the one who is to go.
func (s *Service) lockMerge(ctx context.Context, tx *mysql.Tx, actor *access.Actor, in *MergeInput) (*Merging, error) {
	order := []id.ID{in.From, in.Into}
	if bytes.Compare(in.From[:], in.Into[:]) > 0 {
		order = []id.ID{in.Into, in.From}
	}
	found := map[id.ID]*Person{}
	for _, person := range order {
		p, err := s.lock(ctx, tx, person)
		if err != nil {
			return nil, err
		}
		if p.Erased {
			return nil, notFound()
		}
		if !p.MergedInto.IsZero() {
			return nil, fault.New(fault.Conflict, "One of the two was merged into another person already. Load the people again and choose that person.").
				With("person", p.ID.String()).With("mergedInto", p.MergedInto.String())
		}
		found[person] = p
	}
	m := &Merging{By: actor, From: found[in.From], Into: found[in.Into]}
	var had []id.ID
	if err := tx.Select(ctx, &m.Merged, lockMerged, in.From); err != nil {
		return nil, err
	}
	if err := tx.Select(ctx, &had, lockMerged, in.Into); err != nil {
		return nil, err
	}
	if n := len(had) + len(m.Merged) + 1; n > MaxMerged {
		return nil, fault.New(fault.Conflict, "%d persons would be merged into this one; at most %d can be.", n, MaxMerged)
	}
	return m, nil
}

// merge stores a merge and gives its entry, and the person who stays.
func (s *Service) merge(ctx context.Context, tx *mysql.Tx, m *Merging, reason string) (ledger.Draft, *Person, error) {
	was, gone := s.detailsOf(m.Into), s.detailsOf(m.From)
	d, err := merged(was, gone).check()
	if err != nil {
		return ledger.Draft{}, nil, err
	}
	at := moments{now: s.moment()}
	department := m.Into.Department
	if department.IsZero() {
		department = m.From.Department
	}
	after := *m.Into
	d.into(&after, department)
	after.Version, after.UpdatedAt = m.Into.Version+1, at.now
	left := &Person{
		ID: m.From.ID, Name: m.From.Name, Language: m.From.Language, Version: m.From.Version + 1,
		CreatedAt: m.From.CreatedAt, UpdatedAt: at.now, MergedInto: m.Into.ID,
	}
	if err := s.claimValues(ctx, tx, m.From, left); err != nil {
		return ledger.Draft{}, nil, err
	}
	if err := s.claimValues(ctx, tx, m.Into, &after); err != nil {
		return ledger.Draft{}, nil, err
	}
	if err := s.storeMerge(ctx, tx, m, left, &after); err != nil {
		return ledger.Draft{}, nil, err
	}
	draft := personDraft(m.By, &after, ledger.AccessPersonMerged, changeOf(was, d), at)
	draft.Parts = append(draft.Parts, ledger.PersonPart(FieldReason, after.ID, at.now, reason),
		ledger.PersonPart(FieldMergedFrom, m.From.ID, at.now, valuesOf(gone)))
	for _, one := range append([]id.ID{m.From.ID}, m.Merged...) {
		draft.Refs = append(draft.Refs, ledger.Ref{Role: RefMergedFrom, Type: "person", ID: one.String()})
	}
	return draft, &after, nil
}

// storeMerge stores both persons. Whoever was merged into the one who goes is then merged into the one who stays.
func (s *Service) storeMerge(ctx context.Context, tx *mysql.Tx, m *Merging, left, after *Person) error {
	sealed, err := s.sealProfile(ctx, tx, left)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, moveMerged, left.UpdatedAt, after.ID, left.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, setMerged, sealed, left.Version, left.UpdatedAt, after.ID, left.ID); err != nil {
		return err
	}
	if err := s.updateRow(ctx, tx, after); err != nil {
		return err
	}
	tx.AfterCommit(func() { s.published(ctx, m, left, after) })
	return nil
}

// published lets a committed merge count in this process at once. Those merged before are read by whoever follows the
// ledger when the database is away just now.
func (s *Service) published(ctx context.Context, m *Merging, left, after *Person) {
	s.directory.put([]*record{newRecord(left, s.names), newRecord(after, s.names)})
	if len(m.Merged) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rereadTimeout)
	defer cancel()
	if err := s.reload(ctx, m.Merged); err != nil {
		s.log.Warn("people who were merged will be read again", "person", after.ID, "error", err)
	}
}

// merged gives what a person is once another turned out to be he: what he lacks is taken over, his language and last
// day stay, since an open last day says something, too.
func merged(into, from details) details {
	for _, f := range []struct{ to, from *string }{
		{&into.Department, &from.Department}, {&into.EmployeeNumber, &from.EmployeeNumber}, {&into.Email, &from.Email},
		{&into.Phone, &from.Phone}, {&into.Company, &from.Company}, {&into.Badge, &from.Badge},
	} {
		if *f.to == "" {
			*f.to = *f.from
		}
	}
	into.ExternalNames = append(append([]ExternalName(nil), into.ExternalNames...), from.ExternalNames...)
	return into
}

// valuesOf gives the details that are there, by their names in the schema.
func valuesOf(d details) map[string]any {
	values := map[string]any{}
	for _, f := range d.fields() {
		if f.value != "" {
			values[f.name] = f.value
		}
	}
	return values
}

// Standing locks a person and gives the id of the one who he turned out to be, for whoever stores something of him.
// NOT_FOUND when there is none.
func (s *Service) Standing(ctx context.Context, tx *mysql.Tx, person id.ID) (id.ID, error) {
	var into []id.ID
	if err := tx.Select(ctx, &into, lockStanding, person); err != nil {
		return id.ID{}, err
	}
	switch {
	case len(into) == 0:
		return id.ID{}, fault.New(fault.NotFound, "There is no such person.")
	case into[0].IsZero():
		return person, nil
	}
	return into[0], nil
}

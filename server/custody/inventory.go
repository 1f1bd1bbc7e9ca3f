package custody

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

// EntityInventory is what an entry about a count is about; refs in RefDifference name what it found.
const (
	EntityInventory = "inventory"
	RefDifference   = "difference"
)

// MaxScanned is how many numbers one count may have, and MaxCounted how many keys may belong to what is counted.
const (
	MaxScanned = 2000
	MaxCounted = 5000
)

// Inventory is a count of the keys of a cabinet or a group.
type Inventory struct {
	ID        id.ID     `db:"id"`
	TakenAt   time.Time `db:"taken_at"`
	TakenByID id.ID     `db:"taken_by"`
	// Cabinet is nil when a group was counted; GroupID is zero when a cabinet was.
	Cabinet *string `db:"cabinet"`
	GroupID id.ID   `db:"key_group"`
	// ExpectedCount is how many keys should have been there, FoundCount how many of them were.
	ExpectedCount   int `db:"expected_count"`
	FoundCount      int `db:"found_count"`
	DifferenceCount int `db:"difference_count"`
	// OpenCount is how many differences nobody has settled, as of the moment it was read.
	OpenCount int `db:"open_count"`
}

// CountInput is the numbers that were found in a cabinet, or of a group: one of the two must be named.
type CountInput struct {
	Cabinet string
	Group   id.ID
	// Numbers are 1 to 2,000, as they were scanned or typed. One that comes twice counts once.
	Numbers []string
	// Comment has at most 2,000 characters; it is kept sealed.
	Comment        string
	IdempotencyKey string
}

func (in CountInput) checked() (CountInput, error) {
	var err error
	if in.Cabinet, err = text("cabinet", in.Cabinet, MaxPlace); err != nil {
		return in, err
	}
	if (in.Cabinet == "") == in.Group.IsZero() {
		return in, fault.Field("cabinet", "say what was counted: name either a cabinet or a group")
	}
	if n := len(in.Numbers); n < 1 || n > MaxScanned {
		return in, fault.Field("numbers", "%d numbers were sent; send 1 to %d", n, MaxScanned)
	}
	numbers := make([]string, 0, len(in.Numbers))
	seen := map[string]bool{}
	for i, number := range in.Numbers {
		number, err := required(memberOf("numbers", i), composed(number), MaxNumber)
		if err != nil {
			return in, err
		}
		if !seen[number] {
			seen[number] = true
			numbers = append(numbers, number)
		}
	}
	in.Numbers = numbers
	in.Comment, err = prose("comment", in.Comment, MaxComment)
	return in, err
}

// Count is an inventory that was taken, and its entry.
type Count struct {
	Inventory *Inventory
	Entry     ledger.Entry
}

// CountInventory compares the numbers that were found with the keys that should be there, and keeps what differs.
func (s *Service) CountInventory(ctx context.Context, actor *access.Actor, in CountInput) (*Count, error) {
	if err := s.requireAll(ctx, actor, access.KeysIssue); err != nil {
		return nil, err
	}
	in, err := in.checked()
	if err != nil {
		return nil, err
	}
	var made *Count
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		claim, err := s.ledger.Claim(ctx, tx, actor.Caller(), in.IdempotencyKey, map[string]any{"countInventory": in})
		if err != nil {
			return err
		}
		if claim.Replayed {
			made, err = s.replayCount(ctx, tx, claim)
			return err
		}
		made, err = s.count(ctx, tx, actor, claim, in)
		return err
	})
	return made, err
}

func (s *Service) count(ctx context.Context, tx *mysql.Tx, actor *access.Actor, claim *ledger.Claim, in CountInput) (*Count, error) {
	label, belonging, err := s.keysCounted(ctx, tx, in)
	if err != nil {
		return nil, err
	}
	scanned, err := s.keysScanned(ctx, tx, in.Numbers)
	if err != nil {
		return nil, err
	}
	now := s.instant()
	found := compare(belonging, in.Numbers, scanned)
	inv := &Inventory{
		ID: id.NewAt(now), TakenAt: now, TakenByID: actor.Person, GroupID: in.Group, ExpectedCount: found.expected,
		FoundCount: found.there, DifferenceCount: len(found.differences), OpenCount: len(found.differences),
	}
	if in.Group.IsZero() {
		inv.Cabinet = &in.Cabinet
	}
	for _, d := range found.differences {
		d.ID, d.InventoryID = id.NewAt(now), inv.ID
	}
	if err := insertCount(ctx, tx, inv, found.differences); err != nil {
		return nil, err
	}
	entries, err := s.finish(ctx, tx, claim, []ledger.Draft{countDraft(actor, inv, label, found.differences, in.Comment)})
	if err != nil {
		return nil, err
	}
	return &Count{Inventory: inv, Entry: entries[0]}, nil
}

// countDraft says what was counted and which keys differ in which way.
func countDraft(actor *access.Actor, inv *Inventory, label string, differences []*Difference, comment string) ledger.Draft {
	d := actor.Draft(ledger.StreamKey, ledger.KeyInventoryCounted, inv.TakenAt)
	d.OccurredAt = inv.TakenAt
	d.Entity = ledger.Entity{Type: EntityInventory, ID: inv.ID.String(), Label: label}
	kinds := map[string]any{}
	for _, one := range differences {
		n, _ := kinds[string(one.Kind)].(int)
		kinds[string(one.Kind)] = n + 1
		if !one.KeyID.IsZero() {
			d.Refs = append(d.Refs, ledger.Ref{Role: string(one.Kind), Type: EntityKey, ID: one.KeyID.String()})
		}
	}
	d.Details = map[string]any{"expected": inv.ExpectedCount, "found": inv.FoundCount, "differences": kinds}
	if inv.Cabinet != nil {
		d.Details["cabinet"] = *inv.Cabinet
	} else {
		d.Refs = append(d.Refs, ledger.Ref{Role: RefGroup, Type: EntityGroup, ID: inv.GroupID.String()})
	}
	if comment != "" {
		d.Parts = append(d.Parts, ledger.Part{Field: ledger.FieldComment, Subject: seal.Source(actor.Source, inv.TakenAt), Value: comment})
	}
	return d
}

// keysCounted gives the keys in use that belong to what is counted, and its name.
func (s *Service) keysCounted(ctx context.Context, tx *mysql.Tx, in CountInput) (label string, keys []keyRow, err error) {
	if label = in.Cabinet; !in.Group.IsZero() {
		group, err := oneGroup(ctx, tx, in.Group)
		if err != nil {
			return "", nil, err
		}
		label = group.Name
	}
	if keys, err = selectCounted(ctx, tx, in, s.instant()); err != nil {
		return "", nil, err
	}
	switch {
	case len(keys) == 0:
		return "", nil, fault.New(fault.NotFound, "No key in use belongs to %s: check the name.", label)
	case len(keys) > MaxCounted:
		return "", nil, fault.New(fault.BadInput, "More than %d keys belong to %s: count a part of them.", MaxCounted, label)
	}
	return label, keys, nil
}

func (s *Service) replayCount(ctx context.Context, tx *mysql.Tx, claim *ledger.Claim) (*Count, error) {
	entries, err := s.ledger.ReadClaimed(ctx, tx, claim)
	if err != nil {
		return nil, err
	}
	one, err := id.Parse(entries[0].Entity.ID)
	if err != nil {
		return nil, err
	}
	inv, err := oneInventory(ctx, tx, one)
	return &Count{Inventory: inv, Entry: entries[0]}, err
}

package custody

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
)

// MaxKeyImport bounds the keys of one import, which is one transaction.
const MaxKeyImport = 5000

// ImportKeysInput is keys as CSV (RFC 4180) or as the first sheet of a workbook, one of the two: a first line of headings,
// then a key in each line.
type ImportKeysInput struct {
	// CSV may be separated by comma, semicolon or tab.
	CSV string
	// XLSX is a workbook in base64, at most sheet.MaxXLSX bytes.
	XLSX string
	// Preview says what would happen, and changes nothing.
	Preview        bool
	IdempotencyKey string
}

// KeyImport is what an import did, or would do.
type KeyImport struct {
	Rows []KeyImportRow
	// Done says that it was carried out. It is not while one row is wrong: all rows are taken, or none.
	Done bool
}

// KeyImportRow is one line of the input and what became of it.
type KeyImportRow struct {
	// Line is its number in the input, from 1 for the headings.
	Line   int
	Action people.ImportAction
	Number string
	// Key is which it changes, zero for a new one and for a row that is wrong.
	Key id.ID
	// Fields are those that differ, by their names in the schema.
	Fields []string
	// Problem says why the row cannot be taken; "" when it can.
	Problem fault.Text

	given   []string
	values  fields
	version int
}

// Created, Updated, Unchanged and Wrong give how many rows there are of each kind.
func (i *KeyImport) Created() int   { return i.count(people.ImportCreate) }
func (i *KeyImport) Updated() int   { return i.count(people.ImportUpdate) }
func (i *KeyImport) Unchanged() int { return i.count(people.ImportSame) }
func (i *KeyImport) Wrong() int     { return i.count(people.ImportWrong) }

func (i *KeyImport) count(a people.ImportAction) int {
	n := 0
	for _, row := range i.Rows {
		if row.Action == a {
			n++
		}
	}
	return n
}

// ImportKeys adds and changes keys. A row is about the key in use with its number, otherwise about a new one. A column
// that is absent leaves what a key has, an empty field empties it. Nothing is done in a preview, or while a row is
// wrong, which the row says. BAD_USER_INPUT for what is no such CSV or workbook.
func (s *Service) ImportKeys(ctx context.Context, actor *access.Actor, in ImportKeysInput) (*KeyImport, error) {
	if _, err := s.access.Require(ctx, actor, access.KeysManage); err != nil {
		return nil, err
	}
	rows, err := in.rows()
	if err != nil {
		return nil, err
	}
	plan := &KeyImport{Rows: rows}
	if err := s.planKeys(ctx, s.db, plan); err != nil || in.Preview || plan.Wrong() > 0 {
		return plan, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		claim, err := s.ledger.Claim(ctx, tx, actor.Caller(), in.IdempotencyKey, map[string]any{"importKeys": in.CSV + in.XLSX})
		if err != nil {
			return err
		}
		if claim.Replayed {
			return s.replayImport(ctx, tx, claim, plan)
		}
		drafts, err := s.carryOutKeys(ctx, tx, actor, plan)
		if err != nil {
			return err
		}
		if len(drafts) == 0 {
			return claim.Settle(ctx, tx, nil)
		}
		_, err = s.finish(ctx, tx, claim, drafts)
		return err
	})
	if mysql.DuplicateIndex(err) == numberIndex {
		return nil, fault.Wrap(err, fault.Conflict, "Somebody added a key with one of these numbers meanwhile: look at the preview again.")
	}
	if err != nil {
		return nil, err
	}
	plan.Done = true
	return plan, nil
}

func (r *KeyImportRow) refuse(why fault.Text) { r.Action, r.Problem = people.ImportWrong, why }

// planKeys decides what becomes of each row, as things stand.
func (s *Service) planKeys(ctx context.Context, q mysql.Querier, i *KeyImport) error {
	known, now := map[string]*Key{}, s.instant()
	for some := range slices.Chunk(i.Rows, numbersAtOnce) {
		numbers := make([]string, 0, len(some))
		for n := range some {
			numbers = append(numbers, some[n].Number)
		}
		var rows []keyRow
		if err := selectExpanded(ctx, q, &rows, selectByNumber, now, now, spellings(numbers...)); err != nil {
			return err
		}
		for n := range rows {
			known[composed(rows[n].Number)] = &rows[n].Key
		}
	}
	lines := map[string]int{}
	for n := range i.Rows {
		row := &i.Rows[n]
		if row.Action == people.ImportWrong {
			continue
		}
		if line, twice := lines[row.Number]; twice {
			row.refuse(fault.Say("line %d has the same number", line))
			continue
		}
		lines[row.Number] = row.Line
		row.plan(known[row.Number])
	}
	return nil
}

// plan decides what becomes of a row whose number a key in use has, or none (nil).
func (r *KeyImportRow) plan(key *Key) {
	was := fields{}
	if key != nil {
		was = fieldsOf(key)
	}
	now, err := was.taking(r.values, r.given).checked()
	if err != nil {
		r.refuse(wrongField(err))
		return
	}
	r.values, r.Fields = now, was.differing(now)
	if r.Action = people.ImportCreate; key == nil {
		return
	}
	r.Key, r.version = key.ID, key.Version
	if r.Action = people.ImportUpdate; len(r.Fields) == 0 {
		r.Action = people.ImportSame
	}
}

// wrongField is what a row says of the field that is wrong.
func wrongField(err error) fault.Text {
	var f *fault.Error
	if !errors.As(err, &f) {
		return fault.Say("%v", err)
	}
	return f.Text()
}

// carryOutKeys stores a plan in which nothing is wrong, and gives the entries to append. CONFLICT when somebody changed
// one of the keys since it was made.
func (s *Service) carryOutKeys(ctx context.Context, tx *mysql.Tx, actor *access.Actor, plan *KeyImport) ([]ledger.Draft, error) {
	updates := make([]*KeyImportRow, 0, len(plan.Rows))
	var created []*Key
	var drafts []ledger.Draft
	at := s.instant()
	for n := range plan.Rows {
		row := &plan.Rows[n]
		switch row.Action {
		case people.ImportUpdate:
			updates = append(updates, row)
		case people.ImportCreate:
			key := &Key{ID: id.NewAt(at), Kind: Standard, State: Available, Version: 1, CreatedAt: at, UpdatedAt: at}
			row.values.writeTo(key)
			row.Key, created = key.ID, append(created, key)
			d := keyDraft(actor, ledger.KeyCreated, key, at)
			d.Details = row.values.details()
			drafts = append(drafts, d)
		}
	}
	// In the order of ids, so that two imports never wait for each other in a ring.
	slices.SortFunc(updates, func(a, b *KeyImportRow) int { return strings.Compare(a.Key.String(), b.Key.String()) })
	for _, row := range updates {
		changed, err := s.changeKey(ctx, tx, actor, row.update())
		if err != nil {
			return nil, atLine(err, row.Line)
		}
		drafts = append(drafts, changed...)
	}
	return drafts, insertKeys(ctx, tx, created)
}

// replayImport has a plan say what a repeated request did the first time, when less of it was here.
func (s *Service) replayImport(ctx context.Context, tx *mysql.Tx, claim *ledger.Claim, plan *KeyImport) error {
	entries, err := s.ledger.ReadClaimed(ctx, tx, claim)
	if err != nil {
		return err
	}
	made := make(map[string]*ledger.Entry, len(entries))
	for i := range entries {
		made[entries[i].Entity.Label] = &entries[i]
	}
	for n := range plan.Rows {
		row := &plan.Rows[n]
		e := made[row.Number]
		if e == nil {
			row.Action, row.Fields = people.ImportSame, []string{}
			continue
		}
		if row.Key, err = id.Parse(e.Entity.ID); err != nil {
			return err
		}
		if row.Action = people.ImportUpdate; e.Action == ledger.KeyCreated {
			row.Action = people.ImportCreate
		}
		row.Fields = changedFields(e)
	}
	return nil
}

// changedFields names the fields that the entry of a new or changed key tells of, in the order of the schema.
func changedFields(e *ledger.Entry) []string {
	told := map[string]bool{}
	for path := range e.Details {
		told[path] = e.Action == ledger.KeyCreated
	}
	changes, _ := e.Details["changes"].([]any)
	for _, one := range changes {
		change, _ := one.(map[string]any)
		path, _ := change["path"].(string)
		told[path] = true
	}
	names := []string{}
	for _, one := range (&fields{}).named() {
		if told[one.name] {
			names = append(names, one.name)
		}
	}
	return names
}

// update gives the change that makes a key of some version what the row says.
func (r *KeyImportRow) update() *UpdateKeyInput {
	v := &r.values
	return &UpdateKeyInput{
		ID: r.Key, Version: &r.version, Number: &v.number, Label: &v.label, Category: &v.category, Building: &v.building,
		Floor: &v.floor, Room: &v.room, Cabinet: &v.cabinet, Hook: &v.hook,
	}
}

// atLine says in which line of an import a change failed.
func atLine(err error, line int) error {
	var f *fault.Error
	if !errors.As(err, &f) {
		return err
	}
	return f.Saying(fault.Say("Line %d: %s", line, f.Text()))
}

package custody

import (
	"context"
	"slices"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
)

// What the entry log.exported says: of which list, and sealed under the actor, under which filter.
const (
	EntityList  = "list"
	FieldFilter = "filter"
)

// KeyLine is a key with what a file says of it.
type KeyLine struct {
	Key    *Key
	Groups []string
	// Loan is the open one, nil when the key is in, and Holder the name of who has it, as the actor may see it.
	Loan   *Loan
	Holder string
}

// ExportKeys gives the keys of a filter to send, a page at a time by number, once it is on record that the actor takes
// them out in a format. He gets what both his right to see keys and that to export reach.
func (s *Service) ExportKeys(ctx context.Context, actor *access.Actor, format string, f KeyFilter, send func([]KeyLine) error) error {
	scope, err := s.access.Require(ctx, actor, access.KeysView)
	if err != nil {
		return err
	}
	out, err := s.access.Require(ctx, actor, access.LogsExport)
	if err != nil {
		return err
	}
	if scope.Covers(out) {
		scope = out
	}
	size := page.MaxSize
	next := page.Request{First: &size}
	first, err := s.keysWithin(ctx, actor, scope, f, next) // a filter that makes no sense is not worth an entry
	if err != nil {
		return err
	}
	if err := s.recordExport(ctx, actor, format, f); err != nil {
		return err
	}
	for list := first; ; {
		lines, err := s.linesOf(ctx, actor, list.Items)
		if err != nil {
			return err
		}
		if err := send(lines); err != nil || !list.Info.HasNextPage {
			return err
		}
		next.After = list.Info.EndCursor
		if list, err = s.keysWithin(ctx, actor, scope, f, next); err != nil {
			return err
		}
	}
}

func (s *Service) linesOf(ctx context.Context, actor *access.Actor, keys []*Key) ([]KeyLine, error) {
	ids := make([]id.ID, len(keys))
	for i, k := range keys {
		ids[i] = k.ID
	}
	loans, err := s.LoansOpenByKey(ctx, actor, ids)
	if err != nil {
		return nil, err
	}
	groups, err := s.GroupsByKey(ctx, actor, ids)
	if err != nil {
		return nil, err
	}
	lines := make([]KeyLine, len(keys))
	for i, k := range keys {
		lines[i] = KeyLine{Key: k, Loan: loans[k.ID]}
		if lines[i].Loan != nil {
			lines[i].Holder = s.people.DisplayName(actor, lines[i].Loan.HolderID)
		}
		for _, g := range groups[k.ID] {
			lines[i].Groups = append(lines[i].Groups, g.Name)
		}
	}
	return lines, nil
}

func (s *Service) recordExport(ctx context.Context, actor *access.Actor, format string, f KeyFilter) error {
	if actor.IsSystem() {
		return nil
	}
	at := s.instant()
	d := actor.Draft(ledger.StreamSystem, ledger.LogExported, at)
	d.Entity = ledger.Entity{Type: EntityList, ID: "keys", Label: "keys"}
	d.Details = map[string]any{"format": format}
	d.Parts = append(d.Parts, ledger.PersonPart(FieldFilter, actor.Person, at, f.words()))
	return s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		_, err := s.ledger.Append(ctx, tx, d)
		return err
	})
}

// words gives the conditions by their names in the schema.
func (f *KeyFilter) words() map[string]any {
	words := map[string]any{}
	for name, text := range map[string]string{"search": f.Search, "building": f.Building, "group": f.Group.String(), "holder": f.Holder.String()} {
		if text != "" {
			words[name] = text
		}
	}
	if len(f.States) > 0 {
		states := make([]any, len(f.States))
		for i, state := range f.States {
			states[i] = string(state)
		}
		words["states"] = states
	}
	return words
}

// Receipt is a loan with its key and the names on its receipt, as the actor may see them.
type Receipt struct {
	Loan                         *Loan
	Key                          *Key
	Holder, IssuedBy, ReturnedBy string
}

// Receipt gives what stands on the receipt of a loan. NOT_FOUND when there is none that the actor may see.
func (s *Service) Receipt(ctx context.Context, actor *access.Actor, loan id.ID) (*Receipt, error) {
	if _, err := s.access.Require(ctx, actor, access.KeysView); err != nil {
		return nil, err
	}
	loans, err := s.LoansByID(ctx, actor, []id.ID{loan})
	if err != nil {
		return nil, err
	}
	l := loans[loan]
	if l == nil {
		return nil, noSuchLoan()
	}
	keys, err := s.KeysByID(ctx, actor, []id.ID{l.KeyID})
	if err != nil {
		return nil, err
	}
	name := func(person id.ID) string {
		if person.IsZero() {
			return ""
		}
		return s.people.DisplayName(actor, person)
	}
	return &Receipt{Loan: l, Key: keys[l.KeyID], Holder: name(l.HolderID), IssuedBy: name(l.IssuedByID), ReturnedBy: name(l.ReturnedByID)}, nil
}

// MaxLabels is how many labels are printed at a time.
const MaxLabels = 500

// Labelled gives the keys for which labels are to be printed, in the order asked for. NOT_FOUND when the actor may not
// see one of them: whoever sees only some keys sees those that are held there now.
func (s *Service) Labelled(ctx context.Context, actor *access.Actor, keys []id.ID) ([]*Key, error) {
	scope, err := s.access.Require(ctx, actor, access.KeysView)
	if err != nil {
		return nil, err
	}
	if err := distinct("ids", keys, 1, MaxLabels); err != nil {
		return nil, err
	}
	found, err := s.KeysByID(ctx, actor, keys)
	if err != nil {
		return nil, err
	}
	reached, err := s.LoansOpenByKey(ctx, actor, keys)
	if err != nil {
		return nil, err
	}
	labelled := inOrder(keys, found)
	if len(labelled) < len(keys) || scope != access.All && slices.ContainsFunc(keys, func(k id.ID) bool { return reached[k] == nil }) {
		return nil, fault.New(fault.NotFound, "One of these keys does not exist: look them up again.")
	}
	return labelled, nil
}

package graph

import (
	"context"

	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/graph/wire"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/request"
)

// movementLoaders fetch what hangs on loans, handovers and corrections.
type movementLoaders struct {
	loans       *loader[id.ID, *custody.Loan]
	lastLoans   *loader[id.ID, *custody.Loan]
	handovers   *loader[id.ID, *custody.Handover]
	group       *loader[id.ID, *custody.KeyGroup]
	entries     *loader[uint64, *logbook.KeyEntry]
	corrections *loader[uint64, []*logbook.KeyEntry]
}

func (r *Resolver) movementLoaders() *movementLoaders {
	return &movementLoaders{
		loans: newLoader(func(ctx context.Context, loans []id.ID) (map[id.ID]*custody.Loan, error) {
			return r.Custody.LoansByID(ctx, request.Actor(ctx), loans)
		}),
		lastLoans: newLoader(func(ctx context.Context, keys []id.ID) (map[id.ID]*custody.Loan, error) {
			return r.Custody.LastLoans(ctx, request.Actor(ctx), keys)
		}),
		handovers: newLoader(r.Custody.PendingHandovers),
		group:     newLoader(r.Custody.GroupsByID),
		entries: newLoader(func(ctx context.Context, seqs []uint64) (map[uint64]*logbook.KeyEntry, error) {
			return r.Logbook.KeyEntriesAt(ctx, request.Actor(ctx), seqs)
		}),
		corrections: newLoader(func(ctx context.Context, seqs []uint64) (map[uint64][]*logbook.KeyEntry, error) {
			return r.Logbook.CorrectionsOf(ctx, request.Actor(ctx), seqs)
		}),
	}
}

// loanOf gives a loan that a handover names; nil for none and where the caller may not see it.
func loanOf(ctx context.Context, loan id.ID) (*custody.Loan, error) {
	if loan.IsZero() {
		return nil, nil
	}
	return loadersOf(ctx).loans.load(ctx, loan)
}

// party gives somebody of a handover as the caller may see him. The receiver learns who gives him a key, and the giver
// who took it, whatever else they may see of people.
func (r *Resolver) party(ctx context.Context, person, other id.ID, known bool) *people.Person {
	actor := request.Actor(ctx)
	p, found := r.Persons.Find(person)
	if !known || !found || p.Erased || actor == nil || !actor.Is(other) || !actor.Token.IsZero() {
		return r.someone(ctx, person)
	}
	if seen := r.someone(ctx, person); seen.Name == p.Name {
		return seen
	}
	wire.Personal(ctx)
	return &people.Person{ID: person, Name: p.Name, Language: "en"}
}

// pendingOf gives the handover of an open loan that waits.
func pendingOf(ctx context.Context, l *custody.Loan) (*custody.Handover, error) {
	if !l.Open() {
		return nil, nil
	}
	h, err := loadersOf(ctx).handovers.load(ctx, l.KeyID)
	if h == nil || h.LoanID != l.ID {
		return nil, err
	}
	return h, err
}

func groupOf(ctx context.Context, group id.ID) (*custody.KeyGroup, error) {
	if group.IsZero() {
		return nil, nil
	}
	return loadersOf(ctx).group.load(ctx, group)
}

func correctedBy(ctx context.Context, e *logbook.KeyEntry) ([]*logbook.KeyEntry, error) {
	found, err := loadersOf(ctx).corrections.load(ctx, e.Seq)
	if found == nil {
		found = []*logbook.KeyEntry{}
	}
	return found, err
}

func corrects(ctx context.Context, e *logbook.KeyEntry) (*logbook.KeyEntry, error) {
	if e.Corrects == nil {
		return nil, nil
	}
	return loadersOf(ctx).entries.load(ctx, *e.Corrects)
}

// madeEntry shows an entry that the caller has just made.
func (r *Resolver) madeEntry(ctx context.Context, e ledger.Entry) (*logbook.KeyEntry, error) {
	shown, err := r.Logbook.KeyEntries(ctx, request.Actor(ctx), []ledger.Entry{e})
	if err != nil {
		return nil, err
	}
	return shown[0], nil
}

func (r *Resolver) extendLoan(ctx context.Context, input custody.ExtendInput) (*model.ExtendLoanPayload, error) {
	made, err := r.Custody.Extend(ctx, request.Actor(ctx), input)
	if err != nil {
		return nil, err
	}
	entry, err := r.madeEntry(ctx, made.Entry)
	return &model.ExtendLoanPayload{Loan: made.Loan, Entry: entry}, err
}

func (r *Resolver) reportKeyLost(ctx context.Context, input model.ReportKeyLostInput) (*model.ReportKeyLostPayload, error) {
	made, err := r.Custody.ReportLost(ctx, request.Actor(ctx), custody.ReportInput{
		Key: input.Key, Comment: value(input.Comment), OccurredAt: input.OccurredAt, Reason: value(input.Reason),
		IdempotencyKey: value(input.IdempotencyKey),
	})
	if err != nil {
		return nil, err
	}
	entry, err := r.madeEntry(ctx, made.Entry)
	return &model.ReportKeyLostPayload{Key: made.Key, Loan: made.Loan, Entry: entry}, err
}

func (r *Resolver) reportKeyFound(ctx context.Context, input model.ReportKeyFoundInput) (*model.ReportKeyFoundPayload, error) {
	made, err := r.Custody.ReportFound(ctx, request.Actor(ctx), custody.ReportInput{
		Key: input.Key, Comment: value(input.Comment), OccurredAt: input.OccurredAt, Reason: value(input.Reason),
		IdempotencyKey: value(input.IdempotencyKey),
	})
	if err != nil {
		return nil, err
	}
	entry, err := r.madeEntry(ctx, made.Entry)
	return &model.ReportKeyFoundPayload{Key: made.Key, Entry: entry}, err
}

func (r *Resolver) handOverKeys(ctx context.Context, input custody.HandOverInput) (*model.HandOverKeysPayload, error) {
	made, err := r.Custody.HandOver(ctx, request.Actor(ctx), input)
	if err != nil {
		return nil, err
	}
	entries, err := r.Logbook.KeyEntries(ctx, request.Actor(ctx), made.Entries)
	return &model.HandOverKeysPayload{Handovers: made.Handovers, Entries: entries}, err
}

func (r *Resolver) acceptHandover(ctx context.Context, input custody.AcceptInput) (*model.AcceptHandoverPayload, error) {
	made, err := r.Custody.AcceptHandover(ctx, request.Actor(ctx), input)
	if err != nil {
		return nil, err
	}
	entries, err := r.Logbook.KeyEntries(ctx, request.Actor(ctx), made.Entries)
	return &model.AcceptHandoverPayload{Handover: made.Handovers[0], Loans: made.Loans, Entries: entries}, err
}

func (r *Resolver) cancelHandover(ctx context.Context, input custody.CancelInput) (*model.CancelHandoverPayload, error) {
	made, err := r.Custody.CancelHandover(ctx, request.Actor(ctx), input)
	if err != nil {
		return nil, err
	}
	entry, err := r.madeEntry(ctx, made.Entries[0])
	return &model.CancelHandoverPayload{Handover: made.Handovers[0], Entry: entry}, err
}

func (r *Resolver) correctMovement(ctx context.Context, input custody.CorrectInput) (*model.CorrectMovementPayload, error) {
	made, err := r.Custody.CorrectMovement(ctx, request.Actor(ctx), input)
	if err != nil {
		return nil, err
	}
	entry, err := r.madeEntry(ctx, made.Entry)
	return &model.CorrectMovementPayload{Entry: entry, Loan: made.Loan, Key: made.Key}, err
}

func (r *Resolver) countInventory(ctx context.Context, input custody.CountInput) (*model.CountInventoryPayload, error) {
	made, err := r.Custody.CountInventory(ctx, request.Actor(ctx), input)
	if err != nil {
		return nil, err
	}
	entry, err := r.madeEntry(ctx, made.Entry)
	return &model.CountInventoryPayload{Inventory: made.Inventory, Entry: entry}, err
}

func (r *Resolver) resolveDifference(ctx context.Context, input custody.ResolveInput) (*model.ResolveDifferencePayload, error) {
	made, err := r.Custody.ResolveDifference(ctx, request.Actor(ctx), input)
	if err != nil {
		return nil, err
	}
	entries, err := r.Logbook.KeyEntries(ctx, request.Actor(ctx), made.Entries)
	return &model.ResolveDifferencePayload{Difference: made.Difference, Entries: entries}, err
}

func handoverConnection(p page.Page[*custody.Handover]) *model.HandoverConnection {
	return &model.HandoverConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node *custody.Handover) *model.HandoverEdge {
		return &model.HandoverEdge{Cursor: cursor, Node: node}
	})}
}

func inventoryConnection(p page.Page[*custody.Inventory]) *model.InventoryConnection {
	return &model.InventoryConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node *custody.Inventory) *model.InventoryEdge {
		return &model.InventoryEdge{Cursor: cursor, Node: node}
	})}
}

func differenceConnection(p page.Page[*custody.Difference]) *model.InventoryDifferenceConnection {
	return &model.InventoryDifferenceConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node *custody.Difference) *model.InventoryDifferenceEdge {
		return &model.InventoryDifferenceEdge{Cursor: cursor, Node: node}
	})}
}

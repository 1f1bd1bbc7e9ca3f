package custody

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
)

const (
	inventoryColumns = "v.id, v.taken_at, v.taken_by, v.cabinet, v.key_group, v.expected_count, v.found_count, v.difference_count," +
		" (SELECT COUNT(*) FROM inventory_difference d WHERE d.inventory = v.id AND d.resolution IS NULL) AS open_count"
	selectInventories    = "SELECT " + inventoryColumns + " FROM inventory v"
	selectDifferenceRows = "SELECT d.id, d.inventory, d.key_id, d.number, d.kind, d.resolution, d.resolved_at, d.resolved_by FROM inventory_difference d"
	selectInCabinet      = selectKeyRows + " WHERE k.cabinet = ? AND k.retired_at IS NULL LIMIT ?"
	selectInGroup        = selectKeyRows + " JOIN key_group_key m ON m.key_id = k.id WHERE m.key_group = ? AND k.retired_at IS NULL LIMIT ?"
	selectByNumber       = selectKeyRows + " WHERE k.active_number IN (?)"
	selectRetiredNumbers = "SELECT " + keyColumns + " FROM physical_key k WHERE k.number_order IN (?) AND k.retired_at IS NOT NULL ORDER BY k.retired_at"
	insertInventory      = "INSERT INTO inventory (id, taken_at, taken_by, cabinet, key_group, expected_count, found_count, difference_count)" +
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
	insertDifferences = "INSERT INTO inventory_difference (id, inventory, key_id, number, number_order, kind) VALUES "
	settleDifference  = "UPDATE inventory_difference SET resolution = ?, resolved_at = ?, resolved_by = ? WHERE id = ?"
	// numbersAtOnce bounds the values of one statement.
	numbersAtOnce = 500
)

// selectCounted gives the keys that belong to what is counted, one more than may be where there are more.
func selectCounted(ctx context.Context, q mysql.Querier, in CountInput, now time.Time) ([]keyRow, error) {
	var rows []keyRow
	if in.Group.IsZero() {
		return rows, q.Select(ctx, &rows, selectInCabinet, now, now, in.Cabinet, MaxCounted+1)
	}
	return rows, q.Select(ctx, &rows, selectInGroup, now, now, in.Group, MaxCounted+1)
}

// keysScanned gives the keys that numbers mean, by number.
func (s *Service) keysScanned(ctx context.Context, q mysql.Querier, numbers []string) (map[string]scannedKey, error) {
	keys := make(map[string]scannedKey, len(numbers))
	for some := range slices.Chunk(numbers, numbersAtOnce) {
		var retired, used []keyRow
		if err := selectExpanded(ctx, q, &retired, selectRetiredNumbers, ordersOf(some...)); err != nil {
			return nil, err
		}
		now := s.instant()
		if err := selectExpanded(ctx, q, &used, selectByNumber, now, now, spellings(some...)); err != nil {
			return nil, err
		}
		for _, row := range retired {
			keys[composed(row.Number)] = scannedKey{row, true}
		}
		for _, row := range used {
			keys[composed(row.Number)] = scannedKey{row, false}
		}
	}
	return keys, nil
}

func insertCount(ctx context.Context, tx *mysql.Tx, v *Inventory, differences []*Difference) error {
	_, err := tx.Exec(ctx, insertInventory, v.ID, v.TakenAt, v.TakenByID, v.Cabinet, v.GroupID, v.ExpectedCount, v.FoundCount, v.DifferenceCount)
	if err != nil {
		return err
	}
	const row = "(?,?,?,?,?,?)"
	for some := range slices.Chunk(differences, numbersAtOnce) {
		args := make([]any, 0, len(some)*6)
		for _, d := range some {
			args = append(args, d.ID, d.InventoryID, d.KeyID, d.Number, orderOf(d.Number), string(d.Kind))
		}
		if _, err := tx.Exec(ctx, insertDifferences+strings.Repeat(row+",", len(some)-1)+row, args...); err != nil {
			return err
		}
	}
	return nil
}

func oneInventory(ctx context.Context, q mysql.Querier, one id.ID) (*Inventory, error) {
	var v Inventory
	err := q.Get(ctx, &v, selectInventories+" WHERE v.id = ?", one)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "There is no such count.")
	}
	return &v, err
}

// inventoriesInScope lets through all counts, or those that the actor took himself.
func inventoriesInScope(actor *access.Actor, scope access.Scope) *mysql.Where {
	where := &mysql.Where{}
	if scope != access.All {
		where.And("v.taken_by IN (?)", actor.Persons())
	}
	return where
}

// Inventories lists counts, newest first. Whoever may not see all keys sees his own counts.
func (s *Service) Inventories(ctx context.Context, actor *access.Actor, request page.Request) (page.Page[*Inventory], error) {
	var none page.Page[*Inventory]
	scope, err := s.access.Require(ctx, actor, access.KeysView)
	if err != nil {
		return none, err
	}
	w, err := request.Window()
	if err != nil {
		return none, err
	}
	where := inventoriesInScope(actor, scope)
	order, err := newestFirst("v.taken_at", "v.id").window(w, where)
	if err != nil {
		return none, err
	}
	var rows []*Inventory
	if err := selectExpanded(ctx, s.db, &rows, selectInventories+where.SQL()+order, where.Args(w.Limit+1)...); err != nil {
		return none, err
	}
	return page.Cut(w, rows, func(v *Inventory) string { return timeCursor(v.TakenAt, v.ID) }), s.ledger.AwaitRead(ctx)
}

// Inventory gives one count, nil when there is none that the actor may see.
func (s *Service) Inventory(ctx context.Context, actor *access.Actor, one id.ID) (*Inventory, error) {
	scope, err := s.access.Require(ctx, actor, access.KeysView)
	if err != nil {
		return nil, err
	}
	where := inventoriesInScope(actor, scope)
	where.And("v.id = ?", one)
	var rows []*Inventory
	if err := selectExpanded(ctx, s.db, &rows, selectInventories+where.SQL(), where.Args()...); err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0], s.ledger.AwaitRead(ctx)
}

// Differences lists what a count found, by number, natural order. The caller has seen the count.
func (s *Service) Differences(ctx context.Context, inventory id.ID, request page.Request) (page.Page[*Difference], error) {
	var none page.Page[*Difference]
	w, err := request.Window()
	if err != nil {
		return none, err
	}
	where := &mysql.Where{}
	where.And("d.inventory = ?", inventory)
	order, err := byText("d.number_order", "d.id").window(w, where)
	if err != nil {
		return none, err
	}
	var rows []*Difference
	if err := s.db.Select(ctx, &rows, selectDifferenceRows+where.SQL()+order, where.Args(w.Limit+1)...); err != nil {
		return none, err
	}
	return page.Cut(w, rows, func(d *Difference) string { return textCursor(orderOf(d.Number), d.ID) }), s.ledger.AwaitRead(ctx)
}

// GroupsByID gives groups for joins: the caller has seen what names them.
func (s *Service) GroupsByID(ctx context.Context, groups []id.ID) (map[id.ID]*KeyGroup, error) {
	found := make(map[id.ID]*KeyGroup, len(groups))
	for _, one := range groups {
		g, err := oneGroup(ctx, s.db, one)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		if err == nil {
			found[one] = g
		}
	}
	return found, nil
}

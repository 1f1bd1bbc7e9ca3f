package ledger

import (
	"context"
	"slices"
	"strconv"

	"github.com/keytrail/keytrail/server/mysql"
)

// RefEntry is the type of a ref to another entry; its id is that entry's seq.
const RefEntry = "entry"

// maxRefRole is the longest role of a ref that is indexed.
const maxRefRole = 32

const (
	selectRefs      = "SELECT target, role, seq FROM entry_ref WHERE seq >= ? AND seq < ? ORDER BY seq, target, role"
	selectReferring = "SELECT target, role, seq FROM entry_ref WHERE role = ? AND target IN (?) ORDER BY target, seq"
	dropRef         = "DELETE FROM entry_ref WHERE target = ? AND role = ? AND seq = ?"
	strayRefs       = "SELECT DISTINCT i.seq FROM entry_ref i LEFT JOIN {ledger}.entry e ON e.seq = i.seq WHERE i.seq >= ? AND e.seq IS NULL ORDER BY i.seq LIMIT 256"
	dropRefs        = "DELETE FROM entry_ref WHERE seq IN (?)"
)

// EntryRef makes a ref to another entry.
func EntryRef(role string, seq uint64) Ref {
	return Ref{Role: role, Type: RefEntry, ID: strconv.FormatUint(seq, 10)}
}

// RefSeq gives the seq of the entry that the first ref in a role names, false when there is none.
func (b *Body) RefSeq(role string) (uint64, bool) {
	for _, r := range b.Refs {
		if r.Role == role && r.Type == RefEntry {
			seq, err := strconv.ParseUint(r.ID, 10, 64)
			return seq, err == nil
		}
	}
	return 0, false
}

type reference struct {
	seq  uint64
	role string
}

// referredTo gives the entries that a body refers to, each once in a role.
func referredTo(b *Body) []reference {
	var targets []reference
	for _, r := range b.Refs {
		if r.Type != RefEntry || r.Role == "" || len(r.Role) > maxRefRole {
			continue
		}
		seq, err := strconv.ParseUint(r.ID, 10, 64)
		if one := (reference{seq, r.Role}); err == nil && !slices.Contains(targets, one) {
			targets = append(targets, one)
		}
	}
	return targets
}

// Referring gives for each of the targets the entries that refer to it in a role, oldest first. They may not be durable yet.
func (l *Ledger) Referring(ctx context.Context, q mysql.Querier, role string, targets []uint64) (map[uint64][]uint64, error) {
	if len(targets) == 0 {
		return nil, nil
	}
	query, args, err := mysql.In(selectReferring, role, targets)
	if err != nil {
		return nil, err
	}
	var rows []refRow
	if err := q.Select(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	referring := make(map[uint64][]uint64, len(rows))
	for _, r := range rows {
		referring[r.Target] = append(referring[r.Target], r.Seq)
	}
	return referring, nil
}

// refRow is a row of entry_ref, comparable.
type refRow struct {
	Target uint64 `db:"target"`
	Role   string `db:"role"`
	Seq    uint64 `db:"seq"`
}

// mendRefs replaces the references of the entries of a run that are not as they must be, and gives how many those were.
func mendRefs(ctx context.Context, tx *mysql.Tx, run SeqRange, want *derivedRows) (int, error) {
	var rows []refRow
	if err := tx.Select(ctx, &rows, selectRefs, run.From, run.To); err != nil {
		return 0, err
	}
	wanted := map[refRow]bool{}
	for i := 0; i < len(want.refs); i += refColumns {
		wanted[refRow{want.refs[i].(uint64), want.refs[i+1].(string), want.refs[i+2].(uint64)}] = true
	}
	wrong, missing := difference(rows, wanted)
	for _, r := range wrong {
		if _, err := tx.Exec(ctx, dropRef, r.Target, r.Role, r.Seq); err != nil {
			return 0, err
		}
	}
	var lost []any
	for _, r := range missing {
		lost = append(lost, r.Target, r.Role, r.Seq)
	}
	return len(wrong) + len(missing), insertRows(ctx, tx, insertRefs, "", refColumns, lost)
}

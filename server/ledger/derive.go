package ledger

import (
	"context"
	"net/netip"

	"github.com/keytrail/keytrail/server/mysql"
)

// What queries need of an entry is derived from its body, here and nowhere else: by appends, and by whoever builds
// the derived tables anew. The address is sealed, so its index comes from the origin.

const (
	insertIndex = "INSERT INTO entry_index (seq, id, stream, occurred_at, recorded_at, actor, person, department, action," +
		" entity_type, entity_id, module, source, outcome) VALUES "
	insertIPs  = "INSERT INTO entry_ip (ip, occurred_at, seq) VALUES "
	insertRefs = "INSERT INTO entry_ref (target, role, seq) VALUES "
)

const (
	indexColumns = 14
	ipColumns    = 3
	refColumns   = 3
)

// derivedRows are the rows of a run of entries in the derived tables, as arguments of INSERT statements.
type derivedRows struct {
	index, ips, refs, objects []any
	counts                    counts
}

func newDerivedRows(entries int) *derivedRows {
	return &derivedRows{index: make([]any, 0, entries*indexColumns), counts: newCounts()}
}

// add derives an entry's rows. ip is the index of the address that it came from, nil where there is none.
func (r *derivedRows) add(seq uint64, b *Body, ip []byte) {
	r.index = append(r.index, seq, b.ID, b.Stream.Code(), b.OccurredAt, b.RecordedAt, b.ActorID(), b.Person,
		b.Department, b.Action, b.Entity.Type, b.Entity.ID, b.Module, b.Source, b.Outcome.Code())
	if ip != nil {
		r.ips = append(r.ips, ip, b.OccurredAt, seq)
	}
	for _, target := range referredTo(b) {
		r.refs = append(r.refs, target.seq, target.role, seq)
	}
	r.objects = appendObjects(r.objects, seq, b)
	r.counts.add(b)
}

// inserts appends statements that insert the rows of each entry.
func (r *derivedRows) inserts(to []mysql.Statement) []mysql.Statement {
	to = rowInserts(to, insertIndex, "", indexColumns, r.index)
	to = rowInserts(to, insertIPs, "", ipColumns, r.ips)
	to = rowInserts(to, insertRefs, "", refColumns, r.refs)
	return rowInserts(to, insertObjects, "", objectColumns, r.objects)
}

// additions appends statements that add up the counts, whose rows many entries share.
func (r *derivedRows) additions(to []mysql.Statement) []mysql.Statement {
	return rowInserts(to, insertCounts, addToCounts, countColumns, r.counts.rows())
}

// IPIndex gives the 16 bytes by which entry_ip knows an address, whatever its notation.
func (l *Ledger) IPIndex(ctx context.Context, ip netip.Addr) ([]byte, error) {
	sum, err := l.seal.BlindIndex(ctx, "ip", ip.Unmap().WithZone("").String())
	if err != nil {
		return nil, err
	}
	return sum[:len(sum)/2], nil
}

// ipIndexOf gives the index of an origin's address, nil when there is none that can be read.
func (l *Ledger) ipIndexOf(ctx context.Context, origin Origin) ([]byte, error) {
	ip, err := netip.ParseAddr(origin.IP)
	if err != nil {
		return nil, nil
	}
	return l.IPIndex(ctx, ip)
}

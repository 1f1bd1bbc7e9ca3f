package logbook

import (
	"context"
	"net/netip"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// lookUpIP reads the address of a filter, and asks whether the actor may look for one: an answer would tell him where
// somebody was.
func (s *Service) lookUpIP(ctx context.Context, q *query) error {
	q.ip, q.index = netip.Addr{}, nil
	if q.IP == "" {
		return nil
	}
	ip, err := netip.ParseAddr(q.IP)
	if err != nil || ip.Zone() != "" {
		return fault.Field("ip", "%.60q is not an address: write one like 192.0.2.7 or 2001:db8::7", q.IP)
	}
	if q.personal, err = s.access.Require(ctx, q.actor, access.LogsPersonalView); err != nil {
		return err
	}
	q.ip = canonicalIP(ip)
	q.index, err = s.ledger.IPIndex(ctx, q.ip)
	return err
}

// canonicalIP gives an IPv4 address that is written as one of IPv6 as what it is.
func canonicalIP(ip netip.Addr) netip.Addr { return ip.Unmap() }

// admitsIP is the address's part of the filter in memory. An origin that was erased has no address.
func (q *query) admitsIP(ctx context.Context, m mask, e *ledger.Entry) (bool, error) {
	if !q.ip.IsValid() {
		return true, nil
	}
	if !m.showsOrigin(e) {
		return false, nil
	}
	origin, err := unseal[ledger.Origin](ctx, m.ledger, e, ledger.FieldActor)
	if err != nil || origin == nil {
		return false, err
	}
	ip, err := netip.ParseAddr(origin.IP)
	return err == nil && canonicalIP(ip.WithZone("")) == q.ip, nil
}

// originShown is mask.showsOrigin in SQL, over i (entry_index).
func (q *query) originShown(where *mysql.Where) {
	switch q.personal {
	case access.All:
	case access.OwnSource:
		where.And("i.source = ?", q.actor.Source)
	case access.Department:
		where.And("((i.actor IS NULL OR i.actor = i.person) AND (i.department = ? OR i.person IN (?) OR i.actor IN (?)) OR i.actor IN (?))",
			q.actor.Department, q.actor.Persons(), q.actor.Persons(), q.actor.Persons())
	default:
		where.And("(i.actor IS NULL AND i.person IN (?) OR i.actor IN (?))", q.actor.Persons(), q.actor.Persons())
	}
}

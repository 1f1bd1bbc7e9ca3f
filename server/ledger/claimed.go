package ledger

import (
	"context"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
)

// ReadClaimed gives the entries that a repeated request made the first time. NOT_FOUND when any of them was pruned
// since: the request was carried out then, and is not again.
func (l *Ledger) ReadClaimed(ctx context.Context, q mysql.Querier, c *Claim) ([]Entry, error) {
	entries, err := l.ReadSeqs(ctx, q, c.Seqs)
	if err != nil {
		return nil, err
	}
	if len(entries) < len(c.Seqs) {
		return nil, fault.New(fault.NotFound, "This request was carried out before, and what it recorded was pruned since. "+
			"Nothing was done again: look up what is true now, and take a new idempotency key for a new request.")
	}
	return entries, nil
}

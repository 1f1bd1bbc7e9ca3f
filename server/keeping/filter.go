package keeping

import (
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// ArchiveState is what is known of an archive.
type ArchiveState string

// The states. An archive whose entries were put back is intact or damaged, too.
const (
	ArchiveIntact   ArchiveState = "INTACT"
	ArchiveDamaged  ArchiveState = "DAMAGED"
	ArchiveRestored ArchiveState = "RESTORED"
)

// ArchiveFilter is what an archive has to be like; what is nil does not matter.
type ArchiveFilter struct {
	// Stream is one of which it has entries.
	Stream *ledger.Stream
	// From and To are the time [From, To) with which that of its entries overlaps.
	From, To *time.Time
	State    *ArchiveState
}

const (
	// hasStream reads a stream's count by the stream's code. Older rows have no count of a stream that came later.
	hasStream = "LENGTH(streams) - LENGTH(REPLACE(streams, ' ', '')) >= ? AND SUBSTRING_INDEX(SUBSTRING_INDEX(streams, ' ', ?), ' ', -1) <> '0'"
	isIntact  = "damage = ''"
	isDamaged = "damage <> ''"
	isBack    = "restored_at IS NOT NULL"
)

func (f *ArchiveFilter) where() (*mysql.Where, error) {
	w := &mysql.Where{}
	if f == nil {
		return w, nil
	}
	if f.Stream != nil {
		w.And(hasStream, f.Stream.Code()-1, f.Stream.Code())
	}
	if f.From != nil && f.To != nil && !f.To.After(*f.From) {
		return nil, fault.Field("filter.to", "this has to be after the beginning")
	}
	if f.From != nil {
		w.And("newest >= ?", *f.From)
	}
	if f.To != nil {
		w.And("oldest < ?", *f.To)
	}
	if f.State != nil {
		switch *f.State {
		case ArchiveIntact:
			w.And(isIntact)
		case ArchiveDamaged:
			w.And(isDamaged)
		case ArchiveRestored:
			w.And(isBack)
		default:
			return nil, fault.Field("filter.state", "there is no such state")
		}
	}
	return w, nil
}

package keeping

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/ledger"
)

// Preview is what a run would delete.
type Preview struct {
	AsOf    time.Time
	Entries uint64
	// Streams are those of which something would go.
	Streams []*StreamPreview
	// Held counts entries whose time is over and that stay because of a legal hold.
	Held uint64
	// NextDue is when the next run by itself begins, nil when there is none.
	NextDue *time.Time
}

// StreamPreview is what would go of one stream.
type StreamPreview struct {
	Stream         ledger.Stream
	Entries        uint64
	Oldest, Newest time.Time
}

// previewTimeout bounds the time of a preview: it reads the index of all entries.
const previewTimeout = 30 * time.Second

// Preview tells what a run would delete now, and deletes nothing.
func (s *Service) Preview(ctx context.Context, actor *access.Actor) (*Preview, error) {
	if err := s.mayLook(ctx, actor); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, previewTimeout)
	defer cancel()
	due, err := s.nextDue(ctx)
	if err != nil {
		return nil, err
	}
	p, err := s.planAsOf(ctx, s.moment())
	if err != nil {
		return nil, err
	}
	found := &Preview{AsOf: p.rules.asOf, Streams: []*StreamPreview{}, NextDue: due}
	byStream := map[ledger.Stream]*StreamPreview{}
	for from := uint64(0); from < p.end; {
		gone, to, err := p.next(ctx, from)
		if err != nil {
			return nil, err
		}
		for i := range gone {
			one := byStream[gone[i].Stream]
			if one == nil {
				one = &StreamPreview{Stream: gone[i].Stream, Oldest: gone[i].OccurredAt, Newest: gone[i].OccurredAt}
				byStream[gone[i].Stream] = one
			}
			one.add(&gone[i])
		}
		from = to
	}
	for _, stream := range ledger.Streams() {
		if one := byStream[stream]; one != nil {
			found.Streams, found.Entries = append(found.Streams, one), found.Entries+one.Entries
		}
	}
	found.Held = p.kept
	return found, nil
}

func (p *StreamPreview) add(l *leaving) {
	p.Entries++
	if l.OccurredAt.Before(p.Oldest) {
		p.Oldest = l.OccurredAt
	}
	if l.OccurredAt.After(p.Newest) {
		p.Newest = l.OccurredAt
	}
}

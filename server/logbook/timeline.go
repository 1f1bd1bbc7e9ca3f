package logbook

import (
	"context"
	"fmt"
	"slices"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/feeds"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
)

// Timeline lists movements of keys, activity, sign-ins and, where they are asked for, reports of work together, newest
// first, each stream as far as the actor's scope of it reaches.
func (s *Service) Timeline(ctx context.Context, actor *access.Actor, f Filter, request page.Request) (page.Page[LogEntry], error) {
	return list(ctx, s, actor, timelineStream(), viewTimeline, f, request)
}

// FollowTimeline is FollowKeys for the streams of the timeline.
func (s *Service) FollowTimeline(ctx context.Context, actor *access.Actor, after string, f Filter, recheck feeds.Recheck, send Send[LogEntry]) error {
	return feeds.UnlessLeft(ctx, follow(ctx, s, actor, timelineStream(), viewTimelineFeed, after, f, recheck, send))
}

func timelineStream() stream[LogEntry] {
	return stream[LogEntry]{slices.Concat(keyStream().parts, activityStream().parts, authStream().parts, workStream().parts), mask.any, LogEntry.Place}
}

// any gives an entry of any stream as the actor sees it.
func (m mask) any(ctx context.Context, e *ledger.Entry) (LogEntry, error) {
	switch e.Stream {
	case ledger.StreamKey:
		return m.key(ctx, e)
	case ledger.StreamActivity:
		return m.activity(ctx, e)
	case ledger.StreamAuth:
		return m.auth(ctx, e)
	case ledger.StreamWork:
		return m.work(ctx, e)
	case ledger.StreamSystem:
		return m.system(ctx, e)
	}
	return nil, fmt.Errorf("entry %d of stream %q has no view", e.Seq, e.Stream)
}

package walls

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/feeds"
	"github.com/keytrail/keytrail/server/ledger"
)

// rhythm is how often a wall is read: changes apart keeps it from following each of many movements, and beat tells a
// display that what it shows is still true, also when nothing moves and only time goes on.
type rhythm struct {
	apart, beat, recheck time.Duration
}

func defaultRhythm() rhythm {
	return rhythm{apart: time.Second, beat: 10 * time.Second, recheck: time.Second}
}

// Follow gives the wall to send at once, after each change of keys, and at least every ten seconds, so that a display
// knows how old its data is. It returns when ctx ends or send wants no more (nil), or with what Require or recheck say.
func (s *Service) Follow(ctx context.Context, actor *access.Actor, recheck feeds.Recheck, send func(*Wall) bool) error {
	return feeds.UnlessLeft(ctx, s.follow(ctx, actor, recheck, send))
}

func (s *Service) follow(ctx context.Context, actor *access.Actor, recheck feeds.Recheck, send func(*Wall) bool) error {
	w, err := s.settingsOf(ctx, actor)
	if err != nil {
		return err
	}
	follower, _, err := feeds.Begin(ctx, s.ledger, recheck) // before the first wall is read, so that no change falls in between
	if err != nil {
		return err
	}
	pause := time.NewTicker(s.rhythm.recheck)
	defer pause.Stop()
	for {
		wall, err := s.read(ctx, w)
		if err != nil {
			return err
		}
		if !send(wall) {
			return nil
		}
		sent := time.Now()
		for moved := false; !moved || time.Since(sent) < s.rhythm.apart; {
			entries, err := follower.NextUntil(ctx, pause.C)
			if err != nil {
				return err
			}
			if _, err := recheck(ctx, changesTokens(entries)); err != nil {
				return err
			}
			moved = moved || slices.ContainsFunc(entries, movesKeys) || time.Since(sent) >= s.rhythm.beat
		}
	}
}

func movesKeys(e ledger.Entry) bool { return e.Stream == ledger.StreamKey }

func changesTokens(entries []ledger.Entry) bool {
	return slices.ContainsFunc(entries, func(e ledger.Entry) bool { return strings.HasPrefix(e.Action, "auth.token_") })
}

package people

import (
	"sync"
	"time"

	"github.com/keytrail/keytrail/server/fault"
)

// UsualNewPerDay is how many strangers a source may name in a day where nothing else is set.
const UsualNewPerDay = 10_000

// newcomers counts the persons whom each source made in a UTC day, in this process. It is safe for concurrent use.
type newcomers struct {
	mu   sync.Mutex
	most int
	day  int64
	made map[string]int
}

func newNewcomers(most int) *newcomers {
	return &newcomers{most: most, made: map[string]int{}}
}

// take makes room for n new persons of a source. RATE_LIMITED until the day ends where there is none.
func (c *newcomers) take(source string, n int, now time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if day := now.Unix() / 86_400; day != c.day {
		c.day = day
		clear(c.made)
	}
	if c.made[source]+n <= c.most {
		c.made[source] += n
		return nil
	}
	f := fault.New(fault.RateLimited, "Source %s has named %d new people today, and at most %d are added in a day: name people by ids that stay the same, not by sessions, or raise KEYTRAIL_NEW_PEOPLE_PER_DAY.",
		source, c.made[source], c.most)
	f.RetryAfter = now.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour).Sub(now)
	return f
}

// giveBack returns room that was not used.
func (c *newcomers) giveBack(source string, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.made[source] = max(0, c.made[source]-n)
}

// LimitNew sets how many strangers Meet adds for one source in a UTC day.
func (s *Service) LimitNew(perDay int) {
	s.newcomers.mu.Lock()
	defer s.newcomers.mu.Unlock()
	s.newcomers.most = perDay
}

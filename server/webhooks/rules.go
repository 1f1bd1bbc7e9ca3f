package webhooks

import (
	"net/http"
	"time"
)

// growth is by how much each pause is longer than the one before, and jitter by which part it differs either way.
const (
	growth = 3
	jitter = 0.2
)

// pause gives how long to wait after a number of tries that failed. random is from 0 up to 1, so that receivers that come
// back are not called by everybody at once.
func (c *Config) pause(attempts int, random float64) time.Duration {
	pause := c.FirstPause
	for range attempts - 1 {
		if pause *= growth; pause >= c.LongestPause {
			pause = c.LongestPause
			break
		}
	}
	return time.Duration(float64(pause) * (1 - jitter + 2*jitter*random))
}

// untilNext gives how long to rest until a try that was put off: never longer than any is, whatever the clock was by which
// it was put off.
func (c *Config) untilNext(next, now time.Time) time.Duration {
	longest := time.Duration(float64(c.LongestPause) * (1 + jitter))
	return min(next.Sub(now), max(longest, usualLongestPause)) // a receiver may ask for the latter
}

// givesUp reports whether an event is not tried again: after enough tries, after enough time, or when the receiver says that
// it is gone for good.
func (c *Config) givesUp(a *Answer, attempts int, first, now time.Time) bool {
	return a.Status == http.StatusGone || attempts >= c.MaxAttempts || now.Sub(first) >= c.MaxAge
}

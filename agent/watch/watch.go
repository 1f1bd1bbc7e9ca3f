// Package watch sees a workstation with each system's own means: how long nobody touched it, and when it is locked,
// sleeps or shuts down. It sees nothing else.
package watch

import (
	"time"

	"github.com/keytrail/keytrail/agent/presence"
)

// Announcement is an event of the system, which goes on when Done was called or after a few seconds.
type Announcement struct {
	Event presence.Event
	Done  func()
}

// Source is a workstation that is being watched.
type Source interface {
	// Idle is how long nobody touched keyboard or mouse. After an error, the source is to be closed and opened anew.
	Idle() (time.Duration, error)
	// Announcements gives what the system says. It may be nil.
	Announcements() <-chan Announcement
	// Name says in a few words by what means it sees.
	Name() string
	Close() error
}

// room is how many announcements may wait. More than a few never do.
const room = 16

// announcements are given by one goroutine and taken by another.
type announcements chan Announcement

// offer never blocks: whoever has that many waiting doesn't listen.
func (a announcements) offer(event presence.Event, done func()) bool {
	select {
	case a <- Announcement{event, done}:
		return true
	default:
		done()
		return false
	}
}

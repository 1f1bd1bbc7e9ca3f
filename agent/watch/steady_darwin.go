package watch

import (
	"golang.org/x/sys/unix"

	"github.com/keytrail/keytrail/agent/presence"
)

const clockMonotonic = 6 // counts sleep on macOS, unlike the one that Go uses

// Steady reads the clock since boot, which counts sleep.
func Steady() presence.Steady {
	var now unix.Timespec
	if err := unix.ClockGettime(clockMonotonic, &now); err != nil {
		panic(err) // macOS has had this clock since 2016
	}
	return presence.Steady(now.Nano())
}

package watch

import (
	"time"

	"golang.org/x/sys/unix"

	"github.com/keytrail/keytrail/agent/presence"
)

// Steady reads the clock since boot, which counts sleep.
func Steady() presence.Steady {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &now); err != nil {
		panic(err) // Linux has had this clock since 2011
	}
	return presence.Steady(now.Nano())
}

// monotonic reads the clock that stands still while the machine sleeps.
func monotonic() (time.Duration, error) {
	var now unix.Timespec
	err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &now)
	return time.Duration(now.Nano()), err
}

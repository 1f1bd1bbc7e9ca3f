package watch

import (
	"golang.org/x/sys/windows"

	"github.com/keytrail/keytrail/agent/presence"
)

// Steady reads the ticks since boot, which count sleep.
func Steady() presence.Steady { return presence.Steady(windows.DurationSinceBoot()) }

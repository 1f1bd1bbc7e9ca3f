package watch

import (
	"golang.org/x/sys/windows"

	"github.com/keytrail/keytrail/agent/work"
)

// Steady reads the ticks since boot, which count sleep.
func Steady() work.Steady { return work.Steady(windows.DurationSinceBoot()) }

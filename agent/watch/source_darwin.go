package watch

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"time"

	"github.com/keytrail/keytrail/agent/presence"
)

const answerWithin = 5 * time.Second

// mac asks the registry of devices with the system's own ioreg. Sleep shows as a gap between looks.
type mac struct {
	told   announcements
	locked bool
}

// Open makes sure that ioreg answers.
func Open(func(string) string) (Source, error) {
	m := &mac{told: make(announcements, room)}
	_, err := m.Idle()
	return m, err
}

func (m *mac) Name() string                       { return "ioreg" }
func (m *mac) Announcements() <-chan Announcement { return m.told }
func (m *mac) Close() error                       { return nil }

// Idle also looks whether the screen is locked.
func (m *mac) Idle() (time.Duration, error) {
	system, err := ioreg("-c", "IOHIDSystem", "-d", "4")
	if err != nil {
		return 0, err
	}
	found := regexp.MustCompile(`"HIDIdleTime" = (\d+)`).FindSubmatch(system)
	if found == nil {
		return 0, fmt.Errorf("ioreg doesn't say how long nobody touched this computer")
	}
	idle, err := strconv.ParseInt(string(found[1]), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("ioreg: %w", err)
	}
	root, err := ioreg("-n", "Root", "-d", "1")
	if err != nil {
		return 0, err
	}
	m.lock(bytes.Contains(root, []byte(`"CGSSessionScreenIsLocked"=Yes`)))
	return time.Duration(idle), nil
}

func (m *mac) lock(locked bool) {
	if locked == m.locked {
		return
	}
	m.locked = locked
	event := presence.Unlock
	if locked {
		event = presence.Lock
	}
	m.told.offer(event, func() {})
}

func ioreg(args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), answerWithin)
	defer cancel()
	out, err := exec.CommandContext(ctx, "/usr/sbin/ioreg", args...).Output()
	if err != nil {
		return nil, fmt.Errorf("ioreg: %w", err)
	}
	return out, nil
}

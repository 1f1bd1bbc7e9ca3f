package watch

import (
	"errors"
	"fmt"
	"time"
)

// idler is one means to see how long nobody touched the machine.
type idler interface {
	Idle() (time.Duration, error)
	Name() string
	Close() error
}

type linux struct {
	idler
	logind *logind // nil where there is none
}

// Open looks for the best means in this session. Under Wayland, X11 sees only its own windows' input and comes last.
func Open(env func(string) string) (Source, error) {
	ways := []func(func(string) string) (idler, error){openX11, openMutter, openScreenSaver}
	if env("WAYLAND_DISPLAY") != "" {
		ways = []func(func(string) string) (idler, error){openMutter, openScreenSaver}
	}
	l, noLogind := openLogind(env)
	var failures []error
	for _, way := range ways {
		seen, err := way(env)
		if err == nil {
			return &linux{seen, l}, nil
		}
		failures = append(failures, err)
	}
	if l != nil {
		return &linux{l.hint(), l}, nil
	}
	return nil, fmt.Errorf("nothing here says whether somebody works: %w", errors.Join(append(failures, noLogind)...))
}

func (l *linux) Name() string {
	if l.logind == nil {
		return l.idler.Name() + ", no logind"
	}
	return l.idler.Name() + ", logind"
}

// Idle fails when logind's bus has gone too, so that it is looked for again.
func (l *linux) Idle() (time.Duration, error) {
	if l.logind != nil && !l.logind.conn.Connected() {
		return 0, errors.New("logind: the connection was lost")
	}
	return l.idler.Idle()
}

func (l *linux) Announcements() <-chan Announcement {
	if l.logind == nil {
		return nil
	}
	return l.logind.told
}

func (l *linux) Close() error {
	if l.logind == nil {
		return l.idler.Close()
	}
	return errors.Join(l.idler.Close(), l.logind.Close())
}

package watch

import (
	"context"
	"fmt"
	"time"

	"github.com/godbus/dbus/v5"
)

// desktop asks a method of the desktop on the session's bus for a number of milliseconds.
type desktop struct {
	conn   *dbus.Conn
	name   string
	dest   string
	path   dbus.ObjectPath
	method string
}

// openMutter asks GNOME.
func openMutter(func(string) string) (idler, error) {
	return openDesktop(desktop{name: "GNOME", dest: "org.gnome.Mutter.IdleMonitor",
		path: "/org/gnome/Mutter/IdleMonitor/Core", method: "org.gnome.Mutter.IdleMonitor.GetIdletime"})
}

// openScreenSaver asks KDE, and others that have the same.
func openScreenSaver(func(string) string) (idler, error) {
	return openDesktop(desktop{name: "the desktop's screen saver", dest: "org.freedesktop.ScreenSaver",
		path: "/org/freedesktop/ScreenSaver", method: "org.freedesktop.ScreenSaver.GetSessionIdleTime"})
}

func openDesktop(d desktop) (idler, error) {
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.name, err)
	}
	d.conn = conn
	if _, err := d.Idle(); err != nil {
		conn.Close()
		return nil, err
	}
	return &d, nil
}

func (d *desktop) Name() string { return d.name }

func (d *desktop) Idle() (time.Duration, error) {
	ctx, cancel := context.WithTimeout(context.Background(), answerWithin)
	defer cancel()
	var answer any // GNOME answers with 64 bits, KDE with 32
	if err := d.conn.Object(d.dest, d.path).CallWithContext(ctx, d.method, dbus.FlagNoAutoStart).Store(&answer); err != nil {
		return 0, fmt.Errorf("%s: %w", d.name, err)
	}
	switch ms := answer.(type) {
	case uint64:
		return time.Duration(ms) * time.Millisecond, nil
	case uint32:
		return time.Duration(ms) * time.Millisecond, nil
	}
	return 0, fmt.Errorf("%s: answered with %T", d.name, answer)
}

func (d *desktop) Close() error { return d.conn.Close() }

package watch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/keytrail/keytrail/agent/presence"
)

const (
	login1     = "org.freedesktop.login1"
	manager    = login1 + ".Manager"
	session    = login1 + ".Session"
	properties = "org.freedesktop.DBus.Properties"
)

// logind tells of locks, sleep and shutdown, and holds the latter two up for a moment.
type logind struct {
	conn    *dbus.Conn
	path    dbus.ObjectPath // of the session
	told    announcements
	signals chan *dbus.Signal
	done    chan struct{}
	locked  bool
	hold    int // the inhibitor's descriptor, or -1
}

func openLogind(env func(string) string) (*logind, error) {
	conn, err := dbus.ConnectSystemBus()
	if err != nil {
		return nil, fmt.Errorf("logind: %w", err)
	}
	l := &logind{conn: conn, told: make(announcements, room), signals: make(chan *dbus.Signal, room), done: make(chan struct{}), hold: -1}
	if err := l.start(env("XDG_SESSION_ID")); err != nil {
		return nil, errors.Join(fmt.Errorf("logind: %w", err), conn.Close())
	}
	return l, nil
}

func (l *logind) start(id string) error {
	var err error
	if l.path, err = l.session(id); err != nil {
		return err
	}
	for _, match := range [][]dbus.MatchOption{
		{dbus.WithMatchSender(login1), dbus.WithMatchInterface(manager), dbus.WithMatchMember("PrepareForSleep")},
		{dbus.WithMatchSender(login1), dbus.WithMatchInterface(manager), dbus.WithMatchMember("PrepareForShutdown")},
		{dbus.WithMatchSender(login1), dbus.WithMatchInterface(session), dbus.WithMatchObjectPath(l.path)},
		{dbus.WithMatchSender(login1), dbus.WithMatchInterface(properties), dbus.WithMatchObjectPath(l.path)},
	} {
		if err := l.conn.AddMatchSignal(match...); err != nil {
			return err
		}
	}
	l.conn.Signal(l.signals)
	l.inhibit()
	var hinted bool
	if l.property("LockedHint", &hinted) == nil && hinted {
		l.lock(true)
	}
	go l.follow()
	return nil
}

// session finds the session by its id, by this process, or the one that this user sees.
func (l *logind) session(id string) (path dbus.ObjectPath, err error) {
	if id != "" {
		if err := l.call(manager+".GetSession", id).Store(&path); err == nil {
			return path, nil
		}
	}
	if err = l.call(manager+".GetSessionByPID", uint32(os.Getpid())).Store(&path); err == nil {
		return path, nil
	}
	var user dbus.ObjectPath
	if err = l.call(manager+".GetUser", uint32(os.Getuid())).Store(&user); err != nil {
		return "", err
	}
	value, err := l.conn.Object(login1, user).GetProperty(login1 + ".User.Display")
	if err != nil {
		return "", err
	}
	pair, ok := value.Value().([]any)
	if !ok || len(pair) != 2 {
		return "", errors.New("this user has no session")
	}
	if path, ok = pair[1].(dbus.ObjectPath); !ok || path == "/" {
		return "", errors.New("this user has no session")
	}
	return path, nil
}

func (l *logind) call(method string, args ...any) *dbus.Call {
	ctx, cancel := context.WithTimeout(context.Background(), answerWithin)
	defer cancel()
	return l.conn.Object(login1, "/org/freedesktop/login1").CallWithContext(ctx, method, 0, args...)
}

func (l *logind) property(name string, into any) error {
	ctx, cancel := context.WithTimeout(context.Background(), answerWithin)
	defer cancel()
	var value dbus.Variant
	err := l.conn.Object(login1, l.path).CallWithContext(ctx, properties+".Get", 0, session, name).Store(&value)
	if err != nil {
		return err
	}
	return value.Store(into)
}

// inhibit asks to be waited for before sleep and shutdown. Where that is not allowed, both go on at once.
func (l *logind) inhibit() {
	var fd dbus.UnixFD
	err := l.call(manager+".Inhibit", "sleep:shutdown", "keytrail-agent", "Records that work ends", "delay").Store(&fd)
	if err == nil {
		l.release()
		l.hold = int(fd)
	}
}

func (l *logind) release() {
	if l.hold >= 0 {
		syscall.Close(l.hold)
		l.hold = -1
	}
}

func (l *logind) follow() {
	defer close(l.done)
	defer l.release()
	for signal := range l.signals {
		switch signal.Name {
		case session + ".Lock":
			l.lock(true)
		case session + ".Unlock":
			l.lock(false)
		case properties + ".PropertiesChanged":
			var hinted bool
			if signal.Path == l.path && l.property("LockedHint", &hinted) == nil {
				l.lock(hinted)
			}
		case manager + ".PrepareForSleep":
			l.prepare(signal, presence.Sleep)
		case manager + ".PrepareForShutdown":
			l.prepare(signal, presence.End)
		}
	}
}

func (l *logind) lock(locked bool) {
	if locked == l.locked {
		return
	}
	l.locked = locked
	event := presence.Unlock
	if locked {
		event = presence.Lock
	}
	l.told.offer(event, func() {})
}

// prepare lets the system go on as soon as the event was dealt with.
func (l *logind) prepare(signal *dbus.Signal, event presence.Event) {
	begins, ok := any(nil), len(signal.Body) == 1
	if ok {
		begins = signal.Body[0]
	}
	switch {
	case begins == true:
		dealt := make(chan struct{})
		l.told.offer(event, func() { close(dealt) })
		select {
		case <-dealt:
		case <-time.After(answerWithin):
		}
		l.release()
	case event == presence.Sleep:
		l.told.offer(presence.Wake, func() {})
		l.inhibit()
	}
}

// Close ends the connection, with which follow ends.
func (l *logind) Close() error {
	err := l.conn.Close()
	l.conn.RemoveSignal(l.signals)
	select {
	case <-l.done:
	case <-time.After(answerWithin):
	}
	return err
}

// hint is the coarsest means: the desktop tells logind that the session is idle, and since when.
func (l *logind) hint() idler { return idleHint{l} }

type idleHint struct{ l *logind }

func (h idleHint) Name() string { return "logind's idle hint" }
func (h idleHint) Close() error { return nil }

func (h idleHint) Idle() (time.Duration, error) {
	var idle bool
	var since uint64 // microseconds of the clock that stands still during sleep
	if err := errors.Join(h.l.property("IdleHint", &idle), h.l.property("IdleSinceHintMonotonic", &since)); err != nil {
		return 0, fmt.Errorf("logind: %w", err)
	}
	if !idle {
		return 0, nil
	}
	now, err := monotonic()
	return max(now-time.Duration(since)*time.Microsecond, 0), err
}

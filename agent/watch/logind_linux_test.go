package watch

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"

	"github.com/keytrail/keytrail/agent/presence"
)

const seat = dbus.ObjectPath("/org/freedesktop/login1/session/c1")

// login answers as logind does. hold is its end of what an inhibitor holds: it reads its end when it is released.
type login struct{ hold chan *os.File }

func (login) GetSession(string) (dbus.ObjectPath, *dbus.Error) { return seat, nil }

func (l login) Inhibit(what, who, why, mode string) (dbus.UnixFD, *dbus.Error) {
	read, write, err := os.Pipe()
	if err != nil || what != "sleep:shutdown" || mode != "delay" {
		return 0, dbus.NewError("org.freedesktop.DBus.Error.InvalidArgs", nil)
	}
	l.hold <- read
	fd, err := syscall.Dup(int(write.Fd()))
	if err != nil {
		return 0, dbus.MakeFailedError(err)
	}
	syscall.CloseOnExec(fd)
	write.Close()
	time.AfterFunc(100*time.Millisecond, func() { syscall.Close(fd) }) // once the message with it has gone
	return dbus.UnixFD(fd), nil
}

// bus starts a bus of its own, on which login is logind, and gives a connection of logind's.
func bus(t *testing.T) (*dbus.Conn, *prop.Properties, login) {
	t.Helper()
	dir := t.TempDir()
	config := filepath.Join(dir, "bus.conf")
	if err := os.WriteFile(config, []byte(`<busconfig><type>system</type><listen>unix:path=`+dir+`/bus</listen>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/><allow user="*"/></policy></busconfig>`), 0o600); err != nil {
		t.Fatal(err)
	}
	daemon := exec.Command("dbus-daemon", "--config-file="+config, "--nofork", "--print-address")
	out, err := daemon.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := daemon.Start(); err != nil {
		t.Fatalf("start dbus-daemon (.ci/tools dbus-daemon): %v", err)
	}
	t.Cleanup(func() { daemon.Process.Kill(); daemon.Wait() })
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", strings.TrimSpace(address))
	conn, err := dbus.ConnectSystemBus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	l := login{make(chan *os.File, 4)}
	if err := conn.Export(l, "/org/freedesktop/login1", manager); err != nil {
		t.Fatal(err)
	}
	hints, err := prop.Export(conn, seat, prop.Map{session: {"LockedHint": {Value: false, Emit: prop.EmitTrue},
		"IdleHint": {Value: false}, "IdleSinceHintMonotonic": {Value: uint64(0)}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName(login1, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	return conn, hints, l
}

func expect(t *testing.T, from <-chan Announcement, want presence.Event) Announcement {
	t.Helper()
	select {
	case got := <-from:
		if got.Event != want {
			t.Fatalf("logind announced %v, want %v", got.Event, want)
		}
		return got
	case <-time.After(time.Minute):
		t.Fatalf("logind announced nothing, want %v", want)
	}
	panic("unreachable")
}

func TestLogindTellsOfLocksSleepAndShutdownAndWaitsForUs(t *testing.T) {
	conn, hints, fake := bus(t)
	l, err := openLogind(func(name string) string { return map[string]string{"XDG_SESSION_ID": "c1"}[name] })
	if err != nil {
		t.Fatal(err)
	}
	emit := func(path dbus.ObjectPath, name string, values ...any) {
		if err := conn.Emit(path, name, values...); err != nil {
			t.Fatal(err)
		}
	}
	emit(seat, session+".Lock")
	expect(t, l.told, presence.Lock).Done()
	emit(seat, session+".Unlock")
	expect(t, l.told, presence.Unlock).Done()
	hints.SetMust(session, "LockedHint", true)
	expect(t, l.told, presence.Lock).Done()
	hints.SetMust(session, "LockedHint", false)
	expect(t, l.told, presence.Unlock).Done()

	held := <-fake.hold
	emit("/org/freedesktop/login1", manager+".PrepareForSleep", true)
	sleep := expect(t, l.told, presence.Sleep)
	sleep.Done()
	wantReleased(t, held)
	emit("/org/freedesktop/login1", manager+".PrepareForSleep", false)
	expect(t, l.told, presence.Wake).Done()
	held = <-fake.hold // held again for the next time
	emit("/org/freedesktop/login1", manager+".PrepareForShutdown", true)
	expect(t, l.told, presence.End).Done()
	wantReleased(t, held)
	if err := l.Close(); err != nil {
		t.Error(err)
	}
}

// wantReleased reads the end, which comes when nobody has the inhibitor any more.
func wantReleased(t *testing.T, held *os.File) {
	t.Helper()
	held.SetReadDeadline(time.Now().Add(10 * time.Second))
	if _, err := held.Read(make([]byte, 1)); err == nil || os.IsTimeout(err) {
		t.Errorf("logind is still held up: %v", err)
	}
}

func TestTheIdleHintIsUsedWhereNothingBetterIs(t *testing.T) {
	_, hints, _ := bus(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
	source, err := Open(func(name string) string { return map[string]string{"XDG_SESSION_ID": "c1"}[name] })
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	if idle, err := source.Idle(); err != nil || idle != 0 {
		t.Errorf("who is not idle is idle for %v, %v", idle, err)
	}
	now, err := monotonic()
	if err != nil {
		t.Fatal(err)
	}
	hints.SetMust(session, "IdleSinceHintMonotonic", uint64((now-time.Minute)/time.Microsecond))
	hints.SetMust(session, "IdleHint", true)
	if idle, err := source.Idle(); err != nil || idle < time.Minute || idle > 2*time.Minute {
		t.Errorf("who is idle for a minute is idle for %v, %v", idle, err)
	}
}

package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestTheRealServersHoursAreRightToThePoll has one person work, pause, work until the agent is killed, work while nobody
// looks, work without a network, and work while the clock is moved.
func TestTheRealServersHoursAreRightToThePoll(t *testing.T) {
	t.Parallel()
	k := newKeytrail(t, "KEYTRAIL_WORK_HOURS_PURPOSE=Paying hours", "KEYTRAIL_TIME_ZONE="+nearNoon())
	k.signIn()
	person, d := k.newPerson(), newDesk(t)
	w := newWire(t, strings.TrimPrefix(k.url, "http://"))
	env, clock := environment(t, d, "http://"+w.Addr().String()), filepath.Join(t.TempDir(), "clock")
	replaceToken(t, env, k.newToken())
	setClock(t, clock, "+0")
	env = append(env, "LD_PRELOAD="+faketime(t), "FAKETIME_TIMESTAMP_FILE="+clock, "FAKETIME_NO_CACHE=1", "DONT_FAKE_MONOTONIC=1")

	a := start(t, env)
	first, last := d.touchFor(2 * time.Second)
	want := []span{{first, last.Add(idleAfter)}}
	k.awaitSpans(person, 1)

	again, _ := d.touchFor(3 * time.Second)
	killed := a.end(syscall.SIGKILL)
	d.touchFor(4 * time.Second)                                // worked, but nobody saw it
	want = append(want, span{again, killed.Add(interval / 2)}) // the last report was sent within an interval, and counts for one
	k.awaitSpans(person, 2)

	a = start(t, env)
	from, _ := d.touchFor(time.Second)
	w.sever(true)
	_, last = d.touchFor(4 * time.Second)
	awaitStatus(t, env, "end of work in the queue", func(is map[string]any) bool { return is["working"] == false && is["waiting"] != 0.0 })
	w.sever(false)
	want = append(want, span{from, last.Add(idleAfter)})
	k.awaitSpans(person, 3)

	moved, _ := d.touchFor(time.Second)
	setClock(t, clock, "+3600")
	_, last = d.touchFor(2 * time.Second)
	awaitStatus(t, env, "a clock that is off", func(is map[string]any) bool {
		off, _ := is["clockOff"].(float64)
		return time.Duration(off) > 59*time.Minute
	})
	want = append(want, span{moved, last.Add(idleAfter)})
	awaitAllSent(t, env)
	near(t, k.awaitSpans(person, 4), want)
	a.end(syscall.SIGTERM)
}

func TestWhatIsSeenBeforeAPurposeIsStatedIsKeptAndTheStatusSaysWhy(t *testing.T) {
	t.Parallel()
	zone := "KEYTRAIL_TIME_ZONE=" + nearNoon()
	k := newKeytrail(t, zone)
	k.signIn()
	person, d := k.newPerson(), newDesk(t)
	w := newWire(t, strings.TrimPrefix(k.url, "http://"))
	env := environment(t, d, "http://"+w.Addr().String())
	replaceToken(t, env, k.newToken())
	a := start(t, env)
	first, last := d.touchFor(2 * time.Second)
	awaitStatus(t, env, "end of work in the queue", func(is map[string]any) bool { return is["working"] == false && is["problem"] != "" })
	if out, err := ask(t, env, "status"); err != nil || !strings.Contains(out, "they are kept until it does: Work is not recorded here") {
		t.Errorf("status says %v %s", err, out)
	}
	k.end()
	k.serve(zone, "KEYTRAIL_WORK_HOURS_PURPOSE=Paying hours")
	again := strings.TrimPrefix(k.url, "http://")
	w.target.Store(&again)
	k.signIn()
	awaitAllSent(t, env)
	near(t, k.awaitSpans(person, 1), []span{{first, last.Add(idleAfter)}})
	a.end(syscall.SIGTERM)
}

// awaitAllSent waits until work has ended and nothing of it waits to be sent.
func awaitAllSent(t *testing.T, env []string) {
	t.Helper()
	awaitStatus(t, env, "end of work that was sent", func(is map[string]any) bool { return is["working"] == false && is["waiting"] == 0.0 })
}

func replaceToken(t *testing.T, env []string, token string) {
	t.Helper()
	name := filepath.Join(strings.TrimPrefix(env[0], "KEYTRAIL_AGENT_STATE="), "token")
	if err := os.WriteFile(name, []byte(token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// near compares to the poll interval, and a little for a busy machine.
func near(t *testing.T, got, want []span) {
	t.Helper()
	const tolerance = poll + 400*time.Millisecond
	for i, g := range got {
		off := [2]time.Duration{g.from.Sub(want[i].from), g.to.Sub(want[i].to)}
		if off[0].Abs() > tolerance || off[1].Abs() > tolerance {
			t.Errorf("keytrail has work %d from %v to %v: off by %v and %v", i+1, g.from, g.to, off[0], off[1])
		}
	}
}

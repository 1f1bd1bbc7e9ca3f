package main_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// span is a time of work.
type span struct{ from, to time.Time }

// spans is what a server makes of reports: silence of three intervals ends work one interval after the last report.
func spans(reports []received) (all []span) {
	for i, r := range reports {
		if r.State != "working" {
			continue
		}
		to := r.At.Add(interval)
		if i+1 < len(reports) && reports[i+1].At.Sub(r.At) <= 3*interval {
			to = reports[i+1].At
		}
		if last := len(all) - 1; last >= 0 && !r.At.After(all[last].to) {
			all[last].to = to
			continue
		}
		all = append(all, span{r.At, to})
	}
	return all
}

// wantSpans compares to the poll interval, and a little for a busy machine.
func wantSpans(t *testing.T, reports []received, want ...span) {
	t.Helper()
	const tolerance = poll + 400*time.Millisecond
	got := spans(reports)
	same := len(got) == len(want)
	for i := 0; same && i < len(want); i++ {
		same = got[i].from.Sub(want[i].from).Abs() <= tolerance && got[i].to.Sub(want[i].to).Abs() <= tolerance
	}
	if !same {
		t.Errorf("the server has %v\nin truth %v\nfrom %+v", got, want, reports)
	}
	for i := 1; i < len(reports); i++ {
		if reports[i].At.Before(reports[i-1].At) {
			t.Errorf("report %d came before an older one: %+v", i, reports)
		}
	}
}

func TestActiveIdleActiveAndTheEndAreRightToThePoll(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), newDesk(t)
	a := start(t, environment(t, d, s.URL))
	from, last := d.touchFor(4 * time.Second)
	s.await("end of work", endsWith("stopped"))
	again, _ := d.touchFor(2 * time.Second)
	s.await("work again", endsWith("working"))
	end := a.end(syscall.SIGTERM)
	s.await("end with the agent", endsWith("stopped"))
	wantSpans(t, s.all(), span{from, last.Add(idleAfter)}, span{again, end})
}

func TestAKilledAgentStopsCountingAndGoesOnWhenItIsBack(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), newDesk(t)
	env := environment(t, d, s.URL)
	a := start(t, env)
	from, _ := d.touchFor(3 * time.Second)
	a.end(syscall.SIGKILL)
	before := s.all()
	d.touchFor(5 * time.Second) // worked, but nobody saw it
	a = start(t, env)
	again, _ := d.touchFor(2 * time.Second)
	end := a.end(syscall.SIGTERM)
	s.await("end with the agent", endsWith("stopped"))
	wantSpans(t, s.all(), span{from, before[len(before)-1].At.Add(interval)}, span{again, end})
}

func TestWhatHappensWithoutANetworkArrivesLaterInOrderAndOnce(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), newDesk(t)
	w := newWire(t, s.Listener.Addr().String())
	env := environment(t, d, "http://"+w.Addr().String())
	a := start(t, env)
	from, _ := d.touchFor(2 * time.Second)
	s.await("work", endsWith("working"))
	w.sever(true)
	heard := len(s.all())
	_, last := d.touchFor(4 * time.Second)
	awaitStatus(t, env, "state stopped", func(is map[string]any) bool { return is["working"] == false })
	a.end(syscall.SIGKILL) // what waits is on disk
	if arrived := len(s.all()); arrived > heard+1 {
		t.Errorf("%d reports came through a cut wire", arrived-heard)
	}
	w.sever(false)
	a = start(t, env)
	s.await("end of work", endsWith("stopped"))
	wantSpans(t, s.all(), span{from, last.Add(idleAfter)})
	a.end(syscall.SIGTERM)
}

func TestAClockThatIsMovedByAnHourMovesNoWork(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, first, then string }{
		{"forward while it runs", "+0", "+3600"},
		{"back while it runs", "+0", "-3600"},
		{"wrong from the start", "+3600", "+3600"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, d := newServer(t), newDesk(t)
			env := environment(t, d, s.URL)
			clock := filepath.Join(t.TempDir(), "clock")
			setClock(t, clock, c.first)
			env = append(env, "LD_PRELOAD="+faketime(t), "FAKETIME_TIMESTAMP_FILE="+clock, "FAKETIME_NO_CACHE=1", "DONT_FAKE_MONOTONIC=1")
			a := start(t, env)
			from, _ := d.touchFor(2 * time.Second)
			s.await("work", endsWith("working"))
			setClock(t, clock, c.then)
			_, last := d.touchFor(2 * time.Second)
			awaitStatus(t, env, "a clock that is off", func(is map[string]any) bool {
				off, _ := is["clockOff"].(float64)
				return time.Duration(off).Abs() > 59*time.Minute
			})
			s.await("end of work", endsWith("stopped"))
			wantSpans(t, s.all(), span{from, last.Add(idleAfter)})
			a.end(syscall.SIGTERM)
		})
	}
}

func faketime(t *testing.T) string {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/*/faketime/libfaketime.so.1")
	if err != nil || len(found) == 0 {
		t.Fatal("libfaketime is missing: .ci/tools faketime")
	}
	return found[0]
}

func setClock(t *testing.T, name, offset string) {
	t.Helper()
	if err := os.WriteFile(name+"~", []byte(offset+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(name+"~", name); err != nil {
		t.Fatal(err)
	}
}

func awaitStatus(t *testing.T, env []string, what string, wanted func(map[string]any) bool) {
	t.Helper()
	name := filepath.Join(strings.TrimPrefix(env[0], "KEYTRAIL_AGENT_STATE="), "status.json")
	again, end := time.NewTicker(50*time.Millisecond), time.After(patience)
	defer again.Stop()
	for {
		var is map[string]any
		text, err := os.ReadFile(name)
		if err == nil && json.Unmarshal(text, &is) == nil && wanted(is) {
			return
		}
		select {
		case <-again.C:
		case <-end:
			t.Fatalf("no %s within %v: %s", what, patience, text)
		}
	}
}

func TestItsPersonSeesWhatIsSentAndOnlyOneAgentRuns(t *testing.T) {
	t.Parallel()
	s, d := newServer(t), newDesk(t)
	env := environment(t, d, s.URL)
	a := start(t, env)
	d.touchFor(2 * time.Second)
	s.await("work", endsWith("working"))
	awaitStatus(t, env, "delivery", func(is map[string]any) bool { return is["delivered"] != 0.0 })
	out, err := ask(t, env, "status")
	for _, want := range []string{"working since", "X11", `ACME\anna at desk-7`, "Work time is recorded on this computer"} {
		if !strings.Contains(out, want) || err != nil {
			t.Errorf("status says %v, without %q: %s", err, want, out)
		}
	}
	if out, err := ask(t, env, "run"); err == nil || !strings.Contains(out, "running already") {
		t.Errorf("a second agent ran: %v %s", err, out)
	}
	a.end(syscall.SIGTERM)
	if out, err := ask(t, env, "status"); err == nil || !strings.Contains(out, "no agent runs now") {
		t.Errorf("after the end, status says %v %s", err, out)
	}
	if text, _ := os.ReadFile(filepath.Join(strings.TrimPrefix(env[0], "KEYTRAIL_AGENT_STATE="), "notice.txt")); !strings.Contains(string(text), "Nothing else") {
		t.Errorf("the notice says %q", text)
	}
}

func TestInstallRegistersAndUninstallTakesBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	env := []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH"), "WORK_HOURS_PURPOSE=Paying hours"}
	if err := os.WriteFile(filepath.Join(dir, "given"), []byte(token), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := ask(t, env, "install", "--endpoint", "http://keytrail.example/api/report"); err == nil || !strings.Contains(out, "https://") {
		t.Errorf("a token would go over plain http: %s", out)
	}
	out, err := ask(t, env, "install", "--endpoint", "https://keytrail.example", "--token-file", filepath.Join(dir, "given"))
	if err != nil || !strings.Contains(out, "Why: Paying hours.") {
		t.Fatalf("install: %v %s", err, out)
	}
	entry := filepath.Join(dir, ".config/autostart/keytrail-agent.desktop")
	kept := filepath.Join(dir, ".local/state/keytrail-agent/token")
	if text, err := os.ReadFile(entry); err != nil || !strings.Contains(string(text), `keytrail-agent" run`) {
		t.Errorf("the entry is %q, %v", text, err)
	}
	if info, err := os.Stat(kept); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the token is kept as %v, %v", info, err)
	}
	if err := os.Chmod(kept, 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := ask(t, env, "run"); err == nil || !strings.Contains(out, "others can read") {
		t.Errorf("a token that others can read was used: %s", out)
	}
	if out, err := ask(t, env, "uninstall"); err != nil {
		t.Errorf("uninstall: %v %s", err, out)
	}
	for _, name := range []string{entry, kept} {
		if _, err := os.Stat(name); !os.IsNotExist(err) {
			t.Errorf("%s is still there", name)
		}
	}
}

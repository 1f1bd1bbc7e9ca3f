package audit_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/keytrail/keytrail/audit"
	"github.com/keytrail/keytrail/audit/internal/intaketest"
)

// gapOf waits for the event that tells of a gap.
func gapOf(t *testing.T, intake *intaketest.Intake) map[string]any {
	t.Helper()
	for _, e := range intake.Await(t, func(events []intaketest.Event) bool {
		return len(events) > 0 && events[len(events)-1].Action == audit.Gap
	}) {
		if told, ok := e.Metadata.(map[string]any); ok && e.Action == audit.Gap {
			return told
		}
	}
	t.Fatal("no gap is told")
	return nil
}

// overflown has a client lose some of 500 events while keytrail is away, and gives how many.
func overflown(t *testing.T, intake *intaketest.Intake) (*audit.Client, audit.Options, uint64) {
	t.Helper()
	intake.Away(true)
	o := optionsFor(t, intake)
	o.MaxQueueBytes = 8 << 10
	c := open(t, o)
	record(t, c, 0, 500)
	return c, o, c.Stats().Lost
}

func TestAGapIsToldAfterTheProgramCameBack(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*testing.T, *audit.Client, *audit.Options){
		"closed": func(t *testing.T, c *audit.Client, _ *audit.Options) { giveUp(t, c) },
		"killed": func(t *testing.T, c *audit.Client, o *audit.Options) { // what a kill leaves are the files as they are
			left := t.TempDir()
			if err := os.CopyFS(left, os.DirFS(o.Dir)); err != nil {
				t.Fatal(err)
			}
			giveUp(t, c)
			o.Dir = left
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			intake := intaketest.Start(t)
			c, o, lost := overflown(t, intake)
			end(t, c, &o)
			intake.Away(false)
			c = open(t, o)
			told := gapOf(t, intake)
			if told["lost"] != float64(lost) || lost == 0 || told["from"] == nil || told["to"] == nil {
				t.Errorf("the gap is told as %v, want %d", told, lost)
			}
			closeAll(t, c)
			before := len(intake.Events())
			closeAll(t, open(t, o)) // it is told once
			if after := len(intake.Events()); after != before {
				t.Errorf("%d events came at the next start", after-before)
			}
		})
	}
}

// giveUp closes a client that cannot deliver.
func giveUp(t *testing.T, c *audit.Client) {
	t.Helper()
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Close(over); err == nil {
		t.Fatal("everything was delivered")
	}
}

func TestADamagedQueueIsToldAsAGap(t *testing.T) {
	t.Parallel()
	intake := intaketest.Start(t)
	intake.Away(true)
	o := optionsFor(t, intake)
	c := open(t, o)
	record(t, c, 0, 3)
	giveUp(t, c)
	segments, _ := filepath.Glob(filepath.Join(o.Dir, "*.seg"))
	text, err := os.ReadFile(segments[0])
	if err != nil {
		t.Fatal(err)
	}
	text[2] ^= 1 << 3 // a bit of the first record's length
	if err := os.WriteFile(segments[0], text, 0o600); err != nil {
		t.Fatal(err)
	}
	intake.Away(false)
	c = open(t, o)
	told := gapOf(t, intake)
	if told["damagedBytes"] != float64(len(text)) || told["lost"] != nil {
		t.Errorf("told as %v, want %d bytes", told, len(text))
	}
	record(t, c, 0, 1)
	closeAll(t, c)
	if got := c.Stats(); got.Sent != 2 || got.Trouble != "" {
		t.Errorf("%+v", got)
	}
}

func TestAGapsFileThatCannotBeReadKeepsNothingFromBeingRecorded(t *testing.T) {
	t.Parallel()
	intake := intaketest.Start(t)
	o := optionsFor(t, intake)
	if err := os.WriteFile(filepath.Join(o.Dir, "gap.json"), make([]byte, 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	c := open(t, o)
	record(t, c, 0, 2)
	closeAll(t, c)
	wantInOrder(t, intake.Events(), 2)
}

// What a program says of when something happened must not keep from being told that it was lost.
func TestAGapIsToldWhateverTimeALostEventClaims(t *testing.T) {
	t.Parallel()
	intake := intaketest.Start(t)
	c := open(t, optionsFor(t, intake))
	began := time.Now()
	for _, at := range []time.Time{
		time.Date(20_000, 1, 1, 0, 0, 0, 0, time.UTC), began.Add(5 * time.Hour), began.Add(-time.Hour), {}, time.Unix(-1<<60, 0), began.Add(-2 * time.Hour),
	} {
		_ = c.Record(t.Context(), audit.Event{Action: "No Action", OccurredAt: at})
	}
	record(t, c, 0, 1)
	closeAll(t, c)
	if got := c.Stats(); got.Lost != 6 || got.Refused != 0 || got.Trouble != "" {
		t.Errorf("%+v", got)
	}
	lost := 0.0
	for _, e := range intake.Events() {
		told, ok := e.Metadata.(map[string]any)
		if !ok || e.Action != audit.Gap {
			continue
		}
		lost += told["lost"].(float64)
		from, _ := time.Parse(time.RFC3339, told["from"].(string))
		to, _ := time.Parse(time.RFC3339, told["to"].(string))
		if from.After(to) || to.After(time.Now()) || from.Before(began.Add(-3*time.Hour)) {
			t.Errorf("a gap from %s to %s", from, to)
		}
	}
	if lost != 6 {
		t.Errorf("%v lost events are told", lost)
	}
}

func TestAGapOfAnEarlierVersionThatCannotBeToldDoesNotHoldUpLaterOnes(t *testing.T) {
	t.Parallel()
	intake := intaketest.Start(t)
	o := optionsFor(t, intake)
	if err := os.WriteFile(filepath.Join(o.Dir, "gap.json"), []byte(`{"lost":3,"damaged":0,"from":"9999-01-01T00:00:00Z","to":"9998-01-01T00:00:00Z"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	c := open(t, o)
	if told := gapOf(t, intake); told["lost"] != 3.0 {
		t.Errorf("told as %v", told)
	}
	closeAll(t, c)
}

// Requests may go on when the program gave up waiting for them.
func TestWhatIsRecordedAfterCloseIsToldAtTheNextOpen(t *testing.T) {
	t.Parallel()
	intake := intaketest.Start(t)
	c, o, lost := overflown(t, intake)
	giveUp(t, c)
	record(t, c, 0, 3)
	intake.Away(false)
	next := open(t, o)
	if told := gapOf(t, intake); told["lost"] != float64(lost+3) {
		t.Errorf("told as %v, want %d", told, lost+3)
	}
	record(t, c, 0, 1) // while the folder is another's
	closeAll(t, next)
	record(t, c, 0, 2)
	before := len(intake.Events())
	last := open(t, o)
	events := intake.Await(t, func(events []intaketest.Event) bool { return len(events) > before })
	if told, _ := events[len(events)-1].Metadata.(map[string]any); told["lost"] != 3.0 {
		t.Errorf("told as %v, want 3", told)
	}
	closeAll(t, last)
}

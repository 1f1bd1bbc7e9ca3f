package alerts_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// looking is a clock that finds what a test says.
type looking struct {
	*bundle
	clock  *alerts.Clock
	causes alerts.Causes
	err    error
}

func setupLooking(t *testing.T, rule alerts.Rule) *looking {
	t.Helper()
	l := &looking{bundle: setup(t), causes: alerts.Causes{Rule: rule}}
	look := func(context.Context, time.Time) (alerts.Causes, error) { return l.causes, l.err }
	l.clock = alerts.NewClock(l.service, l.Custody, alerts.ClockRules{
		Zone: time.UTC, EscalateAfter: time.Hour, Looks: []func(context.Context, time.Time) (alerts.Causes, error){look},
	}, slog.New(slog.DiscardHandler))
	return l
}

func (l *looking) tick() {
	l.t.Helper()
	if err := l.clock.Tick(l.t.Context(), l.Clock.Now()); err != nil {
		l.t.Fatal(err)
	}
}

func (l *looking) find(subjects ...id.ID) {
	l.t.Helper()
	l.causes.Found = nil
	for _, one := range subjects {
		seq := l.record(ledger.Draft{Stream: ledger.StreamSystem, System: true, Action: ledger.SystemBackedUp, Outcome: ledger.Success})[0]
		l.causes.Found = append(l.causes.Found, alerts.Cause{Subject: one, At: l.Clock.Now(), Evidence: []uint64{seq}})
	}
	l.tick()
}

func TestWhatIsWrongIsOneAlertUntilNothingOfItIsWrong(t *testing.T) {
	t.Parallel()
	l := setupLooking(t, alerts.ArchiveDamaged)
	one, two := id.New(), id.New()
	l.find(one, two)
	l.tick()
	found := l.of(alerts.ArchiveDamaged)
	if len(found) != 1 || found[0].EvidenceCount != 2 || found[0].Severity != ledger.Critical {
		t.Fatalf("two archives are %d alerts: %+v", len(found), found)
	}
	l.find(two)
	if a := l.of(alerts.ArchiveDamaged)[0]; a.State != alerts.Open {
		t.Fatal("it ended although one archive is still damaged")
	}
	l.find()
	a := l.of(alerts.ArchiveDamaged)[0]
	if a.State != alerts.Resolved || a.Ending == nil || *a.Ending != alerts.Passed {
		t.Fatalf("all is in order again, and it is %+v", a)
	}
	l.find(one)
	if found := l.of(alerts.ArchiveDamaged); len(found) != 2 {
		t.Fatalf("damaged again: %d alerts", len(found))
	}
}

func TestWhatSomebodyResolvedIsNotRaisedAgainWhileItGoesOn(t *testing.T) {
	t.Parallel()
	l := setupLooking(t, alerts.RetentionFailed)
	l.find(id.ID{})
	if _, err := l.service.Resolve(l.t.Context(), access.System(), l.of(alerts.RetentionFailed)[0].ID, "seen"); err != nil {
		t.Fatal(err)
	}
	l.tick()
	if found := l.of(alerts.RetentionFailed); len(found) != 1 {
		t.Fatalf("%d alerts", len(found))
	}
}

func TestWhatIsUnsettledOrSeenByAnotherServerNeitherRaisesNorEnds(t *testing.T) {
	t.Parallel()
	l := setupLooking(t, alerts.DiskFull)
	l.causes.Mark = "one"
	l.find(id.ID{})
	l.causes.Lingers = true
	l.find()
	l.causes.Lingers, l.causes.Mark = false, "two"
	l.find()
	if a := l.of(alerts.DiskFull)[0]; a.State != alerts.Open {
		t.Fatal("it ended")
	}
	l.causes.Mark, l.err = "one", errors.New("cannot look")
	if err := l.clock.Tick(t.Context(), l.Clock.Now()); err == nil {
		t.Fatal("a look that failed said nothing")
	}
	if a := l.of(alerts.DiskFull)[0]; a.State != alerts.Open {
		t.Fatal("it ended, although nobody could look")
	}
}

func TestANewCauseGetsANewAlertOnceTheOneBeforeWasResolvedAndJoinsItWhileItIsOpen(t *testing.T) {
	t.Parallel()
	l := setupLooking(t, alerts.RetentionFailed)
	l.find(id.New())
	l.find(id.New())
	if found := l.of(alerts.RetentionFailed); len(found) != 1 || found[0].State != alerts.Open {
		t.Fatalf("a second night that fails is %+v", found)
	}
	if _, err := l.service.Resolve(t.Context(), access.System(), l.of(alerts.RetentionFailed)[0].ID, "seen"); err != nil {
		t.Fatal(err)
	}
	l.find(id.New())
	if found := l.of(alerts.RetentionFailed); len(found) != 2 {
		t.Fatalf("a night that fails after that is %d alerts in all", len(found))
	}
	l.find()
	for _, a := range l.of(alerts.RetentionFailed) {
		if a.State != alerts.Resolved {
			t.Errorf("it went well at last, and there is %+v", a)
		}
	}
}

func TestWhatNobodyHasLookedAtForADayEnds(t *testing.T) {
	t.Parallel()
	l := setupLooking(t, alerts.DiskFull)
	l.causes.Mark = "one"
	l.find(id.ID{})
	for range 30 {
		l.Clock.Advance(time.Hour)
		l.err = errors.New("cannot look")
		_ = l.clock.Tick(t.Context(), l.Clock.Now())
	}
	if a := l.of(alerts.DiskFull)[0]; a.State != alerts.Open {
		t.Fatal("it ended, although somebody tries to look")
	}
	l.causes.Mark, l.causes.Found, l.err = "two", nil, nil
	l.Clock.Advance(23 * time.Hour)
	l.tick()
	if a := l.of(alerts.DiskFull)[0]; a.State != alerts.Open {
		t.Fatal("it ended before the day was over")
	}
	l.Clock.Advance(2 * time.Hour)
	l.tick()
	if a := l.of(alerts.DiskFull)[0]; a.State != alerts.Resolved || a.Ending == nil || *a.Ending != alerts.Passed {
		t.Fatalf("nobody looks any more, and it is %+v", a)
	}
}

func TestWhatIsWrongIsLookedForAlsoWhenKeysCannotBeLookedAt(t *testing.T) {
	t.Parallel()
	l := setupLooking(t, alerts.ArchiveDamaged)
	l.causes.Found = []alerts.Cause{{Subject: id.New(), At: l.Clock.Now()}}
	if _, err := mysqltest.OpenOwner(t, l.DB).Exec(t.Context(), "ALTER TABLE loan RENAME TO loan_away"); err != nil {
		t.Fatal(err)
	}
	if err := l.clock.Tick(t.Context(), l.Clock.Now()); err == nil {
		t.Error("nothing is said of the keys")
	}
	if found := l.of(alerts.ArchiveDamaged); len(found) != 1 {
		t.Errorf("%d alerts", len(found))
	}
}

package workhours_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/workhours"
)

func (b *bundle) entry(t testing.TB, seq uint64) ledger.Entry {
	t.Helper()
	entries, err := b.Ledger.Read(t.Context(), b.DB, seq, 1)
	check(t, err)
	return entries[0]
}

func TestAReportIsAnEntryWithNothingPersonalInPlain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	anna := b.person(t, "Anna Kalniņa", `FACTORY\anna`, "Office")
	in := works(`factory\ANNA`, "2026-11-25 08:00")
	in.Workstation, in.IntervalSeconds, in.EventID = "ANNA-PC", 60, "1"
	made := b.report(t, in)
	e := b.entry(t, made.Seqs[0])
	if e.Stream != ledger.StreamWork || e.Action != ledger.WorkWorking || e.Person != anna.ID || e.ActorID() != anna.ID ||
		e.Department != anna.Department || !e.OccurredAt.Equal(*in.At) || e.Details[workhours.DetailInterval] != 60.0 {
		t.Errorf("%s", e.Raw)
	}
	if raw := bytes.ToLower(e.Raw); bytes.Contains(raw, []byte("anna")) || bytes.Contains(raw, []byte("factory")) {
		t.Errorf("%s", e.Raw)
	}
	var machine string
	if found, err := b.Ledger.Unseal(t.Context(), &e, workhours.FieldWorkstation, &machine); err != nil || !found || machine != "ANNA-PC" {
		t.Errorf("%q, %v", machine, err)
	}
}

func TestWhoWasErasedIsNotNamedAgainByReports(t *testing.T) {
	t.Parallel()
	b := setup(t)
	anna := b.person(t, "Anna Kalniņa", `FACTORY\anna`, "Office")
	check(t, b.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		_, err := b.people.Erase(ctx, tx, anna.ID, id.ID{})
		return err
	}))
	in := works(`factory\ANNA`, "2026-11-25 08:00")
	in.Workstation, in.EventID = "ANNA-PC", "1"
	seqs := b.report(t, in, works("nobody", "2026-11-25 08:00")).Seqs
	check(t, b.hours.ReportUnverified(t.Context(), ledger.Origin{IP: "10.1.2.3"}, works(`FACTORY\anna`, "2026-11-25 09:00")))
	for _, seq := range []uint64{seqs[0], seqs[1] + 1} {
		e := b.entry(t, seq)
		var name string
		for _, field := range []string{ledger.FieldUsername, workhours.FieldWorkstation} {
			if found, err := b.Ledger.Unseal(t.Context(), &e, field, &name); err != nil || found {
				t.Errorf("entry %d names %q, %v", seq, name, err)
			}
		}
		if !e.Person.IsZero() || e.Entity.ID != "" {
			t.Errorf("%s", e.Raw)
		}
	}
	b.process(t)
	waiting, err := b.hours.Unknown(t.Context(), access.System(), page.Request{})
	if err != nil || len(waiting.Items) != 1 || waiting.Items[0].User != "nobody" {
		t.Errorf("%+v, %v", waiting.Items, err)
	}
}

func TestTheSameReportAgainIsRecordedOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.person(t, "Anna Kalniņa", `FACTORY\anna`, "Office")
	actor := program(access.RoleIntegrator)
	in := works(`FACTORY\anna`, "2026-11-25 08:00")
	in.EventID = "42"
	first, err := b.hours.Report(t.Context(), actor, []*workhours.ReportInput{in}, false)
	check(t, err)
	again, err := b.hours.Report(t.Context(), actor, []*workhours.ReportInput{in}, false)
	check(t, err)
	if !slices.Equal(first.Seqs, again.Seqs) {
		t.Errorf("%v and %v", first.Seqs, again.Seqs)
	}
	other := *in
	other.State = workhours.Stopped
	if _, err := b.hours.Report(t.Context(), actor, []*workhours.ReportInput{&other}, false); !fault.Is(err, fault.Conflict) {
		t.Errorf("another report under the same id: %v", err)
	}
}

func TestWhatCannotBeReportedIsRefusedByName(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.person(t, "Anna Kalniņa", `FACTORY\anna`, "Office")
	for field, spoil := range map[string]func(*workhours.ReportInput){
		"user":            func(in *workhours.ReportInput) { in.User = " " },
		"state":           func(in *workhours.ReportInput) { in.State = "idle" },
		"at":              func(in *workhours.ReportInput) { late := at("2026-11-25 12:11"); in.At = &late },
		"workstation":     func(in *workhours.ReportInput) { in.Workstation = "a\nb" },
		"intervalSeconds": func(in *workhours.ReportInput) { in.IntervalSeconds = 14401 },
		"eventId":         func(in *workhours.ReportInput) { in.EventID = strings.Repeat("x", 191) },
	} {
		good, bad := works(`FACTORY\anna`, "2026-11-25 08:00"), works(`FACTORY\anna`, "2026-11-25 09:00")
		spoil(bad)
		_, err := b.hours.Report(t.Context(), program(access.RoleIntegrator), []*workhours.ReportInput{good, bad}, false)
		if f, ok := fault.As(err); !ok || f.Kind != fault.BadInput || f.Field != "1."+field {
			t.Errorf("%s: %v", field, err)
		}
		made, err := b.hours.Report(t.Context(), program(access.RoleIntegrator), []*workhours.ReportInput{good, bad}, true)
		if err != nil || made.Recorded != 1 || len(made.Refused) != 1 || made.Refused[0].Index != 1 {
			t.Errorf("%s, partial: %v, %v", field, made, err)
		}
	}
}

func TestNothingIsTakenInWithoutAPurposeOrTheRight(t *testing.T) {
	t.Parallel()
	b := setup(t)
	off := b.with(workhours.Config{Zone: time.UTC})
	reports := []*workhours.ReportInput{works(`FACTORY\anna`, "2026-11-25 08:00")}
	if _, err := off.Report(t.Context(), program(access.RoleIntegrator), reports, false); !fault.Is(err, fault.Forbidden) || !strings.Contains(err.Error(), "PURPOSE") {
		t.Errorf("without a purpose: %v", err)
	}
	if _, err := b.hours.Report(t.Context(), program(access.RoleScreen), reports, false); !fault.Is(err, fault.Forbidden) {
		t.Errorf("without the right: %v", err)
	}
	if _, err := b.hours.Report(t.Context(), nil, reports, false); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("by nobody: %v", err)
	}
}

func TestATokenOfAWorkstationReportsForNoOther(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.person(t, "Anna Kalniņa", `FACTORY\anna`, "Office")
	device := program(access.RoleWorkstation)
	send := func(workstation string) error {
		in := works(`FACTORY\anna`, "2026-11-25 08:00")
		in.Workstation = workstation
		_, err := b.hours.Report(t.Context(), device, []*workhours.ReportInput{in}, false)
		return err
	}
	if err := send(""); !fault.Is(err, fault.BadInput) {
		t.Errorf("without a name: %v", err)
	}
	check(t, send("PC-7"))
	check(t, send("pc-7"))
	if err := send("pc-8"); !fault.Is(err, fault.Forbidden) {
		t.Errorf("for another workstation: %v", err)
	}
}

func TestReportsWithoutATokenComeFromListedNetworksOnlyAndAreMarked(t *testing.T) {
	t.Parallel()
	b := setup(t)
	anna := b.person(t, "Anna Kalniņa", `FACTORY\anna`, "Office")
	in := &workhours.ReportInput{User: `FACTORY\anna`, State: workhours.Working}
	if err := b.hours.ReportUnverified(t.Context(), ledger.Origin{IP: "192.0.2.1"}, in); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("from elsewhere: %v", err)
	}
	check(t, b.hours.ReportUnverified(t.Context(), ledger.Origin{IP: "::ffff:10.1.2.3"}, in))
	_, size, err := b.Ledger.LastRecorded(t.Context())
	check(t, err)
	e := b.entry(t, size-1)
	if e.Person != anna.ID || !e.ActorID().IsZero() || e.Details[workhours.DetailAssurance] != workhours.Unverified || e.Source != workhours.SourceWorkstation {
		t.Errorf("%s", e.Raw)
	}
	var refused error
	for range 1000 {
		if refused = b.hours.ReportUnverified(t.Context(), ledger.Origin{IP: "10.1.2.3"}, in); refused != nil {
			break
		}
	}
	if !fault.Is(refused, fault.RateLimited) {
		t.Errorf("a thousand at once: %v", refused)
	}
	check(t, b.hours.ReportUnverified(t.Context(), ledger.Origin{IP: "10.1.2.4"}, in))
}

func TestUsersWhomNobodyKnowsMakeNoPeopleAndWaitForReviewUpToALimit(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.person(t, "Anna Kalniņa", `FACTORY\anna`, "Office")
	before := count(t, b, "person")
	for part := range 3 {
		reports := make([]*workhours.ReportInput, 0, 500)
		for n := range 500 {
			reports = append(reports, works(fmt.Sprintf("stranger%d", 500*part+n), "2026-11-25 08:00"))
		}
		made, err := b.hours.Report(t.Context(), program(access.RoleIntegrator), reports, true)
		check(t, err)
		if want := []int{500, 500, 0}[part]; made.Recorded != want {
			t.Errorf("part %d: %d were recorded, not %d", part, made.Recorded, want)
		}
		check(t, b.hours.CatchUp(t.Context(), nil))
	}
	b.report(t, works("STRANGER7", "2026-11-25 09:00"))
	_, size, err := b.Ledger.LastRecorded(t.Context())
	check(t, err)
	for _, user := range []string{"nobody", `FACTORY\anna`} { // who is dropped and who is kept
		begin := time.Now()
		check(t, b.hours.ReportUnverified(t.Context(), ledger.Origin{IP: "10.1.2.3"}, works(user, "2026-11-25 09:00")))
		if took := time.Since(begin); took < 25*time.Millisecond {
			t.Errorf("%s was answered after %v", user, took)
		}
	}
	if _, after, err := b.Ledger.LastRecorded(t.Context()); err != nil || after != size+1 || b.hours.Dropped() != 1 {
		t.Errorf("a stranger's report and another's grew the ledger from %d to %d, and %d were dropped: %v", size, after, b.hours.Dropped(), err)
	}
	if _, err := b.hours.Report(t.Context(), program(access.RoleIntegrator), []*workhours.ReportInput{works("nobody", "2026-11-25 09:00")}, false); !fault.Is(err, fault.RateLimited) {
		t.Errorf("a program's: %v", err)
	}
	_, err = b.DB.Exec(t.Context(), "UPDATE work_unknown SET seq = 99999999 ORDER BY subject DESC LIMIT 1")
	check(t, err)
	b.process(t)
	if waiting := count(t, b, "work_unknown"); waiting != workhours.MaxUnknown-1 {
		t.Errorf("%d wait after the entry of one, on the last page, was pruned", waiting)
	}
	b.report(t, works("newcomer", "2026-11-25 09:00"))
	check(t, b.hours.CatchUp(t.Context(), nil))
	if waiting, people := count(t, b, "work_unknown"), count(t, b, "person"); waiting != workhours.MaxUnknown || people != before {
		t.Errorf("%d wait, and %d people were made", waiting, people-before)
	}
}

func count(t testing.TB, b *bundle, table string) (n int) {
	t.Helper()
	check(t, b.DB.Get(t.Context(), &n, "SELECT COUNT(*) FROM "+table))
	return n
}

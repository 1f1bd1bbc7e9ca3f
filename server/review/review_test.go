package review_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/review"
)

// today is the local day on which the clock of tests stands.
const today = people.Date("2026-11-22")

// bench is reviewers and what they look at.
type bench struct {
	*custodytest.Fixture
	t      *testing.T
	book   *logbook.Service
	review *review.Service
	// auditor reviews everything, manager what concerns the workshop.
	auditor, manager *access.Actor
	workshop         id.ID
}

func setup(t *testing.T) *bench {
	t.Helper()
	b := &bench{Fixture: custodytest.Open(t), t: t}
	var err error
	if b.book, err = logbook.New(b.DB, b.Seal, b.Ledger, b.Access, b.Custody, b.People, custodytest.Riga(t), b.Clock.Now); err != nil {
		t.Fatal(err)
	}
	b.review = review.New(b.DB, b.Ledger, b.Access, b.book, b.Clock.Now)
	b.auditor = b.Actor(b.Person("Inese Zariņa", "Office"), "auditor")
	b.manager = b.Actor(b.Person("Māris Liepa", "Workshop"), "manager")
	b.workshop = b.manager.Department
	return b
}

// invoices records entries of a department, zero for none, a second apart, and gives their places.
func (b *bench) invoices(n int, department id.ID) []uint64 {
	b.t.Helper()
	drafts := make([]ledger.Draft, n)
	for i := range drafts {
		drafts[i] = ledger.Draft{
			Stream: ledger.StreamActivity, System: true, OccurredAt: b.Clock.Now().Add(time.Duration(i-n) * time.Second), Action: "invoice.updated",
			Outcome: ledger.Success, Source: "till", Department: department, Entity: ledger.Entity{Type: "invoice", ID: "i"},
		}
	}
	var seqs []uint64
	for some := range slices.Chunk(drafts, 200) {
		for _, e := range ledgertest.Append(b.t, b.DB, b.Ledger, some...) {
			seqs = append(seqs, e.Seq)
		}
	}
	if err := b.Ledger.AwaitRead(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	return seqs
}

func (b *bench) of(actor *access.Actor, seq uint64) *review.Review {
	b.t.Helper()
	reviews, err := b.review.Of(b.t.Context(), actor, []uint64{seq})
	if err != nil {
		b.t.Fatal(err)
	}
	return reviews[seq]
}

func (b *bench) flag(actor *access.Actor, note string, seqs ...uint64) {
	b.t.Helper()
	if _, err := b.review.Flag(b.t.Context(), actor, review.FlagInput{Entries: seqs, Note: note}); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) say(actor *access.Actor, v review.Verdict, note string, seqs ...uint64) {
	b.t.Helper()
	if _, err := b.review.Review(b.t.Context(), actor, review.Input{Entries: seqs, Verdict: v, Note: note}); err != nil {
		b.t.Fatal(err)
	}
}

// found walks through the activity that a review filter finds, size entries a page, newest first.
func (b *bench) found(actor *access.Actor, state logbook.ReviewState, size int) []uint64 {
	b.t.Helper()
	from := b.Clock.Now().Add(-24 * time.Hour)
	filter := logbook.Filter{Streams: []ledger.Stream{ledger.StreamActivity}, From: &from, Review: state}
	var seqs []uint64
	for r := (page.Request{First: &size}); ; {
		p, err := b.book.Timeline(b.t.Context(), actor, filter, r)
		if err != nil {
			b.t.Fatal(err)
		}
		for _, e := range p.Items {
			seqs = append(seqs, e.Common().Seq)
		}
		if !p.Info.HasNextPage {
			return seqs
		}
		r.After = p.Info.EndCursor
	}
}

// states reads what entry_review says.
func (b *bench) states() map[uint64]int {
	b.t.Helper()
	var rows []struct {
		Seq   uint64 `db:"seq"`
		State int    `db:"state"`
	}
	if err := b.DB.Select(b.t.Context(), &rows, "SELECT seq, state FROM entry_review"); err != nil {
		b.t.Fatal(err)
	}
	states := map[uint64]int{}
	for _, r := range rows {
		states[r.Seq] = r.State
	}
	return states
}

func TestWhatWasSaidLastCountsAndEverythingSaidStays(t *testing.T) {
	t.Parallel()
	b := setup(t)
	one := b.invoices(1, b.workshop)[0]
	if r := b.of(b.auditor, one); r != nil {
		t.Fatalf("before anybody said anything: %+v", r)
	}
	b.flag(b.auditor, "at night?", one)
	if r := b.of(b.auditor, one); r.State != logbook.Flagged || r.Verdict != nil || *r.Note != "at night?" || r.ByID != b.auditor.Person {
		t.Errorf("%+v", r)
	}
	b.say(b.manager, review.Suspicious, "", one)
	if r := b.of(b.auditor, one); r.State != logbook.Reviewed || *r.Verdict != review.Suspicious || r.Note != nil || r.ByID != b.manager.Person {
		t.Errorf("%+v", r)
	}
	b.say(b.auditor, review.Expected, "the cleaner", one, one)
	if r := b.of(b.manager, one); *r.Verdict != review.Expected || *r.Note != "the cleaner" {
		t.Errorf("%+v", r)
	}
	b.flag(b.auditor, "", one)
	if r := b.of(b.auditor, one); r.State != logbook.Flagged || r.Note != nil {
		t.Errorf("%+v", r)
	}
	for role, want := range map[string]int{ledger.RefFlags: 2, ledger.RefReviews: 2} {
		if referring, err := b.Ledger.Referring(t.Context(), b.DB, role, []uint64{one}); err != nil || len(referring[one]) != want {
			t.Errorf("%s: %v %v", role, referring, err)
		}
	}
}

func TestNobodyReviewsBeyondHisRights(t *testing.T) {
	t.Parallel()
	b := setup(t)
	office := b.Person("Zane Ozola", "Office").Department
	mine, others := b.invoices(1, b.workshop)[0], b.invoices(1, office)[0]
	member := b.Actor(b.Person("Guna Kalna", "Workshop"), "member")
	for name, c := range map[string]struct {
		actor *access.Actor
		seqs  []uint64
		want  fault.Kind
	}{
		"a member":                        {member, []uint64{mine}, fault.Forbidden},
		"a custodian":                     {b.Custodian(), []uint64{mine}, fault.Forbidden},
		"a manager, another department":   {b.manager, []uint64{others}, fault.NotFound},
		"a manager, one of both":          {b.manager, []uint64{mine, others}, fault.NotFound},
		"an auditor, what is not there":   {b.auditor, []uint64{1 << 40}, fault.NotFound},
		"an auditor, nothing":             {b.auditor, nil, fault.BadInput},
		"an auditor, too many for a call": {b.auditor, make501(), fault.BadInput},
	} {
		_, err := b.review.Flag(t.Context(), c.actor, review.FlagInput{Entries: c.seqs})
		if f, ok := fault.As(err); !ok || f.Kind != c.want {
			t.Errorf("%s: %v", name, err)
		}
		_, err = b.review.Review(t.Context(), c.actor, review.Input{Entries: c.seqs, Verdict: review.Expected})
		if f, ok := fault.As(err); !ok || f.Kind != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := b.states(); len(got) != 0 {
		t.Errorf("marked all the same: %v", got)
	}
	b.flag(b.auditor, "who?", others)
	if r := b.of(b.manager, others); r != nil {
		t.Errorf("a manager is told of another department: %+v", r)
	}
	if r := b.of(member, others); r != nil {
		t.Errorf("a member is told: %+v", r)
	}
	closed, err := b.review.Day(t.Context(), b.manager, review.DayInput{Date: today, Note: "quiet"})
	if err != nil {
		t.Fatal(err)
	}
	if got := b.states(); got[mine] != ledger.StateReviewed || got[others] != ledger.StateFlagged || closed.Reviewed < 1 {
		t.Errorf("%+v %v", closed, got)
	}
}

func make501() []uint64 {
	seqs := make([]uint64, review.MaxEntries+1)
	for i := range seqs {
		seqs[i] = uint64(i)
	}
	return seqs
}

func TestClosingADayLeavesWhatIsFlaggedAndWasReviewed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	seqs := b.invoices(450, b.workshop) // several pages
	b.flag(b.auditor, "look", seqs[7], seqs[300])
	b.say(b.auditor, review.Incident, "stolen", seqs[9])
	filter := logbook.Filter{Streams: []ledger.Stream{ledger.StreamActivity}}
	closed, err := b.review.Day(t.Context(), b.auditor, review.DayInput{Date: today, Filter: filter, Note: "otherwise quiet"})
	if err != nil || closed.Reviewed != 447 || closed.Left {
		t.Fatalf("%+v %v", closed, err)
	}
	if r := b.of(b.auditor, seqs[300]); r.State != logbook.Flagged || *r.Note != "look" {
		t.Errorf("%+v", r)
	}
	if r := b.of(b.auditor, seqs[9]); *r.Verdict != review.Incident {
		t.Errorf("%+v", r)
	}
	if r := b.of(b.auditor, seqs[8]); *r.Verdict != review.Expected || *r.Note != "otherwise quiet" {
		t.Errorf("%+v", r)
	}
	if got := b.found(b.auditor, logbook.Unreviewed, 100); !slices.Equal(got, []uint64{seqs[300], seqs[7]}) {
		t.Errorf("unreviewed: %v", got)
	}
	again, err := b.review.Day(t.Context(), b.auditor, review.DayInput{Date: today, Filter: filter, Note: "once more"})
	if err != nil || again.Reviewed != 0 {
		t.Errorf("%+v %v", again, err)
	}
	before, err := b.review.Day(t.Context(), b.auditor, review.DayInput{Date: "2026-11-21", Filter: filter, Note: "the day before"})
	if err != nil || before.Reviewed != 0 {
		t.Errorf("%+v %v", before, err)
	}
}

func TestAFilterByReviewFindsEachEntryOnceOnPagesOfAnySize(t *testing.T) {
	t.Parallel()
	b := setup(t)
	seqs := b.invoices(60, b.workshop)
	want := map[logbook.ReviewState][]uint64{}
	for i, seq := range slices.Backward(seqs) {
		switch i % 3 {
		case 0:
			want[logbook.Unreviewed] = append(want[logbook.Unreviewed], seq)
		case 1:
			b.flag(b.auditor, "", seq)
			want[logbook.Unreviewed] = append(want[logbook.Unreviewed], seq)
			want[logbook.Flagged] = append(want[logbook.Flagged], seq)
		case 2:
			b.say(b.auditor, review.Expected, "", seq)
			want[logbook.Reviewed] = append(want[logbook.Reviewed], seq)
		}
	}
	for state, seqs := range want {
		for _, size := range []int{1, 7, 200} {
			for _, actor := range []*access.Actor{b.auditor, b.manager} {
				if got := b.found(actor, state, size); !slices.Equal(got, seqs) {
					t.Errorf("%s by %d, %v: %v, want %v", state, size, actor.Roles, got, seqs)
				}
			}
		}
	}
}

// requireNewest holds entry_review against who said what last.
func (b *bench) requireNewest(seqs []uint64) {
	b.t.Helper()
	flagged, err := b.Ledger.Referring(b.t.Context(), b.DB, ledger.RefFlags, seqs)
	if err != nil {
		b.t.Fatal(err)
	}
	reviewed, err := b.Ledger.Referring(b.t.Context(), b.DB, ledger.RefReviews, seqs)
	if err != nil {
		b.t.Fatal(err)
	}
	states := b.states()
	for _, seq := range seqs {
		f, r := slices.Max(append(flagged[seq], 0)), slices.Max(append(reviewed[seq], 0))
		want := 0
		if f > r {
			want = ledger.StateFlagged
		} else if r > 0 {
			want = ledger.StateReviewed
		}
		if states[seq] != want {
			b.t.Errorf("entry %d: flagged by %d, reviewed by %d, but its state is %d", seq, f, r, states[seq])
		}
	}
}

func TestSeveralReviewersAtOnceLeaveWhatIsSaidLast(t *testing.T) {
	t.Parallel()
	b := setup(t)
	seqs := b.invoices(120, b.workshop)
	var reviewers sync.WaitGroup
	for n := range 4 {
		reviewers.Go(func() {
			for round := range 6 {
				some := seqs[(n*13+round*17)%80:][:40]
				var err error
				switch (n + round) % 3 {
				case 0:
					_, err = b.review.Flag(t.Context(), b.auditor, review.FlagInput{Entries: some})
				case 1:
					_, err = b.review.Review(t.Context(), b.manager, review.Input{Entries: some, Verdict: review.Expected})
				case 2:
					_, err = b.review.Day(t.Context(), b.auditor, review.DayInput{Date: today, Note: "closed"})
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	reviewers.Wait()
	b.requireNewest(seqs)
}

func TestARebuildBringsBackWhatReviewersSaid(t *testing.T) {
	t.Parallel()
	b := setup(t)
	seqs := b.invoices(40, b.workshop)
	b.flag(b.auditor, "", seqs[:30]...)
	b.say(b.auditor, review.Expected, "", seqs[10:20]...)
	b.flag(b.auditor, "", seqs[15:18]...)
	want := b.states()
	for _, statement := range []string{
		"DELETE FROM entry_review WHERE seq % 3 = 0",
		"UPDATE entry_review SET state = 3 - state WHERE seq % 3 = 1",
		"UPDATE entry_review SET occurred_at = '2020-01-01' WHERE seq % 3 = 2",
		"INSERT INTO entry_review (seq, occurred_at, state) VALUES (100000, '2026-01-01', 1)",
	} {
		if _, err := b.DB.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	found, err := b.Ledger.Rebuild(t.Context(), nil)
	if err != nil || found.ReviewRows != 31 || found.ReferenceRows != 0 {
		t.Errorf("%+v %v", found, err)
	}
	got := b.states()
	if len(got) != len(want) {
		t.Errorf("%d states, there were %d", len(got), len(want))
	}
	b.requireNewest(seqs)
	if got := b.found(b.auditor, logbook.Flagged, 7); len(got) != 23 || !slices.IsSortedFunc(got, func(a, b uint64) int { return int(b) - int(a) }) {
		t.Errorf("flagged: %v", got)
	}
	again, err := b.Ledger.Rebuild(t.Context(), nil)
	if err != nil || again.ReviewRows != 0 {
		t.Errorf("the second time %+v %v", again, err)
	}
}

func TestClosingADayTakesNothingBackOfWhatIsSaidWhileItIsRead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	seqs := b.invoices(3, id.ID{})
	entries, err := b.book.ReviewableAt(t.Context(), b.auditor, seqs) // as whoever closes the day reads them
	if err != nil {
		t.Fatal(err)
	}
	b.say(b.auditor, review.Incident, "somebody broke in", seqs[0])
	b.flag(b.auditor, "look", seqs[1])
	n, err := b.review.CloseOver(t.Context(), b.auditor, entries)
	if err != nil || n != 1 {
		t.Fatal(n, err)
	}
	if r := b.of(b.auditor, seqs[0]); r == nil || r.Verdict == nil || *r.Verdict != review.Incident {
		t.Errorf("an incident became %+v", r)
	}
	if r := b.of(b.auditor, seqs[1]); r == nil || r.State != logbook.Flagged {
		t.Errorf("what was flagged became %+v", r)
	}
	if r := b.of(b.auditor, seqs[2]); r == nil || r.Verdict == nil || *r.Verdict != review.Expected {
		t.Errorf("the rest became %+v", r)
	}
	if n, err := b.review.CloseOver(t.Context(), b.auditor, entries); err != nil || n != 0 {
		t.Errorf("%d are reviewed twice: %v", n, err)
	}
}

package walls

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/tokens"
)

type fixture struct {
	*custodytest.Fixture
	walls *Service
	admin *access.Actor
}

func open(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{Fixture: custodytest.Open(t)}
	riga, err := time.LoadLocation("Europe/Riga")
	check(t, err)
	book, err := logbook.New(f.DB, f.Seal, f.Ledger, f.Access, f.Custody, f.People, riga, f.Clock.Now)
	check(t, err)
	programs, err := tokens.New(f.DB, f.Seal, f.Ledger, f.Access, f.Clock.Now, slog.New(slog.DiscardHandler))
	check(t, err)
	f.walls = New(f.DB, f.Seal, f.Ledger, f.Access, f.People, programs, f.Custody, book, f.Clock.Now)
	f.walls.rhythm = rhythm{apart: time.Millisecond, beat: 5 * time.Millisecond, recheck: time.Millisecond}
	f.admin = f.Actor(f.Person("Ada Admin", ""), "admin")
	return f
}

// paired gives the actor of a display that was approved.
func (f *fixture) paired(t *testing.T, in ApproveInput) *access.Actor {
	t.Helper()
	secret, pairing, err := f.walls.Request(t.Context(), ledger.Origin{IP: "192.0.2.7", UserAgent: "display"})
	check(t, err)
	in.Code, in.Name = pairing.Code, "Lodge"
	_, err = f.walls.Approve(t.Context(), f.admin, in)
	check(t, err)
	actor, err := f.walls.tokens.AuthenticateWall(t.Context(), secret, ledger.Origin{IP: "192.0.2.7"})
	check(t, err)
	if actor == nil {
		t.Fatal("the display was not let in")
	}
	return actor
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestAWallIsRightDuringEightHoursOfWork moves keys for eight hours of a clock that crosses midnight in Riga, and holds
// the wall against a model after each step, while a display follows.
func TestAWallIsRightDuringEightHoursOfWork(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.Clock.Advance(time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC).Sub(f.Clock.Now())) // 20:00 in Riga
	holders := []*people.Person{f.Person("Anna Eglīte", ""), f.Person("Jānis Ozols", "")}
	keys := make([]*custody.Key, 12)
	for i := range keys {
		keys[i] = f.Key(string(rune('A' + i)))
	}
	group := f.Group("Walls", keys[:8]...)
	wall := f.paired(t, ApproveInput{Groups: []id.ID{group.ID}})
	seen, stop := f.follow(t, wall)
	var early uint64
	m := &model{due: map[id.ID]*time.Time{}, shown: keys[:8]}
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same each time
	for step := range 96 {
		now := f.Clock.Advance(5 * time.Minute)
		key := keys[random.IntN(len(keys))]
		if _, out := m.due[key.ID]; out {
			f.Return(f.Custodian(), key)
			m.returned(key, now)
		} else {
			due := now.Add(time.Duration(1+random.IntN(120)) * time.Minute)
			_, err := f.Custody.Issue(t.Context(), f.Custodian(), custody.IssueInput{Keys: []id.ID{key.ID}, Holder: holders[step%2].ID, DueAt: &due})
			check(t, err)
			m.issued(key, now, due)
		}
		shown, err := f.walls.Show(t.Context(), wall)
		check(t, err)
		m.compare(t, step, shown, now)
		seen(shown)
		if step == 11 {
			early = heap()
		}
	}
	stop()
	late := heap()
	t.Logf("heap after one hour %d KiB, after eight %d KiB", early>>10, late>>10)
	if late > early+8<<20 {
		t.Errorf("memory grew from %d to %d bytes", early, late)
	}
}

// follow has a display follow. seen waits until it was sent a wall with the counts of the one given.
func (f *fixture) follow(t *testing.T, wall *access.Actor) (seen func(*Wall), stop func()) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	sent := make(chan *Wall)
	ended := make(chan error, 1)
	go func() {
		ended <- f.walls.Follow(ctx, wall, func(context.Context, bool) (*access.Actor, error) { return wall, nil }, func(w *Wall) bool {
			select {
			case sent <- w:
				return true
			case <-ctx.Done():
				return false
			}
		})
	}()
	seen = func(wanted *Wall) {
		t.Helper()
		for {
			select {
			case w := <-sent:
				if w.Out == wanted.Out && w.Overdue == wanted.Overdue && *w.Today == *wanted.Today {
					return
				}
			case err := <-ended:
				t.Fatal("the feed ended: ", err)
			case <-ctx.Done():
				t.Fatal("the display was not told")
			}
		}
	}
	stop = func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	return seen, stop
}

// model is what a wall must show of some keys.
type model struct {
	due   map[id.ID]*time.Time
	shown []*custody.Key
	// moves are the times of issues and returns of the keys shown.
	out, in []time.Time
}

func (m *model) issued(key *custody.Key, at, due time.Time) {
	m.due[key.ID] = &due
	if m.shows(key) {
		m.out = append(m.out, at)
	}
}

func (m *model) returned(key *custody.Key, at time.Time) {
	delete(m.due, key.ID)
	if m.shows(key) {
		m.in = append(m.in, at)
	}
}

func (m *model) shows(key *custody.Key) bool {
	for _, one := range m.shown {
		if one.ID == key.ID {
			return true
		}
	}
	return false
}

func (m *model) compare(t *testing.T, step int, wall *Wall, now time.Time) {
	t.Helper()
	riga, _ := time.LoadLocation("Europe/Riga")
	today := now.In(riga).Format(time.DateOnly)
	on := func(times []time.Time) (n int) {
		for _, at := range times {
			if at.In(riga).Format(time.DateOnly) == today {
				n++
			}
		}
		return n
	}
	out, overdue, due := 0, 0, 0
	for _, key := range m.shown {
		at := m.due[key.ID]
		if at == nil {
			continue
		}
		out++
		if !at.After(now) {
			overdue++
		}
		if at.In(riga).Format(time.DateOnly) == today {
			due++
		}
	}
	if wall.Out != out || wall.Overdue != overdue || len(wall.Loans) != out || len(wall.Groups) != 1 || wall.Groups[0].Out != out || wall.Groups[0].Overdue != overdue {
		t.Fatalf("step %d: %d out and %d overdue, not %d and %d", step, wall.Out, wall.Overdue, out, overdue)
	}
	if d := wall.Today; string(d.Date) != today || d.Issued != on(m.out) || d.Returned != on(m.in) || d.Due != due {
		t.Fatalf("step %d at %s: %+v, not %d issued, %d returned, %d due on %s", step, now, *d, on(m.out), on(m.in), due, today)
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestADisplayOutsideItsNetworksIsNobody(t *testing.T) {
	t.Parallel()
	f := open(t)
	secret, pairing, err := f.walls.Request(t.Context(), ledger.Origin{IP: "192.0.2.7"})
	check(t, err)
	_, err = f.walls.Approve(t.Context(), f.admin, ApproveInput{Code: pairing.Code, Name: "Lodge", Networks: []string{"192.0.2.0/24"}})
	check(t, err)
	if actor, err := f.walls.tokens.AuthenticateWall(t.Context(), secret, ledger.Origin{IP: "192.0.2.9"}); err != nil || actor == nil {
		t.Error("inside:", actor, err)
	}
	if actor, err := f.walls.tokens.AuthenticateWall(t.Context(), secret, ledger.Origin{IP: "198.51.100.9"}); err == nil || actor != nil {
		t.Error("outside:", actor, err)
	}
}

func TestTheLastMovementsAreShownHoweverManyKeysWereMadeSince(t *testing.T) {
	t.Parallel()
	f := open(t)
	key := f.Key("A")
	wall := f.paired(t, ApproveInput{})
	f.Issue(f.Custodian(), f.Person("Anna Eglīte", ""), key)
	for i := range 2 * 60 {
		f.Key("made " + strconv.Itoa(i))
	}
	shown, err := f.walls.Show(t.Context(), wall)
	check(t, err)
	if len(shown.Movements) != 1 || shown.Movements[0].Number != "A" {
		t.Errorf("%d movements are shown", len(shown.Movements))
	}
}

func TestADisplayIsPairedWhateverItsBrowserCallsItself(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, pairing, err := f.walls.Request(t.Context(), ledger.Origin{IP: "192.0.2.7", UserAgent: strings.Repeat("<", 400), Device: "Browser", Place: "Rīga"})
	check(t, err)
	found, err := f.walls.Find(t.Context(), f.admin, pairing.Code)
	check(t, err)
	if found == nil || *found.IP != "192.0.2.7" || *found.Device != "Browser" || *found.Location != "Rīga" {
		t.Errorf("%+v", found)
	}
}

func TestOneNetworkOfIPv6KeepsNoOthersFromPairing(t *testing.T) {
	t.Parallel()
	f := open(t)
	for i := range mostFromAddress {
		_, _, err := f.walls.Request(t.Context(), ledger.Origin{IP: "2001:db8:1:1::" + strconv.Itoa(i+1)})
		check(t, err)
	}
	if _, _, err := f.walls.Request(t.Context(), ledger.Origin{IP: "2001:db8:1:1:ffff::1"}); !fault.Is(err, fault.RateLimited) {
		t.Errorf("one more of the same network: %v", err)
	}
	for _, other := range []string{"2001:db8:1:2::1", "192.0.2.7"} {
		if _, _, err := f.walls.Request(t.Context(), ledger.Origin{IP: other}); err != nil {
			t.Errorf("%s: %v", other, err)
		}
	}
}

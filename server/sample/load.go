package sample

import (
	"context"
	"log/slog"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/activity"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/origin"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/programs"
	"github.com/keytrail/keytrail/server/seal"
	"github.com/keytrail/keytrail/server/signin"
	"github.com/keytrail/keytrail/server/workhours"
)

// Services are what sample data are loaded through.
type Services struct {
	DB       *mysql.DB
	Seal     *seal.Service
	Ledger   *ledger.Ledger
	Access   *access.Service
	People   *people.Service
	Custody  *custody.Service
	Activity *activity.Service
	Programs *programs.Service
	Work     *workhours.Service
	Now      func() time.Time
	Logger   *slog.Logger
}

const entriesPerBatch = 500

// Load makes the organisation in a fresh database, and leaves one that it made before as it is. A database that
// holds anything else is refused.
func Load(ctx context.Context, s Services) error {
	loaded, err := isLoaded(ctx, s.DB)
	if err != nil || loaded {
		return err
	}
	if err := refuseUsed(ctx, s.DB); err != nil {
		return err
	}
	zone, err := time.LoadLocation(Zone)
	if err != nil {
		return err
	}
	start := time.Now()
	p := makePlan(s.Now(), zone)
	l := &loading{Services: s, plan: p, zone: zone, founded: s.Now().AddDate(0, 0, -historyDays-7)}
	for _, step := range []func(context.Context) error{
		l.loadPeople, l.loadAccounts, l.loadKeys, l.loadGroups, l.loadLoans, l.loadSignIns, l.loadPrograms, l.loadToday, l.loadAttendance, l.finish,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	s.Logger.Info("made the sample organisation", "loans", len(p.loans), "signIns", len(p.signIns), "deeds", len(p.deeds), "took", time.Since(start).Round(time.Millisecond))
	return nil
}

// Refuse gives an error where a database holds sample data: real data must not be mixed with them.
func Refuse(ctx context.Context, s Services) error {
	loaded, err := isLoaded(ctx, s.DB)
	if err != nil || !loaded {
		return err
	}
	return fault.New(fault.Conflict,
		"This data directory holds the sample organisation. Start with KEYTRAIL_SAMPLE=1, or choose another with KEYTRAIL_DATA.")
}

func isLoaded(ctx context.Context, q mysql.Querier) (bool, error) {
	return exists(ctx, q, "SELECT 1 FROM entry_index WHERE action = ? LIMIT 1", ledger.SystemSampleLoaded)
}

func refuseUsed(ctx context.Context, q mysql.Querier) error {
	used, err := exists(ctx, q, "SELECT 1 FROM person LIMIT 1")
	if err != nil || !used {
		return err
	}
	return fault.New(fault.Conflict,
		"Sample data go into a fresh data directory only, and this one is used or half filled. Choose another with KEYTRAIL_DATA, or start without KEYTRAIL_SAMPLE.")
}

func exists(ctx context.Context, q mysql.Querier, query string, args ...any) (bool, error) {
	var n int
	err := q.Get(ctx, &n, "SELECT COUNT(*) FROM ("+query+") AS found", args...)
	return n > 0, err
}

// loading is a plan on its way into the database. Its lists run alongside the plan's.
type loading struct {
	zone *time.Location
	Services
	plan     *plan
	founded  time.Time
	persons  []*people.Person
	accounts []id.ID
	keys     []*custody.Key
}

func (l *loading) loadPeople(ctx context.Context) error {
	inputs := make([]people.CreateInput, len(l.plan.people))
	for i, p := range l.plan.people {
		inputs[i] = people.CreateInput{
			Name: p.name, Department: p.department, EmployeeNumber: p.number, Email: p.email, Phone: p.phone,
			Company: p.company, Badge: p.badge, Language: p.language, ExternalNames: p.externalNames(),
		}
	}
	return l.DB.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		var err error
		l.persons, err = l.People.Insert(ctx, tx, access.System(), l.founded, inputs)
		return err
	})
}

// then is the clock of what was made when the organisation was founded.
func (l *loading) then() time.Time { return l.founded }

func (l *loading) loadAccounts(ctx context.Context) error {
	office, err := signin.New(ctx, l.DB, l.Seal, l.Ledger, l.Access, l.People, signin.Config{}, l.then, l.Logger)
	if err != nil {
		return err
	}
	for _, a := range accounts() {
		made, _, err := office.CreateAccount(ctx, access.System(), signin.CreateAccountInput{
			Person: l.persons[a.person].ID, Username: a.Username, Password: a.Password, Roles: []string{a.Role},
		})
		if err != nil {
			return err
		}
		l.accounts = append(l.accounts, made.ID)
	}
	return nil
}

func (l *loading) loadKeys(ctx context.Context) error {
	workshop := custody.New(l.DB, l.Ledger, l.Access, l.People, l.zone, l.then)
	for _, k := range l.plan.keys {
		made, err := workshop.CreateKey(ctx, access.System(), custody.CreateKeyInput{
			Number: k.number, Label: k.label, Category: k.category, Building: k.building, Floor: k.floor,
			Room: k.room, Cabinet: k.cabinet, Hook: k.hook,
		})
		if err != nil {
			return err
		}
		l.keys = append(l.keys, made)
	}
	return nil
}

func (l *loading) loadGroups(ctx context.Context) error {
	workshop := custody.New(l.DB, l.Ledger, l.Access, l.People, l.zone, l.then)
	for group, name := range l.plan.groups {
		var members []id.ID
		for i, k := range l.plan.keys {
			if k.group == group {
				members = append(members, l.keys[i].ID)
			}
		}
		_, err := workshop.SaveGroup(ctx, access.System(), custody.SaveGroupInput{Name: name, Keys: members})
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *loading) loadLoans(ctx context.Context) error {
	past := make([]custody.PastLoan, len(l.plan.loans))
	for i, one := range l.plan.loans {
		past[i] = custody.PastLoan{
			Key: l.keys[one.key].ID, Holder: l.persons[one.holder].ID, IssuedBy: l.persons[one.issuedBy].ID,
			IssuedAt: one.issued, DueAt: instant(one.due), Comment: one.comment,
			ReturnedAt: instant(one.returned), ReturnComment: one.returnComment,
		}
		if !one.returned.IsZero() {
			past[i].ReturnedBy = l.persons[one.returnedBy].ID
		}
	}
	_, err := l.Custody.ImportMovements(ctx, access.System(), past)
	return err
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (l *loading) loadSignIns(ctx context.Context) error {
	drafts := make([]ledger.Draft, len(l.plan.signIns))
	for i, one := range l.plan.signIns {
		drafts[i] = l.signInDraft(one)
	}
	return l.append(ctx, drafts)
}

func (l *loading) signInDraft(one signIn) ledger.Draft {
	d := ledger.Draft{Stream: ledger.StreamAuth, Action: one.action, OccurredAt: one.at}
	if one.account >= 0 {
		person := l.persons[accounts()[one.account].person]
		d.Person, d.Department = person.ID, person.Department
		d.Entity = ledger.Entity{Type: "account", ID: l.accounts[one.account].String()}
	}
	var acted id.ID // of a failure it may have been anybody
	switch one.action {
	case failedAction:
		d.Outcome = ledger.Failure
		d.Details = map[string]any{"reason": one.reason}
	case expiredAction:
		d.System = true
		d.Details = map[string]any{"reason": "session_timed_out"}
		return d
	default:
		acted, d.Actor = d.Person, d.Person
	}
	d.Parts = []ledger.Part{
		ledger.PersonPart(ledger.FieldUsername, d.Person, one.at, one.name),
		ledger.OriginPart(acted, one.at, ledger.Origin{Name: one.name, IP: one.address, UserAgent: one.agent, Device: origin.Device(one.agent)}),
	}
	return d
}

func (l *loading) append(ctx context.Context, drafts []ledger.Draft) error {
	for len(drafts) > 0 {
		batch := drafts[:min(len(drafts), entriesPerBatch)]
		drafts = drafts[len(batch):]
		err := l.DB.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
			_, err := l.Ledger.Append(ctx, tx, batch...)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// finish marks the database as sample data, last, so that a half-filled one is never continued.
func (l *loading) finish(ctx context.Context) error {
	return l.append(ctx, []ledger.Draft{{
		Stream: ledger.StreamSystem, System: true, Action: ledger.SystemSampleLoaded,
		Details: map[string]any{"organisation": Organisation, "keys": len(l.keys), "people": len(l.persons)},
	}})
}

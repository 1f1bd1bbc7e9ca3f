package reminders_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mail"
	"github.com/keytrail/keytrail/server/mail/mailtest"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/reminders"
	"github.com/keytrail/keytrail/server/seal"
)

type bundle struct {
	*custodytest.Fixture
	t         *testing.T
	server    *mailtest.Server
	mail      *mail.Service
	reminders *reminders.Service
	zone      *time.Location
	custodian *access.Actor
}

func setup(t *testing.T) *bundle {
	t.Helper()
	b := &bundle{Fixture: custodytest.Open(t), t: t, server: mailtest.Start(t)}
	var err error
	if b.zone, err = time.LoadLocation("Europe/Riga"); err != nil {
		t.Fatal(err)
	}
	b.mail, b.reminders = b.another()
	b.custodian = b.Custodian()
	return b
}

// another is one more server.
func (b *bundle) another() (*mail.Service, *reminders.Service) {
	b.t.Helper()
	log := slog.New(slog.DiscardHandler)
	m, err := mail.New(b.DB, b.Seal, b.Access, b.server.Config(), b.Clock.Now, log)
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := reminders.New(b.DB, b.Ledger, b.People, b.Custody, m, reminders.Config{
		Zone: b.zone, Before: 30 * time.Minute, AlertMail: []string{"desk@example.org", "guard@example.org"}, AlertLanguage: "lv",
	}, b.Clock.Now, log)
	if err != nil {
		b.t.Fatal(err)
	}
	return m, r
}

func (b *bundle) local(text string) time.Time {
	b.t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, b.zone)
	if err != nil {
		b.t.Fatal(err)
	}
	return at.UTC()
}

// at turns the clock to a local time, and has reminders given and sent.
func (b *bundle) at(local string) {
	b.t.Helper()
	b.Clock.Set(b.local(local))
	b.tick()
	b.deliver()
}

func (b *bundle) tick() {
	b.t.Helper()
	if err := b.reminders.Tick(b.t.Context(), b.Clock.Now()); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bundle) deliver() {
	b.t.Helper()
	if err := b.mail.Deliver(b.t.Context(), b.Clock.Now()); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bundle) holder(name, email, language string) *people.Person {
	b.t.Helper()
	p, err := b.People.Create(b.t.Context(), access.System(), people.CreateInput{Name: name, Email: email, Language: language})
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

func (b *bundle) issue(to *people.Person, due string, keys ...*custody.Key) []*custody.Loan {
	b.t.Helper()
	until := b.local(due)
	made, err := b.Custody.Issue(b.t.Context(), b.custodian, custody.IssueInput{Keys: custodytest.IDs(keys...), Holder: to.ID, DueAt: &until})
	if err != nil {
		b.t.Fatal(err)
	}
	return made.Loans
}

func (b *bundle) extend(loan *custody.Loan, due string) {
	b.t.Helper()
	if _, err := b.Custody.Extend(b.t.Context(), b.custodian, custody.ExtendInput{Loan: loan.ID, DueAt: b.local(due)}); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bundle) want(n int, when string) []mailtest.Letter {
	b.t.Helper()
	letters := b.server.Letters()
	if len(letters) != n {
		b.t.Fatalf("%d letters %s; want %d: %+v", len(letters), when, n, letters)
	}
	return letters
}

func TestAHolderIsRemindedInHisLanguageUntilTheKeyIsBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.at("2026-11-23 09:00")
	nine := b.KeyOf(custody.CreateKeyInput{Number: "9", Building: "Galvenā ēka", Cabinet: "A", Hook: "3"})
	b.issue(b.holder("Jānis Bērziņš", "janis@example.org", "lv"), "2026-11-23 17:00", nine)
	b.issue(b.holder("Anna Smith", "anna@example.org", "en"), "2026-11-23 17:00", b.Key("10"))
	b.at("2026-11-23 16:29")
	b.want(0, "too early")
	b.at("2026-11-23 16:30")
	b.at("2026-11-23 16:31")
	letters := map[string]mailtest.Letter{}
	for _, l := range b.want(2, "before the keys are due") {
		letters[l.To] = l
	}
	lv := letters["janis@example.org"]
	if lv.Subject != "Drīz jāatdod atslēga 9" || !strings.HasPrefix(lv.Text, "Labdien, Jānis Bērziņš!\n\nLūdzu, neaizmirstiet laikā atdot:\n") ||
		!strings.Contains(lv.Text, "- atslēga 9, termiņš 23.11.2026. 17:00\n  Kur atnest: Galvenā ēka, skapis A, āķis 3\n") {
		t.Errorf("%s\n%s", lv.Subject, lv.Text)
	}
	en := letters["anna@example.org"]
	if en.Subject != "Key 10 has to be back soon" || !strings.Contains(en.Text, "- key 10, by 23 November 2026, 17:00\n  Bring it to the key desk.\n") {
		t.Errorf("%s\n%s", en.Subject, en.Text)
	}
	b.at("2026-11-23 17:00")
	if l := b.want(4, "when the keys are due")[2:]; !strings.Contains(l[0].Subject+l[1].Subject, "Nav laikā atdota atslēga 9") ||
		!strings.Contains(l[0].Subject+l[1].Subject, "Key 10 is overdue") {
		t.Errorf("%s, %s", l[0].Subject, l[1].Subject)
	}
	b.at("2026-11-24 08:59")
	b.want(4, "in the night")
	b.at("2026-11-24 09:00")
	b.want(6, "in the morning")
	b.Return(b.custodian, nine)
	b.at("2026-11-25 09:30")
	b.want(7, "after one is back")
	sent := b.Entries(ledger.KeyReminderSent)
	if len(sent) != 7 || sent[0].Stream != ledger.StreamKey || sent[0].Details["kind"] != "before" || sent[0].Person.IsZero() {
		t.Fatalf("%d entries: %+v", len(sent), sent)
	}
	for _, e := range sent {
		if strings.Contains(string(e.Raw), "example.org") || strings.Contains(string(e.Raw), "Anna") {
			t.Errorf("something personal lies open: %s", e.Raw)
		}
	}
}

func TestKeysOfOneHolderAreOneEmail(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.at("2026-11-23 09:00")
	b.issue(b.holder("Jānis", "janis@example.org", "lv"), "2026-11-23 17:00", b.Key("9"), b.Key("10"), b.Key("11"))
	b.at("2026-11-23 17:00")
	l := b.want(1, "for three keys")[0]
	for _, number := range []string{"9", "10", "11"} {
		if !strings.Contains(l.Text, "- atslēga "+number+",") {
			t.Errorf("key %s is missing: %s", number, l.Text)
		}
	}
	if !strings.HasPrefix(l.Subject, "Nav laikā atdotas atslēgas ") || len(b.Entries(ledger.KeyReminderSent)) != 3 {
		t.Errorf("%s", l.Subject)
	}
}

func TestAnExtensionTakesAwayWhatWasToBeSaidAndBeginsAnew(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.at("2026-11-23 09:00")
	loan := b.issue(b.holder("Jānis", "janis@example.org", "lv"), "2026-11-23 17:00", b.Key("9"))[0]
	b.at("2026-11-23 16:30")
	b.want(1, "before")
	b.extend(loan, "2026-11-24 12:00")
	b.at("2026-11-23 17:00")
	b.at("2026-11-24 09:00")
	b.at("2026-11-24 11:29")
	b.want(1, "after the extension")
	b.at("2026-11-24 11:30")
	b.at("2026-11-24 12:00")
	b.want(3, "at the new time")
}

func TestWhatWaitedForTheServerIsSentOnceAndOnlyIfItIsStillTrue(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.at("2026-11-23 09:00")
	nine, ten, eleven, twelve := b.Key("9"), b.Key("10"), b.Key("11"), b.Key("12")
	janis := b.holder("Jānis", "janis@example.org", "lv")
	b.issue(janis, "2026-11-23 17:00", nine, ten)
	b.issue(b.holder("Anna", "anna@example.org", "en"), "2026-11-23 17:00", eleven)
	extended := b.issue(b.holder("Pēteris", "peteris@example.org", "lv"), "2026-11-23 17:00", twelve)[0]
	b.server.Down()
	b.at("2026-11-23 17:00")
	b.Return(b.custodian, ten, eleven)
	b.extend(extended, "2026-11-25 17:00")
	b.server.Up()
	b.at("2026-11-23 19:00")
	b.at("2026-11-23 19:05")
	l := b.want(1, "about what is still out")[0]
	if l.To != "janis@example.org" || !strings.Contains(l.Text, "atslēga 9,") || strings.Contains(l.Text, "atslēga 10,") {
		t.Errorf("%+v", l)
	}
	if n := len(b.Entries(ledger.KeyReminderSent)); n != 1 {
		t.Errorf("%d entries", n)
	}
}

func TestSeveralServersAndRestartsRemindOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.at("2026-11-23 09:00")
	for _, number := range []string{"1", "2", "3", "4", "5", "6"} {
		b.issue(b.holder("Holder "+number, "holder"+number+"@example.org", "en"), "2026-11-23 17:00", b.Key(number))
	}
	now := b.local("2026-11-23 17:00")
	b.Clock.Set(now)
	var group sync.WaitGroup
	for range 3 {
		m, r := b.another()
		group.Go(func() {
			for range 3 {
				if err := r.Tick(t.Context(), now); err != nil {
					t.Error(err)
				}
				if err := m.Deliver(t.Context(), now); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	b.at("2026-11-23 17:01")
	b.want(6, "by all servers together")
	if n := len(b.Entries(ledger.KeyReminderSent)); n != 6 {
		t.Errorf("%d entries", n)
	}
}

func TestWhoHasNoAddressOrIsForgottenIsNotRemindedAndHoldsUpNobody(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.at("2026-11-23 09:00")
	b.issue(b.holder("Nora", "", "en"), "2026-11-23 17:00", b.Key("9"))
	gone := b.holder("Gone", "gone@example.org", "en")
	b.issue(gone, "2026-11-23 17:00", b.Key("10"))
	b.issue(b.holder("Anna", "anna@example.org", "en"), "2026-11-23 17:00", b.Key("11"))
	b.InTx(func(ctx context.Context, tx *mysql.Tx) error {
		_, err := b.Ledger.DestroyKey(ctx, tx, seal.Person(gone.ID), id.ID{})
		return err
	})
	if err := b.People.Reread(t.Context(), gone.ID); err != nil {
		t.Fatal(err)
	}
	b.at("2026-11-23 17:00")
	if l := b.want(1, "for whom can be reminded")[0]; l.To != "anna@example.org" {
		t.Errorf("%+v", l)
	}
}

func TestRemindersKeepTheirLocalTimeWhenClocksAreMoved(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ eve, morning, utc string }{
		{"2026-03-28", "2026-03-29", "2026-03-29T06:00:00Z"}, {"2026-10-24", "2026-10-25", "2026-10-25T07:00:00Z"},
	} {
		t.Run(c.morning, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.at(c.eve + " 09:00")
			b.issue(b.holder("Jānis", "janis@example.org", "lv"), c.eve+" 17:00", b.Key("9"))
			b.at(c.eve + " 17:00")
			nine, _ := time.Parse(time.RFC3339, c.utc)
			for _, step := range []struct {
				at time.Time
				n  int
			}{{nine.Add(-time.Second), 1}, {nine, 2}, {nine.Add(time.Hour), 2}} {
				b.Clock.Set(step.at)
				b.tick()
				b.deliver()
				b.want(step.n, "at "+step.at.String())
			}
		})
	}
}

func TestUrgentAlertsAreWrittenToThoseWhoTakeCareWithoutNames(t *testing.T) {
	t.Parallel()
	b := setup(t)
	clock := alerts.NewClock(alerts.New(b.DB, b.Seal, b.Ledger, b.Access, b.Clock.Now), b.Custody, alerts.ClockRules{
		Zone: b.zone, EscalateAfter: time.Hour, Urgent: b.reminders.Urgent,
	}, slog.New(slog.DiscardHandler))
	b.at("2026-11-23 09:00")
	nine, ten := b.Key("9"), b.Key("10")
	b.issue(b.holder("Nora Zvaigzne", "", "lv"), "2026-11-23 17:00", nine, ten)
	group := b.Group("Laboratorija", nine)
	curfew := custody.LocalTime("18:00")
	if _, err := b.Custody.SaveGroup(t.Context(), access.System(), custody.SaveGroupInput{ID: group.ID, Name: group.Name, Curfew: &curfew}); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		at string
		n  int
	}{{"2026-11-23 17:30", 0}, {"2026-11-23 18:00", 4}, {"2026-11-23 18:05", 4}} {
		b.Clock.Set(b.local(step.at))
		if err := clock.Tick(t.Context(), b.Clock.Now()); err != nil {
			t.Fatal(err)
		}
		b.deliver()
		b.want(step.n, "at "+step.at)
	}
	all, to := "", map[string]int{}
	for _, l := range b.server.Letters() {
		all += l.Subject + "\n" + l.Text
		to[l.To]++
	}
	for _, want := range []string{
		"BRĪDINĀJUMS: atslēgas 9 termiņš pagāja 23.11.2026. 17:00", "atslēgas 10 termiņš", "grupas Laboratorija neatdotās atslēgas 23.11.2026. 18:00: 1",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in %s", want, all)
		}
	}
	if strings.Contains(all, "Nora") || to["desk@example.org"] != 2 || to["guard@example.org"] != 2 {
		t.Errorf("%v\n%s", to, all)
	}
}

func TestAReminderNamesNoKeyThatTurnedOutToBeWithAnother(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.at("2026-11-23 09:00")
	anna, janis := b.holder("Anna Smith", "anna@example.org", "en"), b.holder("Jānis Bērziņš", "janis@example.org", "en")
	b.issue(anna, "2026-11-23 17:00", b.Key("1"), b.Key("2"))
	b.Clock.Set(b.local("2026-11-23 16:30"))
	b.tick() // what waits in the outbox is about both
	entry := b.Entries(ledger.KeyIssued)[0]
	if _, err := b.Custody.CorrectMovement(t.Context(), b.custodian, custody.CorrectInput{Entry: entry.Seq, Holder: janis.ID, Reason: "it was him"}); err != nil {
		t.Fatal(err)
	}
	b.deliver()
	b.at("2026-11-23 16:31")
	letters := map[string]mailtest.Letter{}
	for _, l := range b.want(2, "once each is reminded of his own") {
		letters[l.To] = l
	}
	for to, number := range map[string]string{"anna@example.org": "2", "janis@example.org": "1"} {
		if text := letters[to].Text; !strings.Contains(text, "key "+number) || strings.Contains(text, "key "+map[string]string{"1": "2", "2": "1"}[number]) {
			t.Errorf("to %s: %s", to, text)
		}
	}
	if n := len(b.Entries(ledger.KeyReminderSent)); n != 2 {
		t.Errorf("%d are on record", n)
	}
}

package mail_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mail"
	"github.com/keytrail/keytrail/server/mail/mailtest"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/seal"
)

type bundle struct {
	*custodytest.Fixture
	t      *testing.T
	server *mailtest.Server
	mail   *mail.Service
	janis  *people.Person
	log    *strings.Builder
}

func setup(t *testing.T) *bundle {
	t.Helper()
	b := &bundle{Fixture: custodytest.Open(t), t: t, server: mailtest.Start(t), log: &strings.Builder{}}
	b.mail = b.another(b.server.Config())
	b.janis = b.Person("Jānis", "")
	return b
}

func (b *bundle) another(c mail.Config) *mail.Service {
	b.t.Helper()
	s, err := mail.New(b.DB, b.Seal, b.Access, c, b.Clock.Now, slog.New(slog.NewTextHandler(b.log, nil)))
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

func (b *bundle) add(to string) (one id.ID) {
	b.t.Helper()
	b.InTx(func(ctx context.Context, tx *mysql.Tx) (err error) {
		one, err = b.mail.Add(ctx, tx, "test", b.janis.ID, mail.Message{
			To: to, Subject: "Atslēga jāatdod: ķēniņš ž", Text: "Labdien, Jāni!\n\nLūdzu, atnesiet atslēgu. Āčēģīķļņšūž\n",
		})
		return err
	})
	return one
}

func (b *bundle) deliver(s *mail.Service) {
	b.t.Helper()
	if err := s.Deliver(b.t.Context(), b.Clock.Now()); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bundle) waiting() int { return b.Count("SELECT COUNT(*) FROM mail WHERE dead_at IS NULL") }

func TestAnEmailComesOnceBySecuredConnectionWithAllItsLetters(t *testing.T) {
	t.Parallel()
	b := setup(t)
	one := b.add("janis@example.org")
	b.deliver(b.mail)
	b.deliver(b.mail)
	letters := b.server.Letters()
	if len(letters) != 1 || b.server.Secured() != 1 || b.waiting() != 0 {
		t.Fatalf("%d letters, %d secured, %d wait", len(letters), b.server.Secured(), b.waiting())
	}
	l := letters[0]
	if l.To != "janis@example.org" || l.Subject != "Atslēga jāatdod: ķēniņš ž" ||
		l.Text != "Labdien, Jāni!\n\nLūdzu, atnesiet atslēgu. Āčēģīķļņšūž\n" {
		t.Errorf("%+v", l)
	}
	for name, want := range map[string]string{
		"Message-Id": "<" + one.String() + "@example.org>", "From": `"Keys" <keys@example.org>`, "Auto-Submitted": "auto-generated",
		"Content-Type": "text/plain; charset=UTF-8",
	} {
		if got := l.Header.Get(name); got != want {
			t.Errorf("%s is %q; want %q", name, got, want)
		}
	}
}

// Some servers end the connection without waiting for QUIT.
func TestAnEmailThatWasTakenComesOnceHoweverTheConnectionEnds(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.server.HangUp()
	b.add("janis@example.org")
	b.deliver(b.mail)
	b.Clock.Advance(time.Hour)
	b.deliver(b.mail)
	if n := len(b.server.Letters()); n != 1 || b.waiting() != 0 {
		t.Errorf("%d letters came and %d wait; %s", n, b.waiting(), b.log)
	}
}

// Who sends is the same for all of them: somebody sets it right, and then they go.
func TestAServerThatDoesNotTakeTheSenderCostsNoEmail(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.server.AnsweringSender(&smtp.SMTPError{Code: 550, Message: "no such sender"})
	b.add("janis@example.org")
	b.deliver(b.mail)
	status, err := b.mail.Status(t.Context(), access.System())
	if err != nil || status.Waiting != 1 || status.Dead != 0 || status.Problem == nil || *status.Problem != "the server answered with the code 550" {
		t.Errorf("%+v, %v", status, err)
	}
	b.server.AnsweringSender(nil)
	b.Clock.Advance(time.Hour)
	b.deliver(b.mail)
	if n := len(b.server.Letters()); n != 1 {
		t.Errorf("%d letters came", n)
	}
}

func TestWhatWaitsIsSealedAndStaysWhileTheServerIsAway(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.server.Down()
	b.add("janis@example.org")
	for range 3 {
		b.deliver(b.mail)
	}
	status, err := b.mail.Status(t.Context(), access.System())
	if err != nil || status.Waiting != 1 || status.Problem == nil || status.OldestAt == nil || !status.Enabled {
		t.Fatalf("%+v, %v", status, err)
	}
	if n := b.Count("SELECT COUNT(*) FROM mail WHERE attempts = 1 AND sealed NOT LIKE '%janis%'"); n != 1 {
		t.Error("it was tried again too soon, or lies open")
	}
	b.server.Up()
	b.Clock.Advance(2 * time.Minute)
	b.deliver(b.another(b.server.Config())) // as after a restart
	if n := len(b.server.Letters()); n != 1 || b.waiting() != 0 {
		t.Errorf("%d letters, %d wait", n, b.waiting())
	}
	if text := b.log.String(); strings.Contains(text, "janis") || strings.Contains(text, "Atsl") {
		t.Errorf("something personal was logged: %s", text)
	}
}

func TestAServerThatIsAwayIsAskedForOneEmailAtATime(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.server.Down()
	for range 5 {
		b.add("janis@example.org")
	}
	for tried := 1; tried <= 2; tried++ {
		b.deliver(b.mail)
		if n := b.Count("SELECT COUNT(*) FROM mail WHERE attempts > 0"); n != tried {
			t.Errorf("after %d looks, %d were tried", tried, n)
		}
	}
	b.server.Up()
	b.Clock.Advance(time.Minute)
	b.deliver(b.mail)
	if n := len(b.server.Letters()); n != 5 || b.waiting() != 0 {
		t.Errorf("%d letters, %d wait", n, b.waiting())
	}
}

func TestAServerThatIsKilledBetweenClaimAndSendIsFollowedByAnother(t *testing.T) {
	t.Parallel()
	b := setup(t)
	one := b.add("janis@example.org")
	b.InTx(func(ctx context.Context, tx *mysql.Tx) error { // what a claim leaves behind
		_, err := tx.Exec(ctx, "UPDATE mail SET next_at = ?, attempts = attempts + 1", b.Clock.Now().Add(3*time.Minute))
		return err
	})
	b.deliver(b.mail)
	if n := len(b.server.Letters()); n != 0 {
		t.Fatalf("%d letters although another server is at it", n)
	}
	b.Clock.Advance(3*time.Minute + time.Second)
	b.deliver(b.mail)
	if l := b.server.Letters(); len(l) != 1 || !strings.Contains(l[0].Header.Get("Message-Id"), one.String()) {
		t.Errorf("%+v", l)
	}
}

func TestAServerThatIsKilledBetweenSendAndNotingSendsTheSameMessageAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add("janis@example.org")
	ctx, kill := context.WithCancel(t.Context())
	b.server.OnData(kill)
	_ = b.mail.Deliver(ctx, b.Clock.Now())
	b.server.OnData(nil)
	b.Clock.Advance(4 * time.Minute)
	b.deliver(b.another(b.server.Config()))
	letters := b.server.Letters()
	if len(letters) == 0 || b.waiting() != 0 {
		t.Fatalf("%d letters, %d wait", len(letters), b.waiting())
	}
	for _, l := range letters {
		if l.Header.Get("Message-Id") != letters[0].Header.Get("Message-Id") {
			t.Error("what came twice is not known for the same")
		}
	}
}

func TestSeveralServersSendEachEmailOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for range 25 {
		b.add("janis@example.org")
	}
	var group sync.WaitGroup
	for range 3 {
		s := b.another(b.server.Config())
		group.Go(func() {
			if err := s.Deliver(t.Context(), b.Clock.Now()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	seen := map[string]bool{}
	for _, l := range b.server.Letters() {
		seen[l.Header.Get("Message-Id")] = true
	}
	if len(seen) != 25 || len(b.server.Letters()) != 25 || b.waiting() != 0 {
		t.Errorf("%d letters of %d e-mails, %d wait", len(b.server.Letters()), len(seen), b.waiting())
	}
}

func TestWhatIsRefusedForGoodIsGivenUpAndShown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.server.Answering(func(to string) error {
		if strings.HasPrefix(to, "gone") {
			return &smtp.SMTPError{Code: 550, Message: "no such user " + to}
		}
		return &smtp.SMTPError{Code: 451, Message: "later"}
	})
	b.add("gone@example.org")
	b.add("busy@example.org")
	b.deliver(b.mail)
	dead, err := b.mail.DeadLetters(t.Context(), access.System(), page.Request{})
	if err != nil || len(dead.Items) != 1 || dead.Items[0].PersonID != b.janis.ID || dead.Items[0].Problem != "the server answered with the code 550" {
		t.Fatalf("%+v, %v", dead.Items, err)
	}
	if b.waiting() != 1 || strings.Contains(b.log.String(), "gone@") {
		t.Errorf("%d wait; logged: %s", b.waiting(), b.log.String())
	}
	for range 30 {
		b.Clock.Advance(7 * time.Hour)
		b.deliver(b.mail)
	}
	if n := b.Count("SELECT COUNT(*) FROM mail WHERE dead_at IS NOT NULL"); n != 2 || b.waiting() != 0 {
		t.Errorf("%d were given up, %d wait", n, b.waiting())
	}
	b.Clock.Advance(91 * 24 * time.Hour)
	b.deliver(b.mail)
	if n := b.Count("SELECT COUNT(*) FROM mail"); n != 0 {
		t.Errorf("%d are kept for longer than 90 days", n)
	}
	_, err = b.mail.DeadLetters(t.Context(), b.Custodian(), page.Request{})
	if !fault.Is(err, fault.Forbidden) {
		t.Errorf("a custodian: %v", err)
	}
}

func TestNothingIsSentToWhomIsForgottenOrWithoutTLS(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add("janis@example.org")
	strange := b.server.Config()
	strange.Roots = nil // nobody vouches for the certificate
	b.deliver(b.another(strange))
	if n := len(b.server.Letters()); n != 0 || b.waiting() != 1 {
		t.Fatalf("%d letters to a server that nobody vouches for", n)
	}
	b.InTx(func(ctx context.Context, tx *mysql.Tx) error {
		_, err := b.Ledger.DestroyKey(ctx, tx, seal.Person(b.janis.ID), id.ID{})
		return err
	})
	b.Clock.Advance(time.Hour)
	b.deliver(b.mail)
	if n := len(b.server.Letters()); n != 0 || b.waiting() != 0 {
		t.Errorf("%d letters, %d wait", n, b.waiting())
	}
}

func TestWithoutAServerNothingIsTaken(t *testing.T) {
	t.Parallel()
	b := setup(t)
	off := b.another(mail.Config{})
	err := b.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		_, err := off.Add(ctx, tx, "test", b.janis.ID, mail.Message{To: "a@example.org"})
		return err
	})
	if !fault.Is(err, fault.Unavailable) || off.Run(t.Context()) != nil {
		t.Errorf("%v", err)
	}
}

func TestWhatIsAddedGoesWithoutBeingAskedFor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	came := make(chan struct{}, 1)
	b.server.OnData(func() { came <- struct{}{} })
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.mail.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	b.add("janis@example.org")
	select {
	case <-came:
	case <-time.After(20 * time.Second):
		t.Fatal("nothing came")
	}
}

func TestWhatWaitsBehindASlowServerIsSentOnceByTwoServers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := b.another(b.server.Config())
	for range 3 {
		b.add("janis@example.org")
	}
	begun, taken := b.Clock.Now(), 0
	b.server.OnData(func() {
		if taken++; taken < 3 {
			b.Clock.Advance(2 * time.Minute) // which a letter took
			return
		}
		b.server.OnData(nil)
		if err := other.Deliver(context.Background(), b.Clock.Now()); err != nil {
			t.Error(err)
		}
	})
	if err := b.mail.Deliver(t.Context(), begun); err != nil {
		t.Fatal(err)
	}
	if n := len(b.server.Letters()); n != 3 {
		t.Errorf("%d letters of 3 e-mails", n)
	}
}

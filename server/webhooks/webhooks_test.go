package webhooks_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/turn"
	"github.com/keytrail/keytrail/server/webhooks"
)

// signedWith checks a call as a receiver does who knows a secret.
func signedWith(c call, secret string) bool {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil || len(key) != 32 {
		return false
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.%s", c.header.Get("webhook-id"), c.header.Get("webhook-timestamp"), c.text)
	return slices.Contains(strings.Fields(c.header.Get("webhook-signature")), "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}

func TestEventsComeInOrderSignedAndNameNobody(t *testing.T) {
	t.Parallel()
	b, r := setup(t), newReceiver(t)
	b.activity("before")
	saved := b.save(webhooks.SaveInput{URL: r.URL, Description: "Billing", Events: []webhooks.Event{webhooks.ActionLogged, webhooks.KeyMoved}})
	b.run(b.service)
	seqs := b.activity("first", "second")
	b.Issue(b.Custodian(), b.Person("Pēteris Bērziņš", ""), b.Key("7"))
	b.activity("third")
	for i, action := range []string{"first", "second", ledger.KeyIssued, "third"} {
		c := r.next()
		if c.told.Data.Action != action || !signedWith(c, *saved.Secret) || c.header.Get("webhook-id") != c.told.Data.ID {
			t.Errorf("call %d: %s %v", i, c.text, c.header)
		}
		if bytes.Contains(c.text, []byte("Anna")) || bytes.Contains(c.text, []byte("Pēteris")) || bytes.Contains(c.text, []byte("Custod")) {
			t.Errorf("it names somebody: %s", c.text)
		}
		if i < 2 && (c.told.Data.Sequence != seqs[i] || c.told.Data.Person != b.admin.Person.String()) {
			t.Errorf("call %d: %s", i, c.text)
		}
	}
	eventually(t, func() bool { return len(b.deliveries(saved.Webhook.ID, webhooks.Delivered)) == 4 })
	if h := b.get(saved.Webhook.ID); h.DeliveredAt == nil || h.FailingSince != nil {
		t.Errorf("%+v", h)
	}
	received, err := b.service.Received(t.Context(), b.DB, []id.ID{b.admin.Person})
	if err != nil || len(received) != 1 || received[0].Events != 3 || received[0].Description != "Billing" {
		t.Errorf("%+v, %v", received, err)
	}
}

func TestNothingOfAWebhookStandsInPlain(t *testing.T) {
	t.Parallel()
	b, r := setup(t), newReceiver(t)
	saved := b.save(webhooks.SaveInput{URL: r.URL, Description: "for Anna"})
	if n := b.Count("SELECT COUNT(*) FROM webhook WHERE sealed LIKE '%hidden%' OR sealed LIKE '%Anna%' OR sealed LIKE '%whsec%'"); n != 0 {
		t.Error("the database holds it in plain")
	}
	all, err := b.Ledger.Read(t.Context(), b.DB, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		if bytes.Contains(e.Raw, []byte("hidden")) || bytes.Contains(e.Raw, []byte(*saved.Secret)) {
			t.Errorf("an entry says %s", e.Raw)
		}
	}
	list, err := b.service.List(t.Context(), b.admin)
	if err != nil || len(list) != 1 || list[0].URL != r.URL || list[0].Description != "for Anna" {
		t.Error(list, err)
	}
}

func TestEachEventArrivesAtLeastOnceAlthoughServersStop(t *testing.T) {
	t.Parallel()
	b, r := setup(t), newReceiver(t)
	hook := b.save(webhooks.SaveInput{URL: r.URL}).Webhook.ID
	var want []string
	for i := range 30 {
		want = append(want, fmt.Sprintf("action-%02d", i))
	}
	b.activity(want...)
	var got []string
	for round := range 3 { // each server is stopped in the middle
		stop := b.run(b.another(webhooks.Config{}))
		got = append(got, r.actions(7)...)
		if stop(); round == 0 {
			b.Clock.Advance(2 * turn.Lease)
		}
	}
	b.run(b.another(webhooks.Config{}))
	eventually(t, func() bool { return len(b.deliveries(hook, webhooks.Delivered)) == len(want) })
	for len(r.calls) > 0 {
		got = append(got, r.next().told.Data.Action)
	}
	if !slices.IsSorted(got) {
		t.Error("they came out of order:", got)
	}
	if !slices.Equal(slices.Compact(got), want) {
		t.Error(got)
	}
}

func TestOneServerDeliversAtATime(t *testing.T) {
	t.Parallel()
	b, r := setup(t), newReceiver(t)
	hook := b.save(webhooks.SaveInput{URL: r.URL}).Webhook.ID
	b.run(b.service)
	b.run(b.another(webhooks.Config{}))
	b.activity("one", "two", "three", "four", "five")
	eventually(t, func() bool { return len(b.deliveries(hook, webhooks.Delivered)) == 5 })
	if n := len(r.calls); n != 5 {
		t.Errorf("%d calls for 5 events", n)
	}
}

func TestWhatFailsIsTriedAgainInOrder(t *testing.T) {
	t.Parallel()
	b, r := setup(t), newReceiver(t)
	b.service = b.another(webhooks.Config{MaxAttempts: 1 << 20})
	r.answers(status(http.StatusServiceUnavailable))
	hook := b.save(webhooks.SaveInput{URL: r.URL}).Webhook.ID
	b.run(b.service)
	b.activity("first", "second")
	if got := r.actions(3); !slices.Equal(got, []string{"first", "first", "first"}) {
		t.Fatal("the second did not wait for the first:", got)
	}
	eventually(t, func() bool {
		all := b.deliveries(hook)
		return len(all) == 1 && all[0].State == webhooks.Retried && all[0].Attempts >= 2 && *all[0].Status == 503 && *all[0].Answer == "not today\n" && b.get(hook).FailingSince != nil
	})
	r.answers(nil)
	eventually(t, func() bool {
		return len(b.deliveries(hook, webhooks.Delivered)) == 2 && b.get(hook).FailingSince == nil
	})
}

func TestAnEventThatCannotBeDeliveredIsGivenUpAndCanBeSentAgain(t *testing.T) {
	t.Parallel()
	b, r := setup(t), newReceiver(t)
	b.service = b.another(webhooks.Config{MaxAttempts: 3})
	r.answers(status(http.StatusInternalServerError))
	saved := b.save(webhooks.SaveInput{URL: r.URL})
	hook := saved.Webhook.ID
	b.run(b.service)
	first := b.activity("first", "second")[0]
	eventually(t, func() bool { return b.get(hook).State == webhooks.Paused })
	if got := r.actions(3); !slices.Equal(got, []string{"first", "first", "first"}) || len(r.calls) != 0 {
		t.Error(got)
	}
	given := b.deliveries(hook, webhooks.GivenUp)
	if len(given) != 1 || given[0].Seq != first || given[0].Attempts != 3 || b.get(hook).GivenUp != 1 || b.count(ledger.SystemWebhookPaused) != 1 {
		t.Errorf("%+v", given)
	}
	if _, err := b.service.Resend(t.Context(), b.admin, hook, first); !fault.Is(err, fault.Conflict) {
		t.Error("a paused webhook was sent something:", err)
	}
	r.answers(nil)
	b.save(webhooks.SaveInput{ID: hook, URL: r.URL})
	if got := r.actions(1); got[0] != "second" {
		t.Error("it did not go on behind what was given up:", got)
	}
	if _, err := b.service.Resend(t.Context(), b.admin, hook, first); err != nil {
		t.Fatal(err)
	}
	if c := r.next(); c.told.Data.Action != "first" || !signedWith(c, *saved.Secret) {
		t.Errorf("%s", c.text)
	}
	eventually(t, func() bool { return len(b.deliveries(hook, webhooks.Delivered)) == 2 && b.get(hook).GivenUp == 0 })
	if _, err := b.service.Resend(t.Context(), b.admin, hook, first); !fault.Is(err, fault.Conflict) {
		t.Error("what was delivered is sent again:", err)
	}
}

func TestWhatIsSentAgainGoesWhereTheWebhookPointsByThen(t *testing.T) {
	t.Parallel()
	b, former, r := setup(t), newReceiver(t), newReceiver(t)
	b.service = b.another(webhooks.Config{MaxAttempts: 1})
	former.answers(status(http.StatusInternalServerError))
	hook := b.save(webhooks.SaveInput{URL: former.URL}).Webhook.ID
	stop := b.run(b.service)
	seqs := b.activity("first", "second")
	for given := 1; given <= 2; given++ {
		eventually(t, func() bool { h := b.get(hook); return h.State == webhooks.Paused && h.GivenUp == given })
		if given == 2 {
			stop()
		}
		b.save(webhooks.SaveInput{ID: hook, URL: former.URL})
	}
	former.actions(2)
	for _, seq := range seqs {
		if _, err := b.service.Resend(t.Context(), b.admin, hook, seq); err != nil {
			t.Fatal(err)
		}
	}
	sends := b.service
	b.service = b.another(webhooks.Config{}) // another process, from whose change the sender hears a moment later
	former.answers(func(http.ResponseWriter, *http.Request) { b.save(webhooks.SaveInput{ID: hook, URL: r.URL}) })
	b.run(sends)
	former.actions(1)
	if got := r.actions(1); got[0] == "first" { // again, since the change was noticed before it was answered
		r.actions(1)
	}
	eventually(t, func() bool { return len(b.deliveries(hook, webhooks.Delivered)) == 2 })
	if len(former.calls) != 0 {
		t.Errorf("%d more came to the address before", len(former.calls))
	}
}

func TestAWebhookIsSentAgainWhatCameFromAPlaceOn(t *testing.T) {
	t.Parallel()
	b, r := setup(t), newReceiver(t)
	hook := b.save(webhooks.SaveInput{URL: r.URL}).Webhook.ID
	b.run(b.service)
	seqs := b.activity("one", "two")
	between := b.Clock.Now()
	b.activity("three")
	one := r.next()
	r.actions(2)
	replay := func(in webhooks.ReplayInput) error {
		in.Webhook = hook
		_, err := b.service.Replay(t.Context(), b.admin, in)
		return err
	}
	if err := replay(webhooks.ReplayInput{Sequence: &seqs[0]}); err != nil {
		t.Fatal(err)
	}
	if again := r.next(); again.header.Get("webhook-id") != one.header.Get("webhook-id") || !bytes.Equal(again.text, one.text) {
		t.Error("the same event is told in another way")
	}
	r.actions(2)
	if err := replay(webhooks.ReplayInput{Time: &between}); err != nil {
		t.Fatal(err)
	}
	if got := r.actions(1); got[0] != "three" {
		t.Error(got)
	}
	beyond := uint64(1 << 40)
	for _, in := range []webhooks.ReplayInput{{}, {Sequence: &seqs[0], Time: &between}, {Sequence: &beyond}} {
		if err := replay(in); !fault.Is(err, fault.BadInput) {
			t.Error(err)
		}
	}
}

func TestBothSecretsSignForADayAfterARotation(t *testing.T) {
	t.Parallel()
	b, r := setup(t), newReceiver(t)
	saved := b.save(webhooks.SaveInput{URL: r.URL})
	rotated, err := b.service.Rotate(t.Context(), b.admin, saved.Webhook.ID)
	if err != nil {
		t.Fatal(err)
	}
	try := func() call {
		t.Helper()
		if a, err := b.service.Test(t.Context(), b.admin, saved.Webhook.ID); err != nil || !a.OK() {
			t.Fatal(a, err)
		}
		return r.next()
	}
	if c := try(); c.told.Type != "Test" || !signedWith(c, *saved.Secret) || !signedWith(c, *rotated.Secret) {
		t.Error("one of the secrets does not sign")
	}
	b.Clock.Advance(25 * time.Hour)
	if c := try(); signedWith(c, *saved.Secret) || !signedWith(c, *rotated.Secret) {
		t.Error("the former secret signs after a day")
	}
}

func TestAnswersThatAreNoSuccessAreSaidInWords(t *testing.T) {
	t.Parallel()
	b, r := setup(t), newReceiver(t)
	other := newReceiver(t)
	b.service = b.another(webhooks.Config{Timeout: time.Minute})
	hasty := b.another(webhooks.Config{Timeout: 300 * time.Millisecond})
	hook := b.save(webhooks.SaveInput{URL: r.URL}).Webhook.ID
	for name, one := range map[string]struct {
		answer  http.HandlerFunc
		problem string
	}{
		"a redirect": {http.RedirectHandler(other.URL, http.StatusTemporaryRedirect).ServeHTTP, "points elsewhere"},
		"an error":   {status(http.StatusTeapot), "it answered 418"},
		"too slow":   {func(_ http.ResponseWriter, q *http.Request) { <-q.Context().Done() }, "no answer within"},
		"very long":  {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500); _, _ = w.Write(make([]byte, 4<<20)) }, "it answered 500"},
	} {
		r.answers(one.answer)
		sender := b.service
		if name == "too slow" {
			sender = hasty
		}
		a, err := sender.Test(t.Context(), b.admin, hook)
		if err != nil || a.OK() || !strings.Contains(a.Problem, one.problem) || len(a.Text) > 500 || strings.Contains(a.Problem, "hidden") {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
	}
	if len(other.calls) != 0 {
		t.Error("a redirect was followed")
	}
}

func TestANameThatLeadsIntoAClosedNetworkIsNotCalled(t *testing.T) {
	t.Parallel()
	b, r := setup(t), newReceiver(t)
	hook := b.save(webhooks.SaveInput{URL: r.URL}).Webhook.ID
	closed := b.another(webhooks.Config{Networks: []netipPrefix{}})
	a, err := closed.Test(t.Context(), b.admin, hook)
	if err != nil || a.OK() || !strings.Contains(a.Problem, "not allowed") {
		t.Errorf("%+v, %v", a, err)
	}
	// A name that is checked when it is saved and leads here later is caught when the connection is made.
	name := strings.Replace(r.URL, "127.0.0.1", machineName(t), 1)
	if _, err := closed.Save(t.Context(), b.admin, webhooks.SaveInput{ID: hook, URL: name, Events: webhooks.Events()}); err != nil {
		t.Fatal(err)
	}
	if a, err = closed.Test(t.Context(), b.admin, hook); err != nil || a.OK() || !strings.Contains(a.Problem, "closed") {
		t.Errorf("%s: %+v, %v", name, a, err)
	}
	if len(r.calls) != 0 {
		t.Error("it was called")
	}
}

func TestOnlyWhoMayManageWebhooksDoes(t *testing.T) {
	t.Parallel()
	b, r := setup(t), newReceiver(t)
	hook := b.save(webhooks.SaveInput{URL: r.URL}).Webhook.ID
	for _, role := range []string{"auditor", "manager", "custodian", "member", "integrator"} {
		actor := b.Actor(b.Person("Edgars "+role, "Office"), role)
		_, list := b.service.List(t.Context(), actor)
		_, save := b.service.Save(t.Context(), actor, webhooks.SaveInput{URL: r.URL, Events: webhooks.Events()})
		_, rotate := b.service.Rotate(t.Context(), actor, hook)
		_, tried := b.service.Test(t.Context(), actor, hook)
		_, replay := b.service.Replay(t.Context(), actor, webhooks.ReplayInput{Webhook: hook})
		_, again := b.service.Resend(t.Context(), actor, hook, 1)
		for i, err := range []error{list, save, rotate, tried, replay, again, b.service.Remove(t.Context(), actor, hook)} {
			if !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s, %d: %v", role, i, err)
			}
		}
	}
}

func TestARemovedWebhookIsSentNothingAndItsSecretsAreGone(t *testing.T) {
	t.Parallel()
	b, r := setup(t), newReceiver(t)
	hook := b.save(webhooks.SaveInput{URL: r.URL, Description: "Billing"}).Webhook.ID
	b.run(b.service)
	b.activity("one")
	r.next()
	eventually(t, func() bool { return len(b.deliveries(hook, webhooks.Delivered)) == 1 })
	if err := b.service.Remove(t.Context(), b.admin, hook); err != nil {
		t.Fatal(err)
	}
	if err := b.service.Remove(t.Context(), b.admin, hook); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	later := b.save(webhooks.SaveInput{URL: r.URL}).Webhook.ID
	b.activity("two")
	eventually(t, func() bool { return len(b.deliveries(later, webhooks.Delivered)) == 1 })
	if n := len(r.calls); n != 1 {
		t.Errorf("%d calls", n)
	}
	received, err := b.service.Received(t.Context(), b.DB, []id.ID{b.admin.Person})
	if err != nil || len(received) != 2 || received[0].Description != "Billing" || strings.Contains(received[0].Address, "hidden") {
		t.Errorf("it is not known any more who received what: %+v, %v", received, err)
	}
}

func TestAReceiverThatTakesTheConnectionOverHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var mu sync.Mutex
	var taken []net.Conn
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		connection, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		taken = append(taken, connection)
		fmt.Fprint(connection, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n") // and nothing more, ever
	}))
	t.Cleanup(func() {
		receiver.Close()
		mu.Lock()
		defer mu.Unlock()
		for _, connection := range taken {
			_ = connection.Close()
		}
	})
	hook := b.save(webhooks.SaveInput{URL: receiver.URL}).Webhook.ID
	stop := b.run(b.service)
	b.activity("something")
	eventually(t, func() bool {
		all := b.deliveries(hook)
		return len(all) == 1 && all[0].Status != nil && *all[0].Status == http.StatusSwitchingProtocols
	})
	if received, err := b.service.Received(t.Context(), b.DB, []id.ID{b.admin.Person}); err != nil || len(received) != 1 {
		t.Errorf("it was sent something, and is not named: %v, %v", received, err)
	}
	if err := b.service.Remove(t.Context(), b.admin, hook); err != nil {
		t.Error(err)
	}
	stop()
}

func TestAMendedWebhookIsTriedAtOnceAndAsLongAsANewOne(t *testing.T) {
	t.Parallel()
	b, r := setup(t), newReceiver(t)
	b.service = b.another(webhooks.Config{FirstPause: time.Hour, LongestPause: time.Hour})
	hook := b.save(webhooks.SaveInput{URL: "http://127.0.0.1:1/nobody"}).Webhook.ID
	b.run(b.service)
	b.activity("waits")
	eventually(t, func() bool { return len(b.deliveries(hook, webhooks.Retried)) == 1 })
	b.save(webhooks.SaveInput{ID: hook, URL: r.URL})
	if c := r.next(); c.told.Data.Action != "waits" {
		t.Errorf("%s", c.text)
	}
	eventually(t, func() bool {
		all := b.deliveries(hook, webhooks.Delivered)
		return len(all) == 1 && all[0].Attempts == 1
	})
}

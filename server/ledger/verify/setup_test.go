package verify_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/ledger/verify"
	"github.com/keytrail/keytrail/server/tlog"
)

func grow(t testing.TB, f *ledgertest.Fixture, n int) {
	t.Helper()
	for ; n > 0; n -= 500 {
		drafts := make([]ledger.Draft, min(n, 500))
		for i := range drafts {
			drafts[i] = ledger.Draft{
				Stream: ledger.StreamActivity, Action: "invoice.paid", Module: "billing",
				Entity: ledger.Entity{Type: "invoice", ID: fmt.Sprint(i), Label: "Invoice"},
			}
		}
		ledgertest.Append(t, f.DB, f.Ledger, drafts...)
	}
}

func verifierOf(t testing.TB, f *ledgertest.Fixture) note.Verifier {
	t.Helper()
	verifier, err := note.NewVerifier(f.Ledger.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	return verifier
}

// publish serves a ledger's tree; wrap may stand in between.
func publish(t testing.TB, l *ledger.Ledger, wrap func(http.Handler) http.Handler) string {
	t.Helper()
	handler := http.Handler(tlog.New(l, time.Second, slog.New(slog.DiscardHandler)))
	if wrap != nil {
		handler = wrap(handler)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL + "/tlog/"
}

// look verifies a published log as somebody does who remembers what he saw last.
func look(t testing.TB, url, key string, remembered *verify.Memory, change ...func(*verify.RemoteOptions)) *verify.RemoteReport {
	t.Helper()
	report, err := tryToLook(t.Context(), url, key, remembered, change...)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func tryToLook(ctx context.Context, url, key string, remembered *verify.Memory, change ...func(*verify.RemoteOptions)) (*verify.RemoteReport, error) {
	opts := verify.RemoteOptions{URL: url, VerifierKey: key, Remembered: remembered, Now: time.Now, Retry: time.Millisecond}
	for _, c := range change {
		c(&opts)
	}
	return verify.Remote(ctx, opts)
}

func sinceLast(o *verify.RemoteOptions) { o.SinceLast = true }

func requireFound(t testing.TB, findings []verify.Finding, want ...string) {
	t.Helper()
	var all strings.Builder
	for _, finding := range findings {
		fmt.Fprintln(&all, finding)
	}
	for _, text := range want {
		if !strings.Contains(all.String(), text) {
			t.Errorf("%q is not among the findings:\n%s", text, all.String())
		}
	}
	if len(want) == 0 && len(findings) > 0 {
		t.Errorf("found:\n%s", all.String())
	}
}

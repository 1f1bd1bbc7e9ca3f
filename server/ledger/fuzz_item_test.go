package ledger_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/seal"
)

// What a sender may send is taken or refused in words; it neither breaks anything nor fails inside.
func FuzzItemsAreTakenOrRefused(f *testing.F) {
	fixture := ledgertest.Open(f)
	now := time.Now()
	f.Add("billing", "key", []byte(`{"n":1}`), "invoice.updated", "label", "192.0.2.1", int64(1_700_000_000_000_000))
	f.Add("", "k\x00", []byte(`"\ud800"`), "key.issued", "\xff", "::ffff:10.0.0.1%eth0", int64(0))
	f.Add("a\x00b", "", []byte(`not JSON`), "UPPER", "", "fe80::1%\xff", int64(-5))
	f.Fuzz(func(t *testing.T, caller, key string, payload []byte, action, label, ip string, micros int64) {
		it := ledger.Item{
			Caller: caller, Key: key, Payload: string(payload),
			Draft: ledger.Draft{
				Stream: ledger.StreamActivity, Action: action, Source: caller, Entity: ledger.Entity{Label: label},
				Parts: []ledger.Part{{Field: ledger.FieldActor, Subject: seal.Nobody(now), Value: ledger.Origin{Name: label, IP: ip}}},
			},
		}
		var value any
		if json.Unmarshal(payload, &value) == nil {
			it.Payload = value
			it.Draft.Details, _ = value.(map[string]any)
		}
		if micros != 0 {
			it.Draft.OccurredAt = time.UnixMicro(micros)
		}
		request, print, err := fixture.Ledger.Prepare(t.Context(), it)
		if err != nil {
			if !fault.Is(err, fault.BadInput) {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		again, printAgain, err := fixture.Ledger.Prepare(t.Context(), it)
		if err != nil || !bytes.Equal(request, again) || !bytes.Equal(print, printAgain) {
			t.Fatalf("the same item became another one: %x %x, %x %x, %v", request, again, print, printAgain, err)
		}
		it.Payload = []any{it.Payload}
		if _, other, err := fixture.Ledger.Prepare(t.Context(), it); err == nil && key != "" && bytes.Equal(print, other) {
			t.Fatal("another payload has the same fingerprint")
		}
	})
}

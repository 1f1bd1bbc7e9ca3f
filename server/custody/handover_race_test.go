package custody_test

import (
	"testing"

	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
)

// Whoever is first, of those who accept, take back, lose and offer the key anew at once, the key has one holder or none.
func TestAKeyThatManyMoveAtOnceIsHandedOverOnceAtMost(t *testing.T) {
	t.Parallel()
	f := openMovements(t)
	giver, receiver := f.Actor(f.janis, "member"), f.Actor(f.marta, "member")
	for range 6 {
		f.Issue(f.desk, f.janis, f.key)
		h := f.offer(t, giver, f.key)
		before := len(f.Entries(ledger.KeyHandedOver))
		accepted := 0
		errs := together(func(i int) error {
			var err error
			switch i % 4 {
			case 0, 1:
				_, err = f.Custody.AcceptHandover(t.Context(), receiver, custody.AcceptInput{Handover: h.ID, Accept: true})
			case 2:
				_, err = f.Custody.HandOver(t.Context(), giver, custody.HandOverInput{Keys: custodytest.IDs(f.key), To: f.marta.ID})
			default:
				_, err = f.Custody.CancelHandover(t.Context(), giver, custody.CancelInput{Handover: h.ID})
			}
			return err
		})
		for i, err := range errs {
			if err == nil && i%4 < 2 {
				accepted++
			}
			if err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.BadInput) {
				t.Error(err)
			}
		}
		open := f.Count("SELECT COUNT(*) FROM loan WHERE open_key IS NOT NULL")
		if made := len(f.Entries(ledger.KeyHandedOver)) - before; accepted > 1 || made != accepted || open != 1 {
			t.Fatalf("%d accepted, %d entries, %d open loans", accepted, made, open)
		}
		f.Return(f.desk, f.key)
	}
	if n := f.Count("SELECT COUNT(*) FROM loan a JOIN loan b ON b.key_id = a.key_id AND b.id <> a.id AND b.issued_at < a.returned_at AND b.returned_at > a.issued_at"); n != 0 {
		t.Fatalf("%d pairs of loans overlap", n)
	}
}

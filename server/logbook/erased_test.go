package logbook

import (
	"context"
	"testing"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

func TestTheAddressOfAnErasedPersonIsNotConfirmedByLookingForIt(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	const ip = "203.0.113.9"
	byAnna, byJanis := d.cameFrom(ip, d.anna.ID), d.cameFrom(ip, d.janis.ID)
	auditor := d.Actor(d.Person("Zane", ""), "auditor")
	if found := d.log(auditor, Filter{IP: ip}); len(found) != 2 {
		t.Fatalf("%d entries", len(found))
	}
	err := d.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		_, err := d.Ledger.DestroyKey(ctx, tx, seal.Person(d.janis.ID), id.ID{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if found := d.log(auditor, Filter{IP: ip}); len(found) != 1 || found[0].Seq != byAnna.Seq {
		t.Errorf("looking for his address still finds %d entries", len(found))
	}
	if found := d.log(auditor, Filter{}); found[0].Seq != byJanis.Seq {
		t.Error("his entry is gone")
	}
}

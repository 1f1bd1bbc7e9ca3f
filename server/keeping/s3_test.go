package keeping_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/language"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/keeping"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/objectstore/s3test"
)

// inBucket has archives kept in a bucket of a service that the test may kill, and gives the directory with its objects.
func (b *bundle) inBucket() (g *s3test.Gateway, objects string) {
	b.t.Helper()
	g = s3test.Start(b.t)
	at := g.Bucket()
	b.bucket = &at
	b.service = b.another(keeping.Config{})
	return g, filepath.Join(g.Root, at.Name, at.Prefix)
}

// objectsIn counts what a bucket holds, with what uploads that were cut off left.
func objectsIn(t *testing.T, dir string) int {
	t.Helper()
	found, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return len(found)
}

func (b *bundle) requireWaits(said, latvian string, before int) {
	b.t.Helper()
	if err := b.service.Tick(b.t.Context(), b.Clock.Now()); !fault.Is(err, fault.Unavailable) {
		b.t.Fatalf("it says %v", err)
	}
	run := b.runs()[0]
	if run.State != keeping.Running || run.Entries != 0 || !strings.Contains(run.Problem.String(), said) || !strings.Contains(run.Problem.In(language.Latvian), latvian) {
		b.t.Fatalf("%+v", run)
	}
	if strings.Contains(run.Problem.String(), s3test.SecretKey) {
		b.t.Errorf("%s shows the secret", run.Problem)
	}
	if now := b.counts()[ledger.StreamAuth]; now != before || len(b.archives()) != 0 {
		b.t.Fatalf("%d of %d entries are left, in %d archives", now, before, len(b.archives()))
	}
}

func TestARunWhoseBucketCannotBeUsedDeletesNothingSaysSoAndGoesOnOnceItCan(t *testing.T) {
	t.Parallel()
	b := setup(t)
	g, objects := b.inBucket()
	b.old(900, b.Person("Jānis", "").ID, b.Person("Pēteris", "").ID)
	before := b.counts()[ledger.StreamAuth]
	if _, err := b.service.Ask(t.Context(), b.admin); err != nil {
		t.Fatal(err)
	}
	right := *b.bucket
	b.bucket.SecretKey = "not-the-secret"
	b.service = b.another(keeping.Config{})
	b.requireWaits("does not accept the credentials", "nepieņem", before)
	*b.bucket = right
	b.bucket.Name = "none"
	b.service = b.another(keeping.Config{})
	b.requireWaits("has no bucket none", "nav", before)
	*b.bucket = right
	for _, step := range []string{"archive begun", "archive file", "archive manifest"} {
		b.service = b.another(keeping.Config{Reached: func(reached string) {
			if reached == step {
				g.Kill()
			}
		}})
		b.requireWaits("cannot be reached", "nevar sasniegt", before)
		g.Restart()
	}
	b.requireVerified()
	b.service = b.another(keeping.Config{})
	b.tick()
	if run := b.runs()[0]; run.State != keeping.Done || run.Entries == 0 || run.Problem.String() != "" || before-b.counts()[ledger.StreamAuth] != int(run.Entries) {
		t.Fatalf("%+v", run)
	}
	b.requireVerified()
	if n := objectsIn(t, objects); n != 2*len(b.archives()) {
		t.Errorf("%d objects of %d archives", n, len(b.archives()))
	}
	g.Kill()
	one := b.archives()[0].ID
	if _, err := b.service.VerifyArchive(t.Context(), b.admin, one); !fault.Is(err, fault.Unavailable) || b.archives()[0].Damage.String() != "" {
		t.Errorf("an archive whose store does not answer counts as damaged: %v", err)
	}
	g.Restart()
	if err := os.Truncate(filepath.Join(objects, one.String()+".ndjson.zst"), 100); err != nil {
		t.Fatal(err)
	}
	if a, err := b.service.VerifyArchive(t.Context(), b.admin, one); err != nil || a.Damage.String() == "" || a.Damage.In(language.Latvian) == a.Damage.String() {
		t.Errorf("an archive that was cut short counts as intact, or is not said to be in Latvian: %+v %v", a, err)
	}
}

func TestARunIntoABucketThatIsKilledAtAnyStepIsFinishedAndLosesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, objects := b.inBucket()
	b.old(400, b.Person("Jānis", "").ID)
	before := b.counts()[ledger.StreamAuth]
	if _, err := b.service.Ask(t.Context(), b.admin); err != nil {
		t.Fatal(err)
	}
	kills := 0
	for b.killedAfter(kills+1, id.ID{}) {
		kills++
		b.requireVerified()
	}
	run := b.runs()[0]
	if kills < 6 || run.State != keeping.Done || run.Entries == 0 || before-b.counts()[ledger.StreamAuth] != int(run.Entries) {
		t.Fatalf("after %d kills: %+v", kills, run)
	}
	archives := b.archives()
	if n := objectsIn(t, objects); n != 2*len(archives) {
		t.Errorf("%d objects of %d archives", n, len(archives))
	}
	for _, a := range archives {
		if checked, err := b.service.VerifyArchive(t.Context(), b.admin, a.ID); err != nil || checked.Damage.String() != "" {
			t.Errorf("%+v %v", checked, err)
		}
		if b.killedAfter(1000, a.ID) {
			t.Error("it is killed before it is put back")
		}
	}
	b.requireVerified()
	if after := b.counts()[ledger.StreamAuth]; after != before {
		t.Errorf("%d of %d entries are there again", after, before)
	}
}

package people

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/id"
)

func TestDirectoryStaysInOrderWhateverIsPut(t *testing.T) {
	t.Parallel()
	names := newCollation()
	letters := []string{"a", "ā", "b", "Č", "c", "š", "s", "10", "9", "zz"}
	rapid.Check(t, func(t *rapid.T) {
		d := newDirectory()
		ids := make([]id.ID, 30)
		for i := range ids {
			ids[i] = id.New()
		}
		newest := map[id.ID]*Person{}
		for range rapid.IntRange(1, 12).Draw(t, "puts") {
			records := rapid.SliceOfNDistinct(rapid.IntRange(0, len(ids)-1), 1, 12, rapid.ID[int]).Draw(t, "persons")
			var put []*record
			for _, i := range records {
				p := &Person{
					ID: ids[i], Name: rapid.SampledFrom(letters).Draw(t, "name"), Version: rapid.IntRange(1, 9).Draw(t, "version"),
					Erased: rapid.IntRange(0, 9).Draw(t, "erased") == 0,
				}
				if old := newest[p.ID]; old == nil || old.Version <= p.Version {
					newest[p.ID] = p
				}
				put = append(put, newRecord(p, names))
			}
			d.put(put)
		}
		var want []*record
		for _, p := range newest {
			if !p.Erased {
				want = append(want, newRecord(p, names))
			}
		}
		slices.SortFunc(want, compareRecords)
		lines := d.all()
		if len(lines) != len(want) {
			t.Fatalf("%d people are listed; want %d", len(lines), len(want))
		}
		for i, l := range lines {
			if l.of.person != want[i].person || l.open != want[i].open || l.personal != want[i].personal {
				t.Fatalf("place %d holds %+v; want %+v", i, l, want[i])
			}
		}
	})
}

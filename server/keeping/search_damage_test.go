package keeping_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/keeping"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/mysql/mysqltest"
	"github.com/keytrail/keytrail/server/page"
)

// all searches from the first page to the last, and gives in which archive each entry was found, by place.
func (s *shelf) all(size int) (found map[uint64]id.ID, damaged []*keeping.Archive, calls int) {
	s.t.Helper()
	found = map[uint64]id.ID{}
	for r := (page.Request{First: &size}); ; {
		p, how, err := s.search.Find(s.t.Context(), s.admin, logbook.Filter{}, r)
		if err != nil {
			s.t.Fatal(err)
		}
		calls++
		damaged = append(damaged, how.Damaged...)
		for _, hit := range p.Items {
			seq := hit.Entry.Common().Seq
			if _, twice := found[seq]; twice {
				s.t.Fatalf("entry %d was found twice", seq)
			}
			found[seq] = hit.Archive.ID
		}
		if !p.Info.HasNextPage {
			return found, damaged, calls
		}
		r.After = p.Info.EndCursor
	}
}

// rewritten changes what a compressed file holds.
func rewritten(t *testing.T, file []byte, change func([]byte) []byte) []byte {
	t.Helper()
	plain, err := zstd.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	plain.Close()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll(change(text), nil)
}

// exchange puts the body of one entry in the place of another's.
func exchange(text []byte) []byte {
	lines := bytes.Split(text, []byte("\n"))
	var at []int
	for i, line := range lines {
		if bytes.Contains(line, []byte(`,"body":`)) {
			at = append(at, i)
		}
	}
	first, second := lines[at[0]], lines[at[1]]
	_, body, _ := bytes.Cut(second, []byte(`,"body":`))
	number, _, _ := bytes.Cut(first, []byte(`,"body":`))
	lines[at[0]] = append(append(bytes.Clone(number), `,"body":`...), body...)
	return bytes.Join(lines, []byte("\n"))
}

func TestNothingOfADamagedArchiveIsShownItIsNamedAndTheOthersAreSearched(t *testing.T) {
	t.Parallel()
	s := setup(t).shelve()
	s.fill(600)
	s.prune()
	whole, damaged, _ := s.all(100)
	if len(damaged) > 0 || len(whole) < 300 {
		t.Fatalf("%d entries, and %d damaged archives", len(whole), len(damaged))
	}
	one := s.archives()[1]
	others := 0
	for _, in := range whole {
		if in != one.ID {
			others++
		}
	}
	if others == len(whole) || others == 0 {
		t.Fatalf("%d of %d entries lie in other archives", others, len(whole))
	}
	for name, change := range map[string]struct {
		suffix string
		to     func([]byte) []byte
	}{
		"a byte is another":    {".ndjson.zst", func(b []byte) []byte { b[len(b)/2] ^= 1; return b }},
		"it is cut short":      {".ndjson.zst", func(b []byte) []byte { return b[:len(b)/2] }},
		"it is empty":          {".ndjson.zst", func([]byte) []byte { return nil }},
		"bodies are exchanged": {".ndjson.zst", func(b []byte) []byte { return rewritten(t, b, exchange) }},
		"a line is no entry": {".ndjson.zst", func(b []byte) []byte {
			return rewritten(t, b, func(l []byte) []byte { return bytes.Replace(l, []byte(`"body":{`), []byte(`"body":[`), 1) })
		}},
		"something follows":       {".ndjson.zst", func(b []byte) []byte { return append(b, "more"...) }},
		"the manifest is another": {".manifest.json", func(b []byte) []byte { return append(b, ' ') }},
	} {
		path := filepath.Join(s.dir, one.ID.String()+change.suffix)
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		s.replace(path, change.to(bytes.Clone(before)))
		s.requireOnlyOthers(name, one.ID, others)
		s.replace(path, before)
	}
	path := filepath.Join(s.dir, one.ID.String()+".ndjson.zst")
	if err := os.Rename(path, path+".away"); err != nil {
		t.Fatal(err)
	}
	s.requireOnlyOthers("the file is missing", one.ID, others)
	if err := os.Rename(path+".away", path); err != nil {
		t.Fatal(err)
	}
	if again, damaged, _ := s.all(100); len(again) != len(whole) || len(damaged) != 0 {
		t.Errorf("once it is mended, %d of %d entries are found, and %d archives are damaged", len(again), len(whole), len(damaged))
	}
}

// Its entries are the log's again, so that a search has nothing to show of it, and still tells that it is damaged.
func TestADamagedArchiveWhoseEntriesWerePutBackDoesNotEndASearchByAddress(t *testing.T) {
	t.Parallel()
	s := setup(t).shelve()
	s.fill(600)
	s.prune()
	one := s.archives()[1]
	owner := mysqltest.OpenOwner(t, s.DB)
	if _, err := s.service.Restore(t.Context(), s.admin, one.ID, keeping.RestoreOptions{Owner: owner, KeepFor: time.Hour}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(s.dir, one.ID.String()+".ndjson.zst")
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	forged := func(text []byte) []byte { return bytes.ReplaceAll(text, []byte(`"box":"`), []byte(`"box":"AAAA`)) }
	s.replace(path, rewritten(t, file, forged))
	size, hits, named := 100, 0, 0
	for r := (page.Request{First: &size}); ; {
		p, how, err := s.search.Find(t.Context(), s.admin, logbook.Filter{IP: "192.0.2.1"}, r)
		if err != nil {
			t.Fatal(err)
		}
		for _, hit := range p.Items {
			if hits++; hit.Archive.ID == one.ID {
				t.Fatalf("entry %d of the damaged one is shown", hit.Entry.Common().Seq)
			}
		}
		for _, damaged := range how.Damaged {
			if damaged.ID == one.ID {
				named++
			}
		}
		if !p.Info.HasNextPage {
			break
		}
		r.After = p.Info.EndCursor
	}
	if hits == 0 || named != 1 {
		t.Errorf("%d hits, and the damaged one is named %d times", hits, named)
	}
}

func (s *shelf) replace(path string, with []byte) {
	s.t.Helper()
	if err := os.Remove(path); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, with, 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shelf) requireOnlyOthers(what string, one id.ID, others int) {
	s.t.Helper()
	found, damaged, _ := s.all(100)
	if len(damaged) != 1 || damaged[0].ID != one || damaged[0].Damage.String() == "" {
		s.t.Errorf("%s: %d damaged archives are named", what, len(damaged))
	}
	for seq, in := range found {
		if in == one {
			s.t.Fatalf("%s: entry %d of it is shown", what, seq)
		}
	}
	if len(found) != others {
		s.t.Errorf("%s: %d of the others' %d entries are found", what, len(found), others)
	}
}

func TestASearchWhoseTimeIsOverGoesOnAtItsCursorWithoutGapOrRepetition(t *testing.T) {
	t.Parallel()
	s := setup(t).shelve()
	s.fill(600)
	s.prune()
	whole, _, _ := s.all(page.MaxSize)
	s.reopen(keeping.Config{Reached: func(step string) {
		if step == "archive searched" {
			s.Clock.Advance(6 * time.Second)
		}
	}}, keeping.SearchConfig{})
	found, _, calls := s.all(page.MaxSize)
	if calls != len(s.archives()) {
		t.Errorf("%d archives were searched in %d calls", len(s.archives()), calls)
	}
	if len(found) != len(whole) {
		t.Errorf("%d of %d entries were found", len(found), len(whole))
	}
}

func TestOneSearchOfACallerAndTwoInAllGoOnAtATime(t *testing.T) {
	t.Parallel()
	s := setup(t).shelve()
	s.fill(600)
	s.prune()
	entered, leave := make(chan struct{}), make(chan struct{})
	s.reopen(keeping.Config{Reached: func(step string) {
		if step == "archive searched" {
			entered <- struct{}{}
			<-leave
		}
	}}, keeping.SearchConfig{})
	size := 1
	find := func(actor *access.Actor) error {
		_, _, err := s.search.Find(t.Context(), actor, logbook.Filter{}, page.Request{First: &size})
		return err
	}
	second, third := s.Actor(s.Person("Otrā", "Office"), "admin"), s.Actor(s.Person("Trešais", "Office"), "admin")
	ended := make(chan error, 2)
	go func() { ended <- find(s.admin) }()
	<-entered
	if err := find(s.admin); !fault.Is(err, fault.RateLimited) || !strings.Contains(err.Error(), "already") {
		t.Errorf("a second search of one caller: %v", err)
	}
	go func() { ended <- find(second) }()
	<-entered
	if err := find(third); !fault.Is(err, fault.RateLimited) {
		t.Errorf("a third search: %v", err)
	}
	close(leave)
	for range 2 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	go func() { ended <- find(third) }()
	<-entered
	if err := <-ended; err != nil {
		t.Errorf("once they have ended: %v", err)
	}
}

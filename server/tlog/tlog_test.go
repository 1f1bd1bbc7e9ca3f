package tlog_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	sumdb "golang.org/x/mod/sumdb/tlog"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/tlog"
)

// log is a ledger that is published, and what a stranger knows of it.
type log struct {
	*ledgertest.Fixture
	t   *testing.T
	url string
}

func publish(t *testing.T) *log { return publishFor(t, time.Second) }

// publishFor publishes checkpoints up to an age.
func publishFor(t *testing.T, age time.Duration) *log {
	t.Helper()
	f := ledgertest.Open(t)
	server := httptest.NewServer(tlog.New(f.Ledger, age, slog.New(slog.DiscardHandler)))
	t.Cleanup(server.Close)
	return &log{Fixture: f, t: t, url: server.URL + "/tlog/"}
}

func (l *log) grow(n int) {
	l.t.Helper()
	for ; n > 0; n -= 500 {
		drafts := make([]ledger.Draft, min(n, 500))
		for i := range drafts {
			drafts[i] = ledger.Draft{
				Stream: ledger.StreamActivity, Action: "invoice.paid",
				Entity: ledger.Entity{Type: "invoice", ID: fmt.Sprint(i), Label: "Invoice"},
			}
		}
		ledgertest.Append(l.t, l.DB, l.Ledger, drafts...)
	}
}

func (l *log) get(path string) (int, http.Header, []byte) {
	l.t.Helper()
	r, err := http.NewRequestWithContext(l.t.Context(), http.MethodGet, l.url+path, nil)
	if err != nil {
		l.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		l.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		l.t.Fatal(err)
	}
	return response.StatusCode, response.Header, body
}

// tree verifies the published checkpoint with the published key.
func (l *log) tree() sumdb.Tree {
	l.t.Helper()
	_, _, key := l.get("vkey")
	verifier, err := note.NewVerifier(strings.TrimSpace(string(key)))
	if err != nil {
		l.t.Fatal(err)
	}
	_, _, text := l.get("checkpoint")
	signed, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		l.t.Fatalf("%v\n%s", err, text)
	}
	lines := strings.Split(signed.Text, "\n")
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || lines[0] != ledgertest.Origin {
		l.t.Fatalf("%v\n%s", err, text)
	}
	tree := sumdb.Tree{Hash: sumdb.Hash(root)}
	if _, err := fmt.Sscan(lines[1], &tree.N); err != nil {
		l.t.Fatal(err)
	}
	return tree
}

// The log is its own tile reader for Go's checksum database client, whose addresses have the height in front.

func (l *log) Height() int { return 8 }

func (l *log) ReadTiles(tiles []sumdb.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, tile := range tiles {
		status, header, body := l.get(strings.Replace(tile.Path(), "tile/8/", "tile/", 1))
		if status != http.StatusOK || !strings.Contains(header.Get("Cache-Control"), "immutable") {
			return nil, fmt.Errorf("%s: %d, %s", tile.Path(), status, header)
		}
		data[i] = body
	}
	return data, nil
}

func (l *log) SaveTiles([]sumdb.Tile, [][]byte) {}

func TestAStrangersClientVerifiesTheWholeLogFromWhatIsPublished(t *testing.T) {
	t.Parallel()
	l := publish(t)
	l.grow(1300)
	old, err := l.Ledger.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	l.grow(1500)
	newest, err := l.Ledger.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tree := l.tree()
	if tree.N != int64(newest.Size) {
		t.Fatalf("a checkpoint of %d entries was published, and %d are here", tree.N, newest.Size)
	}
	reader := sumdb.TileHashReader(tree, l)
	for range 100 {
		seq := rand.Int64N(tree.N)
		proof, err := sumdb.ProveRecord(tree.N, seq, reader)
		if err != nil {
			t.Fatal(err)
		}
		if err := sumdb.CheckRecord(proof, tree.N, tree.Hash, seq, sumdb.RecordHash(l.leafData(seq, tree.N))); err != nil {
			t.Fatalf("entry %d: %v", seq, err)
		}
	}
	proof, err := sumdb.ProveTree(tree.N, int64(old.Size), reader)
	if err != nil {
		t.Fatal(err)
	}
	if err := sumdb.CheckTree(proof, tree.N, tree.Hash, int64(old.Size), sumdb.Hash(old.Root)); err != nil {
		t.Fatal(err)
	}
}

// leafData reads one leaf's data from its bundle: two bytes of length, then the data, for each leaf.
func (l *log) leafData(seq, size int64) []byte {
	l.t.Helper()
	path := fmt.Sprintf("tile/entries/%03d", seq/256)
	if width := size % 256; seq/256 == size/256 {
		path += fmt.Sprintf(".p/%d", width)
	}
	status, _, bundle := l.get(path)
	at := seq % 256 * 34
	if status != http.StatusOK || int64(len(bundle)) < at+34 || bundle[at] != 0 || bundle[at+1] != 32 {
		l.t.Fatalf("%s: %d, %d bytes", path, status, len(bundle))
	}
	return bundle[at+2 : at+34]
}

func TestWhatTheLogDoesNotHaveIsNotFound(t *testing.T) {
	t.Parallel()
	l := publish(t)
	l.grow(300)
	for _, path := range []string{
		"tile/0/000", "tile/0/000.p/5", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/44", "checkpoint", "vkey",
	} {
		if status, _, _ := l.get(path); status != http.StatusOK {
			t.Errorf("%s: %d", path, status)
		}
	}
	for _, path := range []string{
		"tile/0/001", "tile/0/001.p/45", "tile/0/002", "tile/1/000", "tile/1/000.p/2", "tile/2/000.p/1", "tile/0/000.p/0",
		"tile/0/000.p/256", "tile/0/000.p/05", "tile/0/0", "tile/0/x000/000", "tile/0/-01", "tile/00/000", "tile/8/000", "tile/255/000",
		"tile/0/x999/x999/x999/x999/x999/999", "tile/entries/002", "tile/entries/000.p/999", "tile/0/", "tile/x/000", "secret",
	} {
		if status, _, _ := l.get(path); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestAskingAgainAndAgainSignsNoMoreThanOneCheckpointForItsAge(t *testing.T) {
	t.Parallel()
	l := publishFor(t, time.Hour)
	notes := map[string]bool{}
	for range 20 {
		l.grow(1)
		_, header, text := l.get("checkpoint")
		notes[string(text)] = true
		if header.Get("Cache-Control") != "no-store" {
			t.Fatal(header)
		}
	}
	var stored int
	if err := l.DB.Get(t.Context(), &stored, "SELECT COUNT(*) FROM {ledger}.checkpoint"); err != nil || stored != 1 || len(notes) != 1 {
		t.Fatalf("%d checkpoints were served, %d are stored, %v", len(notes), stored, err)
	}
}

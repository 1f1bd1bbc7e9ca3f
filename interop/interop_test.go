package interop

import (
	"context"
	"errors"
	"fmt"
	"io"
	stdlog "log"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/transparency-dev/formats/log"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"
)

const checkTimeout = 30 * time.Second

// auditor is what somebody outside has: the log's key, and a client that is not keytrail's.
type auditor struct {
	t        *testing.T
	verifier note.Verifier
	fetch    *client.HTTPFetcher
}

func newAuditor(t *testing.T, address, key string) *auditor {
	t.Helper()
	verifier, err := note.NewVerifier(key)
	if err != nil {
		t.Fatal(err)
	}
	root, err := url.Parse(address + "/tlog/")
	if err != nil {
		t.Fatal(err)
	}
	fetch, err := client.NewHTTPFetcher(root, &http.Client{Timeout: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return &auditor{t: t, verifier: verifier, fetch: fetch}
}

// fsck has tessera check every hash of the log. It may hang when something is wrong, so it gets a deadline.
func (a *auditor) fsck() error {
	ctx, cancel := context.WithTimeout(a.t.Context(), checkTimeout)
	defer cancel()
	check := fsck.New(a.verifier.Name(), a.verifier, a.fetch, leafHashes, fsck.Opts{N: 4})
	result := make(chan error, 1)
	go func() { result <- check.Check(ctx) }()
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// leafHashes reads a bundle: each entry of it is a leaf's data, here the SHA-256 of what keytrail recorded.
func leafHashes(bundle []byte) ([][]byte, error) {
	var entries api.EntryBundle
	if err := entries.UnmarshalText(bundle); err != nil {
		return nil, err
	}
	hashes := make([][]byte, len(entries.Entries))
	for i, data := range entries.Entries {
		if len(data) != 32 {
			return nil, fmt.Errorf("leaf data of %d bytes", len(data))
		}
		hashes[i] = rfc6962.DefaultHasher.HashLeaf(data)
	}
	return hashes, nil
}

func (a *auditor) parse(text []byte) *log.Checkpoint {
	a.t.Helper()
	c, _, _, err := log.ParseCheckpoint(text, a.verifier.Name(), a.verifier)
	if err != nil {
		a.t.Fatal(err)
	}
	return c
}

func (a *auditor) published() *log.Checkpoint {
	a.t.Helper()
	c, _, _, err := client.FetchCheckpoint(a.t.Context(), a.fetch.ReadCheckpoint, a.verifier, a.verifier.Name())
	if err != nil {
		a.t.Fatal(err)
	}
	return c
}

func (a *auditor) proofs(size uint64) *client.ProofBuilder {
	a.t.Helper()
	builder, err := client.NewProofBuilder(a.t.Context(), size, a.fetch.ReadTile)
	if err != nil {
		a.t.Fatal(err)
	}
	return builder
}

func TestTessera(t *testing.T) {
	s := start(t)
	s.signIn(t)
	s.checkpoint(t) // what is published may be ten seconds old, and from before the year of history
	honest := newAuditor(t, s.url, s.verifierKey(t))
	t.Run("fsck finds every hash of the log as it must be", func(t *testing.T) {
		if err := honest.fsck(); err != nil {
			t.Fatal(err)
		}
		if size := honest.published().Size; size < 1000 {
			t.Fatalf("a year of history has only %d entries", size)
		} else {
			t.Logf("%d entries", size)
		}
	})
	t.Run("100 random entries are proved to be included", func(t *testing.T) { proveInclusion(t, honest) })
	t.Run("the entries of a case bundle are proved to be included", func(t *testing.T) { proveCase(t, s, honest) })
	t.Run("exported entries are proved to be included", func(t *testing.T) { proveExported(t, s, honest) })
	t.Run("20 checkpoints are proved to be consistent, each with each", func(t *testing.T) { proveConsistency(t, s, honest) })
	t.Run("a byte that a proxy changes is found", func(t *testing.T) { findTampering(t, s, honest) })
	t.Run("a rollback is found only by who remembers a checkpoint", func(t *testing.T) { findRollback(t, s, honest) })
	t.Run("a tree that does not continue the remembered one is found", func(t *testing.T) { findFork(t, s, honest) })
}

func proveInclusion(t *testing.T, a *auditor) {
	c := a.published()
	builder := a.proofs(c.Size)
	for range 100 {
		seq := rand.Uint64N(c.Size)
		bundle, err := client.GetEntryBundle(t.Context(), a.fetch.ReadEntryBundle, seq/256, c.Size)
		if err != nil {
			t.Fatal(err)
		}
		leaf := rfc6962.DefaultHasher.HashLeaf(bundle.Entries[seq%256])
		hashes, err := builder.InclusionProof(t.Context(), seq)
		if err != nil {
			t.Fatal(err)
		}
		if err := proof.VerifyInclusion(rfc6962.DefaultHasher, seq, c.Size, leaf, hashes, c.Hash); err != nil {
			t.Fatalf("entry %d of %d: %v", seq, c.Size, err)
		}
	}
}

func proveConsistency(t *testing.T, s *server, a *auditor) {
	var checkpoints []*log.Checkpoint
	for n := range 20 {
		s.record(t, n+1, fmt.Sprintf("Group %d", n))
		checkpoints = append(checkpoints, a.parse(s.checkpoint(t)))
	}
	builder := a.proofs(checkpoints[len(checkpoints)-1].Size)
	for i, smaller := range checkpoints {
		for _, larger := range checkpoints[i+1:] {
			if smaller.Size >= larger.Size {
				t.Fatalf("%d entries were followed by %d", smaller.Size, larger.Size)
			}
			hashes, err := builder.ConsistencyProof(t.Context(), smaller.Size, larger.Size)
			if err != nil {
				t.Fatal(err)
			}
			if err := proof.VerifyConsistency(rfc6962.DefaultHasher, smaller.Size, larger.Size, hashes, smaller.Hash, larger.Hash); err != nil {
				t.Fatalf("%d to %d: %v", smaller.Size, larger.Size, err)
			}
		}
	}
}

// between starts a proxy in front of keytrail that changes answers, and gives its address.
func between(t *testing.T, s *server, change func(path string, body []byte) []byte) string {
	t.Helper()
	target, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ErrorLog = stdlog.New(io.Discard, "", 0) // fsck gives up in the middle of requests
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		proxy.ServeHTTP(answer, r)
		body := answer.Body.Bytes()
		if answer.Code == http.StatusOK {
			body = change(strings.TrimPrefix(r.URL.Path, "/tlog/"), body)
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func findTampering(t *testing.T, s *server, honest *auditor) {
	key := s.verifierKey(t)
	for _, target := range []string{"tile/0/000", "tile/0/002", "tile/entries/000", "tile/entries/003", "tile/1/000.p/"} {
		changed := false
		address := between(t, s, func(path string, body []byte) []byte {
			if strings.HasPrefix(path, target) {
				body[len(body)/2] ^= 1
				changed = true
			}
			return body
		})
		if err := newAuditor(t, address, key).fsck(); err == nil || !changed {
			t.Errorf("a byte of %s was changed, and nothing was found (changed: %v)", target, changed)
		}
	}
	untouched := between(t, s, func(_ string, body []byte) []byte { return body })
	if err := newAuditor(t, untouched, key).fsck(); err != nil {
		t.Errorf("a proxy that changes nothing: %v", err)
	}
}

// remembering makes a client that knows a checkpoint from before.
func remembering(t *testing.T, a *auditor, checkpoint []byte) *client.LogStateTracker {
	t.Helper()
	tracker, err := client.NewLogStateTracker(t.Context(), a.fetch.ReadTile, checkpoint, a.verifier, a.verifier.Name(),
		client.UnilateralConsensus(a.fetch.ReadCheckpoint))
	if err != nil {
		t.Fatal(err)
	}
	return tracker
}

func findRollback(t *testing.T, s *server, honest *auditor) {
	old := s.checkpoint(t)
	s.record(t, 3, "Rolled back")
	seen := s.checkpoint(t)
	address := between(t, s, func(path string, body []byte) []byte {
		if path == "checkpoint" {
			return old
		}
		return body
	})
	a := newAuditor(t, address, s.verifierKey(t))
	if err := a.fsck(); err != nil {
		t.Fatalf("a stranger should find nothing: %v", err)
	}
	tracker := remembering(t, a, seen)
	if _, _, _, err := tracker.Update(t.Context()); err != nil {
		t.Fatal(err)
	}
	if shown, known := a.published().Size, tracker.Latest().Size; shown >= known || known != honest.parse(seen).Size {
		t.Fatalf("the log shows %d entries and %d are remembered", shown, known)
	}
}

// findFork remembers a checkpoint and is shown a longer log whose first tiles are others.
func findFork(t *testing.T, s *server, honest *auditor) {
	seen := s.checkpoint(t)
	s.record(t, 2, "Forked")
	s.checkpoint(t)
	address := between(t, s, func(path string, body []byte) []byte {
		if strings.HasPrefix(path, "tile/0/") || strings.HasPrefix(path, "tile/1/") {
			body[0] ^= 1
		}
		return body
	})
	tracker := remembering(t, newAuditor(t, address, s.verifierKey(t)), seen)
	deadline := time.Now().Add(checkTimeout)
	for { // until the newest checkpoint is the one that is served
		_, _, _, err := tracker.Update(t.Context())
		var inconsistent client.ErrInconsistency
		if errors.As(err, &inconsistent) {
			break
		}
		if err != nil || time.Now().After(deadline) {
			t.Fatalf("no inconsistency was found: %v", err)
		}
		time.Sleep(50 * time.Millisecond)
	}
	if _, _, _, err := remembering(t, honest, seen).Update(t.Context()); err != nil {
		t.Fatalf("the honest log: %v", err)
	}
}

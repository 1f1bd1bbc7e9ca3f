// Package tlog publishes the ledger's tree below /tlog/ in the form of C2SP tlog-tiles, for anybody: checkpoint,
// tiles of hashes, and bundles of leaf data. None of it says anything about what an entry holds.
//
// Source: https://c2sp.org/tlog-tiles and https://c2sp.org/tlog-checkpoint
package tlog

import (
	"encoding/binary"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
)

const (
	// never marks what changes, or does not exist yet.
	never = "no-store"
	// forEver marks what never changes: a tile, full or partial, is fixed by its address.
	forEver = "public, max-age=31536000, immutable"
)

// New makes the handler of /tlog/. A served checkpoint may be as old as age: each is stored for good, so that whoever
// asks must not be able to have many of them signed.
func New(l *ledger.Ledger, age time.Duration, log *slog.Logger) http.Handler {
	h := &handler{ledger: l, age: age, log: log}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /tlog/checkpoint", h.checkpoint)
	mux.HandleFunc("GET /tlog/vkey", h.verifierKey)
	mux.HandleFunc("GET /tlog/tile/entries/{number...}", h.bundle)
	mux.HandleFunc("GET /tlog/tile/{level}/{number...}", h.tile)
	mux.HandleFunc("/tlog/", h.other)
	return mux
}

type handler struct {
	ledger *ledger.Ledger
	age    time.Duration
	log    *slog.Logger
}

func (h *handler) checkpoint(w http.ResponseWriter, r *http.Request) {
	c, err := h.ledger.RecentCheckpoint(r.Context(), h.age)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	answer(w, "text/plain; charset=utf-8", never, []byte(c.Note))
}

func (h *handler) verifierKey(w http.ResponseWriter, _ *http.Request) {
	answer(w, "text/plain; charset=utf-8", "public, max-age=3600", []byte(h.ledger.VerifierKey()+"\n"))
}

func (h *handler) tile(w http.ResponseWriter, r *http.Request) {
	level, err := strconv.ParseUint(r.PathValue("level"), 10, 8)
	number, width, ok := parseNumber(r.PathValue("number"))
	if err != nil || !ok || strconv.FormatUint(level, 10) != r.PathValue("level") {
		refuse(w, http.StatusNotFound)
		return
	}
	hashes, err := h.ledger.Tile(r.Context(), int(level), number, width)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	packed := make([]byte, 0, len(hashes)*len(ledger.Hash{}))
	for i := range hashes {
		packed = append(packed, hashes[i][:]...)
	}
	answer(w, "application/octet-stream", forEver, packed)
}

func (h *handler) bundle(w http.ResponseWriter, r *http.Request) {
	number, width, ok := parseNumber(r.PathValue("number"))
	if !ok {
		refuse(w, http.StatusNotFound)
		return
	}
	leaves, err := h.ledger.LeafDataBundle(r.Context(), number, width)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	packed := make([]byte, 0, len(leaves)*(2+len(ledger.Hash{})))
	for i := range leaves {
		packed = binary.BigEndian.AppendUint16(packed, uint16(len(leaves[i])))
		packed = append(packed, leaves[i][:]...)
	}
	answer(w, "application/octet-stream", forEver, packed)
}

// other answers for everything that is not published, and for methods that do not read.
func (h *handler) other(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, http.StatusMethodNotAllowed)
		return
	}
	refuse(w, http.StatusNotFound)
}

func answer(w http.ResponseWriter, kind, caching string, body []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", caching)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.Header().Set("Access-Control-Allow-Origin", "*") // public, and read by verifiers on other pages
	_, _ = w.Write(body)
}

// refuse answers without anything that may be kept: a tile that is not there yet will be.
func refuse(w http.ResponseWriter, status int) {
	w.Header().Set("Cache-Control", never)
	w.Header().Set("Access-Control-Allow-Origin", "*")
	http.Error(w, http.StatusText(status), status)
}

func (h *handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	status := http.StatusInternalServerError
	switch fault.KindOf(err) {
	case fault.NotFound:
		status = http.StatusNotFound
	case fault.Unavailable:
		status = http.StatusServiceUnavailable
		w.Header().Set("Retry-After", "2")
	default:
		if r.Context().Err() == nil {
			h.log.Error("tlog request failed", "path", r.URL.Path, "error", err)
		}
	}
	refuse(w, status)
}

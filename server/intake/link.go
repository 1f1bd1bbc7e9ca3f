package intake

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/keytrail/keytrail/server/fault"
)

// lingering is how long the rest of a body is waited for that nobody will read, and lingeringBytes how much of it.
const (
	lingering      = 2 * time.Second
	lingeringBytes = 4 << 20
)

// link is the connection of a call: it drops a client that neither sends nor takes answers.
type link struct {
	request  *http.Request
	w        http.ResponseWriter
	control  *http.ResponseController
	unread   io.Reader
	patience time.Duration
	stopping <-chan struct{} // closed when no more is read; nil for never
	out      *json.Encoder
}

func errStopping() error {
	return fault.New(fault.Unavailable, "The server stops: send the rest in another call.")
}

func newLink(w http.ResponseWriter, r *http.Request, patience time.Duration) *link {
	l := &link{w: w, control: http.NewResponseController(w), unread: r.Body, patience: patience, out: json.NewEncoder(w)}
	l.request = r.Clone(r.Context())
	l.request.Body = patientBody{r.Body, l}
	return l
}

// patientBody gives a client time anew for each piece of what it sends.
type patientBody struct {
	io.ReadCloser
	l *link
}

// Read implements io.Reader.
func (b patientBody) Read(p []byte) (int, error) {
	_ = b.l.control.SetReadDeadline(time.Now().Add(b.l.patience)) // a writer without deadlines has none to miss
	if b.l.isStopping() {
		return 0, errStopping()
	}
	n, err := b.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) && b.l.isStopping() {
		err = errStopping()
	}
	return n, err
}

// readUntil has the body end with UNAVAILABLE once ctx does, even while the client is silent, until release.
func (l *link) readUntil(ctx context.Context) (release func()) {
	l.stopping = ctx.Done()
	wake := context.AfterFunc(ctx, func() { _ = l.control.SetReadDeadline(time.Now()) }) // behind stopping, which who reads looks at behind his own
	return func() { wake() }
}

func (l *link) isStopping() bool {
	select {
	case <-l.stopping:
		return true
	default:
		return false
	}
}

// bothWays lets answers go out while the body still comes.
func (l *link) bothWays() { _ = l.control.EnableFullDuplex() } // HTTP/2 always does

func (l *link) begin(status int) {
	l.w.Header().Set("Content-Type", "application/x-ndjson; charset=utf-8")
	l.w.Header().Set("Cache-Control", "no-store")
	l.w.WriteHeader(status)
}

// write gives a line of the answer.
func (l *link) write(line any) error { return l.out.Encode(line) }

// end sends what was answered and reads some of what was not read: a connection that is closed before loses the answer.
func (l *link) end() {
	if l.flush() != nil {
		return
	}
	_ = l.control.SetReadDeadline(time.Now().Add(lingering))
	_, _ = io.CopyN(io.Discard, l.unread, lingeringBytes)
}

func (l *link) flush() error { return l.control.Flush() }

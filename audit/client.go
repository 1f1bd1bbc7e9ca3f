package audit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/keytrail/keytrail/audit/internal/queue"
)

const (
	defaultQueueBytes = 1 << 30
	segmentBytes      = 8 << 20
	syncPatience      = 10 * time.Second
	sendTimeout       = 60 * time.Second
	handshakeTimeout  = 10 * time.Second
	idleTimeout       = 90 * time.Second
)

// ErrQueueFull says that keytrail was away for so long that the queue on disk is full.
var ErrQueueFull = queue.ErrFull

// ErrClosed says that the client was closed.
var ErrClosed = queue.ErrClosed

// Options say where events go and how they wait. URL, Token and Dir are needed.
type Options struct {
	// URL is keytrail's address, such as https://keys.example.org.
	URL string
	// Token is an integrator's token, ktr_….
	Token string
	// Dir is the queue's folder on a disk of this machine, for this process alone.
	Dir string
	// Strict has Record return only when the event is on disk, and say when it is not. See the package's guarantees.
	Strict bool
	// MaxQueueBytes bounds the queue's files; 0 means 1 GiB.
	MaxQueueBytes int64
	// SyncEvery is after what time at the latest events are on disk when not Strict; 0 means a second.
	SyncEvery time.Duration
	// Linger is how long a batch gathers; 0 means 200 ms.
	Linger time.Duration
	// HTTP sends the batches; nil means a client with a timeout of a minute, and connections of its own. What it sends must
	// not be recorded: each delivery would make another event.
	HTTP *http.Client
	// Logger is told of what goes wrong, without anything of what events hold; nil means slog.Default().
	Logger *slog.Logger

	ownHTTP bool
}

func (o Options) withDefaults() (Options, error) {
	if o.URL == "" || o.Token == "" || o.Dir == "" {
		return o, errors.New("audit: URL, Token and Dir are needed")
	}
	o.URL = strings.TrimRight(o.URL, "/")
	o.MaxQueueBytes = cmp.Or(o.MaxQueueBytes, defaultQueueBytes)
	o.SyncEvery = cmp.Or(o.SyncEvery, time.Second)
	o.Linger = cmp.Or(o.Linger, 200*time.Millisecond)
	o.Logger = cmp.Or(o.Logger, slog.Default())
	if o.HTTP == nil {
		o.ownHTTP = true
		o.HTTP = &http.Client{Timeout: sendTimeout, Transport: ownTransport()}
	}
	return o, nil
}

// ownTransport is a transport that nobody wraps: http.DefaultTransport may be one that records what it sends.
func ownTransport() *http.Transport {
	if standard, ok := http.DefaultTransport.(*http.Transport); ok {
		return standard.Clone()
	}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, TLSHandshakeTimeout: handshakeTimeout, IdleConnTimeout: idleTimeout,
	}
}

// Client delivers events to keytrail. It is safe for concurrent use, and open until Close.
type Client struct {
	o      Options
	queue  *queue.Queue
	sender *sender

	recorded, lost atomic.Uint64

	gapMu     sync.Mutex
	gap       gap
	gapFile   gapFile
	gapUnkept bool // the log was told that the file fails
	gapClosed bool // by Close
	lostLate  bool // the log was told of events after Close

	stop   context.CancelFunc // ends the sender at once
	closed chan struct{}      // closed by Close: the sender ends when the queue is empty
	once   sync.Once
	ended  chan struct{} // closed when the sender has ended
}

// Open opens the queue and begins to deliver what is in it. It does not wait for keytrail.
func Open(o Options) (*Client, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	c := &Client{o: o, stop: stop, closed: make(chan struct{}), ended: make(chan struct{})}
	if err := c.openQueue(); err != nil {
		stop()
		return nil, fmt.Errorf("opening the audit queue in %s: %w", o.Dir, err)
	}
	c.sender = &sender{o: o, queue: c.queue, refused: deadLetters{path: filepath.Join(o.Dir, "refused.ndjson")}, batch: maxBatch}
	c.sender.sent = c.reportGap
	c.reportGap() // of the program's last run
	go func() {
		defer close(c.ended)
		c.sender.run(ctx, c.closed)
	}()
	return c, nil
}

// openQueue opens the folder, and what is to be told of it.
func (c *Client) openQueue() (err error) {
	c.queue, err = queue.Open(queue.Options{
		Dir: c.o.Dir, MaxBytes: c.o.MaxQueueBytes, SegmentBytes: segmentBytes, SyncEvery: c.o.SyncEvery, Logger: c.o.Logger,
		Damaged: c.loseDamaged,
	})
	if err != nil {
		return err
	}
	if c.gapFile, c.gap, err = openGapFile(c.gapPath()); err != nil {
		return errors.Join(err, c.queue.Close())
	}
	return nil
}

// Strict reports whether operations must fail that cannot be recorded.
func (c *Client) Strict() bool { return c.o.Strict }

// Record takes an event. Without Options.Strict it takes microseconds and returns nil; with it, see the package's
// guarantees: ErrInvalid, ErrQueueFull, ErrClosed or what the disk says.
func (c *Client) Record(ctx context.Context, e Event) error {
	err := c.take(ctx, &e)
	switch {
	case err == nil:
		c.recorded.Add(1)
		return nil
	case c.o.Strict:
		return fmt.Errorf("recording %s: %w", e.Action, err)
	}
	c.lose(e.OccurredAt, err)
	return nil
}

// take puts an event into the queue.
func (c *Client) take(ctx context.Context, e *Event) error {
	e.Fill(ctx)
	if e.OccurredAt.IsZero() {
		e.OccurredAt = time.Now()
	}
	e.OccurredAt = e.OccurredAt.UTC().Truncate(time.Microsecond)
	if err := e.check(); err != nil {
		return err
	}
	line, err := e.line()
	if err != nil {
		return err
	}
	c.reportGap()
	end, err := c.queue.Append(line)
	if err != nil || !c.o.Strict {
		return err
	}
	// The request may be over before the disk is done: what it did is recorded all the same.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), syncPatience)
	defer cancel()
	return c.queue.Sync(ctx, end)
}

// Ready says whether an event would be taken now and kept on the disk: nil, ErrQueueFull, ErrClosed, or why the disk
// failed lately and still does. A flush that failed counts until the client is opened anew. Strict recorders ask before
// an operation that they could not fail afterwards.
func (c *Client) Ready() error { return c.queue.Full(MaxEventBytes) }

// Stats tells how delivery goes.
type Stats struct {
	// Recorded were taken into the queue, Lost were not, since this client was opened.
	Recorded, Lost uint64
	// Sent are with keytrail, Refused in refused.ndjson; events of earlier clients of the same folder among them.
	Sent, Refused uint64
	// WaitingBytes are in the queue.
	WaitingBytes int64
	// Trouble is why delivery waits; empty while it works.
	Trouble string
}

// Stats tells how delivery goes.
func (c *Client) Stats() Stats {
	return Stats{
		Recorded: c.recorded.Load(), Lost: c.lost.Load(), Sent: c.sender.sentLines.Load(), Refused: c.sender.refusedLines.Load(),
		WaitingBytes: c.queue.Waiting(), Trouble: c.sender.troubleNow(),
	}
}

// Close takes no more events, delivers what waits until ctx is done, and closes the queue. What could not be delivered
// stays on disk for the next Open, and Close says so. What is recorded after Close is lost, and told at the next Open.
func (c *Client) Close(ctx context.Context) error {
	c.once.Do(func() { close(c.closed) })
	select {
	case <-c.ended:
	case <-ctx.Done():
	}
	c.stop()
	<-c.ended
	if c.o.ownHTTP {
		c.o.HTTP.CloseIdleConnections()
	}
	waiting := c.queue.Waiting()
	if err := errors.Join(c.queue.Close(), c.closeGap()); err != nil {
		return fmt.Errorf("closing the audit queue: %w", err)
	}
	if waiting > 0 {
		return fmt.Errorf("%d bytes of events could not be delivered yet (%s): they stay in %s and are sent when it is opened again",
			waiting, cmp.Or(c.sender.troubleNow(), "no time left"), c.o.Dir)
	}
	return nil
}

package ledger

import (
	"cmp"
	"context"
	"sync"
	"time"

	"github.com/keytrail/keytrail/server/fault"
)

// OutsideOptions say how often checkpoints are signed, and where they are kept besides the database.
type OutsideOptions struct {
	// Interval is the time between two checkpoints; one is signed only when the ledger has grown. 0 means a minute.
	Interval time.Duration
	// Host is this machine's name: the same file on another is another place. Empty leaves it out.
	Host string
	// File is a file to which each is appended (see fileSink for its form); empty keeps none.
	File string
	// URLs are addresses to which each is posted. What they hold of credentials is never shown or stored.
	URLs []string
	// Patience is how long a place may fail before an entry tells of it. 0 means a day.
	Patience time.Duration
	// Pause is the time before the second try; it doubles up to 5 minutes. 0 means a second.
	Pause time.Duration
}

const (
	usualInterval = time.Minute
	usualPatience = 24 * time.Hour
	usualPause    = time.Second
	longestPause  = 5 * time.Minute
	touchEvery    = time.Hour
)

// Outside signs checkpoints at intervals and keeps them outside the database: whoever owns the database and the
// signing key can rewrite history, and only a checkpoint that he cannot reach shows it.
type Outside struct {
	ledger  *Ledger
	opts    OutsideOptions
	places  []*place
	offered uint64    // size of the newest checkpoint that places were told of
	touched time.Time // when the places were last said to be in use
}

// NewOutside prepares what Run does. BAD_USER_INPUT when a place cannot be one.
func (l *Ledger) NewOutside(opts OutsideOptions) (*Outside, error) {
	opts.Interval = cmp.Or(opts.Interval, usualInterval)
	opts.Patience, opts.Pause = cmp.Or(opts.Patience, usualPatience), cmp.Or(opts.Pause, usualPause)
	o := &Outside{ledger: l, opts: opts}
	if opts.File != "" {
		o.places = append(o.places, o.newPlace(fileSink{opts.File}))
	}
	for _, address := range opts.URLs {
		s, err := newURLSink(address)
		if err != nil {
			return nil, err
		}
		o.places = append(o.places, o.newPlace(s))
	}
	names := map[string]bool{}
	for _, p := range o.places {
		p.name = p.sink.name()
		if opts.Host != "" {
			p.name += " from " + opts.Host
		}
		if names[p.name] {
			return nil, fault.New(fault.BadInput, "checkpoints are to be kept twice at %s: name each place once", p.name)
		}
		if len(p.name) > maxPlaceName {
			return nil, fault.New(fault.BadInput, "a place for checkpoints has a name of %d bytes: at most %d are possible", len(p.name), maxPlaceName)
		}
		names[p.name] = true
	}
	return o, nil
}

// Run signs and keeps until ctx ends, and has nothing running when it returns.
func (o *Outside) Run(ctx context.Context) error {
	var running sync.WaitGroup
	defer running.Wait()
	for _, p := range o.places {
		running.Go(func() { p.run(ctx) })
	}
	ticks := time.NewTicker(o.opts.Interval)
	defer ticks.Stop()
	for {
		if err := o.tick(ctx); err != nil && ctx.Err() == nil {
			o.ledger.log.Warn("no checkpoint could be signed", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticks.C:
		}
	}
}

// tick signs a checkpoint when the ledger has grown, and offers it to every place.
func (o *Outside) tick(ctx context.Context) error {
	if now := o.ledger.now(); now.Sub(o.touched) >= touchEvery {
		if err := o.ledger.touchPlaces(ctx, o.places); err != nil {
			return err
		}
		o.touched = now
	}
	if _, size, err := o.ledger.LastRecorded(ctx); err != nil || size == 0 && o.offered == 0 {
		return err
	}
	c, err := o.ledger.Checkpoint(ctx) // the newest one, when nothing was added
	if err != nil || c.Size == o.offered {
		return err
	}
	o.offered = c.Size
	for _, p := range o.places {
		p.offer(c)
	}
	return nil
}

// place is a sink with the newest checkpoint that it has not got yet. An older one is superseded.
type place struct {
	outside *Outside
	sink    sink
	name    string
	offers  chan *Checkpoint
	failing bool
}

func (o *Outside) newPlace(s sink) *place {
	return &place{outside: o, sink: s, offers: make(chan *Checkpoint, 1)}
}

// offer replaces what waits. There is one caller.
func (p *place) offer(c *Checkpoint) {
	select {
	case <-p.offers:
	default:
	}
	p.offers <- c
}

func (p *place) run(ctx context.Context) {
	defer p.sink.close()
	for {
		select {
		case <-ctx.Done():
			return
		case c := <-p.offers:
			p.keep(ctx, c)
		}
	}
}

// keep tries until this checkpoint, or a newer one, is kept.
func (p *place) keep(ctx context.Context, c *Checkpoint) {
	for pause := p.outside.opts.Pause; ; pause = min(2*pause, longestPause) {
		err := p.sink.keep(ctx, c)
		if ctx.Err() != nil && err != nil {
			return
		}
		p.note(ctx, c, err)
		if err == nil {
			return
		}
		rest(ctx, pause)
		select {
		case c = <-p.offers:
		default:
		}
		if ctx.Err() != nil {
			return
		}
	}
}

// note logs a change and writes down how it went.
func (p *place) note(ctx context.Context, c *Checkpoint, err error) {
	log := p.outside.ledger.log
	if (err != nil) != p.failing {
		p.failing = err != nil
		if p.failing {
			log.Warn("a checkpoint could not be kept outside; trying again", "place", p.name, "size", c.Size, "error", err)
		} else {
			log.Info("checkpoints are kept outside again", "place", p.name, "size", c.Size)
		}
	}
	write := p.outside.ledger.noteKept
	if err != nil {
		write = p.outside.noteFailure(err)
	}
	if err := write(ctx, p.name, c); err != nil && ctx.Err() == nil {
		log.Warn("how a checkpoint was kept could not be written down", "place", p.name, "error", err)
	}
}

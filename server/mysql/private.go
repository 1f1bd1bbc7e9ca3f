package mysql

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/keytrail/keytrail/server/fault"
)

const (
	// startTimeout covers the recovery after a crash, which reads at most the redo log.
	startTimeout = 2 * time.Minute
	stopTimeout  = time.Minute
	pollInterval = 10 * time.Millisecond
)

// PrivateConfig says where and how keytrail runs a MariaDB of its own.
type PrivateConfig struct {
	// DataDir is keytrail's data directory. The database lies in its folder "mysql".
	DataDir string
	// BufferPoolBytes is the size of InnoDB's buffer pool; 0 means an eighth of the
	// memory that is there, 256 MiB to 4 GiB.
	BufferPoolBytes int64
	// RedoLogBytes is the size of InnoDB's log; 0 means half of the buffer pool, 128 MiB to 1 GiB.
	RedoLogBytes int64
	// Mariadbd is the path of the server program; empty searches the usual places.
	Mariadbd string
	// Logger receives what happens to the server; nil discards it.
	Logger *slog.Logger
}

func (c PrivateConfig) withDefaults() PrivateConfig {
	c.BufferPoolBytes = cmp.Or(c.BufferPoolBytes, defaultBufferPool())
	c.RedoLogBytes = cmp.Or(c.RedoLogBytes, redoLogFor(c.BufferPoolBytes))
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}

// Private is a MariaDB that keytrail runs for itself, on a unix socket that only its own user can reach.
type Private struct {
	cfg      PrivateConfig
	paths    paths
	accounts accounts
	lock     *os.File // held while this process owns the data directory; nil when attached
	inUse    *os.File // held, shared, while this process uses a server that another owns
	lends    bool     // whether Stop waits for others that use the server

	mu   sync.Mutex
	pid  int           // of the server that runs now
	done chan struct{} // closed when it ends unexpectedly

	stop     context.CancelFunc // has the supervisor end the server and return
	stopped  chan struct{}      // closed when it has
	patience context.Context    // ends when the server is to be killed instead of waited for
	force    context.CancelFunc // ends patience
}

// StartPrivate starts the private MariaDB of a data directory, and sets it up when it is new. A server that
// an earlier keytrail left behind is adopted. When the server ends unexpectedly it is started again, until Stop.
// A data directory that another keytrail uses is refused; a command that uses it is waited for.
func StartPrivate(ctx context.Context, c PrivateConfig) (*Private, error) {
	p, err := newPrivate(c)
	if err != nil {
		return nil, err
	}
	if err := p.lockAfterCommands(ctx); err != nil {
		return nil, err
	}
	return p.own(ctx)
}

// lockAfterCommands takes the data directory's lock. It waits for commands, which end soon, and for no other keytrail.
func (p *Private) lockAfterCommands(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		locked, err := p.tryLock()
		if locked || err != nil {
			return err
		}
		who, command := p.holder()
		if !command || sleep(ctx, 5*pollInterval) != nil {
			return fault.New(fault.Unavailable, "Another keytrail%s uses the data directory %s. "+
				"Stop it, or choose another directory with KEYTRAIL_DATA.", who, p.cfg.DataDir)
		}
	}
}

// AttachPrivate uses the private MariaDB of a data directory beside the keytrail that runs it. When none
// does, it starts the server itself, and its Stop waits for others that attached meanwhile.
func AttachPrivate(ctx context.Context, c PrivateConfig) (*Private, error) {
	p, err := newPrivate(c)
	if err != nil {
		return nil, err
	}
	p.lends = true
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		locked, err := p.tryLock()
		if err != nil {
			return nil, err
		}
		if locked {
			return p.own(ctx)
		}
		if p.attach(ctx) {
			return p, nil
		}
		if err := sleep(ctx, 5*pollInterval); err != nil {
			who, _ := p.holder()
			return nil, fault.Wrap(err, fault.Unavailable, "The database of the keytrail%s that uses %s does not answer. "+
				"See %s.", who, c.DataDir, p.paths.log)
		}
	}
}

func newPrivate(c PrivateConfig) (*Private, error) {
	if runtime.GOOS == "windows" {
		return nil, fault.New(fault.Unavailable, "On Windows keytrail cannot run a database of its own. "+
			"Install MariaDB (the MSI package) and name it with KEYTRAIL_DATABASE.")
	}
	c = c.withDefaults()
	paths, err := preparePaths(c.DataDir)
	if err != nil {
		return nil, err
	}
	return &Private{cfg: c, paths: paths, done: make(chan struct{})}, nil
}

// attach joins a server that another process owns, if it answers.
func (p *Private) attach(ctx context.Context) bool {
	accounts, err := readAccounts(p.paths.accounts)
	if err != nil {
		return false
	}
	p.accounts = accounts
	if ping(ctx, p.Config().Migrate) != nil {
		return false
	}
	p.inUse, err = lockShared(p.paths.inUse)
	return err == nil
}

// own runs the server of a data directory whose lock this process holds.
func (p *Private) own(ctx context.Context) (*Private, error) {
	if err := p.begin(ctx); err != nil {
		return nil, errors.Join(err, p.lock.Close())
	}
	return p, nil
}

func (p *Private) begin(ctx context.Context) (err error) {
	if p.paths, err = preparePaths(p.cfg.DataDir); err != nil { // again: the one that held the lock may have tidied up
		return err
	}
	program, err := findProgram(p.cfg.Mariadbd)
	if err != nil {
		return err
	}
	if p.accounts, err = ensureAccounts(p.paths.accounts); err != nil {
		return err
	}
	if err := initialise(ctx, program, p.paths, p.cfg); err != nil {
		return err
	}
	server, err := p.adoptOrStart(ctx, program)
	if err != nil {
		return err
	}
	var supervised context.Context
	supervised, p.stop = context.WithCancel(context.WithoutCancel(ctx))
	p.patience, p.force = context.WithCancel(context.WithoutCancel(ctx))
	p.stopped = make(chan struct{})
	go p.supervise(supervised, program, server)
	return nil
}

// Config gives the addresses of the accounts on the private server.
func (p *Private) Config() Config {
	c := Config{
		Serve:   p.accounts.Serve.dsn(p.paths.socket),
		Migrate: p.accounts.Migrate.dsn(p.paths.socket),
		Logger:  p.cfg.Logger,
	}
	if p.accounts.Retain.User != "" { // it is missing beside a server of an older keytrail
		c.Retain = p.accounts.Retain.dsn(p.paths.socket)
	}
	return c
}

// Done gives a channel that is closed when the server which runs now ends unexpectedly. It is started again
// by itself; ask again for the next one's channel.
func (p *Private) Done() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.done
}

// Pid gives the process id of the server that runs now, or ran last; 0 when another process owns it.
func (p *Private) Pid() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.pid
}

// Stop ends the server cleanly, and by force when ctx ends before it has. On a server that another process
// owns it only lets go. It may be called once.
func (p *Private) Stop(ctx context.Context) error {
	if p.lock == nil {
		return p.inUse.Close()
	}
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	if p.lends {
		waitUntilUnused(ctx, p.paths.inUse)
	}
	p.stop()
	return p.awaitStopped(ctx)
}

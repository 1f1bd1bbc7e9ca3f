package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/keytrail/keytrail/migrations"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

// store is a private database of a workload, with keytrail's tables and ledger.
type store struct {
	dir     string
	beside  bool // of a server, whose directory it is
	private *mysql.Private
	db      *mysql.DB
	sealer  *seal.Service
	ledger  *ledger.Ledger
	owner   *mysql.DB // owns the floors' tables; opened when one is made
	log     *slog.Logger
}

// ownerDB opens the database with the account that owns its tables.
func (s *store) ownerDB(ctx context.Context) (*mysql.DB, error) {
	if s.owner != nil {
		return s.owner, nil
	}
	config := s.private.Config()
	config.Serve = config.Migrate
	var err error
	s.owner, err = mysql.Open(ctx, config)
	return s.owner, err
}

// openStore starts a database on a fresh directory, with the durable settings that keytrail runs with.
func openStore(ctx context.Context) (*store, error) {
	dir, err := os.MkdirTemp("", "keytrail-bench-")
	if err != nil {
		return nil, err
	}
	s := &store{dir: dir, log: slog.New(slog.DiscardHandler)}
	if err := s.open(ctx); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *store) open(ctx context.Context) (err error) {
	s.private, err = mysql.StartPrivate(ctx, mysql.PrivateConfig{DataDir: s.dir, BufferPoolBytes: 1 << 30, Logger: s.log})
	if err != nil {
		return err
	}
	return s.connect(ctx)
}

// openBeside opens the database of a keytrail that runs.
func openBeside(ctx context.Context, dir string) (*store, error) {
	s := &store{dir: dir, beside: true, log: slog.New(slog.DiscardHandler)}
	var err error
	if s.private, err = mysql.AttachPrivate(ctx, mysql.PrivateConfig{DataDir: dir, Logger: s.log}); err == nil {
		err = s.connect(ctx)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// connect opens the database and a ledger on it.
func (s *store) connect(ctx context.Context) error {
	config := s.private.Config()
	config.Logger = s.log
	if err := mysql.Migrate(ctx, config, migrations.FS); err != nil {
		return err
	}
	var err error
	if s.db, err = mysql.Open(ctx, config); err != nil {
		return err
	}
	master, err := seal.OpenMaster(ctx, s.db, filepath.Join(s.dir, "master.key"))
	if err != nil {
		return err
	}
	if s.sealer, err = seal.New(s.db, master, time.Now); err != nil {
		return err
	}
	key, err := ledger.GenerateKey("bench.example")
	if err != nil {
		return err
	}
	s.ledger, err = ledger.New(s.db, s.sealer, ledger.Options{Origin: "bench.example", Key: key, Now: time.Now, Logger: s.log})
	return err
}

func (s *store) close() {
	if s.owner != nil {
		_ = s.owner.Close()
	}
	if s.db != nil {
		_ = s.db.Close()
	}
	if s.private != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		_ = s.private.Stop(ctx)
	}
	if !s.beside {
		_ = os.RemoveAll(s.dir)
	}
}

package mysql

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/keytrail/keytrail/server/fault"
)

const (
	versionTable = goose.DefaultTablename
	lockTable    = lock.DefaultLockTableName
)

// Migration says where one migration stands.
type Migration struct {
	Version   int64
	Name      string    // the file's name
	AppliedAt time.Time // zero while it is pending
}

// Migrate brings the schemas to the newest version in files with the owning account, makes them where they
// are missing, and grants the serving account what it needs and nothing else. In files, {main} and
// {ledger} stand for the two schemas. Several processes may migrate at once: one does it, the others wait.
func Migrate(ctx context.Context, c Config, files fs.FS) error {
	m, err := openMigrator(ctx, c, files)
	if err != nil {
		return err
	}
	defer m.close()
	if err := healVersionTable(ctx, m.owner); err != nil {
		return failedMigration(err)
	}
	if _, err := m.provider.Up(ctx); err != nil {
		return failedMigration(err)
	}
	return applyGrants(ctx, m.owner, c, m.schema)
}

// MigrateDown takes back the newest migration that was applied.
func MigrateDown(ctx context.Context, c Config, files fs.FS) error {
	m, err := openMigrator(ctx, c, files)
	if err != nil {
		return err
	}
	defer m.close()
	if _, err := m.provider.Down(ctx); err != nil {
		if errors.Is(err, goose.ErrNoNextVersion) {
			return fault.Wrap(err, fault.Conflict, "There is no migration to take back.")
		}
		return failedMigration(err)
	}
	return nil
}

// MigrationStatus lists all migrations in files, oldest first.
func MigrationStatus(ctx context.Context, c Config, files fs.FS) ([]Migration, error) {
	m, err := openMigrator(ctx, c, files)
	if err != nil {
		return nil, err
	}
	defer m.close()
	found, err := m.provider.Status(ctx)
	if err != nil {
		return nil, Fault(err)
	}
	list := make([]Migration, len(found))
	for i, s := range found {
		list[i] = Migration{Version: s.Source.Version, Name: s.Source.Path, AppliedAt: s.AppliedAt}
	}
	return list, nil
}

// CheckVersion refuses a schema that is older or newer than files.
func CheckVersion(ctx context.Context, db *DB, files fs.FS) error {
	newest, err := newestVersion(files)
	if err != nil {
		return err
	}
	var applied int64
	err = db.Get(ctx, &applied, "SELECT COALESCE(MAX(version_id), 0) FROM {main}."+versionTable)
	switch {
	case hasNumber(err, noSuchTable, tableDenied):
		return fault.Wrap(err, fault.Unavailable, "The schema %q holds no keytrail yet. Run `keytrail migrate up`.", db.Schema())
	case err != nil:
		return err
	case applied < newest:
		return fault.New(fault.Unavailable, "The schema %q is at version %d and this keytrail needs %d. Run `keytrail migrate up`.",
			db.Schema(), applied, newest)
	case applied > newest:
		return fault.New(fault.Unavailable, "The schema %q is at version %d, newer than the %d that this keytrail knows. "+
			"Run the newer keytrail that made it, or go back with its `keytrail migrate down`.", db.Schema(), applied, newest)
	}
	return nil
}

func newestVersion(files fs.FS) (int64, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return 0, err
	}
	var newest int64
	for _, name := range names {
		version, err := goose.NumericComponent(name)
		if err != nil {
			return 0, err
		}
		newest = max(newest, version)
	}
	return newest, nil
}

func failedMigration(err error) error {
	if IsGone(err) {
		return Fault(err)
	}
	return fault.Wrap(err, fault.Internal, "The migration did not succeed: %v. What was applied before it stays; "+
		"mend the cause and run `keytrail migrate up` again.", err)
}

// healVersionTable gives the table of versions its first row, when a kill came between the two: making a table
// commits by itself. For the same reason migrations make tables IF NOT EXISTS.
func healVersionTable(ctx context.Context, owner *sql.DB) error {
	_, err := owner.ExecContext(ctx, "INSERT INTO "+versionTable+" (version_id, is_applied)"+
		" SELECT 0, TRUE FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM "+versionTable+")")
	if hasNumber(err, noSuchTable) {
		return nil
	}
	return err
}

// migrator is goose at work on the main schema with the owning account.
type migrator struct {
	owner    *sql.DB
	schema   string
	provider *goose.Provider
}

func openMigrator(ctx context.Context, c Config, files fs.FS) (*migrator, error) {
	dsn := cmp.Or(c.Migrate, c.Serve)
	cfg, err := parseDSN(dsn)
	if err != nil {
		return nil, err
	}
	if err := ensureSchemas(ctx, c, dsn, cfg.DBName); err != nil {
		return nil, explainConnect(err, cfg)
	}
	owner, err := openPlain(dsn, cfg.DBName, c.logger())
	if err != nil {
		return nil, err
	}
	provider, err := newProvider(owner, cfg.DBName, c, files)
	if err != nil {
		return nil, errors.Join(err, owner.Close())
	}
	return &migrator{owner: owner, schema: cfg.DBName, provider: provider}, nil
}

func newProvider(owner *sql.DB, schema string, c Config, files fs.FS) (*goose.Provider, error) {
	locker, err := lock.NewMySQLTableLocker(
		lock.WithTableLogger(c.logger()),
		lock.WithTableLeaseDuration(10*time.Second), lock.WithTableHeartbeatInterval(2*time.Second),
		lock.WithTableLockTimeout(time.Second, 300), lock.WithTableUnlockTimeout(time.Second, 5))
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectMySQL, owner, templated{files, schemaReplacer(schema)},
		goose.WithLocker(locker), goose.WithDisableGlobalRegistry(true), goose.WithSlog(c.logger()))
}

func (m *migrator) close() { _ = m.owner.Close() }

// ensureSchemas makes the two schemas where they are missing, and gives empty ones the right collation.
func ensureSchemas(ctx context.Context, c Config, dsn, schema string) error {
	db, err := openPlain(dsn, "", c.logger())
	if err != nil {
		return err
	}
	defer db.Close()
	for _, name := range []string{schema, schema + ledgerSuffix} {
		if err := ensureSchema(ctx, db, name); err != nil {
			return err
		}
	}
	return nil
}

func ensureSchema(ctx context.Context, db *sql.DB, name string) error {
	var collation string
	err := db.QueryRowContext(ctx,
		"SELECT default_collation_name FROM information_schema.schemata WHERE schema_name = ?", name).Scan(&collation)
	verb := "ALTER DATABASE"
	switch {
	case errors.Is(err, sql.ErrNoRows):
		verb = "CREATE DATABASE IF NOT EXISTS"
	case err != nil:
		return err
	case collation == "utf8mb4_bin":
		return nil
	}
	if _, err := db.ExecContext(ctx, fmt.Sprintf("%s `%s` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", verb, name)); err != nil {
		return fault.Wrap(err, fault.Unavailable, "The account that migrates may not make the schema %q. "+
			"Make it yourself (CREATE DATABASE `%s` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin) or give the account the right to.", name, name)
	}
	return nil
}

// templated is a file system whose files have their placeholders filled in.
type templated struct {
	inner    fs.FS
	replacer *strings.Replacer
}

// Open implements fs.FS.
func (t templated) Open(name string) (fs.File, error) {
	f, err := t.inner.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		return f, err
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	return &filledFile{Reader: bytes.NewReader([]byte(t.replacer.Replace(string(text)))), info: info}, nil
}

// filledFile is a file of templated. Its info tells the size before filling in, which nobody asks for.
type filledFile struct {
	*bytes.Reader
	info fs.FileInfo
}

// Stat implements fs.File.
func (f *filledFile) Stat() (fs.FileInfo, error) { return f.info, nil }

// Close implements fs.File.
func (f *filledFile) Close() error { return nil }

package mysql

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"

	driver "github.com/go-sql-driver/mysql"
)

// ping asks the server at dsn for an answer, without choosing a schema.
func ping(ctx context.Context, dsn string) error {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	db, err := openPlain(dsn, "", slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	return errors.Join(db.PingContext(ctx), db.Close())
}

// openPlain opens a pool without kept statements and without a limit on how long one runs, for work that happens once.
func openPlain(dsn, schema string, logger *slog.Logger) (*sql.DB, error) {
	parsed, err := parseDSN(dsn)
	if err != nil {
		return nil, err
	}
	cfg, err := prepared(parsed, logger)
	if err != nil {
		return nil, err
	}
	cfg.DBName, cfg.ReadTimeout = schema, 0
	inner, err := driver.NewConnector(cfg)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(inner), nil
}

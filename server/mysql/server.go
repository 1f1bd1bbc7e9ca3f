package mysql

import (
	"context"
	"log/slog"
	"strconv"
	"strings"

	"github.com/keytrail/keytrail/server/fault"
)

// checkServer refuses a server that would not keep what keytrail promises.
func checkServer(ctx context.Context, db *DB, logger *slog.Logger) error {
	var v struct {
		Version  string `db:"version"`
		Flush    string `db:"flush"`
		TimeZone string `db:"time_zone"`
		Mode     string `db:"mode"`
	}
	err := db.Get(ctx, &v, `SELECT @@version AS version, @@innodb_flush_log_at_trx_commit AS flush,
		@@session.time_zone AS time_zone, @@session.sql_mode AS mode`)
	if err != nil {
		return err
	}
	if err := checkVersion(v.Version); err != nil {
		return err
	}
	db.compound = strings.Contains(v.Version, "MariaDB")
	if v.Flush != "1" {
		return fault.New(fault.Unavailable, "The database server may lose what it acknowledged: "+
			"innodb_flush_log_at_trx_commit is %s. Set it to 1.", v.Flush)
	}
	if v.TimeZone != "+00:00" || !strings.Contains(v.Mode, "STRICT_TRANS_TABLES") {
		return fault.New(fault.Unavailable, "The database server (or a proxy before it) ignores the session's settings: "+
			"time_zone is %q, sql_mode is %q. Connect to the server itself.", v.TimeZone, v.Mode)
	}
	if err := checkIsolation(ctx, db, v.Version); err != nil {
		return err
	}
	if err := checkCollation(ctx, db); err != nil {
		return err
	}
	return warnAboutBinlog(ctx, db, logger)
}

// checkVersion knows the texts "10.11.6-MariaDB-…", "8.0.36", "8.0.11-TiDB-v7.5.0".
func checkVersion(version string) error {
	if strings.Contains(version, "TiDB") {
		return nil
	}
	kind, major, minor := "MySQL", 8, 0
	if strings.Contains(version, "MariaDB") {
		kind, major, minor = "MariaDB", 10, 11
	}
	haveMajor, haveMinor := majorMinor(version)
	if haveMajor > major || haveMajor == major && haveMinor >= minor {
		return nil
	}
	return fault.New(fault.Unavailable, "The database server is %s, which is too old. keytrail needs %s %d.%d or newer.",
		version, kind, major, minor)
}

func majorMinor(version string) (major, minor int) {
	parts := strings.SplitN(version, ".", 3)
	major, _ = strconv.Atoi(parts[0])
	if len(parts) > 1 {
		minor, _ = strconv.Atoi(parts[1])
	}
	return major, minor
}

func checkIsolation(ctx context.Context, db *DB, version string) error {
	query := "SELECT @@session.transaction_isolation"
	if strings.Contains(version, "MariaDB") {
		query = "SELECT @@session.tx_isolation" // the other name came with 11.1
	}
	var isolation string
	if err := db.Get(ctx, &isolation, query); err != nil {
		return err
	}
	if isolation != "READ-COMMITTED" {
		return fault.New(fault.Unavailable, "The database server ignores the transaction isolation: "+
			"it is %s and must be READ-COMMITTED. Connect to the server itself, not through a proxy.", isolation)
	}
	return nil
}

func checkCollation(ctx context.Context, db *DB) error {
	var collation string
	err := db.Get(ctx, &collation, "SELECT @@collation_database")
	if err != nil {
		return err
	}
	if collation != "utf8mb4_bin" {
		return fault.New(fault.Unavailable, "The schema %q has the collation %s. "+
			"keytrail needs utf8mb4_bin: give it an empty schema and run `keytrail migrate up`.", db.Schema(), collation)
	}
	return nil
}

// warnAboutBinlog warns of the one setting that makes a crash of the host lose acknowledged
// transactions although InnoDB flushed them: a binary log that is not flushed.
func warnAboutBinlog(ctx context.Context, db *DB, logger *slog.Logger) error {
	var binlog, sync int
	if err := db.Get(ctx, &binlog, "SELECT @@global.log_bin"); err != nil || binlog == 0 {
		return nil //nolint:nilerr // TiDB may not know it, and without a binary log there is nothing to warn of
	}
	if err := db.Get(ctx, &sync, "SELECT @@global.sync_binlog"); err != nil {
		return err
	}
	if sync != 1 {
		logger.WarnContext(ctx, "the database server's binary log is not flushed at each commit: "+
			"a crash of its host can lose acknowledged changes; set sync_binlog = 1", "sync_binlog", sync)
	}
	return nil
}

package mysql

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/keytrail/keytrail/server/fault"
)

// What the serving account may do. Tables that are not listed here are derived or hold state, and change.
var (
	changing    = []string{"SELECT", "INSERT", "UPDATE", "DELETE"}
	readOnlyMay = []string{"SELECT"}
	ledgerMay   = map[string][]string{
		"entry":      {"SELECT", "INSERT"},
		"tile":       {"SELECT", "INSERT"},
		"checkpoint": {"SELECT", "INSERT"},
		"head":       {"SELECT", "UPDATE"},
	}
)

// table names a table with its schema.
type table struct{ schema, name string }

// privileges say what an account may do with which table.
type privileges map[table][]string

// applyGrants gives the account of c.Serve exactly what it needs. Where it owns the tables that is in vain, and is warned of.
func applyGrants(ctx context.Context, owner *sql.DB, c Config, schema string) error {
	serve, err := openPlain(c.Serve, "", c.logger())
	if err != nil {
		return err
	}
	defer serve.Close()
	account, err := currentAccount(ctx, serve)
	if err != nil {
		return explainServe(err, c)
	}
	ownerAccount, err := currentAccount(ctx, owner)
	if err != nil {
		return Fault(err)
	}
	if account == ownerAccount {
		c.logger().WarnContext(ctx, "one database account both serves and migrates, so grants do not keep the ledger append-only; "+
			"give keytrail a second account to migrate with", "account", account)
		return nil
	}
	if err := changeGrants(ctx, owner, serve, account, schema); err != nil {
		return err
	}
	return warnAboutBroadGrants(ctx, serve, c, account, schema)
}

func changeGrants(ctx context.Context, owner, serve *sql.DB, account, schema string) error {
	wanted, err := wantedPrivileges(ctx, owner, schema)
	if err != nil {
		return Fault(err)
	}
	held, err := heldPrivileges(ctx, serve, schema)
	if err != nil {
		return Fault(err)
	}
	for _, statement := range grantStatements(wanted, held, account) {
		_, err := owner.ExecContext(ctx, statement)
		if hasNumber(err, noSuchGrant, noSuchTableGrant) {
			continue // another process has just taken it away
		}
		if err != nil {
			return fault.Wrap(err, fault.Unavailable, "The account that migrates may not change what %s may do. "+
				"Give it all privileges on both schemas WITH GRANT OPTION.", account)
		}
	}
	return nil
}

// currentAccount gives the account of a connection as a grant names it: 'user'@'host'.
func currentAccount(ctx context.Context, db *sql.DB) (string, error) {
	var account string
	if err := db.QueryRowContext(ctx, "SELECT CURRENT_USER()").Scan(&account); err != nil {
		return "", err
	}
	at := strings.LastIndexByte(account, '@')
	return quoted(account[:at]) + "@" + quoted(account[at+1:]), nil
}

func quoted(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", "''").Replace(s) + "'"
}

func explainServe(err error, c Config) error {
	cfg, parseErr := parseDSN(c.Serve)
	if parseErr != nil {
		return parseErr
	}
	return explainConnect(err, cfg)
}

func wantedPrivileges(ctx context.Context, owner *sql.DB, schema string) (privileges, error) {
	tables, err := readPrivileges(ctx, owner, `SELECT table_schema, table_name, '' FROM information_schema.tables
		WHERE table_schema IN (?, ?) AND table_type = 'BASE TABLE'`, schema, schema+ledgerSuffix)
	if err != nil {
		return nil, err
	}
	wanted := privileges{}
	for t := range tables {
		if may := mayUse(t, schema); may != nil {
			wanted[t] = may
		}
	}
	return wanted, nil
}

func mayUse(t table, schema string) []string {
	switch {
	case t.schema != schema:
		return ledgerMay[t.name]
	case t.name == versionTable:
		return readOnlyMay // CheckVersion
	case t.name == lockTable:
		return nil
	}
	return changing
}

// heldPrivileges gives what the account that asks may do with single tables of the two schemas.
func heldPrivileges(ctx context.Context, serve *sql.DB, schema string) (privileges, error) {
	return readPrivileges(ctx, serve, `SELECT table_schema, table_name, privilege_type
		FROM information_schema.table_privileges WHERE table_schema IN (?, ?)`, schema, schema+ledgerSuffix)
}

func readPrivileges(ctx context.Context, db *sql.DB, query string, args ...any) (privileges, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := privileges{}
	for rows.Next() {
		var t table
		var privilege string
		if err := rows.Scan(&t.schema, &t.name, &privilege); err != nil {
			return nil, err
		}
		found[t] = append(found[t], privilege)
	}
	return found, rows.Err()
}

// grantStatements leads from what is held to what is wanted. It takes away first.
func grantStatements(wanted, held privileges, account string) []string {
	var revokes, grants []string
	for t, has := range held {
		if excess := without(has, wanted[t]); len(excess) > 0 {
			revokes = append(revokes, fmt.Sprintf("REVOKE %s ON `%s`.`%s` FROM %s", strings.Join(excess, ", "), t.schema, t.name, account))
		}
	}
	for t, may := range wanted {
		if missing := without(may, held[t]); len(missing) > 0 {
			grants = append(grants, fmt.Sprintf("GRANT %s ON `%s`.`%s` TO %s", strings.Join(missing, ", "), t.schema, t.name, account))
		}
	}
	slices.Sort(revokes)
	slices.Sort(grants)
	return append(revokes, grants...)
}

func without(all, some []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(p string) bool { return slices.Contains(some, p) || p == "USAGE" })
}

// warnAboutBroadGrants warns when the serving account may change the ledger because of what it was granted
// on a whole schema or server. Taking that away is not keytrail's to do.
func warnAboutBroadGrants(ctx context.Context, serve *sql.DB, c Config, account, schema string) error {
	var n int
	err := serve.QueryRowContext(ctx, `SELECT
		(SELECT COUNT(*) FROM information_schema.schema_privileges
		  WHERE privilege_type IN ('UPDATE', 'DELETE', 'DROP', 'ALTER') AND ? LIKE table_schema) +
		(SELECT COUNT(*) FROM information_schema.user_privileges
		  WHERE privilege_type IN ('UPDATE', 'DELETE', 'DROP', 'ALTER', 'SUPER'))`, schema+ledgerSuffix).Scan(&n)
	if err != nil {
		return Fault(err)
	}
	if n > 0 {
		c.logger().WarnContext(ctx, "the serving account was granted more than keytrail gave it, so grants do not keep the ledger append-only; "+
			"revoke what it holds on the whole schema or server", "account", account)
	}
	return nil
}

package mysql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/keytrail/keytrail/server/fault"
)

// role is an account with what it may do. What is not listed it may not touch.
type role struct {
	// variable names the setting that holds the account's address.
	variable string
	dsn      string
	ledger   map[string][]string // by table of the ledger's schema
	main     map[string][]string // by table of the main schema
	others   []string            // for all other tables of the main schema
}

// roles gives the accounts that are granted what they need, as far as there are any.
func roles(c Config) []role {
	all := []role{serving(c.Serve)}
	if c.Retain != "" {
		all = append(all, retaining(c.Retain))
	}
	return all
}

// serving may add to the ledger. Tables of the main schema that are not listed are derived or hold state, and change.
func serving(dsn string) role {
	return role{
		variable: "KEYTRAIL_DATABASE", dsn: dsn,
		ledger: map[string][]string{
			"entry":       {"SELECT", "INSERT"},
			"tile":        {"SELECT", "INSERT"},
			"checkpoint":  {"SELECT", "INSERT"},
			"head":        {"SELECT", "UPDATE"},
			"pruned_leaf": {"SELECT"},
		},
		main: map[string][]string{
			versionTable: {"SELECT"}, // CheckVersion
			lockTable:    nil,
		},
		others: []string{"SELECT", "INSERT", "UPDATE", "DELETE"},
	}
}

// retaining may delete entries and what is derived from them, and can neither add nor change one.
func retaining(dsn string) role {
	return role{
		variable: "KEYTRAIL_DATABASE_RETENTION", dsn: dsn,
		ledger: map[string][]string{
			"entry":       {"SELECT", "DELETE"},
			"tile":        {"SELECT"},
			"checkpoint":  {"SELECT"},
			"head":        {"SELECT"},
			"pruned_leaf": {"SELECT", "INSERT"},
		},
		main: map[string][]string{
			versionTable:   {"SELECT"},
			"entry_index":  {"SELECT", "DELETE"},
			"entry_ip":     {"SELECT", "DELETE"},
			"entry_ref":    {"SELECT", "DELETE"},
			"entry_object": {"SELECT", "DELETE"},
			"entry_word":   {"SELECT", "DELETE"},
			"entry_review": {"SELECT", "DELETE"},
			"entry_count":  {"SELECT", "UPDATE", "DELETE"},
			"ledger_task":  {"SELECT", "UPDATE", "DELETE"},
		},
	}
}

func (r role) may(t table, schema string) []string {
	if t.schema != schema {
		return r.ledger[t.name]
	}
	if may, listed := r.main[t.name]; listed {
		return may
	}
	return r.others
}

// table names a table with its schema.
type table struct{ schema, name string }

// privileges say what an account may do with which table.
type privileges map[table][]string

// applyGrants gives each account exactly what it needs. Where one owns the tables that is in vain, and is warned of.
func applyGrants(ctx context.Context, owner *sql.DB, c Config, schema string) error {
	ownerAccount, err := currentAccount(ctx, owner)
	if err != nil {
		return Fault(err)
	}
	var settled []string
	for _, r := range roles(c) {
		db, err := openPlain(r.dsn, "", c.logger())
		if err != nil {
			return err
		}
		account, err := currentAccount(ctx, db)
		switch {
		case err != nil:
			err = explainAccount(err, r)
		case account == ownerAccount:
			c.logger().WarnContext(ctx, "the account that migrates is used for more, so grants do not keep the ledger append-only; "+
				"give keytrail a second account to migrate with", "account", account, "setting", r.variable)
		case slices.Contains(settled, account):
			err = fault.New(fault.BadInput, "%s names the account %s, which has another use already: give keytrail an account for each.",
				r.variable, account)
		default:
			settled = append(settled, account)
			err = grantRole(ctx, owner, db, r, account, c, schema)
		}
		if err := errors.Join(err, db.Close()); err != nil {
			return err
		}
	}
	return nil
}

func grantRole(ctx context.Context, owner, db *sql.DB, r role, account string, c Config, schema string) error {
	if err := changeGrants(ctx, owner, db, r, account, schema); err != nil {
		return err
	}
	return warnAboutBroadGrants(ctx, db, c, account, schema)
}

func changeGrants(ctx context.Context, owner, db *sql.DB, r role, account, schema string) error {
	wanted, err := wantedPrivileges(ctx, owner, r, schema)
	if err != nil {
		return Fault(err)
	}
	held, err := heldPrivileges(ctx, db, schema)
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

func explainAccount(err error, r role) error {
	cfg, parseErr := parseDSN(r.dsn)
	if parseErr != nil {
		return parseErr
	}
	return explainConnect(err, cfg)
}

func wantedPrivileges(ctx context.Context, owner *sql.DB, r role, schema string) (privileges, error) {
	tables, err := readPrivileges(ctx, owner, `SELECT table_schema, table_name, '' FROM information_schema.tables
		WHERE table_schema IN (?, ?) AND table_type = 'BASE TABLE'`, schema, schema+ledgerSuffix)
	if err != nil {
		return nil, err
	}
	wanted := privileges{}
	for t := range tables {
		if may := r.may(t, schema); may != nil {
			wanted[t] = may
		}
	}
	return wanted, nil
}

// heldPrivileges gives what the account that asks may do with single tables of the two schemas.
func heldPrivileges(ctx context.Context, db *sql.DB, schema string) (privileges, error) {
	return readPrivileges(ctx, db, `SELECT table_schema, table_name, privilege_type
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

// warnAboutBroadGrants warns when an account may change the ledger because of what it was granted
// on a whole schema or server. Taking that away is not keytrail's to do.
func warnAboutBroadGrants(ctx context.Context, db *sql.DB, c Config, account, schema string) error {
	var n int
	err := db.QueryRowContext(ctx, `SELECT
		(SELECT COUNT(*) FROM information_schema.schema_privileges
		  WHERE privilege_type IN ('UPDATE', 'DELETE', 'DROP', 'ALTER') AND ? LIKE table_schema) +
		(SELECT COUNT(*) FROM information_schema.user_privileges
		  WHERE privilege_type IN ('UPDATE', 'DELETE', 'DROP', 'ALTER', 'SUPER'))`, schema+ledgerSuffix).Scan(&n)
	if err != nil {
		return Fault(err)
	}
	if n > 0 {
		c.logger().WarnContext(ctx, "a database account was granted more than keytrail gave it, so grants do not keep the ledger append-only; "+
			"revoke what it holds on the whole schema or server", "account", account)
	}
	return nil
}

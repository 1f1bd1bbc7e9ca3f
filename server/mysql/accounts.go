package mysql

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// account is a user of the private server.
type account struct {
	User     string `json:"user"`
	Password string `json:"password"`
}

// accounts are kept in database.json.
type accounts struct {
	Serve   account `json:"serve"`
	Migrate account `json:"migrate"`
	// Retain is missing in the file of a keytrail that could not prune yet.
	Retain account `json:"retain,omitzero"`
}

func (a account) dsn(socket string) string {
	return socketDSN(a.User, a.Password, socket, "keytrail")
}

func readAccounts(path string) (accounts, error) {
	var a accounts
	text, err := os.ReadFile(path)
	if err != nil {
		return a, err
	}
	if err := json.Unmarshal(text, &a); err != nil || a.Serve.User == "" || a.Migrate.User == "" {
		return a, errNoAccounts
	}
	return a, nil
}

// errNoAccounts is the error of a file that a crash of the machine left half written.
var errNoAccounts = errors.New("the file holds no accounts")

// ensureAccounts reads the accounts, and makes up those that are missing: each start of the server makes them as they should be.
func ensureAccounts(path string) (accounts, error) {
	a, err := readAccounts(path)
	switch {
	case err == nil && a.Retain.User != "":
		return a, nil
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, errNoAccounts):
		a = accounts{
			Serve:   account{User: "keytrail_serve", Password: rand.Text()},
			Migrate: account{User: "keytrail_migrate", Password: rand.Text()},
		}
	case err != nil:
		return a, unwritable(filepath.Dir(path), err)
	}
	a.Retain = account{User: "keytrail_retain", Password: rand.Text()}
	return a, writeAccounts(path, a)
}

func writeAccounts(path string, a accounts) error {
	text, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		return err
	}
	temporary := path + ".new"
	if err := os.WriteFile(temporary, text, 0o600); err != nil {
		return unwritable(filepath.Dir(path), err)
	}
	if err := os.Rename(temporary, path); err != nil {
		return unwritable(filepath.Dir(path), err)
	}
	return nil
}

// accountsScript makes the accounts as they should be. The server reads it before it listens, a statement a line.
func accountsScript(a accounts) string {
	var s strings.Builder
	for _, account := range []account{a.Serve, a.Migrate, a.Retain} {
		fmt.Fprintf(&s, "CREATE USER IF NOT EXISTS %s@localhost;\n", quoted(account.User))
		fmt.Fprintf(&s, "ALTER USER %s@localhost IDENTIFIED BY %s;\n", quoted(account.User), quoted(account.Password))
	}
	for _, schema := range []string{"keytrail", `keytrail\_%`} {
		fmt.Fprintf(&s, "GRANT ALL ON `%s`.* TO %s@localhost WITH GRANT OPTION;\n", schema, quoted(a.Migrate.User))
	}
	return s.String()
}

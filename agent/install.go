package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/keytrail/keytrail/agent/logon"
	"github.com/keytrail/keytrail/agent/settings"
)

type installCommand struct {
	Endpoint  string `help:"The server's address, such as https://keytrail.example/api/report. Without it, config.env says it." placeholder:"ADDRESS"`
	TokenFile string `help:"File with this workstation's token; - reads it from standard input." placeholder:"FILE"`
}

// Run stores what was given, checks that the agent could run with it, and registers it.
func (c installCommand) Run(p program) error {
	dir, err := settings.StateDir(p.env)
	if err != nil {
		return err
	}
	files := settings.ConfigFiles(p.env)
	s, err := settings.Load(files, c.before(p.env))
	if err != nil {
		return err
	}
	if c.Endpoint != "" {
		if err := writeConfig(files[0], c.Endpoint); err != nil {
			return err
		}
	}
	if c.TokenFile != "" {
		if err := c.storeToken(p, dir); err != nil {
			return err
		}
	}
	if _, err := settings.Token(dir); err != nil {
		return err
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	where, err := logon.Install(program)
	if err != nil {
		return fmt.Errorf("register the agent: %w", err)
	}
	_, err = fmt.Fprintf(p.out, "From the next logon on, %s reports to %s (registered in %s).\nIt tells its user:\n\n%s\n\n"+
		"To begin at once: keytrail-agent run\n", s.Workstation, s.Endpoint.Host, where, s.Notice)
	return err
}

// before puts the address that was given before the environment's.
func (c installCommand) before(env func(string) string) func(string) string {
	return func(name string) string {
		if name == "API_ENDPOINT" && c.Endpoint != "" {
			return c.Endpoint
		}
		return env(name)
	}
}

func (c installCommand) storeToken(p program, dir string) error {
	in := p.in
	if c.TokenFile != "-" {
		file, err := os.Open(c.TokenFile)
		if err != nil {
			return err
		}
		defer file.Close()
		in = file
	}
	token, err := io.ReadAll(io.LimitReader(in, 4096))
	if err != nil {
		return err
	}
	return settings.StoreToken(dir, token)
}

// writeConfig leaves a file alone that somebody wrote.
func writeConfig(name, endpoint string) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is there already: change API_ENDPOINT in it, and leave --endpoint out", name)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(file, "API_ENDPOINT=%s\n", endpoint)
	return errors.Join(err, file.Close())
}

type uninstallCommand struct{}

// Run takes back what install did, except for the settings. A running agent goes on until logging off.
func (uninstallCommand) Run(p program) error {
	dir, err := settings.StateDir(p.env)
	if err != nil {
		return err
	}
	if err := logon.Uninstall(); err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(dir, "token")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	_, err = fmt.Fprintln(p.out, "The agent runs at logon no more. Log off, or end it, to stop the one that runs.")
	return err
}

package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/keytrail/keytrail/graph"
	"github.com/keytrail/keytrail/migrations"
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/config"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/signin"
)

type schemaCommand struct{}

// Run prints the schema.
func (schemaCommand) Run(p program) error {
	_, err := fmt.Fprint(p.out, graph.SDL())
	return err
}

type migrateCommand struct {
	Up     migrateUp     `cmd:"" help:"Apply every migration that is missing."`
	Down   migrateDown   `cmd:"" help:"Take back the newest migration."`
	Status migrateStatus `cmd:"" help:"List the migrations."`
}

type (
	migrateUp struct {
		config.Store `embed:""`
	}
	migrateDown struct {
		config.Store `embed:""`
	}
	migrateStatus struct {
		config.Store `embed:""`
	}
)

// Run applies what is missing.
func (c migrateUp) Run(p program) error {
	return withDatabase(p, c.Store, func(access mysql.Config) error {
		return mysql.Migrate(p.ctx, access, migrations.FS)
	})
}

// Run takes the newest migration back.
func (c migrateDown) Run(p program) error {
	return withDatabase(p, c.Store, func(access mysql.Config) error {
		return mysql.MigrateDown(p.ctx, access, migrations.FS)
	})
}

// Run lists the migrations.
func (c migrateStatus) Run(p program) error {
	return withDatabase(p, c.Store, func(access mysql.Config) error {
		list, err := mysql.MigrationStatus(p.ctx, access, migrations.FS)
		for _, m := range list {
			applied := "pending"
			if !m.AppliedAt.IsZero() {
				applied = m.AppliedAt.UTC().Format(time.RFC3339)
			}
			fmt.Fprintf(p.out, "%05d  %-20s  %s\n", m.Version, applied, m.Name)
		}
		return err
	})
}

// withDatabase gives a command the accounts of the database, the private one running.
func withDatabase(p program, c config.Store, do func(mysql.Config) error) (err error) {
	if err := c.Validate(); err != nil {
		return err
	}
	if !c.Private() {
		return do(databaseAccess(c, nil, p.log))
	}
	private, err := mysql.AttachPrivate(p.ctx, privateConfig(c, p.log))
	if err != nil {
		return err
	}
	opened := &store{private: private, log: p.log}
	defer func() { err = errors.Join(err, opened.close()) }()
	return do(databaseAccess(c, private, p.log))
}

type adminCommand struct {
	CreateAccount createAccountCommand `cmd:"" help:"Give somebody an account with a one-time password."`
	ResetPassword resetPasswordCommand `cmd:"" help:"Give an account a new one-time password."`
	CreateToken   createTokenCommand   `cmd:"" help:"Make a token with which a program calls, and print it once."`
}

type createAccountCommand struct {
	config.Store `embed:""`
	Username     string   `arg:"" help:"The name to sign in with."`
	Name         string   `help:"The person's name." required:""`
	Department   string   `help:"The person's department; made when it is new."`
	Roles        []string `help:"Roles: admin, custodian, manager, auditor, member." required:""`
}

// Run makes a person with an account, both or neither.
func (c createAccountCommand) Run(p program) error {
	return withAccounts(p, c.Store, func(s *services) error {
		_, oneTime, err := s.signin.CreateNewcomer(p.ctx,
			people.CreateInput{Name: c.Name, Department: c.Department},
			signin.CreateAccountInput{Username: c.Username, Roles: c.Roles, MustChange: true})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.out, "%s signs in with the one-time password %s\n", c.Username, oneTime)
		return err
	})
}

type resetPasswordCommand struct {
	config.Store `embed:""`
	Username     string `arg:"" help:"The name to sign in with."`
}

// Run sets a new one-time password.
func (c resetPasswordCommand) Run(p program) error {
	return withAccounts(p, c.Store, func(s *services) error {
		oneTime, err := s.signin.ResetPassword(p.ctx, access.System(), signin.ResetPasswordInput{Username: c.Username})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.out, "%s signs in with the one-time password %s\n", c.Username, oneTime)
		return errors.Join(err, c.forgetFirstPassword())
	})
}

// forgetFirstPassword removes the file with root's first password once it is worth nothing.
func (c resetPasswordCommand) forgetFirstPassword() error {
	if !signin.IsRoot(c.Username) {
		return nil
	}
	path := c.RootPasswordPath()
	if err := removeIfThere(path); err != nil {
		return fault.Wrap(err, fault.Unavailable, "The password was set, and %s, which holds an old one, could not be removed: %v.", path, err)
	}
	return nil
}

// withAccounts gives a command the services that accounts need, beside a server or without one.
func withAccounts(p program, c config.Store, do func(*services) error) error {
	return withCore(p, c, func(s *services) (err error) {
		s.signin, err = signin.New(p.ctx, s.db, s.seal, s.ledger, s.access, s.people, signin.Config{}, time.Now, p.log)
		if err != nil {
			return err
		}
		return do(s)
	})
}

// withCore gives a command what every service stands on, beside a server or without one.
func withCore(p program, c config.Store, do func(*services) error) (err error) {
	if err := c.Validate(); err != nil {
		return err
	}
	opened, err := openBeside(p.ctx, c, p.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.close()) }()
	s, err := newCore(p.ctx, opened.db, c, p.log)
	if err != nil {
		return err
	}
	return do(s)
}

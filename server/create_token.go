package main

import (
	"fmt"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/config"
	"github.com/keytrail/keytrail/server/tokens"
)

type createTokenCommand struct {
	config.Store `embed:""`
	Name         string        `arg:"" help:"Which program it is for; stored in plain, so name nobody."`
	Role         string        `help:"integrator (sends and sees what is of its own source), screen (shows keys) or workstation (reports work of one machine)." enum:"integrator,screen,workstation" required:""`
	Source       string        `help:"The program whose entries it makes and sees; made from the name when absent."`
	Networks     []string      `help:"Addresses and blocks such as 10.0.0.0/8 from which alone it may be used; any when absent."`
	Expires      time.Duration `help:"After what time it ends, such as 8760h; never when absent."`
}

// Run makes a token and prints it on a line of its own, so that a script can keep it.
func (c createTokenCommand) Run(p program) error {
	return withCore(p, c.Store, func(s *services) (err error) {
		if s.tokens, err = tokens.New(s.db, s.seal, s.ledger, s.access, time.Now, p.log); err != nil {
			return err
		}
		secret, made, err := s.tokens.Create(p.ctx, access.System(), c.input(time.Now()))
		if err != nil {
			return err
		}
		p.log.Info("a token was made; it is printed once", "name", made.Name, "role", made.Role, "source", made.Source)
		_, err = fmt.Fprintln(p.out, secret)
		return err
	})
}

func (c createTokenCommand) input(now time.Time) tokens.CreateInput {
	in := tokens.CreateInput{Name: c.Name, Role: c.Role, Source: c.Source, Networks: c.Networks}
	if c.Expires != 0 {
		at := now.Add(c.Expires)
		in.ExpiresAt = &at
	}
	return in
}

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/keytrail/keytrail/agent/lock"
	"github.com/keytrail/keytrail/agent/settings"
)

// status is what the agent leaves in status.json for its person. Times are UTC.
type status struct {
	Version     string        `json:"version"`
	User        string        `json:"user"`
	Workstation string        `json:"workstation"`
	Server      string        `json:"server"`
	Sees        string        `json:"sees"`
	Working     bool          `json:"working"`
	Since       time.Time     `json:"since"`
	Written     time.Time     `json:"written"`
	Waiting     int           `json:"waiting"`
	Delivered   int           `json:"delivered"` // in this run
	Last        time.Time     `json:"last"`      // delivery
	Refused     int           `json:"refused"`
	Lost        int           `json:"lost"`
	ClockOff    time.Duration `json:"clockOff"` // how far this machine's clock is ahead
	Problem     string        `json:"problem"`
	Notice      string        `json:"notice"`
}

func statusFile(dir string) string { return filepath.Join(dir, "status.json") }

func (s *status) write(dir string) error {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	name := statusFile(dir)
	if err := os.WriteFile(name+"~", append(text, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(name+"~", name)
}

type statusCommand struct {
	JSON bool `help:"Print the file that the agent writes."`
}

// Run prints the status, and fails when no agent runs.
func (c statusCommand) Run(p program) error {
	dir, err := settings.StateDir(p.env)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(statusFile(dir))
	if errors.Is(err, os.ErrNotExist) {
		return errors.New("the agent has never run for this person: keytrail-agent install")
	}
	if err != nil {
		return err
	}
	var s status
	if err := json.Unmarshal(text, &s); err != nil {
		return fmt.Errorf("%s can't be read: %w", statusFile(dir), err)
	}
	if c.JSON {
		_, err = p.out.Write(text)
	} else {
		s.print(p)
	}
	held, taken := lock.Take(dir)
	if taken == nil {
		return errors.Join(err, held.Close(), errors.New("no agent runs now; the above is from its last run"))
	}
	return err
}

func (s *status) print(p program) {
	state := "stopped"
	if s.Working {
		state = "working"
	}
	line := func(what, text string) { fmt.Fprintf(p.out, "%-11s %s\n", what, text) }
	local := func(t time.Time) string {
		if t.IsZero() {
			return "never"
		}
		return t.Local().Format("2006-01-02 15:04:05")
	}
	line("State", state+" since "+local(s.Since))
	line("Seen at", local(s.Written)+" by "+s.Sees)
	line("Sent as", s.User+" at "+s.Workstation+" to "+s.Server)
	line("Delivered", fmt.Sprintf("%d in this run, last %s", s.Delivered, local(s.Last)))
	line("Waiting", fmt.Sprint(s.Waiting))
	if s.Refused+s.Lost > 0 {
		line("Missing", fmt.Sprintf("%d refused by the server, %d lost since too many waited", s.Refused, s.Lost))
	}
	if off := s.ClockOff.Round(time.Second); off.Abs() > 5*time.Second {
		line("Clock", fmt.Sprintf("this computer's clock is %v off; reports are dated without it", off))
	}
	if s.Problem != "" {
		line("Problem", s.Problem)
	}
	fmt.Fprintf(p.out, "\n%s\n", s.Notice)
}

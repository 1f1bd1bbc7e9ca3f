// Package settings reads config.env, the environment and the token, and says where the agent keeps its files.
package settings

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/keytrail/keytrail/agent/presence"
)

// Settings are how the agent runs. Load gives valid ones.
type Settings struct {
	Endpoint    *url.URL
	Rules       presence.Rules
	User        string
	Workstation string
	Notice      string // what its user is told before the first report
	CAFile      string // certificates that vouch for the server besides the system's, or ""
}

// names are the variables of config.env; those of the environment, with the same names, come before them.
const (
	nameEndpoint    = "API_ENDPOINT"
	nameIdle        = "IDLE_THRESHOLD_MINUTES"
	namePoll        = "POLL_INTERVAL_SECONDS"
	nameRepeat      = "REPORT_INTERVAL_MINUTES"
	nameUser        = "WORK_USER"
	nameWorkstation = "WORKSTATION_NAME"
	namePurpose     = "WORK_HOURS_PURPOSE"
	nameNotice      = "NOTICE"
	nameCAFile      = "CA_FILE"
	namePlainHTTP   = "ALLOW_PLAIN_HTTP"
)

const (
	maxFile = 64 << 10
	maxText = 2000
)

// Load reads the first of files that exists, and env, which comes before it. Errors name the variable and say what
// it must be.
func Load(files []string, env func(string) string) (*Settings, error) {
	values, err := firstFile(files)
	if err != nil {
		return nil, err
	}
	value := func(name, otherwise string) string {
		for _, v := range []string{env(name), values[name]} {
			if v != "" {
				return v
			}
		}
		return otherwise
	}
	s := &Settings{
		User: value(nameUser, thisUser()), Workstation: value(nameWorkstation, thisWorkstation()),
		CAFile: value(nameCAFile, ""),
	}
	if s.Endpoint, err = endpoint(value(nameEndpoint, ""), value(namePlainHTTP, "") == "yes"); err != nil {
		return nil, fmt.Errorf("%w (looked in the environment and in %s)", err, strings.Join(files, ", "))
	}
	for _, d := range []struct {
		name, otherwise string
		unit            time.Duration
		to              *time.Duration
		least, most     time.Duration
	}{
		{nameIdle, "10", time.Minute, &s.Rules.IdleAfter, time.Second, 4 * time.Hour},
		{namePoll, "60", time.Second, &s.Rules.Poll, 100 * time.Millisecond, 10 * time.Minute},
		{nameRepeat, "1", time.Minute, &s.Rules.Repeat, 100 * time.Millisecond, time.Hour},
	} {
		if *d.to, err = duration(value(d.name, d.otherwise), d.unit, d.least, d.most); err != nil {
			return nil, fmt.Errorf("%s %w", d.name, err)
		}
	}
	s.Notice = notice(value(nameNotice, ""), value(namePurpose, ""), s)
	switch {
	case s.User == "":
		return nil, fmt.Errorf("set %s: the system doesn't say who is logged on", nameUser)
	case s.Workstation == "":
		return nil, fmt.Errorf("set %s: the system doesn't say what this computer is called", nameWorkstation)
	case len(s.Notice) > 2*maxText:
		return nil, fmt.Errorf("%s and %s may have at most %d bytes together", nameNotice, namePurpose, maxText)
	}
	return s, nil
}

// endpoint takes https, and http only where nobody listens on the way: on this machine, or where somebody said so.
func endpoint(text string, plain bool) (*url.URL, error) {
	if text == "" {
		return nil, fmt.Errorf("set %s to the server's address, such as https://keytrail.example/api/report", nameEndpoint)
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return nil, fmt.Errorf("%s must be an address such as https://keytrail.example/api/report, without a name or password in it", nameEndpoint)
	}
	ip := net.ParseIP(u.Hostname())
	local := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	if u.Scheme == "http" && !local && !plain {
		return nil, fmt.Errorf("%s must begin with https:// so that nobody on the way reads the token; %s=yes allows http", nameEndpoint, namePlainHTTP)
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = "/api/report"
	}
	return u, nil
}

// duration reads a positive number of units. Fractions go to the nearest hundredth of a second.
func duration(text string, unit, least, most time.Duration) (time.Duration, error) {
	number, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(number) || number*float64(unit) < float64(least) || number*float64(unit) > float64(most) {
		return 0, fmt.Errorf("must be a number from %g to %g", float64(least)/float64(unit), float64(most)/float64(unit))
	}
	return time.Duration(number * float64(unit)).Round(10 * time.Millisecond), nil
}

func firstFile(files []string) (map[string]string, error) {
	for _, name := range files {
		file, err := os.Open(name)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		values, err := parse(io.LimitReader(file, maxFile))
		file.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return values, nil
	}
	return nil, nil
}

// parse reads NAME=value lines: # begins a comment line, quotes around a value go, and so does a byte order mark.
func parse(in io.Reader) (map[string]string, error) {
	values := map[string]string{}
	lines := bufio.NewScanner(in)
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, found := strings.Cut(line, "=")
		if !found {
			return nil, fmt.Errorf("line %d must be NAME=value", number)
		}
		value = strings.TrimSpace(value)
		if len(value) >= 2 && (value[0] == '"' || value[0] == '\'') && value[len(value)-1] == value[0] {
			value = value[1 : len(value)-1]
		}
		values[strings.TrimSpace(strings.TrimPrefix(name, "export "))] = value
	}
	return values, lines.Err()
}

// notice is what the person is told: text if the operator wrote one, and otherwise what the agent does and why.
func notice(text, purpose string, s *Settings) string {
	if text != "" {
		return text
	}
	if purpose == "" {
		purpose = "as your employer has told you"
	}
	return fmt.Sprintf("Work time is recorded on this computer: when you work and when you stop, with your user name (%s) "+
		"and the computer's name (%s), sent to %s. Nothing else is: no keys, no windows, no screens, no places.\n"+
		"Why: %s.\nPauses of less than %s count as work; locking the computer ends it at once. "+
		"\"keytrail-agent status\" shows what is sent, and in keytrail you see everything that is kept about you.",
		s.User, s.Workstation, s.Endpoint.Host, strings.TrimSuffix(purpose, "."), words(s.Rules.IdleAfter))
}

func words(d time.Duration) string {
	if d < time.Minute {
		return fmt.Sprintf("%g seconds", d.Seconds())
	}
	return fmt.Sprintf("%g minutes", d.Minutes())
}

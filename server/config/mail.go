package config

import (
	"net/mail"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// Alerts says when what the clock finds becomes urgent, and by which server e-mail goes. Without a server none is sent.
type Alerts struct {
	AlertEscalateMinutes int      `help:"Minutes after its due time at which an overdue key becomes a warning." default:"60" env:"KEYTRAIL_ALERT_ESCALATE_MINUTES"`
	AlertDiskPercent     int      `help:"Percent of the disk with the data directory that is free, below which an alert is raised. 0 raises none." default:"5" env:"KEYTRAIL_ALERT_DISK_PERCENT"`
	AlertMail            []string `help:"Addresses that are written to when an alert about keys becomes a warning or critical, with commas between them." env:"KEYTRAIL_ALERT_MAIL"`
	AlertMailLanguage    string   `help:"Language of what is written to them: en or lv." default:"en" enum:"en,lv" env:"KEYTRAIL_ALERT_MAIL_LANGUAGE"`
	ReminderMinutes      int      `help:"Minutes before its due time at which the holder of a key is reminded, where it was issued for more than 2 hours. 0 reminds only when it is overdue." default:"30" env:"KEYTRAIL_REMINDER_MINUTES"`
	SMTPURL              string   `name:"smtp-url" help:"Server that e-mail goes by: smtp://user:password@host:587 (STARTTLS, which may be missing only on this machine) or smtps://user:password@host:465. Empty sends none." env:"KEYTRAIL_SMTP_URL"`
	SMTPPasswordFile     string   `name:"smtp-password-file" help:"File with the password of the user in KEYTRAIL_SMTP_URL, in place of one in the address." env:"KEYTRAIL_SMTP_PASSWORD_FILE" type:"path"`
	SMTPFrom             string   `name:"smtp-from" help:"Sender of e-mail, such as Keys <keys@example.org>." env:"KEYTRAIL_SMTP_FROM"`
}

const (
	maxEscalate  = 24*60 - 1
	maxReminder  = 24 * 60
	maxAlertMail = 20
	maxDiskFree  = 50
)

// SMTP is a server that e-mail goes by; Host is "" for none.
type SMTP struct {
	Host               string
	Port               int
	Username, Password string
	// ImplicitTLS is TLS from the first byte, and Loopback a server on this machine.
	ImplicitTLS, Loopback bool
}

// Validate checks the settings. It never repeats an address, which may hold a password.
func (a Alerts) Validate() error {
	if a.AlertEscalateMinutes < 1 || a.AlertEscalateMinutes > maxEscalate {
		return invalid("KEYTRAIL_ALERT_ESCALATE_MINUTES", "is %d: write 1 to %d", a.AlertEscalateMinutes, maxEscalate)
	}
	if a.AlertDiskPercent < 0 || a.AlertDiskPercent > maxDiskFree {
		return invalid("KEYTRAIL_ALERT_DISK_PERCENT", "is %d: write 0 to %d", a.AlertDiskPercent, maxDiskFree)
	}
	if a.ReminderMinutes < 0 || a.ReminderMinutes > maxReminder {
		return invalid("KEYTRAIL_REMINDER_MINUTES", "is %d: write 0 to %d", a.ReminderMinutes, maxReminder)
	}
	if len(a.AlertMail) > maxAlertMail {
		return invalid("KEYTRAIL_ALERT_MAIL", "names %d addresses: at most %d are possible", len(a.AlertMail), maxAlertMail)
	}
	for n, address := range a.AlertMail {
		if parsed, err := mail.ParseAddress(address); err != nil || parsed.Address != address {
			return invalid("KEYTRAIL_ALERT_MAIL", "has as address %d what is none: write addresses such as keys@example.org, with commas between them", n+1)
		}
	}
	if len(a.AlertMail) > 0 && a.SMTPURL == "" {
		return invalid("KEYTRAIL_ALERT_MAIL", "is set and KEYTRAIL_SMTP_URL is not: name the server that e-mail goes by")
	}
	return a.validateSMTP()
}

func (a Alerts) validateSMTP() error {
	if a.SMTPURL == "" {
		if a.SMTPPasswordFile != "" || a.SMTPFrom != "" {
			return invalid("KEYTRAIL_SMTP_FROM or KEYTRAIL_SMTP_PASSWORD_FILE", "is set and KEYTRAIL_SMTP_URL is not: set that as well")
		}
		return nil
	}
	if _, err := a.server(); err != nil {
		return err
	}
	if _, err := mail.ParseAddress(a.SMTPFrom); err != nil {
		return invalid("KEYTRAIL_SMTP_FROM", "is no address: write one such as keys@example.org or Keys <keys@example.org>")
	}
	return nil
}

// SMTP gives the server, with the password from its file.
func (a Alerts) SMTP() (SMTP, error) {
	server, err := a.server()
	if err != nil || a.SMTPPasswordFile == "" {
		return server, err
	}
	text, err := os.ReadFile(a.SMTPPasswordFile)
	server.Password = strings.TrimSpace(string(text))
	if err != nil || server.Password == "" || len(server.Password) > maxSecret {
		return SMTP{}, invalid("KEYTRAIL_SMTP_PASSWORD_FILE", "cannot be read or holds no password: put the password alone into it")
	}
	return server, nil
}

func (a Alerts) server() (SMTP, error) {
	if a.SMTPURL == "" {
		return SMTP{}, nil
	}
	u, err := url.Parse(a.SMTPURL)
	ports := map[string]int{"smtp": 587, "smtps": 465}
	if err != nil || u.Hostname() == "" || ports[u.Scheme] == 0 || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return SMTP{}, invalid("KEYTRAIL_SMTP_URL", "is no server: write smtp://user:password@host:587 or smtps://user:password@host:465")
	}
	server := SMTP{
		Host: u.Hostname(), Port: ports[u.Scheme], Username: u.User.Username(), ImplicitTLS: u.Scheme == "smtps", Loopback: loopback(u.Hostname()),
	}
	server.Password, _ = u.User.Password()
	if text := u.Port(); text != "" {
		if server.Port, err = strconv.Atoi(text); err != nil || server.Port < 1 || server.Port > 65535 {
			return SMTP{}, invalid("KEYTRAIL_SMTP_URL", "has a port that is none: write a number from 1 to 65535")
		}
	}
	return server, nil
}

// EscalateAfter is the time after which an overdue key becomes a warning.
func (a Alerts) EscalateAfter() time.Duration {
	return time.Duration(a.AlertEscalateMinutes) * time.Minute
}

// RemindBefore is how long before its due time the holder of a key is reminded, 0 for not at all.
func (a Alerts) RemindBefore() time.Duration { return time.Duration(a.ReminderMinutes) * time.Minute }

package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func validAlerts() Alerts {
	return Alerts{
		AlertEscalateMinutes: 60, ReminderMinutes: 30, AlertMail: []string{"desk@example.org"}, AlertMailLanguage: "lv",
		SMTPURL: "smtp://keytrail:s3cret@mail.example.org", SMTPFrom: "Keys <keys@example.org>",
	}
}

func TestSettingsOfAlertsThatCannotWorkAreNamedWithoutTheirPasswords(t *testing.T) {
	for name, change := range map[string]func(*Alerts){
		"KEYTRAIL_ALERT_ESCALATE_MINUTES":  func(a *Alerts) { a.AlertEscalateMinutes = 0 },
		"KEYTRAIL_ALERT_DISK_PERCENT":      func(a *Alerts) { a.AlertDiskPercent = 51 },
		"KEYTRAIL_REMINDER_MINUTES":        func(a *Alerts) { a.ReminderMinutes = -1 },
		"KEYTRAIL_ALERT_MAIL has":          func(a *Alerts) { a.AlertMail = []string{"desk"} },
		"KEYTRAIL_ALERT_MAIL is set":       func(a *Alerts) { a.SMTPURL = "" },
		"KEYTRAIL_SMTP_URL is no server":   func(a *Alerts) { a.SMTPURL = "http://keytrail:s3cret@mail.example.org" },
		"KEYTRAIL_SMTP_URL has a port":     func(a *Alerts) { a.SMTPURL = "smtp://keytrail:s3cret@mail.example.org:0" },
		"KEYTRAIL_SMTP_FROM is no address": func(a *Alerts) { a.SMTPFrom = "Keys" },
		"KEYTRAIL_SMTP_FROM or":            func(a *Alerts) { a.SMTPURL, a.AlertMail = "", nil },
	} {
		a := validAlerts()
		change(&a)
		if err := a.Validate(); err == nil || !strings.HasPrefix(err.Error(), name) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, works := range []Alerts{validAlerts(), {AlertEscalateMinutes: 1}} {
		if err := works.Validate(); err != nil {
			t.Error(err)
		}
	}
}

func TestAServerThatEmailGoesByIsReadFromItsAddress(t *testing.T) {
	a := validAlerts()
	if got, err := a.SMTP(); err != nil || got != (SMTP{Host: "mail.example.org", Port: 587, Username: "keytrail", Password: "s3cret"}) {
		t.Errorf("%+v, %v", got, err)
	}
	a.SMTPURL = "smtps://127.0.0.1:2465"
	if got, err := a.SMTP(); err != nil || got != (SMTP{Host: "127.0.0.1", Port: 2465, ImplicitTLS: true, Loopback: true}) {
		t.Errorf("%+v, %v", got, err)
	}
	a.SMTPPasswordFile = filepath.Join(t.TempDir(), "password")
	if _, err := a.SMTP(); err == nil {
		t.Error("a missing file passes")
	}
	if err := os.WriteFile(a.SMTPPasswordFile, []byte("other\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := a.SMTP(); err != nil || got.Password != "other" {
		t.Errorf("%+v, %v", got, err)
	}
}

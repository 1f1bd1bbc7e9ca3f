package config

import (
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

func valid() Serve {
	return Serve{Listen: "127.0.0.1:8080", SessionTimeoutSeconds: 3600, OperationsPerSecond: 500, Documents: "any", GCPercent: 400, MemoryLimitMiB: 512}
}

func TestSettingsThatCannotWorkAreNamed(t *testing.T) {
	for name, change := range map[string]func(*Serve){
		"KEYTRAIL_LISTEN is \"x\"":               func(s *Serve) { s.Listen = "x" },
		"KEYTRAIL_LISTEN has the port":           func(s *Serve) { s.Listen = "127.0.0.1:http" },
		"KEYTRAIL_LISTEN is 0.0.0.0:8080":        func(s *Serve) { s.Listen = "0.0.0.0:8080" },
		"KEYTRAIL_LISTEN is :8080":               func(s *Serve) { s.Listen = ":8080" },
		"KEYTRAIL_LEGACY_LISTEN is \"x\"":        func(s *Serve) { s.LegacyListen = "x" },
		"KEYTRAIL_LEGACY_LISTEN is 0.0.0.0:5000": func(s *Serve) { s.LegacyListen = "0.0.0.0:5000" },
		"KEYTRAIL_SAMPLE is on":                  func(s *Serve) { s.Listen, s.Sample, s.InsecureHTTP = "0.0.0.0:8080", true, true },
		"KEYTRAIL_SESSION_TIMEOUT_SECONDS":       func(s *Serve) { s.SessionTimeoutSeconds = 5 },
		"KEYTRAIL_TIME_ZONE":                     func(s *Serve) { s.TimeZone = "Mars/Base" },
		"KEYTRAIL_WEB_ORIGINS":                   func(s *Serve) { s.WebOrigins = []string{"https://desk.example.org/app"} },
		"KEYTRAIL_DOCUMENTS":                     func(s *Serve) { s.Documents = "knwon" },
		"KEYTRAIL_GOGC or KEYTRAIL_GOMEMLI":      func(s *Serve) { s.MemoryLimitMiB = 1 },
	} {
		s := valid()
		change(&s)
		if err := s.Validate(); err == nil || !strings.HasPrefix(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSettingsThatWorkPass(t *testing.T) {
	for name, change := range map[string]func(*Serve){
		"the defaults":     func(*Serve) {},
		"localhost":        func(s *Serve) { s.Listen = "localhost:0" },
		"IPv6 loopback":    func(s *Serve) { s.Listen = "[::1]:8080" },
		"insecure on all":  func(s *Serve) { s.Listen, s.InsecureHTTP = ":8080", true },
		"known documents":  func(s *Serve) { s.Documents = "known-all" },
		"a zone":           func(s *Serve) { s.TimeZone = "Asia/Dubai" },
		"a foreign origin": func(s *Serve) { s.WebOrigins = []string{"https://desk.example.org"} },
	} {
		s := valid()
		change(&s)
		if err := s.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFilesGoBeforeDefaultsAndBehindFlagsAndEnvironment(t *testing.T) {
	t.Setenv("KEYTRAIL_TIME_ZONE", "Europe/Riga")
	got := parse(t, `listen = "127.0.0.1:1"
time_zone = "Asia/Dubai"
session_timeout_seconds = 120
web_origins = ["https://a.example", "https://b.example"]
insecure_http = true`, "--listen", "127.0.0.1:2")
	if got.Listen != "127.0.0.1:2" || got.TimeZone != "Europe/Riga" || got.SessionTimeoutSeconds != 120 || !got.InsecureHTTP ||
		strings.Join(got.WebOrigins, " ") != "https://a.example https://b.example" || got.GCPercent != 400 {
		t.Errorf("%+v", got)
	}
}

func parse(t *testing.T, file string, args ...string) Serve {
	t.Helper()
	var s Serve
	resolver, err := File(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	parser, err := kong.New(&s, kong.Resolvers(resolver))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(args); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestMisspeltSettingsAreRefused(t *testing.T) {
	resolver, err := File(strings.NewReader(`lissten = "x"`))
	if err != nil {
		t.Fatal(err)
	}
	var s Serve
	if _, err := kong.New(&s, kong.Resolvers(resolver)); err == nil {
		parser, _ := kong.New(&s, kong.Resolvers(resolver))
		if _, err := parser.Parse(nil); err == nil || !strings.Contains(err.Error(), "lissten") {
			t.Error(err)
		}
	}
	if _, err := File(strings.NewReader(`listen = `)); err == nil {
		t.Error("a file that is no TOML was read")
	}
}

func TestVariablesThatNoSettingReadsAreNamedWithoutTheirValues(t *testing.T) {
	var s Serve
	parser, err := kong.New(&s)
	if err != nil {
		t.Fatal(err)
	}
	got := Unread(parser.Model, []string{"PATH=/bin", "KEYTRAIL_LISTEN=127.0.0.1:1", "KEYTRAIL_TLS_CERTS=x", "KEYTRAIL_ROOT_PASWORD=secret", "KEYTRAIL_X"})
	if strings.Join(got, " ") != "KEYTRAIL_ROOT_PASWORD KEYTRAIL_TLS_CERTS KEYTRAIL_X" {
		t.Error(got)
	}
}

func TestABlockOfIPv4ThatIsWrittenAsIPv6IsOneOfIPv4(t *testing.T) {
	for text, want := range map[string]string{"::ffff:10.1.0.0/112": "10.1.0.0/16", "::ffff:10.1.2.3": "10.1.2.3/32", "::/0": "::/0", "fd00::1/8": "fd00::/8"} {
		networks, err := WorkHours{WorkHoursNetworks: []string{text}}.Networks()
		if err != nil || len(networks) != 1 || networks[0].String() != want {
			t.Errorf("%s: %v, %v", text, networks, err)
		}
	}
}

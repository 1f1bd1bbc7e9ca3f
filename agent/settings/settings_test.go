package settings_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/agent/settings"
)

func load(t *testing.T, file string, env map[string]string) (*settings.Settings, error) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "config.env")
	if err := os.WriteFile(name, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	return settings.Load([]string{filepath.Join(t.TempDir(), "absent"), name}, func(name string) string { return env[name] })
}

func TestConfigEnvIsReadAsItIsWritten(t *testing.T) {
	s, err := load(t, "\ufeff# theirs\r\nAPI_ENDPOINT = \"https://keytrail.example\"\r\n\r\nIDLE_THRESHOLD_MINUTES=5\r\nexport WORK_USER='ACME\\anna'\r\nPOLL_INTERVAL_SECONDS=30\r\n",
		map[string]string{"POLL_INTERVAL_SECONDS": "15"})
	if err != nil {
		t.Fatal(err)
	}
	if s.Endpoint.String() != "https://keytrail.example/api/report" || s.User != `ACME\anna` {
		t.Errorf("got %v as %s", s.Endpoint, s.User)
	}
	if s.Rules.IdleAfter != 5*time.Minute || s.Rules.Poll != 15*time.Second || s.Rules.Repeat != time.Minute {
		t.Errorf("got %+v", s.Rules)
	}
}

func TestWhatCannotBeMeantIsRefusedWithWhatToDo(t *testing.T) {
	const address = "API_ENDPOINT=https://k.example\n"
	for _, c := range []struct{ file, want string }{
		{"", "set API_ENDPOINT"},
		{"API_ENDPOINT=http://k.example/api/report", "https://"},
		{"API_ENDPOINT=https://anna:secret@k.example", "without a name"},
		{"API_ENDPOINT=file:///etc/passwd", "must be an address"},
		{address + "IDLE_THRESHOLD_MINUTES=0", "IDLE_THRESHOLD_MINUTES must be"},
		{address + "POLL_INTERVAL_SECONDS=NaN", "POLL_INTERVAL_SECONDS must be"},
		{address + "REPORT_INTERVAL_MINUTES=1e9", "REPORT_INTERVAL_MINUTES must be"},
		{address + "nonsense", "line 2 must be NAME=value"},
	} {
		if _, err := load(t, c.file, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q gave %v, want %q", c.file, err, c.want)
		}
	}
	for _, fine := range []string{"API_ENDPOINT=http://127.0.0.1:8080", "API_ENDPOINT=http://k.example\nALLOW_PLAIN_HTTP=yes"} {
		if _, err := load(t, fine, nil); err != nil {
			t.Errorf("%q gave %v", fine, err)
		}
	}
}

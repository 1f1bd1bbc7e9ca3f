package legacy_test

import (
	"net/http"
	"net/netip"
	"regexp"
	"testing"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/graph/wire"
)

func TestTheTrackersClientIsAnsweredAsItExpects(t *testing.T) {
	t.Parallel()
	s := graphtest.SeedWith(t, graphtest.Options{Limits: wire.DefaultLimits(), ReportNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	s.SeedWork()
	client := s.Anonymous()
	for _, c := range []struct {
		body string
		want int
	}{
		{`{"user": "LAB\\janis", "state": "working", "ts": "2024-05-10T10:20:30Z"}`, 201},
		{`{"user": "lab\\JANIS", "state": "stopped", "ts": "2024-05-10T15:20:30.1234567+04:00"}`, 201},
		{`{"user": "LAB\\janis", "state": "stopped", "ts": "2024-05-10T10:20:30.123456789-0330"}`, 201},
		{`{"user": "LAB\\janis", "state": "stopped"}`, 201},
		{`{"user": "LAB\\janis", "state": "stopped", "ts": ""}`, 201},
		{`{"user": "LAB\\janis", "state": "idle"}`, 400},
		{`{"user": "", "state": "working"}`, 400},
		{`{"state": "working"}`, 400},
		{`{"user": "LAB\\janis", "state": "working", "ts": "2024-05-10T10:20:30"}`, 400},
		{`{"user": "LAB\\janis", "state": "working", "ts": "2024-05-10T10:20:30.1234567890Z"}`, 400},
		{`{"user": "LAB\\janis", "state": "working", "ts": "2024-13-10T10:20:30Z"}`, 400},
		{`{"user": "LAB\janis"`, 400},
		{``, 400},
	} {
		status, text := post(t, client, "/api/report", c.body)
		if status != c.want || status == 201 && text != `{"success":true}`+"\n" ||
			status == 400 && !regexp.MustCompile(`^\{"success":false,"message":".+"\}\n$`).MatchString(text) {
			t.Errorf("%s: %d %s", c.body, status, text)
		}
	}
	if _, err := s.Work.Process(t.Context(), nil, nil); err != nil {
		t.Fatal(err)
	}
	const path = "/api/reports/real_work_hours?username=lab%5Cjanis&start_date=2024-05-01&end_date=2024-05-31"
	if status, _ := get(t, client, path); status != http.StatusUnauthorized {
		t.Errorf("nobody: %d", status)
	}
	status, text := get(t, older(t, s, "admin"), path)
	want := regexp.MustCompile(`^\{"success":true,"data":\[\{"id":[1-9]\d*,"username":"LAB\\\\janis","work_date":"2024-05-10","real_hours_counted":1,"last_processed_event_id":[1-9]\d*\}\]\}\n$`)
	if status != http.StatusOK || !want.MatchString(text) {
		t.Errorf("%d %s", status, text)
	}
	if status, text := get(t, older(t, s, "admin"), "/api/reports/real_work_hours?username=nobody"); status != http.StatusOK || text != `{"success":true,"data":[]}`+"\n" {
		t.Errorf("an unknown user: %d %s", status, text)
	}
	other := older(t, s, "custodian") // who sees himself only
	for _, rest := range []string{"", "&start_date=1900-01-01", "&start_date=2024-05-31&end_date=2024-05-01"} {
		hidden, said := get(t, other, "/api/reports/real_work_hours?username=lab%5Cjanis"+rest)
		absent, same := get(t, other, "/api/reports/real_work_hours?username=nobody"+rest)
		if hidden != absent || said != same {
			t.Errorf("%s: %d %s for somebody hidden, %d %s for nobody", rest, hidden, said, absent, same)
		}
	}
}

func TestReportsFromElsewhereNeedAToken(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	s.SeedWork()
	const body = `{"user": "LAB\\janis", "state": "working"}`
	if status, text := post(t, s.Anonymous(), "/api/report", body); status != http.StatusUnauthorized {
		t.Errorf("nobody: %d %s", status, text)
	}
	if status, text := post(t, s.As("admin"), "/api/report", body); status != http.StatusUnauthorized {
		t.Errorf("an admin's browser: %d %s", status, text)
	}
	if status, text := post(t, s.Anonymous(), "/api/report", body, "Authorization", "Bearer "+s.As("till").Token); status != http.StatusCreated {
		t.Errorf("a program: %d %s", status, text)
	}
}

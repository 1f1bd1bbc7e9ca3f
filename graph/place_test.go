package graph_test

import (
	"path/filepath"
	"testing"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/graph/wire"
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/origin/origintest"
	"github.com/keytrail/keytrail/server/tokens"
)

func TestSignInsShowDeviceAndPlaceToWhoMaySeeThem(t *testing.T) {
	t.Parallel()
	geoip := filepath.Join(t.TempDir(), "geo.mmdb")
	origintest.WriteGeoIP(t, geoip, "GeoLite2-City", "Riga")
	s := graphtest.StartWith(t, graphtest.Options{Limits: wire.DefaultLimits(), GeoIPFile: geoip})
	boss, keyRoom := s.Person("Boss", "IT"), s.Person("Key Room", "IT")
	s.Account(boss, "boss", "admin")
	s.Account(keyRoom, "desk", "custodian")
	till, _ := s.NewToken(tokens.CreateInput{Name: "till", Role: access.RoleIntegrator})
	const record = `mutation($agent: String) { recordAuth(events: [
		{eventId: "1", action: "signed_in", outcome: SUCCESS, username: "anna", ip: "198.51.100.7", userAgent: $agent}
		{eventId: "2", action: "signed_in", outcome: SUCCESS, username: "anna", ip: "192.0.2.1", userAgent: "till/1.0"}
	]) { recorded } }`
	firefox := map[string]any{"agent": "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"}
	if a := s.Holding(till).Do(t, record, firefox); a.Code() != "" {
		t.Fatal(a.Text)
	}
	const log = `{ authLog(filter: {action: "app_auth.signed_in"}) { edges { node { ip device location } } } }`
	seen := s.As("boss").Do(t, log, nil)
	const want = `{"data":{"authLog":{"edges":[` +
		`{"node":{"ip":"192.0.2.1","device":"till","location":null}},` +
		`{"node":{"ip":"198.51.100.7","device":"Firefox on Linux","location":"Riga, Latvia"}}]}}}`
	if string(seen.Text) != want {
		t.Errorf("%s\nis not\n%s", seen.Text, want)
	}
	if a := s.As("desk").Do(t, log, nil); a.Code() != "FORBIDDEN" {
		t.Errorf("the key room sees %s", a.Text)
	}
	own := s.As("boss").Do(t, `{ sessions { edges { node { device location } } } }`, nil)
	if string(own.Text) != `{"data":{"sessions":{"edges":[{"node":{"device":"Go-http-client","location":null}}]}}}` {
		t.Error(own.Text)
	}
}

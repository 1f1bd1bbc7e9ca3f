package origin

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/origin/origintest"
)

var quiet = slog.New(slog.DiscardHandler)

func TestAnAddressHasThePlaceThatTheFileGives(t *testing.T) {
	for kind, want := range map[string]map[string]string{
		"GeoLite2-City": {
			"198.51.100.7": "Riga, Latvia", "::ffff:198.51.100.7": "Riga, Latvia", "203.0.113.9": "Latvia", "2001:db8::1": "EE",
			"192.0.2.1": "", "127.0.0.1": "", "fe80::1%eth0": "", "": "", "no address": "",
		},
		"GeoLite2-Country": {"203.0.113.9": "Latvia", "2001:db8::1": "EE", "192.0.2.1": ""},
	} {
		file := filepath.Join(t.TempDir(), "geo.mmdb")
		origintest.WriteGeoIP(t, file, kind, "Riga")
		d, err := Open(file, quiet)
		if err != nil {
			t.Fatal(err)
		}
		for ip, place := range want {
			for range 2 { // the second is remembered
				if got := d.Describe(ledger.Origin{IP: ip, UserAgent: "curl/8", Name: "Anna"}); got.Place != place || got.Device != "curl" || got.IP != ip || got.Name != "Anna" {
					t.Errorf("%s: %s is %+v, not %q", kind, ip, got, place)
				}
			}
		}
	}
}

func TestAFileThatIsNoGeoIPDatabaseIsRefused(t *testing.T) {
	dir := t.TempDir()
	wrong := filepath.Join(dir, "wrong.mmdb")
	if err := os.WriteFile(wrong, []byte("not a database"), 0o600); err != nil {
		t.Fatal(err)
	}
	network := filepath.Join(dir, "asn.mmdb")
	origintest.WriteGeoIP(t, network, "GeoLite2-ASN", "Riga")
	for _, file := range []string{wrong, network, filepath.Join(dir, "absent.mmdb")} {
		if _, err := Open(file, quiet); !fault.Is(err, fault.BadInput) {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestWithoutAFileOnlyDevicesAreKnown(t *testing.T) {
	d, err := Open("", quiet)
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Describe(ledger.Origin{IP: "198.51.100.7", UserAgent: "curl/8"}); got.Place != "" || got.Device != "curl" {
		t.Errorf("%+v", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.Run(ctx); err != nil {
		t.Error(err)
	}
}

func TestAReplacedFileIsTakenOverAndABrokenOneIsNot(t *testing.T) {
	file := filepath.Join(t.TempDir(), "geo.mmdb")
	origintest.WriteGeoIP(t, file, "GeoLite2-City", "Riga")
	d, err := Open(file, quiet)
	if err != nil {
		t.Fatal(err)
	}
	changes := make(chan struct{}, 8)
	forget := d.places.changed
	d.places.changed = func() { forget(); changes <- struct{}{} }
	place := func() string { return d.Describe(ledger.Origin{IP: "198.51.100.7"}).Place }
	if got := place(); got != "Riga, Latvia" {
		t.Fatal(got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- d.places.watcher.Run(ctx, time.Millisecond) }()

	if err := os.WriteFile(file, []byte("half a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	origintest.WriteGeoIP(t, file, "GeoLite2-City", "Daugavpils")
	select {
	case <-changes:
	case <-time.After(time.Minute):
		t.Fatal("the new file was not taken over")
	}
	if got := place(); got != "Daugavpils, Latvia" {
		t.Error(got)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

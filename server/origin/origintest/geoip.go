// Package origintest makes GeoIP files for tests.
package origintest

import (
	"net"
	"os"
	"testing"

	"github.com/maxmind/mmdbwriter"
	"github.com/maxmind/mmdbwriter/mmdbtype"
)

// WriteGeoIP writes a database of a kind such as GeoLite2-City, in which 198.51.100.0/24 is a town, 203.0.113.0/24 a country and 2001:db8::/32 another. A
// file that is there is replaced at once.
func WriteGeoIP(t testing.TB, path, kind, town string) {
	t.Helper()
	tree, err := mmdbwriter.New(mmdbwriter.Options{DatabaseType: kind, RecordSize: 24, IncludeReservedNetworks: true})
	if err != nil {
		t.Fatal(err)
	}
	names := func(name string) mmdbtype.Map {
		return mmdbtype.Map{"names": mmdbtype.Map{"en": mmdbtype.String(name)}}
	}
	latvia := mmdbtype.Map{"iso_code": mmdbtype.String("LV"), "names": mmdbtype.Map{"en": mmdbtype.String("Latvia")}}
	for network, record := range map[string]mmdbtype.Map{
		"198.51.100.0/24": {"city": names(town), "country": latvia},
		"203.0.113.0/24":  {"country": latvia},
		"2001:db8::/32":   {"country": mmdbtype.Map{"iso_code": mmdbtype.String("EE")}},
	} {
		_, parsed, err := net.ParseCIDR(network)
		if err != nil {
			t.Fatal(err)
		}
		if err := tree.Insert(parsed, record); err != nil {
			t.Fatal(err)
		}
	}
	replaced := path + ".new"
	file, err := os.Create(replaced)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tree.WriteTo(file); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(replaced, path); err != nil {
		t.Fatal(err)
	}
}

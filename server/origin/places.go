package origin

import (
	"cmp"
	"context"
	"log/slog"
	"net/netip"
	"os"
	"sync/atomic"

	"github.com/oschwald/geoip2-golang/v2"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/reload"
)

// maxPlace is how many characters a place has at most.
const maxPlace = 120

// places looks addresses up in a file that its owner renews.
type places struct {
	file    string
	current atomic.Pointer[geoip2.Reader]
	watcher *reload.Watcher
	changed func()
}

func openPlaces(file string, log *slog.Logger, changed func()) (*places, error) {
	p := &places{file: file, changed: changed}
	var err error
	if p.watcher, err = reload.New("GeoIP", []string{file}, p.load, log); err != nil {
		return nil, fault.Wrap(err, fault.BadInput,
			"KEYTRAIL_GEOIP_FILE cannot be used: %v. Name a City or Country database in MaxMind DB format (.mmdb).", err)
	}
	return p, nil
}

func (p *places) run(ctx context.Context) error { return p.watcher.Run(ctx, reload.Interval) }

// load reads the whole file: one that is mapped into memory and then overwritten in place would kill the process.
func (p *places) load() error {
	content, err := os.ReadFile(p.file)
	if err != nil {
		return err
	}
	reader, err := geoip2.OpenBytes(content)
	if err != nil {
		return err
	}
	if _, err := placeIn(reader, netip.IPv4Unspecified()); err != nil {
		return err
	}
	p.current.Store(reader)
	p.changed()
	return nil
}

// of names the place of an address, "" when it is not known.
func (p *places) of(ip string) string {
	address, err := netip.ParseAddr(ip)
	if err != nil {
		return ""
	}
	place, err := placeIn(p.current.Load(), address.Unmap().WithZone(""))
	if err != nil {
		return ""
	}
	return shortenedTo(place, maxPlace)
}

// placeIn names the town and country of an address, in English, or the country alone.
func placeIn(reader *geoip2.Reader, address netip.Addr) (string, error) {
	found, err := reader.City(address) // reads databases of countries, too
	if err != nil {
		return "", err
	}
	town, country := found.City.Names.English, cmp.Or(found.Country.Names.English, found.Country.ISOCode)
	if town != "" && country != "" {
		return town + ", " + country, nil
	}
	return cmp.Or(town, country), nil
}

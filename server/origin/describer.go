// Package origin says in words where a request comes from: with which program on which system, and from which place.
package origin

import (
	"context"
	"log/slog"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/keytrail/keytrail/server/ledger"
)

// remembered is how many origins are kept with their words; one takes less than a kilobyte.
const remembered = 4096

// Describer finds words for origins. It is safe for concurrent use.
type Describer struct {
	places *places // nil where no file tells places
	known  *lru.Cache[asked, words]
}

type asked struct{ ip, userAgent string }

type words struct{ device, place string }

// Open makes a describer that looks places up in a GeoIP file (MaxMind DB format, a City or Country database); "" is
// none. BAD_USER_INPUT when the file cannot be used.
func Open(file string, log *slog.Logger) (*Describer, error) {
	known, err := lru.New[asked, words](remembered)
	if err != nil {
		return nil, err
	}
	d := &Describer{known: known}
	if file != "" {
		d.places, err = openPlaces(file, log, known.Purge)
	}
	return d, err
}

// Run takes over a GeoIP file that was replaced, until ctx ends.
func (d *Describer) Run(ctx context.Context) error {
	if d.places == nil {
		<-ctx.Done()
		return nil
	}
	return d.places.run(ctx)
}

// Describe fills in device and place of an origin, as far as they are known.
func (d *Describer) Describe(o ledger.Origin) ledger.Origin {
	question := asked{o.IP, o.UserAgent}
	answer, ok := d.known.Get(question)
	if !ok {
		answer = words{Device(o.UserAgent), d.placeOf(o.IP)}
		d.known.Add(question, answer)
	}
	o.Device, o.Place = answer.device, answer.place
	return o
}

func (d *Describer) placeOf(ip string) string {
	if d.places == nil {
		return ""
	}
	return d.places.of(ip)
}

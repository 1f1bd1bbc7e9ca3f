package sample

import (
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/activity"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/programs"
	"github.com/keytrail/keytrail/server/workhours"
)

// servicesOn are the services of a fixture, with its clock.
func servicesOn(t *testing.T, f *custodytest.Fixture) Services {
	t.Helper()
	masks, err := activity.NewMasks(nil)
	if err != nil {
		t.Fatal(err)
	}
	sources, err := programs.New(t.Context(), f.DB, f.Ledger, f.Access, f.Clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	rules := activity.Rules{Describe: func(o ledger.Origin) ledger.Origin { return o }, Masks: masks, Plain: sources.Plain}
	quiet := slog.New(slog.DiscardHandler)
	return Services{
		DB: f.DB, Seal: f.Seal, Ledger: f.Ledger, Access: f.Access, People: f.People, Custody: f.Custody,
		Activity: activity.New(f.DB, f.Ledger, f.Access, f.People, rules, f.Clock.Now), Programs: sources,
		Work: workhours.New(f.DB, f.Seal, f.Ledger, f.Access, f.People, workhours.Config{Zone: zoneOf(t), Purpose: WorkPurpose}, f.Clock.Now, quiet),
		Now:  f.Clock.Now, Logger: quiet,
	}
}

// inviteAll makes the sample's people, but for those who were erased.
func inviteAll(t *testing.T, f *custodytest.Fixture, erased ...int) {
	t.Helper()
	organisation, _ := organise()
	for i, one := range organisation.people {
		if slices.Contains(erased, i) {
			continue
		}
		in := people.CreateInput{Name: one.name, ExternalNames: one.externalNames()}
		if _, err := f.People.Create(t.Context(), access.System(), in); err != nil {
			t.Fatal(err)
		}
	}
}

func zoneOf(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(Zone)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

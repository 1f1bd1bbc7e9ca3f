package config

import (
	"net/netip"
	"strings"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/network"
)

// WorkHours says why work is recorded, and from whom reports are taken. While no purpose is stated, nothing is recorded.
type WorkHours struct {
	WorkHoursPurpose  string   `help:"Why it is recorded who works when; every person is shown it. Empty: reports of work are refused." env:"KEYTRAIL_WORK_HOURS_PURPOSE"`
	WorkHoursNetworks []string `help:"Addresses and networks such as 10.1.0.0/16 from which reports of work are taken without a token (POST /api/report). They are marked UNVERIFIED: whoever is there can report for anybody. Empty: none." env:"KEYTRAIL_WORK_HOURS_NETWORKS"`
}

const (
	maxPurpose  = 500
	maxNetworks = 50
)

// Validate checks the settings.
func (w WorkHours) Validate() error {
	if utf8.RuneCountInString(w.WorkHoursPurpose) > maxPurpose {
		return invalid("KEYTRAIL_WORK_HOURS_PURPOSE", "has more than %d characters", maxPurpose)
	}
	_, err := w.Networks()
	return err
}

// Purpose is why work is recorded, "" while it is not.
func (w WorkHours) Purpose() string { return strings.TrimSpace(w.WorkHoursPurpose) }

// Networks are those from which reports without a token are taken.
func (w WorkHours) Networks() ([]netip.Prefix, error) {
	return networksOf("KEYTRAIL_WORK_HOURS_NETWORKS", w.WorkHoursNetworks)
}

// networksOf reads the addresses and networks of a setting.
func networksOf(name string, texts []string) ([]netip.Prefix, error) {
	if len(texts) > maxNetworks {
		return nil, invalid(name, "names more than %d networks", maxNetworks)
	}
	var all []netip.Prefix
	for _, text := range texts {
		block, err := network.Parse(text)
		if err != nil {
			return nil, invalid(name, "names %.80q: write addresses or networks, such as 10.1.2.3 or 10.1.0.0/16", text)
		}
		all = append(all, block)
	}
	return all, nil
}

package tokens

import (
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/network"
)

const (
	maxName     = 64
	maxNetworks = 20
)

// CreateInput is a new token.
type CreateInput struct {
	// Name says which program it is for; it is stored in plain and shall name nobody.
	Name string
	// Role is integrator, screen or workstation.
	Role string
	// Source is the program whose entries the token makes and sees, as ledger.IsSource has it; what the name suggests
	// where it is empty.
	Source    string
	ExpiresAt *time.Time
	// Networks are addresses and CIDR blocks from which alone it may be used; none allows any.
	Networks []string
}

// tidy checks the input and gives it in the form in which it is stored. BAD_USER_INPUT names the field.
func (in CreateInput) tidy(now time.Time) (CreateInput, error) {
	in.Name = strings.TrimSpace(in.Name)
	if in.Name == "" || utf8.RuneCountInString(in.Name) > maxName || strings.ContainsFunc(in.Name, isControl) || !utf8.ValidString(in.Name) {
		return in, fault.Field("name", "name needs 1 to %d characters without line breaks", maxName)
	}
	if in.Source = strings.TrimSpace(in.Source); in.Source == "" {
		in.Source = ledger.SourceFrom(in.Name)
	}
	if !ledger.IsSource(in.Source) {
		return in, fault.Field("source", "a source has %s", ledger.SourceRule)
	}
	if in.Source == ledger.SourceKeytrail {
		return in, fault.Field("source", "keytrail is the source of what keytrail itself records: choose another name")
	}
	if !slices.Contains(access.TokenRoles(), in.Role) {
		return in, fault.Field("role", "a token's role is %s, %s or %s", access.RoleIntegrator, access.RoleScreen, access.RoleWorkstation)
	}
	if in.ExpiresAt != nil && (!in.ExpiresAt.After(now) || in.ExpiresAt.Year() > 9999) {
		return in, fault.Field("expiresAt", "the expiry must lie in the future")
	}
	if in.ExpiresAt != nil {
		at := in.ExpiresAt.UTC().Truncate(time.Microsecond)
		in.ExpiresAt = &at
	}
	var err error
	in.Networks, err = tidyNetworks(in.Networks)
	return in, err
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// tidyNetworks gives CIDR blocks as they are written canonically; a single address is a block of its own.
func tidyNetworks(given []string) ([]string, error) {
	if len(given) > maxNetworks {
		return nil, fault.Field("networks", "at most %d networks can be named", maxNetworks)
	}
	tidied := make([]string, 0, len(given))
	for _, text := range given {
		block, err := network.Parse(strings.TrimSpace(text))
		if err != nil {
			return nil, fault.Field("networks", "%.60q is no network: write an address or a block such as 10.0.0.0/8 or fd00::/8", text)
		}
		tidied = append(tidied, block.String())
	}
	slices.Sort(tidied)
	return slices.Compact(tidied), nil
}

// allows reports whether an address lies in one of the networks; in no networks lies every address.
func allows(networks []string, ip string) bool {
	if len(networks) == 0 {
		return true
	}
	address, err := netip.ParseAddr(ip)
	if err != nil {
		return false
	}
	address = address.Unmap().WithZone("")
	return slices.ContainsFunc(networks, func(text string) bool {
		network, err := netip.ParsePrefix(text)
		return err == nil && network.Contains(address)
	})
}

package webhooks

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"syscall"

	"github.com/keytrail/keytrail/server/fault"
)

// closedNetworks are reachable for nobody from outside, or lead there by way of another protocol (RFC 6890 and others).
func closedNetworks() []netip.Prefix {
	texts := []string{
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
		"192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
		"::/8", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16",
		"fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
	}
	networks := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		networks[i] = netip.MustParsePrefix(text)
	}
	return networks
}

// guard decides which addresses may be called.
type guard struct {
	closed, opened []netip.Prefix
}

func newGuard(opened []netip.Prefix) *guard { return &guard{closedNetworks(), opened} }

func (g *guard) allows(address netip.Addr) bool {
	address = address.Unmap().WithZone("")
	for _, network := range g.opened {
		if network.Contains(address) {
			return true
		}
	}
	for _, network := range g.closed {
		if network.Contains(address) {
			return false
		}
	}
	return address.IsValid()
}

// errClosed says that an address is not to be called.
type errClosed struct{}

func (errClosed) Error() string {
	return "the address leads into a network that is closed: the operator can open it with KEYTRAIL_WEBHOOK_NETWORKS"
}

// control is asked for each connection once its address is known, so that no name can lead elsewhere meanwhile.
func (g *guard) control(_ context.Context, _, address string, _ syscall.RawConn) error {
	where, err := netip.ParseAddrPort(address)
	if err != nil || !g.allows(where.Addr()) {
		return errClosed{}
	}
	return nil
}

// checkURL demands an address that events can go to. A name is looked up when something is sent.
func (s *Service) checkURL(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil || len(address) > maxURL || u.Hostname() == "" || u.Opaque != "":
		return nil, fault.Field("url", "write an address of at most %d characters, such as https://example.org/events", maxURL)
	case u.Scheme != "https" && (u.Scheme != "http" || !s.config.AllowHTTP):
		return nil, fault.Field("url", "the address has to begin with https://: what is sent could be read on the way otherwise")
	case u.User != nil || u.Fragment != "":
		return nil, fault.Field("url", "leave user, password and fragment out of the address: events are signed instead")
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	literal, err := netip.ParseAddr(host)
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		literal, err = netip.AddrFrom4([4]byte{127, 0, 0, 1}), nil
	}
	if err == nil && !s.guard.allows(literal) {
		return nil, fault.Field("url", "this address lies in a network that is closed: the operator can open it with KEYTRAIL_WEBHOOK_NETWORKS")
	}
	return u, nil
}

func (s *Service) dialer() *net.Dialer {
	return &net.Dialer{Timeout: s.config.Timeout, ControlContext: s.guard.control}
}

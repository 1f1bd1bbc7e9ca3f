package httpd

import (
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/network"
)

// maxForwards bounds how many addresses of X-Forwarded-For are looked at, from the nearest on.
const maxForwards = 16

// proxies are the machines whose forwarding headers are believed: anybody else can write what he likes in them.
type proxies []netip.Prefix

// ParseProxies reads addresses and networks, such as 127.0.0.1 and 10.0.0.0/8. BAD_USER_INPUT for any other text.
func ParseProxies(texts []string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, text := range texts {
		block, err := network.Parse(text)
		if err != nil {
			return nil, fault.New(fault.BadInput,
				"KEYTRAIL_TRUSTED_PROXIES names %.80q: write addresses or networks, such as 127.0.0.1 or 10.0.0.0/8.", text)
		}
		all = append(all, block)
	}
	return all, nil
}

func (p proxies) trusts(host string) bool {
	address, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	for _, prefix := range p {
		if prefix.Contains(address.Unmap().WithZone("")) {
			return true
		}
	}
	return false
}

// client is the address that a request comes from: that of the connection or, behind trusted proxies, the nearest in
// X-Forwarded-For that is none of them. What stands before it was written by whoever has that address.
func (p proxies) client(r *http.Request) string {
	host := peerOf(r)
	forwarded := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for n := 0; n < maxForwards && len(forwarded) > 0 && p.trusts(host); n++ {
		last := len(forwarded) - 1
		address, err := netip.ParseAddr(strings.TrimSpace(forwarded[last]))
		if err != nil {
			return host
		}
		host, forwarded = address.Unmap().WithZone("").String(), forwarded[:last]
	}
	return host
}

// secure reports whether a request came over TLS, here or at a trusted proxy, whose last word on it counts.
func (p proxies) secure(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	schemes := strings.Split(strings.Join(r.Header.Values("X-Forwarded-Proto"), ","), ",")
	return p.trusts(peerOf(r)) && strings.EqualFold(strings.TrimSpace(schemes[len(schemes)-1]), "https")
}

func peerOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

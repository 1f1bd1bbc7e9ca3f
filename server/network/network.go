// Package network reads addresses and blocks of addresses as people write them.
package network

import "net/netip"

// Parse reads a block in CIDR notation (RFC 4632, RFC 4291), or an address as a block of its own. IPv4 that is written as
// IPv6 (::ffff:10.0.0.0/104) becomes IPv4, as which addresses are compared; bits behind the block's own are dropped. The
// error is for any other text, an address with a zone included.
func Parse(text string) (netip.Prefix, error) {
	if address, err := netip.ParseAddr(text); err == nil && address.Zone() == "" {
		address = address.Unmap()
		return netip.PrefixFrom(address, address.BitLen()), nil
	}
	block, err := netip.ParsePrefix(text)
	if bits := block.Bits() - 96; block.Addr().Is4In6() && bits >= 0 {
		block = netip.PrefixFrom(block.Addr().Unmap(), bits)
	}
	return block.Masked(), err
}

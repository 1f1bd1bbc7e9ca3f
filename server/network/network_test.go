package network

import "testing"

func TestBlocksAreReadAsAddressesAreCompared(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"10.1.2.3": "10.1.2.3/32", "::1": "::1/128", "::ffff:10.1.2.3": "10.1.2.3/32", "10.1.2.3/8": "10.0.0.0/8",
		"::ffff:10.1.2.3/104": "10.0.0.0/8", "::ffff:0.0.0.0/96": "0.0.0.0/0", "::ffff:10.0.0.0/95": "::fffe:0:0/95", "fd00::1/8": "fd00::/8",
	} {
		if got, err := Parse(text); err != nil || got.String() != want {
			t.Errorf("%s is read as %s, %v; want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "10.0.0.0/33", "fe80::1%eth0", "fe80::1%eth0/64", "10.0.0", "host", " 10.0.0.1"} {
		if got, err := Parse(text); err == nil {
			t.Errorf("%q is read as %s", text, got)
		}
	}
}

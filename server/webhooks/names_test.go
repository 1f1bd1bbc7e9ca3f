package webhooks_test

import (
	"net"
	"net/netip"
	"os"
	"testing"
)

type netipPrefix = netip.Prefix

// machineName gives a name, other than localhost, that leads to a private address or to this machine.
func machineName(t *testing.T) string {
	t.Helper()
	name, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := net.DefaultResolver.LookupNetIP(t.Context(), "ip", name); err != nil {
		t.Fatalf("this machine's own name leads nowhere: %v", err)
	}
	return name
}

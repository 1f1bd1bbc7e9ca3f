package tokens

import (
	"math/big"
	"regexp"
	"strings"
	"testing"
)

func TestEveryTokenIsFoundByThePatternOfScannersAndIsWellFormed(t *testing.T) {
	pattern := regexp.MustCompile(Pattern)
	seen := map[string]bool{}
	for range 1000 {
		secret := newSecret()
		if !wellFormed(secret) || pattern.FindString("token="+secret+"\n") != secret || seen[secret] {
			t.Fatalf("%q is malformed, is not found, or came twice", secret)
		}
		seen[secret] = true
	}
}

func TestATokenWithAnyCharacterChangedIsMalformed(t *testing.T) {
	secret := newSecret()
	for i := range secret {
		other := "0"
		if secret[i] == '0' {
			other = "1"
		}
		if changed := secret[:i] + other + secret[i+1:]; wellFormed(changed) {
			t.Errorf("%q is well formed", changed)
		}
	}
	for _, bad := range []string{"", "ktr_", secret + "0", secret[1:], strings.ToUpper(secret)} {
		if wellFormed(bad) {
			t.Errorf("%q is well formed", bad)
		}
	}
}

func TestBase62KeepsLeadingZerosAndTheOrderOfNumbers(t *testing.T) {
	for n, want := range map[int64]string{0: "000", 9: "009", 10: "00A", 36: "00a", 61: "00z", 62: "010"} {
		if got := inBase62(big.NewInt(n), 3); got != want {
			t.Errorf("%d is written as %s; want %s", n, got, want)
		}
	}
}

func TestNetworksAllowWhatLiesInThem(t *testing.T) {
	networks, err := tidyNetworks([]string{"10.1.2.3/8", "::ffff:192.0.2.7", "2001:db8::/32", "10.0.0.0/8", "::ffff:172.16.0.0/108"})
	if err != nil || strings.Join(networks, " ") != "10.0.0.0/8 172.16.0.0/12 192.0.2.7/32 2001:db8::/32" {
		t.Fatalf("%v, %v", networks, err)
	}
	for ip, want := range map[string]bool{
		"10.9.9.9": true, "::ffff:10.9.9.9": true, "192.0.2.7": true, "192.0.2.8": false, "2001:db8::5": true, "2001:db9::5": false, "": false, "pipe": false,
	} {
		if got := allows(networks, ip); got != want {
			t.Errorf("%q: %v", ip, got)
		}
	}
	if !allows(nil, "") {
		t.Error("no networks must allow every address")
	}
}

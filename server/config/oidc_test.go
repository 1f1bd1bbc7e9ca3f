package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/server/access"
)

func validOIDC() OIDC {
	return OIDC{
		OIDCIssuer: "https://login.example.org", OIDCClientID: "keytrail", OIDCLabel: "Example Org",
		OIDCRedirectURL: "https://keys.example.org/auth/oidc/callback", OIDCLink: "email", OIDCCreateRole: "member",
	}
}

func TestSettingsOfAProviderThatCannotWorkAreNamed(t *testing.T) {
	for name, change := range map[string]func(*OIDC){
		"KEYTRAIL_OIDC_ISSUER":       func(o *OIDC) { o.OIDCIssuer = "http://login.example.org" },
		"KEYTRAIL_OIDC_CLIENT_ID":    func(o *OIDC) { o.OIDCClientID = "" },
		"KEYTRAIL_OIDC_REDIRECT_URL": func(o *OIDC) { o.OIDCRedirectURL = "https://keys.example.org/" },
		"KEYTRAIL_OIDC_CREATE_ROLE":  func(o *OIDC) { o.OIDCCreateRole = "admin" },
	} {
		o := validOIDC()
		change(&o)
		if err := o.Validate(); err == nil || !strings.HasPrefix(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, role := range access.TokenRoles() {
		o := validOIDC()
		o.OIDCCreateRole = role
		if err := o.Validate(); err == nil || !strings.Contains(err.Error(), "a role of programs") {
			t.Errorf("accounts of the role %s: %v", role, err)
		}
	}
	for _, works := range []OIDC{{}, validOIDC()} {
		if err := works.Validate(); err != nil {
			t.Error(err)
		}
	}
}

func TestTheSecretOfAClientComesFromItsFile(t *testing.T) {
	o := validOIDC()
	if secret, err := o.OIDCSecret(); secret != "" || err != nil {
		t.Errorf("a public client has the secret %q, %v", secret, err)
	}
	o.OIDCSecretFile = filepath.Join(t.TempDir(), "secret")
	if _, err := o.OIDCSecret(); err == nil {
		t.Error("a missing file passes")
	}
	if err := os.WriteFile(o.OIDCSecretFile, []byte("s3cret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if secret, err := o.OIDCSecret(); secret != "s3cret" || err != nil {
		t.Errorf("%q, %v", secret, err)
	}
}

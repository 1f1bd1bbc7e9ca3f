package config

import (
	"net/url"
	"os"
	"slices"
	"strings"
)

// OIDC lets people sign in with an identity provider that speaks OpenID Connect. It is off without an issuer.
type OIDC struct {
	OIDCIssuer      string `name:"oidc-issuer" help:"Identity provider to sign in with: its issuer, such as https://login.example.org/realms/main. Empty offers none." env:"KEYTRAIL_OIDC_ISSUER"`
	OIDCClientID    string `name:"oidc-client-id" help:"The name under which the provider knows keytrail." env:"KEYTRAIL_OIDC_CLIENT_ID"`
	OIDCSecretFile  string `name:"oidc-client-secret-file" help:"File with the secret that the provider gave for it. Empty for a public client." env:"KEYTRAIL_OIDC_CLIENT_SECRET_FILE" type:"path"`
	OIDCRedirectURL string `name:"oidc-redirect-url" help:"Where the provider sends people back to: keytrail's own address with /auth/oidc/callback." env:"KEYTRAIL_OIDC_REDIRECT_URL"`
	OIDCLabel       string `name:"oidc-label" help:"What the button on the sign-in page calls the provider." default:"OpenID Connect" env:"KEYTRAIL_OIDC_LABEL"`
	OIDCLink        string `name:"oidc-link" help:"Which account a user of the provider gets who was not here before: none (an account must be linked already) or email (the account of the person with the same verified e-mail address, unless it has a second factor)." default:"none" enum:"none,email" env:"KEYTRAIL_OIDC_LINK"`
	OIDCCreateRole  string `name:"oidc-create-role" help:"Role of the account that is made for whoever has none. Empty refuses him." env:"KEYTRAIL_OIDC_CREATE_ROLE"`
}

// OIDCCallbackPath ends the address to which the provider sends people back.
const OIDCCallbackPath = "/auth/oidc/callback"

// Enabled reports whether there is an identity provider.
func (o OIDC) Enabled() bool { return o.OIDCIssuer != "" }

// Validate checks the settings.
func (o OIDC) Validate() error {
	if !o.Enabled() {
		return nil
	}
	if !secureURL(o.OIDCIssuer) {
		return invalid("KEYTRAIL_OIDC_ISSUER", "is no address with https: write one such as https://login.example.org")
	}
	if o.OIDCClientID == "" {
		return invalid("KEYTRAIL_OIDC_CLIENT_ID", "is empty: write the name that the provider gave")
	}
	if !secureURL(o.OIDCRedirectURL) || !strings.HasSuffix(o.OIDCRedirectURL, OIDCCallbackPath) {
		return invalid("KEYTRAIL_OIDC_REDIRECT_URL", "is not keytrail's address: write one such as https://keys.example.org%s", OIDCCallbackPath)
	}
	if slices.Contains([]string{"root", "admin"}, o.OIDCCreateRole) {
		return invalid("KEYTRAIL_OIDC_CREATE_ROLE", "is %s: accounts that are made by themselves may not manage keytrail", o.OIDCCreateRole)
	}
	if slices.Contains([]string{"integrator", "screen", "wall", "workstation"}, o.OIDCCreateRole) {
		return invalid("KEYTRAIL_OIDC_CREATE_ROLE", "is %s, a role of programs: write one of people, such as member", o.OIDCCreateRole)
	}
	return nil
}

const maxSecret = 4096

// OIDCSecret reads the client's secret, "" for a public client.
func (o OIDC) OIDCSecret() (string, error) {
	if o.OIDCSecretFile == "" {
		return "", nil
	}
	text, err := os.ReadFile(o.OIDCSecretFile)
	secret := strings.TrimSpace(string(text))
	if err != nil || secret == "" || len(secret) > maxSecret {
		return "", invalid("KEYTRAIL_OIDC_CLIENT_SECRET_FILE", "cannot be read or holds no secret: put the secret alone into it")
	}
	return secret, nil
}

// secureURL wants https, but for this machine itself.
func secureURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname()))
}

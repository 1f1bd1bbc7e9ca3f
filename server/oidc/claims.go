package oidc

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/keytrail/keytrail/server/signin"
)

// claims are the standard claims that keytrail reads (OpenID Connect Core 1.0, section 5.1).
type claims struct {
	Email    string `json:"email"`
	Verified truth  `json:"email_verified"`
	Name     string `json:"name"`
	Username string `json:"preferred_username"`
}

// truth is a boolean, which some providers write as a string.
type truth bool

// UnmarshalJSON implements json.Unmarshaler.
func (t *truth) UnmarshalJSON(text []byte) error {
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return err
	}
	*t = value == true || value == "true"
	return nil
}

// fetch asks the provider for claims that it left out of the token, where it has a place to ask. Without an answer about
// this very user (OpenID Connect Core 1.0, section 5.3.2) the token's own claims have to do.
func (c *claims) fetch(ctx context.Context, provider *oidc.Provider, token *oauth2.Token, subject string) error {
	if provider.UserInfoEndpoint() == "" {
		return nil
	}
	info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return err
	}
	if info.Subject != subject {
		return errors.New("oidc: the provider's user info is about somebody else")
	}
	return info.Claims(c)
}

func (c *claims) identity(label string, token *oidc.IDToken) *signin.ExternalIdentity {
	who := &signin.ExternalIdentity{Provider: label, Issuer: token.Issuer, Subject: token.Subject, Name: c.Name, Username: c.Username}
	if c.Verified {
		who.Email = c.Email
	}
	return who
}

package oidc

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"

	"golang.org/x/oauth2"
)

const (
	pendingCookie = "keytrail_oidc"
	// pendingFor is how long a person may take at the provider.
	pendingFor = 10 * time.Minute
)

// pending is a sign-in that was begun. It lies in a cookie of the browser that began it, so that any process can
// finish it and nobody else's browser can.
type pending struct {
	State    string `json:"s"`
	Nonce    string `json:"n"`
	Verifier string `json:"v"`
	Return   string `json:"r"`
}

func newPending(back string) *pending {
	return &pending{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Return: back}
}

func (h *Handler) keep(w http.ResponseWriter, p *pending) {
	text, _ := json.Marshal(p) // strings only
	h.setCookie(w, base64.RawURLEncoding.EncodeToString(text), int(pendingFor/time.Second))
}

// take gives what the browser kept, once.
func (h *Handler) take(w http.ResponseWriter, r *http.Request) (*pending, bool) {
	cookie, err := r.Cookie(pendingCookie)
	if err != nil {
		return nil, false
	}
	h.setCookie(w, "", -1)
	text, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil {
		return nil, false
	}
	var p pending
	if err := json.Unmarshal(text, &p); err != nil || p.State == "" || p.Nonce == "" || p.Verifier == "" {
		return nil, false
	}
	p.Return = localPath(p.Return)
	return &p, true
}

func (h *Handler) setCookie(w http.ResponseWriter, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{
		Name: pendingCookie, Value: value, Path: "/auth/oidc/", MaxAge: maxAge, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: h.config.SecureCookie,
	})
}

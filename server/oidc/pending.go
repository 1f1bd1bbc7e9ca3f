package oidc

import (
	"cmp"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

const (
	// pendingCookie is how the names of cookies begin; the state ends them, so that each tab finishes its own sign-in.
	pendingCookie = "keytrail_oidc_"
	// pendingFor is how long a person may take at the provider.
	pendingFor = 10 * time.Minute
	// maxPending and maxPendingBytes bound what a browser keeps: proxies take 8 KiB of cookies. Older ones go first.
	maxPending      = 5
	maxPendingBytes = 6 << 10
)

// pending is a sign-in that was begun. It lies in a cookie of the browser that began it, so that any process can
// finish it and nobody else's browser can.
type pending struct {
	State    string `json:"s"`
	Nonce    string `json:"n"`
	Verifier string `json:"v"`
	Return   string `json:"r"`
	// Begun is in milliseconds since 1970.
	Begun int64 `json:"b"`
}

func newPending(back string) *pending {
	return &pending{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Return: back, Begun: time.Now().UnixMilli()}
}

// keep gives the browser what it needs to come back, and takes from it the oldest of what there is no room for.
func (h *Handler) keep(w http.ResponseWriter, r *http.Request, p *pending) {
	text, _ := json.Marshal(p) // strings and a number only
	value := base64.RawURLEncoding.EncodeToString(text)
	name := pendingCookie + p.State
	room, size := maxPending-1, maxPendingBytes-len(name)-len(value)
	for _, cookie := range newestFirst(r) {
		room, size = room-1, size-len(cookie.Name)-len(cookie.Value)
		if room < 0 || size < 0 {
			h.setCookie(w, cookie.Name, "", -1)
		}
	}
	h.setCookie(w, name, value, int(pendingFor/time.Second))
}

// newestFirst gives the cookies of sign-ins that the browser began, those that say nothing last.
func newestFirst(r *http.Request) []*http.Cookie {
	cookies := slices.DeleteFunc(r.Cookies(), func(c *http.Cookie) bool { return !strings.HasPrefix(c.Name, pendingCookie) })
	begun := make(map[*http.Cookie]int64, len(cookies))
	for _, c := range cookies {
		if p, good := readPending(c); good {
			begun[c] = p.Begun
		}
	}
	slices.Reverse(cookies) // browsers send the oldest first
	slices.SortStableFunc(cookies, func(a, b *http.Cookie) int { return cmp.Compare(begun[b], begun[a]) })
	return cookies
}

// take gives what the browser kept of the sign-in with a state, once. What other tabs began stays.
func (h *Handler) take(w http.ResponseWriter, r *http.Request, state string) (*pending, bool) {
	cookie, err := r.Cookie(pendingCookie + state)
	if err != nil {
		return nil, false
	}
	h.setCookie(w, cookie.Name, "", -1)
	p, good := readPending(cookie)
	if !good || subtle.ConstantTimeCompare([]byte(state), []byte(p.State)) != 1 {
		return nil, false
	}
	if time.Since(time.UnixMilli(p.Begun)) > pendingFor {
		return nil, false
	}
	p.Return = localPath(p.Return)
	return p, true
}

func readPending(cookie *http.Cookie) (*pending, bool) {
	text, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil {
		return nil, false
	}
	var p pending
	if err := json.Unmarshal(text, &p); err != nil || p.State == "" || p.Nonce == "" || p.Verifier == "" {
		return nil, false
	}
	return &p, true
}

func (h *Handler) setCookie(w http.ResponseWriter, name, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/auth/oidc/", MaxAge: maxAge, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: h.config.SecureCookie,
	})
}

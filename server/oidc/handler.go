// Package oidc lets people sign in with an identity provider (OpenID Connect Core 1.0, authorization code flow with
// PKCE, RFC 7636). It proves who came back from there; signin decides which account he gets.
package oidc

import (
	"context"
	"crypto/subtle"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/signin"
)

// StartPath begins a sign-in.
const StartPath = "/auth/oidc/start"

const (
	callbackPath = "/auth/oidc/callback"
	// providerTimeout bounds each exchange with the provider.
	providerTimeout = 10 * time.Second
	maxReturn       = 2048
)

// Config is the identity provider.
type Config struct {
	Issuer, ClientID, ClientSecret, RedirectURL string
	// Label is the provider's name for people.
	Label string
	// SecureCookie keeps browsers from sending cookies over plain HTTP.
	SecureCookie bool
}

// Handler answers below /auth/oidc/. It is safe for concurrent use.
type Handler struct {
	config Config
	signin *signin.Service
	log    *slog.Logger
	client *http.Client
	mux    *http.ServeMux

	provider atomic.Pointer[oidc.Provider] // nil until the provider was asked
	asking   singleflight.Group
}

// New makes the handler. The provider is asked for its addresses and keys at the first sign-in.
func New(config Config, s *signin.Service, log *slog.Logger) *Handler {
	h := &Handler{config: config, signin: s, log: log, client: &http.Client{Timeout: providerTimeout}, mux: http.NewServeMux()}
	h.mux.HandleFunc("GET "+StartPath, h.start)
	h.mux.HandleFunc("GET "+callbackPath, h.callback)
	return h
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	h.mux.ServeHTTP(w, r)
}

// flow gives the provider and how to talk to it.
func (h *Handler) flow(ctx context.Context) (*oidc.Provider, *oauth2.Config, error) {
	provider, err := h.ask(ctx)
	if err != nil {
		return nil, nil, err
	}
	return provider, &oauth2.Config{
		ClientID: h.config.ClientID, ClientSecret: h.config.ClientSecret, RedirectURL: h.config.RedirectURL,
		Endpoint: provider.Endpoint(), Scopes: []string{oidc.ScopeOpenID, "profile", "email"},
	}, nil
}

// ask asks the provider for its addresses and keys, once. While it does not answer, all who wait share one question, and
// nobody waits longer for it than he wants to.
func (h *Handler) ask(ctx context.Context) (*oidc.Provider, error) {
	if provider := h.provider.Load(); provider != nil {
		return provider, nil
	}
	asked := h.asking.DoChan("", func() (any, error) {
		// The provider keeps this context to fetch new keys with; the client bounds each request.
		provider, err := oidc.NewProvider(oidc.ClientContext(context.Background(), h.client), h.config.Issuer)
		if err == nil {
			h.provider.Store(provider)
		}
		return provider, err
	})
	select {
	case one := <-asked:
		provider, _ := one.Val.(*oidc.Provider)
		return provider, one.Err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// start sends the browser to the provider.
func (h *Handler) start(w http.ResponseWriter, r *http.Request) {
	_, flow, err := h.flow(r.Context())
	if r.Context().Err() != nil {
		return // nobody waits any more
	}
	if err != nil {
		h.log.ErrorContext(r.Context(), "the identity provider does not answer", "error", err)
		h.leave(w, r, "error")
		return
	}
	pending := newPending(localPath(r.URL.Query().Get("return")))
	h.keep(w, r, pending)
	http.Redirect(w, r, flow.AuthCodeURL(pending.State, oidc.Nonce(pending.Nonce), oauth2.S256ChallengeOption(pending.Verifier)), http.StatusFound)
}

// callback takes the browser back from the provider.
func (h *Handler) callback(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	pending, begun := h.take(w, r, query.Get("state"))
	if !begun {
		h.fail(w, r, signin.ReasonNotVerifiable, errors.New("oidc: the state is none that this browser was given within 10 minutes"))
		return
	}
	if query.Get("error") != "" {
		h.fail(w, r, signin.ReasonRefusedByProvider, nil)
		return
	}
	who, err := h.identity(r.Context(), query.Get("code"), pending)
	if err != nil {
		h.fail(w, r, signin.ReasonNotVerifiable, err)
		return
	}
	if _, err := h.signin.SignInExternal(r.Context(), *who, request.From(r.Context()).Origin); err != nil {
		h.refused(w, r, err)
		return
	}
	http.Redirect(w, r, pending.Return, http.StatusSeeOther)
}

// identity exchanges the code and verifies what the provider says.
func (h *Handler) identity(ctx context.Context, code string, pending *pending) (*signin.ExternalIdentity, error) {
	provider, flow, err := h.flow(ctx)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, h.client), providerTimeout)
	defer cancel()
	token, err := flow.Exchange(ctx, code, oauth2.VerifierOption(pending.Verifier))
	if err != nil {
		return nil, withoutBody(err)
	}
	raw, _ := token.Extra("id_token").(string)
	idToken, err := provider.Verifier(&oidc.Config{ClientID: h.config.ClientID}).Verify(ctx, raw)
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare([]byte(idToken.Nonce), []byte(pending.Nonce)) != 1 {
		return nil, errors.New("oidc: the nonce is not the one that was sent")
	}
	var c claims
	if err := idToken.Claims(&c); err != nil {
		return nil, err
	}
	if c.Email == "" {
		if err := c.fetch(ctx, provider, token, idToken.Subject); err != nil {
			h.log.WarnContext(ctx, "the identity provider's user info is not used", "error", err)
		}
	}
	return c.identity(h.config.Label, idToken), nil
}

// withoutBody keeps what the provider answered out of the log: it may repeat the code.
func withoutBody(err error) error {
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) {
		return errors.New("oidc: the provider refused the code: " + refused.ErrorCode)
	}
	return err
}

// fail records a failure that signin has not seen, and sends the browser to the sign-in page.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, reason string, err error) {
	if err != nil {
		h.log.WarnContext(r.Context(), "a sign-in with the identity provider failed", "error", err)
	}
	if err := h.signin.FailedExternal(r.Context(), h.config.Label, reason, request.From(r.Context()).Origin); err != nil {
		h.log.ErrorContext(r.Context(), "a failed sign-in with the identity provider could not be recorded", "error", err)
	}
	if reason == signin.ReasonRefusedByProvider {
		h.leave(w, r, "refused")
		return
	}
	h.leave(w, r, "error")
}

func (h *Handler) refused(w http.ResponseWriter, r *http.Request, err error) {
	switch fault.KindOf(err) {
	case fault.NotFound:
		h.leave(w, r, "not_linked")
	case fault.Forbidden:
		h.leave(w, r, "disabled")
	case fault.RateLimited: // as anybody can bring about
		h.log.WarnContext(r.Context(), "a sign-in with the identity provider was put off", "error", err)
		h.leave(w, r, "busy")
	default:
		h.log.ErrorContext(r.Context(), "a sign-in with the identity provider failed", "error", err)
		h.leave(w, r, "error")
	}
}

// leave sends the browser to the sign-in page, which says why.
func (h *Handler) leave(w http.ResponseWriter, r *http.Request, why string) {
	http.Redirect(w, r, "/sign-in?failed="+why, http.StatusSeeOther)
}

// localPath gives a path of this app, "/" for what leads elsewhere.
func localPath(text string) string {
	u, err := url.Parse(text)
	if err != nil || len(text) > maxReturn || u.Scheme != "" || u.Host != "" || u.Opaque != "" ||
		!strings.HasPrefix(text, "/") || strings.HasPrefix(text, "//") || strings.ContainsAny(text, "\\\r\n\t") ||
		strings.HasPrefix(u.Path, "//") || strings.HasPrefix(u.Path, "/auth/") {
		return "/"
	}
	return text
}

package httpd

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/request"
)

// originGuard refuses what another site's page sends in the name of its visitor.
type originGuard struct {
	mutations *http.CrossOriginProtection
	trusted   []string
}

func newOriginGuard(trusted []string) (*originGuard, error) {
	g := &originGuard{mutations: http.NewCrossOriginProtection(), trusted: trusted}
	for _, origin := range trusted {
		if err := g.mutations.AddTrustedOrigin(origin); err != nil {
			return nil, fault.Wrap(err, fault.BadInput, "KEYTRAIL_WEB_ORIGINS names %q: %v.", origin, err)
		}
	}
	g.mutations.SetDenyHandler(http.HandlerFunc(denyOrigin))
	return g, nil
}

func (g *originGuard) wrap(next http.Handler) http.Handler {
	guarded := g.mutations.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if upgrades(r) && !g.mayUpgrade(r) {
			denyOrigin(w, r)
			return
		}
		if g.preflight(w, r) {
			return
		}
		if _, given := request.Bearer(r); given { // no browser sends it by itself, and no cookie counts beside it
			next.ServeHTTP(w, r)
			return
		}
		guarded.ServeHTTP(w, r)
	})
}

// mayUpgrade checks a websocket's Origin: browsers send it always and cross-origin rules do not cover an upgrade.
// Programs that are no browsers send none.
func (g *originGuard) mayUpgrade(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" || slices.Contains(g.trusted, origin) {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && strings.EqualFold(u.Host, r.Host)
}

// preflight answers CORS for trusted origins, and reports whether the request is thereby done.
func (g *originGuard) preflight(w http.ResponseWriter, r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" || !slices.Contains(g.trusted, origin) {
		return false
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Allow-Credentials", "true")
	h.Add("Vary", "Origin")
	if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
		return false
	}
	h.Set("Access-Control-Allow-Methods", "GET, POST")
	h.Set("Access-Control-Allow-Headers", "Content-Type, Authorization, Accept, Accept-Language")
	h.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
	return true
}

func denyOrigin(w http.ResponseWriter, r *http.Request) {
	writeError(w, r, http.StatusForbidden, fault.New(fault.Forbidden,
		"Requests from pages of another site are refused. An operator can allow the site with KEYTRAIL_WEB_ORIGINS."))
}

func upgrades(r *http.Request) bool { return r.Header.Get("Upgrade") != "" }

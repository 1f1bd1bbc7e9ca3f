// Package httpaudit records requests: those that a server answers (Middleware) and those that a program sends
// (Transport). Secrets are masked before anything is recorded; everything that belongs to one request lies in its
// context and in values of its own, so that requests never mix.
package httpaudit

import (
	"cmp"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/keytrail/keytrail/audit"
)

const defaultBody = 8 << 10

// Options say what of requests is recorded. The zero value records all of them, with bodies up to 8 KiB.
type Options struct {
	// Service names what answers (Middleware) or what is called (Transport).
	Service string
	// Include and Exclude are patterns of paths, in which * stands for anything, such as /api/*. Without Include
	// everything is recorded; Exclude wins. For Transport they match host and path: api.example.org/*.
	Include, Exclude []string
	// BodyBytes is up to what size bodies are recorded: 0 means 8 KiB, less than 0 none. A larger one is told by its size
	// only, since secrets in half a document cannot be found. Only JSON, forms and plain texts in which no secret's name
	// stands are recorded; of XML, CSV, YAML, GraphQL and all others the size is.
	BodyBytes int
	// Masks are what is secret; nil means audit.NewMasks().
	Masks *audit.Masks
	// MaskPaths are patterns with one group each, which is secret, such as ^/reset/([^/]+). They hold for the paths in the
	// headers Referer, Location and Content-Location, too.
	MaskPaths []*regexp.Regexp
	// ClientIP tells from where a request comes; nil takes the connection's other end. Behind a proxy, read the header
	// that your proxy sets, and believe only your proxy.
	ClientIP func(*http.Request) string
	// Actor tells who sends a request that was not answered by anybody who called audit.SetActor; nil knows nobody.
	Actor func(*http.Request) audit.Person
	// Logger is told when an event could not be recorded after its request was over; nil means slog.Default().
	Logger *slog.Logger
}

// recording is what all requests share: nothing in it changes.
type recording struct {
	Options
	recorder         audit.Recorder
	include, exclude []*regexp.Regexp
}

func newRecording(recorder audit.Recorder, o Options) *recording {
	o.BodyBytes = cmp.Or(o.BodyBytes, defaultBody)
	o.Logger = cmp.Or(o.Logger, slog.Default())
	if o.Masks == nil {
		o.Masks = audit.NewMasks()
	}
	if o.ClientIP == nil {
		o.ClientIP = remoteIP
	}
	return &recording{Options: o, recorder: recorder, include: patterns(o.Include), exclude: patterns(o.Exclude)}
}

func patterns(globs []string) []*regexp.Regexp {
	compiled := make([]*regexp.Regexp, len(globs))
	for i, glob := range globs {
		compiled[i] = regexp.MustCompile("(?s)^" + strings.ReplaceAll(regexp.QuoteMeta(glob), `\*`, ".*") + "$")
	}
	return compiled
}

// wanted reports whether a place is to be recorded.
func (r *recording) wanted(place string) bool {
	return (len(r.include) == 0 || matches(r.include, place)) && !matches(r.exclude, place)
}

func matches(patterns []*regexp.Regexp, place string) bool {
	for _, p := range patterns {
		if p.MatchString(place) {
			return true
		}
	}
	return false
}

// path gives a path without secrets.
func (r *recording) path(path string) string {
	for _, p := range r.MaskPaths {
		if at := p.FindStringSubmatchIndex(path); len(at) >= 4 && at[2] >= 0 {
			path = path[:at[2]] + audit.Masked + path[at[3]:]
		}
	}
	return r.Masks.Text(path)
}

// headers gives headers without secrets, also in the addresses that some of them are.
func (r *recording) headers(h http.Header) any {
	masked := r.Masks.Pairs(h)
	for _, name := range []string{"Referer", "Location", "Content-Location"} {
		if values := h[name]; len(values) > 0 && masked[name] != audit.Masked {
			list := make([]string, len(values))
			for i, value := range values {
				list[i] = r.address(value)
			}
			masked[name] = strings.Join(list, ", ")
		}
	}
	return pairs(masked)
}

// address gives a URL without secrets.
func (r *recording) address(text string) string {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return audit.Masked
	case u.Opaque != "":
		return r.Masks.Text(text)
	}
	bare := url.URL{Scheme: u.Scheme, Host: u.Host}
	rest := url.URL{RawQuery: u.RawQuery, Fragment: u.Fragment, RawFragment: u.RawFragment}
	return r.Masks.Text(bare.String() + r.path(u.Path) + rest.String())
}

func remoteIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	host, _, _ = strings.Cut(host, "%") // an IPv6 zone
	return host
}

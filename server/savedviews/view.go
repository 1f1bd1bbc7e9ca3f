// Package savedviews keeps the filters of lists that people give names to. They are each person's own.
package savedviews

import (
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
)

// List is a list whose filters can be kept.
type List string

// The lists.
const (
	Timeline List = "TIMELINE"
	SignIns  List = "SIGN_INS"
)

const (
	// MaxViews is how many views a person keeps, of all lists.
	MaxViews = 50
	// maxName is the longest name in characters, maxSearch the longest filter in bytes.
	maxName   = 80
	maxSearch = 2000
)

// View is a filter under a name.
type View struct {
	ID   id.ID
	List List
	Name string
	// Search is the filter as it stands in the app's address, without the question mark.
	Search  string
	SavedAt time.Time
}

// Input is a view to be kept. ID is zero for a new one.
type Input struct {
	ID     id.ID
	List   List
	Name   string
	Search string
}

// check tidies the input. BAD_USER_INPUT names the field that cannot be kept.
func (in *Input) check() error {
	in.Name = norm.NFC.String(strings.Join(strings.Fields(in.Name), " "))
	in.Search = strings.TrimPrefix(in.Search, "?")
	if in.List != Timeline && in.List != SignIns {
		return fault.Field("list", "views are kept of TIMELINE and SIGN_INS")
	}
	if n := utf8.RuneCountInString(in.Name); n == 0 || n > maxName || !utf8.ValidString(in.Name) {
		return fault.Field("name", "name the view with 1 to %d characters", maxName)
	}
	if len(in.Search) > maxSearch || !utf8.ValidString(in.Search) {
		return fault.Field("search", "a filter may have at most %d bytes: leave a condition out", maxSearch)
	}
	if _, err := url.ParseQuery(in.Search); err != nil || strings.ContainsFunc(in.Search, unicode.IsControl) {
		return fault.Field("search", "give the filter as it stands in an address, such as action=key.issued&outcome=FAILURE")
	}
	return nil
}

package audit_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/audit"
	"github.com/keytrail/keytrail/audit/internal/intaketest"
)

type address struct {
	Street string `json:"street" audit:"personal"`
	City   string `json:"city" audit:"plain"`
}

type customer struct {
	ID       int               `json:"id" audit:"plain"`
	Name     string            `json:"name" audit:"personal"`
	Home     address           `json:"home"`
	Work     *address          `json:"office"`
	Lines    []address         `json:"lines"`
	Labels   map[string]string `json:"labels"`
	Since    time.Time         `json:"since" audit:"plain"`
	Password string
	Note     string `audit:"mask"`
	Cache    string `audit:"-"`
	Hidden   string `json:"-"`
	private  string
}

func TestDifferencesFollowTheTagsAlsoInsideNestedValues(t *testing.T) {
	t.Parallel()
	since := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	before := customer{
		ID: 1, Name: "Anna", Home: address{"A 1", "Rīga"}, Lines: []address{{"A", "B"}}, Labels: map[string]string{"a/b": "1", "apiToken": "hidden"},
		Since: since, Password: "hidden", Note: "hidden", Cache: "hidden", Hidden: "hidden", private: "hidden",
	}
	after := before
	after.Home.City, after.Password, after.Note, after.Cache, after.Hidden = "Cēsis", "hidden2", "", "hidden2", "hidden2"
	after.Work, after.Lines = &address{City: "Ogre"}, []address{{"A", "C"}, {"D", "E"}}
	after.Labels = map[string]string{"a/b": "2", "apiToken": "hidden2"}
	d := diff(t, before, after)
	var got []string
	for _, c := range d.Changes {
		got = append(got, fmt.Sprintf("%s %v>%v added=%v removed=%v", c.Path, c.Before, c.After, c.Added, c.Removed))
	}
	want := []string{
		"/Note [masked]>[masked] added=false removed=false",
		"/Password [masked]>[masked] added=false removed=false",
		"/home/city Rīga>Cēsis added=false removed=false",
		"/labels/a~1b 1>2 added=false removed=false",
		"/labels/apiToken [masked]>[masked] added=false removed=false",
		"/lines/0/city B>C added=false removed=false",
		"/lines/1/city <nil>>E added=true removed=false",
		"/lines/1/street <nil>>D added=true removed=false",
		"/office <nil>>map[city:Ogre street:] added=false removed=false",
	}
	if !slices.Equal(got, want) {
		t.Errorf("differences:\n  %s\nwant:\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
	if want := []string{"/home/city", "/lines/0/city", "/lines/1/city"}; !slices.Equal(d.Plain, want) {
		t.Errorf("plain are %q", d.Plain)
	}
	if want := []string{"/lines/1/street", "/office"}; !slices.Equal(d.Personal, want) {
		t.Errorf("personal are %q", d.Personal)
	}
	if same := diff(t, before, before); len(same.Changes) > 0 {
		t.Errorf("nothing changed, and still: %+v", same.Changes)
	}
}

func diff(t testing.TB, before, after any) audit.Differences {
	t.Helper()
	masks := audit.NewMasks()
	was, err := audit.FieldsOf(before, masks)
	if err != nil {
		t.Fatal(err)
	}
	is, err := audit.FieldsOf(after, masks)
	if err != nil {
		t.Fatal(err)
	}
	return audit.Diff(was, is, masks)
}

type employee struct {
	Name  string
	Boss  *employee
	Under []*employee
}

type setting struct {
	Name, Value string
}

// What a table of settings holds is named by its rows.
func TestDifferencesHideAValueOfWhichOnlyItsNeighbourTellsThatItIsSecret(t *testing.T) {
	t.Parallel()
	type settings struct {
		Mail    setting            `json:"mail"`
		Header  [][]string         `json:"header"`
		Nested  []map[string]any   `json:"nested"`
		Renamed map[string]setting `json:"renamed"`
	}
	before := settings{
		Mail: setting{"smtp_password", "hidden"}, Header: [][]string{{"Cookie", "hidden"}, {"Host", "a"}},
		Nested:  []map[string]any{{"key": "api_token", "value": map[string]any{"part": "hidden"}}, {"key": "colour", "value": "red"}},
		Renamed: map[string]setting{"a": {"password", "hidden"}, "b": {"password", "hidden"}},
	}
	after := settings{
		Mail: setting{"smtp_password", "hidden2"}, Header: [][]string{{"Cookie", "hidden2"}, {"Host", "b"}},
		Nested:  []map[string]any{{"key": "api_token", "value": map[string]any{"part": "hidden2"}}, {"key": "colour", "value": "blue"}},
		Renamed: map[string]setting{"a": {"hint", "hidden2"}, "b": {"password", "hidden"}},
	}
	var got []string
	for _, c := range diff(t, before, after).Changes {
		got = append(got, fmt.Sprintf("%s %v>%v", c.Path, c.Before, c.After))
	}
	want := []string{
		"/header/0/1 [masked]>[masked]", "/header/1/1 a>b", "/mail/Value [masked]>[masked]", "/nested/0/value [masked]>[masked]",
		"/nested/1/value red>blue", "/renamed/a/Name password>hint", "/renamed/a/Value [masked]>[masked]",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	whole := struct{ Mail, Header any }{before.Mail, [][]any{{"Cookie", "hidden"}}}
	if text := fmt.Sprint(diff(t, whole, struct{ Mail, Header any }{}).Changes); strings.Contains(text, "hidden") || !strings.Contains(text, "smtp_password") {
		t.Errorf("what something else stands for shows a secret: %s", text)
	}
	if text := fmt.Sprint(diff(t, before, settings{}).Changes); strings.Contains(text, "hidden") {
		t.Errorf("what is removed shows a secret: %s", text)
	}
}

type answered struct {
	Question string `audit:"plain"`
	Answer   string `audit:"mask"`
	Cache    string `audit:"-"`
}

type branch struct {
	answered
	Inner []branch
}

// Maps whose keys are no texts, and what lies deep, follow the tags as everything does.
func TestTagsHoldInMapsOfAnyKeysAndHoweverDeepAValueLies(t *testing.T) {
	t.Parallel()
	secret := answered{"pet", "hidden", "hidden"}
	deep := func(n int) branch {
		one := branch{answered: secret}
		for range n {
			one = branch{Inner: []branch{one}}
		}
		return one
	}
	for name, one := range map[string]any{
		"numbers":   map[int]answered{7: secret},
		"marshaler": map[netip.Addr]*answered{netip.MustParseAddr("::1"): &secret},
		"deep":      deep(10),
		"too deep":  deep(20),
	} {
		d := diff(t, map[string]any{"it": nil}, map[string]any{"it": one})
		if text := fmt.Sprintf("%+v", d.Changes); strings.Contains(text, "hidden") || len(d.Changes) == 0 {
			t.Errorf("%s: %.500s", name, text)
		}
	}
	d := diff(t, map[string]any{"it": map[int]answered{7: secret}}, map[string]any{"it": map[int]answered{7: {"cat", "hidden2", ""}}})
	if text := fmt.Sprintf("%+v", d.Changes); text != "[{Path:/it/7/Answer Before:[masked] After:[masked] Added:false Removed:false} {Path:/it/7/Question Before:pet After:cat Added:false Removed:false}]" {
		t.Error(text)
	}
}

// loud panics when it is written.
type loud struct{ N int }

func (loud) MarshalJSON() ([]byte, error) { panic("hidden") }
func (loud) MarshalText() ([]byte, error) { panic("hidden") }

func TestAValueThatPanicsDoesNotEndTheProgram(t *testing.T) {
	t.Parallel()
	d := diff(t, map[string]any{"it": 1, "by": map[loud]int{}}, map[string]any{"it": loud{}, "by": map[loud]int{{1}: 1}})
	if text := fmt.Sprint(d.Changes); len(d.Changes) != 2 || !strings.Contains(text, "[audit_test.loud that cannot be written]") || strings.Contains(text, "hidden") {
		t.Error(text)
	}
	o := optionsFor(t, intaketest.Start(t))
	o.Strict = true
	if err := open(t, o).Record(t.Context(), audit.Event{Action: "thing.done", Metadata: map[string]any{"it": loud{}}}); !errors.Is(err, audit.ErrInvalid) || strings.Contains(err.Error(), "hidden") {
		t.Error(err)
	}
}

type base struct {
	ID   string
	Name string
}

// The fields of an embedded struct are the outer struct's, as in JSON, and the outer one's own win.
func TestEmbeddedStructsAndPointersToThemAreReadAsJSONWritesThem(t *testing.T) {
	t.Parallel()
	type order struct {
		Name string
		*base
	}
	type bill struct {
		Name string
		base
	}
	d := diff(t, order{"a", &base{"1", "x"}}, order{"b", &base{"2", "y"}})
	if text := fmt.Sprint(d.Changes); text != "[{/ID 1 2 false false} {/Name a b false false}]" {
		t.Error(text)
	}
	if text := fmt.Sprint(diff(t, bill{"a", base{}}, bill{"b", base{}}).Changes); text != "[{/Name a b false false}]" {
		t.Error(text)
	}
	if d := diff(t, order{}, order{}); len(d.Changes) > 0 {
		t.Errorf("%+v", d.Changes)
	}
	type loop struct {
		*loop
		Name string
	}
	itself := &loop{Name: "a"}
	itself.loop = itself
	if d := diff(t, loop{}, itself); len(d.Changes) != 1 {
		t.Errorf("%+v", d.Changes)
	}
	for _, entity := range []any{order{"a", &base{ID: "1"}}, bill{"a", base{ID: "1"}}} {
		var e audit.Event
		if err := e.Describe(entity, audit.NewMasks()); err != nil || e.Entity != "1" {
			t.Errorf("%T is %q, %v", entity, e.Entity, err)
		}
	}
}

func TestAValueThatHoldsItselfEndsWhereItBegins(t *testing.T) {
	t.Parallel()
	boss := &employee{Name: "Anna"}
	for range 20 {
		boss.Under = append(boss.Under, &employee{Name: "Bob", Boss: boss, Under: boss.Under})
	}
	boss.Boss = boss
	d := diff(t, map[string]any{"boss": &employee{}}, map[string]any{"boss": boss})
	if c := d.Changes[0]; c.Path != "/boss/Boss" || c.After != "[cyclic]" || d.More == 0 {
		t.Errorf("%+v and %d more", c, d.More)
	}
	type self *self
	var itself self
	itself = &itself
	if d := diff(t, map[string]any{}, map[string]any{"it": itself}); len(d.Changes) != 1 || d.Changes[0].After != "[cyclic]" {
		t.Errorf("%+v", d.Changes)
	}
}

func TestOfALargeValueWhatIsNotReadIsMarkedAndCountsAsChanged(t *testing.T) {
	t.Parallel()
	const parts = 10_000
	before := make([]int, parts+5)
	after := slices.Clone(before)
	after[5], after[parts+3] = 1, 1
	members := func(list []int) map[string]int {
		byName := map[string]int{}
		for i, one := range list {
			byName[fmt.Sprintf("%05d", i)] = one
		}
		return byName
	}
	for name, pair := range map[string][2]any{"/list/5 /list/9998": {before, after}, "/list/00005 /list/09998": {members(before), members(after)}} {
		d := diff(t, map[string]any{"list": pair[0]}, map[string]any{"list": pair[1]})
		if len(d.Changes) != 2 || d.Changes[0].Path+" "+d.Changes[1].Path != name || d.Changes[1].After != audit.TooLarge {
			t.Errorf("%s: %+v", name, d.Changes)
		}
	}
}

// FuzzDiff: two JSON objects have no differences exactly when they are the same, and each difference is one.
func FuzzDiff(f *testing.F) {
	f.Add(`{"a":1,"b":{"c":[1,2]}}`, `{"a":2,"b":{"c":[1,3,{}]},"d":null}`)
	f.Add(`{"a~/":{}}`, `{"a~/":[]}`)
	f.Add(`{}`, `{"":{}}`)
	f.Fuzz(func(t *testing.T, before, after string) {
		var was, is map[string]any
		if json.Unmarshal([]byte(before), &was) != nil || json.Unmarshal([]byte(after), &is) != nil || was == nil || is == nil {
			return
		}
		d := diff(t, was, is)
		if (len(d.Changes) == 0) != reflect.DeepEqual(was, is) {
			t.Fatalf("%s and %s: %+v", before, after, d.Changes)
		}
		for _, c := range d.Changes {
			if !strings.HasPrefix(c.Path, "/") || c.Added && c.Before != nil || c.Removed && c.After != nil {
				t.Fatalf("%+v", c)
			}
		}
	})
}

func TestMasksHideSecretsWhereverTheyStand(t *testing.T) {
	t.Parallel()
	masks := audit.NewMasks("x-shop-code")
	for given, want := range map[string]string{
		`{"user":{"newPassword":"hidden","cards":["4111-1111-1111-1111"]},"n":1}`: `{"n":1,"user":{"cards":["[masked]"],"newPassword":"[masked]"}}`,
		`api_key=hidden&q=1`:                     `api_key=[masked]&q=1`,
		`user%5Bpassword%5D=hidden`:              `user%5Bpassword%5D=[masked]`,
		`sent Bearer abcdef123456 to it`:         `sent [masked] to it`,
		`eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl`: `[masked]`,
		`card 4111 1111 1111 1111.`:              `card [masked].`,
		`order 4111 1111 1111 1112`:              `order 4111 1111 1111 1112`,
		`X-Shop-Code=hidden`:                     `X-Shop-Code=[masked]`,
		`[{"name":"Cookie","value":"hidden"},{"key":"X-Shop-Code","value":"hidden"},{"name":"Host","value":"x"}]`: `[{"name":"Cookie","value":"[masked]"},{"key":"X-Shop-Code","value":"[masked]"},{"name":"Host","value":"x"}]`,
		`nothing to hide`:  `nothing to hide`,
		`0000000000000000`: `0000000000000000`,
	} {
		if got := masks.Text(given); got != want {
			t.Errorf("%s becomes %s, want %s", given, got, want)
		}
	}
	for _, card := range []any{4111111111111111, int64(4111111111111111), uint64(4111111111111111), float64(4111111111111111)} {
		if got := masks.Value(card); got != audit.Masked {
			t.Errorf("a card's number as %T becomes %v", card, got)
		}
	}
	for _, name := range []string{"Authorization", "Set-Cookie", "cookie", "PASSWORD", "csrf_token", "client-secret", "pin", "X_SHOP_CODE"} {
		if !masks.Hides(name) {
			t.Errorf("%s is shown", name)
		}
	}
	for _, name := range []string{"name", "shipping", "opinion", "company"} {
		if masks.Hides(name) {
			t.Errorf("%s is hidden", name)
		}
	}
}

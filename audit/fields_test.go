package audit_test

import (
	"context"
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

func TestIDsAreUUIDv7InTheOrderOfTime(t *testing.T) {
	t.Parallel()
	last := ""
	for range 3 {
		id := audit.NewID()
		if len(id) != 36 || id[14] != '7' || !strings.ContainsRune("89ab", rune(id[19])) || id[:13] < last {
			t.Errorf("%s after %s", id, last)
		}
		last = id[:13]
	}
}

func TestScopesBelongToOneRequest(t *testing.T) {
	t.Parallel()
	outer := audit.WithScope(t.Context(), audit.Scope{IP: "192.0.2.1"})
	inner := audit.WithActor(outer, audit.Person{ExternalID: "7"})
	if got := audit.ScopeOf(inner); got.IP != "192.0.2.1" || got.Actor.ExternalID != "7" {
		t.Errorf("%+v", got)
	}
	if audit.ScopeOf(outer).Actor.ExternalID != "" {
		t.Error("the outer scope was changed")
	}
	if !audit.SetActor(outer, audit.Person{ExternalID: "8"}) || audit.ScopeOf(outer).Actor.ExternalID != "8" || audit.ScopeOf(inner).Actor.ExternalID != "7" {
		t.Error("the actor was not set where he should be")
	}
	if audit.SetActor(t.Context(), audit.Person{}) {
		t.Error("a context without a scope took an actor")
	}
}

func ExampleTracker() {
	recorder := audit.RecorderFunc(func(_ context.Context, e audit.Event) error { // an *audit.Client in your program
		for _, c := range e.Changes {
			fmt.Println(e.Action, e.EntityType, e.Entity, c.Path, c.Before, "→", c.After)
		}
		return nil
	})
	type Invoice struct {
		ID     int
		Status string `audit:"plain"`
		Payer  string `audit:"personal"`
		IBAN   string `audit:"mask"`
	}
	tracker := audit.Tracker{Recorder: recorder, Module: "billing"}
	before := Invoice{ID: 17, Status: "open", Payer: "Anna", IBAN: "LV80BANK0000435195001"}
	after := before
	after.Status, after.IBAN = "paid", "LV80BANK0000435195002"
	if err := tracker.Update(context.Background(), before, after); err != nil {
		fmt.Println(err)
	}
	// Output:
	// update Invoice 17 /IBAN [masked] → [masked]
	// update Invoice 17 /Status open → paid
}

func TestTrackerRecordsEveryObjectOfABulkChange(t *testing.T) {
	t.Parallel()
	var events []audit.Event
	tracker := audit.Tracker{Recorder: audit.RecorderFunc(func(_ context.Context, e audit.Event) error {
		events = append(events, e)
		return nil
	})}
	one, two := customer{ID: 1}, customer{ID: 2}
	err := tracker.Bulk(t.Context(), audit.Deleted, []audit.Pair{{Before: one}, {Before: &two}})
	if err != nil || len(events) != 2 || events[0].Entity != "1" || events[1].Entity != "2" || events[0].BulkID == "" || events[0].BulkID != events[1].BulkID {
		t.Errorf("%v %+v", err, events)
	}
	if err := tracker.Read(t.Context(), &one); err != nil || events[2].Action != audit.Viewed || len(events[2].Changes) > 0 {
		t.Errorf("%v %+v", err, events[2])
	}
	if err := tracker.Create(t.Context(), 5); err == nil {
		t.Error("a number is an entity")
	}
}

func TestAnIDThatIsMaskedOrOmittedIsAHash(t *testing.T) {
	t.Parallel()
	const hash = "sha256:e564b4081d7a9ea4b00dada53bdae70c"
	type session struct {
		Token string `audit:"id,label"`
	}
	type omitted struct {
		ID string `json:"-"`
	}
	type chosen struct {
		Token string `audit:"plain,id,label"`
	}
	for _, one := range []struct {
		entity    any
		id, label string
	}{
		{session{"hidden"}, hash, ""}, {omitted{"hidden"}, hash, ""}, {session{}, "", ""}, {chosen{"shown"}, "shown", "shown"},
	} {
		var e audit.Event
		if err := e.Describe(one.entity, audit.NewMasks()); err != nil || e.Entity != one.id || e.EntityLabel != one.label {
			t.Errorf("%T is %q %q %v", one.entity, e.Entity, e.EntityLabel, err)
		}
	}
}

func ExampleOpen() {
	client, err := audit.Open(audit.Options{URL: "https://keys.example.org", Token: "", Dir: "/var/lib/shop/audit"})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := audit.WithActor(context.Background(), audit.Person{ExternalID: "7", Name: "Anna"})
	_ = client.Record(ctx, audit.Event{Action: "invoice.approved", EntityType: "Invoice", Entity: "17"})
	_ = client.Close(ctx)
	// Output: audit: URL, Token and Dir are needed
}

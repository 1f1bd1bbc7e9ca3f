package graph_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
)

// rowSelections are selections on an entry that are answered without gqlgen. %s is where a field may be added.
func rowSelections() map[string]string {
	return map[string]string{
		"all plain fields": `edges { cursor node { __typename id seq cursor stream occurredAt recordedAt actor { __typename id name }
  source action entity { type id label __typename } module outcome ip userAgent device location body %s } }`,
		"other names":       `edges { __typename place: cursor node { one: id two: id id who: actor { name } also: actor { id } %s } }`,
		"the node twice":    `edges { a: node { id actor { id } } b: node { seq %s } }`,
		"fragments":         `edges { node { ...Some id ... on LogEntry { module ip } ... on AuthEntry { source } ... { outcome } %s } }`,
		"what is asked if":  `edges { node { id @skip(if: true) seq @include(if: true) action @include(if: false) ... @skip(if: true) { ip } %s } }`,
		"parts of a person": `edges { node { actor { id } actor { name } entity { id } entity { type } %s } }`,
	}
}

// TestPlainRowsAreWhatGqlgenWrites asks each list twice, once with a field that only gqlgen can answer, which is then
// taken out of the answer.
func TestPlainRowsAreWhatGqlgenWrites(t *testing.T) {
	s := graphtest.Seed(t)
	strange := "\"quoted\" \\ \t\r\n\x01\x1f \x7f ā </script> \u2028 😀"
	for _, stream := range ledger.Streams() {
		ledgertest.Append(t, s.DB, s.Ledger,
			ledger.Draft{Stream: stream, Action: "strange", Actor: id.New(), Entity: ledger.Entity{Type: "thing", ID: strange, Label: strange}, Module: strange},
			ledger.Draft{Stream: stream, Action: "nobody", Outcome: ledger.Denied},
			ledger.Draft{Stream: stream, Action: "itself", System: true, Outcome: ledger.Failure},
			ledger.Draft{Stream: stream, Action: "somebody", Actor: s.IDs["janis"], Person: s.IDs["janis"]},
		)
	}
	compared := 0
	for _, who := range []string{"admin", "auditor", "manager", "member"} {
		client := s.As(who)
		for _, list := range []string{"keyLog", "authLog", "activityLog", "workLog", "systemLog", "timeline"} {
			for name, selection := range rowSelections() {
				ask := func(added string) []byte {
					query := fmt.Sprintf("{ %s(first: 100) { %s pageInfo { hasNextPage } } } fragment Some on LogEntry { stream occurredAt }", list, fmt.Sprintf(selection, added))
					if !strings.Contains(selection, "...Some") {
						query, _, _ = strings.Cut(query, " fragment")
					}
					return client.Do(t, query, nil).Text
				}
				ask("") // whose being looked at is recorded now, and not again
				plain, byGqlgen := ask(""), ask("left: review { state }")
				if bytes.HasPrefix(plain, []byte(`{"errors"`)) {
					continue
				}
				if bytes.Contains(byGqlgen, []byte(`"left":null`)) {
					compared++
				}
				if want := bytes.ReplaceAll(byGqlgen, []byte(`,"left":null`), nil); !bytes.Equal(plain, want) {
					t.Errorf("%s as %s, %s:\n%s\nis not what gqlgen writes:\n%s", list, who, name, plain, want)
				}
			}
		}
	}
	if compared < 100 {
		t.Errorf("only %d answers with entries were compared", compared)
	}
}

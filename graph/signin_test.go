package graph_test

import (
	"testing"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/server/ledger"
)

func TestOneOperationTriesOnePassword(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	for name, query := range map[string]string{
		"two names": `mutation {
			a: signIn(input: {username: "admin", password: "wrong one"}) { viewer { roles } }
			b: signIn(input: {username: "admin", password: "wrong two"}) { viewer { roles } }
		}`,
		"a fragment": `mutation {
			signIn(input: {username: "admin", password: "wrong one"}) { viewer { roles } } ...Again
		} fragment Again on Mutation { b: signIn(input: {username: "admin", password: "wrong two"}) { viewer { roles } } }`,
	} {
		if answer := s.Anonymous().Do(t, query, nil); answer.Code() != "TOO_COMPLEX" {
			t.Errorf("%s: %s", name, answer.Text)
		}
	}
	if tries := len(s.Entries(ledger.AuthSignInFailed)); tries != 0 {
		t.Errorf("%d passwords were tried", tries)
	}
}

package graph_test

import (
	"strings"
	"testing"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/server/id"
)

func TestPlacesOutsideAreNamedToThoseWhoSeeTheSystem(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	now := s.Clock.Now()
	for _, statement := range []struct {
		text string
		args []any
	}{
		{"INSERT INTO checkpoint_sink (place, size, kept_at, failing_since, error, reported) VALUES ('/mnt/witness', 30, ?, NULL, '', 0), ('https://witness.example', 0, NULL, ?, 'away', 0)", []any{now, now}},
		{"INSERT INTO verification (id, started_at, finished_at, entries, root, findings, ok) VALUES (?, ?, ?, 30, '', 2, 0)", []any{id.New(), now, now}},
	} {
		if _, err := s.DB.Exec(t.Context(), statement.text, statement.args...); err != nil {
			t.Fatal(err)
		}
	}
	const query = "{ integrity { lastVerification { finishedAt entries ok findings } sinks { name size deliveredAt failing } } }"
	at := now.Format("2006-01-02T15:04:05.000000Z")
	last := `"lastVerification":{"finishedAt":"` + at + `","entries":"30","ok":false,"findings":2}`
	for user, want := range map[string]string{
		"auditor": `"sinks":[{"name":"/mnt/witness","size":"30","deliveredAt":"` + at + `","failing":false},{"name":"https://witness.example","size":null,"deliveredAt":null,"failing":true}]`,
		"member":  `"sinks":[{"name":null,"size":"30","deliveredAt":"` + at + `","failing":false},{"name":null,"size":null,"deliveredAt":null,"failing":true}]`,
	} {
		got := string(s.As(user).Do(t, query, nil).Text)
		if !strings.Contains(got, want) || !strings.Contains(got, last) {
			t.Errorf("%s: %s", user, got)
		}
	}
}

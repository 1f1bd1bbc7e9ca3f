package graph_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/graph/graphtest"
)

func TestFeedsFollowTheirReaderToAnotherDepartment(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	socket := s.As("manager").Socket(t) // of the laboratory, where janis is and peteris is not
	socket.Subscribe("calendar", `subscription { calendarFeed(days: 8) { days { issued } } }`, nil)
	next := func(id string) string {
		t.Helper()
		for {
			if m := socket.Next(); m.ID == id {
				return string(m.Payload)
			}
		}
	}
	first := next("calendar")
	var newest struct {
		Data struct {
			KeyLog struct{ PageInfo struct{ StartCursor string } }
		}
	}
	if err := json.Unmarshal(s.As("manager").Do(t, `{ keyLog(first: 1) { pageInfo { startCursor } } }`, nil).Text, &newest); err != nil {
		t.Fatal(err)
	}
	socket.Subscribe("feed", `subscription($after: Cursor!) { keyFeed(after: $after) { action holder { name } key { number loan { holder { name } } } } }`,
		map[string]any{"after": newest.Data.KeyLog.PageInfo.StartCursor})

	answer := s.As("admin").Do(t, `mutation($p: ID!) { updatePerson(input: {id: $p, department: "Office"}) { person { id } } }`,
		map[string]any{"p": s.IDs["marta"]})
	if answer.Code() != "" {
		t.Fatal(string(answer.Text))
	}
	moved := time.Now()
	if second := next("calendar"); second == first {
		t.Errorf("the calendar is still %s", second)
	}
	if took := time.Since(moved); took > 3*time.Second {
		t.Errorf("the calendar followed after %s", took)
	}
	for key, holder := range map[string]string{"key9": "janis", "key101": "peteris"} {
		s.As("custodian").Do(t, `mutation($k: ID!, $h: ID!) { issueKeys(input: {keys: [$k], holder: $h}) { entries { seq } } }`,
			map[string]any{"k": s.IDs[key], "h": s.IDs[holder]})
	}
	want, err := json.Marshal("Pēteris Lācis")
	if err != nil {
		t.Fatal(err)
	}
	if got := next("feed"); !strings.Contains(got, `"number":"101"`) || strings.Count(got, string(want)) != 2 {
		t.Errorf("the feed gives %s", got)
	}
}

package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/seal"
)

const (
	personShown = `id name email employeeNumber badge roles department { name } openLoans { key { number } }`
	entryShown  = `id seq cursor stream occurredAt recordedAt source action module outcome ip userAgent body comment reason dueAt
		actor { ` + personShown + ` } holder { ` + personShown + ` } entity { type id label }
		key { number state version loan { overdue dueAt holder { ` + personShown + ` } issuedBy { name } } groups { name } }`
	feedOfAll = `subscription($after: Cursor) { keyFeed(after: $after) { ` + entryShown + ` } }`
	newestOf  = `{ keyLog(first: 1) { edges { node { ` + entryShown + ` } } } }`
)

// readers is somebody in every role, twice in each, and people of two departments.
func readers(t *testing.T, s *graphtest.Seeded) []string {
	t.Helper()
	for username, role := range map[string]string{
		"admin2": "admin", "auditor2": "auditor", "custodian2": "custodian", "manager2": "manager", "member2": "member",
	} {
		department := "Office"
		if role == "manager" {
			department = "Laboratory"
		}
		s.Account(s.Person("Another "+role, department), username, role)
	}
	return []string{
		"admin", "admin2", "auditor", "auditor2", "custodian", "custodian2", "manager", "manager2", "member", "member2",
	}
}

// erased gives a person whose key is destroyed, who is known to the server as such.
func erased(t *testing.T, s *graphtest.Seeded) *people.Person {
	t.Helper()
	p := s.Person("Erased Person", "Office")
	s.InTx(func(ctx context.Context, tx *mysql.Tx) error { return s.Seal.Destroy(ctx, tx, seal.Person(p.ID)) })
	if err := s.People.Reread(t.Context(), p.ID); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestWhatFeedsShareIsWhatEachReaderWouldBeShownAlone(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	names := readers(t, s)
	sockets, start := make([]*graphtest.Socket, len(names)), seeded{s}.newest(t)
	for i, name := range names {
		sockets[i] = s.As(name).Socket(t)
		sockets[i].Subscribe("feed", feedOfAll, map[string]any{"after": start})
	}
	shown := map[string]int{}
	gone := erased(t, s)
	entity := ledger.Entity{Type: "key", ID: s.IDs["key10"].String(), Label: "10"}
	for _, about := range []ledger.Draft{
		{Actor: s.IDs["kaspars"], Person: s.IDs["janis"], Department: s.IDs["of Laboratory"]},
		{Actor: s.IDs["kaspars"], Person: s.IDs["kaspars"], Department: s.IDs["of Office"]},
		{Actor: s.IDs["anna"], Person: s.IDs["peteris"], Department: s.IDs["of Office"]},
		{Actor: s.IDs["aivars"], Person: s.IDs["anna"], Department: s.IDs["of Office"]},
		{Actor: s.IDs["marta"], Person: s.IDs["marta"], Department: s.IDs["of Laboratory"]},
		{Actor: s.IDs["anna"], Person: gone.ID, Department: s.IDs["of Office"]},
		{Actor: gone.ID, Person: s.IDs["janis"], Department: s.IDs["of Laboratory"]},
		{Actor: s.IDs["key9"], Person: s.IDs["key11"]}, // nobody knows them
		{System: true},
	} {
		about.Stream, about.Action, about.Entity = ledger.StreamKey, ledger.KeyIssued, entity
		if actor, known := s.People.Find(about.Actor); known && !actor.Erased {
			about.Parts = []ledger.Part{ledger.OriginPart(about.Actor, s.Clock.Now(), ledger.Origin{IP: "192.0.2.9", UserAgent: "curl"})}
		}
		seq := ledgertest.Append(t, s.DB, s.Ledger, about)[0].Seq
		for i, name := range names {
			alone, visible := newestShown(t, s.As(name), seq)
			if !visible {
				continue
			}
			got := nextShown(t, sockets[i])
			if !bytes.Equal(got, alone) {
				t.Errorf("entry %d as %s:\nshared %s\nalone  %s", seq, name, got, alone)
			}
			shown[name]++
		}
	}
	if shown["admin"] < 9 || shown["custodian"] < 9 || shown["manager"] < 3 || shown["member"] < 2 {
		t.Errorf("too little was compared: %v", shown)
	}
}

// settle returns when a socket has read what was sent to it; its operations may not run yet.
func settle(t *testing.T, socket *graphtest.Socket) {
	t.Helper()
	socket.Send(`{"type":"ping"}`)
	expect(t, socket, `{"type":"pong"}`)
}

// newestShown gives what a client is shown of an entry when he asks for it, if he is.
func newestShown(t *testing.T, client *graphtest.Client, seq uint64) (text []byte, visible bool) {
	t.Helper()
	var answer struct {
		Data struct {
			KeyLog struct {
				Edges []struct{ Node json.RawMessage }
			}
		}
	}
	if err := json.Unmarshal(client.Do(t, newestOf, nil).Text, &answer); err != nil {
		t.Fatal(err)
	}
	if len(answer.Data.KeyLog.Edges) == 0 {
		return nil, false
	}
	text = answer.Data.KeyLog.Edges[0].Node
	return text, seqOf(text) == seq
}

func nextShown(t *testing.T, socket *graphtest.Socket) []byte {
	t.Helper()
	var result struct {
		Data   struct{ KeyFeed json.RawMessage }
		Errors json.RawMessage
	}
	m := socket.Next()
	if err := json.Unmarshal(m.Payload, &result); err != nil || m.Type != "next" || result.Errors != nil {
		t.Fatalf("got %s %s, %v", m.Type, m.Payload, err)
	}
	return result.Data.KeyFeed
}

func TestAHistoryInAFeedIsRecordedForEachReader(t *testing.T) {
	t.Parallel()
	const histories = `subscription($after: Cursor) { keyFeed(after: $after) { seq key { history(first: 500) { edges { node { seq } } } } } }`
	s := graphtest.Seed(t)
	s.Account(s.Person("Another admin", "Office"), "admin2", "admin")
	sockets, start := []*graphtest.Socket{s.As("admin").Socket(t), s.As("admin2").Socket(t)}, seeded{s}.newest(t)
	for _, socket := range sockets {
		socket.Subscribe("feed", histories, map[string]any{"after": start})
		settle(t, socket)
	}
	ledgertest.Append(t, s.DB, s.Ledger, ledger.Draft{
		Stream: ledger.StreamKey, System: true, Action: ledger.KeyUpdated, Entity: ledger.Entity{Type: "key", ID: s.IDs["key10"].String(), Label: "10"},
	})
	for _, socket := range sockets {
		if text := nextShown(t, socket); !bytes.Contains(text, []byte(`"history":{"edges":[{`)) {
			t.Fatalf("%s", text)
		}
	}
	viewers := map[string]bool{}
	for _, e := range s.Entries(ledger.LogViewed) {
		if e.Entity.ID == "history" {
			viewers[e.ActorID().String()] = true
		}
	}
	if len(viewers) != 2 {
		t.Errorf("histories are recorded of %v", viewers)
	}
}

func TestAReaderWhoseRightIsTakenAwayGetsNothingThatOthersAreShown(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	s.Account(s.Person("Another auditor", "Office"), "auditor2", "auditor")
	stays, loses, leaves := s.As("auditor2").Socket(t), s.As("auditor").Socket(t), s.As("admin").Socket(t)
	start := seeded{s}.newest(t)
	for _, socket := range []*graphtest.Socket{stays, loses, leaves} {
		socket.Subscribe("feed", keyFeed, map[string]any{"after": start})
	}
	move := func() uint64 {
		return ledgertest.Append(t, s.DB, s.Ledger, ledger.Draft{Stream: ledger.StreamKey, System: true, Action: ledger.KeyUpdated})[0].Seq
	}
	seq := move()
	for _, socket := range []*graphtest.Socket{stays, loses, leaves} {
		if got := seqOf(socket.Next().Payload); got != seq {
			t.Fatalf("got entry %d, not %d", got, seq)
		}
	}
	s.InTx(func(ctx context.Context, tx *mysql.Tx) error {
		return s.Access.SetRoles(ctx, tx, access.System(), s.IDs["aivars"], []string{})
	})
	s.As("admin").Do(t, `mutation { signOut }`, nil)
	began := time.Now()
	var seqs []uint64
	for range 20 {
		seqs = append(seqs, move())
	}
	for _, seq := range seqs {
		if got := seqOf(stays.Next().Payload); got != seq {
			t.Fatalf("who keeps his right got entry %d, not %d", got, seq)
		}
	}
	for socket, code := range map[*graphtest.Socket]string{loses: "FORBIDDEN", leaves: "UNAUTHENTICATED"} {
		if m := socket.Next(); !strings.Contains(string(m.Payload), code) {
			t.Errorf("after the right was gone came %s %s", m.Type, m.Payload)
		}
		expect(t, socket, `{"id":"feed","type":"complete"}`)
		settle(t, socket)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("the feeds ended after %s", took)
	}
}

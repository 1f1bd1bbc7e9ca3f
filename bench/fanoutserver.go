package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

const (
	socketsEach    = 50 // of one session; keytrail allows 64
	keysEach       = 10 // of one writer, in turn: neighbours in an index that are written at once wait for each other
	fanoutDocument = `subscription($after: Cursor) { keyFeed(after: $after) { seq cursor action occurredAt recordedAt entity { id label } actor { name } holder { name department { name } } comment dueAt } }`
	issueDocument  = `mutation($k: ID!, $h: ID!) { issueKeys(input: {keys: [$k], holder: $h, comment: "bench"}) { entries { seq } } }`
	returnDocument = `mutation($k: ID!) { returnKeys(input: {keys: [$k]}) { entries { seq } } }`
)

// fanoutServer is keytrail with sessions enough for all subscribers.
type fanoutServer struct {
	*keytrailProcess
	sessions []*http.Client
	keys     []string
	holder   string
	start    string // the cursor behind which the measured events come
}

func openFanoutServer(ctx context.Context) (fanoutTarget, error) {
	p, err := startKeytrail(ctx, fanoutWriters)
	if err != nil {
		return nil, err
	}
	s := &fanoutServer{keytrailProcess: p, sessions: []*http.Client{p.root}}
	if err := s.prepare(ctx); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// prepare makes a holder and a key for each writer.
func (s *fanoutServer) prepare(ctx context.Context) error {
	var person struct {
		CreatePerson struct{ Person struct{ ID string } }
	}
	const makePerson = `mutation { createPerson(input: {name: "Jānis Bērziņš", department: "Laboratory"}) { person { id } } }`
	if err := s.ask(ctx, s.sessions[0], makePerson, nil, &person); err != nil {
		return err
	}
	s.holder = person.CreatePerson.Person.ID
	for n := range fanoutWriters * keysEach {
		var key struct {
			CreateKey struct{ Key struct{ ID string } }
		}
		const makeKey = `mutation($n: String!) { createKey(input: {number: $n, label: "Room"}) { key { id } } }`
		if err := s.ask(ctx, s.sessions[0], makeKey, map[string]any{"n": strconv.Itoa(100 + n)}, &key); err != nil {
			return err
		}
		s.keys = append(s.keys, key.CreateKey.Key.ID)
	}
	var newest struct {
		KeyLog struct{ PageInfo struct{ EndCursor string } }
	}
	err := s.ask(ctx, s.sessions[0], `{ keyLog(first: 1) { pageInfo { endCursor } } }`, nil, &newest)
	s.start = newest.KeyLog.PageInfo.EndCursor
	return err
}

// publish issues one of the writer's keys, or takes it back.
func (s *fanoutServer) publish(ctx context.Context, writer, n int) (seq uint64, err error) {
	type made struct{ Entries []struct{ Seq string } }
	var answer struct{ IssueKeys, ReturnKeys made }
	document, variables := issueDocument, map[string]any{"k": s.keys[writer*keysEach+n/2%keysEach], "h": s.holder}
	if n%2 == 1 {
		document = returnDocument
	}
	if err := s.ask(ctx, s.sessions[0], document, variables, &answer); err != nil {
		return 0, err
	}
	entries := append(answer.IssueKeys.Entries, answer.ReturnKeys.Entries...)
	if len(entries) != 1 {
		return 0, fmt.Errorf("%d entries were made", len(entries))
	}
	return strconv.ParseUint(entries[0].Seq, 10, 64)
}

// subscribe opens a socket whose feed begins behind what was there before the measured events.
func (s *fanoutServer) subscribe(ctx context.Context, n int) (*subscriber, error) {
	for len(s.sessions) <= n/socketsEach {
		session, err := s.signIn(ctx, fanoutWriters)
		if err != nil {
			return nil, err
		}
		s.sessions = append(s.sessions, session)
	}
	address, err := url.Parse(s.url)
	if err != nil {
		return nil, err
	}
	header := http.Header{}
	for _, cookie := range s.sessions[n/socketsEach].Jar.Cookies(address) {
		header.Add("Cookie", cookie.String())
	}
	dialer := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}, HandshakeTimeout: 10 * time.Second}
	conn, _, err := dialer.DialContext(ctx, "ws"+strings.TrimPrefix(s.url, "http")+"/graphql", header)
	if err != nil {
		return nil, err
	}
	feed, err := json.Marshal(map[string]any{"query": fanoutDocument, "variables": map[string]any{"after": s.start}})
	if err != nil {
		return nil, err
	}
	for _, text := range []string{`{"type":"connection_init"}`, `{"id":"1","type":"subscribe","payload":` + string(feed) + `}`} {
		if err := conn.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
			return nil, err
		}
	}
	if _, _, err := conn.ReadMessage(); err != nil { // the acknowledgement
		return nil, err
	}
	return subscribeOver(conn), nil
}

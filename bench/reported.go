package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

const (
	// streamsOfOne is how many calls of one token keytrail takes in at once.
	streamsOfOne    = 8
	recordDocument  = `mutation($e: [ActivityInput!]!) { recordActivity(events: $e) { recorded } }`
	tokenDocument   = `mutation($n: String!) { createApiToken(input: {name: $n, role: "integrator", source: "bench"}) { token } }`
	streamedAnswers = 64 << 10
)

// reported is W2 and W1 as programs report, to keytrail serve with all that it does for them. One event at a time from 32 clients,
// each waiting until it is on disk, is a call of recordActivity, or a line of a call of /intake/activity that stays open, whose
// answer is awaited before the next line is sent. Then come calls of 500 lines from 4 clients.
func reported(ctx context.Context) error {
	s, err := openReported(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	err = s.measureReports(ctx, singleClients, 1, []contender{
		{"keytrail serve: a line of an open call, and its answer", s.processes(), s.line},
		{"keytrail serve: a call of recordActivity", s.processes(), s.mutation},
		{"floor: net/http and INSERT", s.processes(), s.floorOverHTTP.recordOne},
		{"floor: net/http and INSERT shared by all who wait", s.processes(), s.coalescedOverHTTP.recordOne},
	})
	if err != nil {
		return err
	}
	s.endCalls()
	fmt.Println()
	return s.measureReports(ctx, bulkClients, bulkRequest, []contender{
		{"keytrail serve: 500 lines a call", s.processes(), s.lines},
		{"floor: net/http and multi-row INSERT", s.processes(), func(ctx context.Context, _, _ int) error {
			return s.floorOverHTTP.record(ctx, newEvents(bulkRequest))
		}},
	})
}

// measureReports prints what each takes in, by the event; an answer is for so many of them.
func (s *reportedServer) measureReports(ctx context.Context, clients, events int, contenders []contender) error {
	for _, c := range contenders { // statements are prepared, keys opened, people made
		if _, err := measure(ctx, clients, singleWarmUp, c); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	results, err := run(ctx, clients, singleSpan, contenders)
	if err != nil {
		return err
	}
	for _, samples := range results {
		for i := range samples {
			samples[i] = samples[i].each(events)
		}
	}
	table(contenders, results)
	return nil
}

func (t *overHTTP) recordOne(ctx context.Context, _, _ int) error {
	return t.record(ctx, []event{newEvent()})
}

// reportedServer is keytrail serve with tokens for all clients, and the floors on its database.
type reportedServer struct {
	*keytrailProcess
	beside  *store
	tokens  []string
	streams []*openCall
	client  *poster
	stops   []func()

	floorOverHTTP, coalescedOverHTTP *overHTTP
}

func openReported(ctx context.Context) (*reportedServer, error) {
	p, err := startKeytrail(ctx, singleClients)
	if err != nil {
		return nil, err
	}
	s := &reportedServer{keytrailProcess: p, client: newPoster(p.url, singleClients)}
	if err := s.prepare(ctx); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *reportedServer) close() {
	s.endCalls()
	for _, stop := range s.stops {
		stop()
	}
	if s.beside != nil {
		s.beside.close()
	}
	s.keytrailProcess.close()
}

// endCalls ends the open calls, of which keytrail takes so many and no more.
func (s *reportedServer) endCalls() {
	for client, c := range s.streams {
		if c != nil {
			c.close()
			s.streams[client] = nil
		}
	}
}

// processes are the server and its database.
func (s *reportedServer) processes() []int { return []int{s.process(), s.databaseProcess()} }

func (s *reportedServer) prepare(ctx context.Context) error {
	var err error
	if s.beside, err = openBeside(ctx, s.data()); err != nil {
		return err
	}
	if s.floorOverHTTP, err = s.floor(ctx, "floor_alone", plain); err != nil {
		return err
	}
	if s.coalescedOverHTTP, err = s.floor(ctx, "floor_shared", coalesced); err != nil {
		return err
	}
	for n := range singleClients / streamsOfOne {
		var made struct{ CreateApiToken struct{ Token string } }
		if err := s.ask(ctx, s.root, tokenDocument, map[string]any{"n": "Bench " + strconv.Itoa(n)}, &made); err != nil {
			return err
		}
		s.tokens = append(s.tokens, made.CreateApiToken.Token)
	}
	s.streams = make([]*openCall, singleClients)
	return nil
}

// floor serves a table of its own.
func (s *reportedServer) floor(ctx context.Context, name string, record func(*floor) recorderFunc) (*overHTTP, error) {
	f, err := newFloor(ctx, s.beside, name)
	if err != nil {
		return nil, err
	}
	url, stop, err := serveEvents(record(f))
	if err != nil {
		return nil, err
	}
	s.stops = append(s.stops, stop)
	return newOverHTTP(url, singleClients), nil
}

func (s *reportedServer) tokenOf(client int) string { return s.tokens[client/streamsOfOne] }

// reportOf is an event as programs report it, in the form of ActivityInput. Its details hold before and after.
func reportOf(e event) []byte {
	return fmt.Appendf(nil, `{"eventId":%q,"occurredAt":%q,"action":%q,"entityType":%q,"entity":%q,"module":%q,"ip":%q,`+
		`"actor":{"externalId":"u-%d","name":"Actor %d"},%s}`,
		e.ID, e.Time.Format(time.RFC3339Nano), e.Action, e.EntityType, e.Entity, e.Module, e.IP, e.Actor, e.Actor, e.Details[1:len(e.Details)-1])
}

// line opens a call anew for each measurement: keytrail ends one over which nothing came for a while.
func (s *reportedServer) line(ctx context.Context, client, n int) error {
	if n == 0 {
		if c := s.streams[client]; c != nil {
			c.close()
		}
		c, err := s.openCall(context.WithoutCancel(ctx), s.tokenOf(client))
		if err != nil {
			return err
		}
		s.streams[client] = c
	}
	return s.streams[client].report(newEvent())
}

func (s *reportedServer) lines(ctx context.Context, client, _ int) error {
	var text []byte
	for _, e := range newEvents(bulkRequest) {
		text = append(append(text, reportOf(e)...), '\n')
	}
	return s.send(ctx, client, "/intake/activity", text, fmt.Sprintf(`"recorded":%d`, bulkRequest))
}

func (s *reportedServer) mutation(ctx context.Context, client, _ int) error {
	text, err := json.Marshal(map[string]any{"query": recordDocument, "variables": map[string]any{"e": []json.RawMessage{reportOf(newEvent())}}})
	if err != nil {
		return err
	}
	return s.send(ctx, client, "/graphql", text, `"recorded":1`)
}

// send posts text with a client's token, and wants a piece in the answer.
func (s *reportedServer) send(ctx context.Context, client int, path string, text []byte, wanted string) error {
	answer, err := s.client.post(ctx, path, "Authorization: Bearer "+s.tokenOf(client)+"\r\n", text)
	if err != nil {
		return err
	}
	if !bytes.Contains(answer, []byte(wanted)) {
		return fmt.Errorf("%s answered: %.200s", path, answer)
	}
	return nil
}

// openCall is a call of /intake/activity that stays open.
type openCall struct {
	lines   *io.PipeWriter
	answers *bufio.Reader
	body    io.Closer
}

func (s *reportedServer) openCall(ctx context.Context, token string) (*openCall, error) {
	out, in := io.Pipe()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/intake/activity?partial=true", out)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := (&http.Client{Transport: &http.Transport{}}).Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, errors.Join(fmt.Errorf("the call was answered %s", response.Status), response.Body.Close())
	}
	return &openCall{lines: in, answers: bufio.NewReaderSize(response.Body, streamedAnswers), body: response.Body}, nil
}

// report sends an event and waits until it is on disk.
func (c *openCall) report(e event) error {
	if _, err := c.lines.Write(append(reportOf(e), '\n')); err != nil {
		return err
	}
	answer, err := c.answers.ReadSlice('\n')
	if err != nil {
		return err
	}
	if !bytes.Contains(answer, []byte(`"seq"`)) {
		return fmt.Errorf("a line was answered: %.200s", answer)
	}
	return nil
}

func (c *openCall) close() {
	_ = c.lines.Close()
	_, _ = io.Copy(io.Discard, c.answers) // once it ends, the call no longer counts
	_ = c.body.Close()
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/keytrail/keytrail/server/id"
)

const (
	pageSize    = 50
	pageClients = 16
	pageSpan    = 5 * time.Second
	fewEvents   = 100_000
	manyEvents  = 1_000_000
	fillWriters = 4

	pageDocument = `query($p: ID!) { authLog(filter: {actor: $p}, first: 50) {
  edges { node { id occurredAt actor { id } action entity { type id } module outcome ip } } } }`
)

// pageStore is a log in keytrail and in the floor's table, of the same events.
type pageStore struct {
	*keytrailProcess
	beside *store
	filled *keytrail
	floor  *floor
	stop   func()
	url    string // of the floor
	events int
	begun  time.Time // when the first event was recorded
	ended  time.Time

	filledFrom time.Time // when it was last filled
	held       int       // how many events an earlier run left
	finding    []contender
}

// pages is W3: the newest 50 events of a random actor out of 1,000, 8 fields, over HTTP; and how much of the rate
// is kept when the log is ten times as long. KEYTRAIL_BENCH_EVENTS changes how long.
func pages(ctx context.Context) error {
	most, err := positive("KEYTRAIL_BENCH_EVENTS", manyEvents)
	if err != nil {
		return err
	}
	var contenders []contender
	for _, events := range []int{fewEvents, most} {
		s, err := openPages(ctx, events)
		if err != nil {
			return err
		}
		defer s.close()
		if _, err := s.awaitWords(ctx); err != nil { // they are indexed after the answer, and would be beside what is measured
			return err
		}
		size := fmt.Sprintf(", %d events", events)
		contenders = append(contenders,
			contender{"keytrail over GraphQL" + size, []int{s.process()}, s.page},
			contender{"floor: net/http and database/sql" + size, []int{s.process()}, s.floorPage})
	}
	results, err := run(ctx, pageClients, pageSpan, contenders)
	if err != nil {
		return err
	}
	table(contenders, results)
	return nil
}

func openPages(ctx context.Context, events int) (*pageStore, error) {
	p, err := startKeytrail(ctx, pageClients)
	if err != nil {
		return nil, err
	}
	s := &pageStore{keytrailProcess: p, events: events, stop: func() {}}
	if err := s.prepare(ctx); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *pageStore) close() {
	s.stop()
	if s.beside != nil {
		s.beside.close()
	}
	s.keytrailProcess.close()
}

func (s *pageStore) prepare(ctx context.Context) error {
	var err error
	if s.beside, err = openBeside(ctx, s.data()); err != nil {
		return err
	}
	if s.url, s.stop, err = serve(http.HandlerFunc(s.answerPage)); err != nil {
		return err
	}
	found, err := s.goOn(ctx)
	if err != nil || found {
		return err
	}
	if s.filled, err = newKeytrail(ctx, s.beside); err != nil {
		return err
	}
	if s.floor, err = newFloor(ctx, s.beside, "floor_page"); err != nil {
		return err
	}
	return s.fill(ctx)
}

// goOn takes a log that an earlier run left; false where there is none.
func (s *pageStore) goOn(ctx context.Context) (found bool, err error) {
	owner, err := s.beside.ownerDB(ctx)
	if err != nil {
		return false, err
	}
	if err := owner.Get(ctx, &found, "SELECT COUNT(*) > 0 FROM information_schema.tables WHERE table_schema = ? AND table_name = 'floor_page'",
		owner.Schema()); err != nil || !found {
		return false, err
	}
	s.floor = floorOn(owner, "floor_page")
	s.filled = &keytrail{store: s.beside}
	if err := owner.Select(ctx, &s.filled.actors, "SELECT actor FROM entry_index FORCE INDEX (actor_time) WHERE actor IS NOT NULL GROUP BY actor LIMIT ?", 2*actors); err != nil {
		return false, err
	}
	var accounts []id.ID // whose are other entries
	if err := owner.Select(ctx, &accounts, "SELECT person FROM account LIMIT 1000"); err != nil {
		return false, err
	}
	s.filled.actors = slices.DeleteFunc(s.filled.actors, func(one id.ID) bool { return slices.Contains(accounts, one) })
	if len(s.filled.actors) != actors {
		return false, fmt.Errorf("the log has %d actors", len(s.filled.actors))
	}
	var span struct {
		Begun time.Time `db:"begun"`
		Ended time.Time `db:"ended"`
		Size  int       `db:"size"`
	}
	if err := owner.Get(ctx, &span, "SELECT MIN(occurred_at) AS begun, MAX(occurred_at) AS ended, (SELECT MAX(seq) FROM floor_page) AS size"+
		" FROM entry_index WHERE source = 'bench' AND stream = 3"); err != nil {
		return false, err
	}
	s.begun, s.ended, s.filledFrom, s.held = span.Begun, span.Ended, span.Ended, span.Size
	return true, nil
}

// fill records the events in both, in the order of their time, as a year's log would be.
func (s *pageStore) fill(ctx context.Context) error {
	s.filledFrom = time.Now().UTC()
	if s.begun.IsZero() {
		s.begun = s.filledFrom
	}
	defer func() { s.ended = time.Now().UTC() }()
	writers, ctx := errgroup.WithContext(ctx)
	writers.SetLimit(fillWriters)
	for range s.events / batch {
		writers.Go(func() error {
			events := newEvents(batch)
			if err := s.filled.recordSignIns(ctx, events); err != nil {
				return err
			}
			return s.floor.insert(ctx, events)
		})
	}
	return writers.Wait()
}

func (s *pageStore) page(ctx context.Context, _, _ int) error {
	actor := s.filled.actors[rand.IntN(actors)]
	answer, err := s.post(ctx, s.root, pageDocument, map[string]any{"p": actor.String()})
	if err != nil {
		return err
	}
	return expectPage(answer, `"occurredAt"`)
}

// expectPage counts the rows of an answer by a name that each has once: the generator shares the machine, and
// decoding would cost it more than asking.
func expectPage(answer []byte, name string) error {
	if rows := bytes.Count(answer, []byte(name)); rows != pageSize {
		return fmt.Errorf("a page has %d entries: %.200s", rows, answer)
	}
	return nil
}

func (s *pageStore) floorPage(ctx context.Context, _, _ int) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"?actor="+strconv.Itoa(rand.IntN(actors)), nil)
	if err != nil {
		return err
	}
	response, err := s.root.Do(request)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		return err
	}
	return expectPage(body, `"occurredAt"`)
}

// pageRow is the eight fields of the floor's page.
type pageRow struct {
	ID         string    `db:"event_id" json:"id"`
	OccurredAt time.Time `db:"occurred_at" json:"occurredAt"`
	Actor      int       `db:"actor" json:"actor"`
	Action     string    `db:"action" json:"action"`
	EntityType string    `db:"entity_type" json:"entityType"`
	Entity     string    `db:"entity" json:"entity"`
	Module     string    `db:"module" json:"module"`
	IP         string    `db:"ip" json:"ip"`
}

// answerPage is the floor: one statement along an index, and its rows as JSON.
func (s *pageStore) answerPage(w http.ResponseWriter, r *http.Request) {
	actor, err := strconv.Atoi(r.FormValue("actor"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var rows []pageRow
	err = s.floor.owner.Select(r.Context(), &rows, "SELECT event_id, occurred_at, actor, action, entity_type, entity, module, ip FROM "+
		s.floor.table+" WHERE actor = ? ORDER BY occurred_at DESC, seq DESC LIMIT 50", actor)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(rows)
}

package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"time"
)

const (
	findClients  = 4
	findSpan     = 3 * time.Second
	findPatience = 30 * time.Minute
	findFilters  = 64 // different ones of a kind: each view of a log is recorded, and only so many may be new

	findDocument = `query($f: LogFilter) { authLog(filter: $f, first: 50) {
  edges { node { id occurredAt actor { id } action entity { type id } module outcome ip } } } }`
)

// search is one kind of filter. The actor's page is what the others are held against.
type search struct {
	name   string
	filter func(s *pageStore) map[string]any
}

func searches() []search {
	return []search{
		{"actor", func(s *pageStore) map[string]any { return map[string]any{"actor": s.someActor()} }},
		{"person", func(s *pageStore) map[string]any { return map[string]any{"person": s.someActor()} }},
		{"no filter", func(*pageStore) map[string]any { return nil }},
		{"entity", func(*pageStore) map[string]any {
			return map[string]any{"entityType": "invoice", "entity": someInvoice()}
		}},
		{"entity type, module", func(*pageStore) map[string]any { return map[string]any{"entityType": "invoice", "module": "billing"} }},
		{"action, outcome", func(*pageStore) map[string]any {
			return map[string]any{"action": "auth.signed_in", "outcome": "SUCCESS"}
		}},
		{"address", func(*pageStore) map[string]any { return map[string]any{"ip": someAddress()} }},
		{"source, a minute", func(s *pageStore) map[string]any { return s.within(map[string]any{"source": "bench"}) }},
		{"actor, module, entity type", func(s *pageStore) map[string]any {
			return map[string]any{"person": s.someActor(), "module": "desk", "entityType": "invoice"}
		}},
		{"actor, action, outcome, source, a minute", func(s *pageStore) map[string]any {
			return s.within(map[string]any{"person": s.someActor(), "action": "auth.signed_in", "outcome": "SUCCESS", "source": "bench"})
		}},
		{"an entity's id alone", func(*pageStore) map[string]any { return map[string]any{"entity": someInvoice()} }},
		{"nothing fits: module, entity type", func(*pageStore) map[string]any {
			return map[string]any{"module": "billing", "entityType": "vehicle", "source": "bench"}
		}},
		{"nothing fits: outcome", func(*pageStore) map[string]any { return map[string]any{"outcome": "DENIED", "source": "bench"} }},
		{"a rare word", func(*pageStore) map[string]any { return map[string]any{"text": someInvoice()} }},
		{"a common word", func(*pageStore) map[string]any { return map[string]any{"text": "billing"} }},
		{"a common and a rare word", func(*pageStore) map[string]any { return map[string]any{"text": "billing " + someInvoice()} }},
		{"two common words", func(*pageStore) map[string]any { return map[string]any{"text": "billing total"} }},
		{"actor, a common word", func(s *pageStore) map[string]any {
			return map[string]any{"person": s.someActor(), "text": "billing"}
		}},
		{"a word that is nowhere", func(*pageStore) map[string]any { return map[string]any{"text": "unheardof"} }},
	}
}

func (s *pageStore) someActor() string { return s.filled.actors[rand.IntN(actors)].String() }

func someInvoice() string { return fmt.Sprintf("inv-%06d", rand.IntN(100_000)) }

func someAddress() string {
	return fmt.Sprintf("10.%d.%d.%d", rand.IntN(4), rand.IntN(256), rand.IntN(256))
}

// within narrows a filter to a minute in the time during which the log was filled.
func (s *pageStore) within(filter map[string]any) map[string]any {
	from := s.begun.Add(time.Duration(rand.Int64N(int64(s.ended.Sub(s.begun)))))
	filter["from"], filter["to"] = from.Format(time.RFC3339Nano), from.Add(time.Minute).Format(time.RFC3339Nano)
	return filter
}

// find is W10: the newest 50 entries under each kind of filter and by words, from four clients. The first line is the
// actor's page, against whose p99 the others are held. KEYTRAIL_BENCH_EVENTS changes how long the log is.
func find(ctx context.Context) error {
	most, err := positive("KEYTRAIL_BENCH_EVENTS", manyEvents)
	if err != nil {
		return err
	}
	s, err := openPages(ctx, most)
	if err != nil {
		return err
	}
	defer s.close()
	waited, err := s.awaitWords(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("%d events; their words were all there %s after the last was recorded.\n\n", most, waited.Round(time.Millisecond))
	contenders := s.finders()
	results, err := run(ctx, findClients, findSpan, contenders)
	if err != nil {
		return err
	}
	table(contenders, results)
	return nil
}

// finders has a contender for each kind of filter, the same ones each time.
func (s *pageStore) finders() []contender {
	if s.finding != nil {
		return s.finding
	}
	for _, one := range searches() {
		filters := make([]map[string]any, findFilters)
		for i := range filters {
			filters[i] = one.filter(s)
		}
		s.finding = append(s.finding, contender{one.name, []int{s.process()}, func(ctx context.Context, _, n int) error {
			return s.findOnce(ctx, filters[n%findFilters])
		}})
	}
	return s.finding
}

func (s *pageStore) findOnce(ctx context.Context, filter map[string]any) error {
	answer, err := s.post(ctx, s.root, findDocument, map[string]any{"f": filter})
	if err == nil && bytes.Contains(answer, []byte(`"errors"`)) {
		err = fmt.Errorf("%v: %.300s", filter, answer)
	}
	return err
}

// awaitWords waits until the words of the last entry are found.
func (s *pageStore) awaitWords(ctx context.Context) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, findPatience)
	defer cancel()
	begin, mark := time.Now(), newEvent()
	mark.Entity = "the-last-of-all"
	if err := s.filled.recordSignIns(ctx, []event{mark}); err != nil {
		return 0, err
	}
	ticks := time.NewTicker(50 * time.Millisecond)
	defer ticks.Stop()
	for {
		answer, err := s.post(ctx, s.root, findDocument, map[string]any{"f": map[string]any{"text": mark.Entity}})
		if err != nil {
			return 0, err
		}
		if bytes.Contains(answer, []byte(mark.Entity)) {
			return time.Since(begin), nil
		}
		select {
		case <-ticks.C:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

const (
	bulkEvents  = 200_000
	bulkRequest = 500
	bulkClients = 4

	singleClients = 32
	singleWarmUp  = 3 * time.Second
	singleSpan    = 4 * time.Second
)

// ingest is a way to record, each on a table or ledger of its own.
type ingest struct {
	name string
	open func(ctx context.Context, s *store, run int) (recorder, func(), error)
}

// ingestRun measures a recorder; database is the process id of what stands behind it.
type ingestRun func(ctx context.Context, r recorder, database int) (sample, error)

func withoutHTTP(record func(*floor) recorderFunc) func(context.Context, *store, int) (recorder, func(), error) {
	return func(ctx context.Context, s *store, run int) (recorder, func(), error) {
		f, err := newFloor(ctx, s, fmt.Sprintf("floor_%d_%d", run, time.Now().UnixNano()))
		if err != nil {
			return nil, nil, err
		}
		return record(f), func() {}, nil
	}
}

func withHTTP(clients int, record func(*floor) recorderFunc) func(context.Context, *store, int) (recorder, func(), error) {
	return func(ctx context.Context, s *store, run int) (recorder, func(), error) {
		f, err := newFloor(ctx, s, fmt.Sprintf("floor_%d_%d", run, time.Now().UnixNano()))
		if err != nil {
			return nil, nil, err
		}
		url, stop, err := serveEvents(record(f))
		return newOverHTTP(url, clients), stop, err
	}
}

func openKeytrail(clients int) func(context.Context, *store, int) (recorder, func(), error) {
	return func(ctx context.Context, s *store, _ int) (recorder, func(), error) {
		k, err := newKeytrail(ctx, s)
		if err != nil {
			return nil, nil, err
		}
		url, stop, err := serveEvents(k.record)
		return newOverHTTP(url, clients), stop, err
	}
}

func plain(f *floor) recorderFunc     { return f.insert }
func coalesced(f *floor) recorderFunc { return f.coalesced }

// bulk is W1: 200,000 events in requests of 500 over 4 connections, into an empty store.
func bulk(ctx context.Context) error {
	return measureIngest(ctx, []ingest{
		{"keytrail over HTTP", openKeytrail(bulkClients)},
		{"floor: net/http and multi-row INSERT", withHTTP(bulkClients, plain)},
		{"floor: multi-row INSERT", withoutHTTP(plain)},
	}, bulkRun)
}

// single is W2: one event a request from 32 clients, each waiting for its answer.
func single(ctx context.Context) error {
	return measureIngest(ctx, []ingest{
		{"keytrail over HTTP", openKeytrail(singleClients)},
		{"floor: net/http and INSERT", withHTTP(singleClients, plain)},
		{"floor: net/http and INSERT shared by all who wait", withHTTP(singleClients, coalesced)},
		{"floor: INSERT", withoutHTTP(plain)},
		{"floor: INSERT shared by all who wait", withoutHTTP(coalesced)},
	}, singleRun)
}

func singleRun(ctx context.Context, r recorder, database int) (sample, error) {
	one := contender{"", []int{database}, func(ctx context.Context, _, _ int) error { return r.record(ctx, []event{newEvent()}) }}
	if _, err := measure(ctx, singleClients, singleWarmUp, one); err != nil { // statements are prepared, keys opened
		return sample{}, err
	}
	return measure(ctx, singleClients, singleSpan, one)
}

// bulkRun sends events from four clients; what is counted are events, and the latency is that of a request.
func bulkRun(ctx context.Context, r recorder, database int) (sample, error) {
	const requests = bulkEvents / bulkRequest
	var next atomic.Int64
	var mu sync.Mutex
	var latencies []time.Duration
	var firstErr error
	var all sync.WaitGroup
	meter, begin := newCPUMeter(database), time.Now()
	for range bulkClients {
		all.Go(func() {
			for next.Add(1) <= requests {
				events := newEvents(bulkRequest)
				start := time.Now()
				err := r.record(ctx, events)
				mu.Lock()
				latencies = append(latencies, time.Since(start))
				if err != nil && firstErr == nil {
					firstErr = err
				}
				mu.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	all.Wait()
	return sampleOf(latencies, time.Since(begin), bulkRequest, meter), firstErr
}

// measureIngest runs each three times in turn, every time on a database of its own.
func measureIngest(ctx context.Context, all []ingest, run ingestRun) error {
	results := map[string][]sample{}
	contenders := make([]contender, len(all))
	for i, in := range all {
		contenders[i].name = in.name
	}
	for n := range runs {
		for _, in := range all {
			s, err := ingestOnce(ctx, in, n, run)
			if err != nil {
				return fmt.Errorf("%s: %w", in.name, err)
			}
			results[in.name] = append(results[in.name], s)
		}
	}
	table(contenders, results)
	return nil
}

func ingestOnce(ctx context.Context, in ingest, n int, run ingestRun) (sample, error) {
	s, err := openStore(ctx)
	if err != nil {
		return sample{}, err
	}
	defer s.close()
	r, stop, err := in.open(ctx, s, n)
	if err != nil {
		return sample{}, err
	}
	defer stop()
	return run(ctx, r, s.private.Pid())
}

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	agedEvents = 200_000
	agedYears  = 2
	agedSpan   = 4 * time.Second
	// agedRequest is small enough for many answers in a span.
	agedRequest  = 100
	agedPatience = 20 * time.Minute

	runDocument = `mutation { runRetention { run { id } } }`
	runsQuery   = `{ retentionRuns(first: 1) { edges { node { state entries problem } } } }`
)

// retentionRuns is what runsQuery is answered with.
type retentionRuns struct {
	RetentionRuns struct {
		Edges []struct {
			Node struct {
				State, Problem string
				Entries        int64 `json:",string"`
			}
		}
	}
}

// keeping is how fast events are recorded while old ones are archived and deleted, and without that: bulks of 100 over
// four connections, in spans of four seconds before, during and after a run. KEYTRAIL_BENCH_EVENTS changes how many old
// ones there are.
func keeping(ctx context.Context) error {
	old, err := positive("KEYTRAIL_BENCH_EVENTS", agedEvents)
	if err != nil {
		return err
	}
	p, err := startKeytrail(ctx, bulkClients)
	if err != nil {
		return err
	}
	defer p.close()
	s, err := openBeside(ctx, p.data())
	if err != nil {
		return err
	}
	defer s.close()
	k, err := newKeytrail(ctx, s)
	if err != nil {
		return err
	}
	if err := k.fillAged(ctx, old); err != nil {
		return err
	}
	return k.besideRun(ctx, p)
}

// fillAged records events of two years ago.
func (k *keytrail) fillAged(ctx context.Context, n int) error {
	writers, ctx := errgroup.WithContext(ctx)
	writers.SetLimit(fillWriters)
	for range n / batch {
		writers.Go(func() error {
			events := newEvents(batch)
			for i := range events {
				events[i].Time = events[i].Time.AddDate(-agedYears, 0, 0)
			}
			return k.record(ctx, events)
		})
	}
	return writers.Wait()
}

func (k *keytrail) besideRun(ctx context.Context, p *keytrailProcess) error {
	url, stop, err := serveEvents(k.record)
	if err != nil {
		return err
	}
	defer stop()
	target := newOverHTTP(url, bulkClients)
	without := contender{"recorded while nothing else is done", []int{p.process()}, func(ctx context.Context, _, _ int) error { return target.record(ctx, newEvents(agedRequest)) }}
	during := without
	during.name = "recorded while old ones are archived and deleted"
	results := map[string][]sample{}
	span := func(c contender) error {
		s, err := measure(ctx, bulkClients, agedSpan, c)
		results[c.name] = append(results[c.name], s.each(agedRequest))
		return err
	}
	for range runs {
		if err := span(without); err != nil {
			return err
		}
	}
	begun := time.Now()
	if err := p.ask(ctx, p.root, runDocument, nil, nil); err != nil {
		return err
	}
	gone, err := p.untilRun(ctx, func() error { return span(during) })
	took := time.Since(begun)
	if err != nil {
		return err
	}
	for range runs {
		if err := span(without); err != nil {
			return err
		}
	}
	fmt.Printf("%d entries were archived and deleted in %s, %.0f a second.\n\n", gone, took.Round(time.Second), float64(gone)/took.Seconds())
	table([]contender{without, during}, results)
	return nil
}

// untilRun measures until the run is done, and gives how many entries went.
func (p *keytrailProcess) untilRun(ctx context.Context, span func() error) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, agedPatience)
	defer cancel()
	for {
		if err := span(); err != nil {
			return 0, err
		}
		var said retentionRuns
		if err := p.ask(ctx, p.root, runsQuery, nil, &said); err != nil {
			return 0, err
		}
		if len(said.RetentionRuns.Edges) == 0 {
			return 0, errors.New("there is no run")
		}
		switch run := said.RetentionRuns.Edges[0].Node; {
		case run.Problem != "":
			return 0, errors.New(run.Problem)
		case run.State == "DONE":
			return run.Entries, nil
		}
	}
}

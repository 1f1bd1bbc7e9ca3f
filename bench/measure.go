package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// sample is one measurement of one contender.
type sample struct {
	perSecond float64
	p99       time.Duration
}

// contender does one unit of work at a time, from several clients at once.
type contender struct {
	name string
	once func(ctx context.Context, client, n int) error
}

// run measures each contender three times in turn, so that what the machine does meanwhile hits all alike.
func run(ctx context.Context, clients int, span time.Duration, contenders []contender) (map[string][]sample, error) {
	results := map[string][]sample{}
	for range 3 {
		for _, c := range contenders {
			s, err := measure(ctx, clients, span, c)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
			results[c.name] = append(results[c.name], s)
		}
	}
	return results, nil
}

func measure(ctx context.Context, clients int, span time.Duration, c contender) (sample, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var mu sync.Mutex
	var latencies []time.Duration
	var all sync.WaitGroup
	begin := time.Now()
	for client := range clients {
		all.Go(func() {
			var own []time.Duration
			for n := 0; time.Since(begin) < span && ctx.Err() == nil; n++ {
				start := time.Now()
				if err := c.once(ctx, client, n); err != nil {
					cancel(err)
					return
				}
				own = append(own, time.Since(start))
			}
			mu.Lock()
			defer mu.Unlock()
			latencies = append(latencies, own...)
		})
	}
	all.Wait()
	if err := context.Cause(ctx); err != nil {
		return sample{}, err
	}
	elapsed := time.Since(begin)
	slices.Sort(latencies)
	return sample{
		perSecond: float64(len(latencies)) / elapsed.Seconds(),
		p99:       latencies[len(latencies)*99/100],
	}, nil
}

// median gives the middle of three samples by rate, and the range.
func median(samples []sample) (mid sample, low, high float64) {
	sorted := slices.Clone(samples)
	slices.SortFunc(sorted, func(a, b sample) int {
		switch {
		case a.perSecond < b.perSecond:
			return -1
		case a.perSecond > b.perSecond:
			return 1
		}
		return 0
	})
	return sorted[len(sorted)/2], sorted[0].perSecond, sorted[len(sorted)-1].perSecond
}

// table prints a line a contender, with its ratio to the first.
func table(contenders []contender, results map[string][]sample) {
	fmt.Printf("| %-58s | %10s | %23s | %9s | %7s |\n", "", "per second", "range", "p99", "ratio")
	fmt.Println("| --- | ---: | ---: | ---: | ---: |")
	first, _, _ := median(results[contenders[0].name])
	for _, c := range contenders {
		m, low, high := median(results[c.name])
		fmt.Printf("| %-58s | %10.0f | %10.0f – %10.0f | %6.1f ms | %7.3f |\n",
			c.name, m.perSecond, low, high, float64(m.p99.Microseconds())/1000, m.perSecond/first.perSecond)
	}
}

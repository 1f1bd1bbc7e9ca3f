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
	p50, p99  time.Duration
	// own and others are the CPU time for one unit of work: of this process, load generator included, and of its database or server.
	own, others time.Duration
}

// contender does one unit of work at a time, from several clients at once.
type contender struct {
	name   string
	others []int // the processes whose CPU time counts besides this one's: its database, its server
	once   func(ctx context.Context, client, n int) error
}

// runs is how often each is measured, in turn.
const runs = 3

// run measures each contender three times in turn, so that what the machine does meanwhile hits all alike.
func run(ctx context.Context, clients int, span time.Duration, contenders []contender) (map[string][]sample, error) {
	results := map[string][]sample{}
	for range runs {
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
	meter, begin := newCPUMeter(c.others...), time.Now()
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
	return sampleOf(latencies, time.Since(begin), 1, meter), nil
}

// sampleOf makes a sample of requests of so many units each.
func sampleOf(latencies []time.Duration, elapsed time.Duration, units int, meter cpuMeter) sample {
	if len(latencies) == 0 {
		return sample{}
	}
	slices.Sort(latencies)
	s := sample{
		perSecond: float64(len(latencies)*units) / elapsed.Seconds(),
		p50:       latencies[len(latencies)/2],
		p99:       latencies[len(latencies)*99/100],
	}
	s.own, s.others = meter.per(len(latencies) * units)
	return s
}

// each gives a sample by the unit, of one that was measured by so many of them.
func (s sample) each(units int) sample {
	s.perSecond *= float64(units)
	s.own, s.others = s.own/time.Duration(units), s.others/time.Duration(units)
	return s
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

// table prints a line a contender, with its ratio to the first by rate. CPU is that of this process and of the
// others that a contender names, for one unit of work.
func table(contenders []contender, results map[string][]sample) {
	fmt.Printf("| %-58s | %10s | %23s | %9s | %7s | %15s |\n", "", "per second", "range", "p99", "ratio", "CPU µs")
	fmt.Println("| --- | ---: | ---: | ---: | ---: | ---: |")
	first, _, _ := median(results[contenders[0].name])
	for _, c := range contenders {
		m, low, high := median(results[c.name])
		fmt.Printf("| %-58s | %10.0f | %10.0f – %10.0f | %6.1f ms | %7.3f | %6d + %6d |\n",
			c.name, m.perSecond, low, high, float64(m.p99.Microseconds())/1000, m.perSecond/first.perSecond,
			m.own.Microseconds(), m.others.Microseconds())
	}
}

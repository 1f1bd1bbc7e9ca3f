package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"
)

const (
	fanoutRate    = 200 // events a second
	fanoutWriters = 40  // each with a key of its own, which it issues and takes back
	fanoutSettle  = 15 * time.Second
)

// fanoutTarget is a server that hands every event to every subscriber.
type fanoutTarget interface {
	// subscribe opens a connection over which every event comes from now on.
	subscribe(ctx context.Context, n int) (*subscriber, error)
	// publish makes one event and gives its place in the order.
	publish(ctx context.Context, writer, n int) (seq uint64, err error)
	process() int
	close()
}

// fanoutSample is one span of one target.
type fanoutSample struct {
	rate, cores    float64
	p50, p99, most time.Duration
	lost           int
	// perFrame is the server's processor time for one frame, making the events included.
	perFrame     time.Duration
	restMiB, miB float64
}

// fanout measures 500 subscribers who each get every one of 200 events a second, and a server that stores nothing.
// KEYTRAIL_BENCH_SUBSCRIBERS and KEYTRAIL_BENCH_SECONDS change how many and how long.
func fanout(ctx context.Context) error {
	subscribers, err := positive("KEYTRAIL_BENCH_SUBSCRIBERS", 500)
	if err != nil {
		return err
	}
	seconds, err := positive("KEYTRAIL_BENCH_SECONDS", 10)
	if err != nil {
		return err
	}
	names := []string{"keytrail, each event a mutation that is stored", "floor: net/http and websockets, nothing stored"}
	open := []func(context.Context) (fanoutTarget, error){openFanoutServer, openFanoutFloor}
	results := make([][]fanoutSample, len(names))
	for range 3 {
		for i := range names {
			target, err := open[i](ctx)
			if err != nil {
				return fmt.Errorf("%s: %w", names[i], err)
			}
			one, err := spread(ctx, target, subscribers, time.Duration(seconds)*time.Second)
			target.close()
			if err != nil {
				return fmt.Errorf("%s: %w", names[i], err)
			}
			results[i] = append(results[i], one)
		}
	}
	fmt.Printf("%d subscribers, %d events/s for %d s; latency from sending the publishing request to reading the frame\n\n",
		subscribers, fanoutRate, seconds)
	fanoutTable(names, results, subscribers)
	return nil
}

func positive(variable string, otherwise int) (int, error) {
	text := os.Getenv(variable)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n <= 0 {
		return 0, fmt.Errorf("%s is %q: write a number above 0", variable, text)
	}
	return n, nil
}

// spread connects the subscribers, publishes for a span and waits until everything has come.
func spread(ctx context.Context, target fanoutTarget, n int, span time.Duration) (s fanoutSample, err error) {
	rest := memoryOf(target.process())
	all := make([]*subscriber, 0, n)
	var reading sync.WaitGroup
	defer func() {
		for _, one := range all {
			one.close()
		}
		reading.Wait()
	}()
	for i := range n {
		one, err := target.subscribe(ctx, i)
		if err != nil {
			return s, err
		}
		all = append(all, one)
		reading.Go(one.read)
	}
	s.restMiB = rest
	if err := awaitAll(ctx, target, all); err != nil {
		return s, err
	}
	begin, cpu := time.Now(), cpuOf(target.process())
	sent, err := publishAll(ctx, target, span)
	if err != nil {
		return s, err
	}
	elapsed := time.Since(begin)
	s.rate = float64(len(sent)) / elapsed.Seconds()
	s.cores = (cpuOf(target.process()) - cpu).Seconds() / elapsed.Seconds()
	s.miB = memoryOf(target.process())
	if err := s.count(all, sent); err != nil {
		return s, err
	}
	s.perFrame = (cpuOf(target.process()) - cpu) / time.Duration(max(len(sent)*n-s.lost, 1))
	return s, nil
}

// awaitAll makes events until every subscriber has got some, and has all forget what they got.
func awaitAll(ctx context.Context, target fanoutTarget, all []*subscriber) error {
	first, err := target.publish(ctx, 0, 0)
	if err != nil {
		return err
	}
	if _, err = target.publish(ctx, 0, 1); err != nil { // the key is back where it was
		return err
	}
	for i, one := range all {
		for begin := time.Now(); one.count() < 2; time.Sleep(time.Millisecond) {
			if time.Since(begin) > fanoutSettle {
				return fmt.Errorf("subscriber %d did not get event %d", i, first)
			}
		}
		one.forget()
	}
	return nil
}

// published is an event and when the request that made it was sent.
type published struct {
	seq uint64
	at  time.Time
}

// publishAll makes events at an even rate, and gives them in order.
func publishAll(ctx context.Context, target fanoutTarget, span time.Duration) ([]published, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	turns := make([]chan int, fanoutWriters)
	var mu sync.Mutex
	var all []published
	var writing sync.WaitGroup
	for w := range turns {
		turns[w] = make(chan int, 4)
		writing.Go(func() {
			for n := range turns[w] {
				at := time.Now()
				seq, err := target.publish(ctx, w, n)
				if err != nil {
					cancel(err)
					continue
				}
				mu.Lock()
				all = append(all, published{seq, at})
				mu.Unlock()
			}
		})
	}
	ticks := time.NewTicker(time.Second / fanoutRate)
	defer ticks.Stop()
	for n := range int(span.Seconds() * fanoutRate) {
		<-ticks.C
		select {
		case turns[n%fanoutWriters] <- n / fanoutWriters:
		case <-ctx.Done():
		}
	}
	for _, turn := range turns {
		close(turn)
	}
	writing.Wait()
	slices.SortFunc(all, func(a, b published) int { return cmp.Compare(a.seq, b.seq) })
	return all, context.Cause(ctx)
}

// count waits until every subscriber has every event, and compares what came with what was sent.
func (s *fanoutSample) count(all []*subscriber, sent []published) error {
	deadline := time.Now().Add(fanoutSettle)
	var latencies []time.Duration
	for i, one := range all {
		for one.count() < len(sent) && time.Now().Before(deadline) {
			time.Sleep(time.Millisecond)
		}
		got := one.arrivals()
		next := 0
		for _, event := range sent {
			if next < len(got) && got[next].seq == event.seq {
				latencies = append(latencies, got[next].at.Sub(event.at))
				next++
			} else {
				s.lost++
			}
		}
		if next < len(got) {
			return fmt.Errorf("subscriber %d got an event that it should not have: %d after %d good ones", i, got[next].seq, next)
		}
	}
	if len(latencies) == 0 {
		return fmt.Errorf("nothing arrived")
	}
	slices.Sort(latencies)
	s.p50, s.p99, s.most = latencies[len(latencies)/2], latencies[len(latencies)*99/100], latencies[len(latencies)-1]
	return nil
}

func fanoutTable(names []string, results [][]fanoutSample, subscribers int) {
	fmt.Println("| | events/s | lost | p50 | p99 (range) | longest | cores | µs a frame | ratio p99 | MiB | KiB a subscriber |")
	fmt.Println("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
	floor := medianFanout(results[len(results)-1])
	for i, name := range names {
		m, lost := medianFanout(results[i]), 0
		for _, s := range results[i] {
			lost += s.lost
		}
		fmt.Printf("| %s | %.0f | %d | %s | %s (%s – %s) | %s | %.2f | %.1f | %.1f | %.0f | %.0f |\n", name, m.rate, lost, inMs(m.p50), inMs(m.p99),
			inMs(results[i][0].p99), inMs(results[i][len(results[i])-1].p99), inMs(m.most), m.cores, float64(m.perFrame.Nanoseconds())/1000,
			m.p99.Seconds()/floor.p99.Seconds(), m.miB, (m.miB-m.restMiB)*1024/float64(subscribers))
	}
}

// medianFanout sorts samples by p99 and gives the one in the middle.
func medianFanout(samples []fanoutSample) fanoutSample {
	slices.SortFunc(samples, func(a, b fanoutSample) int { return cmp.Compare(a.p99, b.p99) })
	return samples[len(samples)/2]
}

func inMs(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }

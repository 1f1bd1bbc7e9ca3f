package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// growth is W9 and W10: one log that grows, in the database as keytrail serve sets it up. At each size: the newest 50
// events of a random actor from 16 clients, one event a request from 32, each beside its floor, and every kind of filter
// from four. KEYTRAIL_BENCH_SIZES names the sizes, such as 100000,1000000,10000000. KEYTRAIL_BENCH_LOG names a directory in which
// the log stays, and is found again.
func growth(ctx context.Context) error {
	sizes, err := growthSizes()
	if err != nil {
		return err
	}
	s, err := openPages(ctx, sizes[0])
	if err != nil {
		return err
	}
	defer s.close()
	all := map[string][]sample{} // medians, one for each size
	var names []string
	for i, size := range sizes {
		if by := size - max(s.held, sizes[max(i-1, 0)]); by > 0 {
			if err := s.grow(ctx, by); err != nil {
				return err
			}
		}
		if err := s.describe(ctx, size); err != nil {
			return err
		}
		if names, err = s.measureSize(ctx, all); err != nil {
			return fmt.Errorf("with %d events: %w", size, err)
		}
		fmt.Printf("\nAfterwards the server has %.0f MiB.\n", memoryOf(s.process()))
	}
	growthTable(names, sizes, all)
	return nil
}

func growthSizes() ([]int, error) {
	text := os.Getenv("KEYTRAIL_BENCH_SIZES")
	if text == "" {
		return []int{fewEvents, manyEvents}, nil
	}
	var sizes []int
	for part := range strings.SplitSeq(text, ",") {
		size, err := strconv.Atoi(part)
		if err != nil || size < batch || len(sizes) > 0 && size <= sizes[len(sizes)-1] {
			return nil, fmt.Errorf("KEYTRAIL_BENCH_SIZES is %q: write numbers of events that grow, such as 100000,1000000", text)
		}
		sizes = append(sizes, size)
	}
	return sizes, nil
}

func (s *pageStore) grow(ctx context.Context, by int) error {
	s.events = by
	return s.fill(ctx)
}

// describe says what the log of this size is like before it is measured.
func (s *pageStore) describe(ctx context.Context, size int) error {
	filled := s.ended.Sub(s.filledFrom)
	waited, err := s.awaitWords(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("\n### %d events\n\nThe last %d were recorded in %s, in keytrail and in the floor's table; their words were all there %s later. "+
		"The server has %.0f MiB, the data directory %.1f GiB.\n\n", size, s.events, filled.Round(time.Second),
		waited.Round(time.Millisecond), memoryOf(s.process()), float64(sizeOf(s.data()))/(1<<30))
	return nil
}

// measureSize prints the tables of one size and adds its medians.
func (s *pageStore) measureSize(ctx context.Context, all map[string][]sample) (names []string, err error) {
	ours, stop, err := serveEvents(s.filled.recordSignIns)
	if err != nil {
		return nil, err
	}
	defer stop()
	floor, stopFloor, err := serveEvents(s.floor.insert)
	if err != nil {
		return nil, err
	}
	defer stopFloor()
	one := func(r recorder) func(context.Context, int, int) error {
		return func(ctx context.Context, _, _ int) error { return r.record(ctx, []event{newEvent()}) }
	}
	database := s.databaseProcess()
	for _, part := range []struct {
		clients    int
		span       time.Duration
		contenders []contender
	}{
		{pageClients, pageSpan, []contender{
			{"a page of an actor", []int{s.process()}, s.page},
			{"floor: a page of an actor", []int{s.process()}, s.floorPage}}},
		{singleClients, singleSpan, []contender{
			{"one event a request", []int{database}, one(newOverHTTP(ours, singleClients))},
			{"floor: one event a request", []int{database}, one(newOverHTTP(floor, singleClients))}}},
		{findClients, findSpan, s.finders()},
	} {
		results, err := run(ctx, part.clients, part.span, part.contenders)
		if err != nil {
			return nil, err
		}
		table(part.contenders, results)
		fmt.Println()
		for _, c := range part.contenders {
			mid, _, _ := median(results[c.name])
			all[c.name] = append(all[c.name], mid)
			names = append(names, c.name)
		}
	}
	return names, nil
}

// growthTable puts the sizes side by side: a second, p99, and what the largest keeps of the smallest's rate.
func growthTable(names []string, sizes []int, all map[string][]sample) {
	fmt.Print("\n### Side by side\n\n| per second (p99) |")
	for _, size := range sizes {
		fmt.Printf(" %d |", size)
	}
	fmt.Println(" kept |\n| --- |" + strings.Repeat(" ---: |", len(sizes)+1))
	for _, name := range names {
		fmt.Printf("| %s |", name)
		for _, one := range all[name] {
			fmt.Printf(" %.0f (%.1f ms) |", one.perSecond, float64(one.p99.Microseconds())/1000)
		}
		first, last := all[name][0], all[name][len(sizes)-1]
		fmt.Printf(" %.2f |\n", last.perSecond/first.perSecond)
	}
}

// sizeOf adds up the files of a directory, as far as they can be read.
func sizeOf(dir string) (bytes int64) {
	_ = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return nil
		}
		if info, err := entry.Info(); err == nil {
			bytes += info.Size()
		}
		return nil
	})
	return bytes
}

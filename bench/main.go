// Command bench measures keytrail's workloads against floors in the same run, and prints ratios.
//
// A floor is the plainest program that does the work on the same database. Only ratios of one run compare:
// the machine is shared by load generator, server and database.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"runtime/pprof"
	"slices"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := command(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// workload is one kind of work, with all that is measured for it.
type workload struct {
	name string
	run  func(ctx context.Context) error
	part bool // of another workload, which starts it in a process of its own
}

// workloads lists each in the order in which all are run.
func workloads() []workload {
	return []workload{
		{name: "bulk", run: bulk}, {name: "single", run: single}, {name: "reported", run: reported}, {name: "proofs", run: proofs},
		{name: "pages", run: pages}, {name: "calendar", run: calendar}, {name: "hours", run: hours},
		{name: "export", run: exportAll}, {name: "find", run: find}, {name: "growth", run: growth},
		{name: "keeping", run: keeping}, {name: "start", run: start},
		{name: "fanout", run: fanout}, {name: "fanout-floor", run: fanoutFloor, part: true},
	}
}

// serverGC is what keytrail serve sets (--gogc, --gomemlimit); floors and peers in this process get the same.
const (
	serverGC     = 400
	serverMemory = 512 << 20
)

func command(ctx context.Context, args []string) (err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	profile := flags.String("cpuprofile", "", "write a CPU profile of this process to `FILE`")
	if err := flags.Parse(args); err != nil {
		return err
	}
	debug.SetGCPercent(serverGC)
	debug.SetMemoryLimit(serverMemory)
	chosen, err := choose(flags.Args())
	if err != nil {
		return err
	}
	if *profile != "" {
		stop, err := profileTo(*profile)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, stop()) }()
	}
	for _, w := range chosen {
		fmt.Printf("\n## %s\n\n", w.name)
		if err := w.run(ctx); err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
	}
	return nil
}

// choose gives the workloads that were named, all of them when none was.
func choose(names []string) ([]workload, error) {
	all := workloads()
	if len(names) == 0 {
		return slices.DeleteFunc(all, func(w workload) bool { return w.part }), nil
	}
	var chosen []workload
	for _, name := range names {
		i := slices.IndexFunc(all, func(w workload) bool { return w.name == name })
		if i < 0 {
			known := make([]string, len(all))
			for i, w := range all {
				known[i] = w.name
			}
			return nil, fmt.Errorf("%q is no workload; there are: %s", name, strings.Join(known, ", "))
		}
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}

func profileTo(path string) (stop func() error, err error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return file.Close()
	}, nil
}

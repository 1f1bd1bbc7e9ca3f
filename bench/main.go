// Command bench measures keytrail's workloads against floors in the same run, and prints ratios.
//
// A floor is the plainest program that does the work on the same database. Only ratios of one run compare:
// the machine is shared by load generator, server and database.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
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

// workloads names each workload and what runs it.
func workloads() map[string]func(context.Context) error {
	return map[string]func(context.Context) error{"calendar": calendar, "fanout": fanout, "fanout-floor": fanoutFloor}
}

func command(ctx context.Context, args []string) error {
	all := workloads()
	if len(args) == 0 {
		args = []string{"calendar"}
	}
	for _, name := range args {
		work, ok := all[name]
		if !ok {
			names := make([]string, 0, len(all))
			for n := range all {
				names = append(names, n)
			}
			return fmt.Errorf("%q is no workload; there are: %s", name, strings.Join(names, ", "))
		}
		fmt.Printf("\n## %s\n\n", name)
		if err := work(ctx); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

//go:build unix

// Command prepare makes the database from whose copies test processes start: prepare DIRECTORY.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "say where: prepare DIRECTORY")
		os.Exit(2)
	}
	if err := mysqltest.Prepare(ctx, os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "prepare:", err)
		os.Exit(1)
	}
}

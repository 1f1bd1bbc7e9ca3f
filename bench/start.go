package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"
)

const (
	// starts is how often the start is measured.
	starts = 9
	// restAfter is how long after its first answer a server is at rest.
	restAfter = 3 * time.Second
)

// start is W8: from the start of the process to its first answer to a query, with the database up, and its memory at rest.
// There is no floor: a process that does nothing is none.
func start(ctx context.Context) error {
	database, err := openStore(ctx)
	if err != nil {
		return err
	}
	defer database.close()
	p := &keytrailProcess{dir: database.dir, keeps: true, database: database.private.Config()}
	if err := p.build(ctx); err != nil {
		return err
	}
	defer p.close()
	var took []time.Duration
	var memory []float64
	for range starts {
		begun := time.Now()
		if err := p.serve(ctx); err != nil {
			return err
		}
		if err := p.ask(ctx, http.DefaultClient, "{ server { version } }", nil, nil); err != nil {
			return err
		}
		took = append(took, time.Since(begun))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(restAfter):
		}
		memory = append(memory, memoryOf(p.process()))
		p.child.close()
		p.child = nil
	}
	slices.Sort(took)
	slices.Sort(memory)
	fmt.Println("| | median | range |")
	fmt.Println("| --- | ---: | ---: |")
	fmt.Printf("| first answer, s | %.3f | %.3f – %.3f |\n", took[starts/2].Seconds(), took[0].Seconds(), took[starts-1].Seconds())
	fmt.Printf("| memory at rest, MiB | %.0f | %.0f – %.0f |\n", memory[starts/2], memory[0], memory[starts-1])
	return nil
}

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/keytrail/keytrail/server/ledger"
)

const (
	proofEvents  = 100_000
	proofClients = 16
	proofSpan    = 5 * time.Second
)

// proofs is W7: single events whose inclusion proof is there when the answer arrives, and proofs served per second
// out of a ledger of 100,000 entries.
func proofs(ctx context.Context) error {
	s, err := openStore(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	k, err := newKeytrail(ctx, s)
	if err != nil {
		return err
	}
	for range proofEvents / batch {
		if err := k.record(ctx, newEvents(batch)); err != nil {
			return err
		}
	}
	f, err := newFloor(ctx, s, "floor_proof")
	if err != nil {
		return err
	}
	url, stop, err := serveEvents(f.insert)
	if err != nil {
		return err
	}
	defer stop()
	client := newOverHTTP(url, singleClients)
	database := []int{s.private.Pid()}
	recorded := []contender{
		{"keytrail: recorded, its proof made and checked", database, k.recordAndProve},
		{"keytrail: recorded", database, func(ctx context.Context, _, _ int) error { return k.record(ctx, newEvents(1)) }},
		{"floor: net/http and INSERT", database, func(ctx context.Context, _, _ int) error { return client.record(ctx, newEvents(1)) }},
	}
	results, err := run(ctx, singleClients, singleSpan, recorded)
	if err != nil {
		return err
	}
	table(recorded, results)
	fmt.Println()
	served := []contender{{"keytrail: proof of a random entry", database, k.proveAny}}
	if results, err = run(ctx, proofClients, proofSpan, served); err != nil {
		return err
	}
	table(served, results)
	return nil
}

// recordAndProve records an event and proves it under the tree that the answer promises, the smallest that has it.
func (k *keytrail) recordAndProve(ctx context.Context, _, _ int) error {
	e := newEvent()
	receipts, err := k.ledger.Record(ctx, []ledger.Item{k.item(&e)}, false)
	if err != nil {
		return err
	}
	_, err = k.ledger.ProveInclusion(ctx, receipts[0].Seq, k.ledger.DurableSize())
	return err
}

func (k *keytrail) proveAny(ctx context.Context, _, _ int) error {
	size := k.ledger.DurableSize()
	_, err := k.ledger.ProveInclusion(ctx, rand.Uint64N(size), size)
	return err
}

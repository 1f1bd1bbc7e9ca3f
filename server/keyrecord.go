package main

import (
	"context"
	"errors"
	"slices"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

const selectKeysMade = "SELECT seq FROM entry_index WHERE action = ? ORDER BY occurred_at, seq LIMIT 100"

// keysOnRecord gives the verifier keys of the checkpoint keys that are on record as made, the oldest first. There is one, unless
// several servers that began on one database at once each made one.
func (s *services) keysOnRecord(ctx context.Context, q mysql.Querier) ([]string, error) {
	var seqs []uint64
	if err := q.Select(ctx, &seqs, selectKeysMade, ledger.SystemCheckpointKeyMade); err != nil {
		return nil, err
	}
	entries, err := s.ledger.ReadSeqs(ctx, q, seqs)
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, e := range entries {
		if key, ok := e.Details["verifierKey"].(string); ok && e.Stream == ledger.StreamSystem {
			keys = append(keys, key)
		}
	}
	return keys, nil
}

// settleCheckpointKey has a new checkpoint key on record, also where whoever made it was killed before that, and refuses one
// beside which another is on record: of two keys, one would sign what nobody who has the other can check. A key that was
// made for nothing is removed again.
func (s *services) settleCheckpointKey(ctx context.Context, path string, key checkpointKey) error {
	known, err := s.keysOnRecord(ctx, s.db)
	if err != nil {
		return err
	}
	if len(known) == 0 {
		if signed, err := hasCheckpoints(ctx, s.db); err != nil || signed { // its entry was deleted since
			return err
		}
		known, err = s.recordKeyMade(ctx, key.name)
		if err != nil {
			return err
		}
	}
	if slices.Contains(known, s.ledger.VerifierKey()) {
		return nil
	}
	if key.made {
		if err := removeIfThere(path); err != nil {
			return err
		}
	}
	return fault.New(fault.Unavailable, "%s is another key than the one that signs the checkpoints of this database, %s: put a copy of that one there. All servers of a database share it.",
		path, known[0])
}

var errAnotherKey = errors.New("another checkpoint key is on record")

// recordKeyMade records the key, unless another one is on record by now, and gives those on record.
func (s *services) recordKeyMade(ctx context.Context, name string) (known []string, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		_, err := s.ledger.Append(ctx, tx, ledger.Draft{
			Stream: ledger.StreamSystem, System: true, Action: ledger.SystemCheckpointKeyMade,
			Details: map[string]any{"name": name, "verifierKey": s.ledger.VerifierKey()},
		})
		if err != nil {
			return err
		}
		if known, err = s.keysOnRecord(ctx, tx); err != nil { // behind the head's lock: nobody records another one meanwhile
			return err
		}
		if known = slices.DeleteFunc(known, func(key string) bool { return key == s.ledger.VerifierKey() }); len(known) > 0 {
			return errAnotherKey
		}
		known = []string{s.ledger.VerifierKey()}
		return nil
	})
	if errors.Is(err, errAnotherKey) {
		err = nil
	}
	return known, err
}

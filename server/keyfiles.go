package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/keytrail/keytrail/server/config"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

// checkpointKey is the key that signs checkpoints, and the log's name, which is part of it.
type checkpointKey struct {
	name, key string
	made      bool
}

// openCheckpointKey is findCheckpointKey, and makes a key together with the log's name at the first start.
func openCheckpointKey(ctx context.Context, q mysql.Querier, s config.Store) (checkpointKey, error) {
	key, err := findCheckpointKey(ctx, q, s)
	if errors.Is(err, errNoKeyYet) {
		return makeCheckpointKey(s.CheckpointKeyPath(), s.LogName)
	}
	return key, err
}

var errNoKeyYet = errors.New("no checkpoint key was made yet")

// findCheckpointKey reads the key, and fails with errNoKeyYet before the first start. A missing file beside checkpoints is
// an error: a new key would make every earlier one worthless.
func findCheckpointKey(ctx context.Context, q mysql.Querier, s config.Store) (checkpointKey, error) {
	path := s.CheckpointKeyPath()
	text, err := os.ReadFile(path)
	switch {
	case err == nil:
		return readCheckpointKey(path, string(text), s.LogName)
	case !errors.Is(err, fs.ErrNotExist):
		return checkpointKey{}, fault.Wrap(err, fault.Unavailable, "The key that signs checkpoints cannot be read from %s: %v.", path, err)
	}
	signed, err := hasCheckpoints(ctx, q)
	if err == nil && !signed {
		signed, err = isThere(ctx, q, "SELECT COUNT(*) FROM (SELECT 1 FROM entry_index WHERE action = ? LIMIT 1) AS one", ledger.SystemCheckpointKeyMade)
	}
	if err != nil {
		return checkpointKey{}, err
	}
	if signed {
		return checkpointKey{}, fault.New(fault.Unavailable,
			"%s is missing, and this database holds checkpoints that were signed with it. Put the file back.", path)
	}
	return checkpointKey{}, errNoKeyYet
}

func hasCheckpoints(ctx context.Context, q mysql.Querier) (bool, error) {
	return isThere(ctx, q, "SELECT COUNT(*) FROM (SELECT 1 FROM {ledger}.checkpoint LIMIT 1) AS one")
}

func isThere(ctx context.Context, q mysql.Querier, query string, args ...any) (bool, error) {
	var found int
	err := q.Get(ctx, &found, query, args...)
	return found > 0, err
}

func readCheckpointKey(path, text, wanted string) (checkpointKey, error) {
	fields := strings.SplitN(strings.TrimSpace(text), "+", 5)
	if len(fields) != 5 {
		return checkpointKey{}, fault.New(fault.Unavailable, "%s is damaged: put back its copy.", path)
	}
	k := checkpointKey{name: fields[2], key: text}
	if wanted != "" {
		k.name = wanted // the ledger refuses a name that differs from the key's
	}
	return k, nil
}

func makeCheckpointKey(path, wanted string) (checkpointKey, error) {
	name := wanted
	if name == "" {
		name = "keytrail/" + strings.ToLower(rand.Text()[:10])
	}
	key, err := ledger.GenerateKey(name)
	if err != nil {
		return checkpointKey{}, err
	}
	err = seal.WriteSecretFile(path, []byte(key+"\n"))
	if errors.Is(err, fs.ErrExist) { // another process with this data directory was faster
		text, err := os.ReadFile(path)
		if err != nil {
			return checkpointKey{}, unwritable(path, err)
		}
		return readCheckpointKey(path, string(text), wanted)
	}
	if err != nil {
		return checkpointKey{}, unwritable(path, err)
	}
	return checkpointKey{name: name, key: key, made: true}, nil
}

// writeSecret writes a new file that only this user can read.
func writeSecret(path, text string) error {
	if err := seal.WriteSecretFile(path, []byte(text)); err != nil {
		return unwritable(path, err)
	}
	return nil
}

func unwritable(path string, err error) error {
	return fault.Wrap(err, fault.Unavailable, "%s cannot be written: %v. Give keytrail's user the right to, "+
		"or choose another data directory with KEYTRAIL_DATA.", path, err)
}

// verifier gives the public line with which anybody can check the signatures.
func (k checkpointKey) verifier() (string, error) {
	return ledger.VerifierOf(strings.TrimSpace(k.key))
}

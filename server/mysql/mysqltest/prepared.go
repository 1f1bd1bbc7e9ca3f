//go:build unix

package mysqltest

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	"github.com/keytrail/keytrail/migrations"
	"github.com/keytrail/keytrail/server/mysql"
)

// preparedVariable names a directory that Prepare filled. Each test process then starts from a copy of it; without one
// it makes and migrates a database of its own, which takes some seconds.
const preparedVariable = "KEYTRAIL_TEST_DATABASE"

// Prepare makes dir anew, with the files of a stopped server that holds the migrated template.
func Prepare(ctx context.Context, dir string) error {
	aside := dir + ".new"
	if err := os.RemoveAll(aside); err != nil {
		return err
	}
	if err := os.MkdirAll(aside, 0o700); err != nil {
		return err
	}
	if err := prepareIn(ctx, aside); err != nil {
		return errors.Join(err, os.RemoveAll(aside))
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.Rename(aside, dir)
}

func prepareIn(ctx context.Context, dir string) error {
	server, err := mysql.StartPrivate(ctx, mysql.PrivateConfig{DataDir: dir, BufferPoolBytes: bufferPool, RedoLogBytes: redoLog})
	if err != nil {
		return err
	}
	migrated := mysql.Migrate(ctx, inSchema(server.Config(), templateSchema), migrations.FS)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	return errors.Join(migrated, server.Stop(ctx))
}

// copyPrepared fills a data directory with what was prepared, if anything was.
func copyPrepared(to string) error {
	from := os.Getenv(preparedVariable)
	if _, err := os.Stat(from); from == "" || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return os.CopyFS(to, os.DirFS(from))
}

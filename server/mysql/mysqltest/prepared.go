//go:build unix

package mysqltest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"testing"
	"time"

	"github.com/keytrail/keytrail/migrations"
	"github.com/keytrail/keytrail/server/mysql"
)

// preparedVariable names a directory that Prepare filled. What a test starts then starts from a copy of it; without one
// it makes and migrates a database of its own, which takes some seconds.
const preparedVariable = "KEYTRAIL_TEST_DATABASE"

// Prepare makes dir anew, with the files of a stopped server that holds two migrated pairs of schemas: the template,
// and those of a keytrail that runs its own database.
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
	migrated := errors.Join(mysql.Migrate(ctx, server.Config(), migrations.FS),
		mysql.Migrate(ctx, inSchema(server.Config(), templateSchema), migrations.FS))
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	return errors.Join(migrated, server.Stop(ctx))
}

// Data makes a data directory for a keytrail that a test starts, as Dir does. Its database is migrated already where one
// was prepared; keytrail has not been started on it, so that it makes its keys and its first account.
func Data(t testing.TB) string {
	t.Helper()
	dir := Dir(t)
	if err := copyPrepared(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// copyPrepared fills a data directory with what was prepared, if anything was.
func copyPrepared(to string) error {
	from := os.Getenv(preparedVariable)
	if _, err := os.Stat(from); from == "" || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		return fmt.Errorf("copying what %s names: %w", preparedVariable, err)
	}
	return nil
}

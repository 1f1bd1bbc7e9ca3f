package mysql

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/keytrail/keytrail/server/fault"
)

// program is an installed MariaDB server.
type program struct {
	mariadbd string
	share    string // where the SQL that makes the system tables lies
}

// systemTables is what mariadb-install-db feeds to a new server, in this order.
var systemTables = []string{
	"mysql_system_tables.sql",
	"mysql_performance_tables.sql",
	"mysql_system_tables_data.sql",
	"maria_add_gis_sp_bootstrap.sql",
	"mysql_sys_schema.sql",
}

// findProgram finds mariadbd: at the path given, beside keytrail, in PATH or where packages put it.
func findProgram(given string) (program, error) {
	if given != "" {
		return programAt([]string{given})
	}
	return programAt(candidates(os.Getenv("PATH")))
}

func candidates(path string) []string {
	var dirs []string
	if self, err := os.Executable(); err == nil {
		dirs = append(dirs, filepath.Join(filepath.Dir(self), "mariadb", "bin"))
	}
	dirs = append(dirs, filepath.SplitList(path)...)
	dirs = append(dirs,
		"/usr/sbin", "/usr/bin", "/usr/libexec",
		"/usr/local/sbin", "/usr/local/bin", "/usr/local/libexec",
		"/usr/local/mysql/bin", "/usr/local/mariadb/bin", "/usr/local/opt/mariadb/bin",
		"/opt/homebrew/bin", "/opt/homebrew/opt/mariadb/bin", "/home/linuxbrew/.linuxbrew/bin")
	programs := make([]string, len(dirs))
	for i, dir := range dirs {
		programs[i] = filepath.Join(dir, "mariadbd")
	}
	return programs
}

func programAt(paths []string) (program, error) {
	for _, path := range paths {
		mariadbd, err := exec.LookPath(path)
		if err != nil || !filepath.IsAbs(mariadbd) {
			continue
		}
		share := findShare(mariadbd)
		if share == "" {
			return program{}, fault.New(fault.Unavailable, "%s is there, but %s is not found near it. "+
				"Install the server package again: %s.", mariadbd, systemTables[0], packages)
		}
		return program{mariadbd: mariadbd, share: share}, nil
	}
	return program{}, fault.New(fault.Unavailable, "mariadbd is not installed. Install it with %s; "+
		"or set KEYTRAIL_DATABASE to a MariaDB or MySQL server of your own.", packages)
}

const packages = "`apt-get install mariadb-server-core` (Debian, Ubuntu), `dnf install mariadb-server` (Fedora), " +
	"`brew install mariadb` (macOS) or the MariaDB MSI package (Windows)"

func findShare(mariadbd string) string {
	bins := []string{filepath.Dir(mariadbd)}
	if real, err := filepath.EvalSymlinks(mariadbd); err == nil {
		bins = append(bins, filepath.Dir(real))
	}
	var dirs []string
	for _, bin := range bins {
		share := filepath.Join(filepath.Dir(bin), "share")
		dirs = append(dirs, filepath.Join(share, "mysql"), filepath.Join(share, "mariadb"), share)
	}
	dirs = append(dirs, "/usr/share/mysql", "/usr/share/mariadb", "/usr/local/share/mysql")
	i := slices.IndexFunc(dirs, func(dir string) bool {
		_, err := os.Stat(filepath.Join(dir, systemTables[0]))
		return err == nil
	})
	if i < 0 {
		return ""
	}
	return dirs[i]
}

// initialise makes a new server's files, once. They are made aside and renamed when whole, so that an
// interrupted start leaves nothing half made.
func initialise(ctx context.Context, program program, p paths, c PrivateConfig) error {
	if _, err := os.Stat(p.data); err == nil {
		return nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return unwritable(filepath.Dir(p.data), err)
	}
	aside, err := makeAside(p.data)
	if err != nil {
		return unwritable(filepath.Dir(p.data), err)
	}
	script, err := bootstrapScript(program.share)
	if err != nil {
		return err
	}
	if err := bootstrap(ctx, program, serverFlags(aside, p.tmp, c), script); err != nil {
		return err
	}
	if err := os.Rename(aside, p.data); err != nil {
		return unwritable(filepath.Dir(p.data), err)
	}
	return syncDir(filepath.Dir(p.data))
}

// makeAside gives a new directory, and removes what interrupted starts left behind. Its name is new each time
// because a mariadbd of an interrupted start may not have ended yet.
func makeAside(dataDir string) (string, error) {
	parent, prefix := filepath.Dir(dataDir), filepath.Base(dataDir)+".new-"
	entries, err := os.ReadDir(parent)
	if err != nil {
		return "", err
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), prefix) {
			_ = os.RemoveAll(filepath.Join(parent, entry.Name())) // or at the next start
		}
	}
	return os.MkdirTemp(parent, prefix)
}

func bootstrapScript(share string) (io.Reader, error) {
	// The bootstrap reads a statement a line.
	parts := []io.Reader{strings.NewReader("create database mysql;\nuse mysql;\n")}
	for _, name := range systemTables {
		text, err := os.ReadFile(filepath.Join(share, name))
		if err != nil {
			return nil, err
		}
		parts = append(parts, bytes.NewReader(text), strings.NewReader("\n"))
	}
	// The system tables come with a root without password. Nobody needs one: the accounts are set at each start.
	parts = append(parts, strings.NewReader("delete from mysql.global_priv where User = 'root';\n"))
	return io.MultiReader(parts...), nil
}

func bootstrap(ctx context.Context, program program, flags []string, script io.Reader) error {
	cmd := exec.CommandContext(ctx, program.mariadbd, append(flags, "--bootstrap", "--enforce-storage-engine=")...)
	var output bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = script, &output, &output
	cmd.SysProcAttr = childAttributes()
	runtime.LockOSThread() // the thread that forks must outlive the child: see spawn
	defer runtime.UnlockOSThread()
	if err := cmd.Run(); err != nil {
		return fault.Wrap(err, fault.Unavailable, "The private database could not be set up: %v. mariadbd said:\n%s",
			err, lastLines(output.Bytes()))
	}
	return nil
}

// serverFlags are the settings of the private server, at bootstrap and after.
func serverFlags(dataDir, tmpDir string, c PrivateConfig) []string {
	flags := []string{
		"--no-defaults", // must be the first
		"--datadir=" + dataDir,
		"--tmpdir=" + tmpDir,
		"--skip-networking",
		"--skip-name-resolve",
		"--skip-log-bin",
		"--innodb-flush-log-at-trx-commit=1",
		fmt.Sprintf("--innodb-buffer-pool-size=%d", c.BufferPoolBytes),
		fmt.Sprintf("--innodb-log-file-size=%d", c.RedoLogBytes),
		"--innodb-ft-min-token-size=2",
		"--performance-schema=OFF",
		"--character-set-server=utf8mb4",
		"--collation-server=utf8mb4_bin",
		"--default-time-zone=+00:00",
		"--sql-mode=" + sqlMode,
		"--transaction-isolation=READ-COMMITTED",
		fmt.Sprintf("--max-allowed-packet=%d", maxAllowedPacket),
		"--max-connections=200",
		"--max-prepared-stmt-count=200000",
	}
	if os.Geteuid() == 0 {
		flags = append(flags, "--user=root")
	}
	return flags
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

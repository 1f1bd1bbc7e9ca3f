// Command keytrail keeps one record of who held which key, who did what and who signed in, shows it live, and can
// prove that nobody changed it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	_ "time/tzdata" // zones on machines that have none

	"github.com/alecthomas/kong"

	"github.com/keytrail/keytrail/server/config"
	"github.com/keytrail/keytrail/server/fault"
)

// version is set by the linker.
var version = "devel"

// cli is every command and its settings. Its help is the reference.
type cli struct {
	Config   kong.ConfigFlag `help:"TOML file with settings; names are those of the flags with underscores." env:"KEYTRAIL_CONFIG" placeholder:"FILE"`
	LogLevel slog.Level      `help:"What is logged: debug, info, warn or error." default:"info" env:"KEYTRAIL_LOG_LEVEL"`

	Serve      serveCommand        `cmd:"" help:"Run the server."`
	Migrate    migrateCommand      `cmd:"" help:"Bring a database of your own to this version, or back."`
	Verify     verifyCommand       `cmd:"" help:"Verify the ledger: here, published on a server, or in a file."`
	Export     exportCommand       `cmd:"" help:"Write what is recorded to files."`
	Import     importCommand       `cmd:"" help:"Bring in the data of an older system."`
	Rebuild    rebuildCommand      `cmd:"" help:"Build the tables that queries are answered from anew, from the entries. The server goes on."`
	Archive    archiveCommand      `cmd:"" help:"List, verify, search and restore archives of entries that were deleted."`
	Backup     backupCommand       `cmd:"" help:"Copy the whole database into one encrypted file while the server goes on, or verify such a file."`
	Restore    restoreCommand      `cmd:"" help:"Put a backup into an empty database, and verify it as a whole."`
	Hours      processHoursCommand `cmd:"" name:"process-real-hours" help:"Compute working hours now; the server does so every 15 minutes."`
	Admin      adminCommand        `cmd:"" help:"Make accounts and tokens, and set passwords."`
	RotateKeys rotateKeysCommand   `cmd:"" help:"Replace the master key now; by itself keytrail does so at night when a key was destroyed, and every 90 days."`
	Schema     schemaCommand       `cmd:"" help:"Print the GraphQL schema."`
	Version    versionCommand      `cmd:"" help:"Print the version."`
}

// program is what every command gets.
type program struct {
	ctx context.Context
	out io.Writer
	log *slog.Logger
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is main with everything that it touches as an argument, and gives the exit code.
func run(ctx context.Context, args []string, out, errOut io.Writer) int {
	var c cli
	parser, err := kong.New(&c, kong.Name("keytrail"),
		kong.Description("One tamper-evident record of keys, actions and sign-ins."),
		kong.Configuration(config.File), kong.Writers(out, errOut))
	if err != nil {
		return fail(errOut, err)
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return fail(errOut, err)
	}
	log := slog.New(slog.NewTextHandler(errOut, &slog.HandlerOptions{Level: c.LogLevel}))
	if unread := config.Unread(parser.Model, os.Environ()); len(unread) > 0 && parsed.Command() == "serve" {
		log.Warn("variables of the environment look like settings and are none: see keytrail serve --help", "variables", unread)
	}
	if err := parsed.Run(program{ctx, out, log}); err != nil {
		return fail(errOut, err)
	}
	return 0
}

// fail says in one line what went wrong and what to do.
func fail(errOut io.Writer, err error) int {
	text := err.Error()
	if f, ok := fault.As(err); ok {
		text = f.Message
	}
	if errors.Is(err, context.Canceled) {
		text = "stopped"
	}
	fmt.Fprintln(errOut, "keytrail: "+strings.ReplaceAll(text, "\n", " "))
	return 1
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(p program) error {
	_, err := fmt.Fprintf(p.out, "keytrail %s (%s, %s/%s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

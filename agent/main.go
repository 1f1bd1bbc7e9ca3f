// Command keytrail-agent reports to keytrail when the person at this workstation works and when he stops.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// version is set by the linker.
var version = "devel"

// cli is every command.
type cli struct {
	Run       runCommand       `cmd:"" help:"Watch this workstation and report, until logging off."`
	Status    statusCommand    `cmd:"" help:"Show whether the agent runs, what it sends, and what waits."`
	Install   installCommand   `cmd:"" help:"Store the address and the token, and run at each logon of this person."`
	Uninstall uninstallCommand `cmd:"" help:"Run at logon no more, and forget the token. What waits is kept."`
	Version   versionCommand   `cmd:"" help:"Print the version."`
}

// program is what every command gets.
type program struct {
	ctx context.Context
	env func(string) string
	in  io.Reader
	out io.Writer
	err io.Writer
}

func main() {
	attachConsole()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	code := run(program{ctx, os.Getenv, os.Stdin, os.Stdout, os.Stderr}, os.Args[1:])
	stop()
	os.Exit(code)
}

func run(p program, args []string) int {
	parser, err := kong.New(&cli{}, kong.Name("keytrail-agent"), kong.Writers(p.out, p.err),
		kong.Description("Reports work time to keytrail: working or stopped, and nothing else."))
	if err == nil {
		var parsed *kong.Context
		if parsed, err = parser.Parse(args); err == nil {
			err = parsed.Run(p)
		}
	}
	if err != nil {
		fmt.Fprintf(p.err, "keytrail-agent: %v\n", err)
		return 1
	}
	return 0
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(p program) error {
	_, err := fmt.Fprintln(p.out, version)
	return err
}

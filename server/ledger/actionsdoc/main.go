// Command actionsdoc writes the page that lists every action which keytrail records by itself.
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/keytrail/keytrail/server/ledger"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: actionsdoc FILE")
		os.Exit(2)
	}
	if err := os.WriteFile(os.Args[1], []byte(page(ledger.Actions())), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, "actionsdoc:", err)
		os.Exit(1)
	}
}

const intro = `<!-- Generated from server/ledger/actions.go by "make generate"; do not edit. -->

# Actions

What keytrail records by itself. The codes are stable: programs may rely on them. Programs that record actions of their
own choose their own words, but none that begins with key., auth., access., log., work., privacy., alert. or system.

Severities: **info** is everyday, **notice** is worth knowing, **warning** is worth a look, **critical** must be known.
`

// page lists the actions, a table for each prefix, in the order of the registry.
func page(actions []ledger.Action) string {
	var prefixes []string
	tables := map[string]string{}
	for _, a := range actions {
		prefix, _, _ := strings.Cut(a.Code, ".")
		if tables[prefix] == "" {
			prefixes = append(prefixes, prefix)
		}
		tables[prefix] += fmt.Sprintf("| `%s` | %s | %s |\n", a.Code, a.Severity, strings.ReplaceAll(a.Meaning, "|", "\\|"))
	}
	text := intro
	for _, prefix := range prefixes {
		text += fmt.Sprintf("\n## %s\n\n| code | severity | meaning |\n| --- | --- | --- |\n%s", prefix, tables[prefix])
	}
	return text
}

// Package check reads the PowerShell scripts with a parser of that language, since most machines that build keytrail have
// no PowerShell. The parser is C and wants its own headers to be found: make test-clients.
package check

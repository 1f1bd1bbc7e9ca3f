// Package migrations holds the schema's history, applied by goose in the order of the numbers. In the
// files, {main} and {ledger} stand for the two schemas; each holds one DDL statement, because DDL commits by itself.
package migrations

import "embed"

// FS holds the migrations.
//
//go:embed *.sql
var FS embed.FS

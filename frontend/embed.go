// Package frontend carries the built web app inside the binary.
package frontend

import (
	"embed"
	"fmt"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files is the built app: index.html, its assets, and placeholder.html, which is all there is when Go was
// built before `make build` built the app.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(fmt.Sprintf("frontend: the embedded folder cannot be missing: %v", err))
	}
	return files
}

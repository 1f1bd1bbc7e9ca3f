// Package frontend carries the built web app inside the binary.
package frontend

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

//go:embed documents.json
var documents []byte

// Documents gives the text of every GraphQL operation that the app sends, by the SHA-256 of the text in hexadecimal.
func Documents() map[string]string {
	var texts map[string]string
	if err := json.Unmarshal(documents, &texts); err != nil {
		panic(fmt.Sprintf("frontend: documents.json is generated and cannot be broken: %v", err))
	}
	return texts
}

// Files is the built app: index.html, its assets, and placeholder.html, which is all there is when Go was
// built before `make build` built the app.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(fmt.Sprintf("frontend: the embedded folder cannot be missing: %v", err))
	}
	return files
}

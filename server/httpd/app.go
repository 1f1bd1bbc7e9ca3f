package httpd

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

const indexFile = "index.html"

// app serves the built web app from memory: hashed assets for ever, everything else checked each time, and the
// page itself for every address that the app's own routing knows. Each file is read, and packed, when it is first asked for:
// all of them would hold up the start.
type app struct {
	files map[string]func() (*asset, error)
}

type asset struct {
	plain []byte
	// zipped packs the asset; nil where it is not worth it.
	zipped     func() []byte
	etag, kind string
	immutable  bool
}

func newApp(files fs.FS) (*app, error) {
	a := &app{files: map[string]func() (*asset, error){}}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		a.files[name] = sync.OnceValues(func() (*asset, error) { return readAsset(files, name) })
		return nil
	})
	if err != nil {
		return nil, err
	}
	if _, built := a.files[indexFile]; !built {
		a.files[indexFile] = a.files["placeholder.html"]
	}
	if a.files[indexFile] == nil {
		return nil, errors.New("httpd: the web app is missing from this binary: build it with make build")
	}
	return a, nil
}

func readAsset(files fs.FS, name string) (*asset, error) {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}

	sum := sha256.Sum256(text)
	kind := mime.TypeByExtension(path.Ext(name))
	if kind == "" {
		kind = "application/octet-stream"
	}
	f := &asset{
		plain: text, kind: kind, etag: `"` + hex.EncodeToString(sum[:8]) + `"`,
		immutable: strings.HasPrefix(name, "assets/"),
	}
	if compressible(kind) && len(text) >= 1024 {
		f.zipped = sync.OnceValue(func() []byte { return zip(text) })
	}
	return f, nil
}

func zip(text []byte) []byte {
	var zipped bytes.Buffer
	writer := gzip.NewWriter(&zipped)
	_, _ = writer.Write(text) // a buffer takes everything
	_ = writer.Close()
	return zipped.Bytes()
}

func compressible(kind string) bool {
	return strings.HasPrefix(kind, "text/") || strings.Contains(kind, "javascript") ||
		strings.Contains(kind, "json") || strings.Contains(kind, "svg")
}

// ServeHTTP implements http.Handler.
func (a *app) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "This address can only be read.", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	file, found := a.files[name]
	if name == "" {
		file, found = a.files[indexFile], true
	}
	if !found {
		if !strings.Contains(r.Header.Get("Accept"), "text/html") || strings.HasPrefix(name, "assets/") {
			http.NotFound(w, r)
			return
		}
		file = a.files[indexFile]
	}
	f, err := file()
	if err != nil {
		http.Error(w, "This file of the app cannot be read.", http.StatusInternalServerError)
		return
	}
	f.serve(w, r)
}

func (f *asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "no-cache")
	if f.immutable {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	body, etag := f.plain, f.etag
	if f.zipped != nil {
		h.Add("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			body, etag = f.zipped(), strings.TrimSuffix(f.etag, `"`)+`-gz"`
		}
	}
	h.Set("Etag", etag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

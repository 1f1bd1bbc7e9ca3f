package httpaudit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"unicode/utf8"
)

// capture keeps the first bytes of a body and counts all of them. It is safe for concurrent use: a transport may read
// a request's body while its answer is read.
type capture struct {
	mu    sync.Mutex
	limit int
	kept  bytes.Buffer
	total int64
}

func (c *capture) add(p []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.total += int64(len(p))
	if room := c.limit - c.kept.Len(); room > 0 {
		c.kept.Write(p[:min(room, len(p))])
	}
}

// body gives what of a captured body may be recorded: nil where there was none. In JSON and forms secrets are found by
// their names; what is not one of these could hold them in any form, so that of a text in which such a name stands, and
// of all other types, the size alone is recorded.
func (r *recording) body(c *capture, contentType string) any {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.total == 0 || c.limit < 0 {
		return nil
	}
	if contentType == "" { // the server says what it takes the body for, but not where a handler could see it
		contentType = http.DetectContentType(c.kept.Bytes())
	}
	kind, _, err := mime.ParseMediaType(contentType)
	text := c.kept.String()
	switch {
	case c.total > int64(c.limit):
		return fmt.Sprintf("[%d bytes of %s]", c.total, kind)
	case kind == "application/json" || strings.HasSuffix(kind, "+json"):
		return r.json(text, c.total, kind)
	case kind == "application/x-www-form-urlencoded":
		if form, err := url.ParseQuery(text); err == nil {
			return r.Masks.Pairs(form)
		}
	case err == nil && kind == "text/plain" && utf8.ValidString(text) && (json.Valid([]byte(text)) || !r.Masks.Mentions(text)):
		return r.Masks.Text(text)
	}
	return fmt.Sprintf("[%d bytes of %s]", c.total, kind)
}

func (r *recording) json(text string, total int64, kind string) any {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil || decoder.More() {
		return fmt.Sprintf("[%d bytes of %s that cannot be read]", total, kind)
	}
	return r.Masks.Value(value)
}

// tee is a body that is captured while somebody reads it.
type tee struct {
	io.ReadCloser
	capture *capture
	ended   func(error) // at its end or when it is closed, at least once; may be nil
}

func (t *tee) Read(p []byte) (int, error) {
	n, err := t.ReadCloser.Read(p)
	t.capture.add(p[:n])
	if err != nil && t.ended != nil {
		t.ended(err)
	}
	return n, err
}

func (t *tee) Close() error {
	err := t.ReadCloser.Close()
	if t.ended != nil {
		t.ended(io.EOF)
	}
	return err
}

package httpaudit

import (
	"bufio"
	"net"
	"net/http"
)

// writer sees what a handler answers. Streaming stays as it is: http.ResponseController finds what is below by Unwrap,
// and Flush and Hijack are there for handlers that ask for them in the older way.
type writer struct {
	http.ResponseWriter
	capture  capture
	status   int // 0 until the headers are sent
	hijacked bool
}

// Unwrap gives the writer below, for http.ResponseController.
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader sends the status. The first that is not merely informative is what the client sees.
func (w *writer) WriteHeader(status int) {
	if w.status == 0 && (status >= http.StatusOK || status == http.StatusSwitchingProtocols) {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *writer) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(p)
	w.capture.add(p[:n])
	return n, err
}

// Flush sends what was written so far, where the writer below can.
func (w *writer) Flush() { _ = w.FlushError() }

// FlushError does so for http.ResponseController, and says when the writer below cannot: http.ErrNotSupported.
func (w *writer) FlushError() error {
	err := http.NewResponseController(w.ResponseWriter).Flush()
	if err == nil && w.status == 0 {
		w.status = http.StatusOK
	}
	return err
}

// Hijack hands the connection over, where the writer below can: http.ErrNotSupported otherwise.
func (w *writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(w.ResponseWriter).Hijack()
	w.hijacked = w.hijacked || err == nil
	return conn, buffered, err
}

// sent is the status that the client saw.
func (w *writer) sent() int {
	switch {
	case w.status != 0:
		return w.status
	case w.hijacked:
		return http.StatusSwitchingProtocols
	}
	return http.StatusOK
}

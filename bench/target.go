package main

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"time"
)

// recorder takes events and returns once they are on disk. To measure a peer, write one that speaks to it.
type recorder interface {
	record(ctx context.Context, events []event) error
}

// recorderFunc is a recorder within this process.
type recorderFunc func(ctx context.Context, events []event) error

func (f recorderFunc) record(ctx context.Context, events []event) error { return f(ctx, events) }

// overHTTP is a recorder at an address: it posts events as a JSON array and takes any 2xx for "on disk".
type overHTTP struct{ *poster }

func newOverHTTP(address string, clients int) *overHTTP {
	return &overHTTP{newPoster(address, clients)}
}

func (t *overHTTP) record(ctx context.Context, events []event) error {
	body, err := json.Marshal(events)
	if err != nil {
		return err
	}
	_, err = t.post(ctx, "/", "", body)
	return err
}

// serveEvents answers on loopback what a recorder within this process does, over HTTP.
func serveEvents(record recorderFunc) (url string, stop func(), err error) {
	return serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var events []event
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 8<<20)).Decode(&events); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if err := record(r.Context(), events); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}))
}

func serve(handler http.Handler) (url string, stop func(), err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener)
	}()
	return "http://" + listener.Addr().String(), func() {
		_ = server.Close()
		<-done
	}, nil
}

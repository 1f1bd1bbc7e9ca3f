package main

import (
	"context"
	"errors"
	"net"
	"net/http"

	"golang.org/x/sync/errgroup"

	"github.com/keytrail/keytrail/server/httpd"
)

// listeners are where the server answers: everything at main, the older systems' endpoints alone at older, which is
// nil when there is none.
type listeners struct{ main, older net.Listener }

func (c serveCommand) listenOlder(ctx context.Context) (net.Listener, error) {
	if c.LegacyListen == "" {
		return nil, nil
	}
	return httpd.Listen(ctx, c.LegacyListen)
}

// front is a server and its listener.
type front struct {
	server   *http.Server
	listener net.Listener
}

// fronts are all servers, which begin and end together.
type fronts []front

func (l listeners) servers(config httpd.Config) (fronts, error) {
	server, err := httpd.New(config)
	if err != nil || l.older == nil {
		return fronts{{server, l.main}}, err
	}
	older, err := httpd.NewOlder(config)
	return fronts{{server, l.main}, {older, l.older}}, err
}

func (f fronts) serve(group *errgroup.Group) {
	for _, one := range f {
		group.Go(func() error { return httpd.Serve(one.server, one.listener) })
	}
}

// shutdown takes no new requests and waits for those that run, at all servers at once.
func (f fronts) shutdown(ctx context.Context) error {
	var group errgroup.Group
	for _, one := range f {
		group.Go(func() error { return one.server.Shutdown(ctx) })
	}
	return group.Wait()
}

func (f fronts) close() error {
	var failed []error
	for _, one := range f {
		failed = append(failed, one.server.Close())
	}
	return errors.Join(failed...)
}

package main

import (
	"context"
	"net"
	"net/http"
	"testing"
)

func TestServingEndsWhenTheLastRequestIsAnswered(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	began, goOn, answered := make(chan struct{}), make(chan struct{}), false
	server := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(began)
		<-goOn
		answered = true
	})}
	server.RegisterOnShutdown(func() { close(goOn) }) // the request is answered when the end has begun
	go func() {
		<-began
		stop()
	}()
	asked := make(chan error, 1)
	go func() {
		response, err := http.Get("http://" + listener.Addr().String())
		if err == nil {
			err = response.Body.Close()
		}
		asked <- err
	}()
	if err := serve(ctx, server, listener); err != nil {
		t.Fatal(err)
	}
	if !answered {
		t.Error("serving ended before the request was answered")
	}
	if err := <-asked; err != nil {
		t.Error(err)
	}
}

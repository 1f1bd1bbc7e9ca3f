package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// floorEvent is about as long as keytrail's message for the same event.
var floorEvent = `{"id":"1","type":"next","payload":{"data":{"keyFeed":{"seq":"%d","text":"` + strings.Repeat("x", 420) + `"}}}}`

// fanoutFloor is the plainest server that hands every event to every subscriber: a goroutine and a queue for each
// socket, and nothing is stored. It runs in a process of its own.
func fanoutFloor(ctx context.Context) error {
	hub := &floorHub{sockets: map[chan []byte]bool{}}
	mux := http.NewServeMux()
	mux.HandleFunc("/publish", hub.publish)
	mux.HandleFunc("/follow", hub.follow)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	fmt.Printf("http://%s\n", listener.Addr())
	if err := server.Serve(listener); err != http.ErrServerClosed {
		return err
	}
	return nil
}

type floorHub struct {
	mu      sync.Mutex
	next    uint64
	sockets map[chan []byte]bool
}

func (h *floorHub) publish(w http.ResponseWriter, _ *http.Request) {
	h.mu.Lock()
	seq := h.next
	h.next++
	event := fmt.Appendf(nil, floorEvent, seq)
	for queue := range h.sockets {
		queue <- event
	}
	h.mu.Unlock()
	_, _ = io.WriteString(w, strconv.FormatUint(seq, 10))
}

func (h *floorHub) follow(w http.ResponseWriter, r *http.Request) {
	upgrader := websocket.Upgrader{}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer func() { _ = conn.Close() }()
	queue := make(chan []byte, 1024)
	h.mu.Lock()
	h.sockets[queue] = true
	h.mu.Unlock()
	if conn.WriteMessage(websocket.TextMessage, []byte("ready")) != nil {
		return
	}
	for event := range queue {
		if conn.WriteMessage(websocket.TextMessage, event) != nil {
			return
		}
	}
}

// floorTarget drives the floor.
type floorTarget struct {
	*child
	client *http.Client
}

func openFanoutFloor(ctx context.Context) (fanoutTarget, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c, err := startChild(ctx, exec.Command(self, "fanout-floor"))
	if err != nil {
		return nil, err
	}
	return &floorTarget{c, &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: fanoutWriters}}}, nil
}

func (f *floorTarget) subscribe(ctx context.Context, _ int) (*subscriber, error) {
	conn, _, err := websocket.DefaultDialer.DialContext(ctx, "ws"+strings.TrimPrefix(f.url, "http")+"/follow", nil)
	if err != nil {
		return nil, err
	}
	if _, _, err := conn.ReadMessage(); err != nil {
		return nil, err
	}
	return subscribeOver(conn), nil
}

func (f *floorTarget) publish(ctx context.Context, _, _ int) (seq uint64, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, f.url+"/publish", strings.NewReader(floorEvent))
	if err != nil {
		return 0, err
	}
	response, err := f.client.Do(request)
	if err != nil {
		return 0, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err
	}
	return strconv.ParseUint(string(text), 10, 64)
}

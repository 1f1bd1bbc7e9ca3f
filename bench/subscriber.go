package main

import (
	"bytes"
	"encoding/binary"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// subscriber reads frames as cheaply as it can, since it shares the machine with the server: of each it takes the
// event's place in the order and the time, and nothing else.
type subscriber struct {
	conn net.Conn

	mu  sync.Mutex
	got []published
}

// subscribeOver goes on with a connection that was opened, over which nothing but events comes from now on.
func subscribeOver(conn *websocket.Conn) *subscriber { return &subscriber{conn: conn.NetConn()} }

func (s *subscriber) close() { _ = s.conn.Close() }

func (s *subscriber) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.got)
}

func (s *subscriber) arrivals() []published {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.got
}

func (s *subscriber) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got = nil
}

// read reads frames until the connection is closed.
func (s *subscriber) read() {
	buffer := make([]byte, 0, 64<<10)
	for {
		n, err := s.conn.Read(buffer[len(buffer):cap(buffer)])
		if err != nil {
			return
		}
		buffer = buffer[:len(buffer)+n]
		used, ok := s.take(buffer, time.Now())
		if !ok {
			return
		}
		buffer = buffer[:copy(buffer, buffer[used:])]
	}
}

// take notes the events of all complete frames, and gives how many bytes these took.
func (s *subscriber) take(data []byte, at time.Time) (used int, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		kind, payload, size := frame(data[used:])
		if size == 0 {
			return used, true
		}
		used += size
		switch kind {
		case websocket.PingMessage:
			if _, err := s.conn.Write([]byte{0x80 | websocket.PongMessage, 0x80, 0, 0, 0, 0}); err != nil {
				return used, false
			}
		case websocket.TextMessage:
			if seq, found := seqIn(payload); found {
				s.got = append(s.got, published{seq, at})
			}
		}
	}
}

// frame cuts off the first frame of what a server sent; size is 0 while it is not complete.
func frame(data []byte) (kind int, payload []byte, size int) {
	if len(data) < 2 {
		return 0, nil, 0
	}
	head, length := 2, int(data[1]&0x7f)
	switch {
	case length == 126 && len(data) >= 4:
		head, length = 4, int(binary.BigEndian.Uint16(data[2:]))
	case length == 127 && len(data) >= 10:
		head, length = 10, int(binary.BigEndian.Uint64(data[2:]))
	case length > 125:
		return 0, nil, 0
	}
	if len(data) < head+length {
		return 0, nil, 0
	}
	return int(data[0] & 0x0f), data[head : head+length], head + length
}

// seqIn finds "seq":"123" in a message.
func seqIn(message []byte) (seq uint64, found bool) {
	const name = `"seq":"`
	i := bytes.Index(message, []byte(name))
	if i < 0 {
		return 0, false
	}
	digits := message[i+len(name):]
	seq, err := strconv.ParseUint(string(digits[:max(bytes.IndexByte(digits, '"'), 0)]), 10, 64)
	return seq, err == nil
}

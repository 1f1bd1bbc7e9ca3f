package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	answerPatience = 30 * time.Second
	answerBytes    = 1 << 20
)

// poster posts JSON to a server over connections that stay open. It writes requests itself: [http.Client] takes as much
// of the shared machine as the servers that are measured, which makes all of them look alike.
type poster struct {
	host string
	idle chan *connection
}

// connection carries one request at a time; the first one opens it.
type connection struct {
	net.Conn
	answers *bufio.Reader
	request []byte
}

// newPoster posts to http://HOST from at most so many clients at once.
func newPoster(address string, clients int) *poster {
	p := &poster{host: strings.TrimPrefix(address, "http://"), idle: make(chan *connection, clients)}
	for range clients {
		p.idle <- &connection{}
	}
	return p
}

// post gives the answer to a body. header is lines of HTTP, each ended by CRLF.
func (p *poster) post(ctx context.Context, path, header string, body []byte) (answer []byte, err error) {
	var c *connection
	select {
	case c = <-p.idle:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if answer, err = p.over(ctx, c, path, header, body); err != nil && c.Conn != nil {
		_ = c.Close() // what else would come over it answers nothing
		c.Conn = nil
	}
	p.idle <- c
	return answer, err
}

func (p *poster) over(ctx context.Context, c *connection, path, header string, body []byte) (answer []byte, err error) {
	if c.Conn == nil {
		if c.Conn, err = (&net.Dialer{Timeout: answerPatience}).DialContext(ctx, "tcp", p.host); err != nil {
			return nil, err
		}
		c.answers = bufio.NewReader(c)
	}
	if err := c.SetDeadline(time.Now().Add(answerPatience)); err != nil {
		return nil, err
	}
	c.request = append(c.request[:0], "POST "+path+" HTTP/1.1\r\nHost: "+p.host+"\r\nContent-Type: application/json\r\nContent-Length: "...)
	c.request = append(strconv.AppendInt(c.request, int64(len(body)), 10), "\r\n"+header+"\r\n"...)
	c.request = append(c.request, body...)
	if _, err := c.Write(c.request); err != nil {
		return nil, err
	}
	response, err := http.ReadResponse(c.answers, nil)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if answer, err = io.ReadAll(io.LimitReader(response.Body, answerBytes)); err != nil {
		return nil, err
	}
	if response.StatusCode/100 != 2 {
		return nil, fmt.Errorf("%s answered %s: %.200s", p.host, response.Status, answer)
	}
	return answer, nil
}

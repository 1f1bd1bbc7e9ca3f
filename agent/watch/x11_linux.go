package watch

import (
	"errors"
	"fmt"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/screensaver"
	"github.com/jezek/xgb/xproto"
)

const answerWithin = 5 * time.Second

// x11 asks the MIT-SCREEN-SAVER extension.
type x11 struct {
	conn *xgb.Conn
	root xproto.Drawable
}

func openX11(env func(string) string) (idler, error) {
	display := env("DISPLAY")
	if display == "" {
		return nil, errors.New("DISPLAY is not set")
	}
	conn, err := xgb.NewConnDisplay(display)
	if err != nil {
		return nil, fmt.Errorf("X11: %w", err)
	}
	if err := screensaver.Init(conn); err != nil {
		conn.Close()
		return nil, fmt.Errorf("X11: %w", err)
	}
	return &x11{conn, xproto.Drawable(xproto.Setup(conn).DefaultScreen(conn).Root)}, nil
}

func (x *x11) Name() string { return "X11" }

func (x *x11) Idle() (time.Duration, error) {
	type answer struct {
		idle time.Duration
		err  error
	}
	got := make(chan answer, 1)
	go func() { // ends with the connection at the latest
		info, err := screensaver.QueryInfo(x.conn, x.root).Reply()
		if err != nil {
			got <- answer{err: fmt.Errorf("X11: %w", err)}
			return
		}
		got <- answer{idle: time.Duration(info.MsSinceUserInput) * time.Millisecond}
	}()
	timer := time.NewTimer(answerWithin)
	defer timer.Stop()
	select {
	case a := <-got:
		return a.idle, a.err
	case <-timer.C:
		return 0, errors.New("X11: no answer")
	}
}

func (x *x11) Close() error {
	x.conn.Close()
	return nil
}

package signin

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/id"
)

func TestWhoeverLeavesDoesNotWaitForACheckThatOthersShare(t *testing.T) {
	t.Parallel()
	s := &Service{}
	session := id.New()
	begun, release := make(chan struct{}), make(chan struct{})
	s.checking.DoChan(session.String(), func() (any, error) { close(begun); <-release; return true, nil })
	defer close(release)
	<-begun
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error, 1)
	go func() {
		_, err := s.liveTogether(ctx, session, false)
		left <- err
	}()
	leave()
	select {
	case err := <-left:
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Error("he still waits")
	}
}

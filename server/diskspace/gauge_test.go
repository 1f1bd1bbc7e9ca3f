package diskspace

import (
	"testing"
	"time"
)

func TestAFileSystemThatHangsIsWaitedForOnceAndNotForLong(t *testing.T) {
	t.Parallel()
	asked, answer := make(chan struct{}, 10), make(chan struct{})
	g := NewGauge(t.TempDir())
	g.patience = time.Millisecond
	g.free = func(string) (float64, error) {
		asked <- struct{}{}
		<-answer
		return 0.5, nil
	}
	for range 3 {
		if _, err := g.Free(t.Context()); err == nil {
			t.Fatal("it answered")
		}
	}
	<-asked
	if len(asked) > 0 {
		t.Error("it was asked again while it hung")
	}
	close(answer)
	g.asked <- struct{}{} // once the question is answered
	<-g.asked
	g.patience = time.Minute
	if share, err := g.Free(t.Context()); err != nil || share != 0.5 {
		t.Errorf("it answers again: %v, %v", share, err)
	}
}

func TestAGaugeTellsTheRoomOfADisk(t *testing.T) {
	t.Parallel()
	if share, err := NewGauge(t.TempDir()).Free(t.Context()); err != nil || share <= 0 || share > 1 {
		t.Errorf("%v, %v", share, err)
	}
}

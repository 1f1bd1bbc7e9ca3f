package mysql

import (
	"context"
	"os"
	"os/exec"
	"runtime"
	"time"
)

// child is a running server, started here or adopted.
type child struct {
	pid    int
	exited chan struct{} // closed when it has ended
	err    error         // how, for one started here; read it after exited is closed
	signal func(os.Signal) error
	// unwatch ends the watching of an adopted server; nil for one started here.
	unwatch context.CancelFunc
}

// spawn starts a server that, where the kernel can, ends with this process.
func spawn(program string, args []string, log *os.File) (*child, error) {
	cmd := exec.Command(program, args...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = childAttributes()
	started := make(chan error)
	c := &child{exited: make(chan struct{})}
	go func() {
		// The signal of a parent's death comes when the thread that forked ends; so this one stays until
		// the child has ended, and then dies with the goroutine.
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err != nil {
			return
		}
		c.err = cmd.Wait()
		close(c.exited)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	c.pid, c.signal = cmd.Process.Pid, cmd.Process.Signal
	return c, nil
}

// watch follows a server that is not a child of this process.
func watch(pid int, dataDir string) *child {
	ctx, cancel := context.WithCancel(context.Background())
	c := &child{pid: pid, exited: make(chan struct{}), unwatch: cancel}
	c.signal = func(s os.Signal) error {
		process, err := os.FindProcess(pid)
		if err != nil {
			return err
		}
		return process.Signal(s)
	}
	go func() {
		for stillRuns(pid, dataDir) {
			if sleep(ctx, livenessPolling) != nil {
				return
			}
		}
		close(c.exited)
	}()
	return c
}

// end asks the server to end and, when it has not within the time given, kills it.
func end(ctx context.Context, server *child, patience time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_ = server.signal(terminate)
	select {
	case <-server.exited:
		return
	case <-ctx.Done():
	}
	_ = server.signal(os.Kill)
	<-server.exited
}

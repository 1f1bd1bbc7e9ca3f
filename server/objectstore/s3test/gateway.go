// Package s3test runs a service that speaks S3 for tests: Versity's gateway, of the module s3gateway, on a directory.
package s3test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/objectstore"
)

const (
	patience = 30 * time.Second
	// Region, AccessKey and SecretKey are those of the gateway.
	Region    = "eu-north-1"
	AccessKey = "keytrail-test"
	SecretKey = "a-secret-that-nothing-may-show"
)

// Gateway is a service that speaks S3.
type Gateway struct {
	t testing.TB
	// Root is the directory whose directories are the buckets.
	Root string
	// side holds what the gateway keeps about objects.
	side    string
	program string
	address string
	// bucket is a name that no other gateway has, so that nobody takes one for another.
	bucket  string
	process *exec.Cmd
	ended   chan struct{}
}

// attempts is at how many addresses a gateway is tried: another program may take one before the gateway does.
const attempts = 5

// Start runs a gateway with one bucket until the test ends.
func Start(t testing.TB) *Gateway {
	t.Helper()
	g := &Gateway{t: t, Root: t.TempDir(), side: t.TempDir(), program: build(t), bucket: "kept-" + strings.ToLower(rand.Text())}
	if err := os.Mkdir(filepath.Join(g.Root, g.bucket), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Kill)
	var err error
	for range attempts {
		if g.address, err = freeAddress(); err != nil {
			t.Fatal(err)
		}
		if err = g.run(); err == nil {
			return g
		}
	}
	t.Fatal(err)
	return nil
}

func freeAddress() (string, error) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return free.Addr().String(), free.Close()
}

// build gives the path of the gateway's program, which the go command keeps once it is built.
func build(t testing.TB) string {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	c := exec.CommandContext(t.Context(), "go", "tool", "-n", "versitygw")
	c.Dir = filepath.Join(filepath.Dir(here), "..", "..", "..", "s3gateway")
	var said bytes.Buffer
	c.Stderr = &said
	path, err := c.Output()
	if err != nil {
		t.Fatalf("the gateway cannot be built: %v\n%s", err, said.String())
	}
	return strings.TrimSpace(string(path))
}

// Kill ends the gateway at once, as a machine that fails does.
func (g *Gateway) Kill() {
	if g.process != nil {
		_ = g.process.Process.Kill()
		<-g.ended
		g.process = nil
	}
}

// Restart runs the gateway again at the same address, and returns once it answers.
func (g *Gateway) Restart() {
	g.t.Helper()
	if err := g.run(); err != nil {
		g.t.Fatal(err)
	}
}

// run starts the gateway, and returns once it answers as the one with this bucket.
func (g *Gateway) run() error {
	process := exec.Command(g.program, "--port", g.address, "--access", AccessKey, "--secret", SecretKey, "--region", Region, "posix", "--sidecar", g.side, g.Root)
	var said bytes.Buffer
	process.Stdout, process.Stderr = &said, &said
	if err := process.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	g.process, g.ended = process, ended
	go func() {
		defer close(ended)
		_ = process.Wait()
	}()
	store, err := objectstore.OpenS3(g.Bucket())
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		c, err := (&net.Dialer{}).DialContext(ctx, "tcp", g.address)
		if err == nil {
			_ = c.Close()
			err = store.Check(ctx)
		}
		if err == nil {
			return nil
		}
		select {
		case <-ended: // such as for want of the address
			g.process = nil
			return fmt.Errorf("the gateway has ended: %w\n%s", err, said.String())
		case <-ctx.Done():
			g.Kill()
			return fmt.Errorf("the gateway does not answer: %w\n%s", err, said.String())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Bucket says where the bucket of the gateway is.
func (g *Gateway) Bucket() objectstore.Bucket {
	return objectstore.Bucket{
		Endpoint: "http://" + g.address, Region: Region, Name: g.bucket, Prefix: "some/place", AccessKey: AccessKey, SecretKey: SecretKey,
		Silence: 10 * time.Second,
	}
}

// Store opens a bucket.
func Store(t testing.TB, b objectstore.Bucket) objectstore.Store {
	t.Helper()
	s, err := objectstore.OpenS3(b)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

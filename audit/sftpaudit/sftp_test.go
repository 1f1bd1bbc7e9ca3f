package sftpaudit_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/audit"
	"github.com/keytrail/keytrail/audit/sftpaudit"
	"github.com/pkg/sftp"
)

type memory struct {
	events []audit.Event
	strict bool
	fail   error
}

func (m *memory) Record(ctx context.Context, e audit.Event) error {
	e.Fill(ctx)
	m.events = append(m.events, e)
	return m.fail
}

func (m *memory) Strict() bool { return m.strict }

// connect gives a client of a real server of a temporary folder.
func connect(t *testing.T) (*sftp.Client, string) {
	t.Helper()
	here, there := net.Pipe()
	server, err := sftp.NewServer(there)
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan struct{})
	go func() { defer close(served); _ = server.Serve() }()
	client, err := sftp.NewClientPipe(here, here)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _ = here.Close(), there.Close()
		<-served
	})
	return client, t.TempDir()
}

func TestWhatIsDoneWithFilesIsRecorded(t *testing.T) {
	client, dir := connect(t)
	m := &memory{}
	ctx := audit.WithActor(t.Context(), audit.Person{ExternalID: "7"})
	files := sftpaudit.Wrap(client, m, sftpaudit.Options{Service: "bank", Address: "sftp://bank"}).With(ctx)
	path := filepath.Join(dir, "a")
	file, err := files.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(file, strings.NewReader("some bytes")); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(file.Close(), files.Rename(path, path+"2")); err != nil {
		t.Fatal(err)
	}
	if file, err = files.Open(path + "2"); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(file); string(got) != "some bytes" {
		t.Fatal(string(got), err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if list, err := files.ReadDir(dir); err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	if err := errors.Join(files.Mkdir(path), files.RemoveDirectory(path), files.Chmod(path+"2", 0o600), files.Remove(path+"2")); err != nil {
		t.Fatal(err)
	}
	if _, err := files.Open(path); err == nil {
		t.Fatal("a file that is not there was opened")
	}
	var got []string
	for _, e := range m.events {
		if e.Actor.ExternalID != "7" || e.Request.Service != "bank" || e.Request.Direction != audit.Outgoing {
			t.Errorf("%+v", e)
		}
		got = append(got, fmt.Sprint(e.Request.Method, " ", strings.TrimPrefix(e.Request.Path, dir), " ", e.Outcome, " ", strings.ReplaceAll(fmt.Sprint(e.Metadata), dir, "")))
	}
	want := []string{
		"PUT /a success map[bytesRead:0 bytesWritten:10]", "RENAME /a success map[to:/a2]", "GET /a2 success map[bytesRead:10 bytesWritten:0]",
		"LIST  success <nil>", "MKDIR /a success <nil>", "RMDIR /a success <nil>", "CHMOD /a2 success map[mode:-rw-------]", "REMOVE /a2 success <nil>",
		"GET /a failure <nil>",
	}
	if !slices.Equal(got, want) {
		t.Errorf("recorded:\n  %s\nwant:\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func TestATransferThatBrokeOffIsNoSuccess(t *testing.T) {
	client, dir := connect(t)
	m := &memory{}
	file, err := sftpaudit.Wrap(client, m, sftpaudit.Options{}).Open(dir) // which can be opened, and not read
	if err != nil {
		t.Fatal(err)
	}
	_, broke := io.ReadAll(file)
	if err := file.Close(); broke == nil || err != nil {
		t.Fatal(broke, err)
	}
	if e := m.events[0]; len(m.events) != 1 || e.Outcome != audit.Failure || e.Response.Error != broke.Error() {
		t.Errorf("%s %+v, want %v", e.Outcome, e.Response, broke)
	}
}

func TestStrictDoesNothingThatCannotBeRecorded(t *testing.T) {
	client, dir := connect(t)
	m := &memory{strict: true, fail: errors.New("the disk is full")}
	files := sftpaudit.Wrap(client, m, sftpaudit.Options{Service: "bank"})
	path := filepath.Join(dir, "a")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := files.Remove(path); !errors.Is(err, m.fail) {
		t.Errorf("%v", err)
	}
	if _, err := files.Create(path); !errors.Is(err, m.fail) {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Errorf("it was removed all the same: %v", err)
	}
}

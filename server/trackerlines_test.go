package main

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

var (
	commented = regexp.MustCompile(`(?m)^# (.*)$`)
	numbers   = regexp.MustCompile(`("id"|"last_processed_event_id"):[1-9]\d*`) // of rows and entries
)

// TestTheTrackersEndpointsAnswerAsTheReadmeSays runs the lines of README.md as they stand there, and compares what they
// print with the comments below them.
func TestTheTrackersEndpointsAnswerAsTheReadmeSays(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "### The work tracker's endpoints")
	section, _, _ = strings.Cut(section, "\n## ")
	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(section, -1)
	settings := regexp.MustCompile(`KEYTRAIL_WORK_HOURS_PURPOSE='(.+)' KEYTRAIL_WORK_HOURS_NETWORKS=(\S+) bin`).FindStringSubmatch(section)
	password := regexp.MustCompile(`"password": "(.+?)"`).FindStringSubmatch(section)
	if len(blocks) != 2 || settings == nil || password == nil {
		t.Fatalf("the section has %d blocks, settings %q and the password %q", len(blocks), settings, password)
	}
	dir := t.TempDir()
	data := mysqltest.Data(t)
	s := serve(t, "--data", data, "--root-password", password[1], "--work-hours-purpose", settings[1], "--work-hours-networks", settings[2])
	known := fmt.Sprintf(`mutation { createPerson(input: {name: "Anna", externalNames: [{source: "workstation", name: %q}]}) { person { id } } }`, `domain\username`)
	if got := s.ask(signIn(password[1])) + s.ask(known); strings.Contains(got, "errors") {
		t.Fatal(got)
	}
	for i, block := range blocks {
		if i == 1 {
			if code, said := command(t, "process-real-hours", "--data", data); code != 0 {
				t.Fatal(said)
			}
		}
		run := exec.CommandContext(t.Context(), "sh", "-c", strings.ReplaceAll(block[1], "http://127.0.0.1:8080", s.url))
		run.Dir = dir
		out, err := run.CombinedOutput()
		var want strings.Builder
		for _, line := range commented.FindAllStringSubmatch(block[1], -1) {
			want.WriteString(line[1] + "\n")
		}
		if got := numbers.ReplaceAllString(string(out), "$1:1"); err != nil || got != numbers.ReplaceAllString(want.String(), "$1:1") {
			t.Errorf("%v\n%s\nREADME.md says:\n%s", err, out, &want)
		}
	}
}

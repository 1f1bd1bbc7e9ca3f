package main

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// TestTheFirstEventIsRecordedAsTheReadmeSays runs what README.md has a newcomer type.
func TestTheFirstEventIsRecordedAsTheReadmeSays(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "### The first event in ten minutes")
	section, _, _ = strings.Cut(section, "\n## ")
	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(section, -1)
	if len(blocks) != 3 {
		t.Fatalf("the section has %d blocks", len(blocks))
	}
	data := mysqltest.Data(t)
	s := serve(t, "--data", data, "--root-password", "a long root password")
	made := regexp.MustCompile(`\$\(bin/keytrail admin create-token "(.*)" --role (\S+) --source (\S+)\)`).FindStringSubmatch(blocks[0][1])
	if made == nil {
		t.Fatalf("no token is made by %s", blocks[0][1])
	}
	code, said := command(t, "admin", "create-token", made[1], "--role", made[2], "--source", made[3], "--data", data)
	token := regexp.MustCompile(`(?m)^kt\S+$|^\S{30,}$`).FindString(said)
	if code != 0 || token == "" {
		t.Fatal(said)
	}
	for i, want := range []string{`"recorded":1`, `{"lines":2,"recorded":1,"refused":1,"skipped":0}`} {
		run := exec.CommandContext(t.Context(), "sh", "-c", strings.ReplaceAll(blocks[i+1][1], "http://127.0.0.1:8080", s.url))
		run.Env = append(os.Environ(), "KEYTRAIL_TOKEN="+token)
		out, err := run.CombinedOutput()
		if err != nil || !strings.Contains(string(out), want) {
			t.Errorf("%v\n%s", err, out)
		}
	}
}

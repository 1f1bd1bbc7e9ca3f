package audit_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/audit/internal/intaketest"
)

func TestOnlyKeytrailItselfTakesAnEventOutOfTheQueue(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		body   string
	}{
		"a TLS port":        {http.StatusBadRequest, "Client sent an HTTP request to an HTTPS server."},
		"a proxy":           {http.StatusRequestEntityTooLarge, "<html>413 Request Entity Too Large</html>"},
		"another service":   {http.StatusUnprocessableEntity, `{"code":"invalid","message":"no"}`},
		"a list":            {http.StatusBadRequest, `["BAD_USER_INPUT"]`},
		"keytrail, a GET":   {http.StatusMethodNotAllowed, `{"code":"BAD_USER_INPUT","message":"Events are posted"}`},
		"a wrong address":   {http.StatusNotFound, `{"code":"NOT_FOUND","message":"no"}`},
		"a page for people": {http.StatusOK, "<html>Sign in</html>"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			intake := intaketest.Start(t)
			intake.Instead(c.status, c.body)
			o := optionsFor(t, intake)
			client := open(t, o)
			record(t, client, 0, 1)
			intake.AwaitPosts(t, 3) // it comes again and again
			if got := client.Stats(); got.Refused != 0 || got.WaitingBytes == 0 || got.Trouble == "" {
				t.Errorf("%+v", got)
			}
			intake.Instead(0, "")
			closeAll(t, client)
			wantInOrder(t, intake.Events(), 1)
		})
	}
}

func TestABatchThatKeytrailCannotReadIsHalvedAndPutAside(t *testing.T) {
	t.Parallel()
	intake := intaketest.Start(t)
	intake.Instead(http.StatusBadRequest, `{"code":"BAD_USER_INPUT","message":"The body is cut off.","field":""}`)
	o := optionsFor(t, intake)
	client := open(t, o)
	record(t, client, 0, 2)
	closeAll(t, client)
	if got := client.Stats(); got.Refused != 2 {
		t.Errorf("%+v", got)
	}
	kept, err := os.ReadFile(filepath.Join(o.Dir, "refused.ndjson"))
	if err != nil || strings.Count(string(kept), `"code":"BAD_USER_INPUT"`) != 2 {
		t.Errorf("%v %s", err, kept)
	}
}

// A full disk or a crash leaves the beginning of a line, which must not spoil the next.
func TestWhatIsRefusedGoesIntoALineOfItsOwnBehindATornOne(t *testing.T) {
	t.Parallel()
	intake := intaketest.Start(t)
	intake.Instead(http.StatusBadRequest, `{"code":"BAD_USER_INPUT","message":"no","field":""}`)
	o := optionsFor(t, intake)
	path := filepath.Join(o.Dir, "refused.ndjson")
	if err := os.WriteFile(path, []byte(`{"at":"2026-`), 0o600); err != nil {
		t.Fatal(err)
	}
	client := open(t, o)
	record(t, client, 0, 2)
	closeAll(t, client)
	kept, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	whole := 0
	for line := range strings.Lines(string(kept)) {
		var one struct{ Event struct{ Entity string } }
		if json.Unmarshal([]byte(line), &one) == nil && one.Event.Entity != "" {
			whole++
		}
	}
	if whole != 2 {
		t.Errorf("%d of 2 events can be read in\n%s", whole, kept)
	}
}

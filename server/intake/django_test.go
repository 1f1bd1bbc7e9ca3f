package intake

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/activity"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
)

func TestLinesOfDjangoBecomeEvents(t *testing.T) {
	t.Parallel()
	plain, all := Django{Zone: time.UTC}, Django{Zone: time.UTC, UserInfo: []string{"first_name", "last_name", "email"}, App: true}
	const at = `"timestamp": "2025-08-16 17:06:32.403", `
	for name, c := range map[string]struct {
		django     Django
		line, want string
	}{
		"a deletion": {plain, `{` + at + `"level": "AUDIT", "model": "User", "event_type": "DELETE", "instance_id": 7, "instance_repr": {"a": 1}}`,
			`{"action":"delete","entityType":"User","entity":"7","before":{"a":1}}`},
		"an update that says both": {plain, `{` + at + `"level": "AUDIT", "model": "User", "event_type": "UPDATE", "instance_id": "7", "instance_repr": {"b": {"old": 1, "new": 2}, "a/": {"old": null, "new": "x"}}}`,
			`{"action":"update","entityType":"User","entity":"7","changes":[{"path":"/a~1","before":null,"after":"x"},{"path":"/b","before":1,"after":2}]}`},
		"an update that says what is": {plain, `{` + at + `"level": "AUDIT", "model": "User", "event_type": "UPDATE", "instance_id": "7", "instance_repr": {"b": 1}, "extra": {"c": 2}}`,
			`{"action":"update","entityType":"User","entity":"7","metadata":{"extra":{"c":2},"instance":{"b":1}}}`},
		"many at once": {plain, `{` + at + `"level": "AUDIT", "model": "User", "event_type": "BULK_CREATE", "instance_id": ["7", 8], "instance_repr": null}`,
			`{"action":"bulk_create","entityType":"User","objects":[{"type":"User","id":"7"},{"type":"User","id":"8"}]}`},
		"a user of whom nothing is kept": {plain, `{` + at + `"level": "LOGIN", "event_type": "LOGIN_FAILED", "user_id": 5, "user_info": {"email": "e"}}`,
			`{"action":"login_failed","actor":{"externalId":"5"}}`},
		"a user of whom something is kept": {all, `{` + at + `"level": "LOGIN", "user_id": "5", "user_info": {"email": "e", "first_name": "F", "last_name": "L", "sex": "x"}}`,
			`{"action":"login","actor":{"externalId":"5","name":"F L"},"metadata":{"user":{"email":"e","first_name":"F","last_name":"L"}}}`},
		"an older request without status": {plain, `{` + at + `"level": "API", "request_type": "internal", "request_repr": {"method": "GET", "path": "/a"}, "response_repr": {}, "error_message": "boom"}`,
			`{"action":"http.request","request":{"direction":"incoming","method":"GET","path":"/a"},"response":{"error":"boom"}}`},
		"a status as a text, and another protocol": {plain, `{` + at + `"level": "API", "request_type": "external", "protocol": "sftp", "request_repr": {"endpoint": "x"}, "response_repr": {"status_code": "404"}}`,
			`{"action":"http.request","metadata":{"protocol":"sftp"},"request":{"direction":"outgoing","url":"x"},"response":{"status":404}}`},
		"what the application logged": {all, `{` + at + `"level": "DEBUG", "name": "botocore.auth", "message": "m", "function": "f", "exception": ""}`,
			`{"action":"app.log","module":"botocore.auth","metadata":{"function":"f","level":"DEBUG","message":"m"}}`},
	} {
		in, err := c.django.parse([]byte(c.line))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := in.OccurredAt.Format(time.RFC3339Nano); got != "2025-08-16T17:06:32.403Z" {
			t.Errorf("%s happened at %s", name, got)
		}
		in.OccurredAt, in.EventID = nil, ""
		text, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := short(t, text); got != c.want {
			t.Errorf("%s: %s\nwant %s", name, got, c.want)
		}
	}
}

// short leaves out of JSON what is empty.
func short(t *testing.T, text []byte) string {
	t.Helper()
	for before := ""; before != string(text); {
		before = string(text)
		for _, nothing := range []string{`"eventId":""`, `"entityType":""`, `"entity":""`, `"entityLabel":""`, `"module":""`, `"objects":null`, `"actor":null`, `"occurredAt":null`,
			`"before":null`, `"after":null`, `"changes":null`, `"metadata":null`, `"ip":""`, `"userAgent":""`, `"outcome":""`, `"request":null`, `"response":null`, `"dataSubject":null`, `"plain":null`, `"bulkId":""`,
			`"person":null`, `"person":""`, `"person":"00000000-0000-0000-0000-000000000000"`, `"source":""`, `"externalId":""`, `"name":""`, `"method":""`, `"url":""`, `"path":""`, `"query":null`, `"headers":null`, `"body":null`, `"service":""`,
			`"status":null`, `"durationMs":null`, `"error":""`} {
			if strings.Contains(nothing, "before") || strings.Contains(nothing, "after") {
				text = []byte(strings.ReplaceAll(string(text), `,"before":null,"after":null,"changes"`, `,"changes"`))
				text = []byte(strings.ReplaceAll(string(text), `"after":null,"changes"`, `"changes"`))
				continue
			}
			text = []byte(strings.ReplaceAll(string(text), nothing+",", ""))
			text = []byte(strings.ReplaceAll(string(text), ","+nothing+"}", "}"))
		}
	}
	return string(text)
}

func TestLinesThatAreNoneOfDjangosAreRefused(t *testing.T) {
	t.Parallel()
	for name, line := range map[string]string{
		"no JSON": `{`, "no object": `[1]`, "nothing known": `{"a": 1}`, "no time": `{"level": "AUDIT", "model": "User", "event_type": "CREATE"}`,
		"no event": `{"timestamp": "2025-08-16 17:06:32.403", "level": "AUDIT", "model": "User"}`, "two": `{} {}`, "another shape": `{"level": 5}`,
	} {
		if in, err := (Django{Zone: time.UTC}).parse([]byte(line)); !fault.Is(err, fault.BadInput) {
			t.Errorf("%s: %v, %v", name, in, err)
		}
	}
	if in, err := (Django{Zone: time.UTC}).parse([]byte(`{"level": "INFO", "name": "root"}`)); in != nil || err != nil {
		t.Errorf("a line of the application: %v, %v", in, err)
	}
}

func TestARequestOfDjangoThatIsTooLargeLosesItsBodiesAndIsNotRefused(t *testing.T) {
	t.Parallel()
	large := strings.Repeat("x", activity.MaxEventBytes*2/3)
	line := func(requested, answered string) []byte {
		return fmt.Appendf(nil, `{"timestamp": "2025-08-16 17:06:32.403", "level": "API", "request_type": "internal", "user_id": 7,`+
			` "request_repr": {"method": "GET", "path": "/orders", "body": %q}, "response_repr": {"status_code": 200, "body": %q}}`, requested, answered)
	}
	for name, c := range map[string]struct {
		line []byte
		left string
	}{
		"small bodies":        {line("a", "b"), "null"},
		"a large answer":      {line("a", large+large), `["response.body"]`},
		"both too large":      {line(large, large), `["response.body"]`},
		"too large by itself": {line(large+large, large), `["response.body","request.body"]`},
	} {
		in, err := Django{Zone: time.UTC}.parse(c.line)
		if err != nil {
			t.Fatal(err)
		}
		metadata, _ := in.Metadata.(map[string]any)
		left, err := json.Marshal(metadata["leftOut"])
		if err != nil {
			t.Fatal(err)
		}
		if err := in.Gauge(); err != nil || string(left) != c.left || *in.Response.Status != 200 || in.Request.Path != "/orders" {
			t.Errorf("%s: %v, left out %s", name, err, left)
		}
	}
}

func TestABulkChangeOfDjangoNamesAsManyInstancesAsItMayAndKeepsTheOthers(t *testing.T) {
	t.Parallel()
	ids := make([]string, activity.MaxObjects+2)
	for i := range ids {
		ids[i] = fmt.Sprint(i)
	}
	in, err := Django{Zone: time.UTC}.parse([]byte(`{"timestamp": "2025-08-16 17:06:32.403", "level": "AUDIT", "model": "User", "event_type": "BULK_UPDATE", "instance_id": [` +
		strings.Join(ids, ",") + `], "instance_repr": null}`))
	if err != nil {
		t.Fatal(err)
	}
	if more := in.Metadata.(map[string]any)["furtherInstances"]; len(in.Objects) != activity.MaxObjects || more != "500, 501" {
		t.Errorf("%d are named, and further %v", len(in.Objects), more)
	}
}

func TestACloudEventWithALongSourceIsKeptWhole(t *testing.T) {
	t.Parallel()
	source, subject := strings.Repeat("/sourcē", 30), strings.Repeat("/subject", 30)
	in, err := cloudEvents(fmt.Appendf(nil, `{"specversion": "1.0", "id": "1", "type": "blob.created", "source": %q, "subject": %q}`, source, subject))
	if err != nil {
		t.Fatal(err)
	}
	metadata := in.Metadata.(map[string]any)
	if utf8.RuneCountInString(in.Module) != ledger.MaxModule || !strings.HasPrefix(source, in.Module) || metadata["source"] != source {
		t.Errorf("the module is %q, the source %v", in.Module, metadata["source"])
	}
	if len(in.Entity) != ledger.MaxEntityID || metadata["subject"] != subject {
		t.Errorf("the entity is %q, the subject %v", in.Entity, metadata["subject"])
	}
}

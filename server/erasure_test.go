package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/keytrail/keytrail/server/mysql/mysqltest"
)

// planted are what must be in no file, at no time.
func planted() []string {
	return []string{
		"Zigurds Plantedname", "Plantedname", "zigurds@planted.example", "203.0.113.77", "PlantedBrowser", "plantedcomment", "plantedreason",
		"planteduser", "B-PLANTED-77",
	}
}

// visitor asks as a browser of its own, from an address of its own.
type visitor struct {
	t       *testing.T
	at      *running
	client  http.Client
	address string
	agent   string
}

func (s *running) visitor(address, agent string) *visitor {
	v := &visitor{t: s.t, at: s, address: address, agent: agent}
	v.client.Jar, _ = cookiejar.New(nil)
	return v
}

// ask must be answered without errors.
func (v *visitor) ask(query string, variables map[string]any) string {
	v.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		v.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, v.at.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Forwarded-For", v.address)
	r.Header.Set("User-Agent", v.agent)
	answer, err := v.client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	var text bytes.Buffer
	if _, err := text.ReadFrom(answer.Body); err != nil {
		v.t.Fatal(err)
	}
	if strings.Contains(text.String(), `"errors"`) {
		v.t.Fatalf("%s: %s", query, text.String())
	}
	return text.String()
}

var firstID = regexp.MustCompile(`"id":"([0-9a-f-]{36})"`)

func (v *visitor) askForID(query string, variables map[string]any) string {
	v.t.Helper()
	found := firstID.FindStringSubmatch(v.ask(query, variables))
	if found == nil {
		v.t.Fatalf("%s gave no id", query)
	}
	return found[1]
}

func (v *visitor) signIn(username, password string) {
	v.t.Helper()
	v.ask(`mutation($in: SignInInput!) { signIn(input: $in) { viewer { roles } } }`, map[string]any{"in": map[string]any{"username": username, "password": password}})
}

// settle signs in with a one-time password and sets another.
func (v *visitor) settle(data, username, name, role string) {
	v.t.Helper()
	code, said := command(v.t, "admin", "create-account", username, "--name", name, "--roles", role, "--data", data)
	if code != 0 {
		v.t.Fatal(code, said)
	}
	said = strings.TrimSpace(said)
	oneTime := said[strings.LastIndex(said, " ")+1:]
	v.signIn(username, oneTime)
	v.ask(`mutation($in: ChangePasswordInput!) { changePassword(input: $in) { viewer { roles } } }`,
		map[string]any{"in": map[string]any{"current": oneTime, "new": "a long enough password of " + role}})
}

// filesHold gives which files below a directory hold which of some texts.
func filesHold(t *testing.T, dir string, texts ...string) (found []string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		for _, one := range texts {
			if bytes.Contains(content, []byte(one)) {
				found = append(found, fmt.Sprintf("%s: %.20q", filepath.Base(path), one))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 20 {
		t.Fatalf("only %d files were looked at", files)
	}
	return found
}

// ofOthers asks for what is kept of somebody who stays.
const ofOthers = `query($me: ID!) { person(id: $me) { name email badge } authLog(filter: {person: $me, action: "auth.signed_in"}) { edges { node { seq occurredAt username ip userAgent proof { leafHash } } } } }`

// export makes a CSV file of a list and gives its path when it is done.
func (v *visitor) export(list string) string {
	v.t.Helper()
	v.ask(`mutation($in: StartExportInput!) { startExport(input: $in) { job { id } } }`, map[string]any{"in": map[string]any{"list": list, "format": "CSV"}})
	done := regexp.MustCompile(`"state":"DONE","path":"([^"]+)"`)
	var told string
	var found []string
	until(v.t, func() bool {
		told = v.ask(`{ exportJobs { state path } }`, nil)
		found = done.FindStringSubmatch(told)
		return found != nil
	}, func() string { return "the export is never done: " + told })
	return found[1]
}

// get fetches a file.
func (v *visitor) get(path string) (status int, text string) {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodGet, v.at.url+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("X-Forwarded-For", v.address)
	answer, err := v.client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	content, err := io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		v.t.Fatal(err)
	}
	return answer.StatusCode, string(content)
}

func TestNothingOfAnErasedPersonIsInAnyFileAndWhatIsLeftVerifies(t *testing.T) {
	t.Parallel()
	data := mysqltest.Data(t)
	s := serve(t, "--data", data, "--root-password", rootPassword, "--trusted-proxies", "127.0.0.1/32")
	root := s.visitor("198.51.100.1", "Firefox")
	root.signIn("root", rootPassword)
	second := s.visitor("198.51.100.2", "Firefox")
	second.settle(data, "berta", "Berta Other", "admin")
	berta := second.askForID(`{ viewer { person { id } } }`, nil)
	leaver := s.visitor("203.0.113.77", "PlantedBrowser/9.9")
	leaver.settle(data, "planteduser", "Zigurds Plantedname", "member")
	person := leaver.askForID(`{ viewer { person { id } } }`, nil)
	root.ask(`mutation($in: UpdatePersonInput!) { updatePerson(input: $in) { person { id } } }`,
		map[string]any{"in": map[string]any{"id": person, "email": "zigurds@planted.example", "badge": "B-PLANTED-77"}})
	key := root.askForID(`mutation { createKey(input: {number: "77"}) { key { id } } }`, nil)
	root.ask(`mutation($in: IssueKeysInput!) { issueKeys(input: $in) { loans { id } } }`,
		map[string]any{"in": map[string]any{"keys": []string{key}, "holder": person, "comment": "plantedcomment"}})
	root.ask(`mutation($in: ReturnKeysInput!) { returnKeys(input: $in) { loans { id } } }`,
		map[string]any{"in": map[string]any{"keys": []string{key}, "comment": "plantedcomment"}})
	file := root.export("KEYLOG")
	if status, text := root.get(file); status != http.StatusOK || !strings.Contains(text, "plantedcomment") || !strings.Contains(text, "Plantedname") {
		t.Fatalf("the file of before is answered with %d: %s", status, text)
	}
	others := second.ask(ofOthers, map[string]any{"me": berta})
	if found := filesHold(t, data, planted()...); len(found) > 0 {
		t.Errorf("before it is erased: %v", found)
	}
	oldMaster, err := os.ReadFile(filepath.Join(data, "master.key"))
	if err != nil {
		t.Fatal(err)
	}
	asked := root.askForID(`mutation($in: ErasePersonInput!) { erasePerson(input: $in) { request { id } } }`,
		map[string]any{"in": map[string]any{"person": person, "reason": "plantedreason"}})
	second.ask(`mutation($in: DecidePrivacyRequestInput!) { decidePrivacyRequest(input: $in) { request { state } } }`,
		map[string]any{"in": map[string]any{"request": asked, "approve": true}})
	until(t, func() bool {
		return strings.Contains(second.ask(`{ privacyRequests { edges { node { state } } } }`, nil), `"ERASED"`)
	}, func() string { return "the erasure was never completed: " + s.said.String() })
	told := second.ask(`{ keyLog { edges { node { comment holder { name } } } } people { edges { node { name email badge } } } authLog { edges { node { username ip userAgent } } } privacyRequests { edges { node { reason note person { name } } } } accounts { edges { node { username } } } }`, nil)
	for _, one := range planted() {
		if strings.Contains(told, one) || strings.Contains(s.said.String(), one) {
			t.Errorf("%q is told or logged still", one)
		}
	}
	if !strings.Contains(told, "Berta Other") || !strings.Contains(told, "198.51.100.2") {
		t.Errorf("somebody else is gone, too: %s", told)
	}
	if status, text := root.get(file); status == http.StatusOK {
		t.Errorf("the file of before is there still: %s", text)
	}
	if now := second.ask(ofOthers, map[string]any{"me": berta}); now != others {
		t.Errorf("somebody else's are %s, and were %s", now, others)
	}
	if code := s.end(); code != 0 {
		t.Errorf("ended with %d: %s", code, s.said)
	}
	if found := filesHold(t, data, planted()...); len(found) > 0 {
		t.Errorf("afterwards: %v", found)
	}
	half := len(oldMaster) / 2
	if found := filesHold(t, data, string(oldMaster[half-24:half+24])); len(found) > 0 {
		t.Errorf("the master key that opened his keys is in %v", found)
	}
	if code, said := command(t, "verify", "--data", data); code != 0 || !strings.Contains(said, "intact") {
		t.Error(code, said)
	}
}

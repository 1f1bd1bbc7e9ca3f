package intake

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/activity"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
)

// The media types of CloudEvents 1.0.
const (
	cloudEvent      = "application/cloudevents+json"
	cloudEventBatch = "application/cloudevents-batch+json"

	// maxBatch bounds a batch of CloudEvents, which is one JSON value and must be in memory.
	maxBatch = 4 << 20
)

// linesOf gives a body as lines: a single CloudEvent and a batch are JSON that may be written over several.
func linesOf(r *http.Request, in io.Reader) (io.Reader, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != cloudEvent && kind != cloudEventBatch {
		return in, nil
	}
	text, err := io.ReadAll(io.LimitReader(in, maxBatch+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxBatch {
		return nil, fault.New(fault.BadInput, "A batch may have %d MiB: send several, or lines with ?format=cloudevents.", maxBatch>>20)
	}
	events := []json.RawMessage{text}
	if kind == cloudEventBatch {
		events = nil
		if err := json.Unmarshal(text, &events); err != nil {
			return nil, unreadable(err)
		}
	}
	var lines bytes.Buffer
	for _, event := range events {
		if err := json.Compact(&lines, event); err != nil {
			return nil, unreadable(err)
		}
		lines.WriteByte('\n')
	}
	return &lines, nil
}

// cloudEvents reads a CloudEvent 1.0 in its JSON form. Its type is the action, its source the module, its subject the
// entity, both whole in the metadata too where they are too long for that; data and further attributes become metadata,
// and authid (of the extension for who acted) the actor.
func cloudEvents(line []byte) (*activity.Input, error) {
	all := map[string]any{}
	if err := decode(line, &all, false); err != nil {
		return nil, err
	}
	take := taker(all)
	if take("specversion") != "1.0" {
		return nil, fault.Field("specversion", "specversion is not 1.0: only CloudEvents 1.0 are read")
	}
	id, source := take("id"), take("source")
	if id == "" || source == "" {
		return nil, fault.Field("id", "a CloudEvent needs id and source")
	}
	in := &activity.Input{
		EventID: digestID("ce", source+"\x00"+id), Action: strings.ToLower(take("type")),
	}
	whole := func(name, text string, most int) string {
		short := shorten(text, most)
		if short != text {
			all[name] = text
		}
		return short
	}
	in.Module, in.Entity = whole("source", source, ledger.MaxModule), whole("subject", take("subject"), ledger.MaxEntityID)
	if at := take("time"); at != "" {
		when, err := time.Parse(time.RFC3339Nano, at)
		if err != nil {
			return nil, fault.Field("time", "the time is not written as RFC 3339 asks, such as 2026-11-22T10:31:00Z")
		}
		in.OccurredAt = &when
	}
	if who := take("authid"); who != "" {
		in.Actor = &activity.Who{ExternalID: who}
	}
	if len(all) > 0 {
		in.Metadata = all
	}
	return in, nil
}

// taker gives texts out of an object and takes them away; "" for what is no text, which stays.
func taker(object map[string]any) func(name string) string {
	return func(name string) string {
		text, ok := object[name].(string)
		if ok {
			delete(object, name)
		}
		return text
	}
}

// digestID makes an event id of what tells an event from every other.
func digestID(kind, text string) string {
	sum := sha256.Sum256([]byte(text))
	return kind + "/" + hex.EncodeToString(sum[:])
}

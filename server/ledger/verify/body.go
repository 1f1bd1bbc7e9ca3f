package verify

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// body is what the verifier needs of an entry's canonical JSON.
type body struct {
	V          int       `json:"v"`
	ID         string    `json:"id"`
	Stream     string    `json:"stream"`
	OccurredAt time.Time `json:"occurredAt"`
	RecordedAt time.Time `json:"recordedAt"`
	Actor      string    `json:"actor"`
	Source     string    `json:"source"`
	Person     string    `json:"person"`
	Department string    `json:"department"`
	Action     string    `json:"action"`
	Module     string    `json:"module"`
	Outcome    string    `json:"outcome"`
	Entity     struct {
		Type  string `json:"type"`
		ID    string `json:"id"`
		Label string `json:"label"`
	} `json:"entity"`
	Refs []struct {
		Role string `json:"role"`
		ID   string `json:"id"`
	} `json:"refs"`
	Sealed []struct {
		Subject string `json:"subject"`
	} `json:"sealed"`
}

func parseBody(raw []byte) (*body, error) {
	var b body
	if err := json.Unmarshal(raw, &b); err != nil {
		return nil, fmt.Errorf("its body is not JSON: %w", err)
	}
	if b.V != 1 {
		return nil, fmt.Errorf("its body has version %d, which this verifier does not know", b.V)
	}
	return &b, nil
}

// uuidBytes gives the 16 bytes of a UUID, nil for an empty text and for the actor "system".
func uuidBytes(text string) []byte {
	raw, err := hex.DecodeString(strings.ReplaceAll(text, "-", ""))
	if err != nil || len(raw) != 16 {
		return nil
	}
	return raw
}

func streamCode(stream string) uint8 {
	return map[string]uint8{"key": 1, "activity": 2, "auth": 3, "work": 4, "system": 5}[stream]
}

func outcomeCode(outcome string) uint8 {
	return map[string]uint8{"success": 1, "failure": 2, "denied": 3}[outcome]
}

// differences names the columns of an index row that do not say what the body says.
func (b *body) differences(row *IndexRow) []string {
	var wrong []string
	check := func(column string, same bool) {
		if !same {
			wrong = append(wrong, column)
		}
	}
	check("id", bytes.Equal(row.ID, uuidBytes(b.ID)))
	check("stream", row.Stream == streamCode(b.Stream))
	check("occurred_at", row.OccurredAt.Equal(b.OccurredAt))
	check("recorded_at", row.RecordedAt.Equal(b.RecordedAt))
	check("actor", bytes.Equal(row.Actor, uuidBytes(b.Actor)))
	check("person", bytes.Equal(row.Person, uuidBytes(b.Person)))
	check("department", bytes.Equal(row.Department, uuidBytes(b.Department)))
	check("action", row.Action == b.Action)
	check("entity_type", row.EntityType == b.Entity.Type)
	check("entity_id", row.EntityID == b.Entity.ID)
	check("module", row.Module == b.Module)
	check("source", row.Source == b.Source)
	check("outcome", row.Outcome == outcomeCode(b.Outcome))
	return wrong
}

package audit

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"time"
)

const maxRefusedBytes = 64 << 20

// deadLetters is a file of events that keytrail refused for good. At 64 MiB it is renamed to ….1, in place of the one
// before, so that it stays bounded.
type deadLetters struct{ path string }

// refusal is a line of the file.
type refusal struct {
	At      time.Time       `json:"at"`
	Code    string          `json:"code"`
	Message string          `json:"message"`
	Event   json.RawMessage `json:"event"`
}

// add appends an event and flushes it to the disk. After a crash it may be there twice.
func (d deadLetters) add(at time.Time, event []byte, code, message string) error {
	if info, err := os.Stat(d.path); err == nil && info.Size() > maxRefusedBytes {
		if err := os.Rename(d.path, d.path+".1"); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	line, err := json.Marshal(refusal{At: at.UTC(), Code: code, Message: cut(clean(message), maxComplaint), Event: event})
	if err != nil {
		return err
	}
	file, err := os.OpenFile(d.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(append(line, '\n'))
	return errors.Join(err, file.Sync(), file.Close())
}

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
	file, err := os.OpenFile(d.path, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if endsWithin(file) { // a full disk or a crash left the beginning of a line
		line = append([]byte{'\n'}, line...)
	}
	_, err = file.Write(append(line, '\n'))
	return errors.Join(err, file.Sync(), file.Close())
}

// endsWithin reports whether a file ends within a line.
func endsWithin(file *os.File) bool {
	info, err := file.Stat()
	if err != nil || info.Size() == 0 {
		return false
	}
	last := make([]byte, 1)
	_, err = file.ReadAt(last, info.Size()-1)
	return err == nil && last[0] != '\n'
}

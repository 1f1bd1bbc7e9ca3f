package queue

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const (
	segmentSuffix = ".seg"
	positionFile  = "taken.json"
)

func segmentPath(dir string, number uint64) string {
	return filepath.Join(dir, fmt.Sprintf("%020d%s", number, segmentSuffix))
}

// listSegments gives the segments of a folder, the oldest first: ReadDir sorts by name, and numbers have one width.
func listSegments(dir string) ([]segment, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var found []segment
	for _, file := range files {
		name, isSegment := strings.CutSuffix(file.Name(), segmentSuffix)
		number, err := strconv.ParseUint(name, 10, 64)
		if !isSegment || err != nil {
			continue
		}
		info, err := file.Info()
		if err != nil {
			return nil, err
		}
		found = append(found, segment{number: number, bytes: info.Size()})
	}
	return found, nil
}

// createSegment makes a segment's file. The flusher has the disk keep its name.
func createSegment(dir string, number uint64) (*os.File, error) {
	return os.OpenFile(segmentPath(dir, number), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
}

// readPosition reads up to where records were taken. What cannot be read means the beginning: records come again.
func readPosition(dir string) Position {
	var p Position
	text, err := os.ReadFile(filepath.Join(dir, positionFile))
	if err != nil || json.Unmarshal(text, &p) != nil {
		return Position{}
	}
	return p
}

// writePosition keeps up to where records were taken. It is not flushed: an older one only makes records come again.
func writePosition(dir string, p Position) error {
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	temporary := filepath.Join(dir, positionFile+".new")
	if err := os.WriteFile(temporary, text, 0o600); err != nil {
		return err
	}
	return os.Rename(temporary, filepath.Join(dir, positionFile))
}

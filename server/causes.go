package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/diskspace"
	"github.com/keytrail/keytrail/server/keeping"
)

const (
	// roomAgain is how much more room than asked for there has to be for an alert to end, so that it does not come and go.
	roomAgain   = 1.25
	mostDamaged = 100
)

// looks are what the clock's alerts about keeping rest on. With 0 percent no disk is ever almost full, which also ends
// what was found before.
func (s *services) looks(data string, percent int) []func(context.Context, time.Time) (alerts.Causes, error) {
	mark, err := placeMark(data)
	if err != nil {
		s.log.Warn("the directory of the data cannot be told from others for good: an alert about its disk may take a day to end", "error", err)
	}
	return []func(context.Context, time.Time) (alerts.Causes, error){
		s.retentionTrouble, s.damagedArchives, diskLook(diskspace.NewGauge(data), mark, float64(percent)/100),
	}
}

func (s *services) retentionTrouble(ctx context.Context, now time.Time) (alerts.Causes, error) {
	trouble, err := s.keeping.Trouble(ctx, now)
	if err != nil {
		return alerts.Causes{Rule: alerts.RetentionFailed}, err
	}
	return causesOf(trouble), nil
}

// causesOf has a cause for each run, so that one that fails after somebody has resolved the alert gets a new one.
func causesOf(trouble keeping.Trouble) alerts.Causes {
	causes := alerts.Causes{Rule: alerts.RetentionFailed, Lingers: trouble.Unsettled}
	if trouble.Since != nil {
		cause := alerts.Cause{Subject: trouble.Run, At: *trouble.Since, Details: map[string]any{}}
		if !trouble.Run.IsZero() {
			cause.Details["run"] = trouble.Run.String()
		}
		causes.Found = []alerts.Cause{cause}
	}
	return causes
}

func (s *services) damagedArchives(ctx context.Context, _ time.Time) (alerts.Causes, error) {
	causes := alerts.Causes{Rule: alerts.ArchiveDamaged}
	damaged, err := s.keeping.Damaged(ctx, mostDamaged)
	for _, one := range damaged {
		causes.Found = append(causes.Found, alerts.Cause{
			Subject: one.ID, At: one.VerifiedAt, Evidence: []uint64{one.PrunedBy}, Details: map[string]any{"archive": one.ID.String()},
		})
	}
	return causes, err
}

// diskLook looks at the room on the disk of a directory, which the mark tells from others: each is a case of its own.
func diskLook(gauge *diskspace.Gauge, mark string, share float64) func(context.Context, time.Time) (alerts.Causes, error) {
	return func(ctx context.Context, now time.Time) (alerts.Causes, error) {
		causes := alerts.Causes{Rule: alerts.DiskFull, Mark: mark}
		if share == 0 {
			return causes, nil
		}
		free, err := gauge.Free(ctx)
		if errors.Is(err, errors.ErrUnsupported) {
			return causes, nil
		}
		if err != nil {
			return causes, err
		}
		causes.Lingers = free < share*roomAgain
		if free < share {
			causes.Found = []alerts.Cause{{At: now, Details: map[string]any{"freePercent": int(100 * free)}}}
		}
		return causes, nil
	}
}

// placeFile holds a random text that tells a directory of data from others, whatever its machine is called: containers are
// called something else each time.
const placeFile = "place"

// placeMark tells a directory from others. Where its file can neither be read nor made it gives a mark that lasts until
// the process ends, and the error.
func placeMark(dir string) (string, error) {
	path := filepath.Join(dir, placeFile)
	mark, err := readMark(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return mark, err
	}
	mark = randomMark()
	// Whole or not at all: a server beside this one may read it at once, and a full disk keeps only its beginning.
	draft := path + "." + mark
	err = errors.Join(os.WriteFile(draft, []byte(mark+"\n"), 0o600), os.Link(draft, path), os.Remove(draft))
	if errors.Is(err, fs.ErrExist) {
		return readMark(path)
	}
	return mark, err
}

func readMark(path string) (string, error) {
	text, err := os.ReadFile(path)
	mark := strings.TrimSpace(string(text))
	if err == nil && !regexp.MustCompile("^[0-9a-f]{16}$").MatchString(mark) {
		err = fmt.Errorf("%s does not hold what keytrail wrote: remove it", path)
	}
	if err != nil {
		return randomMark(), err
	}
	return mark, nil
}

func randomMark() string {
	text := make([]byte, 8)
	_, _ = rand.Read(text)
	return hex.EncodeToString(text)
}

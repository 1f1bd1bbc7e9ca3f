package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"time"

	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/diskspace"
)

const (
	// roomAgain is how much more room than asked for there has to be for an alert to end, so that it does not come and go.
	roomAgain   = 1.25
	mostDamaged = 100
)

// looks are what the clock's alerts about keeping rest on.
func (s *services) looks(data string, percent int) []func(context.Context, time.Time) (alerts.Causes, error) {
	found := []func(context.Context, time.Time) (alerts.Causes, error){s.retentionTrouble, s.damagedArchives}
	if _, err := diskspace.Free(data); err == nil && percent > 0 {
		found = append(found, diskLook(data, float64(percent)/100))
	}
	return found
}

func (s *services) retentionTrouble(ctx context.Context, now time.Time) (alerts.Causes, error) {
	causes := alerts.Causes{Rule: alerts.RetentionFailed}
	trouble, err := s.keeping.Trouble(ctx, now)
	if err != nil {
		return causes, err
	}
	causes.Lingers = trouble.Unsettled
	if trouble.Since != nil {
		cause := alerts.Cause{At: *trouble.Since, Details: map[string]any{}}
		if !trouble.Run.IsZero() {
			cause.Details["run"] = trouble.Run.String()
		}
		causes.Found = []alerts.Cause{cause}
	}
	return causes, nil
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

// diskLook looks at the room on the disk of a directory. Each server and directory is a case of its own.
func diskLook(dir string, share float64) func(context.Context, time.Time) (alerts.Causes, error) {
	mark := placeMark(dir)
	return func(_ context.Context, now time.Time) (alerts.Causes, error) {
		causes := alerts.Causes{Rule: alerts.DiskFull, Mark: mark}
		free, err := diskspace.Free(dir)
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

// placeMark tells a directory of this machine from others without naming it.
func placeMark(dir string) string {
	host, err := os.Hostname()
	if err != nil {
		host = ""
	}
	if whole, err := filepath.Abs(dir); err == nil {
		dir = whole
	}
	sum := sha256.Sum256([]byte(host + "\x00" + dir))
	return hex.EncodeToString(sum[:8])
}

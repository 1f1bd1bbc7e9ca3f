package exports

import (
	"time"

	"github.com/keytrail/keytrail/server/id"
)

// State is how far a file is.
type State string

// The states of a file. What failed or was cancelled holds no rows any more.
const (
	Waiting   State = "waiting"
	Running   State = "running"
	Done      State = "done"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Problem is why a file failed.
type Problem string

// Why files fail.
const (
	// CutOff files were begun as often as MaxAttempts allows, and the server ended each time.
	CutOff Problem = "cut_off"
	// TooLarge files are longer than MaxFile, or have more pages than a PDF may have.
	TooLarge Problem = "too_large"
	// Refused files are of somebody who may not take the list out any more.
	Refused Problem = "refused"
	// Broken files failed for a reason that the server's log has.
	Broken Problem = "broken"
)

// What is kept, and for how long.
const (
	// Kept is how long a file can be had after it was ordered.
	Kept = 24 * time.Hour
	// MaxPerPerson is how many files a person may have, those that wait included, and MaxWaiting how many may wait in all.
	MaxPerPerson = 5
	MaxWaiting   = 100
	// MaxFile is the most that a file takes, in bytes as it is stored: packed and sealed. Nothing new is begun for a person
	// whose files take MaxBytesPerPerson, nor for anybody while all take MaxBytes.
	MaxFile           = 2 << 30
	MaxBytesPerPerson = 4 << 30
	MaxBytes          = 16 << 30
	// MaxAttempts is how often a file is begun whose server ends meanwhile.
	MaxAttempts = 3
	// Background is from how many rows on an app should order a file instead of waiting for it.
	Background = 50_000
)

// Job is a file that somebody ordered.
type Job struct {
	ID      id.ID
	List    string
	Format  string
	State   State
	Problem *Problem
	// RowsDone are the rows written so far, RowsTotal how many there are to be; nil while that is not known.
	RowsDone  int
	RowsTotal *int
	// Size is the finished file's, in bytes.
	Size      int
	CreatedAt time.Time
	ExpiresAt time.Time

	started, seen *time.Time
	chunks        int
}

// RowsPerSecond is how fast it goes or went, nil before it began.
func (j *Job) RowsPerSecond() *float64 {
	if j.started == nil || j.seen == nil || !j.seen.After(*j.started) {
		return nil
	}
	rate := float64(j.RowsDone) / j.seen.Sub(*j.started).Seconds()
	return &rate
}

// Path is where the file is, nil while it is not done.
func (j *Job) Path() *string {
	if j.State != Done {
		return nil
	}
	path := "/export/jobs/" + j.ID.String()
	return &path
}

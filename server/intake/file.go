package intake

import (
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/activity"
	"github.com/keytrail/keytrail/server/reported"
)

// File is a log file that is imported.
type File struct {
	Django Django
	// Refused is told of each line that is not on record, and Progress now and then how many lines are dealt with.
	Refused  func(Answer)
	Progress func(lines int)
}

// Import takes in the lines of a file, in the name of actor and under his source. Lines that were imported before stay as
// they are. It ends at once when the database or the file does.
func (f File) Import(ctx context.Context, service *activity.Service, actor *access.Actor, in io.Reader) (Totals, error) {
	s := &stream{
		none:  func(lines int) { service.CountRefused(actor, lines) },
		lines: newLineReader(in), parse: f.Django.parse,
		record: func(ctx context.Context, events []*activity.Input, partial bool) (*reported.Recorded, error) {
			return service.Record(ctx, actor, events, partial)
		},
		answer: func(a Answer) error {
			if a.Seq == nil && a.Code != skipped {
				f.Refused(a)
			}
			return nil
		},
	}
	s.flush = func() error { f.Progress(s.totals.Lines); return nil }
	err := s.run(ctx)
	return s.totals, err
}

// CountLines gives how many lines there are.
func CountLines(in io.Reader) (lines int, err error) {
	for piece := make([]byte, readAhead); ; {
		n, err := in.Read(piece)
		lines += bytes.Count(piece[:n], []byte{'\n'})
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			return lines, err
		}
	}
}

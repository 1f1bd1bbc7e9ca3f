package intake

import (
	"context"
	"errors"
	"io"
	"strconv"
	"time"

	"github.com/keytrail/keytrail/server/activity"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/reported"
)

const (
	// A batch is recorded when it holds so much, or when nothing more is there to read.
	batchLines = 500
	batchBytes = 2 << 20
	// wholeBytes bounds a call that is all or nothing, which must wait in memory.
	wholeBytes = 4 << 20

	busyTries = 20
	busyPause = 250 * time.Millisecond
	skipped   = "SKIPPED"
)

// recorder records events as activity.Service.Record does.
type recorder func(ctx context.Context, events []*activity.Input, partial bool) (*reported.Recorded, error)

// Answer is what became of a line.
type Answer struct {
	// Line is its number, from 1.
	Line int     `json:"line"`
	Seq  *uint64 `json:"seq,omitempty"`
	// Code and Message say why it is not on record; SKIPPED for a line that was left out as asked.
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
}

// Totals are a call's numbers of lines. Blank ones do not count.
type Totals struct {
	Lines    int `json:"lines"`
	Recorded int `json:"recorded"`
	Refused  int `json:"refused"`
	Skipped  int `json:"skipped"`
}

// stream takes in lines.
type stream struct {
	lines  *lineReader
	parse  parser
	record recorder
	// pace is asked before so many lines are recorded; nil lets all through.
	pace func(ctx context.Context, lines int) error
	// answer is told what became of each line, in order.
	answer func(Answer) error
	// flush is called when answers have been given and nothing more is at hand; nil does nothing.
	flush func() error
	// none is told how many lines of a batch were no events at all.
	none func(lines int)
	// request stands in for the ids of events that have none; "" for no request.
	request string
	totals  Totals

	gathered []gathered
	bytes    int
}

// gathered is a line that waits to be answered; event is nil when there is nothing to record.
type gathered struct {
	event  *activity.Input
	answer Answer
}

// run records the good lines, a batch at a time, and gives an answer to each line as soon as it is on disk.
func (s *stream) run(ctx context.Context) error {
	for {
		end, broken := s.read(ctx)
		if end || s.full() || !s.lines.ready() {
			if err := s.settle(ctx); err != nil {
				return err
			}
		}
		if end {
			return broken
		}
	}
}

func (s *stream) full() bool { return len(s.gathered) >= batchLines || s.bytes >= batchBytes }

// read takes one line. end is true when none follow; its error is why, nil at the end of what was sent.
func (s *stream) read(ctx context.Context) (end bool, err error) {
	if err := ctx.Err(); err != nil {
		return true, err
	}
	line, err := s.lines.next()
	switch {
	case errors.Is(err, io.EOF):
		return true, nil
	case errors.Is(err, errLongLine):
		err = fault.New(fault.BadInput, "the line is longer than %d KiB", maxLine>>10)
	case err != nil:
		return true, err
	default:
		s.bytes += len(line)
	}
	one := gathered{answer: Answer{Line: s.lines.number}}
	if err == nil {
		one.event, err = s.gauged(line)
	}
	if f, ok := fault.As(err); ok {
		one.answer.Code, one.answer.Message = string(f.Kind), f.In(fault.Language(ctx))
	} else if err != nil {
		return true, err
	}
	switch {
	case err != nil:
	case one.event == nil:
		one.answer.Code = skipped
	case one.event.EventID == "" && s.request != "":
		one.event.EventID = s.request + "/" + strconv.Itoa(s.lines.number)
	}
	s.totals.Lines++
	s.gathered = append(s.gathered, one)
	return false, nil
}

// gauged parses a line and drops an event that holds too much, so that it does not wait in memory to be refused.
func (s *stream) gauged(line []byte) (*activity.Input, error) {
	event, err := s.parse(line)
	if err != nil || event == nil {
		return nil, err
	}
	if err := event.Gauge(); err != nil {
		return nil, err
	}
	return event, nil
}

// settle records what was gathered, and answers.
func (s *stream) settle(ctx context.Context) error {
	if len(s.gathered) == 0 {
		return nil
	}
	s.none(len(s.wrong()))
	if events, places := s.good(); len(events) > 0 {
		if err := s.keepPace(ctx, len(events)); err != nil {
			return err
		}
		made, err := s.recordPatiently(ctx, events)
		if err != nil {
			return err
		}
		s.fill(ctx, places, made)
	}
	for _, one := range s.gathered {
		s.totals.count(one.answer)
		if err := s.answer(one.answer); err != nil {
			return err
		}
	}
	clear(s.gathered) // so that events that were recorded are not kept
	s.gathered, s.bytes = s.gathered[:0], 0
	if s.flush != nil {
		return s.flush()
	}
	return nil
}

// good gives the events that are to be recorded, and their places among what was gathered.
func (s *stream) good() (events []*activity.Input, places []int) {
	for i, one := range s.gathered {
		if one.event != nil {
			events, places = append(events, one.event), append(places, i)
		}
	}
	return events, places
}

// fill writes into the answers what became of the events at places.
func (s *stream) fill(ctx context.Context, places []int, made *reported.Recorded) {
	refused := map[int]*reported.Refused{}
	for _, r := range made.Refused {
		refused[r.Index] = r
	}
	next := 0
	for i, place := range places {
		answer := &s.gathered[place].answer
		if r := refused[i]; r != nil {
			answer.Code, answer.Message = r.Code, r.Message(ctx)
			continue
		}
		seq := made.Seqs[next]
		answer.Seq = &seq
		next++
	}
}

func (s *stream) keepPace(ctx context.Context, lines int) error {
	if s.pace == nil {
		return nil
	}
	return s.pace(ctx, lines)
}

// recordPatiently waits a while for a database that has more to do than it can.
func (s *stream) recordPatiently(ctx context.Context, events []*activity.Input) (*reported.Recorded, error) {
	for try := 1; ; try++ {
		made, err := s.record(ctx, events, true)
		f, ok := fault.As(err)
		if !ok || f.Kind != fault.Unavailable || f.RetryAfter == 0 || try == busyTries {
			return made, err
		}
		select {
		case <-time.After(busyPause):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// whole records all lines or none, at most activity.MaxEvents, and gives the answers: only those to lines that are wrong,
// where there are any.
func (s *stream) whole(ctx context.Context) ([]Answer, error) {
	for {
		end, err := s.read(ctx)
		if err != nil {
			return nil, err
		}
		if end {
			break
		}
		if len(s.gathered) > activity.MaxEvents || s.bytes > wholeBytes {
			return nil, fault.New(fault.BadInput, "At most %d lines and %d MiB are taken all or none: send less at once, or ?partial=true.", activity.MaxEvents, wholeBytes>>20)
		}
	}
	events, places := s.good()
	if wrong := s.wrong(); len(wrong) > 0 {
		s.none(len(wrong))
		s.totals.Refused = len(wrong)
		return wrong, nil
	}
	if len(events) > 0 {
		if err := s.keepPace(ctx, len(events)); err != nil {
			return nil, err
		}
		made, err := s.record(ctx, events, false)
		if err != nil {
			return s.named(ctx, places, err)
		}
		s.fill(ctx, places, made)
	}
	answers := make([]Answer, len(s.gathered))
	for i, one := range s.gathered {
		answers[i] = one.answer
		s.totals.count(one.answer)
	}
	return answers, nil
}

// wrong gives the lines that are no events.
func (s *stream) wrong() []Answer {
	var wrong []Answer
	for _, one := range s.gathered {
		if one.answer.Code != "" && one.answer.Code != skipped {
			wrong = append(wrong, one.answer)
		}
	}
	return wrong
}

// named gives the answer to the line that an error is about, or the error where it is about none.
func (s *stream) named(ctx context.Context, places []int, err error) ([]Answer, error) {
	f, ok := fault.As(err)
	if !ok {
		return nil, err
	}
	index, named := f.Data["index"].(int)
	if !named || index < 0 || index >= len(places) {
		return nil, err
	}
	s.totals.Refused = 1
	return []Answer{{Line: s.gathered[places[index]].answer.Line, Code: string(f.Kind), Message: f.In(fault.Language(ctx))}}, nil
}

func (t *Totals) count(a Answer) {
	switch {
	case a.Seq != nil:
		t.Recorded++
	case a.Code == skipped:
		t.Skipped++
	default:
		t.Refused++
	}
}

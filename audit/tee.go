package audit

import "context"

// Tee gives every event to all recorders, in order, up to the first that says that the operation must fail.
// The event gets its id first, so that all of them know it by the same. The Recorder is strict when one of them is.
func Tee(recorders ...Recorder) Recorder { return tee(recorders) }

type tee []Recorder

// Record gives an event to all of them.
func (t tee) Record(ctx context.Context, e Event) error {
	e.Fill(ctx)
	for _, r := range t {
		if err := r.Record(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// Strict reports whether operations must fail that one of them cannot record.
func (t tee) Strict() bool {
	for _, r := range t {
		if isStrict(r) {
			return true
		}
	}
	return false
}

// Ready says why an event would not be taken now: the first reason of a recorder that is strict, since the others fail
// no operation; where none is strict, the first of any.
func (t tee) Ready() error {
	strict := t.Strict()
	for _, r := range t {
		one, ok := r.(interface{ Ready() error })
		if !ok || strict && !isStrict(r) {
			continue
		}
		if err := one.Ready(); err != nil {
			return err
		}
	}
	return nil
}

func isStrict(r Recorder) bool {
	s, ok := r.(interface{ Strict() bool })
	return ok && s.Strict()
}

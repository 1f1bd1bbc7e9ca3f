package workhours

import (
	"time"

	"github.com/keytrail/keytrail/server/workhours/rules"
)

const (
	// longestPiece is the longest span that is stored: they are cut at midnight UTC.
	longestPiece = 24 * time.Hour
	// furtherDates is how much more is read of work that goes on beyond what was.
	furtherDates = 7
)

// piece is a span as stored.
type piece struct {
	From      time.Time `db:"from_at"`
	To        time.Time `db:"to_at"`
	Began     time.Time `db:"began_at"`
	Estimated bool      `db:"estimated"`
	Corrected bool      `db:"corrected"`
}

func (p piece) span() rules.Span {
	return rules.Span{From: p.From, To: p.To, Estimated: p.Estimated, Corrected: p.Corrected}
}

// stored is a person's work around a computation: whole dates [firstDate, lastDate] of the display zone.
type stored struct {
	firstDate, lastDate int64
	days                []int64 // those that are stored
	// since and until are what was read last, and more how many pieces that were.
	since, until time.Time
	more         int
	pieces       []piece
	// spans are what is so by now; began is when the first of them began.
	spans []rules.Span
	began time.Time
}

// goesOn says that work goes on beyond what was read.
func (st *stored) goesOn() bool {
	n := len(st.pieces)
	return n > 0 && st.more > 0 && !st.pieces[n-1].To.Before(st.until)
}

// replace puts what was computed in the place of what was stored.
func (c *computation) replace(computed []rules.Span, w *writes) {
	spans := make([]rules.Span, len(c.pieces))
	for i, p := range c.pieces {
		spans[i] = p.span()
	}
	c.spans = rules.Replace(spans, c.begin, c.end, computed)
	if len(c.spans) > 0 {
		c.began = c.spans[0].From
		if len(c.pieces) > 0 && c.pieces[0].From.Equal(c.began) && c.began.Before(c.begin) {
			c.began = c.pieces[0].Began
		}
	}
	was := make(map[time.Time]piece, len(c.pieces))
	for _, p := range c.pieces {
		was[p.From] = p
	}
	for _, p := range piecesOf(c.spans, c.began) {
		if old, ok := was[p.From]; !ok || old != p {
			w.spans = append(w.spans, []any{c.person, p.From, p.To, p.Began, p.Estimated, p.Corrected})
		}
		delete(was, p.From)
	}
	for from := range was {
		w.spansGone = append(w.spansGone, []any{c.person, from})
	}
}

// piecesOf cuts spans at midnight UTC. The first of them is part of work that began at began.
func piecesOf(spans []rules.Span, began time.Time) []piece {
	var pieces []piece
	for i, s := range spans {
		if i > 0 && !spans[i-1].To.Equal(s.From) {
			began = s.From
		}
		for from := s.From; from.Before(s.To); {
			to := midnightOf(dayOf(from) + 1)
			if s.To.Before(to) {
				to = s.To
			}
			pieces = append(pieces, piece{From: from, To: to, Began: began, Estimated: s.Estimated, Corrected: s.Corrected})
			from = to
		}
	}
	return pieces
}

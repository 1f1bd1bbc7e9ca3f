package walls

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/logbook"
)

// movementsShown is how many of the last movements a wall names.
const movementsShown = 12

// Wall is what a display shows at one moment.
type Wall struct {
	Name string
	// At is the server's clock when this was read.
	At       time.Time
	Groups   []*custody.BoardGroup
	Out      int
	Overdue  int
	Loans    []*Loan
	Today    *logbook.CalendarDay
	Calendar *logbook.Calendar
	// Movements are the last ones, the newest first.
	Movements []*Movement
}

// Loan is a key that is out.
type Loan struct {
	KeyID  id.ID
	Number string
	Label  string
	// Place is building and room; nil where the display does not show rooms.
	Place *string
	// Holder is a name or initials.
	Holder   string
	IssuedAt time.Time
	DueAt    *time.Time
	Overdue  bool
}

// Movement is something that happened to a key.
type Movement struct {
	ID         id.ID
	Action     string
	OccurredAt time.Time
	Number     string
	Holder     string
}

// Show gives what the actor's display shows now. NOT_FOUND when he is no display.
func (s *Service) Show(ctx context.Context, actor *access.Actor) (*Wall, error) {
	w, err := s.settingsOf(ctx, actor)
	if err != nil {
		return nil, err
	}
	return s.read(ctx, w)
}

func (s *Service) read(ctx context.Context, w *settings) (*Wall, error) {
	wall := &Wall{At: s.moment()}
	var err error
	if wall.Name, err = s.tokens.NameOf(ctx, w.Token); err != nil {
		return nil, err
	}
	board, err := s.custody.Board(ctx, w.groups)
	if err != nil {
		return nil, err
	}
	wall.Out, wall.Overdue = board.Out, board.Overdue
	for i := range board.Groups {
		wall.Groups = append(wall.Groups, &board.Groups[i])
	}
	for i := range board.Loans {
		wall.Loans = append(wall.Loans, s.loan(w, &board.Loans[i], wall.At))
	}
	if wall.Calendar, err = s.logbook.BoardDays(ctx, w.groups); err != nil {
		return nil, err
	}
	wall.Today = &wall.Calendar.Days[todayOfStrip]
	if err := s.addMovements(ctx, w, wall); err != nil {
		return nil, err
	}
	return wall, s.ledger.AwaitRead(ctx)
}

// todayOfStrip is the place of today in the usual days of the calendar.
const todayOfStrip = 7

func (s *Service) loan(w *settings, l *custody.BoardLoan, now time.Time) *Loan {
	shown := &Loan{
		KeyID: l.KeyID, Number: l.Number, Label: l.Label, Holder: s.holder(w, l.HolderID), IssuedAt: l.IssuedAt, DueAt: l.DueAt,
		Overdue: l.DueAt != nil && !l.DueAt.After(now),
	}
	if w.ShowRooms {
		place := l.Building
		if place != "" && l.Room != "" {
			place += " · "
		}
		place += l.Room
		shown.Place = present(place)
	}
	return shown
}

func (s *Service) holder(w *settings, person id.ID) string {
	if w.ShowNames {
		return s.people.DisplayName(access.System(), person)
	}
	return s.people.Initials(person)
}

func (s *Service) addMovements(ctx context.Context, w *settings, wall *Wall) error {
	entries, err := s.logbook.BoardMovements(ctx, w.groups, movementsShown)
	if err != nil {
		return err
	}
	for _, e := range entries {
		m := &Movement{ID: e.ID, Action: e.Action, OccurredAt: e.OccurredAt, Holder: s.holder(w, e.HolderID)}
		if e.Entity != nil {
			m.Number = e.Entity.Label
		}
		wall.Movements = append(wall.Movements, m)
	}
	return nil
}

package compliance

// Bound has lists cut at fewer rows.
func (s *Service) Bound(rows int) { s.rows = rows }

// BoundEver has fewer entries of an action read to the end.
func (s *Service) BoundEver(entries int) { s.everRows = entries }

// Occupy takes all turns until the function that it gives is called.
func (s *Service) Occupy() (release func()) {
	for range atOnce {
		s.turns <- struct{}{}
	}
	return func() {
		for range atOnce {
			<-s.turns
		}
	}
}

// Statements are those that read entries, each with values in the order of its question marks.
func Statements() []string { return []string{selectPlaces, selectPlacesBehind} }

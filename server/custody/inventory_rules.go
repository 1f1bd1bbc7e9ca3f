package custody

import (
	"slices"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/id"
)

// DifferenceKind is in what way a key is not where it is thought to be.
type DifferenceKind string

// The kinds.
const (
	Missing      DifferenceKind = "MISSING"        // it should hang there, and was not found
	NotReturned  DifferenceKind = "NOT_RETURNED"   // found although it is issued
	Misplaced    DifferenceKind = "MISPLACED"      // found, and belongs elsewhere
	UnknownKey   DifferenceKind = "UNKNOWN"        // no key has the number
	LostButFound DifferenceKind = "LOST_BUT_FOUND" // found although it is lost
	RetiredKey   DifferenceKind = "RETIRED"        // found although it was retired
)

// Resolution is how a difference was settled.
type Resolution string

// The resolutions.
const (
	ResolvedReturned Resolution = "RETURNED"
	ResolvedLost     Resolution = "LOST"
	ResolvedFound    Resolution = "FOUND"
	ResolvedMoved    Resolution = "MOVED_HERE"
	ResolvedIgnored  Resolution = "IGNORED"
)

// Difference is one key that is not where it is thought to be.
type Difference struct {
	ID          id.ID `db:"id"`
	InventoryID id.ID `db:"inventory"`
	// KeyID is zero for a number that no key has.
	KeyID  id.ID          `db:"key_id"`
	Number string         `db:"number"`
	Kind   DifferenceKind `db:"kind"`
	// Resolution is nil until somebody settled it.
	Resolution   *Resolution `db:"resolution"`
	ResolvedAt   *time.Time  `db:"resolved_at"`
	ResolvedByID id.ID       `db:"resolved_by"`
}

// fits reports whether a resolution makes sense of a difference. Only a cabinet can become a key's own.
func (r Resolution) fits(kind DifferenceKind, cabinet bool) bool {
	switch r {
	case ResolvedReturned:
		return kind == NotReturned
	case ResolvedLost:
		return kind == Missing
	case ResolvedFound:
		return kind == Missing || kind == LostButFound
	case ResolvedMoved:
		return kind == Misplaced && cabinet
	}
	return r == ResolvedIgnored
}

// scannedKey is the key that a number means: the one in use or, without one, the one that was retired last.
type scannedKey struct {
	row     keyRow
	retired bool
}

// comparison is what a count found.
type comparison struct {
	expected, there int
	differences     []*Difference
}

// compare holds the numbers that were found against the keys in use that belong there. Of a key that is lost or out it
// says that, wherever it belongs.
func compare(belonging []keyRow, numbers []string, scanned map[string]scannedKey) comparison {
	var c comparison
	belongs, wasScanned := make(map[id.ID]bool, len(belonging)), make(map[id.ID]bool, len(numbers))
	for i := range belonging {
		belongs[belonging[i].ID] = true
	}
	for _, number := range numbers {
		key, known := scanned[number]
		d := &Difference{Number: number, KeyID: key.row.ID}
		wasScanned[key.row.ID] = true
		switch {
		case !known:
			d.Kind = UnknownKey
		case key.retired:
			d.Kind = RetiredKey
		case key.row.LostAt != nil:
			d.Kind = LostButFound
		case !key.row.LoanID.IsZero():
			d.Kind = NotReturned
		case !belongs[key.row.ID]:
			d.Kind = Misplaced
		default:
			c.there++
			continue
		}
		c.differences = append(c.differences, d)
	}
	for i := range belonging {
		key := &belonging[i]
		if !key.LoanID.IsZero() || key.LostAt != nil {
			continue
		}
		c.expected++
		if !wasScanned[key.ID] {
			c.differences = append(c.differences, &Difference{Number: key.Number, KeyID: key.ID, Kind: Missing})
		}
	}
	slices.SortStableFunc(c.differences, func(a, b *Difference) int { return strings.Compare(orderOf(a.Number), orderOf(b.Number)) })
	return c
}

package keeping

import (
	"context"
	"encoding/binary"
	"strings"
	"sync"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
)

// searchPlace is where a search stands: in an archive, behind everything from seq before on; 0 is behind all of it.
type searchPlace struct {
	newest  time.Time
	archive id.ID
	before  uint64
}

func (p *searchPlace) cursor() string {
	payload := binary.BigEndian.AppendUint64(make([]byte, 0, 32), uint64(p.newest.UnixMicro()))
	payload = append(payload, p.archive[:]...)
	return page.Encode(binary.BigEndian.AppendUint64(payload, p.before))
}

// searchPlaceOf reads a cursor; nil for none.
func searchPlaceOf(cursor string) (*searchPlace, error) {
	if cursor == "" {
		return nil, nil
	}
	payload, err := page.Decode("after", cursor)
	if err != nil {
		return nil, err
	}
	if len(payload) != 32 {
		return nil, fault.Field("after", "this is not a cursor of this list: use one that a page gave")
	}
	newest := time.UnixMicro(int64(binary.BigEndian.Uint64(payload))).UTC()
	if newest.Year() < 1 || newest.Year() > 9999 {
		return nil, fault.Field("after", "this is not a cursor of this list: use one that a page gave")
	}
	return &searchPlace{newest, id.ID(payload[8:24]), binary.BigEndian.Uint64(payload[24:])}, nil
}

const (
	orderNext = " ORDER BY newest DESC, id DESC LIMIT 1"
	countNext = "SELECT COUNT(*) FROM (SELECT * FROM archive WHERE state = 3) a"
)

// next gives the archive to be searched next, nil for none, and how many there are from it on.
func (r *searchRun) next(ctx context.Context) (a *Archive, left int, err error) {
	where := r.overlapping()
	if err := r.keeping.db.Get(ctx, &left, countNext+where.SQL(), where.Args()...); err != nil || left == 0 {
		return nil, 0, err
	}
	var rows []archiveRow
	if err := r.keeping.db.Select(ctx, &rows, selectArchive+where.SQL()+orderNext, where.Args()...); err != nil || len(rows) == 0 {
		return nil, 0, err
	}
	return rows[0].archive(), left, nil
}

// overlapping says which archives may hold what the filter lets through, from where the search stands on.
func (r *searchRun) overlapping() *mysql.Where {
	w := &mysql.Where{}
	var streams []string
	var codes []any
	for _, stream := range r.sieve.Streams() {
		streams, codes = append(streams, "("+hasStream+")"), append(codes, stream.Code()-1, stream.Code())
	}
	if len(streams) > 0 {
		w.And("("+strings.Join(streams, " OR ")+")", codes...)
	}
	if r.filter.From != nil {
		w.And("newest >= ?", r.filter.From.UTC())
	}
	if r.filter.To != nil {
		w.And("oldest < ?", r.filter.To.UTC())
	}
	switch at := r.at; {
	case at == nil:
	case at.before == 0:
		w.And("(newest < ? OR newest = ? AND id < ?)", at.newest, at.newest, at.archive)
	default:
		w.And("(newest < ? OR newest = ? AND id <= ?)", at.newest, at.newest, at.archive)
	}
	return w
}

// mostSearches is how many archives are read at a time: each takes a core and its part of the disk.
const mostSearches = 2

// searchGate lets each caller search once at a time, and few of them together. It is safe for concurrent use.
type searchGate struct {
	mu      sync.Mutex
	callers map[string]bool
}

func newSearchGate() *searchGate { return &searchGate{callers: map[string]bool{}} }

func (g *searchGate) enter(caller string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	const wait = 5 * time.Second
	switch {
	case g.callers[caller]:
		return fault.New(fault.RateLimited, "You are searching archives already. Wait until that search has answered, then go on.").After(wait)
	case len(g.callers) >= mostSearches:
		return fault.New(fault.RateLimited, "Others search archives at the moment. Try again in a few seconds.").After(wait)
	}
	g.callers[caller] = true
	return nil
}

func (g *searchGate) leave(caller string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.callers, caller)
}

package logbook

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// steer is a condition to whose entries an index leads.
type steer struct {
	index, condition string
	value            any
	byStream         bool // whether the index has the stream before the time
	unordered        bool // whether the index has something else before the time
}

// branches gives the index for the streams of a group.
func (s *steer) branches(g spanGroup) []branch {
	if s.byStream {
		return g.along(s.index, s.condition+" AND i.stream = ?", s.value)
	}
	return []branch{{index: s.index, condition: s.condition, args: []any{s.value}}}
}

// steers are the conditions of the filter to which an index leads, but for those that lead to few entries nearly always.
func (q *query) steers() []steer {
	var all []steer
	add := func(wanted bool, one steer) {
		if wanted {
			all = append(all, one)
		}
	}
	add(q.Action != "", steer{index: "action_time", condition: "i.action = ?", value: q.Action})
	add(q.Source != "", steer{index: "source_time", condition: "i.source = ?", value: q.Source, byStream: true})
	add(q.Module != "", steer{index: "module_time", condition: "i.module = ?", value: q.Module, byStream: true})
	add(!q.Department.IsZero(), steer{index: "department_time", condition: "i.department = ?", value: q.Department, byStream: true})
	add(q.Outcome != "" && q.Outcome != ledger.Success,
		steer{index: "outcome_time", condition: "i.outcome = ?", value: q.Outcome.Code(), byStream: true})
	add(q.EntityType != "", steer{index: "entity_time", condition: "i.entity_type = ?", value: q.EntityType, unordered: true})
	return all
}

// lookUpSparse finds a condition that few entries fulfil. Any other index may lead past all that there are to a page that
// is empty or short, since nothing says beforehand how often two conditions hold together.
func (s *Service) lookUpSparse(ctx context.Context, q *query) error {
	q.sparse = nil
	if q.rare || q.Review == Flagged || q.keys != nil || q.Entity != "" || len(q.spans) == 0 {
		return nil
	}
	steers := q.steers()
	alone := len(steers) == 1 && q.Person.IsZero() && q.Actor.IsZero() && !q.ip.IsValid() && len(q.words) == 0
	if len(steers) == 0 || alone && !steers[0].unordered {
		return nil
	}
	var counts []string
	var args []any
	for i := range steers {
		where := q.probe(&steers[i])
		counts = append(counts, "(SELECT COUNT(*) FROM (SELECT 1 FROM entry_index i FORCE INDEX ("+steers[i].index+")"+where.SQL()+" LIMIT ?) p)")
		args = append(args, where.Args(fewEntries)...)
	}
	text, args, err := mysql.In("SELECT CONCAT_WS(',', "+strings.Join(counts, ", ")+")", args...)
	if err != nil {
		return err
	}
	var found string
	if err := s.db.Get(ctx, &found, text, args...); err != nil {
		return err
	}
	return q.chooseSparse(steers, strings.Split(found, ","))
}

// probe is where the entries of a steer lie in its index, as far as time bounds them.
func (q *query) probe(s *steer) *mysql.Where {
	where := &mysql.Where{}
	where.And(s.condition, s.value)
	if s.byStream {
		streams := make([]ledger.Stream, len(q.spans))
		for i, one := range q.spans {
			streams[i] = one.stream
		}
		where.And("i.stream IN (?)", streamCodes(streams))
	}
	if s.unordered {
		return where
	}
	if q.From != nil {
		where.And("i.occurred_at >= ?", q.From.UTC())
	}
	if q.To != nil {
		where.And("i.occurred_at < ?", q.To.UTC())
	}
	return where
}

// chooseSparse takes the steer that leads to the fewest entries, when those are few.
func (q *query) chooseSparse(steers []steer, found []string) error {
	counts := make([]int, len(steers))
	for i, text := range found {
		var err error
		if counts[i], err = strconv.Atoi(text); err != nil {
			return err
		}
	}
	if least := slices.Index(counts, slices.Min(counts)); counts[least] < fewEntries {
		q.sparse = &steers[least]
	}
	return nil
}

package logbook

import (
	"context"
	"slices"
	"strings"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// span is a stream and how far the actor of a query sees it.
type span struct {
	stream ledger.Stream
	scope  access.Scope
}

// spans says which streams of a list the actor reads, and how far. Of a list of several streams, what he may not see at
// all is left out; FORBIDDEN when nothing is left of what he asks for. Whoever looks into how people worked must say why.
func (s *Service) spans(ctx context.Context, actor *access.Actor, parts []part, f Filter) ([]span, error) {
	if len(parts) == 1 {
		scope, err := s.access.Require(ctx, actor, parts[0].permission)
		if err != nil || len(f.Streams) > 0 && !slices.Contains(f.Streams, parts[0].name) {
			return nil, err
		}
		return []span{{parts[0].name, scope}}, nil
	}
	asked, err := f.asked(parts)
	if err != nil {
		return nil, err
	}
	spans := make([]span, 0, len(asked))
	for _, one := range asked {
		if scope := s.access.ScopeOf(actor, one.permission); scope != access.None {
			spans = append(spans, span{one.name, scope})
		}
	}
	if len(spans) == 0 { // the refusal is recorded
		_, err = s.access.Require(ctx, actor, asked[0].permission)
	}
	return spans, err
}

// asked keeps the parts of streams that the filter wants. How people worked is only there for whoever asks for it.
func (f *Filter) asked(parts []part) ([]part, error) {
	kept := make([]part, 0, len(parts))
	for _, one := range parts {
		if len(f.Streams) == 0 && one.name != ledger.StreamWork || slices.Contains(f.Streams, one.name) {
			kept = append(kept, one)
		}
	}
	if len(kept) == 0 {
		return nil, fault.Field("streams", "this list has none of these streams: %s", f.Streams)
	}
	if slices.Contains(f.Streams, ledger.StreamWork) && strings.TrimSpace(f.Purpose) == "" {
		return nil, fault.Field("purpose", "say in purpose why you look into how people worked: it is recorded with the view")
	}
	return kept, nil
}

// spanGroup is the streams that an actor sees equally far.
type spanGroup struct {
	scope   access.Scope
	streams []ledger.Stream
}

// groups puts streams of one scope together, so that an index which knows no streams is walked once for them.
func (q *query) groups() []spanGroup {
	var groups []spanGroup
	for _, one := range q.spans {
		i := slices.IndexFunc(groups, func(g spanGroup) bool { return g.scope == one.scope })
		if i < 0 {
			i, groups = len(groups), append(groups, spanGroup{scope: one.scope})
		}
		groups[i].streams = append(groups[i].streams, one.stream)
	}
	return groups
}

// ofStreams says in SQL, over i (entry_index), that an entry belongs to a stream of the group.
func (g spanGroup) ofStreams(where *mysql.Where) {
	if len(g.streams) == 1 {
		where.And("i.stream = ?", g.streams[0].Code())
	} else {
		where.And("i.stream IN (?)", streamCodes(g.streams))
	}
}

// streamCodes gives the codes of streams as a list for IN: a slice of bytes would be one value.
func streamCodes(streams []ledger.Stream) []int {
	codes := make([]int, len(streams))
	for i, stream := range streams {
		codes[i] = int(stream.Code())
	}
	return codes
}

// along gives a branch for each stream of the group.
func (g spanGroup) along(index, condition string, args ...any) []branch {
	branches := make([]branch, len(g.streams))
	for i, stream := range g.streams {
		branches[i] = branch{index: index, condition: condition, args: append(slices.Clone(args), stream.Code())}
	}
	return branches
}

// takesIn reports whether an entry belongs to a stream of the query and lies within its scope.
func (q *query) takesIn(e *ledger.Entry) bool {
	return slices.ContainsFunc(q.spans, func(one span) bool { return one.stream == e.Stream && reaches(one.scope, q.actor, e) })
}

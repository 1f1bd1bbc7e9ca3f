package export

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/bundle"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/request"
)

const (
	// maxNamed is the most entries that a bundle can be asked for by number.
	maxNamed = 500
	// maxBundles is how many bundles are made at once: each may read thousands of bodies. Each is somebody else's.
	maxBundles = 2
	// bundleTime bounds how long one may take, so that whoever takes its bytes slowly does not keep others from theirs.
	bundleTime = 15 * time.Minute
)

// caseOrder is what a bundle is asked for: a filter or entries by number.
type caseOrder struct {
	filter logbook.Filter
	named  []uint64
}

// caseBundle answers with the bundle of one case: the entries of a filter, or those that entries names by number.
func (h *Handler) caseBundle(w http.ResponseWriter, r *http.Request) {
	query, err := request.Query(r)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	order, err := caseOrderOf(query)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	ctx, actor := r.Context(), request.Actor(r.Context())
	seqs, everything, err := h.caseSeqs(ctx, actor, order)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	leave, err := h.bundles.take(whoAsks(actor)) // now that it is known that he may
	if err != nil {
		h.fail(w, r, err)
		return
	}
	defer leave()
	plan, err := h.prepareCase(ctx, actor, order, seqs, everything)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	h.answer(w, r, "case-bundle.zip", "application/zip", func(open func() (io.Writer, error), _ func() error) (bool, error) {
		out, err := open()
		if err != nil {
			return false, err
		}
		ctx, cancel := context.WithTimeout(ctx, h.bundleTime)
		defer cancel()
		return true, plan.Write(ctx, timed{ctx, out}, h.askedFor(actor, order), h.now(), h.openCase(actor))
	})
}

// prepareCase settles what a bundle holds, and records that it is taken out.
func (h *Handler) prepareCase(ctx context.Context, actor *access.Actor, order caseOrder, seqs []uint64, everything bool) (*bundle.Plan, error) {
	plan, err := bundle.Prepare(ctx, h.ledger, seqs)
	if err != nil {
		return nil, err
	}
	if plan.Pruned() > 0 && !everything { // since they were found; not everybody gets what is left of them
		return nil, bundle.Went()
	}
	return plan, h.logbook.RecordCase(ctx, actor, order.filter, order.named)
}

// caseSeqs gives the entries that were asked for, and whether the actor may have what is left of pruned ones.
func (h *Handler) caseSeqs(ctx context.Context, actor *access.Actor, order caseOrder) (seqs []uint64, everything bool, err error) {
	if len(order.named) > 0 {
		everything, err = h.logbook.MayTakeNamed(ctx, actor, order.named, order.filter.Purpose)
		return order.named, everything, err
	}
	seqs, err = h.logbook.CaseOf(ctx, actor, order.filter, bundle.MaxEntries)
	return seqs, false, err
}

// openCase reads entries as the actor sees them.
func (h *Handler) openCase(actor *access.Actor) bundle.Open {
	return func(ctx context.Context, seqs []uint64) ([]bundle.Opened, error) {
		entries, err := h.logbook.CaseEntries(ctx, actor, seqs)
		if err != nil {
			return nil, err
		}
		opened, names := make([]bundle.Opened, len(entries)), h.namesFor(language.English, actor)
		for i, e := range entries {
			opened[i] = bundle.Opened{Entry: e.Entry, Readable: lineOf(names, e.Shown)}
		}
		return opened, nil
	}
}

func (h *Handler) askedFor(actor *access.Actor, order caseOrder) bundle.Asked {
	asked := bundle.Asked{
		At: h.now().UTC().Format(time.RFC3339), By: whoAsks(actor).String(), Filter: order.filter.Words(), Entries: order.named, Purpose: order.filter.Purpose,
	}
	if !actor.Person.IsZero() {
		asked.Name = h.nameOf(language.English, actor, actor.Person)
	}
	return asked
}

// whoAsks is the person who acts, or the token of a program.
func whoAsks(actor *access.Actor) id.ID {
	if actor.Person.IsZero() {
		return actor.Token
	}
	return actor.Person
}

// caseOrderOf reads the conditions of a filter, or entries: numbers with commas between them, which no condition but a
// purpose goes with.
func caseOrderOf(query url.Values) (order caseOrder, err error) {
	numbers := query["entries"]
	query.Del("entries")
	if order.filter, err = logFilter(query); err != nil || len(numbers) == 0 {
		return order, err
	}
	query.Del("purpose")
	if len(query) > 0 || len(numbers) > 1 {
		return order, fault.Field("entries", "name entries or give a filter, and not both")
	}
	order.named, err = namedEntries(numbers[0])
	return order, err
}

func namedEntries(text string) ([]uint64, error) {
	var seqs []uint64
	for number := range strings.SplitSeq(text, ",") {
		seq, err := strconv.ParseUint(number, 10, 48)
		if err != nil {
			return nil, fault.Field("entries", "%.20q is no number of an entry: give numbers such as 12,70", number)
		}
		if seqs = append(seqs, seq); len(seqs) > maxNamed {
			return nil, fault.Field("entries", "name at most %d entries", maxNamed)
		}
	}
	slices.Sort(seqs)
	return slices.Compact(seqs), nil
}

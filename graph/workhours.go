package graph

import (
	"context"

	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/workhours"
)

// workHours lists hours, and records that the caller looks at those of others.
func (r *Resolver) workHours(ctx context.Context, f workhours.Filter, by workhours.Period, first *int, after *string) ([]*workhours.Hours, error) {
	found, err := r.Work.Hours(ctx, request.Actor(ctx), f, by, first, value(after))
	if err != nil {
		return nil, err
	}
	words := f.Words()
	words["by"] = string(by)
	return found, r.lookedAtWork(ctx, "workHours", f.Person, words)
}

func (r *Resolver) workDays(ctx context.Context, date *people.Date, f workhours.Filter, request page.Request) (page.Page[*workhours.Day], error) {
	found, err := r.Work.Days(ctx, actorOf(ctx), value(date), f, request)
	if err != nil {
		return found, err
	}
	words := f.Words()
	words["from"] = string(value(date))
	return found, r.lookedAtWork(ctx, "workDays", f.Person, words)
}

func (r *Resolver) atWork(ctx context.Context, f workhours.Filter, request page.Request) (page.Page[*workhours.AtWork], error) {
	found, err := r.Work.AtWork(ctx, actorOf(ctx), f, request)
	if err != nil {
		return found, err
	}
	return found, r.lookedAtWork(ctx, "atWork", f.Person, f.Words())
}

func actorOf(ctx context.Context) *access.Actor { return request.Actor(ctx) }

// lookedAtWork records a look at work, unless the caller asks for himself.
func (r *Resolver) lookedAtWork(ctx context.Context, view string, person id.ID, words map[string]any) error {
	if actor := request.Actor(ctx); !actor.Is(person) {
		return r.Logbook.Looked(ctx, actor, view, words, "")
	}
	return nil
}

func workerFilter(in *model.WorkerFilter) workhours.Filter {
	if in == nil {
		return workhours.Filter{}
	}
	return workhours.Filter{Person: value(in.Person), Department: value(in.Department)}
}

func (r *Resolver) correctWorkHours(ctx context.Context, in workhours.CorrectInput) (*model.CorrectWorkHoursPayload, error) {
	made, err := r.Work.Correct(ctx, request.Actor(ctx), in)
	if err != nil {
		return nil, err
	}
	shown, err := r.Logbook.WorkEntries(ctx, request.Actor(ctx), []uint64{made.Seq})
	payload := &model.CorrectWorkHoursPayload{}
	if len(shown) > 0 {
		payload.Entry = shown[0]
	}
	return payload, err
}

func assuranceOf(e *logbook.WorkEntry) model.WorkAssurance {
	if e.Unverified {
		return model.WorkAssuranceUnverified
	}
	return model.WorkAssuranceVerified
}

func stateOf(e *logbook.WorkEntry) workhours.State {
	if e.Working {
		return workhours.Working
	}
	return workhours.Stopped
}

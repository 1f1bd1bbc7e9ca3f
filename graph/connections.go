package graph

import (
	"github.com/keytrail/keytrail/graph/model"
	"github.com/keytrail/keytrail/server/alerts"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/logbook"
	"github.com/keytrail/keytrail/server/mail"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/people"
	"github.com/keytrail/keytrail/server/privacy"
	"github.com/keytrail/keytrail/server/workhours"
)

func keyGroupConnection(p page.Page[*custody.KeyGroup]) *model.KeyGroupConnection {
	return &model.KeyGroupConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node *custody.KeyGroup) *model.KeyGroupEdge {
		return &model.KeyGroupEdge{Cursor: cursor, Node: node}
	})}
}

func loanConnection(p page.Page[*custody.Loan]) *model.LoanConnection {
	return &model.LoanConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node *custody.Loan) *model.LoanEdge {
		return &model.LoanEdge{Cursor: cursor, Node: node}
	})}
}

func personConnection(p page.Page[*people.Person], total int) *model.PersonConnection {
	return &model.PersonConnection{PageInfo: &p.Info, TotalCount: total, Edges: edges(p, func(cursor string, node *people.Person) *model.PersonEdge {
		return &model.PersonEdge{Cursor: cursor, Node: node}
	})}
}

func keyLogConnection(p page.Page[*logbook.KeyEntry]) *model.KeyLogConnection {
	return &model.KeyLogConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node *logbook.KeyEntry) *model.KeyLogEdge {
		return &model.KeyLogEdge{Cursor: cursor, Node: node}
	})}
}

func authLogConnection(p page.Page[*logbook.AuthEntry]) *model.AuthLogConnection {
	return &model.AuthLogConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node *logbook.AuthEntry) *model.AuthLogEdge {
		return &model.AuthLogEdge{Cursor: cursor, Node: node}
	})}
}

func activityLogConnection(p page.Page[*logbook.ActivityEntry]) *model.ActivityLogConnection {
	return &model.ActivityLogConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node *logbook.ActivityEntry) *model.ActivityLogEdge {
		return &model.ActivityLogEdge{Cursor: cursor, Node: node}
	})}
}

func workLogConnection(p page.Page[*logbook.WorkEntry]) *model.WorkLogConnection {
	return &model.WorkLogConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node *logbook.WorkEntry) *model.WorkLogEdge {
		return &model.WorkLogEdge{Cursor: cursor, Node: node}
	})}
}

func workDayConnection(p page.Page[*workhours.Day]) *model.WorkDayConnection {
	return &model.WorkDayConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node *workhours.Day) *model.WorkDayEdge {
		return &model.WorkDayEdge{Cursor: cursor, Node: node}
	})}
}

func atWorkConnection(p page.Page[*workhours.AtWork]) *model.AtWorkConnection {
	return &model.AtWorkConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node *workhours.AtWork) *model.AtWorkEdge {
		return &model.AtWorkEdge{Cursor: cursor, Node: node}
	})}
}

func unknownWorkUserConnection(p page.Page[*workhours.Unknown]) *model.UnknownWorkUserConnection {
	return &model.UnknownWorkUserConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node *workhours.Unknown) *model.UnknownWorkUserEdge {
		return &model.UnknownWorkUserEdge{Cursor: cursor, Node: node}
	})}
}

func systemLogConnection(p page.Page[*logbook.SystemEntry]) *model.SystemLogConnection {
	return &model.SystemLogConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node *logbook.SystemEntry) *model.SystemLogEdge {
		return &model.SystemLogEdge{Cursor: cursor, Node: node}
	})}
}

func timelineConnection(p page.Page[logbook.LogEntry]) *model.TimelineConnection {
	return &model.TimelineConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node logbook.LogEntry) *model.TimelineEdge {
		return &model.TimelineEdge{Cursor: cursor, Node: node}
	})}
}

func alertConnection(p page.Page[*alerts.Alert], total int) *model.AlertConnection {
	return &model.AlertConnection{PageInfo: &p.Info, TotalCount: total, Edges: edges(p, func(cursor string, node *alerts.Alert) *model.AlertEdge {
		return &model.AlertEdge{Cursor: cursor, Node: node}
	})}
}

func calendarRequest(from *people.Date, days int, timeZone *string, filter *logbook.CalendarFilter) logbook.CalendarRequest {
	return logbook.CalendarRequest{From: value(from), Days: days, TimeZone: value(timeZone), Filter: value(filter)}
}

func deadLetterConnection(p page.Page[*mail.Dead]) *model.DeadLetterConnection {
	return &model.DeadLetterConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node *mail.Dead) *model.DeadLetterEdge {
		return &model.DeadLetterEdge{Cursor: cursor, Node: node}
	})}
}

func privacyRequestConnection(p page.Page[*privacy.Request]) *model.PrivacyRequestConnection {
	return &model.PrivacyRequestConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node *privacy.Request) *model.PrivacyRequestEdge {
		return &model.PrivacyRequestEdge{Cursor: cursor, Node: node}
	})}
}

func consentConnection(p page.Page[*privacy.Consent]) *model.ConsentConnection {
	return &model.ConsentConnection{PageInfo: &p.Info, Edges: edges(p, func(cursor string, node *privacy.Consent) *model.ConsentEdge {
		return &model.ConsentEdge{Cursor: cursor, Node: node}
	})}
}

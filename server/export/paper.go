package export

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/exports"
	"github.com/keytrail/keytrail/server/paper"
)

const onPaper = "2006-01-02 15:04:05"

// beginPaper begins a printed list: what it is, which rows it has, and the checkpoint that vouches for them.
func (h *Handler) beginPaper(ctx context.Context, actor *access.Actor, o *exports.Order, say *paperWords, columns []paper.Column, w io.Writer) (*paper.Table, error) {
	checkpoint, err := h.ledger.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	conditions, err := h.conditionsOf(ctx, actor, o, say)
	if err != nil {
		return nil, err
	}
	now := h.now()
	made := fmt.Sprintf("%s: %s (%s)", say.made, now.In(h.zone).Format(onPaper), h.zone)
	if name := h.nameOf(languageOf(o), actor, actor.Person); name != "" {
		made += ", " + say.madeBy + ": " + name
	}
	return paper.NewTable(w, paper.Head{
		Title: say.titles[o.List],
		Notes: []string{
			say.shown + ": " + conditions, made,
			fmt.Sprintf("%s: %s, %d %s %s, %s UTC", say.checkpoint, checkpoint.Origin, checkpoint.Size, say.entries,
				base64.StdEncoding.EncodeToString(checkpoint.Root[:]), checkpoint.SignedAt.UTC().Format(onPaper)),
		},
		Columns: columns, Page: say.page, Of: say.of, Language: languageOf(o).String(), At: now,
	})
}

// paperLog writes entries as the rows of a printed list.
type paperLog struct {
	table *paper.Table
	say   *paperWords
	zone  *time.Location
}

func (h *Handler) beginPaperLog(ctx context.Context, actor *access.Actor, o *exports.Order, w io.Writer) (writer[*logLine], error) {
	say, err := paperWordsIn(o.Language)
	if err != nil {
		return nil, err
	}
	table, err := h.beginPaper(ctx, actor, o, say, []paper.Column{
		{Heading: "№", Share: 5}, {Heading: say.when, Share: 11}, {Heading: say.who, Share: 13}, {Heading: say.what, Share: 13},
		{Heading: say.object, Share: 18}, {Heading: say.outcome, Share: 7}, {Heading: say.source, Share: 9}, {Heading: say.details, Share: 26},
	}, w)
	return paperLog{table, say, h.zone}, err
}

func (p paperLog) add(l *logLine) error {
	details, err := p.details(l)
	if err != nil {
		return err
	}
	return p.table.Row(fmt.Sprint(l.Seq), l.at.In(p.zone).Format(onPaper), l.Actor, l.Action, strings.TrimSpace(l.EntityType+" "+firstOf(l.EntityName, l.EntityID)),
		p.say.outcomes[string(l.Outcome)], l.Source, details)
}

func (p paperLog) close() error { return p.table.Close() }

func (p paperLog) discard() {}

// details gives what else is known of an entry in one cell.
func (p paperLog) details(l *logLine) (string, error) {
	changes, err := l.changes()
	if err != nil {
		return "", err
	}
	var parts []string
	for _, one := range [][2]string{
		{"concerns", l.Person}, {"user", l.Username}, {"comment", l.Comment}, {"reason", l.Reason}, {"ip", l.IP}, {"changes", changes},
	} {
		if one[1] != "" {
			parts = append(parts, p.say.changed[one[0]]+": "+one[1])
		}
	}
	return strings.Join(parts, "; "), nil
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// paperHours writes working hours as the rows of a printed list.
type paperHours struct {
	table *paper.Table
	say   *paperWords
}

func (h *Handler) beginPaperHours(ctx context.Context, actor *access.Actor, o *exports.Order, w io.Writer) (writer[[]string], error) {
	say, err := paperWordsIn(o.Language)
	if err != nil {
		return nil, err
	}
	table, err := h.beginPaper(ctx, actor, o, say, []paper.Column{
		{Heading: say.person, Share: 26}, {Heading: say.department, Share: 20}, {Heading: say.from, Share: 10}, {Heading: say.to, Share: 10},
		{Heading: say.minutes, Share: 9}, {Heading: say.realHours, Share: 9}, {Heading: say.estimated, Share: 9}, {Heading: say.unverified, Share: 9},
	}, w)
	return paperHours{table, say}, err
}

func (p paperHours) add(cells []string) error {
	last := len(cells) - 1
	unverified := ""
	if cells[last] == "true" {
		unverified = p.say.yes
	}
	return p.table.Row(append(cells[:last:last], unverified)...)
}

func (p paperHours) close() error { return p.table.Close() }

func (p paperHours) discard() {}

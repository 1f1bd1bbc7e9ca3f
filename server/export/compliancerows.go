package export

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/compliance"
)

// compliancePart is a list of a printed report.
type compliancePart struct {
	heading string
	rows    [][]string
}

// complianceRows puts the lists of a report into words: number of the entry, time, what, by whom, about what, details.
type complianceRows struct {
	say  *complianceWords
	zone *time.Location
}

func (c complianceRows) parts(r *compliance.Report) []compliancePart {
	say := c.say.parts
	return []compliancePart{
		{say.held, c.held(r.Access.Held)},
		{say.differences, c.differences(r.Access.Differences)},
		{say.roles, c.roles(r.Access.Roles)},
		{say.tokens, c.tokens(r.Access.Tokens)},
		{say.changes, c.events(r.Access.Changes)},
		{say.accounts, c.events(r.Access.Accounts)},
		{say.tokenChanges, c.events(r.Access.TokenChanges)},
		{say.signIns, c.signIns(&r.SignIns)},
		{say.root, c.events(r.SignIns.Root)},
		{say.policies, c.events(r.Keeping.Policies)},
		{say.runs, c.runs(r.Keeping.Runs)},
		{say.pruned, c.events(r.Keeping.Pruned)},
		{say.holds, c.events(r.Keeping.Holds)},
		{say.erasures, c.erasures(r.Keeping.Erasures)},
		{say.restores, c.events(r.Keeping.Restores)},
		{say.backups, c.events(r.Keeping.Backups)},
		{say.verifications, c.verifications(r.Integrity.Verifications)},
		{say.places, c.places(r.Integrity.Places)},
		{say.outages, c.events(r.Integrity.Outages)},
		{say.ruleChanges, c.events(r.Integrity.RuleChanges)},
		{say.alerts, c.alerts(r.Integrity.Alerts)},
	}
}

func (c complianceRows) at(t time.Time) string { return t.In(c.zone).Format(onPaper) }

func (c complianceRows) atOr(t *time.Time) string {
	if t == nil {
		return ""
	}
	return c.at(*t)
}

func (c complianceRows) held(all []compliance.Held) (rows [][]string) {
	for _, one := range all {
		entry, details := "", ""
		if one.Entry != nil {
			entry = strconv.FormatUint(*one.Entry, 10)
		} else {
			details = c.say.kinds[compliance.Unrecorded]
		}
		rows = append(rows, []string{entry, c.atOr(one.Since), c.say.role(one.Role), "", named(one.Person.Name, one.Department), details})
	}
	return rows
}

func (c complianceRows) differences(all []compliance.Difference) (rows [][]string) {
	for _, one := range all {
		rows = append(rows, []string{"", "", c.say.role(one.Role), "", one.Person.Name, c.say.kinds[one.Kind]})
	}
	return rows
}

// roles gives a row for each permission: a cell has room for all roles, but not for all permissions.
func (c complianceRows) roles(all []compliance.Role) (rows [][]string) {
	for _, permission := range access.Permissions() {
		var holders []string
		for _, role := range all {
			for _, grant := range role.Grants {
				if grant.Permission == permission {
					holders = append(holders, c.say.role(role.Name)+": "+c.say.scopes[grant.Scope])
				}
			}
		}
		rows = append(rows, []string{"", "", c.say.permission(permission), "", "", strings.Join(holders, "; ")})
	}
	return rows
}

func (c complianceRows) tokens(all []compliance.Token) (rows [][]string) {
	for _, one := range all {
		details := c.say.detail("source") + ": " + one.Source
		if len(one.Networks) > 0 {
			details += "; " + c.say.detail("networks") + ": " + strings.Join(one.Networks, ", ")
		}
		if one.ExpiresAt != nil {
			details += "; " + c.say.detail("expiresAt") + ": " + c.at(*one.ExpiresAt)
		}
		rows = append(rows, []string{"", c.at(one.CreatedAt), c.say.role(one.Role), one.CreatedBy.Name, one.Name, details})
	}
	return rows
}

func (c complianceRows) signIns(s *compliance.SignIns) (rows [][]string) {
	for i, count := range []int{s.Succeeded, s.Failed, s.ExternalFailed, s.SecondFactorFailed, s.LockedOut, s.TokensRefused, s.RefusedWithoutRights} {
		rows = append(rows, []string{"", "", c.say.signIns[i], "", "", strconv.Itoa(count)})
	}
	return rows
}

func (c complianceRows) events(all []compliance.Event) (rows [][]string) {
	for _, one := range all {
		about := ""
		if one.About != nil && one.About.Label != "" {
			about = one.About.Label
		}
		if one.Person != nil {
			about = named(one.Person.Name, about)
		}
		details := c.details(one.Details)
		if one.Reason != "" {
			details = append(details, c.say.detail("reason")+": "+one.Reason)
		}
		rows = append(rows, c.row(one.Entry, one.At, c.action(one.Action, one.Outcome), c.who(one.By), about, details...))
	}
	return rows
}

func (c complianceRows) row(entry uint64, at time.Time, what, by, about string, details ...string) []string {
	return []string{strconv.FormatUint(entry, 10), c.at(at), what, by, about, strings.Join(details, "; ")}
}

func (c complianceRows) action(action, outcome string) string {
	text := c.say.actions[action]
	if text == "" {
		text = action
	}
	if outcome == "failure" {
		text += " (" + c.say.failed + ")"
	}
	return text
}

// who names whoever acted.
func (c complianceRows) who(by compliance.Who) string {
	if by.ID == "system" {
		return c.say.itself
	}
	return by.Name
}

// details puts what an entry says besides into words, by the names of its members.
func (c complianceRows) details(all map[string]any) []string {
	var names, texts []string
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if text := c.value(name, all[name]); text != "" {
			texts = append(texts, c.say.detail(name)+": "+text)
		}
	}
	return texts
}

func (c complianceRows) value(name string, value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		if at, err := time.Parse(time.RFC3339Nano, v); err == nil {
			return c.at(at)
		}
		if name == "role" {
			return c.say.role(v)
		}
		return v
	case bool:
		return c.say.truth[v]
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		texts := make([]string, len(v))
		for i, one := range v {
			texts[i] = c.element(name, one)
		}
		return strings.Join(texts, ", ")
	}
	text, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(text)
}

// element puts one of a list into words: a role, or a range of entries as the first and the last number.
func (c complianceRows) element(name string, value any) string {
	if pair, ok := value.([]any); ok && name == "ranges" && len(pair) == 2 {
		from, to := c.value("", pair[0]), c.value("", pair[1])
		if end, err := strconv.ParseUint(to, 10, 64); err == nil && end > 0 {
			to = strconv.FormatUint(end-1, 10)
		}
		return from + "–" + to
	}
	if role, ok := value.(string); ok && (name == "added" || name == "removed") {
		return c.say.role(role)
	}
	return c.value("", value)
}

func (c complianceRows) runs(all []compliance.Run) (rows [][]string) {
	for _, one := range all {
		details := []string{fmt.Sprintf("%s: %d", c.say.detail("entries"), one.Entries)}
		if one.CutOff != nil {
			details = append(details, c.say.detail("asOf")+": "+c.at(*one.CutOff))
		}
		details = append(details, c.details(one.Streams)...)
		if len(one.Archives) > 0 {
			details = append(details, c.say.detail("archives")+": "+strings.Join(one.Archives, ", "))
		}
		if one.Problem != "" {
			details = append(details, c.say.detail("problem")+": "+one.Why.In(language.Make(c.say.language)))
		}
		rows = append(rows, c.row(one.Entry, one.At, c.action("log.retention_run", one.Outcome), c.who(one.By), one.Run, details...))
	}
	return rows
}

func (c complianceRows) erasures(all []compliance.Erasure) (rows [][]string) {
	for _, one := range all {
		rows = append(rows, c.row(one.Entry, one.At, c.action(one.Action, ""), "", one.Person, c.say.detail("request")+": "+one.Request))
	}
	return rows
}

func (c complianceRows) verifications(all []compliance.Verification) (rows [][]string) {
	for _, one := range all {
		details := c.say.unfinished
		if one.Finished {
			details = fmt.Sprintf("%s: %d; %s: %s; %s: %d", c.say.detail("entries"), one.TreeSize, c.say.detail("root"), one.Root, c.say.detail("findings"), one.Findings)
		}
		rows = append(rows, c.row(one.Entry, one.At, c.action("system.verified", one.Outcome), c.say.itself, "", details))
	}
	return rows
}

func (c complianceRows) places(all []compliance.Place) (rows [][]string) {
	for _, one := range all {
		details := []string{fmt.Sprintf("%s: %d", c.say.detail("entries"), one.Size)}
		if one.FailingSince != nil {
			details = append(details, c.say.detail("since")+": "+c.at(*one.FailingSince), c.say.detail("error")+": "+one.Error)
		}
		rows = append(rows, []string{"", c.atOr(one.KeptAt), c.say.keptLast, "", one.Place, strings.Join(details, "; ")})
	}
	return rows
}

func (c complianceRows) alerts(all []compliance.Alert) (rows [][]string) {
	for _, one := range all {
		about := ""
		if one.Person != nil {
			about = one.Person.Name
		}
		details := []string{c.say.severities[one.Severity], c.say.states[one.State]}
		if end := one.Ended; end != nil {
			details[1] += fmt.Sprintf(" %s (№ %d)", c.at(end.At), end.Entry)
			if by := c.who(end.By); by != "" {
				details[1] += ", " + by
			}
			for _, text := range []string{c.say.endings[end.Cause], end.Note} {
				if text != "" {
					details = append(details, text)
				}
			}
		}
		rows = append(rows, c.row(one.Entry, one.At, firstOf(one.RuleName, c.say.rules[one.Rule], one.Rule), "", about, details...))
	}
	return rows
}

// named gives a name, with what else is known in brackets.
func named(name, more string) string {
	if more == "" || name == "" {
		return name + more
	}
	return name + " (" + more + ")"
}

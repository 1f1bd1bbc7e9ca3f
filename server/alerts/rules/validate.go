package rules

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
)

// The bounds of a rule.
const (
	MaxActions = 50
	MaxSources = 20
	MaxCount   = 1000
	minWindow  = time.Minute
	// maxWindow bounds what is counted, and longWindow what is only remembered.
	maxWindow  = 7 * 24 * time.Hour
	longWindow = 90 * 24 * time.Hour
	maxSilence = 30 * 24 * time.Hour
	minSilence = 5 * time.Minute
	dayMinutes = 24 * 60
)

// Validate refuses a rule that makes no sense. BAD_USER_INPUT names the first field that is wrong.
func (r *Rule) Validate() error {
	if !slices.Contains(Kinds(), r.Kind) {
		return fault.Field("kind", "choose what the rule looks for")
	}
	for _, check := range []func() error{r.checkFilter, r.checkCount, r.checkWindow, r.checkGroup, r.checkHours} {
		if err := check(); err != nil {
			return err
		}
	}
	switch r.Severity {
	case ledger.Notice, ledger.Warning, ledger.Critical:
		return nil
	}
	return fault.Field("severity", "choose NOTICE, WARNING or CRITICAL")
}

func (r *Rule) checkFilter() error {
	f := &r.Filter
	if len(f.Streams) > len(ledger.Streams()) {
		return fault.Field("streams", "name each stream once")
	}
	for _, s := range f.Streams {
		if s.Code() == 0 {
			return fault.Field("streams", "%.40q is not a stream", s)
		}
	}
	if f.Outcome != "" && f.Outcome.Code() == 0 {
		return fault.Field("outcome", "%.40q is not an outcome", f.Outcome)
	}
	if len(f.Actions) > MaxActions {
		return fault.Field("actions", "name at most %d actions, or a beginning such as order.*", MaxActions)
	}
	for _, a := range f.Actions {
		if err := checkAction(a); err != nil {
			return err
		}
	}
	if len(f.Sources) > MaxSources {
		return fault.Field("sources", "name at most %d sources", MaxSources)
	}
	for _, s := range f.Sources {
		if n := utf8.RuneCountInString(s); n == 0 || n > ledger.MaxSource || strings.TrimSpace(s) != s || !utf8.ValidString(s) {
			return fault.Field("sources", "%.80q is not the name of a source", s)
		}
	}
	return r.checkBreadth()
}

func checkAction(action string) error {
	code := action
	if prefix, ok := Prefix(action); ok {
		code = strings.TrimSuffix(prefix, ".")
		if code == prefix {
			return fault.Field("actions", "write a beginning with a dot before the asterisk, such as order.*")
		}
	}
	if !ledger.IsAction(code) {
		return fault.Field("actions", "%.120q is not an action: write a code such as key.issued, or a beginning such as key.*", action)
	}
	if strings.HasPrefix(code+".", alertPrefix) {
		return fault.Field("actions", "a rule cannot look at alerts: it would find itself")
	}
	return nil
}

// checkBreadth refuses rules that would be broken, or would find everything, without a condition.
func (r *Rule) checkBreadth() error {
	switch {
	case r.Kind == Silence && len(r.Filter.Sources)+len(r.Filter.Actions) == 0:
		return fault.Field("sources", "say which source, or which actions, must not fall silent")
	case len(r.Filter.Sources)+len(r.Filter.Actions)+len(r.Filter.Streams) == 0:
		return fault.Field("actions", "choose actions, a stream or a source: a rule over everything would find everything")
	}
	return nil
}

func (r *Rule) checkCount() error {
	counts := r.Kind == Threshold || r.Kind == Volume
	if counts && (r.Count < 2 || r.Count > MaxCount) {
		return fault.Field("count", "how many must it be? Choose 2 to %d", MaxCount)
	}
	if !counts && r.Count != 0 {
		return fault.Field("count", "this kind of rule counts nothing: leave it out")
	}
	return nil
}

func (r *Rule) checkWindow() error {
	least, most := minWindow, maxWindow
	switch r.Kind {
	case OutsideHours:
		if r.Window != 0 {
			return fault.Field("windowMinutes", "a rule about working hours has no window: leave it out")
		}
		return nil
	case FirstSeen:
		least, most = 24*time.Hour, longWindow
	case Silence:
		least, most = minSilence, maxSilence
	}
	if r.Window < least || r.Window > most || r.Window%time.Minute != 0 {
		return fault.Field("windowMinutes", "choose %d to %d minutes", int(least.Minutes()), int(most.Minutes()))
	}
	return nil
}

func (r *Rule) checkGroup() error {
	switch {
	case !slices.Contains(Groups(), r.Group):
		return fault.Field("groupBy", "choose what entries are told apart by")
	case r.Kind == FirstSeen && r.Group == ByNone:
		return fault.Field("groupBy", "say what has to be new: who acted, whom it concerns, the source, the action or the thing")
	case r.Kind == Silence && r.Group != ByNone:
		return fault.Field("groupBy", "silence is of all that the rule looks at: make a rule for each source")
	case r.Kind == Volume && r.Group == ByEntity:
		return fault.Field("groupBy", "this kind of rule counts different things: they cannot be told apart by the thing, too")
	}
	return nil
}

func (r *Rule) checkHours() error {
	if r.Kind != OutsideHours {
		if r.Hours != nil {
			return fault.Field("hours", "only a rule about working hours has them: leave them out")
		}
		return nil
	}
	switch h := r.Hours; {
	case h == nil:
		return fault.Field("hours", "say when people are at work")
	case len(h.Weekdays) == 0 || len(h.Weekdays) > 7:
		return fault.Field("hours.weekdays", "choose the days on which people are at work")
	case h.From < 0 || h.From >= dayMinutes:
		return fault.Field("hours.from", "write the time as HH:MM")
	case h.To < 0 || h.To >= dayMinutes:
		return fault.Field("hours.to", "write the time as HH:MM")
	case h.From == h.To:
		return fault.Field("hours.to", "working hours must end at another time than they begin")
	}
	return nil
}

package intake

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/activity"
	"github.com/keytrail/keytrail/server/fault"
)

// Django says how lines of a Django application's audit log are read.
type Django struct {
	// Zone is where the application's clock stands: its timestamps name none.
	Zone *time.Location
	// UserInfo lists the members of user_info that are kept; all others are dropped.
	UserInfo []string
	// App takes in lines that are no audit records, too; otherwise they are left out.
	App bool
}

const (
	djangoTime    = "2006-01-02 15:04:05.999999"
	maxUserInfo   = 50
	levelLogin    = "LOGIN"
	requestAction = "http.request"
)

// djangoOf reads how a call wants its lines read: ?timeZone=Europe/Riga&userInfo=email,title&app=true.
func djangoOf(asked url.Values) (parser, error) {
	d := Django{Zone: time.UTC}
	if name := asked.Get("timeZone"); name != "" {
		zone, err := time.LoadLocation(name)
		if err != nil {
			return nil, fault.Field("timeZone", "%.60q is no time zone: write an IANA name such as Europe/Riga", name)
		}
		d.Zone = zone
	}
	if names := asked.Get("userInfo"); names != "" {
		if d.UserInfo = strings.Split(names, ","); len(d.UserInfo) > maxUserInfo {
			return nil, fault.Field("userInfo", "at most %d members of user_info can be kept", maxUserInfo)
		}
	}
	app, err := isAsked(asked, "app")
	d.App = app
	return d.parse, err
}

// isAsked reads a parameter that is true or false, and false when it is not there. What is neither is refused: taken for
// false it would leave lines out, or refuse all for one, of which the caller wanted the contrary.
func isAsked(asked url.Values, name string) (bool, error) {
	text := asked.Get(name)
	if text == "" {
		return false, nil
	}
	is, err := strconv.ParseBool(text)
	if err != nil {
		return false, fault.Field(name, "%s is true or false", name)
	}
	return is, nil
}

// djangoLine is a line of any kind. What may have several shapes is left as it came.
type djangoLine struct {
	Timestamp string `json:"timestamp"`
	Level     string `json:"level"`
	Name      string `json:"name"`
	Message   string `json:"message"`

	Model     string `json:"model"`
	EventType string `json:"event_type"`
	Instance  any    `json:"instance_id"`
	Repr      any    `json:"instance_repr"`
	Extra     any    `json:"extra"`

	UserID   any            `json:"user_id"`
	UserInfo map[string]any `json:"user_info"`

	Service  string         `json:"service_name"`
	Kind     string         `json:"request_type"`
	Protocol string         `json:"protocol"`
	Request  map[string]any `json:"request_repr"`
	Response map[string]any `json:"response_repr"`
	Error    any            `json:"error_message"`
	Seconds  any            `json:"execution_time"`

	Path      any `json:"path"`
	Module    any `json:"module"`
	Function  any `json:"function"`
	Exception any `json:"exception"`
}

// parse makes an event of a line. Its id is a digest of the line: the same line again is the same event.
func (d Django) parse(line []byte) (*activity.Input, error) {
	var l djangoLine
	if err := decode(line, &l, false); err != nil {
		return nil, err
	}
	in := &activity.Input{EventID: digestID("django", string(line))}
	switch {
	case l.Model != "" || l.EventType != "" && l.Level != levelLogin:
		l.change(in)
	case l.Request != nil || l.Kind != "":
		l.exchange(in)
	case l.Level == levelLogin:
		in.Action = wordOf(l.EventType, "login")
	case l.Level == "" && l.Name == "":
		return nil, fault.New(fault.BadInput, "this is no line of a Django audit log: it has neither level nor name")
	case !d.App:
		return nil, nil
	default:
		l.app(in)
	}
	if in.Action == "" {
		return nil, fault.Field("event_type", "the line does not say what happened")
	}
	at, err := d.timeOf(l.Timestamp)
	if err != nil {
		return nil, err
	}
	in.OccurredAt = &at
	d.who(in, &l)
	return in, nil
}

func (d Django) timeOf(text string) (time.Time, error) {
	text = strings.Replace(text, ",", ".", 1)
	for _, form := range []string{djangoTime, time.RFC3339Nano, "2006-01-02T15:04:05.999999"} {
		if at, err := time.ParseInLocation(form, text, d.Zone); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fault.Field("timestamp", "the timestamp is not written as 2025-08-16 17:06:32.403")
}

// who names the user by his id, and keeps of user_info what was listed.
func (d Django) who(in *activity.Input, l *djangoLine) {
	kept := map[string]any{}
	var names []string
	for _, name := range d.UserInfo {
		value, there := l.UserInfo[name]
		if !there {
			continue
		}
		kept[name] = value
		if text, ok := value.(string); ok && text != "" && slices.Contains([]string{"first_name", "middle_name", "last_name"}, name) {
			names = append(names, text)
		}
	}
	if user := plainText(l.UserID); user != "" {
		in.Actor = &activity.Who{ExternalID: user, Name: strings.Join(names, " ")}
	}
	if len(kept) > 0 {
		add(in, "user", kept)
	}
}

// change is a record of a model's instance.
func (l *djangoLine) change(in *activity.Input) {
	in.Action, in.EntityType = wordOf(l.EventType, ""), l.Model
	if ids, several := l.Instance.([]any); several {
		nameObjects(in, l.Model, ids)
	} else {
		in.Entity = plainText(l.Instance)
	}
	fields, isObject := l.Repr.(map[string]any)
	changes := changesIn(fields)
	switch {
	case isObject && in.Action == "create":
		in.After = fields
	case isObject && in.Action == "delete":
		in.Before = fields
	case len(changes) > 0:
		in.Changes = changes
	case l.Repr != nil && !(isObject && len(fields) == 0):
		add(in, "instance", l.Repr)
	}
	if extra, ok := l.Extra.(map[string]any); l.Extra != nil && !(ok && len(extra) == 0) {
		add(in, "extra", l.Extra)
	}
}

// changesIn gives the changes where every field says what it was and is: {"name": {"old": …, "new": …}}.
func changesIn(fields map[string]any) []*activity.Change {
	changes := make([]*activity.Change, 0, len(fields))
	for name, value := range fields {
		pair, ok := value.(map[string]any)
		before, had := pair["old"]
		after, has := pair["new"]
		if !ok || len(pair) != 2 || !had || !has {
			return nil
		}
		changes = append(changes, &activity.Change{Path: "/" + strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1"), Before: before, After: after})
	}
	slices.SortFunc(changes, func(a, b *activity.Change) int { return strings.Compare(a.Path, b.Path) })
	return changes
}

// exchange is a record of a request that came or went. Logs of older versions lack the status or write it as a text.
func (l *djangoLine) exchange(in *activity.Input) {
	in.Action = requestAction
	in.Request = &activity.Request{
		Direction: activity.Incoming, Service: l.Service, Method: plainText(l.Request["method"]),
		URL: plainText(l.Request["endpoint"]), Path: plainText(l.Request["path"]),
		Query: unlessEmpty(l.Request["query_params"]), Headers: unlessEmpty(l.Request["headers"]), Body: unlessEmpty(l.Request["body"]),
	}
	if strings.EqualFold(l.Kind, "external") {
		in.Request.Direction = activity.Outgoing
	}
	in.Response = &activity.Response{
		Status: statusIn(l.Response["status_code"]), Headers: unlessEmpty(l.Response["headers"]), Body: unlessEmpty(l.Response["body"]),
		Error: plainText(l.Error),
	}
	if n, ok := l.Seconds.(json.Number); ok {
		if seconds, err := n.Float64(); err == nil {
			in.Response.DurationMs = ptr(seconds * 1000)
		}
	}
	if l.Protocol != "" && l.Protocol != "http" {
		add(in, "protocol", l.Protocol)
	}
	leaveOut(in)
}

// app is a line that the application logged.
func (l *djangoLine) app(in *activity.Input) {
	in.Action = "app.log"
	if len(l.Name) <= 100 {
		in.Module = l.Name
	}
	add(in, "level", l.Level)
	add(in, "message", l.Message)
	for name, value := range map[string]any{"path": l.Path, "module": l.Module, "function": l.Function, "exception": l.Exception} {
		if plainText(value) != "" {
			add(in, name, value)
		}
	}
}

// add puts a member into an event's metadata.
func add(in *activity.Input, name string, value any) {
	all, ok := in.Metadata.(map[string]any)
	if !ok {
		all = map[string]any{}
		in.Metadata = all
	}
	all[name] = value
}

// wordOf writes an event's type as an action.
func wordOf(kind, otherwise string) string {
	if kind == "" {
		return otherwise
	}
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(kind)), " ", "_")
}

// plainText gives a text or number as text, "" for anything else.
func plainText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// statusIn reads a status, nil where there is none.
func statusIn(v any) *int {
	status, err := strconv.Atoi(plainText(v))
	if err != nil || status == 0 {
		return nil
	}
	return &status
}

// unlessEmpty gives nil for an object or text in which nothing is.
func unlessEmpty(v any) any {
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 {
			return nil
		}
	case string:
		if v == "" {
			return nil
		}
	}
	return v
}

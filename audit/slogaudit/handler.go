package slogaudit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/keytrail/keytrail/audit"
)

const (
	defaultBytes = 50 << 20
	defaultCount = 10
	timeForm     = "2006-01-02 15:04:05.000"
)

// Options say where lines go. Dir is needed.
type Options struct {
	Dir string
	// MaxBytes is when a file is rotated, 0 for 50 MiB; MaxFiles how many older ones are kept of each, 0 for 10.
	MaxBytes int64
	MaxFiles int
	// Level is the least that the program's own lines need; nil means slog.LevelInfo.
	Level slog.Leveler
	// Console gets every line in a form for people; nil for none.
	Console io.Writer
	// Service is the application's name in api.json, where an event names none.
	Service string
	// Masks take secrets out of the program's own lines; nil means audit.NewMasks().
	Masks *audit.Masks
	// Logger is told when writing events begins to fail; nil means slog.Default().
	Logger *slog.Logger
}

// Logs are the open files. They are safe for concurrent use.
type Logs struct {
	o               Options
	app, audit, api *rotating
	console         *sync.Mutex
	failing         atomic.Bool // the last event could not be written
}

// Open opens the files of a folder, and makes both when they are missing.
func Open(o Options) (*Logs, error) {
	o.MaxBytes, o.MaxFiles = cmp.Or(o.MaxBytes, defaultBytes), cmp.Or(o.MaxFiles, defaultCount)
	if o.Masks == nil {
		o.Masks = audit.NewMasks()
	}
	if o.Level == nil {
		o.Level = slog.LevelInfo
	}
	o.Logger = cmp.Or(o.Logger, slog.Default())
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, err
	}
	l := &Logs{o: o, console: &sync.Mutex{}}
	for name, file := range map[string]**rotating{"app.json": &l.app, "audit.json": &l.audit, "api.json": &l.api} {
		var err error
		if *file, err = openRotating(filepath.Join(o.Dir, name), o.MaxBytes, o.MaxFiles); err != nil {
			return nil, errors.Join(err, l.Close())
		}
	}
	return l, nil
}

// Close closes the files.
func (l *Logs) Close() error {
	var errs []error
	for _, file := range []*rotating{l.app, l.audit, l.api} {
		if file != nil {
			errs = append(errs, file.Close())
		}
	}
	return errors.Join(errs...)
}

// file is where lines of a level go.
func (l *Logs) file(level slog.Level) *rotating {
	switch level {
	case LevelAPI:
		return l.api
	case LevelAudit, LevelLogin:
		return l.audit
	}
	return l.app
}

// Handler gives the slog.Handler that writes the files. An attribute whose name is one that the lines have themselves
// (timestamp, level, name, path, module, function, message, exception) is written as attr.path and so on.
func (l *Logs) Handler() slog.Handler { return &handler{logs: l} }

type handler struct {
	logs   *Logs
	groups []string
	attrs  []member // in the order in which they were given
}

// Enabled reports whether a line of a level is written.
func (h *handler) Enabled(_ context.Context, level slog.Level) bool {
	return level >= h.logs.o.Level.Level()
}

// WithAttrs gives a handler whose lines have more members.
func (h *handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	with := *h
	with.attrs = append([]member(nil), h.attrs...)
	for _, a := range attrs {
		with.attrs = h.add(with.attrs, h.groups, a)
	}
	return &with
}

// WithGroup gives a handler whose further members' names begin with a group's.
func (h *handler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	with := *h
	with.groups = append(append([]string(nil), h.groups...), name)
	return &with
}

// add appends an attribute, and a group's one by one: their names are joined by dots.
func (h *handler) add(to []member, groups []string, a slog.Attr) []member {
	value := a.Value.Resolve()
	if value.Kind() == slog.KindGroup {
		if a.Key != "" {
			groups = append(append([]string(nil), groups...), a.Key)
		}
		for _, inner := range value.Group() {
			to = h.add(to, groups, inner)
		}
		return to
	}
	if a.Key == "" {
		return to
	}
	names := append(append([]string(nil), groups...), a.Key)
	return append(to, member{name: strings.Join(names, "."), value: h.value(names, value)})
}

// value is what is written of an attribute, whose own name or that of a group it is in may say that it is secret. One that panics when it is asked what it is says so, as in log/slog.
func (h *handler) value(names []string, v slog.Value) (written any) {
	defer func() {
		if problem := recover(); problem != nil {
			written = h.panicked(v.Any(), problem)
		}
	}()
	if slices.ContainsFunc(names, h.logs.o.Masks.Hides) {
		return audit.Masked
	}
	switch one := v.Any().(type) {
	case error:
		return h.logs.o.Masks.Text(one.Error())
	case time.Duration:
		return one.String()
	case string:
		return h.logs.o.Masks.Text(one)
	default:
		return h.logs.o.Masks.Value(one)
	}
}

func (h *handler) panicked(v, problem any) any {
	if rv := reflect.ValueOf(v); rv.Kind() == reflect.Pointer && rv.IsNil() {
		return "<nil>"
	}
	return h.logs.o.Masks.Text(fmt.Sprintf("!PANIC: %v", problem))
}

// Handle writes a line.
func (h *handler) Handle(_ context.Context, r slog.Record) error {
	if r.Time.IsZero() { // no time was given, and databases keep none of the year 1
		r.Time = time.Now()
	}
	attrs := append([]member(nil), h.attrs...)
	r.Attrs(func(a slog.Attr) bool {
		attrs = h.add(attrs, h.groups, a)
		return true
	})
	members := []member{{"timestamp", r.Time.UTC().Format(timeForm)}, {"level", LevelName(r.Level)}}
	if r.Level == LevelAPI || r.Level == LevelAudit || r.Level == LevelLogin {
		members = append(members, member{"message", h.logs.o.Masks.Text(r.Message)})
	} else {
		members = append(members, h.place(r.PC)...)
		members = append(members, member{"message", h.logs.o.Masks.Text(r.Message)}, member{"exception", exception(attrs)})
	}
	for _, a := range attrs {
		members = append(members, member{name: attributeName(a.name), value: a.value})
	}
	return h.logs.write(r.Level, r.Time, members, r.Message, attrs)
}

// place is where in the program a line comes from.
func (h *handler) place(pc uintptr) []member {
	frame, _ := runtime.CallersFrames([]uintptr{pc}).Next()
	path, function := frame.Function, frame.Function
	if slash := strings.LastIndexByte(path, '/'); slash >= 0 {
		function = path[slash+1:]
	}
	module, name, _ := strings.Cut(function, ".")
	return []member{{"name", strings.TrimSuffix(path, "."+name)}, {"path", frame.File}, {"module", module}, {"function", name}}
}

// exception is the error among the members.
func exception(attrs []member) string {
	for _, a := range attrs {
		if a.name == "error" || a.name == "err" {
			return fmt.Sprint(a.value)
		}
	}
	return ""
}

// write writes a line into its file, and onto the console for people.
func (l *Logs) write(level slog.Level, at time.Time, members []member, message string, shown []member) error {
	line, err := asLine(members)
	if err != nil {
		return err
	}
	_, err = l.file(level).Write(line)
	if l.o.Console == nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %-7s %s", at.Format("15:04:05.000"), LevelName(level), l.o.Masks.Text(message))
	for _, m := range shown {
		fmt.Fprintf(&b, " %s=%v", m.name, m.value)
	}
	l.console.Lock()
	defer l.console.Unlock()
	_, failed := fmt.Fprintln(l.o.Console, strings.NewReplacer("\n", `\n`, "\r", `\r`, "\x1b", `\x1b`).Replace(b.String()))
	return errors.Join(err, failed)
}

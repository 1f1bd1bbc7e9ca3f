package config

import (
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/knadh/koanf/parsers/toml/v2"
	"github.com/knadh/koanf/v2"

	"github.com/keytrail/keytrail/server/fault"
)

// File reads a TOML file of settings for kong. Its names are those of the flags with underscores, such as
// time_zone. A name that no flag has is refused, since a misspelt setting would silently do nothing.
func File(r io.Reader) (kong.Resolver, error) {
	text, err := io.ReadAll(io.LimitReader(r, 1<<20))
	if err != nil {
		return nil, err
	}
	settings := koanf.New(".")
	if err := settings.Load(bytesProvider(text), toml.Parser()); err != nil {
		return nil, fault.Wrap(err, fault.BadInput, "The settings file is not TOML: %v.", err)
	}
	return &fileResolver{settings: settings}, nil
}

type fileResolver struct{ settings *koanf.Koanf }

// Validate implements kong.Resolver.
func (f *fileResolver) Validate(app *kong.Application) error {
	known := []string{}
	eachFlag(app, func(flag *kong.Flag) { known = append(known, settingName(flag.Name)) })
	for _, name := range f.settings.Keys() {
		if !slices.Contains(known, name) {
			return fault.New(fault.BadInput, "The settings file sets %q, which is no setting. See keytrail serve --help.", name)
		}
	}
	return nil
}

func eachFlag(app *kong.Application, see func(flag *kong.Flag)) {
	_ = kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok {
			see(flag)
		}
		return next(nil)
	})
}

// Unread gives the names of the environment's variables that look like settings and that no flag reads, since a misspelt
// one silently does nothing. Their values may be secrets.
func Unread(app *kong.Application, environment []string) []string {
	known := map[string]bool{}
	eachFlag(app, func(flag *kong.Flag) {
		for _, name := range flag.Envs {
			known[name] = true
		}
	})
	var unread []string
	for _, one := range environment {
		if name, _, _ := strings.Cut(one, "="); strings.HasPrefix(name, "KEYTRAIL_") && !known[name] {
			unread = append(unread, name)
		}
	}
	slices.Sort(unread)
	return unread
}

// Resolve implements kong.Resolver. What the environment says is left alone.
func (f *fileResolver) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, env := range flag.Envs {
		if _, set := os.LookupEnv(env); set {
			return nil, nil
		}
	}
	return f.settings.Get(settingName(flag.Name)), nil
}

func settingName(flag string) string { return strings.ReplaceAll(flag, "-", "_") }

type bytesProvider []byte

// ReadBytes implements koanf.Provider.
func (b bytesProvider) ReadBytes() ([]byte, error) { return b, nil }

// Read implements koanf.Provider.
func (b bytesProvider) Read() (map[string]any, error) {
	return nil, errors.New("config: a settings file is bytes")
}

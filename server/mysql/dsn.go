package mysql

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/url"
	"regexp"
	"strings"
	"time"

	driver "github.com/go-sql-driver/mysql"

	"github.com/keytrail/keytrail/server/fault"
)

const (
	dsnForm        = "mysql://user:password@host:3306/keytrail, or mysql://user:password@unix(/path/to/socket)/keytrail"
	ledgerSuffix   = "_ledger"
	connectTimeout = 5 * time.Second
	writeTimeout   = 30 * time.Second
	// readTimeout bounds how long a statement may run without sending anything. A server that vanished
	// is noticed much sooner, by TCP keep-alive.
	readTimeout      = 2 * time.Minute
	maxAllowedPacket = 64 << 20
	sqlMode          = "STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_ENGINE_SUBSTITUTION,ONLY_FULL_GROUP_BY"
)

// schemaName is what a schema may be called, so that it can stand in backquotes and leaves room for the suffix.
var schemaName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,55}$`)

// parseDSN reads a KEYTRAIL_DATABASE address. Its errors never show the password.
func parseDSN(dsn string) (*driver.Config, error) {
	rest, ok := strings.CutPrefix(dsn, "mysql://")
	if !ok {
		return nil, badDSN("it does not begin with mysql://")
	}
	rest, options, _ := strings.Cut(rest, "?")
	at := strings.LastIndexByte(rest, '@')
	if at < 0 {
		return nil, badDSN("the user is missing")
	}
	cfg := driver.NewConfig()
	if err := setUser(cfg, rest[:at]); err != nil {
		return nil, err
	}
	if err := setServer(cfg, rest[at+1:]); err != nil {
		return nil, err
	}
	if err := setOptions(cfg, options); err != nil {
		return nil, err
	}
	return cfg, nil
}

func setUser(cfg *driver.Config, userinfo string) error {
	user, password, _ := strings.Cut(userinfo, ":")
	var errUser, errPassword error
	cfg.User, errUser = url.PathUnescape(user)
	cfg.Passwd, errPassword = url.PathUnescape(password)
	if errors.Join(errUser, errPassword) != nil {
		return badDSN("a %% in user or password must be written %%25")
	}
	if cfg.User == "" {
		return badDSN("the user is missing")
	}
	return nil
}

func setServer(cfg *driver.Config, server string) error {
	var schema string
	if path, isSocket := strings.CutPrefix(server, "unix("); isSocket {
		address, after, closed := strings.Cut(path, ")")
		if !closed {
			return badDSN("the socket's closing bracket is missing")
		}
		socket, err := url.PathUnescape(address)
		if err != nil {
			return badDSN("a %% in the socket's path must be written %%25")
		}
		cfg.Net, cfg.Addr, schema = "unix", socket, strings.TrimPrefix(after, "/")
	} else {
		host, name, _ := strings.Cut(server, "/")
		if strings.Contains(host, ",") {
			return badDSN("several hosts cannot be named yet")
		}
		cfg.Net, cfg.Addr, schema = "tcp", withPort(cmp.Or(host, "127.0.0.1")), name
	}
	if !schemaName.MatchString(schema) {
		return badDSN("the schema %q is not up to 56 letters, digits and underscores", schema)
	}
	cfg.DBName = schema
	return nil
}

// socketDSN writes the address of an account on a unix socket.
func socketDSN(user, password, socket, schema string) string {
	path := strings.NewReplacer("%", "%25", "@", "%40", ")", "%29", "?", "%3F").Replace(socket)
	return "mysql://" + url.UserPassword(user, password).String() + "@unix(" + path + ")/" + schema
}

func withPort(host string) string {
	if _, _, err := net.SplitHostPort(host); err == nil {
		return host
	}
	return net.JoinHostPort(strings.Trim(host, "[]"), "3306")
}

func setOptions(cfg *driver.Config, options string) error {
	values, err := url.ParseQuery(options)
	if err != nil {
		return badDSN("what follows the ? cannot be read")
	}
	for name := range values {
		if name != "tls" {
			return badDSN("the option %q is not known; there is only tls", name)
		}
	}
	switch tls := values.Get("tls"); tls {
	case "", "false", "true", "skip-verify", "preferred":
		cfg.TLSConfig = tls
	default:
		return badDSN("tls is one of true, false, skip-verify, preferred")
	}
	return nil
}

func badDSN(format string, args ...any) error {
	return fault.New(fault.BadInput, "KEYTRAIL_DATABASE cannot be used: %s. Write %s.", fault.Say(format, args...), dsnForm)
}

// dial connects so that a server which vanished without a word is noticed within half a minute.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	dialer := net.Dialer{KeepAliveConfig: net.KeepAliveConfig{
		Enable: true, Idle: 10 * time.Second, Interval: 5 * time.Second, Count: 4,
	}}
	return dialer.DialContext(ctx, network, address)
}

// prepared completes a parsed address with what every connection of keytrail needs.
func prepared(cfg *driver.Config, logger *slog.Logger) (*driver.Config, error) {
	cfg = cfg.Clone()
	cfg.Timeout, cfg.ReadTimeout, cfg.WriteTimeout = connectTimeout, readTimeout, writeTimeout
	cfg.MaxAllowedPacket = maxAllowedPacket
	cfg.ParseTime, cfg.Loc = true, time.UTC
	cfg.ClientFoundRows = true
	cfg.RejectReadOnly = true
	cfg.DialFunc = dial
	// Every session is alike, whatever the server's defaults are.
	cfg.Params = map[string]string{"time_zone": "'+00:00'", "sql_mode": "'" + sqlMode + "'"}
	cfg.Logger = driverLog{logger}
	err := cfg.Apply(driver.Charset("utf8mb4", "utf8mb4_bin"), driver.TimeTruncate(time.Microsecond))
	return cfg, err
}

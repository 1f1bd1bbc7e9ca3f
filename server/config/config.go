// Package config is every setting of keytrail in one struct. Flags come before the environment, the
// environment before a TOML file, and the file before the defaults.
package config

import (
	"log/slog"
	"net"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/fault"
)

// Store says where keytrail keeps what it knows. Every command that touches data has it.
type Store struct {
	Data              string `help:"Data directory: the private database, keys and first password." default:"./data" env:"KEYTRAIL_DATA" type:"path"`
	Database          string `help:"Database of your own: mysql://user:password@host:3306/keytrail. Empty runs a private MariaDB in the data directory." env:"KEYTRAIL_DATABASE"`
	DatabaseAdmin     string `help:"The same database with the account that owns the tables, for migrations. Empty means KEYTRAIL_DATABASE." env:"KEYTRAIL_DATABASE_ADMIN"`
	DatabaseRetention string `help:"The same database with the account that prunes: it may delete entries and change none. Empty means KEYTRAIL_DATABASE_ADMIN." env:"KEYTRAIL_DATABASE_RETENTION"`
	DatabaseMemoryMiB int    `name:"database-memory" help:"MiB of tables and indexes that the private MariaDB keeps in memory. 0: an eighth of what this machine or container has, 256 to 4096. Its redo log on disk is half of that, 128 to 1024." default:"0" env:"KEYTRAIL_DATABASE_MEMORY"`
	DBLogLevel        int    `name:"db-log-level" help:"Statement log: 0 none, 1 failed ones, 2 all (at log level debug). Text and duration, never values." default:"2" env:"KEYTRAIL_DB_LOG_LEVEL"`
	MasterKeyFile     string `help:"Key that everything personal is sealed with. Default: master.key in the data directory." env:"KEYTRAIL_MASTER_KEY_FILE" type:"path"`
	Archives          `embed:""`
	LogName           string `help:"The log's name in checkpoints, such as example.org/keytrail. Fixed at the first start; default: a name made then." env:"KEYTRAIL_LOG_NAME"`
}

// Serve is what the server needs besides its store.
type Serve struct {
	Listen                string   `help:"Address to listen on." default:"127.0.0.1:8080" env:"KEYTRAIL_LISTEN"`
	LegacyListen          string   `help:"A second address, without TLS, that answers the older systems' endpoints below /api/ and nothing else. Empty: none." env:"KEYTRAIL_LEGACY_LISTEN"`
	TimeZone              string   `help:"Display zone, an IANA name such as Europe/Riga. Default: the system's zone." env:"KEYTRAIL_TIME_ZONE"`
	SessionTimeoutSeconds int      `help:"Seconds without any request after which a session ends. It ends 12 hours after the sign-in in any case, or after this time where that is longer." default:"3600" env:"KEYTRAIL_SESSION_TIMEOUT_SECONDS"`
	RootPassword          string   `help:"Password of root, at the first start only. Empty makes a one-time password." env:"KEYTRAIL_ROOT_PASSWORD"`
	Sample                bool     `help:"Make an invented organisation with a year of history, and keep it moving." env:"KEYTRAIL_SAMPLE"`
	InsecureHTTP          bool     `name:"insecure-http" help:"Listen beyond this machine without TLS." env:"KEYTRAIL_INSECURE_HTTP"`
	SecureCookie          bool     `help:"Have browsers send the session over HTTPS only: set it when a proxy with TLS is in front." env:"KEYTRAIL_SECURE_COOKIE"`
	TrustedProxies        []string `help:"Proxies in front, by address or network such as 10.0.0.0/8, whose X-Forwarded-For and X-Forwarded-Proto are believed. Nobody else's are." env:"KEYTRAIL_TRUSTED_PROXIES"`
	TLSCert               string   `name:"tls-cert" help:"Certificate chain in PEM: with it and the key the server speaks HTTPS. Both files are read again when they change." env:"KEYTRAIL_TLS_CERT" type:"path"`
	TLSKey                string   `name:"tls-key" help:"Key of the certificate in PEM." env:"KEYTRAIL_TLS_KEY" type:"path"`
	GeoIPFile             string   `name:"geoip-file" help:"City or Country database in MaxMind DB format (.mmdb), from which sign-ins and entries get their place. Read again when it changes. Empty: no places." env:"KEYTRAIL_GEOIP_FILE" type:"path"`
	OperationsPerSecond   int      `help:"GraphQL operations that one session, or one address without a session, may begin in a second; four times as many at once after a rest." default:"500" env:"KEYTRAIL_OPERATIONS_PER_SECOND"`
	Documents             string   `help:"GraphQL documents that are answered: any; known, which are those of the app for whoever has a session or is not signed in, and any for tokens; or known-all, the app's for everybody." default:"any" env:"KEYTRAIL_DOCUMENTS"`
	WebOrigins            []string `help:"Foreign origins that may call, such as https://desk.example.org." env:"KEYTRAIL_WEB_ORIGINS"`
	GCPercent             int      `name:"gogc" help:"Heap growth in percent before garbage is collected (GOGC); less than this, but at least 200, where it would be more than 32 MiB." default:"400" env:"KEYTRAIL_GOGC"`
	MemoryLimitMiB        int      `name:"gomemlimit" help:"Memory in MiB above which garbage is collected eagerly (GOMEMLIMIT); besides it, up to 64 MiB hold what pages have shown." default:"512" env:"KEYTRAIL_GOMEMLIMIT"`
}

// What KEYTRAIL_DOCUMENTS may be.
const (
	// AnyDocument answers whatever is valid.
	AnyDocument = "any"
	// KnownDocuments answers the app's own documents to browsers and strangers, and any to programs with a token.
	KnownDocuments = "known"
	// KnownDocumentsForAll answers the app's own documents only.
	KnownDocumentsForAll = "known-all"
)

// DocumentRules are the values of KEYTRAIL_DOCUMENTS, the most open first.
func DocumentRules() []string { return []string{AnyDocument, KnownDocuments, KnownDocumentsForAll} }

const (
	minSession = 60
	maxSession = 30 * 24 * 3600

	minDatabaseMemory = 64
	maxDatabaseMemory = 1 << 20
)

// MasterKeyPath is where the master key lies.
func (s Store) MasterKeyPath() string {
	if s.MasterKeyFile != "" {
		return s.MasterKeyFile
	}
	return filepath.Join(s.Data, "master.key")
}

// CheckpointKeyPath is where the key that signs checkpoints lies.
func (s Store) CheckpointKeyPath() string { return filepath.Join(s.Data, "checkpoint.key") }

// RootPasswordPath is where the first password of root is written.
func (s Store) RootPasswordPath() string { return filepath.Join(s.Data, "root-password") }

// TemporaryPath is the directory of what lies on disk only while it is made. It is emptied when keytrail starts.
func (s Store) TemporaryPath() string { return filepath.Join(s.Data, "tmp") }

// Private reports whether keytrail runs a database of its own.
func (s Store) Private() bool { return s.Database == "" }

// Validate checks the store's settings.
func (s Store) Validate() error {
	if s.DBLogLevel < 0 || s.DBLogLevel > 2 {
		return invalid("KEYTRAIL_DB_LOG_LEVEL", "is %d: write 0, 1 or 2", s.DBLogLevel)
	}
	if s.DatabaseMemoryMiB != 0 && (s.DatabaseMemoryMiB < minDatabaseMemory || s.DatabaseMemoryMiB > maxDatabaseMemory) {
		return invalid("KEYTRAIL_DATABASE_MEMORY", "is %d: write MiB from %d to %d, or 0 to have keytrail choose",
			s.DatabaseMemoryMiB, minDatabaseMemory, maxDatabaseMemory)
	}
	if s.Data == "" {
		return invalid("KEYTRAIL_DATA", "is empty: name a directory")
	}
	if s.Private() && s.DatabaseAdmin != "" {
		return invalid("KEYTRAIL_DATABASE_ADMIN", "is set and KEYTRAIL_DATABASE is not: set both or neither")
	}
	if s.Private() && s.DatabaseRetention != "" {
		return invalid("KEYTRAIL_DATABASE_RETENTION", "is set and KEYTRAIL_DATABASE is not: set both or neither")
	}
	_, err := s.bucket()
	return err
}

// Validate checks the server's settings.
func (s Serve) Validate() error {
	if err := s.validateListen(); err != nil {
		return err
	}
	if err := s.validateLegacyListen(); err != nil {
		return err
	}
	if (s.TLSCert == "") != (s.TLSKey == "") {
		return invalid("KEYTRAIL_TLS_CERT or KEYTRAIL_TLS_KEY", "is set alone: set both or neither")
	}
	if s.SessionTimeoutSeconds < minSession || s.SessionTimeoutSeconds > maxSession {
		return invalid("KEYTRAIL_SESSION_TIMEOUT_SECONDS", "is %d: write %d to %d", s.SessionTimeoutSeconds, minSession, maxSession)
	}
	if _, err := s.Zone(); err != nil {
		return err
	}
	for _, origin := range s.WebOrigins {
		if !strings.HasPrefix(origin, "https://") && !strings.HasPrefix(origin, "http://") || strings.Count(origin, "/") != 2 {
			return invalid("KEYTRAIL_WEB_ORIGINS", "names %q: write scheme and host only, such as https://desk.example.org", origin)
		}
	}
	if s.OperationsPerSecond < 1 || s.OperationsPerSecond > 1_000_000 {
		return invalid("KEYTRAIL_OPERATIONS_PER_SECOND", "is %d: write 1 to 1000000", s.OperationsPerSecond)
	}
	if !slices.Contains(DocumentRules(), s.Documents) {
		return invalid("KEYTRAIL_DOCUMENTS", "is %q: write any, known or known-all", s.Documents)
	}
	if s.GCPercent < 10 || s.MemoryLimitMiB < 64 {
		return invalid("KEYTRAIL_GOGC or KEYTRAIL_GOMEMLIMIT", "is too small: at least 10 and 64")
	}
	return nil
}

// hostOf gives the host of an address to listen on.
func hostOf(name, address string) (host string, err error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", invalid(name, "is %q: write host:port, such as 127.0.0.1:8080", address)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return "", invalid(name, "has the port %q: write a number from 0 to 65535", port)
	}
	return host, nil
}

// validateLegacyListen checks the address of the older endpoints, which never speaks TLS itself.
func (s Serve) validateLegacyListen() error {
	if s.LegacyListen == "" {
		return nil
	}
	host, err := hostOf("KEYTRAIL_LEGACY_LISTEN", s.LegacyListen)
	if err != nil || loopback(host) {
		return err
	}
	if s.Sample {
		return invalid("KEYTRAIL_SAMPLE", "is on and KEYTRAIL_LEGACY_LISTEN is %s: sample accounts have public passwords, so listen on 127.0.0.1", s.LegacyListen)
	}
	if !s.InsecureHTTP && len(s.TrustedProxies) == 0 {
		return invalid("KEYTRAIL_LEGACY_LISTEN", "is %s: without TLS others on the network could read passwords. "+
			"Name the proxy with TLS in front in KEYTRAIL_TRUSTED_PROXIES, listen on 127.0.0.1, or set KEYTRAIL_INSECURE_HTTP=1", s.LegacyListen)
	}
	return nil
}

func (s Serve) validateListen() error {
	host, err := hostOf("KEYTRAIL_LISTEN", s.Listen)
	if err != nil {
		return err
	}
	if loopback(host) {
		return nil
	}
	if s.Sample {
		return invalid("KEYTRAIL_SAMPLE", "is on and KEYTRAIL_LISTEN is %s: sample accounts have public passwords, so listen on 127.0.0.1", s.Listen)
	}
	if !s.InsecureHTTP && s.TLSCert == "" && len(s.TrustedProxies) == 0 {
		return invalid("KEYTRAIL_LISTEN", "is %s: without TLS others on the network could read passwords. "+
			"Set KEYTRAIL_TLS_CERT and KEYTRAIL_TLS_KEY, name the proxy with TLS in front in KEYTRAIL_TRUSTED_PROXIES, listen on 127.0.0.1, or set KEYTRAIL_INSECURE_HTTP=1", s.Listen)
	}
	return nil
}

// SecureCookies reports whether browsers may send the session over HTTPS only.
func (s Serve) SecureCookies() bool { return s.SecureCookie || s.TLSCert != "" }

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Zone is the display zone: the one that was set, else the system's, else UTC.
func (s Serve) Zone() (*time.Location, error) {
	if s.TimeZone == "" {
		return systemZone(), nil
	}
	zone, err := time.LoadLocation(s.TimeZone)
	if err != nil || s.TimeZone == "Local" {
		return nil, invalid("KEYTRAIL_TIME_ZONE", "is %q, which is no time zone: write a name such as Europe/Riga or UTC", s.TimeZone)
	}
	return zone, nil
}

// SessionTimeout is how long a session lasts without a request.
func (s Serve) SessionTimeout() time.Duration {
	return time.Duration(s.SessionTimeoutSeconds) * time.Second
}

func invalid(name, format string, args ...any) error {
	return fault.New(fault.BadInput, "%s %s.", name, fault.Say(format, args...))
}

// LogValue shows the settings in a log, without secrets.
func (s Store) LogValue() slog.Value {
	return slog.GroupValue(slog.String("data", s.Data), slog.Bool("private_database", s.Private()))
}

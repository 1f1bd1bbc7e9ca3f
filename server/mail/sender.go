package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
)

// Config says by which server e-mail goes, and whom it comes from.
type Config struct {
	// Host is "" when there is no server.
	Host     string
	Port     int
	Username string
	Password string
	// ImplicitTLS is TLS from the first byte. Otherwise STARTTLS is demanded, unless Loopback says that the server is on this
	// machine.
	ImplicitTLS bool
	Loopback    bool
	// Roots are whose certificates are believed; nil for the system's.
	Roots *x509.CertPool
	// From is an address, which may have a name: Keys <keys@example.org>.
	From string
}

const (
	// connectTimeout bounds each step of a connection, and sendTimeout all of them.
	connectTimeout = 20 * time.Second
	sendTimeout    = time.Minute
)

type sender struct {
	client *gomail.Client
	from   *mail.Address
}

func newSender(c Config) (*sender, error) {
	from, err := mail.ParseAddress(c.From)
	if err != nil {
		return nil, fault.New(fault.BadInput, "KEYTRAIL_SMTP_FROM is no address: write one such as keys@example.org.")
	}
	options := []gomail.Option{
		gomail.WithPort(c.Port), gomail.WithTimeout(connectTimeout), gomail.WithTLSPolicy(gomail.TLSMandatory),
		gomail.WithTLSConfig(&tls.Config{ServerName: c.Host, RootCAs: c.Roots, MinVersion: tls.VersionTLS12}),
		gomail.WithoutNoop(),
	}
	switch {
	case c.ImplicitTLS:
		options = append(options, gomail.WithSSL())
	case c.Loopback:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	}
	if c.Username != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(c.Username), gomail.WithPassword(c.Password))
	}
	client, err := gomail.NewClient(c.Host, options...)
	if err != nil {
		return nil, fault.Wrap(err, fault.BadInput, "KEYTRAIL_SMTP_URL names no server that e-mail can go by.")
	}
	return &sender{client, from}, nil
}

// send sends a message under the id that it always has, so that one that comes twice is known for the same.
func (s *sender) send(ctx context.Context, one id.ID, at time.Time, m Message) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	letter := gomail.NewMsg()
	letter.FromMailAddress(s.from)
	if err := letter.To(m.To); err != nil {
		return obstacle{"the recipient's address cannot be used", true}
	}
	letter.Subject(m.Subject)
	letter.SetMessageIDWithValue(one.String() + "@" + domainOf(s.from.Address))
	letter.SetDateWithValue(at)
	letter.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no answers by machines
	letter.SetBodyString(gomail.TypeTextPlain, m.Text)
	if err := s.client.DialAndSendWithContext(ctx, letter); !letter.IsDelivered() {
		return err
	}
	return nil // whatever became of the connection once the server had taken it
}

func domainOf(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// obstacle is why an e-mail does not go, in words with nothing personal in them. A final one stays however often it is tried.
type obstacle struct {
	words string
	final bool
}

func (o obstacle) Error() string { return o.words }

// problemOf says in words, with nothing personal in them, why an e-mail did not go, whether it never will, and whether the
// server was away, for all others as well.
func problemOf(err error) (words string, final, away bool) {
	var known obstacle
	if errors.As(err, &known) {
		return known.words, known.final, false
	}
	var failed *gomail.SendError
	if !errors.As(err, &failed) || failed.ErrorCode() < 400 {
		return "the server could not be reached, or did not let keytrail in", false, true
	}
	final = failed.ErrorCode() >= 500
	switch failed.Reason {
	case gomail.ErrSMTPRcptTo, gomail.ErrSMTPData, gomail.ErrSMTPDataClose: // and not the sender, who can be set right for all
	default:
		final = false
	}
	return fmt.Sprintf("the server answered with the code %d", failed.ErrorCode()), final, false
}

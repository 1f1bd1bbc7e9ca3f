package signin

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/id"
)

// A browser in which somebody got in keeps a cookie that says so (OWASP, "Slow down online guessing attacks with
// device cookies"). It lets nobody in: failures with it are counted apart from those of strangers, so that nobody
// else's guesses make its owner wait.

// DeviceCookieName is the name of the cookie of trusted browsers.
const DeviceCookieName = "keytrail_device"

const (
	devicePurpose = "trusted_device"
	// deviceFor is how long a browser is trusted after the last sign-in in it.
	deviceFor = 180 * 24 * time.Hour
	// devicesKept is for how many names one browser may be trusted, for desks that several people share.
	devicesKept  = 8
	deviceMac    = 32
	deviceLength = 16 + 8 + deviceMac
	maxDevices   = devicesKept * 80
)

// Cookies reads and sets cookies of the request that ctx belongs to.
type Cookies struct {
	Get func(ctx context.Context, name string) string
	Set func(ctx context.Context, cookie *http.Cookie)
}

// device is a browser that is trusted for one name; the zero device is not trusted.
type device struct{ id id.ID }

func (d device) trusted() bool { return !d.id.IsZero() }

// place is what failures with the name are counted under besides it: the browser, or else the network.
func (a *attempt) place() string {
	if a.device.trusted() {
		return "device|" + a.device.id.String()
	}
	return a.origin.Network()
}

// trustedDevice gives the browser of the request, if it is trusted for the name.
func (s *Service) trustedDevice(ctx context.Context, username string) (device, error) {
	index, err := s.usernameIndex(ctx, username)
	if err != nil {
		return device{}, err
	}
	for _, token := range deviceTokens(s.config.Cookies.Get(ctx, DeviceCookieName)) {
		found, err := s.openDevice(ctx, index, token)
		if err != nil || found.trusted() {
			return found, err
		}
	}
	return device{}, nil
}

func deviceTokens(cookie string) []string {
	if cookie == "" || len(cookie) > maxDevices {
		return nil
	}
	tokens := strings.Split(cookie, ".")
	return tokens[:min(len(tokens), devicesKept)]
}

// openDevice gives the device of a token that was made for the name and is not too old.
func (s *Service) openDevice(ctx context.Context, name []byte, token string) (device, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) != deviceLength {
		return device{}, nil
	}
	signed, mac := raw[:deviceLength-deviceMac], raw[deviceLength-deviceMac:]
	want, err := s.deviceMac(ctx, name, signed)
	if err != nil || !hmac.Equal(mac, want) {
		return device{}, err
	}
	made := time.Unix(int64(binary.BigEndian.Uint64(signed[16:])), 0)
	if s.moment().Sub(made) > deviceFor {
		return device{}, nil
	}
	return device{id.ID(signed[:16])}, nil
}

func (s *Service) deviceMac(ctx context.Context, name, signed []byte) ([]byte, error) {
	return s.seal.BlindIndex(ctx, devicePurpose, hex.EncodeToString(name)+"|"+hex.EncodeToString(signed))
}

// trust has the browser keep that somebody got in with the name. What it kept for other names stays.
func (s *Service) trust(ctx context.Context, username string, was device) error {
	if !was.trusted() {
		was = device{id.New()}
	}
	index, err := s.usernameIndex(ctx, username)
	if err != nil {
		return err
	}
	signed := binary.BigEndian.AppendUint64(append([]byte{}, was.id[:]...), uint64(s.moment().Unix()))
	mac, err := s.deviceMac(ctx, index, signed)
	if err != nil {
		return err
	}
	tokens := []string{base64.RawURLEncoding.EncodeToString(append(signed, mac...))}
	for _, token := range deviceTokens(s.config.Cookies.Get(ctx, DeviceCookieName)) {
		same, err := s.openDevice(ctx, index, token)
		if err != nil {
			return err
		}
		if !same.trusted() && len(tokens) < devicesKept {
			tokens = append(tokens, token)
		}
	}
	s.config.Cookies.Set(ctx, &http.Cookie{
		Name: DeviceCookieName, Value: strings.Join(tokens, "."), Path: "/", MaxAge: int(deviceFor / time.Second),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.config.SecureCookie,
	})
	return nil
}

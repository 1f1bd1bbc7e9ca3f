package signin

import (
	"bytes"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"image/png"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

const (
	// totpPeriod and six digits are the values of RFC 6238 that every authenticator app knows.
	totpPeriod = 30 * time.Second
	totpDigits = 6
	// totpSkew is how many steps a phone's clock may be off, either way (RFC 6238, section 5.2).
	totpSkew = 1
	// totpIssuer is the name that an authenticator app shows.
	totpIssuer = "keytrail"
	// enrolFor is how long a secret that was shown waits for its first code.
	enrolFor = 15 * time.Minute
	qrPixels = 264

	freeCodes       = 5
	longestCodeWait = time.Hour
	maxCode         = 64
)

// newTotpKey makes a secret of 160 bits (RFC 4226, section 4).
func newTotpKey(username string) (*otp.Key, error) {
	return totp.Generate(totp.GenerateOpts{
		Issuer: totpIssuer, AccountName: username, Period: uint(totpPeriod / time.Second), SecretSize: 20, Digits: otp.DigitsSix,
	})
}

// qrCode draws a key as a PNG in a data: URL.
func qrCode(key *otp.Key) (string, error) {
	image, err := key.Image(qrPixels, qrPixels)
	if err != nil {
		return "", err
	}
	var text bytes.Buffer
	if err := png.Encode(&text, image); err != nil {
		return "", err
	}
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(text.Bytes()), nil
}

// stepOf gives the time step to which a code belongs: the present one or one beside it, and later than the last that
// was used (RFC 6238, section 5.2: a code is taken once).
func stepOf(secret, code string, now time.Time, used int64) (step int64, ok bool, err error) {
	current := now.Unix() / int64(totpPeriod/time.Second)
	for candidate := current - totpSkew; candidate <= current+totpSkew; candidate++ {
		want, err := totp.GenerateCode(secret, time.Unix(candidate*int64(totpPeriod/time.Second), 0))
		if err != nil {
			return 0, false, err
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && candidate > used {
			step, ok = candidate, true
		}
	}
	return step, ok, nil
}

// codeDelay gives how long an account's codes wait after so many wrong ones in a row: nothing up to the fifth, then
// 2, 4, 8 … seconds, at most an hour. Only who knows the password can cause it.
func codeDelay(failures int) time.Duration {
	n := failures - freeCodes
	if n <= 0 {
		return 0
	}
	if n > 11 { // 2^12 s is longer than the longest
		return longestCodeWait
	}
	return time.Second << n
}

// tidyCode takes out what people put into codes to read them.
func tidyCode(code string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, code))
}

func isTotp(code string) bool {
	return len(code) == totpDigits && strings.Trim(code, "0123456789") == ""
}

// newRecoveryCode makes 80 random bits in groups that can be copied from paper.
func newRecoveryCode() string {
	text := strings.ToLower(rand.Text())
	return text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:16]
}

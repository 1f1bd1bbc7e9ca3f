package webhooks

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	// secretPrefix marks what follows, in base64, as the secret of a webhook.
	secretPrefix = "whsec_"
	secretBytes  = 32
	// bothValid is for how long the secret before the last one signs as well.
	bothValid = 24 * time.Hour
)

func newSecret() string {
	var key [secretBytes]byte
	_, _ = rand.Read(key[:]) // never fails
	return secretPrefix + base64.StdEncoding.EncodeToString(key[:])
}

// signature is that of Standard Webhooks for one secret: v1, HMAC-SHA256 of id, time and text.
func signature(secret, message, timestamp string, text []byte) string {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
	if err != nil {
		return ""
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(message + "." + timestamp + "."))
	mac.Write(text)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// sign adds the headers by which a receiver knows who sent a text, and that nobody sends it again later.
func sign(header http.Header, secrets []string, message string, at time.Time, text []byte) {
	timestamp := strconv.FormatInt(at.Unix(), 10)
	signatures := make([]string, len(secrets))
	for i, secret := range secrets {
		signatures[i] = signature(secret, message, timestamp, text)
	}
	header.Set("Webhook-Id", message)
	header.Set("Webhook-Timestamp", timestamp)
	header.Set("Webhook-Signature", strings.Join(signatures, " "))
}

// secrets are those that sign at a time, the newest first.
func (h *Webhook) secrets(at time.Time) []string {
	if h.FormerSecretUntil != nil && at.Before(*h.FormerSecretUntil) {
		return []string{h.secret, h.former}
	}
	return []string{h.secret}
}

package config

import "net/netip"

// Webhooks says where events may be sent to.
type Webhooks struct {
	WebhookNetworks []string `help:"Addresses and networks such as 10.1.0.0/16 that events may be sent to besides public ones. Private and local networks are closed otherwise, whatever name leads there." env:"KEYTRAIL_WEBHOOK_NETWORKS"`
	WebhookHTTP     bool     `name:"webhook-http" help:"Let events be sent to addresses without TLS, too." env:"KEYTRAIL_WEBHOOK_HTTP"`
}

// Validate checks the settings of webhooks.
func (w Webhooks) Validate() error {
	_, err := w.OpenNetworks()
	return err
}

// OpenNetworks gives the networks that events may be sent to besides public ones.
func (w Webhooks) OpenNetworks() ([]netip.Prefix, error) {
	return networksOf("KEYTRAIL_WEBHOOK_NETWORKS", w.WebhookNetworks)
}

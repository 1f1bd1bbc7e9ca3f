package config

import (
	"net/url"
	"time"
)

// Integrity says how the server lets others check it, and checks itself.
type Integrity struct {
	CheckpointSeconds int      `help:"Seconds between two signed checkpoints, while the ledger grows." default:"60" env:"KEYTRAIL_CHECKPOINT_SECONDS"`
	CheckpointFile    string   `help:"File to which each checkpoint is appended. Put it where whoever runs the database cannot change it, such as on a share that only takes additions." env:"KEYTRAIL_CHECKPOINT_FILE" type:"path"`
	CheckpointURLs    []string `name:"checkpoint-urls" help:"Addresses to which each checkpoint is posted as text/plain." env:"KEYTRAIL_CHECKPOINT_URLS"`
	VerifyNightly     bool     `help:"Verify the whole ledger each night at 04:00 in the display zone, with long pauses." default:"true" negatable:"" env:"KEYTRAIL_VERIFY_NIGHTLY"`
}

const maxCheckpointURLs = 10

// Validate checks the settings. It never repeats an address, which may hold a password.
func (i Integrity) Validate() error {
	if i.CheckpointSeconds < 1 || i.CheckpointSeconds > 24*3600 {
		return invalid("KEYTRAIL_CHECKPOINT_SECONDS", "is %d: write 1 to %d", i.CheckpointSeconds, 24*3600)
	}
	if len(i.CheckpointURLs) > maxCheckpointURLs {
		return invalid("KEYTRAIL_CHECKPOINT_URLS", "names %d addresses: at most %d are possible", len(i.CheckpointURLs), maxCheckpointURLs)
	}
	for n, address := range i.CheckpointURLs {
		if u, err := url.Parse(address); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return invalid("KEYTRAIL_CHECKPOINT_URLS", "has as address %d what is none: write addresses such as https://example.org/checkpoints, with commas between them", n+1)
		}
	}
	return nil
}

// CheckpointInterval is the time between two checkpoints.
func (i Integrity) CheckpointInterval() time.Duration {
	return time.Duration(i.CheckpointSeconds) * time.Second
}

package config

import (
	"path/filepath"
	"strings"
	"time"
)

// BackupLocks say for whom backups are encrypted.
type BackupLocks struct {
	BackupRecipients     []string `help:"Public keys of age (age1…) for which backups are encrypted, with commas between them. Keep the private ones elsewhere." env:"KEYTRAIL_BACKUP_RECIPIENTS"`
	BackupPassphraseFile string   `help:"File with a passphrase that backups are encrypted with, in place of recipients." env:"KEYTRAIL_BACKUP_PASSPHRASE_FILE" type:"path"`
}

// Backups say when the server makes backups by itself, and where they lie.
type Backups struct {
	BackupLocks   `embed:""`
	BackupDir     string `help:"Directory in which the server puts a backup each day. Empty: none is made." env:"KEYTRAIL_BACKUP_DIR" type:"path"`
	BackupAt      string `help:"Time of day in the display zone at which it is made." default:"01:00" env:"KEYTRAIL_BACKUP_AT"`
	BackupKeep    int    `help:"How many of the server's backups are kept; older ones are deleted once a newer one is whole." default:"14" env:"KEYTRAIL_BACKUP_KEEP"`
	BackupKeysDir string `help:"Directory for an encrypted copy of the master key and of the checkpoint key as they were at each backup, somewhere else than the backups: without the keys of its time a backup cannot be read. Empty: copy them yourself." env:"KEYTRAIL_BACKUP_KEYS_DIR" type:"path"`
	ErasuresFile  string `help:"File that lists whose keys were destroyed, so that keytrail restore --erasures destroys them again. Put it where the checkpoints are kept. Default: erasures beside KEYTRAIL_CHECKPOINT_FILE." env:"KEYTRAIL_ERASURES_FILE" type:"path"`
}

const maxBackups = 10_000

// Validate checks the settings of backups.
func (b Backups) Validate() error {
	if b.BackupDir == "" {
		return nil
	}
	if _, err := b.Time(); err != nil {
		return err
	}
	if b.BackupKeep < 1 || b.BackupKeep > maxBackups {
		return invalid("KEYTRAIL_BACKUP_KEEP", "is %d: write 1 to %d", b.BackupKeep, maxBackups)
	}
	if len(b.BackupRecipients) == 0 && b.BackupPassphraseFile == "" {
		return invalid("KEYTRAIL_BACKUP_DIR", "is set, and backups are always encrypted: set KEYTRAIL_BACKUP_RECIPIENTS or KEYTRAIL_BACKUP_PASSPHRASE_FILE")
	}
	if b.BackupKeysDir != "" && filepath.Clean(b.BackupKeysDir) == filepath.Clean(b.BackupDir) {
		return invalid("KEYTRAIL_BACKUP_KEYS_DIR", "is the directory of the backups: keep the keys somewhere else, or whoever finds the one has the other")
	}
	return nil
}

// Time is the time of day of a backup, since midnight.
func (b Backups) Time() (time.Duration, error) {
	at, err := time.Parse("15:04", strings.TrimSpace(b.BackupAt))
	if err != nil {
		return 0, invalid("KEYTRAIL_BACKUP_AT", "is %.20q: write hours and minutes, such as 01:00", b.BackupAt)
	}
	return time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute, nil
}

// ErasuresPath is where destroyed keys are listed, "" for nowhere.
func (b Backups) ErasuresPath(i Integrity) string {
	if b.ErasuresFile != "" || i.CheckpointFile == "" {
		return b.ErasuresFile
	}
	return filepath.Join(filepath.Dir(i.CheckpointFile), "erasures")
}

package config

import "path/filepath"

// BackupLocks say for whom backups are encrypted.
type BackupLocks struct {
	BackupRecipients     []string `help:"Public keys of age (age1…) for which backups are encrypted, with commas between them. Keep the private ones elsewhere." env:"KEYTRAIL_BACKUP_RECIPIENTS"`
	BackupPassphraseFile string   `help:"File with a passphrase that backups are encrypted with, in place of recipients." env:"KEYTRAIL_BACKUP_PASSPHRASE_FILE" type:"path"`
}

// Backups say what the server keeps for the day on which a backup is restored.
type Backups struct {
	ErasuresFile string `help:"File that lists whose keys were destroyed, so that keytrail restore --erasures destroys them again. Put it where the checkpoints are kept. Default: erasures beside KEYTRAIL_CHECKPOINT_FILE." env:"KEYTRAIL_ERASURES_FILE" type:"path"`
}

// ErasuresPath is where destroyed keys are listed, "" for nowhere.
func (b Backups) ErasuresPath(i Integrity) string {
	if b.ErasuresFile != "" || i.CheckpointFile == "" {
		return b.ErasuresFile
	}
	return filepath.Join(filepath.Dir(i.CheckpointFile), "erasures")
}

package keyregister

import (
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/keytrail/keytrail/server/fault"
)

// maxConfig bounds a register's configuration file, in bytes.
const maxConfig = 1 << 20

// Config is what keytrail understands of a register's config.json.
type Config struct {
	ClientSessions struct {
		TimeoutSeconds int `json:"timeout_seconds"`
	} `json:"client_sessions"`
	DB struct {
		File string `json:"db_file"`
	} `json:"db"`
}

// ReadConfig reads a register's configuration. Its database file is given relative to the configuration. BAD_USER_INPUT
// when it cannot be read.
func ReadConfig(path string) (Config, error) {
	var c Config
	info, err := os.Stat(path)
	if err == nil && info.Size() > maxConfig {
		return c, fault.New(fault.BadInput, "%s has more than %d bytes: is it the register's config.json?", path, maxConfig)
	}
	var text []byte
	if err == nil {
		text, err = os.ReadFile(path)
	}
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	if err != nil {
		return c, fault.Wrap(err, fault.BadInput, "%s cannot be read: %v. Name the register's config.json.", path, err)
	}
	if c.DB.File != "" && !filepath.IsAbs(c.DB.File) {
		c.DB.File = filepath.Join(filepath.Dir(path), c.DB.File)
	}
	return c, nil
}

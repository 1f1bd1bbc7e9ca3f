package settings

import (
	"os"
	"os/user"
	"path/filepath"
	"runtime"
)

const product = "keytrail-agent"

// ConfigFiles are where config.env may lie, the person's own first.
func ConfigFiles(env func(string) string) []string {
	if name := env("KEYTRAIL_AGENT_CONFIG"); name != "" {
		return []string{name}
	}
	files := []string{filepath.Join(configDir(), "config.env")}
	switch runtime.GOOS {
	case "windows":
		return append(files, filepath.Join(env("ProgramData"), product, "config.env"))
	case "darwin":
		return append(files, filepath.Join("/Library/Application Support", product, "config.env"))
	}
	return append(files, filepath.Join("/etc", product, "config.env"))
}

// StateDir makes the folder where queue, status and token lie, for this person only.
func StateDir(env func(string) string) (string, error) {
	dir := env("KEYTRAIL_AGENT_STATE")
	switch {
	case dir != "":
	case runtime.GOOS == "windows":
		dir = filepath.Join(env("LocalAppData"), product)
	case runtime.GOOS == "linux" && filepath.IsAbs(env("XDG_STATE_HOME")):
		dir = filepath.Join(env("XDG_STATE_HOME"), product)
	case runtime.GOOS == "linux":
		dir = filepath.Join(env("HOME"), ".local", "state", product)
	default:
		dir = configDir()
	}
	return dir, os.MkdirAll(dir, 0o700)
}

func configDir() string {
	dir, err := os.UserConfigDir()
	if err != nil {
		return product
	}
	return filepath.Join(dir, product)
}

// thisUser is who is logged on: DOMAIN\name on Windows.
func thisUser() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	return u.Username
}

func thisWorkstation() string {
	name, err := os.Hostname()
	if err != nil {
		return ""
	}
	return name
}

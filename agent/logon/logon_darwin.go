package logon

import (
	"os"
	"path/filepath"
)

func file() (string, error) {
	home, err := os.UserHomeDir()
	return filepath.Join(home, "Library", "LaunchAgents", name+".plist"), err
}

// Install writes a launch agent and gives where.
func Install(program string) (string, error) {
	if err := plain(program); err != nil {
		return "", err
	}
	where, err := file()
	if err != nil {
		return "", err
	}
	return where, write(where, `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>Label</key><string>`+name+`</string>
<key>ProgramArguments</key><array><string>`+program+`</string><string>run</string></array>
<key>RunAtLoad</key><true/>
<key>LimitLoadToSessionType</key><string>Aqua</string>
</dict></plist>
`)
}

// Uninstall removes what Install wrote.
func Uninstall() error {
	where, err := file()
	if err != nil {
		return err
	}
	return remove(where)
}

package logon

import (
	"os"
	"path/filepath"
	"strings"
)

func file() (string, error) {
	dir, err := os.UserConfigDir()
	return filepath.Join(dir, "autostart", name+".desktop"), err
}

// Install writes an autostart entry, which desktops of every kind understand, and gives where.
func Install(program string) (string, error) {
	if err := plain(program); err != nil {
		return "", err
	}
	if strings.Contains(program, `\`) {
		return "", errCharacters
	}
	where, err := file()
	if err != nil {
		return "", err
	}
	return where, write(where, "[Desktop Entry]\nType=Application\nName=keytrail agent\n"+
		"Comment=Records work time: working or stopped, and nothing else\nExec=\""+program+"\" run\nTerminal=false\nX-GNOME-Autostart-enabled=true\n")
}

// Uninstall removes what Install wrote.
func Uninstall() error {
	where, err := file()
	if err != nil {
		return err
	}
	return remove(where)
}

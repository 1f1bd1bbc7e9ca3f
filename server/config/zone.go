package config

import (
	"os"
	"strings"
	"time"
)

// systemZone finds the IANA name of the system's zone, which time.Local does not tell. UTC where it has none.
func systemZone() *time.Location {
	for _, name := range []string{os.Getenv("TZ"), zoneFile(), zoneLink()} {
		if zone, err := time.LoadLocation(name); err == nil && name != "" && name != "Local" {
			return zone
		}
	}
	return time.UTC
}

func zoneFile() string {
	text, err := os.ReadFile("/etc/timezone")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

func zoneLink() string {
	target, err := os.Readlink("/etc/localtime")
	if err != nil {
		return ""
	}
	_, name, _ := strings.Cut(target, "/zoneinfo/")
	return name
}

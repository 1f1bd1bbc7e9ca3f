package config

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// Archives say where archives of deleted entries lie: in a directory, or in a bucket of a service that speaks S3.
type Archives struct {
	ArchiveDir      string `help:"Directory of the archives of deleted entries; servers of one database share it. Default: archives in the data directory." env:"KEYTRAIL_ARCHIVE_DIR" type:"path"`
	ArchiveS3       string `name:"archive-s3" help:"Bucket that new archives are kept in, such as s3://bucket/keytrail. Empty keeps them in the directory; older ones are read from there in any case." env:"KEYTRAIL_ARCHIVE_S3"`
	S3Endpoint      string `name:"archive-s3-endpoint" help:"Address of the service, such as https://s3.example.org. Default: that of Amazon in the region." env:"KEYTRAIL_ARCHIVE_S3_ENDPOINT"`
	S3Region        string `name:"archive-s3-region" help:"Region of the bucket." default:"us-east-1" env:"KEYTRAIL_ARCHIVE_S3_REGION"`
	S3AccessKey     string `name:"archive-s3-access-key" help:"Access key of the account that writes there." env:"KEYTRAIL_ARCHIVE_S3_ACCESS_KEY"`
	S3SecretKey     string `name:"archive-s3-secret-key" help:"Its secret key; better in a file, or in the environment than on a command line." env:"KEYTRAIL_ARCHIVE_S3_SECRET_KEY"`
	S3SecretKeyFile string `name:"archive-s3-secret-key-file" help:"File with the secret key, in place of KEYTRAIL_ARCHIVE_S3_SECRET_KEY." env:"KEYTRAIL_ARCHIVE_S3_SECRET_KEY_FILE" type:"path"`
	S3InsecureHTTP  bool   `name:"archive-s3-insecure-http" help:"Speak to a service beyond this machine without TLS." env:"KEYTRAIL_ARCHIVE_S3_INSECURE_HTTP"`
}

// S3 is a bucket for archives, and what opens it.
type S3 struct {
	Endpoint, Region, Bucket, Prefix string
	AccessKey, SecretKey             string
}

// S3 gives the bucket of the archives with what opens it, nil when they lie in a directory. It reads the secret key, which only
// whoever opens the bucket has to have. An error names no secret.
func (a Archives) S3() (*S3, error) {
	s, err := a.bucket()
	if err != nil || s == nil {
		return nil, err
	}
	if s.SecretKey, err = a.secretKey(); err != nil {
		return nil, err
	}
	if s.AccessKey == "" || s.SecretKey == "" {
		return nil, invalid("KEYTRAIL_ARCHIVE_S3_ACCESS_KEY or its secret key", "is empty: set both, the secret key in KEYTRAIL_ARCHIVE_S3_SECRET_KEY_FILE or KEYTRAIL_ARCHIVE_S3_SECRET_KEY")
	}
	return s, nil
}

// bucket gives the bucket without its secret key, and checks how the settings are written.
func (a Archives) bucket() (*S3, error) {
	if a.ArchiveS3 == "" {
		if a.S3Endpoint != "" || a.S3AccessKey != "" {
			return nil, invalid("KEYTRAIL_ARCHIVE_S3", "is empty and other settings of the bucket are not: name it, such as s3://bucket/keytrail")
		}
		return nil, nil
	}
	at, err := url.Parse(a.ArchiveS3)
	if err != nil || at.Scheme != "s3" || at.Host == "" || at.User != nil || at.RawQuery != "" || at.Fragment != "" {
		return nil, invalid("KEYTRAIL_ARCHIVE_S3", "is no bucket: write one such as s3://bucket/keytrail, and the credentials in settings of their own")
	}
	s := &S3{Endpoint: a.S3Endpoint, Region: a.S3Region, Bucket: at.Host, Prefix: strings.Trim(at.Path, "/"), AccessKey: a.S3AccessKey}
	if s.Endpoint == "" {
		s.Endpoint = "https://s3." + a.S3Region + ".amazonaws.com"
	}
	if err := a.validateEndpoint(s.Endpoint); err != nil {
		return nil, err
	}
	if a.S3SecretKeyFile != "" && a.S3SecretKey != "" {
		return nil, invalid("KEYTRAIL_ARCHIVE_S3_SECRET_KEY", "is set and KEYTRAIL_ARCHIVE_S3_SECRET_KEY_FILE, too: set one of them")
	}
	return s, nil
}

func (a Archives) validateEndpoint(endpoint string) error {
	const name = "KEYTRAIL_ARCHIVE_S3_ENDPOINT"
	at, err := url.Parse(endpoint)
	if err != nil || at.Host == "" || at.User != nil || strings.Trim(at.Path, "/") != "" || at.RawQuery != "" || at.Scheme != "https" && at.Scheme != "http" {
		return invalid(name, "is no address of a service: write scheme and host only, such as https://s3.example.org")
	}
	if at.Scheme == "http" && !loopback(at.Hostname()) && !a.S3InsecureHTTP {
		return invalid(name, "is without TLS: others on the network could read archives. Write https, or set KEYTRAIL_ARCHIVE_S3_INSECURE_HTTP=1")
	}
	return nil
}

func (a Archives) secretKey() (string, error) {
	if a.S3SecretKeyFile == "" {
		return a.S3SecretKey, nil
	}
	text, err := os.ReadFile(a.S3SecretKeyFile)
	secret := strings.TrimSpace(string(text))
	if err != nil || secret == "" || len(secret) > maxSecret {
		return "", invalid("KEYTRAIL_ARCHIVE_S3_SECRET_KEY_FILE", "cannot be read or holds no secret: put the secret alone into it")
	}
	return secret, nil
}

// ArchivePath is the directory of the archives.
func (s Store) ArchivePath() string {
	if s.ArchiveDir != "" {
		return s.ArchiveDir
	}
	return filepath.Join(s.Data, "archives")
}

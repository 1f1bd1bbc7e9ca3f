package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestABucketNeedsAnAddressTLSAndCredentialsAndWhatIsSaidNamesNoSecret(t *testing.T) {
	t.Parallel()
	good := Archives{ArchiveS3: "s3://bucket/some/place/", S3Endpoint: "https://s3.example.org", S3Region: "eu-north-1", S3AccessKey: "AK", S3SecretKey: "s3cret"}
	got, err := good.S3()
	if want := (S3{"https://s3.example.org", "eu-north-1", "bucket", "some/place", "AK", "s3cret"}); err != nil || *got != want {
		t.Fatalf("%+v %v", got, err)
	}
	for said, change := range map[string]func(*Archives){
		"no bucket":              func(a *Archives) { a.ArchiveS3 = "s3://AK:s3cret@bucket" },
		"write one such as s3":   func(a *Archives) { a.ArchiveS3 = "https://bucket" },
		"without TLS":            func(a *Archives) { a.S3Endpoint = "http://s3.example.org" },
		"scheme and host only":   func(a *Archives) { a.S3Endpoint = "https://AK:s3cret@s3.example.org" },
		"set both":               func(a *Archives) { a.S3SecretKey = "" },
		"set one of them":        func(a *Archives) { a.S3SecretKeyFile = "/some/file" },
		"holds no secret":        func(a *Archives) { a.S3SecretKey, a.S3SecretKeyFile = "", "/none/such" },
		"other settings of the ": func(a *Archives) { a.ArchiveS3 = "" },
	} {
		bad := good
		change(&bad)
		if _, err := bad.S3(); err == nil || !strings.Contains(err.Error(), said) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%v does not say %q, or names the secret", err, said)
		}
	}
}

func TestABucketIsSpokenToWithoutTLSOnThisMachineOrWhenThatIsSet(t *testing.T) {
	t.Parallel()
	a := Archives{ArchiveS3: "s3://bucket", S3Endpoint: "http://127.0.0.1:9000", S3AccessKey: "AK", S3SecretKey: "s3cret"}
	if _, err := a.S3(); err != nil {
		t.Error(err)
	}
	a.S3Endpoint, a.S3InsecureHTTP = "http://s3.example.org", true
	if _, err := a.S3(); err != nil {
		t.Error(err)
	}
}

func TestTheSecretKeyIsReadFromItsFileAndTheEndpointIsThatOfTheRegion(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("other\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := Archives{ArchiveS3: "s3://bucket", S3Region: "eu-north-1", S3AccessKey: "AK", S3SecretKeyFile: file}.S3()
	if err != nil || got.SecretKey != "other" || got.Endpoint != "https://s3.eu-north-1.amazonaws.com" || got.Prefix != "" {
		t.Errorf("%+v %v", got, err)
	}
}

func TestACommandThatOpensNoArchiveNeedsNoSecretKey(t *testing.T) {
	t.Parallel()
	s := Store{Data: t.TempDir(), Archives: Archives{ArchiveS3: "s3://bucket", S3Region: "eu-north-1", S3AccessKey: "AK", S3SecretKeyFile: "/none/such"}}
	if err := s.Validate(); err != nil {
		t.Error(err)
	}
	if _, err := s.S3(); err == nil {
		t.Error("a bucket is opened without its secret key")
	}
	s.S3SecretKey = "s3cret"
	if err := s.Validate(); err == nil {
		t.Error("two secret keys are taken for one")
	}
}

package objectstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"

	"github.com/minio/minio-go/v7"

	"github.com/keytrail/keytrail/server/fault"
)

// failed makes an error of this package of one of the service.
func (s *S3) failed(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	said := minio.ToErrorResponse(err)
	if said.Code == minio.NoSuchKey {
		return &Error{cause: fmt.Errorf("%s: %w", said.Key, fs.ErrNotExist)}
	}
	return &Error{Reason: s.reason(said), Away: true, cause: err}
}

func (s *S3) reason(said minio.ErrorResponse) fault.Text {
	refused := fault.Say("The storage at %s does not accept the credentials of keytrail: correct them and start keytrail again.", s.bucket.Endpoint)
	switch said.Code {
	case minio.NoSuchBucket:
		return fault.Say("The storage at %s has no bucket %s: make it, or correct KEYTRAIL_ARCHIVE_S3.", s.bucket.Endpoint, s.bucket.Name)
	case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidSecurity", "ExpiredToken", "XAdminUserNotFound": // the last is what Versity's gateway says
		return refused
	case minio.AccessDenied:
		return fault.Say("The storage at %s does not allow this to keytrail: let its account list the bucket %s, and read and write there.", s.bucket.Endpoint, s.bucket.Name)
	case "AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraintException":
		return fault.Say("The bucket %s is in another region: correct KEYTRAIL_ARCHIVE_S3_REGION.", s.bucket.Name)
	case "RequestTimeTooSkewed":
		return fault.Say("The clock of this machine differs from that of the storage at %s: set it.", s.bucket.Endpoint)
	case "":
		return fault.Say("The storage at %s cannot be reached: see that it runs and that this machine may connect to it.", s.bucket.Endpoint)
	}
	if said.StatusCode == http.StatusForbidden { // services have more words for it than those of Amazon
		return refused
	}
	return fault.Say("The storage at %s answers %s.", s.bucket.Endpoint, said.Code)
}

package objectstore

import (
	"context"
	"errors"
	"io"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/s3utils"
)

// Bucket says where objects lie in a service that speaks S3.
type Bucket struct {
	// Endpoint is the service's address, such as https://s3.eu-north-1.amazonaws.com. http is spoken where it says so.
	Endpoint string
	Region   string
	Name     string
	// Prefix is what the names of objects begin with, without a slash at its end; empty for nothing.
	Prefix string
	// AccessKey and SecretKey are the credentials. They are never shown.
	AccessKey, SecretKey string
	// Silence is for how long the service may say nothing before it counts as gone; 0 means a minute.
	Silence time.Duration
}

const (
	// partSize is what an upload holds in memory, in bytes. A service takes 10,000 parts, so an object has up to 156 GiB.
	partSize = 16 << 20
	// tries is how often a request is sent before the service counts as gone.
	tries          = 3
	defaultSilence = time.Minute
	// patience bounds a request that moves no object.
	patience = 2 * time.Minute
)

// S3 keeps objects in a bucket.
type S3 struct {
	bucket Bucket
	client *minio.Core
	// google is whether the client speaks to Google's service in a way of its own.
	google bool
}

// OpenS3 makes a store of a bucket. It speaks to no service yet: Check does.
func OpenS3(b Bucket) (*S3, error) {
	at, err := url.Parse(b.Endpoint)
	if err != nil {
		return nil, err
	}
	if b.Silence == 0 {
		b.Silence = defaultSilence
	}
	client, err := minio.NewCore(at.Host, &minio.Options{
		Creds: credentials.NewStaticV4(b.AccessKey, b.SecretKey, ""), Secure: at.Scheme == "https", Region: b.Region,
		Transport: transport(b.Silence), MaxRetries: tries,
	})
	if err != nil {
		return nil, err
	}
	return &S3{bucket: b, client: client, google: s3utils.IsGoogleEndpoint(*client.EndpointURL())}, nil
}

func (s *S3) key(name string) string { return path.Join(s.bucket.Prefix, name) }

// Put implements Store. The service checks the MD5 of each part, which every one knows, and buckets with object lock want,
// but for Google's, which takes uploads whose size is not known as one part; what proves more is for the caller to read again.
func (s *S3) Put(ctx context.Context, name string, write func(io.Writer) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r, w := io.Pipe()
	wrote := make(chan error, 1)
	go func() {
		err := write(w)
		_ = w.CloseWithError(err)
		wrote <- err
	}()
	_, sent := s.client.Client.PutObject(ctx, s.bucket.Name, s.key(name), r, -1, minio.PutObjectOptions{
		PartSize: partSize, NumThreads: 1, SendContentMd5: !s.google, ContentType: "application/octet-stream",
	})
	_ = r.CloseWithError(errCutOff)
	if err := <-wrote; err != nil && !errors.Is(err, errCutOff) {
		return err
	}
	return s.failed(sent)
}

// errCutOff is what a writer is told when the service takes no more.
var errCutOff = errors.New("objectstore: the upload has ended")

// Get implements Store.
func (s *S3) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	r, _, _, err := s.client.GetObject(ctx, s.bucket.Name, s.key(name), minio.GetObjectOptions{})
	if err != nil {
		return nil, s.failed(err)
	}
	return &download{from: r, store: s}, nil
}

// download gives the errors of a Store.
type download struct {
	from  io.ReadCloser
	store *S3
}

func (d *download) Read(p []byte) (int, error) {
	n, err := d.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = d.store.failed(err)
	}
	return n, err
}

func (d *download) Close() error { return d.from.Close() }

// Stat implements Store.
func (s *S3) Stat(ctx context.Context, name string) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	info, err := s.client.StatObject(ctx, s.bucket.Name, s.key(name), minio.StatObjectOptions{})
	if err != nil {
		return 0, s.failed(err)
	}
	return uint64(max(info.Size, 0)), nil
}

// Delete implements Store. Where the service does not let unfinished uploads be listed or ended, they stay: they are no
// objects, and a rule of the bucket ends them.
func (s *S3) Delete(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	uploads := s.client.RemoveIncompleteUpload(ctx, s.bucket.Name, s.key(name))
	if uploads != nil && minio.ToErrorResponse(uploads).Code == "" { // the service does not answer
		return s.failed(uploads)
	}
	err := s.client.RemoveObject(ctx, s.bucket.Name, s.key(name), minio.RemoveObjectOptions{})
	switch code := minio.ToErrorResponse(err).Code; {
	case err == nil || code == minio.NoSuchKey:
		return s.failedUploads(uploads)
	case refused(code):
		return errors.Join(ErrKept, s.failed(err))
	}
	return s.failed(err)
}

func (s *S3) failedUploads(err error) error {
	if code := minio.ToErrorResponse(err).Code; code == minio.NoSuchKey || code == "NoSuchUpload" || code == "NotImplemented" || refused(code) {
		return nil
	}
	return s.failed(err)
}

// refused reports whether a service that works does not allow what was asked for.
func refused(code string) bool {
	switch code {
	case minio.AccessDenied, "MethodNotAllowed", "ObjectLocked", "InvalidObjectState":
		return true
	}
	return false
}

// Place implements Store.
func (s *S3) Place() string {
	return "s3://" + path.Join(s.bucket.Name, s.bucket.Prefix) + " (" + s.bucket.Endpoint + ")"
}

// Check implements Store: it lists what is there, which needs the bucket and credentials that are right.
func (s *S3) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	prefix := s.bucket.Prefix
	if prefix != "" {
		prefix = strings.TrimSuffix(prefix, "/") + "/"
	}
	listing, stop := context.WithCancel(ctx)
	defer stop()
	for one := range s.client.Client.ListObjectsIter(listing, s.bucket.Name, minio.ListObjectsOptions{Prefix: prefix, MaxKeys: 1}) {
		return s.failed(one.Err)
	}
	return s.failed(ctx.Err())
}

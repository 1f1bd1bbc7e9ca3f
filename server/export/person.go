package export

import (
	"archive/zip"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/request"
)

// personZIP answers with everything about a person, a file after the other as it is read.
func (h *Handler) personZIP(w http.ResponseWriter, r *http.Request) {
	person, err := personOf(r, ".zip")
	if err != nil {
		h.fail(w, r, err)
		return
	}
	var archive *zip.Writer
	taking := h.taking(r)
	err = h.privacy.TakeOut(r.Context(), request.Actor(r.Context()), &person, func(name string) (io.Writer, error) {
		if archive == nil { // everything is allowed and on record by now
			offer(w, "application/zip", "attachment", "person.zip")
			archive = zip.NewWriter(taking.Writer(r.Context(), w))
		}
		return archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Now().UTC()})
	})
	if err != nil && archive == nil {
		h.fail(w, r, err)
		return
	}
	if err == nil {
		err = archive.Close()
	}
	if err != nil {
		h.logger.ErrorContext(r.Context(), "an export broke off", "requestId", request.From(r.Context()).ID, "error", err)
		panic(http.ErrAbortHandler) // so that the client does not take half a file for the whole
	}
}

// personOf gives the person whom an address names.
func personOf(r *http.Request, ending string) (id.ID, error) {
	name, right := strings.CutSuffix(r.PathValue("file"), ending)
	person, err := id.Parse(name)
	if err != nil || !right {
		return person, fault.New(fault.NotFound, "There is nothing at this address.")
	}
	return person, nil
}

package export

import (
	"context"
	"io"
	"net/http"
	"strconv"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/exports"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/request"
)

// Make is the exports.Maker of every order.
func (h *Handler) Make(ctx context.Context, actor *access.Actor, o *exports.Order, to io.Writer, wrote func(rows int) error) error {
	_, err := h.fulfil(ctx, actor, o, true, func() (io.Writer, error) { return to, nil }, wrote)
	return err
}

// made answers with a file that was made in the background, to whoever ordered it.
func (h *Handler) made(w http.ResponseWriter, r *http.Request) {
	job, err := id.Parse(r.PathValue("id"))
	if err != nil {
		job = id.ID{}
	}
	actor := request.Actor(r.Context())
	found, err := h.exports.Finished(r.Context(), actor, job)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	h.answer(w, r, found.List+"."+found.Format, KindOf(found.Format), func(open func() (io.Writer, error), _ func() error) (opened bool, err error) {
		w.Header().Set("Content-Length", strconv.Itoa(found.Size))
		return h.sendMade(r.Context(), actor, found, open)
	})
}

func (h *Handler) sendMade(ctx context.Context, actor *access.Actor, job *exports.Job, open func() (io.Writer, error)) (opened bool, err error) {
	to, err := open()
	if err != nil {
		return false, err
	}
	return true, h.exports.Read(ctx, actor.Person, job, func(part []byte) error {
		_, err := to.Write(part)
		return err
	})
}

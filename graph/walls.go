package graph

import (
	"context"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/walls"
)

// requestPairing gives a display its cookie and the code that it shows.
func (r *Resolver) requestPairing(ctx context.Context) (*walls.Pairing, error) {
	info := request.From(ctx)
	if info.SetCookie == nil {
		return nil, fault.New(fault.BadInput, "A display is paired over HTTP with POST: the answer sets its cookie.")
	}
	secret, pairing, err := r.Walls.Request(ctx, info.Origin)
	if err == nil {
		info.SetCookie(request.WallCookie(secret, r.Info.SecureCookies))
	}
	return pairing, err
}

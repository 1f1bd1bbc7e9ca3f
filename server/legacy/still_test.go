package legacy_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/keytrail/keytrail/graph/graphtest"
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/legacy"
	"github.com/keytrail/keytrail/server/request"
)

func TestAListBreaksOffOnceItsReaderMayHaveItNoMore(t *testing.T) {
	t.Parallel()
	s := graphtest.Seed(t)
	admin := &access.Actor{Person: s.IDs["admin"], Session: id.New(), Roles: []string{"admin"}}
	var now *access.Actor
	var gone error
	handler := legacy.New(legacy.Services{
		Access: s.Access, Signin: s.Signin, People: s.People, Custody: s.Custody, Logbook: s.Logbook, Work: s.Work,
		Still: func(context.Context, bool) (*access.Actor, error) { return now, gone },
	}, slog.New(slog.DiscardHandler))
	handler.AskAlways()
	for _, path := range []string{"/api/keyLogs/list", "/api/key/list", "/api/keyState/list", "/api/user/list"} {
		for name, c := range map[string]struct {
			now  *access.Actor
			gone error
			want int
		}{
			"he is who he was":       {admin, nil, http.StatusOK},
			"his session ended":      {nil, fault.New(fault.Unauthenticated, "Your session has ended. Sign in again."), http.StatusUnauthorized},
			"he is an admin no more": {&access.Actor{Person: admin.Person, Session: admin.Session, Roles: []string{"member"}}, nil, http.StatusForbidden},
		} {
			now, gone = c.now, c.gone
			r := httptest.NewRequestWithContext(request.With(t.Context(), request.Info{ID: "r", Actor: admin}), http.MethodGet, path, nil)
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			if w.Code != c.want {
				t.Errorf("%s, %s: %d %s", path, name, w.Code, w.Body)
			}
		}
	}
}

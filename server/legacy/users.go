package legacy

import (
	"errors"
	"net/http"
	"slices"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/request"
	"github.com/keytrail/keytrail/server/signin"
)

// user is an account as the key register lists it. Its id is the person's, who is what other lists name, too.
type user struct {
	ID       string `json:"user_id"`
	Username string `json:"username"`
	Role     string `json:"role"`
	Enabled  bool   `json:"enabled"`
}

// credentials are what login and user/add are sent.
type credentials struct {
	Username string `json:"username"`
	Password string `json:"password"`
}

// The register's roles.
const (
	roleRoot  = "root"
	roleAdmin = "admin"
	roleUser  = "user"
)

// roleOf is the register's word for what somebody may do: it knows only those who run it and everybody else.
func roleOf(roles []string) string {
	for _, known := range []string{roleRoot, roleAdmin} {
		if slices.Contains(roles, known) {
			return known
		}
	}
	return roleUser
}

// login begins a session that reaches these endpoints only.
func (h *Handler) login(w http.ResponseWriter, r *http.Request) {
	var in credentials
	if err := read(w, r, &in); err != nil {
		h.fail(w, r, err)
		return
	}
	info := request.From(r.Context())
	if !info.KeepsSession {
		h.fail(w, r, fault.New(fault.BadInput, "Sign in without a token and without asking for a stream."))
		return
	}
	actor, err := h.Signin.SignIn(r.Context(), signin.SignInInput{Username: in.Username, Password: in.Password, Older: true}, info.Origin)
	if errors.Is(err, signin.ErrCodeNeeded) {
		err = fault.New(fault.Forbidden, "This account has a second factor, which cannot be entered here. Use the keytrail app, or an account without one.")
	}
	if err != nil {
		h.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, struct {
		Success bool   `json:"success"`
		UserID  string `json:"user_id"`
		Role    string `json:"role"`
	}{true, actor.Person.String(), roleOf(actor.Roles)})
}

// users lists the accounts, the newest first.
func (h *Handler) users(w http.ResponseWriter, r *http.Request) {
	list, actor := h.list(w, r), request.Actor(r.Context())
	err := eachPage(page.MaxSize, func(wanted page.Request) (page.Page[*signin.Account], error) {
		return h.Signin.Accounts(r.Context(), actor, "", wanted)
	}, func(accounts []*signin.Account) error {
		for _, a := range accounts {
			one := user{a.Person.String(), a.Username, roleOf(h.Access.Roles(a.Person)), a.DisabledAt == nil}
			if err := list.add(one); err != nil {
				return err
			}
		}
		return nil
	})
	h.finish(r, list, err)
}

// addUser adds a person with an account that may do what members may.
func (h *Handler) addUser(w http.ResponseWriter, r *http.Request) {
	var in credentials
	err := read(w, r, &in)
	if err == nil {
		_, err = h.Signin.AddMember(r.Context(), request.Actor(r.Context()), in.Username, in.Password)
	}
	if err != nil {
		h.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, succeeded{true})
}

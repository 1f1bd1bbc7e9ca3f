package legacy

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/request"
)

// keyGroup is a group as the register lists it: its id is an integer, and keys and users are JSON arrays, inside strings.
type keyGroup struct {
	ID    string `json:"key_group_id"`
	Name  string `json:"name"`
	Keys  string `json:"keys"`
	Users string `json:"users"`
}

// newKeyGroup is what keyGroup/add is sent. Users and Persons are those who alone may take its keys, by their user_id;
// without any, everybody may.
type newKeyGroup struct {
	Name    string `json:"name"`
	Keys    names  `json:"keys"`
	Users   names  `json:"users"`
	Persons names  `json:"persons"`
}

// groupsAtOnce keeps what is in memory small: each group may have 5,000 keys.
const groupsAtOnce = 20

// keyGroups lists the groups by name.
func (h *Handler) keyGroups(w http.ResponseWriter, r *http.Request) {
	list, actor := h.list(w, r), request.Actor(r.Context())
	err := eachPage(groupsAtOnce, func(wanted page.Request) (page.Page[*custody.KeyGroup], error) {
		return h.Custody.Groups(r.Context(), actor, wanted)
	}, func(groups []*custody.KeyGroup) error { return h.addGroups(r, list, actor, groups) })
	h.finish(r, list, err)
}

func (h *Handler) addGroups(r *http.Request, list *arrayWriter, actor *access.Actor, groups []*custody.KeyGroup) error {
	ids := make([]id.ID, len(groups))
	for i, g := range groups {
		ids[i] = g.ID
	}
	numbers, err := h.Custody.NumbersOfGroups(r.Context(), actor, ids)
	if err != nil {
		return err
	}
	takers, err := h.Custody.TakersOf(r.Context(), ids)
	if err != nil {
		return err
	}
	known, err := h.Custody.NumbersForGroups(r.Context(), ids)
	if err != nil {
		return err
	}
	for _, g := range groups {
		keys := make([]string, len(numbers[g.ID]))
		for i, n := range numbers[g.ID] {
			keys[i] = keyIDPrefix + n
		}
		text, err := json.Marshal(keys)
		if err != nil {
			return err
		}
		users, err := json.Marshal(personsOf(takers[g.ID]))
		if err != nil {
			return err
		}
		if err := list.add(keyGroup{strconv.Itoa(known[g.ID]), g.Name, string(text), string(users)}); err != nil {
			return err
		}
	}
	return nil
}

// personsOf gives the persons among those who may take a group's keys. The register knows no others.
func personsOf(takers []custody.Taker) []string {
	persons := []string{}
	for _, t := range takers {
		if !t.PersonID.IsZero() {
			persons = append(persons, t.PersonID.String())
		}
	}
	return persons
}

// addKeyGroup makes a group of keys that are in use.
func (h *Handler) addKeyGroup(w http.ResponseWriter, r *http.Request) {
	var in newKeyGroup
	err := read(w, r, &in)
	if err == nil {
		err = h.saveKeyGroup(r, in)
	}
	if err != nil {
		h.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, succeeded{true})
}

func (h *Handler) saveKeyGroup(r *http.Request, in newKeyGroup) error {
	actor := request.Actor(r.Context())
	if _, err := h.Access.Require(r.Context(), actor, access.KeysManage); err != nil {
		return err
	}
	numbers := make([]string, len(in.Keys))
	for i, one := range in.Keys {
		numbers[i] = numberOf(one)
	}
	found, err := h.Custody.InUseByNumber(r.Context(), actor, numbers)
	if err != nil {
		return err
	}
	keys := []id.ID{}
	for _, n := range numbers {
		one, known := found[n]
		if !known {
			return fault.New(fault.BadInput, "There is no key in use with the number %.64s: look it up in the list of keys.", n)
		}
		keys = append(keys, one)
	}
	takers, err := in.takers()
	if err != nil {
		return err
	}
	_, err = h.Custody.SaveGroup(r.Context(), actor, custody.SaveGroupInput{Name: in.Name, Keys: keys, Takers: &takers})
	return err
}

// takers are those who alone may take the keys, each once.
func (in newKeyGroup) takers() ([]custody.Taker, error) {
	takers := []custody.Taker{}
	for _, text := range slices.Compact(slices.Sorted(slices.Values(slices.Concat(in.Users, in.Persons)))) {
		person, err := id.Parse(text)
		if err != nil {
			return nil, fault.New(fault.BadInput, "There is no user with the id %.64s: look it up in the list of users.", text)
		}
		takers = append(takers, custody.Taker{PersonID: person})
	}
	return takers, nil
}

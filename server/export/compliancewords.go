package export

import (
	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
)

// complianceWords are what stands on a compliance report, in one language.
type complianceWords struct {
	title, log, period, made, madeBy, recorded, size, checkpoint, verifier, numbers, cut, page, of, none, when, what, by, about, details, failed, itself, unfinished, keptLast, language string
	// cellCut stands where a cell is too long; the others are below the lines for who signs.
	cellCut, signedName, signedOn, signature string
	parts                                    compliancePartWords
	// signIns are in the order of the counts of compliance.SignIns.
	signIns []string
	// kinds are those of differences; permissions, scopes, roles, actions, rules and endings go by their codes.
	kinds, roles, actions, permissions, names, severities, states, rules, endings map[string]string
	scopes                                                                        map[access.Scope]string
	truth                                                                         map[bool]string
}

// compliancePartWords are the headings of a report's parts.
type compliancePartWords struct {
	held, differences, roles, tokens, changes, accounts, tokenChanges, signIns, root, policies, runs, pruned, holds, erasures, restores, backups, verifications, places, outages, ruleChanges, alerts string
}

// complianceWordsIn gives the words of a language, en or lv. BAD_USER_INPUT for another.
func complianceWordsIn(language string) (*complianceWords, error) {
	switch language {
	case "", "en":
		return englishCompliance(), nil
	case "lv":
		return latvianCompliance(), nil
	}
	return nil, fault.Field("lang", "lang must be en or lv")
}

// role names a role.
func (w *complianceWords) role(name string) string { return firstOf(w.roles[name], name) }

// permission names a permission, with its code.
func (w *complianceWords) permission(p access.Permission) string {
	return named(firstOf(w.permissions[string(p)], string(p)), string(p))
}

// detail names a member of an entry's details.
func (w *complianceWords) detail(name string) string { return firstOf(w.names[name], name) }

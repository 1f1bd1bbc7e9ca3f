// Package access decides who may do what, and how far: the actor, the permissions, the scopes and the policy.
// It knows an Actor and looks nobody up. Refusals are recorded.
package access

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Permission is something a role can allow, such as "keys.issue".
type Permission string

// The permissions.
const (
	LogsKeysView     Permission = "logs.keys.view"
	KeysView         Permission = "keys.view"
	LogsActionsView  Permission = "logs.actions.view"
	LogsAuthView     Permission = "logs.auth.view"
	LogsWorkView     Permission = "logs.work.view"
	WorkView         Permission = "work.view"
	WorkCorrect      Permission = "work.correct"
	LogsSystemView   Permission = "logs.system.view"
	LogsPersonalView Permission = "logs.personal.view"
	LogsExport       Permission = "logs.export"
	LogsReview       Permission = "logs.review"
	LogsDelete       Permission = "logs.delete"
	LogsConfigure    Permission = "logs.configure"
	AccessManage     Permission = "access.manage"
	TokensManage     Permission = "tokens.manage"
	PrivacyManage    Permission = "privacy.manage"
	SystemConfigure  Permission = "system.configure"
	KeysManage       Permission = "keys.manage"
	KeysIssue        Permission = "keys.issue"
	KeysReserve      Permission = "keys.reserve"
	KeysApprove      Permission = "keys.approve"
	PeopleView       Permission = "people.view"
	PeopleManage     Permission = "people.manage"
	ActivityRecord   Permission = "activity.record"
	AuthRecord       Permission = "auth.record"
	WorkReport       Permission = "work.report"
	AlertsView       Permission = "alerts.view"
	AlertsManage     Permission = "alerts.manage"
	WallsView        Permission = "walls.view"
	WebhooksManage   Permission = "webhooks.manage"
)

// meaning says in words what a permission allows, to follow "you may not".
type meaning struct {
	permission Permission
	allows     string
}

// meanings lists every permission, in the order of the schema.
func meanings() []meaning {
	return []meaning{
		{LogsKeysView, "see movements of keys"},
		{KeysView, "see keys"},
		{LogsActionsView, "see records of activity"},
		{LogsAuthView, "see sign-ins"},
		{LogsWorkView, "see reports of work"},
		{WorkView, "see working hours"},
		{WorkCorrect, "correct working hours"},
		{LogsSystemView, "see what keytrail itself did"},
		{LogsPersonalView, "see personal details"},
		{LogsExport, "export logs"},
		{LogsReview, "flag and review entries"},
		{LogsDelete, "delete from logs"},
		{LogsConfigure, "set what is recorded and kept"},
		{AccessManage, "give and take roles and accounts"},
		{TokensManage, "make and revoke tokens"},
		{PrivacyManage, "decide privacy requests"},
		{SystemConfigure, "change settings"},
		{KeysManage, "create, change and retire keys"},
		{KeysIssue, "issue keys and take them back"},
		{KeysReserve, "reserve keys"},
		{KeysApprove, "approve the issue of keys"},
		{PeopleView, "see people"},
		{PeopleManage, "add and change people"},
		{ActivityRecord, "record activity"},
		{AuthRecord, "record sign-ins of other programs"},
		{WorkReport, "report work"},
		{AlertsView, "see alerts"},
		{AlertsManage, "handle alerts"},
		{WallsView, "see what displays on walls show"},
		{WebhooksManage, "say where events are sent to"},
	}
}

// Permissions lists every permission, in the order of the schema.
func Permissions() []Permission {
	all := make([]Permission, 0, len(meanings()))
	for _, m := range meanings() {
		all = append(all, m.permission)
	}
	return all
}

func (p Permission) allows() string {
	for _, m := range meanings() {
		if m.permission == p {
			return m.allows
		}
	}
	return "do this"
}

// MarshalGQL writes the permission as the schema's enum: keys.view is KEYS_VIEW.
func (p Permission) MarshalGQL(w io.Writer) {
	_, _ = io.WriteString(w, strconv.Quote(strings.ToUpper(strings.ReplaceAll(string(p), ".", "_"))))
}

// UnmarshalGQL reads the schema's enum.
func (p *Permission) UnmarshalGQL(v any) error {
	text, _ := v.(string)
	read := Permission(strings.ToLower(strings.ReplaceAll(text, "_", ".")))
	if !slices.ContainsFunc(meanings(), func(m meaning) bool { return m.permission == read }) {
		return fmt.Errorf("%.60q is not a permission", text)
	}
	*p = read
	return nil
}

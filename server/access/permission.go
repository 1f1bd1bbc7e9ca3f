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
	LogsSystemView   Permission = "logs.system.view"
	LogsPersonalView Permission = "logs.personal.view"
	LogsExport       Permission = "logs.export"
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
)

// Permissions lists every permission, in the order of the schema.
func Permissions() []Permission {
	return []Permission{
		LogsKeysView, KeysView, LogsActionsView, LogsAuthView, LogsWorkView, WorkView, LogsSystemView,
		LogsPersonalView, LogsExport, LogsDelete, LogsConfigure, AccessManage, TokensManage, PrivacyManage,
		SystemConfigure, KeysManage, KeysIssue, KeysReserve, KeysApprove, PeopleView, PeopleManage,
		ActivityRecord, AuthRecord, WorkReport, AlertsView, AlertsManage,
	}
}

// doing says in words what a permission allows, to follow "you may not".
func (p Permission) doing() string {
	switch p {
	case LogsKeysView:
		return "see movements of keys"
	case KeysView:
		return "see keys"
	case LogsActionsView:
		return "see records of activity"
	case LogsAuthView:
		return "see sign-ins"
	case LogsWorkView:
		return "see reports of work"
	case WorkView:
		return "see working hours"
	case LogsSystemView:
		return "see what keytrail itself did"
	case LogsPersonalView:
		return "see personal details"
	case LogsExport:
		return "export logs"
	case LogsDelete:
		return "delete from logs"
	case LogsConfigure:
		return "set what is recorded and kept"
	case AccessManage:
		return "give and take roles and accounts"
	case TokensManage:
		return "make and revoke tokens"
	case PrivacyManage:
		return "decide privacy requests"
	case SystemConfigure:
		return "change settings"
	case KeysManage:
		return "create, change and retire keys"
	case KeysIssue:
		return "issue keys and take them back"
	case KeysReserve:
		return "reserve keys"
	case KeysApprove:
		return "approve the issue of keys"
	case PeopleView:
		return "see people"
	case PeopleManage:
		return "add and change people"
	case ActivityRecord:
		return "record activity"
	case AuthRecord:
		return "record sign-ins of other programs"
	case WorkReport:
		return "report work"
	case AlertsView:
		return "see alerts"
	case AlertsManage:
		return "handle alerts"
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
	if !slices.Contains(Permissions(), read) {
		return fmt.Errorf("%.60q is not a permission", text)
	}
	*p = read
	return nil
}

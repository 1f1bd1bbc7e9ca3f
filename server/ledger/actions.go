package ledger

import "strings"

//go:generate go run ./actionsdoc ../../docs/actions.md

// Severity says how much attention an action deserves.
type Severity string

// The severities.
const (
	Info     Severity = "info"
	Notice   Severity = "notice"
	Warning  Severity = "warning"
	Critical Severity = "critical"
)

// The actions that keytrail's own services write.
const (
	KeyCreated      = "key.created"
	KeyUpdated      = "key.updated"
	KeyRetired      = "key.retired"
	KeyGroupCreated = "key.group_created"
	KeyGroupUpdated = "key.group_updated"
	KeyIssued       = "key.issued"
	KeyReturned     = "key.returned"
	KeyRingCreated  = "key.ring_created"
	KeyRingUpdated  = "key.ring_updated"
	KeyRingDeleted  = "key.ring_deleted"

	KeyReserved              = "key.reserved"
	KeyReservationCancelled  = "key.reservation_cancelled"
	KeyReservationOverridden = "key.reservation_overridden"
	KeyApprovalRequested     = "key.approval_requested"
	KeyApprovalGranted       = "key.approval_granted"
	KeyApprovalRefused       = "key.approval_refused"
	KeyApprovalCancelled     = "key.approval_cancelled"
	KeyExtended              = "key.extended"
	KeyLost                  = "key.reported_lost"
	KeyFound                 = "key.reported_found"
	KeyCorrected             = "key.corrected"

	KeyHandedOver         = "key.handed_over"
	KeyHandoverRequested  = "key.handover_requested"
	KeyHandoverDeclined   = "key.handover_declined"
	KeyHandoverCancelled  = "key.handover_cancelled"
	KeyInventoryCounted   = "key.inventory_counted"
	KeyDifferenceResolved = "key.difference_resolved"
	KeyReminderSent       = "key.reminder_sent"

	AuthSignedIn          = "auth.signed_in"
	AuthSignInFailed      = "auth.sign_in_failed"
	AuthSignedOut         = "auth.signed_out"
	AuthSessionExpired    = "auth.session_expired"
	AuthSessionInvalid    = "auth.session_invalid"
	AuthSessionRevoked    = "auth.session_revoked"
	AuthPasswordChanged   = "auth.password_changed"
	AuthPasswordSet       = "auth.password_set"
	AuthPasswordConfirmed = "auth.password_confirmed"
	AuthLockedOut         = "auth.locked_out"
	AuthRootInitialised   = "auth.root_initialised"
	AuthRootAccessed      = "auth.root_accessed"

	AuthTokenCreated        = "auth.token_created"
	AuthTokenFirstUsed      = "auth.token_first_used"
	AuthTokenRevoked        = "auth.token_revoked"
	AuthTokenExpired        = "auth.token_expired"
	AuthTokenInvalid        = "auth.token_invalid"
	AuthSecondFactorAdded   = "auth.second_factor_added"
	AuthSecondFactorAsked   = "auth.second_factor_asked"
	AuthSecondFactorFailed  = "auth.second_factor_failed"
	AuthSecondFactorRemoved = "auth.second_factor_removed"
	AuthRecoveryCodeUsed    = "auth.recovery_code_used"
	AuthRecoveryCodesMade   = "auth.recovery_codes_made"
	AuthExternalLinked      = "auth.external_identity_linked"
	AuthExternalFailed      = "auth.external_sign_in_failed"
	AccessAccountUnlocked   = "access.account_unlocked"

	AccessDenied            = "access.denied"
	AccessPersonCreated     = "access.person_created"
	AccessPersonUpdated     = "access.person_updated"
	AccessPersonMerged      = "access.person_merged"
	AccessDepartmentCreated = "access.department_created"
	AccessAccountCreated    = "access.account_created"
	AccessPasswordReset     = "access.password_reset"
	AccessRolesChanged      = "access.roles_changed"
	AccessAccountDisabled   = "access.account_disabled"
	AccessAccountEnabled    = "access.account_enabled"
	AccessAccountMoved      = "access.account_moved"
	AccessWorkUserDismissed = "access.work_user_dismissed"

	LogPruned = "log.pruned"
	LogViewed = "log.viewed"
	// LogRetentionSet and LogRetentionRun say how long entries are kept, and what went because of that.
	LogRetentionSet = "log.retention_set"
	LogRetentionRun = "log.retention_run"
	LogRestored     = "log.restored"
	// LogExported has its entity say what was taken out.
	LogExported = "log.exported"
	// LogFlagged and LogReviewed refer to the entries that they are about; LogDayReviewed closes a day.
	LogFlagged     = "log.flagged"
	LogReviewed    = "log.reviewed"
	LogDayReviewed = "log.day_reviewed"
	// LogSourceDeclared says which fields a program's entries have in plain from then on.
	LogSourceDeclared = "log.source_declared"

	SystemStarted           = "system.started"
	SystemStopped           = "system.stopped"
	SystemClockSteppedBack  = "system.clock_stepped_back"
	SystemSampleLoaded      = "system.sample_loaded"
	SystemCheckpointKeyMade = "system.checkpoint_key_made"
	SystemMasterKeyRotated  = "system.master_key_rotated"
	SystemIndexRebuilt      = "system.index_rebuilt"
	SystemBackedUp          = "system.backed_up"
	SystemRestored          = "system.restored"

	SystemWebhookCreated       = "system.webhook_created"
	SystemWebhookChanged       = "system.webhook_changed"
	SystemWebhookRemoved       = "system.webhook_removed"
	SystemWebhookSecretRotated = "system.webhook_secret_rotated"
	SystemWebhookReplayed      = "system.webhook_replayed"
	SystemWebhookResent        = "system.webhook_resent"
	SystemWebhookTested        = "system.webhook_tested"
	SystemWebhookPaused        = "system.webhook_paused"

	PrivacyKeyDestroyed     = "privacy.key_destroyed"
	PrivacyErasureAsked     = "privacy.erasure_requested"
	PrivacyErasureRefused   = "privacy.erasure_refused"
	PrivacyErasureApproved  = "privacy.erasure_approved"
	PrivacyErasureCompleted = "privacy.erasure_completed"
	PrivacyExported         = "privacy.person_exported"
	PrivacyConsentGiven     = "privacy.consent_given"
	PrivacyConsentWithdrawn = "privacy.consent_withdrawn"
	PrivacyHoldPlaced       = "privacy.hold_placed"
	PrivacyHoldReleased     = "privacy.hold_released"
	SystemCheckpointNotKept = "system.checkpoint_not_kept"
	SystemVerified          = "system.verified"

	WorkWorking   = "work.working"
	WorkStopped   = "work.stopped"
	WorkCorrected = "work.corrected"

	AlertRaised       = "alert.raised"
	AlertRepeated     = "alert.repeated"
	AlertEscalated    = "alert.escalated"
	AlertAcknowledged = "alert.acknowledged"
	AlertResolved     = "alert.resolved"
	AlertRuleCreated  = "alert.rule_created"
	AlertRuleChanged  = "alert.rule_changed"
	AlertRuleMuted    = "alert.rule_muted"
	AlertRuleUnmuted  = "alert.rule_unmuted"
	AlertRuleRemoved  = "alert.rule_removed"
)

// Action is a code that keytrail itself writes, and what it means.
type Action struct {
	Code     string
	Severity Severity
	Meaning  string
}

// Actions is the registry of every code that keytrail writes itself.
func Actions() []Action {
	return []Action{
		{KeyCreated, Info, "A key was added."},
		{KeyUpdated, Info, "A key's number, label or place was changed."},
		{KeyRetired, Notice, "A key was taken out of use for good."},
		{KeyGroupCreated, Info, "A group of keys was made."},
		{KeyGroupUpdated, Info, "A group's name, keys or rules were changed."},
		{KeyIssued, Info, "A key was issued to a holder."},
		{KeyReturned, Info, "A key was returned."},
		{KeyRingCreated, Info, "Keys were put on a ring."},
		{KeyRingUpdated, Info, "A ring's name or keys were changed."},
		{KeyRingDeleted, Info, "A ring was taken apart."},
		{KeyReserved, Info, "A key was reserved for somebody."},
		{KeyReservationCancelled, Info, "A reservation was cancelled."},
		{KeyReservationOverridden, Warning, "A key was issued to somebody else in spite of a reservation, which stands; the entry is about whom it was made for, and says why."},
		{KeyApprovalRequested, Notice, "Somebody wants to issue a key that a second person has to approve."},
		{KeyApprovalGranted, Notice, "A second person approved the issue of a key."},
		{KeyApprovalRefused, Notice, "A second person refused the issue of a key."},
		{KeyApprovalCancelled, Info, "Whoever wanted to issue a key took that back before it was decided."},

		{KeyExtended, Info, "The due time of a loan was moved on without the key coming back."},
		{KeyLost, Warning, "A key was reported lost; a loan of it ended."},
		{KeyFound, Notice, "A lost key was found and can be issued again."},
		{KeyCorrected, Notice, "It was said what is held to be true of a movement, which the entry refers to."},

		{KeyHandedOver, Info, "A holder gave a key to another, who accepted it: one loan ended and the next began."},
		{KeyHandoverRequested, Info, "A key was offered to another holder."},
		{KeyHandoverDeclined, Info, "A handover was declined."},
		{KeyHandoverCancelled, Info, "A handover that waited was taken back."},
		{KeyInventoryCounted, Notice, "The keys of a cabinet or a group were counted; the entry names those that differ."},
		{KeyDifferenceResolved, Info, "A difference that a count had found was settled without anything else happening."},
		{KeyReminderSent, Info, "The holder of a key was reminded by e-mail to bring it back."},

		{AuthSignedIn, Info, "Somebody signed in."},
		{AuthSignInFailed, Notice, "A sign-in failed: unknown name, wrong password, disabled or locked account."},
		{AuthSignedOut, Info, "Somebody signed out."},
		{AuthSessionExpired, Info, "Session timed out."},
		{AuthSessionInvalid, Notice, "A malformed or unknown session was presented."},
		{AuthSessionRevoked, Notice, "A session was ended by its owner or an admin."},
		{AuthPasswordChanged, Notice, "Somebody changed his password."},
		{AuthPasswordSet, Notice, "Somebody set his password by a one-time link."},
		{AuthPasswordConfirmed, Info, "Somebody entered his password again to do what needs a recent sign-in."},
		{AuthLockedOut, Warning, "Too many failed sign-ins: this name waits, at this network, before the next try."},
		{AuthRootInitialised, Critical, "The root account was made at the first start."},
		{AuthRootAccessed, Critical, "Somebody signed in as root."},

		{AuthTokenCreated, Notice, "A token was made, with which a program can call."},
		{AuthTokenFirstUsed, Notice, "A token was used for the first time."},
		{AuthTokenRevoked, Notice, "A token was revoked."},
		{AuthTokenExpired, Info, "A token's time is over."},
		{AuthTokenInvalid, Warning, "A token was presented that is malformed, unknown, revoked, expired, or not for the address it came from."},
		{AuthSecondFactorAdded, Notice, "Somebody added a second factor to his account."},
		{AuthSecondFactorAsked, Info, "A right password was given, and the second factor was asked for."},
		{AuthSecondFactorFailed, Warning, "A wrong code of a second factor was given by somebody who knows the password or is signed in."},
		{AuthSecondFactorRemoved, Warning, "A second factor was removed, by its owner or by an admin."},
		{AuthRecoveryCodeUsed, Warning, "A recovery code was used in place of the second factor."},
		{AuthRecoveryCodesMade, Notice, "New recovery codes were made; the former ones are worth nothing."},
		{AuthExternalLinked, Warning, "A user of an identity provider was linked to an account."},
		{AuthExternalFailed, Notice, "A sign-in through an identity provider failed: refused by its rules, disabled or not verifiable."},
		{AccessAccountUnlocked, Notice, "An admin forgave the failed sign-ins of an account."},

		{AccessDenied, Warning, "Somebody tried what he may not do."},
		{AccessPersonCreated, Info, "A person was added."},
		{AccessPersonUpdated, Info, "A person's details were changed."},
		{AccessPersonMerged, Warning, "Two persons of the directory turned out to be one; the refs name those who were merged into him."},
		{AccessDepartmentCreated, Info, "A department was added."},
		{AccessAccountCreated, Notice, "A person was given an account."},
		{AccessPasswordReset, Warning, "An operator set a new first password."},
		{AccessRolesChanged, Warning, "A person's roles were changed."},
		{AccessAccountDisabled, Warning, "An account was disabled, and its sessions ended."},
		{AccessAccountMoved, Warning, "An account moved to the person into whom its owner was merged; its sessions ended."},
		{AccessAccountEnabled, Warning, "An account that was disabled may be used again."},
		{AccessWorkUserDismissed, Notice, "A user whom reports of work named was said to be nobody who works here; the name is sealed."},

		{LogPruned, Warning, "Entries were deleted; this one names exactly which, why, and the archive that holds them."},
		{LogRetentionSet, Warning, "It was set how long entries of a stream, or of a part of it, are kept."},
		{LogRetentionRun, Notice, "What had been kept for long enough was archived and deleted; the outcome is failure when that stopped half-way."},
		{LogRestored, Warning, "Entries that had been deleted were put back from an archive, which this entry names."},
		{LogViewed, Info, "Somebody looked at a log."},
		{LogExported, Notice, "Somebody took a list out as a file."},
		{LogFlagged, Notice, "Somebody flagged entries as suspicious."},
		{LogReviewed, Info, "Somebody reviewed entries."},
		{LogDayReviewed, Info, "Somebody closed a day with a note."},
		{LogSourceDeclared, Warning, "A program's purpose, the fields that it has in plain and the words for its actions were declared."},

		{SystemStarted, Info, "keytrail started."},
		{SystemStopped, Info, "keytrail stopped."},
		{SystemClockSteppedBack, Warning, "The server's clock went back; recording times stay where they were until it catches up."},
		{SystemSampleLoaded, Notice, "An invented sample organisation was loaded."},
		{SystemCheckpointKeyMade, Critical, "The key that signs checkpoints was made."},
		{SystemMasterKeyRotated, Notice, "The master key was replaced, and the keys that it wraps were wrapped anew."},
		{SystemIndexRebuilt, Notice, "The tables that queries are answered from were built anew from the entries."},
		{SystemBackedUp, Notice, "A backup was made; the outcome is failure when it could not be, and the details say why."},
		{SystemRestored, Critical, "The database was restored from a backup; the details say how many entries are known to be lost with that."},

		{SystemWebhookCreated, Warning, "It was set that events are sent to an address; the entry names the events and the host."},
		{SystemWebhookChanged, Warning, "A webhook's address, events or description were changed, or it was turned off or on."},
		{SystemWebhookRemoved, Notice, "A webhook was removed: no more events are sent to its address."},
		{SystemWebhookSecretRotated, Notice, "A webhook was given a new secret; the former signs along with it for a day."},
		{SystemWebhookReplayed, Notice, "A webhook is sent once more what happened from some entry on."},
		{SystemWebhookResent, Notice, "An event that had been given up is sent to a webhook once more."},
		{SystemWebhookTested, Info, "A webhook was sent an invented event; the outcome says whether it took it."},
		{SystemWebhookPaused, Warning, "An event could not be delivered to a webhook for too long: it was given up, and the webhook waits until somebody turns it on again."},

		{PrivacyKeyDestroyed, Warning, "A person's or a month's key was destroyed: what is sealed under it can never be read again."},
		{PrivacyErasureAsked, Warning, "Somebody asked to erase a person; a second person has to approve it. The reason is sealed under the person."},
		{PrivacyErasureRefused, Notice, "A request to erase a person was refused by a second person."},
		{PrivacyErasureApproved, Critical, "A second person approved the erasure of a person: his account is gone and his keys are destroyed with this."},
		{PrivacyErasureCompleted, Warning, "An erasure is complete: the master key was replaced after the person's keys were destroyed, so that what files still hold opens no more."},
		{PrivacyExported, Notice, "Everything about one person was taken out as a file."},
		{PrivacyConsentGiven, Notice, "A person consented to a purpose; the entry names it and the version of its text."},
		{PrivacyConsentWithdrawn, Notice, "A person withdrew his consent to a purpose."},
		{PrivacyHoldPlaced, Warning, "Entries that name a person are kept until this legal hold is released; the reason is sealed."},
		{PrivacyHoldReleased, Warning, "A legal hold was released: entries that name the person go when their time is over."},
		{SystemCheckpointNotKept, Warning, "A place outside has not taken checkpoints for a long time; the next that it takes ends the outage."},
		{SystemVerified, Info, "The whole ledger was verified; the outcome is failure when something was not as it must be."},

		{WorkWorking, Info, "A workstation reported that somebody works at it."},
		{WorkStopped, Info, "A workstation reported that somebody stopped working at it: idle, locked, asleep or shut down."},
		{WorkCorrected, Notice, "It was said whether somebody worked at a time, instead of what was reported; the reason is sealed."},

		{AlertRaised, Warning, "Something needs attention; the entry names the rule and the entries that it rests on."},
		{AlertRepeated, Notice, "What an alert was raised for happened again before it was resolved. One that was acknowledged an hour ago or more is open again: `reopened`."},
		{AlertEscalated, Warning, "An alert became more urgent because what it was raised for went on."},
		{AlertAcknowledged, Info, "Somebody takes care of an alert."},
		{AlertResolved, Notice, "Somebody ended an alert with a note, or it ended by itself because its cause did: the entry says how."},
		{AlertRuleCreated, Notice, "An alert rule was made; the entry says what it looks for, and its name is sealed."},
		{AlertRuleChanged, Warning, "An alert rule was changed, turned off or turned on; the entry says what it looks for from then on."},
		{AlertRuleMuted, Warning, "An alert rule raises nothing until a time, but goes on counting; the reason is sealed."},
		{AlertRuleUnmuted, Notice, "A mute of an alert rule was ended; the entry says how many alerts were not raised."},
		{AlertRuleRemoved, Warning, "An alert rule was removed; its alerts stay."},
	}
}

// reservedPrefixes are written by keytrail's own services only.
func reservedPrefixes() []string {
	return []string{"key.", "auth.", "access.", "log.", "work.", "privacy.", "alert.", "system."}
}

// Reserved reports whether only keytrail's own services may write the action.
func Reserved(action string) bool {
	for _, p := range reservedPrefixes() {
		if strings.HasPrefix(action, p) {
			return true
		}
	}
	return false
}

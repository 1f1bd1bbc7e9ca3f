import {
  IconArrowDown,
  IconArrowUp,
  IconBell,
  IconBellCheck,
  IconBellRinging,
  IconClockExclamation,
  IconClockX,
  IconDatabaseCog,
  IconEye,
  IconFolderPlus,
  IconKey,
  IconKeyOff,
  IconLock,
  IconLogin2,
  IconLogout,
  IconMail,
  IconPencil,
  IconPlayerPlay,
  IconPlayerStop,
  IconPlugConnected,
  IconPlugX,
  IconPlus,
  type IconProps,
  IconRefresh,
  IconScissors,
  IconShieldCheck,
  IconShieldExclamation,
  IconShieldLock,
  IconShieldX,
  IconUserCheck,
  IconUserEdit,
  IconUserPlus,
  IconX,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';

/** How an action looks: its mark, and the colour that carries its state (never alone). */
export interface ActionLook {
  icon: ComponentType<IconProps>;
  tone: 'issued' | 'returned' | 'overdue' | 'quiet';
}

/** Every action that keytrail itself writes. */
export const actions = {
  'key.issued': { icon: IconArrowUp, tone: 'issued' },
  'key.returned': { icon: IconArrowDown, tone: 'returned' },
  'key.reminder_sent': { icon: IconMail, tone: 'quiet' },
  'key.created': { icon: IconPlus, tone: 'quiet' },
  'key.updated': { icon: IconPencil, tone: 'quiet' },
  'key.retired': { icon: IconKeyOff, tone: 'quiet' },
  'key.group_created': { icon: IconFolderPlus, tone: 'quiet' },
  'key.group_updated': { icon: IconPencil, tone: 'quiet' },
  'auth.signed_in': { icon: IconLogin2, tone: 'returned' },
  'auth.sign_in_failed': { icon: IconX, tone: 'overdue' },
  'auth.signed_out': { icon: IconLogout, tone: 'quiet' },
  'auth.session_expired': { icon: IconClockX, tone: 'quiet' },
  'auth.session_invalid': { icon: IconShieldX, tone: 'overdue' },
  'auth.session_revoked': { icon: IconShieldX, tone: 'issued' },
  'auth.password_changed': { icon: IconUserCheck, tone: 'quiet' },
  'auth.password_set': { icon: IconUserCheck, tone: 'quiet' },
  'auth.password_confirmed': { icon: IconUserCheck, tone: 'quiet' },
  'auth.locked_out': { icon: IconLock, tone: 'overdue' },
  'auth.root_initialised': { icon: IconShieldLock, tone: 'issued' },
  'auth.root_accessed': { icon: IconShieldLock, tone: 'issued' },
  'auth.second_factor_added': { icon: IconShieldCheck, tone: 'returned' },
  'auth.second_factor_asked': { icon: IconShieldLock, tone: 'quiet' },
  'auth.second_factor_failed': { icon: IconShieldX, tone: 'overdue' },
  'auth.second_factor_removed': { icon: IconShieldExclamation, tone: 'issued' },
  'auth.recovery_code_used': { icon: IconKey, tone: 'issued' },
  'auth.recovery_codes_made': { icon: IconRefresh, tone: 'quiet' },
  'auth.external_identity_linked': { icon: IconUserPlus, tone: 'issued' },
  'auth.external_sign_in_failed': { icon: IconX, tone: 'overdue' },
  'access.account_unlocked': { icon: IconUserCheck, tone: 'quiet' },
  'auth.token_created': { icon: IconPlugConnected, tone: 'quiet' },
  'auth.token_first_used': { icon: IconPlugConnected, tone: 'returned' },
  'auth.token_revoked': { icon: IconPlugX, tone: 'issued' },
  'auth.token_expired': { icon: IconClockX, tone: 'quiet' },
  'auth.token_invalid': { icon: IconPlugX, tone: 'overdue' },
  'access.denied': { icon: IconShieldX, tone: 'overdue' },
  'access.person_created': { icon: IconUserPlus, tone: 'quiet' },
  'access.person_updated': { icon: IconUserEdit, tone: 'quiet' },
  'access.account_disabled': { icon: IconLock, tone: 'overdue' },
  'access.account_enabled': { icon: IconUserCheck, tone: 'returned' },
  'access.department_created': { icon: IconFolderPlus, tone: 'quiet' },
  'access.account_created': { icon: IconUserPlus, tone: 'quiet' },
  'access.password_reset': { icon: IconUserCheck, tone: 'issued' },
  'access.roles_changed': { icon: IconUserEdit, tone: 'issued' },
  'log.viewed': { icon: IconEye, tone: 'quiet' },
  'log.pruned': { icon: IconScissors, tone: 'issued' },
  'privacy.key_destroyed': { icon: IconKeyOff, tone: 'issued' },
  'system.started': { icon: IconPlayerPlay, tone: 'quiet' },
  'system.stopped': { icon: IconPlayerStop, tone: 'quiet' },
  'system.clock_stepped_back': { icon: IconClockExclamation, tone: 'overdue' },
  'system.sample_loaded': { icon: IconDatabaseCog, tone: 'quiet' },
  'system.checkpoint_key_made': { icon: IconKey, tone: 'issued' },
  'system.checkpoint_not_kept': { icon: IconShieldExclamation, tone: 'overdue' },
  'system.master_key_rotated': { icon: IconRefresh, tone: 'issued' },
  'system.index_rebuilt': { icon: IconDatabaseCog, tone: 'quiet' },
  'system.verified': { icon: IconShieldCheck, tone: 'returned' },
  'alert.raised': { icon: IconBellRinging, tone: 'overdue' },
  'alert.repeated': { icon: IconBell, tone: 'issued' },
  'alert.escalated': { icon: IconBellRinging, tone: 'overdue' },
  'alert.acknowledged': { icon: IconEye, tone: 'quiet' },
  'alert.resolved': { icon: IconBellCheck, tone: 'returned' },
} satisfies Record<string, ActionLook>;

export type KnownAction = keyof typeof actions;

/** The actions of the stream of sign-ins. */
export const authActions = (Object.keys(actions) as KnownAction[]).filter((action) =>
  /^auth\.|^access\.(denied|account|password)/.test(action),
);

/** The actions of the stream of what keytrail itself did, and of who looked. */
export const systemActions = (Object.keys(actions) as KnownAction[]).filter(
  (action) => !action.startsWith('key.') && !authActions.includes(action),
);

export function isKnown(action: string): action is KnownAction {
  return Object.hasOwn(actions, action);
}

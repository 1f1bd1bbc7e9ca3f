import { type Cache, cacheExchange, type UpdateResolver } from '@urql/exchange-graphcache';

const embedded = () => null;

/** Types that have no identity of their own and live inside their parent. */
const withoutIdentity = [
  'Viewer',
  'Grant',
  'Server',
  'SampleAccount',
  'PageInfo',
  'Entity',
  'Calendar',
  'CalendarDay',
  'Integrity',
  'Verification',
  'CheckpointSink',
  'Checkpoint',
  'InclusionProof',
  'ConsistencyProof',
  'KeyStateCount',
  'Pairing',
  'PairingRequest',
  'ApprovePairingPayload',
  'Wall',
  'WallGroup',
  'WallLoan',
  'WallMovement',
  'KeyConnection',
  'KeyEdge',
  'KeyGroupConnection',
  'KeyGroupEdge',
  'KeyLogConnection',
  'KeyLogEdge',
  'KeyTaker',
  'WeeklyWindow',
  'DefaultLoan',
  'KeyRingConnection',
  'KeyRingEdge',
  'SaveKeyRingPayload',
  'DeleteKeyRingPayload',
  'ReservationConnection',
  'ReservationEdge',
  'ReserveKeysPayload',
  'CancelReservationPayload',
  'ApprovalConnection',
  'ApprovalEdge',
  'DecideApprovalPayload',
  'CancelApprovalPayload',
  'LoanConnection',
  'LoanEdge',
  'AuthLogConnection',
  'AuthLogEdge',
  'SystemLogConnection',
  'SystemLogEdge',
  'PersonConnection',
  'PersonEdge',
  'SignInPayload',
  'SignInProvider',
  'SecondFactor',
  'EnrolTotpPayload',
  'ConfirmTotpPayload',
  'RemoveTotpPayload',
  'RegenerateRecoveryCodesPayload',
  'ChangePasswordPayload',
  'CreateKeyPayload',
  'UpdateKeyPayload',
  'RetireKeyPayload',
  'SaveKeyGroupPayload',
  'IssueKeysPayload',
  'ReturnKeysPayload',
  'AlertConnection',
  'AlertEdge',
  'AcknowledgeAlertPayload',
  'ResolveAlertPayload',
  'CreatePersonPayload',
  'ImportPeoplePayload',
  'ExternalName',
  'ImportedPerson',
  'UpdatePersonPayload',
  'AccountConnection',
  'AccountEdge',
  'SessionConnection',
  'SessionEdge',
  'Role',
  'PersonAccess',
  'Allowed',
  'Because',
  'CreateAccountPayload',
  'ResetPasswordPayload',
  'SetPasswordPayload',
  'DisableAccountPayload',
  'EnableAccountPayload',
  'ConfirmPasswordPayload',
  'SetRolesPayload',
  'RevokeSessionPayload',
  'EndSessionsPayload',
  'ApiTokenConnection',
  'ApiTokenEdge',
  'CreateApiTokenPayload',
  'RevokeApiTokenPayload',
  'RecordAuthPayload',
  'RefusedEvent',
  'Outbox',
  'DeadLetterConnection',
  'DeadLetterEdge',
];

/** Forgets every stored answer of some root fields, so that lists which show them are asked for anew. */
function forget(...fields: string[]): UpdateResolver {
  return (_result, _arguments, cache) => {
    for (const field of fields) forgetField(cache, field);
  };
}

function forgetField(cache: Cache, name: string): void {
  for (const field of cache.inspectFields('Query')) {
    if (field.fieldName === name) cache.invalidate('Query', field.fieldKey);
  }
}

/**
 * The normalised cache: what a mutation or a feed brings is merged by id, so that every place which shows a key
 * shows its newest state. Lists whose membership a mutation changes are forgotten and asked for again.
 */
export function normalisedCache() {
  return cacheExchange({
    keys: Object.fromEntries(withoutIdentity.map((type) => [type, embedded])),
    updates: {
      Mutation: {
        issueKeys: forget('loans', 'reservations', 'approvals'),
        reserveKeys: forget('reservations', 'keys'),
        cancelReservation: forget('reservations', 'keys'),
        decideApproval: forget('approvals', 'loans', 'reservations'),
        cancelApproval: forget('approvals'),
        saveKeyRing: forget('keyRings', 'keys'),
        deleteKeyRing: forget('keyRings', 'keys'),
        returnKeys: forget('loans'),
        createKey: forget('keys', 'keyGroups'),
        updateKey: forget('keys'),
        retireKey: forget('keys', 'keyGroups'),
        saveKeyGroup: forget('keyGroups', 'keys'),
        createPerson: forget('people', 'departments'),
        updatePerson: forget('people', 'departments'),
        importPeople: forget('people', 'departments'),
        mergePersons: forget('people', 'person', 'loans', 'accounts', 'access'),
        acknowledgeAlert: forget('alerts'),
        resolveAlert: forget('alerts'),
        createAccount: forget('accounts', 'access', 'people'),
        setRoles: forget('accounts', 'access', 'people'),
        revokeSession: forget('sessions'),
        endSessions: forget('sessions'),
        createApiToken: forget('apiTokens'),
      },
    },
  });
}

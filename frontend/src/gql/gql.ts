/* eslint-disable */
import * as types from './graphql';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query PaletteKeys($search: String!) {\n    keys(filter: { search: $search }, first: 7) {\n      edges {\n        node {\n          id\n          number\n          label\n          state\n        }\n      }\n    }\n  }\n": typeof types.PaletteKeysDocument,
    "\n  query PalettePeople($search: String!) {\n    people(search: $search, first: 5) {\n      edges {\n        node {\n          id\n          name\n        }\n      }\n    }\n  }\n": typeof types.PalettePeopleDocument,
    "\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      viewer {\n        mustChangePassword\n      }\n    }\n  }\n": typeof types.ChangePasswordDocument,
    "\n  query Session {\n    viewer {\n      person {\n        id\n        name\n      }\n      account {\n        id\n        username\n      }\n      roles\n      permissions {\n        permission\n        scope\n      }\n      mustChangePassword\n    }\n    server {\n      version\n      timeZone\n      time\n      sample\n      ...SignInServer\n    }\n  }\n": typeof types.SessionDocument,
    "\n  mutation SignOut {\n    signOut\n  }\n": typeof types.SignOutDocument,
    "\n  mutation SetPassword($input: SetPasswordInput!) {\n    setPassword(input: $input) {\n      username\n    }\n  }\n": typeof types.SetPasswordDocument,
    "\n  fragment SignInServer on Server {\n    signInProvider {\n      label\n      startPath\n    }\n    sample\n    sampleAccounts {\n      username\n      password\n      role\n    }\n  }\n": typeof types.SignInServerFragmentDoc,
    "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      secondFactorRequired\n      viewer {\n        account {\n          id\n        }\n      }\n    }\n  }\n": typeof types.SignInDocument,
    "\n  mutation ConfirmPassword($input: ConfirmPasswordInput!) {\n    confirmPassword(input: $input) {\n      confirmedUntil\n    }\n  }\n": typeof types.ConfirmPasswordDocument,
    "\n  fragment AlertLive on Alert {\n    id\n    rule\n    severity\n    state\n    raisedAt\n    lastAt\n    evidence\n    evidenceCount\n    changedAt\n    note\n    ending\n    groupName\n    customRuleName\n    unreadable\n    key {\n      id\n      number\n    }\n    person {\n      id\n      name\n    }\n    changedBy {\n      id\n      name\n    }\n  }\n": typeof types.AlertLiveFragmentDoc,
    "\n  subscription AlertFeed {\n    alertFeed {\n      id\n      ...AlertLive\n    }\n  }\n": typeof types.AlertFeedDocument,
    "\n  query OpenAlerts {\n    alerts(filter: { states: [OPEN] }, first: 1) {\n      totalCount\n    }\n  }\n": typeof types.OpenAlertsDocument,
    "\n  fragment ApprovalLive on Approval {\n    id\n    state\n    requestedAt\n    expiresAt\n    dueAt\n    comment\n    overrideReason\n    decidedAt\n    note\n    mayDecide\n    keys {\n      id\n      number\n      label\n    }\n    holder {\n      id\n      name\n    }\n    requestedBy {\n      id\n      name\n    }\n    decidedBy {\n      id\n      name\n    }\n  }\n": typeof types.ApprovalLiveFragmentDoc,
    "\n  subscription ApprovalFeed {\n    approvalFeed {\n      id\n      ...ApprovalLive\n    }\n  }\n": typeof types.ApprovalFeedDocument,
    "\n  query WaitingApprovals {\n    approvals(filter: { states: [PENDING], mayDecide: true }, first: 100) {\n      edges {\n        node {\n          id\n        }\n      }\n    }\n  }\n": typeof types.WaitingApprovalsDocument,
    "\n  query ActivityEntry($seq: Int64!) {\n    entry(seq: $seq) {\n      __typename\n      ... on ActivityEntry {\n        id\n        seq\n        action\n        occurredAt\n        recordedAt\n        source\n        actionTitle\n        module\n        outcome\n        ip\n        userAgent\n        device\n        location\n        bulkId\n        metadata\n        body\n        actor {\n          id\n          name\n        }\n        entity {\n          type\n          id\n          label\n        }\n        objects {\n          type\n          id\n        }\n        changes {\n          path\n          before\n          after\n          hidden\n        }\n        request {\n          direction\n          method\n          service\n          url\n          path\n          query\n          headers\n          body\n        }\n        response {\n          status\n          durationMs\n          headers\n          body\n          error\n        }\n        proof {\n          treeSize\n          leafData\n          leafHash\n          rootHash\n          hashes\n        }\n      }\n    }\n  }\n": typeof types.ActivityEntryDocument,
    "\n  query AuthEntry($seq: Int64!) {\n    entry(seq: $seq) {\n      __typename\n      ... on AuthEntry {\n        id\n        seq\n        action\n        occurredAt\n        recordedAt\n        source\n        module\n        outcome\n        ip\n        userAgent\n        device\n        location\n        username\n        reason\n        session\n        body\n        actor {\n          id\n          name\n        }\n        proof {\n          treeSize\n          leafData\n          leafHash\n          rootHash\n          hashes\n        }\n      }\n    }\n  }\n": typeof types.AuthEntryDocument,
    "\n  mutation CorrectMovement($input: CorrectMovementInput!) {\n    correctMovement(input: $input) {\n      entry {\n        id\n        ...Movement\n      }\n      loan {\n        id\n        issuedAt\n        returnedAt\n        end\n        holder {\n          id\n          name\n        }\n      }\n      key {\n        id\n        ...KeyLive\n      }\n    }\n  }\n": typeof types.CorrectMovementDocument,
    "\n  query KeyEntry($seq: Int64!) {\n    entry(seq: $seq) {\n      __typename\n      ... on KeyLogEntry {\n        id\n        seq\n        action\n        occurredAt\n        recordedAt\n        source\n        module\n        outcome\n        ip\n        userAgent\n        device\n        location\n        comment\n        reason\n        overrideReason\n        dueAt\n        previousDueAt\n        body\n        previousHolder {\n          id\n          name\n        }\n        correction {\n          occurredAt\n          previousOccurredAt\n          void\n        }\n        corrects {\n          id\n          seq\n        }\n        correctedBy {\n          id\n          seq\n          occurredAt\n          reason\n          comment\n          holder {\n            id\n            name\n          }\n          correction {\n            occurredAt\n            previousOccurredAt\n            void\n          }\n        }\n        actor {\n          id\n          name\n        }\n        holder {\n          id\n          name\n        }\n        entity {\n          type\n          id\n          label\n        }\n        key {\n          id\n          number\n          label\n        }\n        proof {\n          treeSize\n          leafData\n          leafHash\n          rootHash\n          hashes\n        }\n      }\n    }\n  }\n": typeof types.KeyEntryDocument,
    "\n  query PersonName($id: ID!) {\n    person(id: $id) {\n      id\n      name\n    }\n  }\n": typeof types.PersonNameDocument,
    "\n  query SystemEntry($seq: Int64!) {\n    entry(seq: $seq) {\n      __typename\n      ... on SystemEntry {\n        id\n        seq\n        action\n        occurredAt\n        recordedAt\n        source\n        module\n        outcome\n        ip\n        userAgent\n        device\n        location\n        details\n        filter\n        purpose\n        body\n        actor {\n          id\n          name\n        }\n        entity {\n          type\n          id\n          label\n        }\n        proof {\n          treeSize\n          leafData\n          leafHash\n          rootHash\n          hashes\n        }\n      }\n    }\n  }\n": typeof types.SystemEntryDocument,
    "\n  query WorkEntry($seq: Int64!) {\n    entry(seq: $seq) {\n      __typename\n      ... on WorkEntry {\n        id\n        seq\n        action\n        occurredAt\n        recordedAt\n        source\n        module\n        outcome\n        ip\n        userAgent\n        device\n        location\n        user\n        workstation\n        assurance\n        reason\n        body\n        person {\n          id\n          name\n        }\n        actor {\n          id\n          name\n        }\n        proof {\n          treeSize\n          leafData\n          leafHash\n          rootHash\n          hashes\n        }\n      }\n    }\n  }\n": typeof types.WorkEntryDocument,
    "\n  query EntryCentre($seq: Int64!) {\n    entry(seq: $seq) {\n      __typename\n      id\n      seq\n      stream\n      occurredAt\n      source\n      actor {\n        id\n        name\n      }\n      entity {\n        type\n        id\n        label\n      }\n      ... on KeyLogEntry {\n        holder {\n          id\n          name\n        }\n      }\n      ... on WorkEntry {\n        person {\n          id\n          name\n        }\n      }\n      ... on ActivityEntry {\n        bulkId\n      }\n    }\n  }\n": typeof types.EntryCentreDocument,
    "\n  query EntriesAround($filter: LogFilter!, $first: Int!) {\n    timeline(filter: $filter, first: $first) {\n      edges {\n        node {\n          __typename\n          id\n          seq\n          occurredAt\n          action\n          entity {\n            type\n            id\n            label\n          }\n          ... on ActivityEntry {\n            actionTitle\n            bulkId\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.EntriesAroundDocument,
    "\n  query KeysHeldThen($holder: ID!, $at: Time!) {\n    loans(filter: { holder: $holder, heldAt: $at }, first: 50) {\n      edges {\n        node {\n          id\n          issuedAt\n          key {\n            id\n            number\n            label\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.KeysHeldThenDocument,
    "\n  query SignInsBefore($person: ID!, $before: Time!) {\n    authLog(filter: { person: $person, to: $before }, first: 20) {\n      edges {\n        node {\n          id\n          seq\n          action\n          occurredAt\n          device\n          location\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.SignInsBeforeDocument,
    "\n  query WorkThen($person: ID!, $date: Date!) {\n    workDays(date: $date, filter: { person: $person }, first: 1) {\n      edges {\n        node {\n          spans {\n            from\n            to\n            estimated\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.WorkThenDocument,
    "\n  fragment Reviewed on LogEntry {\n    id\n    review {\n      state\n      verdict\n      note\n      at\n      by {\n        id\n        name\n      }\n    }\n  }\n": typeof types.ReviewedFragmentDoc,
    "\n  query EntryReview($seq: Int64!) {\n    entry(seq: $seq) {\n      id\n      ...Reviewed\n    }\n  }\n": typeof types.EntryReviewDocument,
    "\n  mutation FlagEntries($input: FlagEntriesInput!) {\n    flagEntries(input: $input) {\n      entries {\n        id\n        ...Reviewed\n      }\n    }\n  }\n": typeof types.FlagEntriesDocument,
    "\n  mutation ReviewEntries($input: ReviewEntriesInput!) {\n    reviewEntries(input: $input) {\n      entries {\n        id\n        ...Reviewed\n      }\n    }\n  }\n": typeof types.ReviewEntriesDocument,
    "\n  query OfferedValues($filter: LogFilter, $by: CountBy!) {\n    logCounts(filter: $filter, by: $by) {\n      counts {\n        key\n        person {\n          id\n          name\n        }\n      }\n    }\n  }\n": typeof types.OfferedValuesDocument,
    "\n  query PersonsNamed($name: String!) {\n    people(search: $name, first: 12) {\n      edges {\n        node {\n          id\n          name\n        }\n      }\n    }\n  }\n": typeof types.PersonsNamedDocument,
    "\n  query Exports {\n    exportJobs {\n      id\n      list\n      format\n      state\n      problem\n      rowsDone\n      rowsTotal\n      rowsPerSecond\n      createdAt\n      expiresAt\n      path\n    }\n  }\n": typeof types.ExportsDocument,
    "\n  mutation StartExport($input: StartExportInput!) {\n    startExport(input: $input) {\n      job {\n        id\n      }\n    }\n  }\n": typeof types.StartExportDocument,
    "\n  mutation CancelExport($id: ID!) {\n    cancelExport(input: { id: $id }) {\n      job {\n        id\n        state\n      }\n    }\n  }\n": typeof types.CancelExportDocument,
    "\n  query Buildings {\n    keys(first: 500) {\n      edges {\n        node {\n          id\n          building\n        }\n      }\n    }\n  }\n": typeof types.BuildingsDocument,
    "\n  query KeyGroups {\n    keyGroups(first: 500) {\n      edges {\n        node {\n          id\n          name\n          keyCount\n        }\n      }\n    }\n  }\n": typeof types.KeyGroupsDocument,
    "\n  fragment Handover on Handover {\n    id\n    state\n    dueAt\n    requestedAt\n    expiresAt\n    key {\n      id\n      number\n      label\n    }\n    from {\n      id\n      name\n    }\n    to {\n      id\n      name\n    }\n    requestedBy {\n      id\n    }\n  }\n": typeof types.HandoverFragmentDoc,
    "\n  mutation AcceptHandover($input: AcceptHandoverInput!) {\n    acceptHandover(input: $input) {\n      handover {\n        id\n        state\n        key {\n          id\n          ...KeyLive\n        }\n        loan {\n          id\n          handover {\n            id\n          }\n        }\n      }\n      loans {\n        id\n        returnedAt\n        end\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n": typeof types.AcceptHandoverDocument,
    "\n  mutation CancelHandover($input: CancelHandoverInput!) {\n    cancelHandover(input: $input) {\n      handover {\n        id\n        state\n        loan {\n          id\n          handover {\n            id\n          }\n        }\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n": typeof types.CancelHandoverDocument,
    "\n  query OfferedHandovers($person: ID!) {\n    handovers(filter: { person: $person, state: PENDING }, first: 100) {\n      edges {\n        node {\n          id\n          ...Handover\n        }\n      }\n    }\n  }\n": typeof types.OfferedHandoversDocument,
    "\n  query Holders($search: String) {\n    people(search: $search, first: 12) {\n      edges {\n        node {\n          id\n          ...Holder\n        }\n      }\n    }\n  }\n": typeof types.HoldersDocument,
    "\n  query RecentHolders {\n    loans(first: 40) {\n      edges {\n        node {\n          id\n          holder {\n            id\n            ...Holder\n          }\n        }\n      }\n    }\n  }\n": typeof types.RecentHoldersDocument,
    "\n  fragment Holder on Person {\n    id\n    name\n    badge\n    company\n    department {\n      id\n      name\n    }\n  }\n": typeof types.HolderFragmentDoc,
    "\n  query MovementFeedStart {\n    keyLog(first: 1) {\n      edges {\n        node {\n          id\n          cursor\n          recordedAt\n        }\n      }\n    }\n  }\n": typeof types.MovementFeedStartDocument,
    "\n  subscription MovementFeed($after: Cursor) {\n    keyFeed(after: $after) {\n      id\n      cursor\n      ...Movement\n      key {\n        ...KeyLive\n      }\n    }\n  }\n": typeof types.MovementFeedDocument,
    "\n  fragment KeyLive on Key {\n    id\n    number\n    label\n    category\n    building\n    floor\n    room\n    cabinet\n    hook\n    state\n    version\n    retiredAt\n    groups {\n      id\n      name\n    }\n    loan {\n      id\n      issuedAt\n      dueAt\n      overdue\n      holder {\n        id\n        name\n      }\n      issuedBy {\n        id\n        name\n      }\n    }\n  }\n": typeof types.KeyLiveFragmentDoc,
    "\n  fragment Movement on KeyLogEntry {\n    id\n    seq\n    cursor\n    action\n    occurredAt\n    comment\n    dueAt\n    actor {\n      id\n      name\n    }\n    holder {\n      id\n      name\n    }\n    entity {\n      type\n      id\n      label\n    }\n    key {\n      id\n      number\n      label\n      building\n      groups {\n        id\n      }\n    }\n  }\n": typeof types.MovementFragmentDoc,
    "\n  mutation CancelReservation($input: CancelReservationInput!) {\n    cancelReservation(input: $input) {\n      reservations {\n        id\n        ...ReservationRow\n      }\n    }\n  }\n": typeof types.CancelReservationDocument,
    "\n  fragment ReservationRow on Reservation {\n    id\n    from\n    to\n    state\n    comment\n    holder {\n      id\n      name\n    }\n    reservedBy {\n      id\n      name\n    }\n    key {\n      id\n      number\n      label\n      building\n      ring {\n        id\n        name\n      }\n      groups {\n        id\n      }\n    }\n  }\n": typeof types.ReservationRowFragmentDoc,
    "\n  query SavedViews($list: ViewedList!) {\n    savedViews(list: $list) {\n      id\n      list\n      name\n      search\n    }\n  }\n": typeof types.SavedViewsDocument,
    "\n  mutation SaveView($input: SaveViewInput!) {\n    saveView(input: $input) {\n      view {\n        id\n        list\n        name\n        search\n      }\n    }\n  }\n": typeof types.SaveViewDocument,
    "\n  mutation DeleteView($input: DeleteViewInput!) {\n    deleteView(input: $input) {\n      id\n    }\n  }\n": typeof types.DeleteViewDocument,
    "\n  query Accounts($search: String, $first: Int!, $after: Cursor) {\n    accounts(search: $search, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...AccountRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.AccountsDocument,
    "\n  mutation ResetPassword($account: ID!) {\n    resetPassword(input: { account: $account }) {\n      setupLink\n      account {\n        id\n        ...AccountRow\n      }\n    }\n  }\n": typeof types.ResetPasswordDocument,
    "\n  mutation DisableAccount($account: ID!) {\n    disableAccount(input: { account: $account }) {\n      account {\n        id\n        ...AccountRow\n      }\n    }\n  }\n": typeof types.DisableAccountDocument,
    "\n  mutation EnableAccount($account: ID!) {\n    enableAccount(input: { account: $account }) {\n      account {\n        id\n        ...AccountRow\n      }\n    }\n  }\n": typeof types.EnableAccountDocument,
    "\n  mutation EndSessionsOf($account: ID!) {\n    endSessions(input: { account: $account }) {\n      ended\n    }\n  }\n": typeof types.EndSessionsOfDocument,
    "\n  mutation UnlockAccount($account: ID!) {\n    unlockAccount(account: $account)\n  }\n": typeof types.UnlockAccountDocument,
    "\n  mutation RemoveSecondFactor($account: ID!) {\n    removeSecondFactor(account: $account)\n  }\n": typeof types.RemoveSecondFactorDocument,
    "\n  query AccountPeople($search: String!) {\n    people(search: $search, first: 8) {\n      edges {\n        node {\n          id\n          name\n          department {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n": typeof types.AccountPeopleDocument,
    "\n  mutation CreateAccount($input: CreateAccountInput!) {\n    createAccount(input: $input) {\n      setupLink\n      account {\n        id\n        ...AccountRow\n      }\n    }\n  }\n": typeof types.CreateAccountDocument,
    "\n  fragment AccountRow on Account {\n    id\n    username\n    roles\n    disabledAt\n    mustChangePassword\n    lockedUntil\n    secondFactor\n    signedInAt\n    person {\n      id\n      name\n    }\n  }\n": typeof types.AccountRowFragmentDoc,
    "\n  query PersonAccess($person: ID!) {\n    access(person: $person) {\n      roles\n      allowed {\n        permission\n        scope\n        because {\n          role\n          scope\n        }\n      }\n    }\n  }\n": typeof types.PersonAccessDocument,
    "\n  mutation SetRoles($input: SetRolesInput!) {\n    setRoles(input: $input) {\n      access {\n        roles\n      }\n    }\n  }\n": typeof types.SetRolesDocument,
    "\n  query Roles {\n    roles {\n      name\n      assignable\n      grants {\n        permission\n        scope\n      }\n    }\n  }\n": typeof types.RolesDocument,
    "\n  mutation ChangeOwnPassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      viewer {\n        mustChangePassword\n      }\n    }\n  }\n": typeof types.ChangeOwnPasswordDocument,
    "\n  query OwnSessions($first: Int!, $after: Cursor) {\n    sessions(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ip\n          device\n          location\n          createdAt\n          seenAt\n          current\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.OwnSessionsDocument,
    "\n  mutation RevokeSession($session: ID!) {\n    revokeSession(input: { session: $session }) {\n      session\n    }\n  }\n": typeof types.RevokeSessionDocument,
    "\n  mutation EndOwnSessions {\n    endSessions(input: {}) {\n      ended\n    }\n  }\n": typeof types.EndOwnSessionsDocument,
    "\n  mutation AcknowledgeAlert($input: AcknowledgeAlertInput!) {\n    acknowledgeAlert(input: $input) {\n      alert {\n        id\n        ...AlertLive\n      }\n    }\n  }\n": typeof types.AcknowledgeAlertDocument,
    "\n  mutation ResolveAlert($input: ResolveAlertInput!) {\n    resolveAlert(input: $input) {\n      alert {\n        id\n        ...AlertLive\n      }\n    }\n  }\n": typeof types.ResolveAlertDocument,
    "\n  query Alert($id: ID!) {\n    alert(id: $id) {\n      id\n      ...AlertLive\n    }\n  }\n": typeof types.AlertDocument,
    "\n  query Alerts($filter: AlertFilter!, $first: Int!, $after: Cursor) {\n    alerts(filter: $filter, first: $first, after: $after) {\n      totalCount\n      edges {\n        node {\n          id\n          ...AlertLive\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.AlertsDocument,
    "\n  query Evidence($seq: Int64!) {\n    entry(seq: $seq) {\n      __typename\n      ... on AuthEntry {\n        id\n        seq\n        action\n        occurredAt\n        username\n        ip\n      }\n      ... on SystemEntry {\n        id\n        seq\n        action\n        occurredAt\n      }\n      ... on ActivityEntry {\n        id\n        seq\n        action\n        occurredAt\n      }\n      ... on WorkEntry {\n        id\n        seq\n        action\n        occurredAt\n      }\n      ... on KeyLogEntry {\n        id\n        seq\n        action\n        occurredAt\n        key {\n          id\n          number\n        }\n        holder {\n          id\n          name\n        }\n      }\n    }\n  }\n": typeof types.EvidenceDocument,
    "\n  query MutedRules {\n    builtInAlertRules {\n      rule\n      mutedUntil\n    }\n  }\n": typeof types.MutedRulesDocument,
    "\n  query Outbox {\n    outbox {\n      waiting\n      problem\n      dead\n    }\n  }\n": typeof types.OutboxDocument,
    "\n  fragment BuiltInRule on BuiltInAlertRule {\n    rule\n    keptOn\n    version\n    mutedUntil\n    mutedBy {\n      id\n      name\n    }\n    muteReason\n    mutedCount\n  }\n": typeof types.BuiltInRuleFragmentDoc,
    "\n  mutation MuteBuiltInAlertRule($input: MuteBuiltInAlertRuleInput!) {\n    muteBuiltInAlertRule(input: $input) {\n      rule {\n        ...BuiltInRule\n      }\n    }\n  }\n": typeof types.MuteBuiltInAlertRuleDocument,
    "\n  query BuiltInAlertRules {\n    builtInAlertRules {\n      ...BuiltInRule\n    }\n  }\n": typeof types.BuiltInAlertRulesDocument,
    "\n  mutation MuteAlertRule($input: MuteAlertRuleInput!) {\n    muteAlertRule(input: $input) {\n      rule {\n        id\n        ...Rule\n      }\n    }\n  }\n": typeof types.MuteAlertRuleDocument,
    "\n  mutation DeleteAlertRule($input: DeleteAlertRuleInput!) {\n    deleteAlertRule(input: $input) {\n      id\n    }\n  }\n": typeof types.DeleteAlertRuleDocument,
    "\n  mutation SaveAlertRule($input: SaveAlertRuleInput!) {\n    saveAlertRule(input: $input) {\n      rule {\n        id\n        ...Rule\n      }\n    }\n  }\n": typeof types.SaveAlertRuleDocument,
    "\n  query PreviewAlertRule($rule: AlertRuleInput!, $purpose: String) {\n    previewAlertRule(rule: $rule, purpose: $purpose) {\n      count\n      days {\n        date\n        count\n      }\n      examples {\n        at\n        group\n        entry\n        stream\n        entries\n      }\n      entriesRead\n      entriesLate\n      truncated\n      from\n    }\n  }\n": typeof types.PreviewAlertRuleDocument,
    "\n  fragment Rule on CustomAlertRule {\n    id\n    name\n    kind\n    streams\n    actions\n    outcome\n    sources\n    windowMinutes\n    count\n    groupBy\n    hours {\n      weekdays\n      from\n      to\n    }\n    severity\n    enabled\n    version\n    mutedUntil\n    muteReason\n    mutedCount\n    lastAlertAt\n    problem\n  }\n": typeof types.RuleFragmentDoc,
    "\n  query AlertRules($first: Int!, $after: Cursor) {\n    alertRules(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...Rule\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.AlertRulesDocument,
    "\n  query Approvals($filter: ApprovalFilter!, $first: Int!, $after: Cursor) {\n    approvals(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...ApprovalLive\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ApprovalsDocument,
    "\n  mutation DecideApproval($input: DecideApprovalInput!) {\n    decideApproval(input: $input) {\n      approval {\n        id\n        ...ApprovalLive\n      }\n      loans {\n        id\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n": typeof types.DecideApprovalDocument,
    "\n  mutation CancelApproval($input: CancelApprovalInput!) {\n    cancelApproval(input: $input) {\n      approval {\n        id\n        ...ApprovalLive\n      }\n    }\n  }\n": typeof types.CancelApprovalDocument,
    "\n  query DayMovements($filter: LogFilter!, $first: Int!, $after: Cursor) {\n    keyLog(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...Movement\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.DayMovementsDocument,
    "\n  query DayReservations($filter: ReservationFilter!, $first: Int!, $after: Cursor) {\n    reservations(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...ReservationRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.DayReservationsDocument,
    "\n  fragment DueLoan on Loan {\n    id\n    dueAt\n    overdue\n    issuedAt\n    returnedAt\n    holder {\n      id\n      name\n    }\n    key {\n      id\n      number\n      label\n      building\n      groups {\n        id\n      }\n    }\n  }\n": typeof types.DueLoanFragmentDoc,
    "\n  query DueLoans($filter: LoanFilter!, $first: Int!, $after: Cursor) {\n    loans(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...DueLoan\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.DueLoansDocument,
    "\n  query KeyTotals($filter: KeyFilter) {\n    keys(filter: $filter, first: 1) {\n      states {\n        state\n        count\n      }\n    }\n  }\n": typeof types.KeyTotalsDocument,
    "\n  query Calendar($from: Date!, $days: Int!, $timeZone: String!, $filter: CalendarFilter) {\n    calendar(from: $from, days: $days, timeZone: $timeZone, filter: $filter) {\n      days {\n        date\n        issued\n        returned\n        reserved\n        due\n      }\n    }\n  }\n": typeof types.CalendarDocument,
    "\n  subscription CalendarFeed($from: Date!, $days: Int!, $timeZone: String!, $filter: CalendarFilter) {\n    calendarFeed(from: $from, days: $days, timeZone: $timeZone, filter: $filter) {\n      days {\n        date\n        issued\n        returned\n        reserved\n        due\n      }\n    }\n  }\n": typeof types.CalendarFeedDocument,
    "\n  query DeskMovements($first: Int!) {\n    keyLog(first: $first) {\n      edges {\n        node {\n          id\n          ...Movement\n        }\n      }\n    }\n  }\n": typeof types.DeskMovementsDocument,
    "\n  fragment DeskKey on Key {\n    id\n    number\n    label\n    state\n    loan {\n      id\n      dueAt\n      holder {\n        id\n        name\n      }\n      handover {\n        id\n        to {\n          id\n          name\n        }\n      }\n    }\n  }\n": typeof types.DeskKeyFragmentDoc,
    "\n  fragment DeskPerson on Person {\n    id\n    name\n    badge\n    department {\n      id\n      name\n    }\n  }\n": typeof types.DeskPersonFragmentDoc,
    "\n  query DeskLookup($number: String!, $capitals: String!) {\n    key(number: $number) {\n      ...DeskKey\n    }\n    inCapitals: key(number: $capitals) {\n      ...DeskKey\n    }\n    personsByBadge(badge: $number) {\n      ...DeskPerson\n    }\n    people(search: $number, first: 8) {\n      edges {\n        node {\n          ...DeskPerson\n        }\n      }\n    }\n  }\n": typeof types.DeskLookupDocument,
    "\n  mutation DeskIssue($input: IssueKeysInput!) {\n    issueKeys(input: $input) {\n      loans {\n        id\n        dueAt\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n      approvals {\n        id\n        ...ApprovalLive\n      }\n    }\n  }\n": typeof types.DeskIssueDocument,
    "\n  mutation DeskReturn($input: ReturnKeysInput!) {\n    returnKeys(input: $input) {\n      loans {\n        id\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n": typeof types.DeskReturnDocument,
    "\n  mutation DeskHandOver($input: HandOverKeysInput!) {\n    handOverKeys(input: $input) {\n      handovers {\n        id\n        ...Handover\n        loan {\n          id\n          handover {\n            id\n          }\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n": typeof types.DeskHandOverDocument,
    "\n  mutation DeskLost($input: ReportKeyLostInput!) {\n    reportKeyLost(input: $input) {\n      key {\n        id\n        ...KeyLive\n      }\n      loan {\n        id\n        returnedAt\n        end\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n": typeof types.DeskLostDocument,
    "\n  mutation DeskFound($input: ReportKeyFoundInput!) {\n    reportKeyFound(input: $input) {\n      key {\n        id\n        ...KeyLive\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n": typeof types.DeskFoundDocument,
    "\n  mutation DeskAnnul($input: CorrectMovementInput!) {\n    correctMovement(input: $input) {\n      entry {\n        id\n        ...Movement\n      }\n      loan {\n        id\n        returnedAt\n        end\n      }\n      key {\n        id\n        ...KeyLive\n      }\n    }\n  }\n": typeof types.DeskAnnulDocument,
    "\n  query DeskApprovals {\n    approvals(filter: { states: [PENDING], mayDecide: true }, first: 20) {\n      edges {\n        node {\n          id\n          ...ApprovalLive\n        }\n      }\n    }\n  }\n": typeof types.DeskApprovalsDocument,
    "\n  mutation DeskDecide($input: DecideApprovalInput!) {\n    decideApproval(input: $input) {\n      approval {\n        id\n        ...ApprovalLive\n      }\n      loans {\n        id\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n": typeof types.DeskDecideDocument,
    "\n  query DeskPlaces($search: String!) {\n    keys(filter: { search: $search }, first: 500) {\n      edges {\n        node {\n          id\n          cabinet\n        }\n      }\n    }\n    keyGroups(first: 500) {\n      edges {\n        node {\n          id\n          name\n        }\n      }\n    }\n  }\n": typeof types.DeskPlacesDocument,
    "\n  fragment DeskDifference on InventoryDifference {\n    id\n    number\n    kind\n    key {\n      id\n      label\n      cabinet\n      loan {\n        id\n        holder {\n          id\n          name\n        }\n      }\n    }\n  }\n": typeof types.DeskDifferenceFragmentDoc,
    "\n  mutation DeskCount($input: CountInventoryInput!) {\n    countInventory(input: $input) {\n      inventory {\n        id\n        foundCount\n        expectedCount\n        openCount\n        differences(first: 500) {\n          edges {\n            node {\n              id\n              ...DeskDifference\n            }\n          }\n        }\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n": typeof types.DeskCountDocument,
    "\n  mutation DeskSettle($input: ResolveDifferenceInput!) {\n    resolveDifference(input: $input) {\n      difference {\n        id\n        resolution\n        resolvedAt\n        resolvedBy {\n          id\n          name\n        }\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n": typeof types.DeskSettleDocument,
    "\n  query WorkerNames($id: ID!) {\n    person(id: $id) {\n      id\n      version\n      externalNames {\n        source\n        name\n      }\n    }\n  }\n": typeof types.WorkerNamesDocument,
    "\n  mutation NameWorker($input: UpdatePersonInput!) {\n    updatePerson(input: $input) {\n      person {\n        id\n        version\n      }\n    }\n  }\n": typeof types.NameWorkerDocument,
    "\n  query AtWorkNow($filter: WorkerFilter!, $first: Int!, $after: Cursor) {\n    atWork(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          person {\n            id\n            name\n          }\n          since\n          lastReportAt\n          workstations\n          unverified\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.AtWorkNowDocument,
    "\n  query WorkFeedStart {\n    workLog(first: 1) {\n      edges {\n        node {\n          id\n          cursor\n        }\n      }\n    }\n  }\n": typeof types.WorkFeedStartDocument,
    "\n  subscription WorkNews($after: Cursor, $filter: LogFilter) {\n    workFeed(after: $after, filter: $filter) {\n      id\n      cursor\n    }\n  }\n": typeof types.WorkNewsDocument,
    "\n  mutation CorrectWorkHours($input: CorrectWorkHoursInput!) {\n    correctWorkHours(input: $input) {\n      entry {\n        id\n      }\n    }\n  }\n": typeof types.CorrectWorkHoursDocument,
    "\n  query WorkDays($date: Date!, $filter: WorkerFilter!, $first: Int!, $after: Cursor) {\n    workDays(date: $date, filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          person {\n            id\n            name\n            department {\n              id\n              name\n            }\n          }\n          date\n          startsAt\n          endsAt\n          spans {\n            from\n            to\n            estimated\n            corrected\n          }\n          blocks\n          workingMinutes\n          realHours\n          estimatedMinutes\n          unverified\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.WorkDaysDocument,
    "\n  query UnknownUsers($first: Int!, $after: Cursor) {\n    unknownWorkUsers(first: $first, after: $after) {\n      edges {\n        node {\n          source\n          user\n          firstAt\n          lastAt\n          reports\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.UnknownUsersDocument,
    "\n  mutation DismissWorkUser($input: DismissWorkUserInput!) {\n    dismissWorkUser(input: $input) {\n      dismissed\n    }\n  }\n": typeof types.DismissWorkUserDocument,
    "\n  query HoursPeople($search: String) {\n    people(search: $search, first: 20) {\n      edges {\n        node {\n          id\n          name\n        }\n      }\n    }\n  }\n": typeof types.HoursPeopleDocument,
    "\n  query HoursPerson($id: ID!) {\n    person(id: $id) {\n      id\n      name\n    }\n  }\n": typeof types.HoursPersonDocument,
    "\n  query HoursDepartments {\n    departments {\n      id\n      name\n    }\n  }\n": typeof types.HoursDepartmentsDocument,
    "\n  query HoursGrid($filter: WorkHoursFilter!, $by: WorkPeriod!, $first: Int!, $after: Cursor) {\n    workHours(filter: $filter, by: $by, first: $first, after: $after) {\n      person {\n        id\n        name\n      }\n      from\n      workingMinutes\n      realHours\n      estimatedMinutes\n      unverified\n      cursor\n    }\n  }\n": typeof types.HoursGridDocument,
    "\n  query WorkPurpose {\n    workHoursPurpose\n  }\n": typeof types.WorkPurposeDocument,
    "\n  mutation RecomputeWorkHours {\n    recomputeWorkHours {\n      days\n    }\n  }\n": typeof types.RecomputeWorkHoursDocument,
    "\n  fragment CheckpointFields on Checkpoint {\n    origin\n    size\n    rootHash\n    signedAt\n    note\n    verifierKey\n  }\n": typeof types.CheckpointFieldsFragmentDoc,
    "\n  query Inclusion($seq: Int64!, $treeSize: Int64!) {\n    inclusionProof(seq: $seq, treeSize: $treeSize) {\n      leafData\n      hashes\n    }\n  }\n": typeof types.InclusionDocument,
    "\n  fragment IntegrityState on Integrity {\n    lastVerification {\n      finishedAt\n      entries\n      ok\n      findings\n    }\n    sinks {\n      name\n      size\n      deliveredAt\n      failing\n    }\n  }\n": typeof types.IntegrityStateFragmentDoc,
    "\n  query SystemLog($filter: LogFilter!, $first: Int!, $after: Cursor) {\n    systemLog(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...SystemRowEntry\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.SystemLogDocument,
    "\n  fragment SystemRowEntry on SystemEntry {\n    id\n    seq\n    action\n    occurredAt\n    actor {\n      id\n      name\n    }\n    entity {\n      type\n      id\n      label\n    }\n  }\n": typeof types.SystemRowEntryFragmentDoc,
    "\n  query Integrity {\n    integrity {\n      checkpoint {\n        ...CheckpointFields\n      }\n      ...IntegrityState\n    }\n  }\n": typeof types.IntegrityDocument,
    "\n  query Consistency($from: Int64!, $to: Int64!) {\n    consistencyProof(from: $from, to: $to) {\n      hashes\n    }\n  }\n": typeof types.ConsistencyDocument,
    "\n  query EntryBody($seq: Int64!) {\n    entry(seq: $seq) {\n      id\n      body\n    }\n  }\n": typeof types.EntryBodyDocument,
    "\n  fragment ArchiveRow on Archive {\n    id\n    createdAt\n    from\n    to\n    entries\n    bytes\n    oldest\n    newest\n    manifest\n    verifiedAt\n    damage\n    restoredAt\n    keptUntil\n    streams {\n      stream\n      entries\n    }\n  }\n": typeof types.ArchiveRowFragmentDoc,
    "\n  mutation VerifyArchive($input: VerifyArchiveInput!) {\n    verifyArchive(input: $input) {\n      archive {\n        id\n        ...ArchiveRow\n      }\n    }\n  }\n": typeof types.VerifyArchiveDocument,
    "\n  fragment ArchivedEntryRow on LogEntry {\n    __typename\n    id\n    seq\n    stream\n    occurredAt\n    action\n    outcome\n    source\n    body\n    entity {\n      type\n      id\n      label\n    }\n    actor {\n      id\n      name\n    }\n    recordedAt\n    module\n    ip\n    userAgent\n    device\n    location\n    ... on ActivityEntry {\n      actionTitle\n      metadata\n      changes {\n        path\n        before\n        after\n        hidden\n      }\n    }\n    ... on AuthEntry {\n      username\n      reason\n    }\n    ... on KeyLogEntry {\n      holder {\n        id\n        name\n      }\n      comment\n      reason\n      overrideReason\n    }\n    ... on WorkEntry {\n      person {\n        id\n        name\n      }\n      user\n      workstation\n      reason\n    }\n  }\n": typeof types.ArchivedEntryRowFragmentDoc,
    "\n  query Archives($filter: ArchiveFilter!, $first: Int!, $after: Cursor) {\n    archives(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...ArchiveRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ArchivesDocument,
    "\n  fragment BackupRow on Backup {\n    id\n    state\n    askedBy {\n      id\n      name\n    }\n    startedAt\n    endedAt\n    verifiedAt\n    file\n    entries\n    checkpoint\n    bytes\n    problem\n  }\n": typeof types.BackupRowFragmentDoc,
    "\n  query BackupSchedule {\n    backupSchedule {\n      on\n      at\n      zone\n      keep\n      directory\n      nextDue\n    }\n  }\n": typeof types.BackupScheduleDocument,
    "\n  query Backups($first: Int!, $after: Cursor) {\n    backups(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          state\n          ...BackupRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.BackupsDocument,
    "\n  mutation RunBackup {\n    runBackup {\n      backup {\n        id\n        state\n      }\n    }\n  }\n": typeof types.RunBackupDocument,
    "\n  query LegalHolds($first: Int!, $after: Cursor) {\n    legalHolds(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          person {\n            id\n            name\n          }\n          reason\n          placedAt\n          placedBy {\n            id\n            name\n          }\n          releasedAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.LegalHoldsDocument,
    "\n  mutation PlaceLegalHold($input: PlaceLegalHoldInput!) {\n    placeLegalHold(input: $input) {\n      hold {\n        id\n      }\n    }\n  }\n": typeof types.PlaceLegalHoldDocument,
    "\n  query RetentionPolicies {\n    retentionPolicies {\n      stream\n      source\n      entityType\n      keepDays\n      maxEntries\n      maxBytes\n    }\n  }\n": typeof types.RetentionPoliciesDocument,
    "\n  mutation SetRetentionPolicy($input: SetRetentionPolicyInput!) {\n    setRetentionPolicy(input: $input) {\n      policies {\n        stream\n        source\n        entityType\n        keepDays\n        maxEntries\n        maxBytes\n      }\n    }\n  }\n": typeof types.SetRetentionPolicyDocument,
    "\n  query RetentionPreview {\n    retentionPreview {\n      asOf\n      entries\n      held\n      nextDue\n      streams {\n        stream\n        entries\n        oldest\n        newest\n      }\n    }\n  }\n": typeof types.RetentionPreviewDocument,
    "\n  mutation ReleaseLegalHold($input: ReleaseLegalHoldInput!) {\n    releaseLegalHold(input: $input) {\n      hold {\n        id\n        releasedAt\n      }\n    }\n  }\n": typeof types.ReleaseLegalHoldDocument,
    "\n  mutation RunRetention {\n    runRetention {\n      run {\n        id\n        state\n      }\n    }\n  }\n": typeof types.RunRetentionDocument,
    "\n  query ArchiveSearch($filter: LogFilter!, $first: Int!, $after: Cursor) {\n    archivedEntries(filter: $filter, first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n          ...ArchivedEntryRow\n        }\n        archive {\n          id\n          oldest\n          newest\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      searched {\n        archives\n        left\n        backTo\n        damaged {\n          id\n          oldest\n          newest\n          damage\n        }\n      }\n    }\n  }\n": typeof types.ArchiveSearchDocument,
    "\n  query RetentionRuns {\n    retentionRuns(first: 10) {\n      edges {\n        node {\n          id\n          state\n          askedBy {\n            id\n            name\n          }\n          asOf\n          endedAt\n          entries\n          archives\n          streams {\n            stream\n            entries\n          }\n          problem\n        }\n      }\n    }\n  }\n": typeof types.RetentionRunsDocument,
    "\n  query Cabinets {\n    keys(first: 500) {\n      edges {\n        node {\n          id\n          cabinet\n        }\n      }\n    }\n  }\n": typeof types.CabinetsDocument,
    "\n  query Custody($key: ID!) {\n    loans(filter: { key: $key }, first: 500) {\n      edges {\n        node {\n          id\n          issuedAt\n          dueAt\n          returnedAt\n          end\n          holder {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n": typeof types.CustodyDocument,
    "\n  fragment Difference on InventoryDifference {\n    id\n    number\n    kind\n    resolution\n    resolvedAt\n    resolvedBy {\n      id\n      name\n    }\n    key {\n      id\n      label\n      cabinet\n      loan {\n        id\n        holder {\n          id\n          name\n        }\n      }\n    }\n  }\n": typeof types.DifferenceFragmentDoc,
    "\n  mutation ResolveDifference($input: ResolveDifferenceInput!) {\n    resolveDifference(input: $input) {\n      difference {\n        id\n        ...Difference\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n": typeof types.ResolveDifferenceDocument,
    "\n  mutation ExtendLoan($input: ExtendLoanInput!) {\n    extendLoan(input: $input) {\n      loan {\n        id\n        dueAt\n        overdue\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n": typeof types.ExtendLoanDocument,
    "\n  query Inventories($first: Int!, $after: Cursor) {\n    inventories(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          takenAt\n          cabinet\n          expectedCount\n          foundCount\n          differenceCount\n          openCount\n          takenBy {\n            id\n            name\n          }\n          group {\n            id\n            name\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.InventoriesDocument,
    "\n  mutation HandOverKeys($input: HandOverKeysInput!) {\n    handOverKeys(input: $input) {\n      handovers {\n        id\n        ...Handover\n        loan {\n          id\n          handover {\n            id\n          }\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n": typeof types.HandOverKeysDocument,
    "\n  query Inventory($id: ID!, $first: Int!, $after: Cursor) {\n    inventory(id: $id) {\n      id\n      takenAt\n      cabinet\n      expectedCount\n      foundCount\n      openCount\n      takenBy {\n        id\n        name\n      }\n      group {\n        id\n        name\n      }\n      differences(first: $first, after: $after) {\n        edges {\n          node {\n            id\n            ...Difference\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": typeof types.InventoryDocument,
    "\n  mutation IssueKeys($input: IssueKeysInput!) {\n    issueKeys(input: $input) {\n      loans {\n        id\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n      approvals {\n        id\n        ...ApprovalLive\n      }\n    }\n  }\n": typeof types.IssueKeysDocument,
    "\n  query DefaultDue($key: ID!) {\n    key(id: $key) {\n      id\n      defaultDueAt\n    }\n  }\n": typeof types.DefaultDueDocument,
    "\n  fragment EditableKey on Key {\n    id\n    number\n    label\n    category\n    building\n    floor\n    room\n    cabinet\n    hook\n    kind\n    approvalRequired\n    copyOf {\n      id\n      number\n      label\n    }\n    version\n  }\n": typeof types.EditableKeyFragmentDoc,
    "\n  mutation CreateKey($input: CreateKeyInput!) {\n    createKey(input: $input) {\n      key {\n        id\n        ...KeyLive\n      }\n    }\n  }\n": typeof types.CreateKeyDocument,
    "\n  mutation UpdateKey($input: UpdateKeyInput!) {\n    updateKey(input: $input) {\n      key {\n        id\n        ...KeyLive\n      }\n    }\n  }\n": typeof types.UpdateKeyDocument,
    "\n  query KeyHistory($id: ID!, $first: Int!, $after: Cursor) {\n    key(id: $id) {\n      id\n      history(first: $first, after: $after) {\n        edges {\n          node {\n            id\n            ...Movement\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": typeof types.KeyHistoryDocument,
    "\n  query KeyPage($id: ID!) {\n    key(id: $id) {\n      id\n      category\n      cabinet\n      hook\n      createdAt\n      retiredAt\n      kind\n      approvalRequired\n      copyOf {\n        id\n        number\n      }\n      ring {\n        id\n        name\n      }\n      groups {\n        id\n        name\n      }\n      loan {\n        id\n        handover {\n          id\n          state\n          ...Handover\n        }\n      }\n      ...KeyRow\n      ...EditableKey\n    }\n  }\n": typeof types.KeyPageDocument,
    "\n  query KeyReservations($id: ID!) {\n    key(id: $id) {\n      id\n      reservations {\n        id\n        ...ReservationRow\n      }\n    }\n  }\n": typeof types.KeyReservationsDocument,
    "\n  mutation ImportKeys($input: ImportKeysInput!) {\n    importKeys(input: $input) {\n      created\n      updated\n      unchanged\n      wrong\n      done\n      rows {\n        line\n        action\n        number\n        fields\n        problem\n      }\n    }\n  }\n": typeof types.ImportKeysDocument,
    "\n  query LastHolder($key: ID!) {\n    loans(filter: { key: $key }, first: 1) {\n      edges {\n        node {\n          id\n          returnedAt\n          end\n          holder {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n": typeof types.LastHolderDocument,
    "\n  mutation ReportKeyLost($input: ReportKeyLostInput!) {\n    reportKeyLost(input: $input) {\n      key {\n        id\n        ...KeyLive\n      }\n      loan {\n        id\n        returnedAt\n        end\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n": typeof types.ReportKeyLostDocument,
    "\n  mutation ReportKeyFound($input: ReportKeyFoundInput!) {\n    reportKeyFound(input: $input) {\n      key {\n        id\n        ...KeyLive\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n": typeof types.ReportKeyFoundDocument,
    "\n  mutation ReserveKeys($input: ReserveKeysInput!) {\n    reserveKeys(input: $input) {\n      reservations {\n        id\n        ...ReservationRow\n      }\n    }\n  }\n": typeof types.ReserveKeysDocument,
    "\n  mutation RetireKey($input: RetireKeyInput!) {\n    retireKey(input: $input) {\n      key {\n        id\n        ...KeyLive\n      }\n    }\n  }\n": typeof types.RetireKeyDocument,
    "\n  mutation ReturnKeys($input: ReturnKeysInput!) {\n    returnKeys(input: $input) {\n      loans {\n        id\n        returnedAt\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n": typeof types.ReturnKeysDocument,
    "\n  mutation CountInventory($input: CountInventoryInput!) {\n    countInventory(input: $input) {\n      inventory {\n        id\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n": typeof types.CountInventoryDocument,
    "\n  query HolderName($id: ID!) {\n    person(id: $id) {\n      id\n      name\n    }\n  }\n": typeof types.HolderNameDocument,
    "\n  query GroupKeys($group: ID!) {\n    keys(filter: { group: $group }, first: 200) {\n      edges {\n        node {\n          id\n          number\n          label\n        }\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n": typeof types.GroupKeysDocument,
    "\n  query KeyChoices($search: String) {\n    keys(filter: { search: $search }, first: 30) {\n      edges {\n        node {\n          id\n          number\n          label\n        }\n      }\n    }\n  }\n": typeof types.KeyChoicesDocument,
    "\n  query DepartmentChoices {\n    departments {\n      id\n      name\n    }\n  }\n": typeof types.DepartmentChoicesDocument,
    "\n  fragment GroupRules on KeyGroup {\n    id\n    name\n    keyCount\n    version\n    curfew\n    defaultLoan {\n      minutes\n      until\n    }\n    takers {\n      role\n      person {\n        id\n        name\n      }\n      department {\n        id\n        name\n      }\n      window {\n        days\n        from\n        to\n      }\n    }\n  }\n": typeof types.GroupRulesFragmentDoc,
    "\n  query GroupsWithRules {\n    keyGroups(first: 500) {\n      edges {\n        node {\n          id\n          ...GroupRules\n        }\n      }\n    }\n  }\n": typeof types.GroupsWithRulesDocument,
    "\n  fragment KeyRingRow on KeyRing {\n    id\n    name\n    version\n    keys {\n      id\n      number\n      label\n    }\n  }\n": typeof types.KeyRingRowFragmentDoc,
    "\n  query Rings($first: Int!, $after: Cursor) {\n    keyRings(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...KeyRingRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.RingsDocument,
    "\n  mutation SaveKeyGroup($input: SaveKeyGroupInput!) {\n    saveKeyGroup(input: $input) {\n      keyGroup {\n        id\n        ...GroupRules\n      }\n    }\n  }\n": typeof types.SaveKeyGroupDocument,
    "\n  mutation SaveKeyRing($input: SaveKeyRingInput!) {\n    saveKeyRing(input: $input) {\n      keyRing {\n        id\n        ...KeyRingRow\n      }\n    }\n  }\n": typeof types.SaveKeyRingDocument,
    "\n  mutation DeleteKeyRing($input: DeleteKeyRingInput!) {\n    deleteKeyRing(input: $input) {\n      keyRing\n    }\n  }\n": typeof types.DeleteKeyRingDocument,
    "\n  fragment KeyRow on Key {\n    id\n    number\n    label\n    building\n    floor\n    room\n    cabinet\n    hook\n    state\n    loan {\n      id\n      issuedAt\n      dueAt\n      overdue\n      holder {\n        id\n        name\n      }\n    }\n  }\n": typeof types.KeyRowFragmentDoc,
    "\n  query KeyList($filter: KeyFilter!, $first: Int!, $after: Cursor) {\n    keys(filter: $filter, first: $first, after: $after) {\n      totalCount\n      edges {\n        node {\n          id\n          ...KeyRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.KeyListDocument,
    "\n  query KeyCounts($filter: KeyFilter!) {\n    keys(filter: $filter, first: 1) {\n      states {\n        state\n        count\n      }\n    }\n  }\n": typeof types.KeyCountsDocument,
    "\n  fragment WaitingKey on Approval {\n    id\n    state\n    requestedAt\n    expiresAt\n    holder {\n      id\n      name\n    }\n    requestedBy {\n      id\n      name\n    }\n    keys {\n      id\n    }\n  }\n": typeof types.WaitingKeyFragmentDoc,
    "\n  query WaitingKeys($filter: ApprovalFilter!) {\n    approvals(filter: $filter, first: 100) {\n      edges {\n        node {\n          id\n          ...WaitingKey\n        }\n      }\n    }\n  }\n": typeof types.WaitingKeysDocument,
    "\n  query Consents($first: Int!, $after: Cursor) {\n    consents(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          purpose\n          version\n          given\n          recordedAt\n          recordedBy {\n            id\n            name\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ConsentsDocument,
    "\n  query KeptData {\n    keptData {\n      kinds {\n        kind\n        count\n        atLeast\n        from\n        to\n        purpose\n      }\n      purposes {\n        code\n        basis\n        version\n        statement\n      }\n      consents {\n        id\n        purpose\n        version\n        given\n        recordedAt\n      }\n    }\n  }\n": typeof types.KeptDataDocument,
    "\n  mutation RecordConsent($input: RecordConsentInput!) {\n    recordConsent(input: $input) {\n      consent {\n        id\n      }\n    }\n  }\n": typeof types.RecordConsentDocument,
    "\n  fragment Wall on Wall {\n    name\n    at\n    out\n    overdue\n    groups {\n      id\n      name\n      keys\n      out\n      overdue\n    }\n    loans {\n      key\n      number\n      label\n      place\n      holder\n      issuedAt\n      dueAt\n      overdue\n    }\n    today {\n      date\n      issued\n      returned\n      due\n    }\n    calendar {\n      timeZone\n      days {\n        date\n        issued\n        returned\n        due\n      }\n    }\n    movements {\n      id\n      action\n      occurredAt\n      number\n      holder\n    }\n  }\n": typeof types.WallFragmentDoc,
    "\n  subscription WallFeed {\n    wallFeed {\n      ...Wall\n    }\n  }\n": typeof types.WallFeedDocument,
    "\n  mutation RequestPairing {\n    requestPairing {\n      code\n      expiresAt\n    }\n  }\n": typeof types.RequestPairingDocument,
    "\n  query Pairing {\n    pairing\n  }\n": typeof types.PairingDocument,
    "\n  fragment TimeCounts on LogCounts {\n    total\n    truncated\n    counts {\n      key\n      at\n      total\n    }\n  }\n": typeof types.TimeCountsFragmentDoc,
    "\n  fragment KindCounts on LogCounts {\n    others\n    counts {\n      key\n      total\n      title\n      person {\n        id\n        name\n      }\n    }\n  }\n": typeof types.KindCountsFragmentDoc,
    "\n  query Overview($filter: LogFilter!, $timeZone: String!, $hours: Boolean!) {\n    day: logCounts(filter: $filter, by: DAY, timeZone: $timeZone) {\n      ...TimeCounts\n    }\n    hour: logCounts(filter: $filter, by: HOUR, timeZone: $timeZone) @include(if: $hours) {\n      ...TimeCounts\n    }\n    actor: logCounts(filter: $filter, by: PERSON, timeZone: $timeZone) {\n      ...KindCounts\n    }\n    action: logCounts(filter: $filter, by: ACTION, timeZone: $timeZone) {\n      ...KindCounts\n    }\n    module: logCounts(filter: $filter, by: MODULE, timeZone: $timeZone) {\n      ...KindCounts\n    }\n    outcome: logCounts(filter: $filter, by: OUTCOME, timeZone: $timeZone) {\n      ...KindCounts\n    }\n  }\n": typeof types.OverviewDocument,
    "\n  mutation MergePersons($input: MergePersonsInput!) {\n    mergePersons(input: $input) {\n      person {\n        id\n        ...PersonRow\n      }\n    }\n  }\n": typeof types.MergePersonsDocument,
    "\n  mutation ImportPeople($input: ImportPeopleInput!) {\n    importPeople(input: $input) {\n      created\n      updated\n      unchanged\n      wrong\n      done\n      rows {\n        line\n        action\n        name\n        fields\n        problem\n      }\n    }\n  }\n": typeof types.ImportPeopleDocument,
    "\n  query People($search: String, $filter: PeopleFilter, $first: Int!, $after: Cursor) {\n    people(search: $search, filter: $filter, first: $first, after: $after) {\n      totalCount\n      edges {\n        node {\n          id\n          ...PersonRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.PeopleDocument,
    "\n  query Departments {\n    departments {\n      id\n      name\n    }\n  }\n": typeof types.DepartmentsDocument,
    "\n  mutation CreatePerson($input: CreatePersonInput!) {\n    createPerson(input: $input) {\n      person {\n        id\n        ...PersonRow\n      }\n    }\n  }\n": typeof types.CreatePersonDocument,
    "\n  mutation UpdatePerson($input: UpdatePersonInput!) {\n    updatePerson(input: $input) {\n      person {\n        id\n        ...PersonRow\n      }\n    }\n  }\n": typeof types.UpdatePersonDocument,
    "\n  fragment PersonRow on Person {\n    id\n    name\n    employeeNumber\n    badge\n    company\n    email\n    phone\n    validUntil\n    department {\n      id\n      name\n    }\n    openLoans {\n      id\n      overdue\n    }\n  }\n": typeof types.PersonRowFragmentDoc,
    "\n  query PersonDetails($id: ID!) {\n    person(id: $id) {\n      id\n      name\n      employeeNumber\n      badge\n      company\n      email\n      phone\n      validUntil\n      language\n      version\n      department {\n        id\n        name\n      }\n      externalNames {\n        source\n        name\n      }\n      openLoans {\n        id\n      }\n    }\n  }\n": typeof types.PersonDetailsDocument,
    "\n  mutation ErasePerson($input: ErasePersonInput!) {\n    erasePerson(input: $input) {\n      request {\n        id\n        ...PrivacyRequestCard\n      }\n    }\n  }\n": typeof types.ErasePersonDocument,
    "\n  query NamedPerson($person: ID!) {\n    person(id: $person) {\n      id\n      name\n    }\n  }\n": typeof types.NamedPersonDocument,
    "\n  mutation DecidePrivacyRequest($input: DecidePrivacyRequestInput!) {\n    decidePrivacyRequest(input: $input) {\n      request {\n        id\n        ...PrivacyRequestCard\n      }\n    }\n  }\n": typeof types.DecidePrivacyRequestDocument,
    "\n  query PrivacyRequests($filter: PrivacyRequestFilter!, $first: Int!, $after: Cursor) {\n    privacyRequests(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...PrivacyRequestCard\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.PrivacyRequestsDocument,
    "\n  fragment PrivacyRequestCard on PrivacyRequest {\n    id\n    person {\n      id\n      name\n    }\n    state\n    requestedBy {\n      id\n      name\n    }\n    requestedAt\n    reason\n    decidedBy {\n      id\n      name\n    }\n    decidedAt\n    note\n    completedAt\n    obstacles {\n      kind\n      count\n    }\n    mayDecide\n  }\n": typeof types.PrivacyRequestCardFragmentDoc,
    "\n  mutation EnrolTotp {\n    enrolTotp {\n      secret\n      qrCode\n    }\n  }\n": typeof types.EnrolTotpDocument,
    "\n  mutation ConfirmTotp($input: ConfirmTotpInput!) {\n    confirmTotp(input: $input) {\n      recoveryCodes\n    }\n  }\n": typeof types.ConfirmTotpDocument,
    "\n  mutation RemoveTotp($input: ProofInput!) {\n    removeTotp(input: $input) {\n      viewer {\n        secondFactor {\n          addedAt\n        }\n      }\n    }\n  }\n": typeof types.RemoveTotpDocument,
    "\n  mutation RegenerateRecoveryCodes($input: ProofInput!) {\n    regenerateRecoveryCodes(input: $input) {\n      recoveryCodes\n    }\n  }\n": typeof types.RegenerateRecoveryCodesDocument,
    "\n  query SecondFactor {\n    viewer {\n      secondFactor {\n        addedAt\n        recoveryCodesLeft\n      }\n    }\n  }\n": typeof types.SecondFactorDocument,
    "\n  fragment SignInEntry on AuthEntry {\n    id\n    seq\n    cursor\n    action\n    occurredAt\n    outcome\n    source\n    username\n    reason\n    ip\n    userAgent\n    device\n    location\n    actor {\n      id\n      name\n    }\n    entity {\n      type\n      label\n    }\n  }\n": typeof types.SignInEntryFragmentDoc,
    "\n  query SignIns($filter: LogFilter!, $first: Int!, $after: Cursor) {\n    authLog(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...SignInEntry\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.SignInsDocument,
    "\n  query SignInFeedStart {\n    authLog(first: 1) {\n      edges {\n        node {\n          id\n          cursor\n        }\n      }\n    }\n  }\n": typeof types.SignInFeedStartDocument,
    "\n  subscription SignInFeed($after: Cursor, $filter: LogFilter) {\n    authFeed(after: $after, filter: $filter) {\n      id\n      cursor\n      ...SignInEntry\n    }\n  }\n": typeof types.SignInFeedDocument,
    "\n  mutation ReviewDay($input: ReviewDayInput!) {\n    reviewDay(input: $input) {\n      reviewed\n      left\n    }\n  }\n": typeof types.ReviewDayDocument,
    "\n  fragment Facet on LogCounts {\n    counts {\n      key\n      total\n      title\n      person {\n        id\n        name\n      }\n    }\n  }\n": typeof types.FacetFragmentDoc,
    "\n  query TimelineFacets($filter: LogFilter) {\n    actor: logCounts(filter: $filter, by: PERSON) {\n      ...Facet\n    }\n    action: logCounts(filter: $filter, by: ACTION) {\n      ...Facet\n    }\n    module: logCounts(filter: $filter, by: MODULE) {\n      ...Facet\n    }\n    outcome: logCounts(filter: $filter, by: OUTCOME) {\n      ...Facet\n    }\n  }\n": typeof types.TimelineFacetsDocument,
    "\n  query TimelineHistogram($filter: LogFilter, $by: CountBy!, $timeZone: String) {\n    logCounts(filter: $filter, by: $by, timeZone: $timeZone) {\n      total\n      truncated\n      counts {\n        key\n        at\n        total\n      }\n    }\n  }\n": typeof types.TimelineHistogramDocument,
    "\n  query Timeline($filter: LogFilter!, $first: Int!, $after: Cursor) {\n    timeline(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...TimelineEntry\n          ...Reviewed\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.TimelineDocument,
    "\n  fragment TimelineEntry on LogEntry {\n    __typename\n    id\n    seq\n    cursor\n    stream\n    occurredAt\n    action\n    outcome\n    module\n    source\n    entity {\n      type\n      id\n      label\n    }\n    actor {\n      id\n      name\n    }\n    ... on KeyLogEntry {\n      holder {\n        id\n        name\n      }\n      comment\n      dueAt\n    }\n    ... on AuthEntry {\n      username\n      reason\n      device\n      location\n    }\n    ... on WorkEntry {\n      workstation\n      assurance\n      person {\n        id\n        name\n      }\n    }\n    ... on ActivityEntry {\n      actionTitle\n      changes {\n        path\n        before\n        after\n        hidden\n      }\n    }\n  }\n": typeof types.TimelineEntryFragmentDoc,
    "\n  query Unreviewed($unreviewed: LogFilter!, $flagged: LogFilter!) {\n    unreviewed: logCounts(filter: $unreviewed, by: ACTION) {\n      total\n      truncated\n      counts {\n        key\n        total\n        title\n      }\n    }\n    flagged: logCounts(filter: $flagged, by: ACTION) {\n      total\n    }\n  }\n": typeof types.UnreviewedDocument,
    "\n  query TimelineFeedStart {\n    timeline(first: 1) {\n      edges {\n        node {\n          id\n          cursor\n        }\n      }\n    }\n  }\n": typeof types.TimelineFeedStartDocument,
    "\n  subscription TimelineFeed($after: Cursor, $filter: LogFilter) {\n    timelineFeed(after: $after, filter: $filter) {\n      id\n      cursor\n      ...TimelineEntry\n    }\n  }\n": typeof types.TimelineFeedDocument,
    "\n  query Sources {\n    sources {\n      name\n      purpose\n      plain {\n        entityType\n        path\n      }\n      words {\n        action\n        english\n        latvian\n      }\n    }\n  }\n": typeof types.SourcesDocument,
    "\n  mutation DeclareSource($input: DeclareSourceInput!) {\n    declareSource(input: $input) {\n      source {\n        name\n      }\n    }\n  }\n": typeof types.DeclareSourceDocument,
    "\n  query PairingRequest($code: String!) {\n    pairingRequest(code: $code) {\n      code\n      askedAt\n      ip\n      device\n      location\n    }\n  }\n": typeof types.PairingRequestDocument,
    "\n  mutation ApprovePairing($input: ApprovePairingInput!) {\n    approvePairing(input: $input) {\n      apiToken {\n        id\n        name\n      }\n    }\n  }\n": typeof types.ApprovePairingDocument,
    "\n  mutation RevokeToken($input: RevokeApiTokenInput!) {\n    revokeApiToken(input: $input) {\n      apiToken {\n        id\n        ...TokenRow\n      }\n    }\n  }\n": typeof types.RevokeTokenDocument,
    "\n  query SentBySource($source: String!) {\n    sourceStatus(source: $source, days: 30) {\n      source\n      recorded\n      refused\n    }\n  }\n": typeof types.SentBySourceDocument,
    "\n  mutation CreateToken($input: CreateApiTokenInput!) {\n    createApiToken(input: $input) {\n      token\n      apiToken {\n        id\n        name\n      }\n    }\n  }\n": typeof types.CreateTokenDocument,
    "\n  fragment TokenRow on ApiToken {\n    id\n    name\n    role\n    source\n    networks\n    state\n    createdAt\n    createdBy {\n      id\n      name\n    }\n    expiresAt\n    lastUsedAt\n    lastUsedFrom\n    revokedAt\n  }\n": typeof types.TokenRowFragmentDoc,
    "\n  query Tokens($first: Int!, $after: Cursor) {\n    apiTokens(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...TokenRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.TokensDocument,
    "\n  query WebhookDeliveries($webhook: ID!, $states: [WebhookDeliveryState!], $after: Cursor) {\n    webhookDeliveries(webhook: $webhook, states: $states, first: 20, after: $after) {\n      edges {\n        node {\n          ...Delivery\n          seq\n          state\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.WebhookDeliveriesDocument,
    "\n  fragment Delivery on WebhookDelivery {\n    seq\n    event\n    state\n    attempts\n    status\n    problem\n    answer\n    milliseconds\n    lastAt\n    nextAt\n  }\n": typeof types.DeliveryFragmentDoc,
    "\n  mutation ResendDelivery($input: ResendDeliveryInput!) {\n    resendDelivery(input: $input) {\n      webhook {\n        id\n        ...Hook\n      }\n    }\n  }\n": typeof types.ResendDeliveryDocument,
    "\n  fragment Hook on Webhook {\n    id\n    url\n    description\n    events\n    state\n    failingSince\n    deliveredAt\n    formerSecretUntil\n    givenUp\n  }\n": typeof types.HookFragmentDoc,
    "\n  mutation SaveWebhook($input: SaveWebhookInput!) {\n    saveWebhook(input: $input) {\n      secret\n      webhook {\n        id\n        ...Hook\n      }\n    }\n  }\n": typeof types.SaveWebhookDocument,
    "\n  mutation RemoveWebhook($input: RemoveWebhookInput!) {\n    removeWebhook(input: $input) {\n      id\n    }\n  }\n": typeof types.RemoveWebhookDocument,
    "\n  mutation ReplayWebhook($input: ReplayWebhookInput!) {\n    replayWebhook(input: $input) {\n      webhook {\n        id\n        ...Hook\n      }\n    }\n  }\n": typeof types.ReplayWebhookDocument,
    "\n  mutation RotateWebhookSecret($input: RotateWebhookSecretInput!) {\n    rotateWebhookSecret(input: $input) {\n      secret\n      webhook {\n        id\n        ...Hook\n      }\n    }\n  }\n": typeof types.RotateWebhookSecretDocument,
    "\n  mutation TestWebhook($input: TestWebhookInput!) {\n    testWebhook(input: $input) {\n      status\n      problem\n      milliseconds\n    }\n  }\n": typeof types.TestWebhookDocument,
    "\n  query Webhooks {\n    webhooks {\n      id\n      ...Hook\n    }\n  }\n": typeof types.WebhooksDocument,
};
const documents: Documents = {
    "\n  query PaletteKeys($search: String!) {\n    keys(filter: { search: $search }, first: 7) {\n      edges {\n        node {\n          id\n          number\n          label\n          state\n        }\n      }\n    }\n  }\n": types.PaletteKeysDocument,
    "\n  query PalettePeople($search: String!) {\n    people(search: $search, first: 5) {\n      edges {\n        node {\n          id\n          name\n        }\n      }\n    }\n  }\n": types.PalettePeopleDocument,
    "\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      viewer {\n        mustChangePassword\n      }\n    }\n  }\n": types.ChangePasswordDocument,
    "\n  query Session {\n    viewer {\n      person {\n        id\n        name\n      }\n      account {\n        id\n        username\n      }\n      roles\n      permissions {\n        permission\n        scope\n      }\n      mustChangePassword\n    }\n    server {\n      version\n      timeZone\n      time\n      sample\n      ...SignInServer\n    }\n  }\n": types.SessionDocument,
    "\n  mutation SignOut {\n    signOut\n  }\n": types.SignOutDocument,
    "\n  mutation SetPassword($input: SetPasswordInput!) {\n    setPassword(input: $input) {\n      username\n    }\n  }\n": types.SetPasswordDocument,
    "\n  fragment SignInServer on Server {\n    signInProvider {\n      label\n      startPath\n    }\n    sample\n    sampleAccounts {\n      username\n      password\n      role\n    }\n  }\n": types.SignInServerFragmentDoc,
    "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      secondFactorRequired\n      viewer {\n        account {\n          id\n        }\n      }\n    }\n  }\n": types.SignInDocument,
    "\n  mutation ConfirmPassword($input: ConfirmPasswordInput!) {\n    confirmPassword(input: $input) {\n      confirmedUntil\n    }\n  }\n": types.ConfirmPasswordDocument,
    "\n  fragment AlertLive on Alert {\n    id\n    rule\n    severity\n    state\n    raisedAt\n    lastAt\n    evidence\n    evidenceCount\n    changedAt\n    note\n    ending\n    groupName\n    customRuleName\n    unreadable\n    key {\n      id\n      number\n    }\n    person {\n      id\n      name\n    }\n    changedBy {\n      id\n      name\n    }\n  }\n": types.AlertLiveFragmentDoc,
    "\n  subscription AlertFeed {\n    alertFeed {\n      id\n      ...AlertLive\n    }\n  }\n": types.AlertFeedDocument,
    "\n  query OpenAlerts {\n    alerts(filter: { states: [OPEN] }, first: 1) {\n      totalCount\n    }\n  }\n": types.OpenAlertsDocument,
    "\n  fragment ApprovalLive on Approval {\n    id\n    state\n    requestedAt\n    expiresAt\n    dueAt\n    comment\n    overrideReason\n    decidedAt\n    note\n    mayDecide\n    keys {\n      id\n      number\n      label\n    }\n    holder {\n      id\n      name\n    }\n    requestedBy {\n      id\n      name\n    }\n    decidedBy {\n      id\n      name\n    }\n  }\n": types.ApprovalLiveFragmentDoc,
    "\n  subscription ApprovalFeed {\n    approvalFeed {\n      id\n      ...ApprovalLive\n    }\n  }\n": types.ApprovalFeedDocument,
    "\n  query WaitingApprovals {\n    approvals(filter: { states: [PENDING], mayDecide: true }, first: 100) {\n      edges {\n        node {\n          id\n        }\n      }\n    }\n  }\n": types.WaitingApprovalsDocument,
    "\n  query ActivityEntry($seq: Int64!) {\n    entry(seq: $seq) {\n      __typename\n      ... on ActivityEntry {\n        id\n        seq\n        action\n        occurredAt\n        recordedAt\n        source\n        actionTitle\n        module\n        outcome\n        ip\n        userAgent\n        device\n        location\n        bulkId\n        metadata\n        body\n        actor {\n          id\n          name\n        }\n        entity {\n          type\n          id\n          label\n        }\n        objects {\n          type\n          id\n        }\n        changes {\n          path\n          before\n          after\n          hidden\n        }\n        request {\n          direction\n          method\n          service\n          url\n          path\n          query\n          headers\n          body\n        }\n        response {\n          status\n          durationMs\n          headers\n          body\n          error\n        }\n        proof {\n          treeSize\n          leafData\n          leafHash\n          rootHash\n          hashes\n        }\n      }\n    }\n  }\n": types.ActivityEntryDocument,
    "\n  query AuthEntry($seq: Int64!) {\n    entry(seq: $seq) {\n      __typename\n      ... on AuthEntry {\n        id\n        seq\n        action\n        occurredAt\n        recordedAt\n        source\n        module\n        outcome\n        ip\n        userAgent\n        device\n        location\n        username\n        reason\n        session\n        body\n        actor {\n          id\n          name\n        }\n        proof {\n          treeSize\n          leafData\n          leafHash\n          rootHash\n          hashes\n        }\n      }\n    }\n  }\n": types.AuthEntryDocument,
    "\n  mutation CorrectMovement($input: CorrectMovementInput!) {\n    correctMovement(input: $input) {\n      entry {\n        id\n        ...Movement\n      }\n      loan {\n        id\n        issuedAt\n        returnedAt\n        end\n        holder {\n          id\n          name\n        }\n      }\n      key {\n        id\n        ...KeyLive\n      }\n    }\n  }\n": types.CorrectMovementDocument,
    "\n  query KeyEntry($seq: Int64!) {\n    entry(seq: $seq) {\n      __typename\n      ... on KeyLogEntry {\n        id\n        seq\n        action\n        occurredAt\n        recordedAt\n        source\n        module\n        outcome\n        ip\n        userAgent\n        device\n        location\n        comment\n        reason\n        overrideReason\n        dueAt\n        previousDueAt\n        body\n        previousHolder {\n          id\n          name\n        }\n        correction {\n          occurredAt\n          previousOccurredAt\n          void\n        }\n        corrects {\n          id\n          seq\n        }\n        correctedBy {\n          id\n          seq\n          occurredAt\n          reason\n          comment\n          holder {\n            id\n            name\n          }\n          correction {\n            occurredAt\n            previousOccurredAt\n            void\n          }\n        }\n        actor {\n          id\n          name\n        }\n        holder {\n          id\n          name\n        }\n        entity {\n          type\n          id\n          label\n        }\n        key {\n          id\n          number\n          label\n        }\n        proof {\n          treeSize\n          leafData\n          leafHash\n          rootHash\n          hashes\n        }\n      }\n    }\n  }\n": types.KeyEntryDocument,
    "\n  query PersonName($id: ID!) {\n    person(id: $id) {\n      id\n      name\n    }\n  }\n": types.PersonNameDocument,
    "\n  query SystemEntry($seq: Int64!) {\n    entry(seq: $seq) {\n      __typename\n      ... on SystemEntry {\n        id\n        seq\n        action\n        occurredAt\n        recordedAt\n        source\n        module\n        outcome\n        ip\n        userAgent\n        device\n        location\n        details\n        filter\n        purpose\n        body\n        actor {\n          id\n          name\n        }\n        entity {\n          type\n          id\n          label\n        }\n        proof {\n          treeSize\n          leafData\n          leafHash\n          rootHash\n          hashes\n        }\n      }\n    }\n  }\n": types.SystemEntryDocument,
    "\n  query WorkEntry($seq: Int64!) {\n    entry(seq: $seq) {\n      __typename\n      ... on WorkEntry {\n        id\n        seq\n        action\n        occurredAt\n        recordedAt\n        source\n        module\n        outcome\n        ip\n        userAgent\n        device\n        location\n        user\n        workstation\n        assurance\n        reason\n        body\n        person {\n          id\n          name\n        }\n        actor {\n          id\n          name\n        }\n        proof {\n          treeSize\n          leafData\n          leafHash\n          rootHash\n          hashes\n        }\n      }\n    }\n  }\n": types.WorkEntryDocument,
    "\n  query EntryCentre($seq: Int64!) {\n    entry(seq: $seq) {\n      __typename\n      id\n      seq\n      stream\n      occurredAt\n      source\n      actor {\n        id\n        name\n      }\n      entity {\n        type\n        id\n        label\n      }\n      ... on KeyLogEntry {\n        holder {\n          id\n          name\n        }\n      }\n      ... on WorkEntry {\n        person {\n          id\n          name\n        }\n      }\n      ... on ActivityEntry {\n        bulkId\n      }\n    }\n  }\n": types.EntryCentreDocument,
    "\n  query EntriesAround($filter: LogFilter!, $first: Int!) {\n    timeline(filter: $filter, first: $first) {\n      edges {\n        node {\n          __typename\n          id\n          seq\n          occurredAt\n          action\n          entity {\n            type\n            id\n            label\n          }\n          ... on ActivityEntry {\n            actionTitle\n            bulkId\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.EntriesAroundDocument,
    "\n  query KeysHeldThen($holder: ID!, $at: Time!) {\n    loans(filter: { holder: $holder, heldAt: $at }, first: 50) {\n      edges {\n        node {\n          id\n          issuedAt\n          key {\n            id\n            number\n            label\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.KeysHeldThenDocument,
    "\n  query SignInsBefore($person: ID!, $before: Time!) {\n    authLog(filter: { person: $person, to: $before }, first: 20) {\n      edges {\n        node {\n          id\n          seq\n          action\n          occurredAt\n          device\n          location\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.SignInsBeforeDocument,
    "\n  query WorkThen($person: ID!, $date: Date!) {\n    workDays(date: $date, filter: { person: $person }, first: 1) {\n      edges {\n        node {\n          spans {\n            from\n            to\n            estimated\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.WorkThenDocument,
    "\n  fragment Reviewed on LogEntry {\n    id\n    review {\n      state\n      verdict\n      note\n      at\n      by {\n        id\n        name\n      }\n    }\n  }\n": types.ReviewedFragmentDoc,
    "\n  query EntryReview($seq: Int64!) {\n    entry(seq: $seq) {\n      id\n      ...Reviewed\n    }\n  }\n": types.EntryReviewDocument,
    "\n  mutation FlagEntries($input: FlagEntriesInput!) {\n    flagEntries(input: $input) {\n      entries {\n        id\n        ...Reviewed\n      }\n    }\n  }\n": types.FlagEntriesDocument,
    "\n  mutation ReviewEntries($input: ReviewEntriesInput!) {\n    reviewEntries(input: $input) {\n      entries {\n        id\n        ...Reviewed\n      }\n    }\n  }\n": types.ReviewEntriesDocument,
    "\n  query OfferedValues($filter: LogFilter, $by: CountBy!) {\n    logCounts(filter: $filter, by: $by) {\n      counts {\n        key\n        person {\n          id\n          name\n        }\n      }\n    }\n  }\n": types.OfferedValuesDocument,
    "\n  query PersonsNamed($name: String!) {\n    people(search: $name, first: 12) {\n      edges {\n        node {\n          id\n          name\n        }\n      }\n    }\n  }\n": types.PersonsNamedDocument,
    "\n  query Exports {\n    exportJobs {\n      id\n      list\n      format\n      state\n      problem\n      rowsDone\n      rowsTotal\n      rowsPerSecond\n      createdAt\n      expiresAt\n      path\n    }\n  }\n": types.ExportsDocument,
    "\n  mutation StartExport($input: StartExportInput!) {\n    startExport(input: $input) {\n      job {\n        id\n      }\n    }\n  }\n": types.StartExportDocument,
    "\n  mutation CancelExport($id: ID!) {\n    cancelExport(input: { id: $id }) {\n      job {\n        id\n        state\n      }\n    }\n  }\n": types.CancelExportDocument,
    "\n  query Buildings {\n    keys(first: 500) {\n      edges {\n        node {\n          id\n          building\n        }\n      }\n    }\n  }\n": types.BuildingsDocument,
    "\n  query KeyGroups {\n    keyGroups(first: 500) {\n      edges {\n        node {\n          id\n          name\n          keyCount\n        }\n      }\n    }\n  }\n": types.KeyGroupsDocument,
    "\n  fragment Handover on Handover {\n    id\n    state\n    dueAt\n    requestedAt\n    expiresAt\n    key {\n      id\n      number\n      label\n    }\n    from {\n      id\n      name\n    }\n    to {\n      id\n      name\n    }\n    requestedBy {\n      id\n    }\n  }\n": types.HandoverFragmentDoc,
    "\n  mutation AcceptHandover($input: AcceptHandoverInput!) {\n    acceptHandover(input: $input) {\n      handover {\n        id\n        state\n        key {\n          id\n          ...KeyLive\n        }\n        loan {\n          id\n          handover {\n            id\n          }\n        }\n      }\n      loans {\n        id\n        returnedAt\n        end\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n": types.AcceptHandoverDocument,
    "\n  mutation CancelHandover($input: CancelHandoverInput!) {\n    cancelHandover(input: $input) {\n      handover {\n        id\n        state\n        loan {\n          id\n          handover {\n            id\n          }\n        }\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n": types.CancelHandoverDocument,
    "\n  query OfferedHandovers($person: ID!) {\n    handovers(filter: { person: $person, state: PENDING }, first: 100) {\n      edges {\n        node {\n          id\n          ...Handover\n        }\n      }\n    }\n  }\n": types.OfferedHandoversDocument,
    "\n  query Holders($search: String) {\n    people(search: $search, first: 12) {\n      edges {\n        node {\n          id\n          ...Holder\n        }\n      }\n    }\n  }\n": types.HoldersDocument,
    "\n  query RecentHolders {\n    loans(first: 40) {\n      edges {\n        node {\n          id\n          holder {\n            id\n            ...Holder\n          }\n        }\n      }\n    }\n  }\n": types.RecentHoldersDocument,
    "\n  fragment Holder on Person {\n    id\n    name\n    badge\n    company\n    department {\n      id\n      name\n    }\n  }\n": types.HolderFragmentDoc,
    "\n  query MovementFeedStart {\n    keyLog(first: 1) {\n      edges {\n        node {\n          id\n          cursor\n          recordedAt\n        }\n      }\n    }\n  }\n": types.MovementFeedStartDocument,
    "\n  subscription MovementFeed($after: Cursor) {\n    keyFeed(after: $after) {\n      id\n      cursor\n      ...Movement\n      key {\n        ...KeyLive\n      }\n    }\n  }\n": types.MovementFeedDocument,
    "\n  fragment KeyLive on Key {\n    id\n    number\n    label\n    category\n    building\n    floor\n    room\n    cabinet\n    hook\n    state\n    version\n    retiredAt\n    groups {\n      id\n      name\n    }\n    loan {\n      id\n      issuedAt\n      dueAt\n      overdue\n      holder {\n        id\n        name\n      }\n      issuedBy {\n        id\n        name\n      }\n    }\n  }\n": types.KeyLiveFragmentDoc,
    "\n  fragment Movement on KeyLogEntry {\n    id\n    seq\n    cursor\n    action\n    occurredAt\n    comment\n    dueAt\n    actor {\n      id\n      name\n    }\n    holder {\n      id\n      name\n    }\n    entity {\n      type\n      id\n      label\n    }\n    key {\n      id\n      number\n      label\n      building\n      groups {\n        id\n      }\n    }\n  }\n": types.MovementFragmentDoc,
    "\n  mutation CancelReservation($input: CancelReservationInput!) {\n    cancelReservation(input: $input) {\n      reservations {\n        id\n        ...ReservationRow\n      }\n    }\n  }\n": types.CancelReservationDocument,
    "\n  fragment ReservationRow on Reservation {\n    id\n    from\n    to\n    state\n    comment\n    holder {\n      id\n      name\n    }\n    reservedBy {\n      id\n      name\n    }\n    key {\n      id\n      number\n      label\n      building\n      ring {\n        id\n        name\n      }\n      groups {\n        id\n      }\n    }\n  }\n": types.ReservationRowFragmentDoc,
    "\n  query SavedViews($list: ViewedList!) {\n    savedViews(list: $list) {\n      id\n      list\n      name\n      search\n    }\n  }\n": types.SavedViewsDocument,
    "\n  mutation SaveView($input: SaveViewInput!) {\n    saveView(input: $input) {\n      view {\n        id\n        list\n        name\n        search\n      }\n    }\n  }\n": types.SaveViewDocument,
    "\n  mutation DeleteView($input: DeleteViewInput!) {\n    deleteView(input: $input) {\n      id\n    }\n  }\n": types.DeleteViewDocument,
    "\n  query Accounts($search: String, $first: Int!, $after: Cursor) {\n    accounts(search: $search, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...AccountRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.AccountsDocument,
    "\n  mutation ResetPassword($account: ID!) {\n    resetPassword(input: { account: $account }) {\n      setupLink\n      account {\n        id\n        ...AccountRow\n      }\n    }\n  }\n": types.ResetPasswordDocument,
    "\n  mutation DisableAccount($account: ID!) {\n    disableAccount(input: { account: $account }) {\n      account {\n        id\n        ...AccountRow\n      }\n    }\n  }\n": types.DisableAccountDocument,
    "\n  mutation EnableAccount($account: ID!) {\n    enableAccount(input: { account: $account }) {\n      account {\n        id\n        ...AccountRow\n      }\n    }\n  }\n": types.EnableAccountDocument,
    "\n  mutation EndSessionsOf($account: ID!) {\n    endSessions(input: { account: $account }) {\n      ended\n    }\n  }\n": types.EndSessionsOfDocument,
    "\n  mutation UnlockAccount($account: ID!) {\n    unlockAccount(account: $account)\n  }\n": types.UnlockAccountDocument,
    "\n  mutation RemoveSecondFactor($account: ID!) {\n    removeSecondFactor(account: $account)\n  }\n": types.RemoveSecondFactorDocument,
    "\n  query AccountPeople($search: String!) {\n    people(search: $search, first: 8) {\n      edges {\n        node {\n          id\n          name\n          department {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n": types.AccountPeopleDocument,
    "\n  mutation CreateAccount($input: CreateAccountInput!) {\n    createAccount(input: $input) {\n      setupLink\n      account {\n        id\n        ...AccountRow\n      }\n    }\n  }\n": types.CreateAccountDocument,
    "\n  fragment AccountRow on Account {\n    id\n    username\n    roles\n    disabledAt\n    mustChangePassword\n    lockedUntil\n    secondFactor\n    signedInAt\n    person {\n      id\n      name\n    }\n  }\n": types.AccountRowFragmentDoc,
    "\n  query PersonAccess($person: ID!) {\n    access(person: $person) {\n      roles\n      allowed {\n        permission\n        scope\n        because {\n          role\n          scope\n        }\n      }\n    }\n  }\n": types.PersonAccessDocument,
    "\n  mutation SetRoles($input: SetRolesInput!) {\n    setRoles(input: $input) {\n      access {\n        roles\n      }\n    }\n  }\n": types.SetRolesDocument,
    "\n  query Roles {\n    roles {\n      name\n      assignable\n      grants {\n        permission\n        scope\n      }\n    }\n  }\n": types.RolesDocument,
    "\n  mutation ChangeOwnPassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      viewer {\n        mustChangePassword\n      }\n    }\n  }\n": types.ChangeOwnPasswordDocument,
    "\n  query OwnSessions($first: Int!, $after: Cursor) {\n    sessions(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ip\n          device\n          location\n          createdAt\n          seenAt\n          current\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.OwnSessionsDocument,
    "\n  mutation RevokeSession($session: ID!) {\n    revokeSession(input: { session: $session }) {\n      session\n    }\n  }\n": types.RevokeSessionDocument,
    "\n  mutation EndOwnSessions {\n    endSessions(input: {}) {\n      ended\n    }\n  }\n": types.EndOwnSessionsDocument,
    "\n  mutation AcknowledgeAlert($input: AcknowledgeAlertInput!) {\n    acknowledgeAlert(input: $input) {\n      alert {\n        id\n        ...AlertLive\n      }\n    }\n  }\n": types.AcknowledgeAlertDocument,
    "\n  mutation ResolveAlert($input: ResolveAlertInput!) {\n    resolveAlert(input: $input) {\n      alert {\n        id\n        ...AlertLive\n      }\n    }\n  }\n": types.ResolveAlertDocument,
    "\n  query Alert($id: ID!) {\n    alert(id: $id) {\n      id\n      ...AlertLive\n    }\n  }\n": types.AlertDocument,
    "\n  query Alerts($filter: AlertFilter!, $first: Int!, $after: Cursor) {\n    alerts(filter: $filter, first: $first, after: $after) {\n      totalCount\n      edges {\n        node {\n          id\n          ...AlertLive\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.AlertsDocument,
    "\n  query Evidence($seq: Int64!) {\n    entry(seq: $seq) {\n      __typename\n      ... on AuthEntry {\n        id\n        seq\n        action\n        occurredAt\n        username\n        ip\n      }\n      ... on SystemEntry {\n        id\n        seq\n        action\n        occurredAt\n      }\n      ... on ActivityEntry {\n        id\n        seq\n        action\n        occurredAt\n      }\n      ... on WorkEntry {\n        id\n        seq\n        action\n        occurredAt\n      }\n      ... on KeyLogEntry {\n        id\n        seq\n        action\n        occurredAt\n        key {\n          id\n          number\n        }\n        holder {\n          id\n          name\n        }\n      }\n    }\n  }\n": types.EvidenceDocument,
    "\n  query MutedRules {\n    builtInAlertRules {\n      rule\n      mutedUntil\n    }\n  }\n": types.MutedRulesDocument,
    "\n  query Outbox {\n    outbox {\n      waiting\n      problem\n      dead\n    }\n  }\n": types.OutboxDocument,
    "\n  fragment BuiltInRule on BuiltInAlertRule {\n    rule\n    keptOn\n    version\n    mutedUntil\n    mutedBy {\n      id\n      name\n    }\n    muteReason\n    mutedCount\n  }\n": types.BuiltInRuleFragmentDoc,
    "\n  mutation MuteBuiltInAlertRule($input: MuteBuiltInAlertRuleInput!) {\n    muteBuiltInAlertRule(input: $input) {\n      rule {\n        ...BuiltInRule\n      }\n    }\n  }\n": types.MuteBuiltInAlertRuleDocument,
    "\n  query BuiltInAlertRules {\n    builtInAlertRules {\n      ...BuiltInRule\n    }\n  }\n": types.BuiltInAlertRulesDocument,
    "\n  mutation MuteAlertRule($input: MuteAlertRuleInput!) {\n    muteAlertRule(input: $input) {\n      rule {\n        id\n        ...Rule\n      }\n    }\n  }\n": types.MuteAlertRuleDocument,
    "\n  mutation DeleteAlertRule($input: DeleteAlertRuleInput!) {\n    deleteAlertRule(input: $input) {\n      id\n    }\n  }\n": types.DeleteAlertRuleDocument,
    "\n  mutation SaveAlertRule($input: SaveAlertRuleInput!) {\n    saveAlertRule(input: $input) {\n      rule {\n        id\n        ...Rule\n      }\n    }\n  }\n": types.SaveAlertRuleDocument,
    "\n  query PreviewAlertRule($rule: AlertRuleInput!, $purpose: String) {\n    previewAlertRule(rule: $rule, purpose: $purpose) {\n      count\n      days {\n        date\n        count\n      }\n      examples {\n        at\n        group\n        entry\n        stream\n        entries\n      }\n      entriesRead\n      entriesLate\n      truncated\n      from\n    }\n  }\n": types.PreviewAlertRuleDocument,
    "\n  fragment Rule on CustomAlertRule {\n    id\n    name\n    kind\n    streams\n    actions\n    outcome\n    sources\n    windowMinutes\n    count\n    groupBy\n    hours {\n      weekdays\n      from\n      to\n    }\n    severity\n    enabled\n    version\n    mutedUntil\n    muteReason\n    mutedCount\n    lastAlertAt\n    problem\n  }\n": types.RuleFragmentDoc,
    "\n  query AlertRules($first: Int!, $after: Cursor) {\n    alertRules(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...Rule\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.AlertRulesDocument,
    "\n  query Approvals($filter: ApprovalFilter!, $first: Int!, $after: Cursor) {\n    approvals(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...ApprovalLive\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ApprovalsDocument,
    "\n  mutation DecideApproval($input: DecideApprovalInput!) {\n    decideApproval(input: $input) {\n      approval {\n        id\n        ...ApprovalLive\n      }\n      loans {\n        id\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n": types.DecideApprovalDocument,
    "\n  mutation CancelApproval($input: CancelApprovalInput!) {\n    cancelApproval(input: $input) {\n      approval {\n        id\n        ...ApprovalLive\n      }\n    }\n  }\n": types.CancelApprovalDocument,
    "\n  query DayMovements($filter: LogFilter!, $first: Int!, $after: Cursor) {\n    keyLog(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...Movement\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.DayMovementsDocument,
    "\n  query DayReservations($filter: ReservationFilter!, $first: Int!, $after: Cursor) {\n    reservations(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...ReservationRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.DayReservationsDocument,
    "\n  fragment DueLoan on Loan {\n    id\n    dueAt\n    overdue\n    issuedAt\n    returnedAt\n    holder {\n      id\n      name\n    }\n    key {\n      id\n      number\n      label\n      building\n      groups {\n        id\n      }\n    }\n  }\n": types.DueLoanFragmentDoc,
    "\n  query DueLoans($filter: LoanFilter!, $first: Int!, $after: Cursor) {\n    loans(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...DueLoan\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.DueLoansDocument,
    "\n  query KeyTotals($filter: KeyFilter) {\n    keys(filter: $filter, first: 1) {\n      states {\n        state\n        count\n      }\n    }\n  }\n": types.KeyTotalsDocument,
    "\n  query Calendar($from: Date!, $days: Int!, $timeZone: String!, $filter: CalendarFilter) {\n    calendar(from: $from, days: $days, timeZone: $timeZone, filter: $filter) {\n      days {\n        date\n        issued\n        returned\n        reserved\n        due\n      }\n    }\n  }\n": types.CalendarDocument,
    "\n  subscription CalendarFeed($from: Date!, $days: Int!, $timeZone: String!, $filter: CalendarFilter) {\n    calendarFeed(from: $from, days: $days, timeZone: $timeZone, filter: $filter) {\n      days {\n        date\n        issued\n        returned\n        reserved\n        due\n      }\n    }\n  }\n": types.CalendarFeedDocument,
    "\n  query DeskMovements($first: Int!) {\n    keyLog(first: $first) {\n      edges {\n        node {\n          id\n          ...Movement\n        }\n      }\n    }\n  }\n": types.DeskMovementsDocument,
    "\n  fragment DeskKey on Key {\n    id\n    number\n    label\n    state\n    loan {\n      id\n      dueAt\n      holder {\n        id\n        name\n      }\n      handover {\n        id\n        to {\n          id\n          name\n        }\n      }\n    }\n  }\n": types.DeskKeyFragmentDoc,
    "\n  fragment DeskPerson on Person {\n    id\n    name\n    badge\n    department {\n      id\n      name\n    }\n  }\n": types.DeskPersonFragmentDoc,
    "\n  query DeskLookup($number: String!, $capitals: String!) {\n    key(number: $number) {\n      ...DeskKey\n    }\n    inCapitals: key(number: $capitals) {\n      ...DeskKey\n    }\n    personsByBadge(badge: $number) {\n      ...DeskPerson\n    }\n    people(search: $number, first: 8) {\n      edges {\n        node {\n          ...DeskPerson\n        }\n      }\n    }\n  }\n": types.DeskLookupDocument,
    "\n  mutation DeskIssue($input: IssueKeysInput!) {\n    issueKeys(input: $input) {\n      loans {\n        id\n        dueAt\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n      approvals {\n        id\n        ...ApprovalLive\n      }\n    }\n  }\n": types.DeskIssueDocument,
    "\n  mutation DeskReturn($input: ReturnKeysInput!) {\n    returnKeys(input: $input) {\n      loans {\n        id\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n": types.DeskReturnDocument,
    "\n  mutation DeskHandOver($input: HandOverKeysInput!) {\n    handOverKeys(input: $input) {\n      handovers {\n        id\n        ...Handover\n        loan {\n          id\n          handover {\n            id\n          }\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n": types.DeskHandOverDocument,
    "\n  mutation DeskLost($input: ReportKeyLostInput!) {\n    reportKeyLost(input: $input) {\n      key {\n        id\n        ...KeyLive\n      }\n      loan {\n        id\n        returnedAt\n        end\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n": types.DeskLostDocument,
    "\n  mutation DeskFound($input: ReportKeyFoundInput!) {\n    reportKeyFound(input: $input) {\n      key {\n        id\n        ...KeyLive\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n": types.DeskFoundDocument,
    "\n  mutation DeskAnnul($input: CorrectMovementInput!) {\n    correctMovement(input: $input) {\n      entry {\n        id\n        ...Movement\n      }\n      loan {\n        id\n        returnedAt\n        end\n      }\n      key {\n        id\n        ...KeyLive\n      }\n    }\n  }\n": types.DeskAnnulDocument,
    "\n  query DeskApprovals {\n    approvals(filter: { states: [PENDING], mayDecide: true }, first: 20) {\n      edges {\n        node {\n          id\n          ...ApprovalLive\n        }\n      }\n    }\n  }\n": types.DeskApprovalsDocument,
    "\n  mutation DeskDecide($input: DecideApprovalInput!) {\n    decideApproval(input: $input) {\n      approval {\n        id\n        ...ApprovalLive\n      }\n      loans {\n        id\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n": types.DeskDecideDocument,
    "\n  query DeskPlaces($search: String!) {\n    keys(filter: { search: $search }, first: 500) {\n      edges {\n        node {\n          id\n          cabinet\n        }\n      }\n    }\n    keyGroups(first: 500) {\n      edges {\n        node {\n          id\n          name\n        }\n      }\n    }\n  }\n": types.DeskPlacesDocument,
    "\n  fragment DeskDifference on InventoryDifference {\n    id\n    number\n    kind\n    key {\n      id\n      label\n      cabinet\n      loan {\n        id\n        holder {\n          id\n          name\n        }\n      }\n    }\n  }\n": types.DeskDifferenceFragmentDoc,
    "\n  mutation DeskCount($input: CountInventoryInput!) {\n    countInventory(input: $input) {\n      inventory {\n        id\n        foundCount\n        expectedCount\n        openCount\n        differences(first: 500) {\n          edges {\n            node {\n              id\n              ...DeskDifference\n            }\n          }\n        }\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n": types.DeskCountDocument,
    "\n  mutation DeskSettle($input: ResolveDifferenceInput!) {\n    resolveDifference(input: $input) {\n      difference {\n        id\n        resolution\n        resolvedAt\n        resolvedBy {\n          id\n          name\n        }\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n": types.DeskSettleDocument,
    "\n  query WorkerNames($id: ID!) {\n    person(id: $id) {\n      id\n      version\n      externalNames {\n        source\n        name\n      }\n    }\n  }\n": types.WorkerNamesDocument,
    "\n  mutation NameWorker($input: UpdatePersonInput!) {\n    updatePerson(input: $input) {\n      person {\n        id\n        version\n      }\n    }\n  }\n": types.NameWorkerDocument,
    "\n  query AtWorkNow($filter: WorkerFilter!, $first: Int!, $after: Cursor) {\n    atWork(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          person {\n            id\n            name\n          }\n          since\n          lastReportAt\n          workstations\n          unverified\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.AtWorkNowDocument,
    "\n  query WorkFeedStart {\n    workLog(first: 1) {\n      edges {\n        node {\n          id\n          cursor\n        }\n      }\n    }\n  }\n": types.WorkFeedStartDocument,
    "\n  subscription WorkNews($after: Cursor, $filter: LogFilter) {\n    workFeed(after: $after, filter: $filter) {\n      id\n      cursor\n    }\n  }\n": types.WorkNewsDocument,
    "\n  mutation CorrectWorkHours($input: CorrectWorkHoursInput!) {\n    correctWorkHours(input: $input) {\n      entry {\n        id\n      }\n    }\n  }\n": types.CorrectWorkHoursDocument,
    "\n  query WorkDays($date: Date!, $filter: WorkerFilter!, $first: Int!, $after: Cursor) {\n    workDays(date: $date, filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          person {\n            id\n            name\n            department {\n              id\n              name\n            }\n          }\n          date\n          startsAt\n          endsAt\n          spans {\n            from\n            to\n            estimated\n            corrected\n          }\n          blocks\n          workingMinutes\n          realHours\n          estimatedMinutes\n          unverified\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.WorkDaysDocument,
    "\n  query UnknownUsers($first: Int!, $after: Cursor) {\n    unknownWorkUsers(first: $first, after: $after) {\n      edges {\n        node {\n          source\n          user\n          firstAt\n          lastAt\n          reports\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.UnknownUsersDocument,
    "\n  mutation DismissWorkUser($input: DismissWorkUserInput!) {\n    dismissWorkUser(input: $input) {\n      dismissed\n    }\n  }\n": types.DismissWorkUserDocument,
    "\n  query HoursPeople($search: String) {\n    people(search: $search, first: 20) {\n      edges {\n        node {\n          id\n          name\n        }\n      }\n    }\n  }\n": types.HoursPeopleDocument,
    "\n  query HoursPerson($id: ID!) {\n    person(id: $id) {\n      id\n      name\n    }\n  }\n": types.HoursPersonDocument,
    "\n  query HoursDepartments {\n    departments {\n      id\n      name\n    }\n  }\n": types.HoursDepartmentsDocument,
    "\n  query HoursGrid($filter: WorkHoursFilter!, $by: WorkPeriod!, $first: Int!, $after: Cursor) {\n    workHours(filter: $filter, by: $by, first: $first, after: $after) {\n      person {\n        id\n        name\n      }\n      from\n      workingMinutes\n      realHours\n      estimatedMinutes\n      unverified\n      cursor\n    }\n  }\n": types.HoursGridDocument,
    "\n  query WorkPurpose {\n    workHoursPurpose\n  }\n": types.WorkPurposeDocument,
    "\n  mutation RecomputeWorkHours {\n    recomputeWorkHours {\n      days\n    }\n  }\n": types.RecomputeWorkHoursDocument,
    "\n  fragment CheckpointFields on Checkpoint {\n    origin\n    size\n    rootHash\n    signedAt\n    note\n    verifierKey\n  }\n": types.CheckpointFieldsFragmentDoc,
    "\n  query Inclusion($seq: Int64!, $treeSize: Int64!) {\n    inclusionProof(seq: $seq, treeSize: $treeSize) {\n      leafData\n      hashes\n    }\n  }\n": types.InclusionDocument,
    "\n  fragment IntegrityState on Integrity {\n    lastVerification {\n      finishedAt\n      entries\n      ok\n      findings\n    }\n    sinks {\n      name\n      size\n      deliveredAt\n      failing\n    }\n  }\n": types.IntegrityStateFragmentDoc,
    "\n  query SystemLog($filter: LogFilter!, $first: Int!, $after: Cursor) {\n    systemLog(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...SystemRowEntry\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.SystemLogDocument,
    "\n  fragment SystemRowEntry on SystemEntry {\n    id\n    seq\n    action\n    occurredAt\n    actor {\n      id\n      name\n    }\n    entity {\n      type\n      id\n      label\n    }\n  }\n": types.SystemRowEntryFragmentDoc,
    "\n  query Integrity {\n    integrity {\n      checkpoint {\n        ...CheckpointFields\n      }\n      ...IntegrityState\n    }\n  }\n": types.IntegrityDocument,
    "\n  query Consistency($from: Int64!, $to: Int64!) {\n    consistencyProof(from: $from, to: $to) {\n      hashes\n    }\n  }\n": types.ConsistencyDocument,
    "\n  query EntryBody($seq: Int64!) {\n    entry(seq: $seq) {\n      id\n      body\n    }\n  }\n": types.EntryBodyDocument,
    "\n  fragment ArchiveRow on Archive {\n    id\n    createdAt\n    from\n    to\n    entries\n    bytes\n    oldest\n    newest\n    manifest\n    verifiedAt\n    damage\n    restoredAt\n    keptUntil\n    streams {\n      stream\n      entries\n    }\n  }\n": types.ArchiveRowFragmentDoc,
    "\n  mutation VerifyArchive($input: VerifyArchiveInput!) {\n    verifyArchive(input: $input) {\n      archive {\n        id\n        ...ArchiveRow\n      }\n    }\n  }\n": types.VerifyArchiveDocument,
    "\n  fragment ArchivedEntryRow on LogEntry {\n    __typename\n    id\n    seq\n    stream\n    occurredAt\n    action\n    outcome\n    source\n    body\n    entity {\n      type\n      id\n      label\n    }\n    actor {\n      id\n      name\n    }\n    recordedAt\n    module\n    ip\n    userAgent\n    device\n    location\n    ... on ActivityEntry {\n      actionTitle\n      metadata\n      changes {\n        path\n        before\n        after\n        hidden\n      }\n    }\n    ... on AuthEntry {\n      username\n      reason\n    }\n    ... on KeyLogEntry {\n      holder {\n        id\n        name\n      }\n      comment\n      reason\n      overrideReason\n    }\n    ... on WorkEntry {\n      person {\n        id\n        name\n      }\n      user\n      workstation\n      reason\n    }\n  }\n": types.ArchivedEntryRowFragmentDoc,
    "\n  query Archives($filter: ArchiveFilter!, $first: Int!, $after: Cursor) {\n    archives(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...ArchiveRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ArchivesDocument,
    "\n  fragment BackupRow on Backup {\n    id\n    state\n    askedBy {\n      id\n      name\n    }\n    startedAt\n    endedAt\n    verifiedAt\n    file\n    entries\n    checkpoint\n    bytes\n    problem\n  }\n": types.BackupRowFragmentDoc,
    "\n  query BackupSchedule {\n    backupSchedule {\n      on\n      at\n      zone\n      keep\n      directory\n      nextDue\n    }\n  }\n": types.BackupScheduleDocument,
    "\n  query Backups($first: Int!, $after: Cursor) {\n    backups(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          state\n          ...BackupRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.BackupsDocument,
    "\n  mutation RunBackup {\n    runBackup {\n      backup {\n        id\n        state\n      }\n    }\n  }\n": types.RunBackupDocument,
    "\n  query LegalHolds($first: Int!, $after: Cursor) {\n    legalHolds(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          person {\n            id\n            name\n          }\n          reason\n          placedAt\n          placedBy {\n            id\n            name\n          }\n          releasedAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.LegalHoldsDocument,
    "\n  mutation PlaceLegalHold($input: PlaceLegalHoldInput!) {\n    placeLegalHold(input: $input) {\n      hold {\n        id\n      }\n    }\n  }\n": types.PlaceLegalHoldDocument,
    "\n  query RetentionPolicies {\n    retentionPolicies {\n      stream\n      source\n      entityType\n      keepDays\n      maxEntries\n      maxBytes\n    }\n  }\n": types.RetentionPoliciesDocument,
    "\n  mutation SetRetentionPolicy($input: SetRetentionPolicyInput!) {\n    setRetentionPolicy(input: $input) {\n      policies {\n        stream\n        source\n        entityType\n        keepDays\n        maxEntries\n        maxBytes\n      }\n    }\n  }\n": types.SetRetentionPolicyDocument,
    "\n  query RetentionPreview {\n    retentionPreview {\n      asOf\n      entries\n      held\n      nextDue\n      streams {\n        stream\n        entries\n        oldest\n        newest\n      }\n    }\n  }\n": types.RetentionPreviewDocument,
    "\n  mutation ReleaseLegalHold($input: ReleaseLegalHoldInput!) {\n    releaseLegalHold(input: $input) {\n      hold {\n        id\n        releasedAt\n      }\n    }\n  }\n": types.ReleaseLegalHoldDocument,
    "\n  mutation RunRetention {\n    runRetention {\n      run {\n        id\n        state\n      }\n    }\n  }\n": types.RunRetentionDocument,
    "\n  query ArchiveSearch($filter: LogFilter!, $first: Int!, $after: Cursor) {\n    archivedEntries(filter: $filter, first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n          ...ArchivedEntryRow\n        }\n        archive {\n          id\n          oldest\n          newest\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      searched {\n        archives\n        left\n        backTo\n        damaged {\n          id\n          oldest\n          newest\n          damage\n        }\n      }\n    }\n  }\n": types.ArchiveSearchDocument,
    "\n  query RetentionRuns {\n    retentionRuns(first: 10) {\n      edges {\n        node {\n          id\n          state\n          askedBy {\n            id\n            name\n          }\n          asOf\n          endedAt\n          entries\n          archives\n          streams {\n            stream\n            entries\n          }\n          problem\n        }\n      }\n    }\n  }\n": types.RetentionRunsDocument,
    "\n  query Cabinets {\n    keys(first: 500) {\n      edges {\n        node {\n          id\n          cabinet\n        }\n      }\n    }\n  }\n": types.CabinetsDocument,
    "\n  query Custody($key: ID!) {\n    loans(filter: { key: $key }, first: 500) {\n      edges {\n        node {\n          id\n          issuedAt\n          dueAt\n          returnedAt\n          end\n          holder {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n": types.CustodyDocument,
    "\n  fragment Difference on InventoryDifference {\n    id\n    number\n    kind\n    resolution\n    resolvedAt\n    resolvedBy {\n      id\n      name\n    }\n    key {\n      id\n      label\n      cabinet\n      loan {\n        id\n        holder {\n          id\n          name\n        }\n      }\n    }\n  }\n": types.DifferenceFragmentDoc,
    "\n  mutation ResolveDifference($input: ResolveDifferenceInput!) {\n    resolveDifference(input: $input) {\n      difference {\n        id\n        ...Difference\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n": types.ResolveDifferenceDocument,
    "\n  mutation ExtendLoan($input: ExtendLoanInput!) {\n    extendLoan(input: $input) {\n      loan {\n        id\n        dueAt\n        overdue\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n": types.ExtendLoanDocument,
    "\n  query Inventories($first: Int!, $after: Cursor) {\n    inventories(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          takenAt\n          cabinet\n          expectedCount\n          foundCount\n          differenceCount\n          openCount\n          takenBy {\n            id\n            name\n          }\n          group {\n            id\n            name\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.InventoriesDocument,
    "\n  mutation HandOverKeys($input: HandOverKeysInput!) {\n    handOverKeys(input: $input) {\n      handovers {\n        id\n        ...Handover\n        loan {\n          id\n          handover {\n            id\n          }\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n": types.HandOverKeysDocument,
    "\n  query Inventory($id: ID!, $first: Int!, $after: Cursor) {\n    inventory(id: $id) {\n      id\n      takenAt\n      cabinet\n      expectedCount\n      foundCount\n      openCount\n      takenBy {\n        id\n        name\n      }\n      group {\n        id\n        name\n      }\n      differences(first: $first, after: $after) {\n        edges {\n          node {\n            id\n            ...Difference\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": types.InventoryDocument,
    "\n  mutation IssueKeys($input: IssueKeysInput!) {\n    issueKeys(input: $input) {\n      loans {\n        id\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n      approvals {\n        id\n        ...ApprovalLive\n      }\n    }\n  }\n": types.IssueKeysDocument,
    "\n  query DefaultDue($key: ID!) {\n    key(id: $key) {\n      id\n      defaultDueAt\n    }\n  }\n": types.DefaultDueDocument,
    "\n  fragment EditableKey on Key {\n    id\n    number\n    label\n    category\n    building\n    floor\n    room\n    cabinet\n    hook\n    kind\n    approvalRequired\n    copyOf {\n      id\n      number\n      label\n    }\n    version\n  }\n": types.EditableKeyFragmentDoc,
    "\n  mutation CreateKey($input: CreateKeyInput!) {\n    createKey(input: $input) {\n      key {\n        id\n        ...KeyLive\n      }\n    }\n  }\n": types.CreateKeyDocument,
    "\n  mutation UpdateKey($input: UpdateKeyInput!) {\n    updateKey(input: $input) {\n      key {\n        id\n        ...KeyLive\n      }\n    }\n  }\n": types.UpdateKeyDocument,
    "\n  query KeyHistory($id: ID!, $first: Int!, $after: Cursor) {\n    key(id: $id) {\n      id\n      history(first: $first, after: $after) {\n        edges {\n          node {\n            id\n            ...Movement\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": types.KeyHistoryDocument,
    "\n  query KeyPage($id: ID!) {\n    key(id: $id) {\n      id\n      category\n      cabinet\n      hook\n      createdAt\n      retiredAt\n      kind\n      approvalRequired\n      copyOf {\n        id\n        number\n      }\n      ring {\n        id\n        name\n      }\n      groups {\n        id\n        name\n      }\n      loan {\n        id\n        handover {\n          id\n          state\n          ...Handover\n        }\n      }\n      ...KeyRow\n      ...EditableKey\n    }\n  }\n": types.KeyPageDocument,
    "\n  query KeyReservations($id: ID!) {\n    key(id: $id) {\n      id\n      reservations {\n        id\n        ...ReservationRow\n      }\n    }\n  }\n": types.KeyReservationsDocument,
    "\n  mutation ImportKeys($input: ImportKeysInput!) {\n    importKeys(input: $input) {\n      created\n      updated\n      unchanged\n      wrong\n      done\n      rows {\n        line\n        action\n        number\n        fields\n        problem\n      }\n    }\n  }\n": types.ImportKeysDocument,
    "\n  query LastHolder($key: ID!) {\n    loans(filter: { key: $key }, first: 1) {\n      edges {\n        node {\n          id\n          returnedAt\n          end\n          holder {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n": types.LastHolderDocument,
    "\n  mutation ReportKeyLost($input: ReportKeyLostInput!) {\n    reportKeyLost(input: $input) {\n      key {\n        id\n        ...KeyLive\n      }\n      loan {\n        id\n        returnedAt\n        end\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n": types.ReportKeyLostDocument,
    "\n  mutation ReportKeyFound($input: ReportKeyFoundInput!) {\n    reportKeyFound(input: $input) {\n      key {\n        id\n        ...KeyLive\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n": types.ReportKeyFoundDocument,
    "\n  mutation ReserveKeys($input: ReserveKeysInput!) {\n    reserveKeys(input: $input) {\n      reservations {\n        id\n        ...ReservationRow\n      }\n    }\n  }\n": types.ReserveKeysDocument,
    "\n  mutation RetireKey($input: RetireKeyInput!) {\n    retireKey(input: $input) {\n      key {\n        id\n        ...KeyLive\n      }\n    }\n  }\n": types.RetireKeyDocument,
    "\n  mutation ReturnKeys($input: ReturnKeysInput!) {\n    returnKeys(input: $input) {\n      loans {\n        id\n        returnedAt\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n": types.ReturnKeysDocument,
    "\n  mutation CountInventory($input: CountInventoryInput!) {\n    countInventory(input: $input) {\n      inventory {\n        id\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n": types.CountInventoryDocument,
    "\n  query HolderName($id: ID!) {\n    person(id: $id) {\n      id\n      name\n    }\n  }\n": types.HolderNameDocument,
    "\n  query GroupKeys($group: ID!) {\n    keys(filter: { group: $group }, first: 200) {\n      edges {\n        node {\n          id\n          number\n          label\n        }\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n": types.GroupKeysDocument,
    "\n  query KeyChoices($search: String) {\n    keys(filter: { search: $search }, first: 30) {\n      edges {\n        node {\n          id\n          number\n          label\n        }\n      }\n    }\n  }\n": types.KeyChoicesDocument,
    "\n  query DepartmentChoices {\n    departments {\n      id\n      name\n    }\n  }\n": types.DepartmentChoicesDocument,
    "\n  fragment GroupRules on KeyGroup {\n    id\n    name\n    keyCount\n    version\n    curfew\n    defaultLoan {\n      minutes\n      until\n    }\n    takers {\n      role\n      person {\n        id\n        name\n      }\n      department {\n        id\n        name\n      }\n      window {\n        days\n        from\n        to\n      }\n    }\n  }\n": types.GroupRulesFragmentDoc,
    "\n  query GroupsWithRules {\n    keyGroups(first: 500) {\n      edges {\n        node {\n          id\n          ...GroupRules\n        }\n      }\n    }\n  }\n": types.GroupsWithRulesDocument,
    "\n  fragment KeyRingRow on KeyRing {\n    id\n    name\n    version\n    keys {\n      id\n      number\n      label\n    }\n  }\n": types.KeyRingRowFragmentDoc,
    "\n  query Rings($first: Int!, $after: Cursor) {\n    keyRings(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...KeyRingRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.RingsDocument,
    "\n  mutation SaveKeyGroup($input: SaveKeyGroupInput!) {\n    saveKeyGroup(input: $input) {\n      keyGroup {\n        id\n        ...GroupRules\n      }\n    }\n  }\n": types.SaveKeyGroupDocument,
    "\n  mutation SaveKeyRing($input: SaveKeyRingInput!) {\n    saveKeyRing(input: $input) {\n      keyRing {\n        id\n        ...KeyRingRow\n      }\n    }\n  }\n": types.SaveKeyRingDocument,
    "\n  mutation DeleteKeyRing($input: DeleteKeyRingInput!) {\n    deleteKeyRing(input: $input) {\n      keyRing\n    }\n  }\n": types.DeleteKeyRingDocument,
    "\n  fragment KeyRow on Key {\n    id\n    number\n    label\n    building\n    floor\n    room\n    cabinet\n    hook\n    state\n    loan {\n      id\n      issuedAt\n      dueAt\n      overdue\n      holder {\n        id\n        name\n      }\n    }\n  }\n": types.KeyRowFragmentDoc,
    "\n  query KeyList($filter: KeyFilter!, $first: Int!, $after: Cursor) {\n    keys(filter: $filter, first: $first, after: $after) {\n      totalCount\n      edges {\n        node {\n          id\n          ...KeyRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.KeyListDocument,
    "\n  query KeyCounts($filter: KeyFilter!) {\n    keys(filter: $filter, first: 1) {\n      states {\n        state\n        count\n      }\n    }\n  }\n": types.KeyCountsDocument,
    "\n  fragment WaitingKey on Approval {\n    id\n    state\n    requestedAt\n    expiresAt\n    holder {\n      id\n      name\n    }\n    requestedBy {\n      id\n      name\n    }\n    keys {\n      id\n    }\n  }\n": types.WaitingKeyFragmentDoc,
    "\n  query WaitingKeys($filter: ApprovalFilter!) {\n    approvals(filter: $filter, first: 100) {\n      edges {\n        node {\n          id\n          ...WaitingKey\n        }\n      }\n    }\n  }\n": types.WaitingKeysDocument,
    "\n  query Consents($first: Int!, $after: Cursor) {\n    consents(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          purpose\n          version\n          given\n          recordedAt\n          recordedBy {\n            id\n            name\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ConsentsDocument,
    "\n  query KeptData {\n    keptData {\n      kinds {\n        kind\n        count\n        atLeast\n        from\n        to\n        purpose\n      }\n      purposes {\n        code\n        basis\n        version\n        statement\n      }\n      consents {\n        id\n        purpose\n        version\n        given\n        recordedAt\n      }\n    }\n  }\n": types.KeptDataDocument,
    "\n  mutation RecordConsent($input: RecordConsentInput!) {\n    recordConsent(input: $input) {\n      consent {\n        id\n      }\n    }\n  }\n": types.RecordConsentDocument,
    "\n  fragment Wall on Wall {\n    name\n    at\n    out\n    overdue\n    groups {\n      id\n      name\n      keys\n      out\n      overdue\n    }\n    loans {\n      key\n      number\n      label\n      place\n      holder\n      issuedAt\n      dueAt\n      overdue\n    }\n    today {\n      date\n      issued\n      returned\n      due\n    }\n    calendar {\n      timeZone\n      days {\n        date\n        issued\n        returned\n        due\n      }\n    }\n    movements {\n      id\n      action\n      occurredAt\n      number\n      holder\n    }\n  }\n": types.WallFragmentDoc,
    "\n  subscription WallFeed {\n    wallFeed {\n      ...Wall\n    }\n  }\n": types.WallFeedDocument,
    "\n  mutation RequestPairing {\n    requestPairing {\n      code\n      expiresAt\n    }\n  }\n": types.RequestPairingDocument,
    "\n  query Pairing {\n    pairing\n  }\n": types.PairingDocument,
    "\n  fragment TimeCounts on LogCounts {\n    total\n    truncated\n    counts {\n      key\n      at\n      total\n    }\n  }\n": types.TimeCountsFragmentDoc,
    "\n  fragment KindCounts on LogCounts {\n    others\n    counts {\n      key\n      total\n      title\n      person {\n        id\n        name\n      }\n    }\n  }\n": types.KindCountsFragmentDoc,
    "\n  query Overview($filter: LogFilter!, $timeZone: String!, $hours: Boolean!) {\n    day: logCounts(filter: $filter, by: DAY, timeZone: $timeZone) {\n      ...TimeCounts\n    }\n    hour: logCounts(filter: $filter, by: HOUR, timeZone: $timeZone) @include(if: $hours) {\n      ...TimeCounts\n    }\n    actor: logCounts(filter: $filter, by: PERSON, timeZone: $timeZone) {\n      ...KindCounts\n    }\n    action: logCounts(filter: $filter, by: ACTION, timeZone: $timeZone) {\n      ...KindCounts\n    }\n    module: logCounts(filter: $filter, by: MODULE, timeZone: $timeZone) {\n      ...KindCounts\n    }\n    outcome: logCounts(filter: $filter, by: OUTCOME, timeZone: $timeZone) {\n      ...KindCounts\n    }\n  }\n": types.OverviewDocument,
    "\n  mutation MergePersons($input: MergePersonsInput!) {\n    mergePersons(input: $input) {\n      person {\n        id\n        ...PersonRow\n      }\n    }\n  }\n": types.MergePersonsDocument,
    "\n  mutation ImportPeople($input: ImportPeopleInput!) {\n    importPeople(input: $input) {\n      created\n      updated\n      unchanged\n      wrong\n      done\n      rows {\n        line\n        action\n        name\n        fields\n        problem\n      }\n    }\n  }\n": types.ImportPeopleDocument,
    "\n  query People($search: String, $filter: PeopleFilter, $first: Int!, $after: Cursor) {\n    people(search: $search, filter: $filter, first: $first, after: $after) {\n      totalCount\n      edges {\n        node {\n          id\n          ...PersonRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.PeopleDocument,
    "\n  query Departments {\n    departments {\n      id\n      name\n    }\n  }\n": types.DepartmentsDocument,
    "\n  mutation CreatePerson($input: CreatePersonInput!) {\n    createPerson(input: $input) {\n      person {\n        id\n        ...PersonRow\n      }\n    }\n  }\n": types.CreatePersonDocument,
    "\n  mutation UpdatePerson($input: UpdatePersonInput!) {\n    updatePerson(input: $input) {\n      person {\n        id\n        ...PersonRow\n      }\n    }\n  }\n": types.UpdatePersonDocument,
    "\n  fragment PersonRow on Person {\n    id\n    name\n    employeeNumber\n    badge\n    company\n    email\n    phone\n    validUntil\n    department {\n      id\n      name\n    }\n    openLoans {\n      id\n      overdue\n    }\n  }\n": types.PersonRowFragmentDoc,
    "\n  query PersonDetails($id: ID!) {\n    person(id: $id) {\n      id\n      name\n      employeeNumber\n      badge\n      company\n      email\n      phone\n      validUntil\n      language\n      version\n      department {\n        id\n        name\n      }\n      externalNames {\n        source\n        name\n      }\n      openLoans {\n        id\n      }\n    }\n  }\n": types.PersonDetailsDocument,
    "\n  mutation ErasePerson($input: ErasePersonInput!) {\n    erasePerson(input: $input) {\n      request {\n        id\n        ...PrivacyRequestCard\n      }\n    }\n  }\n": types.ErasePersonDocument,
    "\n  query NamedPerson($person: ID!) {\n    person(id: $person) {\n      id\n      name\n    }\n  }\n": types.NamedPersonDocument,
    "\n  mutation DecidePrivacyRequest($input: DecidePrivacyRequestInput!) {\n    decidePrivacyRequest(input: $input) {\n      request {\n        id\n        ...PrivacyRequestCard\n      }\n    }\n  }\n": types.DecidePrivacyRequestDocument,
    "\n  query PrivacyRequests($filter: PrivacyRequestFilter!, $first: Int!, $after: Cursor) {\n    privacyRequests(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...PrivacyRequestCard\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.PrivacyRequestsDocument,
    "\n  fragment PrivacyRequestCard on PrivacyRequest {\n    id\n    person {\n      id\n      name\n    }\n    state\n    requestedBy {\n      id\n      name\n    }\n    requestedAt\n    reason\n    decidedBy {\n      id\n      name\n    }\n    decidedAt\n    note\n    completedAt\n    obstacles {\n      kind\n      count\n    }\n    mayDecide\n  }\n": types.PrivacyRequestCardFragmentDoc,
    "\n  mutation EnrolTotp {\n    enrolTotp {\n      secret\n      qrCode\n    }\n  }\n": types.EnrolTotpDocument,
    "\n  mutation ConfirmTotp($input: ConfirmTotpInput!) {\n    confirmTotp(input: $input) {\n      recoveryCodes\n    }\n  }\n": types.ConfirmTotpDocument,
    "\n  mutation RemoveTotp($input: ProofInput!) {\n    removeTotp(input: $input) {\n      viewer {\n        secondFactor {\n          addedAt\n        }\n      }\n    }\n  }\n": types.RemoveTotpDocument,
    "\n  mutation RegenerateRecoveryCodes($input: ProofInput!) {\n    regenerateRecoveryCodes(input: $input) {\n      recoveryCodes\n    }\n  }\n": types.RegenerateRecoveryCodesDocument,
    "\n  query SecondFactor {\n    viewer {\n      secondFactor {\n        addedAt\n        recoveryCodesLeft\n      }\n    }\n  }\n": types.SecondFactorDocument,
    "\n  fragment SignInEntry on AuthEntry {\n    id\n    seq\n    cursor\n    action\n    occurredAt\n    outcome\n    source\n    username\n    reason\n    ip\n    userAgent\n    device\n    location\n    actor {\n      id\n      name\n    }\n    entity {\n      type\n      label\n    }\n  }\n": types.SignInEntryFragmentDoc,
    "\n  query SignIns($filter: LogFilter!, $first: Int!, $after: Cursor) {\n    authLog(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...SignInEntry\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.SignInsDocument,
    "\n  query SignInFeedStart {\n    authLog(first: 1) {\n      edges {\n        node {\n          id\n          cursor\n        }\n      }\n    }\n  }\n": types.SignInFeedStartDocument,
    "\n  subscription SignInFeed($after: Cursor, $filter: LogFilter) {\n    authFeed(after: $after, filter: $filter) {\n      id\n      cursor\n      ...SignInEntry\n    }\n  }\n": types.SignInFeedDocument,
    "\n  mutation ReviewDay($input: ReviewDayInput!) {\n    reviewDay(input: $input) {\n      reviewed\n      left\n    }\n  }\n": types.ReviewDayDocument,
    "\n  fragment Facet on LogCounts {\n    counts {\n      key\n      total\n      title\n      person {\n        id\n        name\n      }\n    }\n  }\n": types.FacetFragmentDoc,
    "\n  query TimelineFacets($filter: LogFilter) {\n    actor: logCounts(filter: $filter, by: PERSON) {\n      ...Facet\n    }\n    action: logCounts(filter: $filter, by: ACTION) {\n      ...Facet\n    }\n    module: logCounts(filter: $filter, by: MODULE) {\n      ...Facet\n    }\n    outcome: logCounts(filter: $filter, by: OUTCOME) {\n      ...Facet\n    }\n  }\n": types.TimelineFacetsDocument,
    "\n  query TimelineHistogram($filter: LogFilter, $by: CountBy!, $timeZone: String) {\n    logCounts(filter: $filter, by: $by, timeZone: $timeZone) {\n      total\n      truncated\n      counts {\n        key\n        at\n        total\n      }\n    }\n  }\n": types.TimelineHistogramDocument,
    "\n  query Timeline($filter: LogFilter!, $first: Int!, $after: Cursor) {\n    timeline(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...TimelineEntry\n          ...Reviewed\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.TimelineDocument,
    "\n  fragment TimelineEntry on LogEntry {\n    __typename\n    id\n    seq\n    cursor\n    stream\n    occurredAt\n    action\n    outcome\n    module\n    source\n    entity {\n      type\n      id\n      label\n    }\n    actor {\n      id\n      name\n    }\n    ... on KeyLogEntry {\n      holder {\n        id\n        name\n      }\n      comment\n      dueAt\n    }\n    ... on AuthEntry {\n      username\n      reason\n      device\n      location\n    }\n    ... on WorkEntry {\n      workstation\n      assurance\n      person {\n        id\n        name\n      }\n    }\n    ... on ActivityEntry {\n      actionTitle\n      changes {\n        path\n        before\n        after\n        hidden\n      }\n    }\n  }\n": types.TimelineEntryFragmentDoc,
    "\n  query Unreviewed($unreviewed: LogFilter!, $flagged: LogFilter!) {\n    unreviewed: logCounts(filter: $unreviewed, by: ACTION) {\n      total\n      truncated\n      counts {\n        key\n        total\n        title\n      }\n    }\n    flagged: logCounts(filter: $flagged, by: ACTION) {\n      total\n    }\n  }\n": types.UnreviewedDocument,
    "\n  query TimelineFeedStart {\n    timeline(first: 1) {\n      edges {\n        node {\n          id\n          cursor\n        }\n      }\n    }\n  }\n": types.TimelineFeedStartDocument,
    "\n  subscription TimelineFeed($after: Cursor, $filter: LogFilter) {\n    timelineFeed(after: $after, filter: $filter) {\n      id\n      cursor\n      ...TimelineEntry\n    }\n  }\n": types.TimelineFeedDocument,
    "\n  query Sources {\n    sources {\n      name\n      purpose\n      plain {\n        entityType\n        path\n      }\n      words {\n        action\n        english\n        latvian\n      }\n    }\n  }\n": types.SourcesDocument,
    "\n  mutation DeclareSource($input: DeclareSourceInput!) {\n    declareSource(input: $input) {\n      source {\n        name\n      }\n    }\n  }\n": types.DeclareSourceDocument,
    "\n  query PairingRequest($code: String!) {\n    pairingRequest(code: $code) {\n      code\n      askedAt\n      ip\n      device\n      location\n    }\n  }\n": types.PairingRequestDocument,
    "\n  mutation ApprovePairing($input: ApprovePairingInput!) {\n    approvePairing(input: $input) {\n      apiToken {\n        id\n        name\n      }\n    }\n  }\n": types.ApprovePairingDocument,
    "\n  mutation RevokeToken($input: RevokeApiTokenInput!) {\n    revokeApiToken(input: $input) {\n      apiToken {\n        id\n        ...TokenRow\n      }\n    }\n  }\n": types.RevokeTokenDocument,
    "\n  query SentBySource($source: String!) {\n    sourceStatus(source: $source, days: 30) {\n      source\n      recorded\n      refused\n    }\n  }\n": types.SentBySourceDocument,
    "\n  mutation CreateToken($input: CreateApiTokenInput!) {\n    createApiToken(input: $input) {\n      token\n      apiToken {\n        id\n        name\n      }\n    }\n  }\n": types.CreateTokenDocument,
    "\n  fragment TokenRow on ApiToken {\n    id\n    name\n    role\n    source\n    networks\n    state\n    createdAt\n    createdBy {\n      id\n      name\n    }\n    expiresAt\n    lastUsedAt\n    lastUsedFrom\n    revokedAt\n  }\n": types.TokenRowFragmentDoc,
    "\n  query Tokens($first: Int!, $after: Cursor) {\n    apiTokens(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...TokenRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.TokensDocument,
    "\n  query WebhookDeliveries($webhook: ID!, $states: [WebhookDeliveryState!], $after: Cursor) {\n    webhookDeliveries(webhook: $webhook, states: $states, first: 20, after: $after) {\n      edges {\n        node {\n          ...Delivery\n          seq\n          state\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.WebhookDeliveriesDocument,
    "\n  fragment Delivery on WebhookDelivery {\n    seq\n    event\n    state\n    attempts\n    status\n    problem\n    answer\n    milliseconds\n    lastAt\n    nextAt\n  }\n": types.DeliveryFragmentDoc,
    "\n  mutation ResendDelivery($input: ResendDeliveryInput!) {\n    resendDelivery(input: $input) {\n      webhook {\n        id\n        ...Hook\n      }\n    }\n  }\n": types.ResendDeliveryDocument,
    "\n  fragment Hook on Webhook {\n    id\n    url\n    description\n    events\n    state\n    failingSince\n    deliveredAt\n    formerSecretUntil\n    givenUp\n  }\n": types.HookFragmentDoc,
    "\n  mutation SaveWebhook($input: SaveWebhookInput!) {\n    saveWebhook(input: $input) {\n      secret\n      webhook {\n        id\n        ...Hook\n      }\n    }\n  }\n": types.SaveWebhookDocument,
    "\n  mutation RemoveWebhook($input: RemoveWebhookInput!) {\n    removeWebhook(input: $input) {\n      id\n    }\n  }\n": types.RemoveWebhookDocument,
    "\n  mutation ReplayWebhook($input: ReplayWebhookInput!) {\n    replayWebhook(input: $input) {\n      webhook {\n        id\n        ...Hook\n      }\n    }\n  }\n": types.ReplayWebhookDocument,
    "\n  mutation RotateWebhookSecret($input: RotateWebhookSecretInput!) {\n    rotateWebhookSecret(input: $input) {\n      secret\n      webhook {\n        id\n        ...Hook\n      }\n    }\n  }\n": types.RotateWebhookSecretDocument,
    "\n  mutation TestWebhook($input: TestWebhookInput!) {\n    testWebhook(input: $input) {\n      status\n      problem\n      milliseconds\n    }\n  }\n": types.TestWebhookDocument,
    "\n  query Webhooks {\n    webhooks {\n      id\n      ...Hook\n    }\n  }\n": types.WebhooksDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PaletteKeys($search: String!) {\n    keys(filter: { search: $search }, first: 7) {\n      edges {\n        node {\n          id\n          number\n          label\n          state\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query PaletteKeys($search: String!) {\n    keys(filter: { search: $search }, first: 7) {\n      edges {\n        node {\n          id\n          number\n          label\n          state\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PalettePeople($search: String!) {\n    people(search: $search, first: 5) {\n      edges {\n        node {\n          id\n          name\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query PalettePeople($search: String!) {\n    people(search: $search, first: 5) {\n      edges {\n        node {\n          id\n          name\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      viewer {\n        mustChangePassword\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ChangePassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      viewer {\n        mustChangePassword\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Session {\n    viewer {\n      person {\n        id\n        name\n      }\n      account {\n        id\n        username\n      }\n      roles\n      permissions {\n        permission\n        scope\n      }\n      mustChangePassword\n    }\n    server {\n      version\n      timeZone\n      time\n      sample\n      ...SignInServer\n    }\n  }\n"): (typeof documents)["\n  query Session {\n    viewer {\n      person {\n        id\n        name\n      }\n      account {\n        id\n        username\n      }\n      roles\n      permissions {\n        permission\n        scope\n      }\n      mustChangePassword\n    }\n    server {\n      version\n      timeZone\n      time\n      sample\n      ...SignInServer\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignOut {\n    signOut\n  }\n"): (typeof documents)["\n  mutation SignOut {\n    signOut\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetPassword($input: SetPasswordInput!) {\n    setPassword(input: $input) {\n      username\n    }\n  }\n"): (typeof documents)["\n  mutation SetPassword($input: SetPasswordInput!) {\n    setPassword(input: $input) {\n      username\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SignInServer on Server {\n    signInProvider {\n      label\n      startPath\n    }\n    sample\n    sampleAccounts {\n      username\n      password\n      role\n    }\n  }\n"): (typeof documents)["\n  fragment SignInServer on Server {\n    signInProvider {\n      label\n      startPath\n    }\n    sample\n    sampleAccounts {\n      username\n      password\n      role\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      secondFactorRequired\n      viewer {\n        account {\n          id\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      secondFactorRequired\n      viewer {\n        account {\n          id\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ConfirmPassword($input: ConfirmPasswordInput!) {\n    confirmPassword(input: $input) {\n      confirmedUntil\n    }\n  }\n"): (typeof documents)["\n  mutation ConfirmPassword($input: ConfirmPasswordInput!) {\n    confirmPassword(input: $input) {\n      confirmedUntil\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment AlertLive on Alert {\n    id\n    rule\n    severity\n    state\n    raisedAt\n    lastAt\n    evidence\n    evidenceCount\n    changedAt\n    note\n    ending\n    groupName\n    customRuleName\n    unreadable\n    key {\n      id\n      number\n    }\n    person {\n      id\n      name\n    }\n    changedBy {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  fragment AlertLive on Alert {\n    id\n    rule\n    severity\n    state\n    raisedAt\n    lastAt\n    evidence\n    evidenceCount\n    changedAt\n    note\n    ending\n    groupName\n    customRuleName\n    unreadable\n    key {\n      id\n      number\n    }\n    person {\n      id\n      name\n    }\n    changedBy {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription AlertFeed {\n    alertFeed {\n      id\n      ...AlertLive\n    }\n  }\n"): (typeof documents)["\n  subscription AlertFeed {\n    alertFeed {\n      id\n      ...AlertLive\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OpenAlerts {\n    alerts(filter: { states: [OPEN] }, first: 1) {\n      totalCount\n    }\n  }\n"): (typeof documents)["\n  query OpenAlerts {\n    alerts(filter: { states: [OPEN] }, first: 1) {\n      totalCount\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ApprovalLive on Approval {\n    id\n    state\n    requestedAt\n    expiresAt\n    dueAt\n    comment\n    overrideReason\n    decidedAt\n    note\n    mayDecide\n    keys {\n      id\n      number\n      label\n    }\n    holder {\n      id\n      name\n    }\n    requestedBy {\n      id\n      name\n    }\n    decidedBy {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  fragment ApprovalLive on Approval {\n    id\n    state\n    requestedAt\n    expiresAt\n    dueAt\n    comment\n    overrideReason\n    decidedAt\n    note\n    mayDecide\n    keys {\n      id\n      number\n      label\n    }\n    holder {\n      id\n      name\n    }\n    requestedBy {\n      id\n      name\n    }\n    decidedBy {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription ApprovalFeed {\n    approvalFeed {\n      id\n      ...ApprovalLive\n    }\n  }\n"): (typeof documents)["\n  subscription ApprovalFeed {\n    approvalFeed {\n      id\n      ...ApprovalLive\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WaitingApprovals {\n    approvals(filter: { states: [PENDING], mayDecide: true }, first: 100) {\n      edges {\n        node {\n          id\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query WaitingApprovals {\n    approvals(filter: { states: [PENDING], mayDecide: true }, first: 100) {\n      edges {\n        node {\n          id\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ActivityEntry($seq: Int64!) {\n    entry(seq: $seq) {\n      __typename\n      ... on ActivityEntry {\n        id\n        seq\n        action\n        occurredAt\n        recordedAt\n        source\n        actionTitle\n        module\n        outcome\n        ip\n        userAgent\n        device\n        location\n        bulkId\n        metadata\n        body\n        actor {\n          id\n          name\n        }\n        entity {\n          type\n          id\n          label\n        }\n        objects {\n          type\n          id\n        }\n        changes {\n          path\n          before\n          after\n          hidden\n        }\n        request {\n          direction\n          method\n          service\n          url\n          path\n          query\n          headers\n          body\n        }\n        response {\n          status\n          durationMs\n          headers\n          body\n          error\n        }\n        proof {\n          treeSize\n          leafData\n          leafHash\n          rootHash\n          hashes\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ActivityEntry($seq: Int64!) {\n    entry(seq: $seq) {\n      __typename\n      ... on ActivityEntry {\n        id\n        seq\n        action\n        occurredAt\n        recordedAt\n        source\n        actionTitle\n        module\n        outcome\n        ip\n        userAgent\n        device\n        location\n        bulkId\n        metadata\n        body\n        actor {\n          id\n          name\n        }\n        entity {\n          type\n          id\n          label\n        }\n        objects {\n          type\n          id\n        }\n        changes {\n          path\n          before\n          after\n          hidden\n        }\n        request {\n          direction\n          method\n          service\n          url\n          path\n          query\n          headers\n          body\n        }\n        response {\n          status\n          durationMs\n          headers\n          body\n          error\n        }\n        proof {\n          treeSize\n          leafData\n          leafHash\n          rootHash\n          hashes\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AuthEntry($seq: Int64!) {\n    entry(seq: $seq) {\n      __typename\n      ... on AuthEntry {\n        id\n        seq\n        action\n        occurredAt\n        recordedAt\n        source\n        module\n        outcome\n        ip\n        userAgent\n        device\n        location\n        username\n        reason\n        session\n        body\n        actor {\n          id\n          name\n        }\n        proof {\n          treeSize\n          leafData\n          leafHash\n          rootHash\n          hashes\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query AuthEntry($seq: Int64!) {\n    entry(seq: $seq) {\n      __typename\n      ... on AuthEntry {\n        id\n        seq\n        action\n        occurredAt\n        recordedAt\n        source\n        module\n        outcome\n        ip\n        userAgent\n        device\n        location\n        username\n        reason\n        session\n        body\n        actor {\n          id\n          name\n        }\n        proof {\n          treeSize\n          leafData\n          leafHash\n          rootHash\n          hashes\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CorrectMovement($input: CorrectMovementInput!) {\n    correctMovement(input: $input) {\n      entry {\n        id\n        ...Movement\n      }\n      loan {\n        id\n        issuedAt\n        returnedAt\n        end\n        holder {\n          id\n          name\n        }\n      }\n      key {\n        id\n        ...KeyLive\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CorrectMovement($input: CorrectMovementInput!) {\n    correctMovement(input: $input) {\n      entry {\n        id\n        ...Movement\n      }\n      loan {\n        id\n        issuedAt\n        returnedAt\n        end\n        holder {\n          id\n          name\n        }\n      }\n      key {\n        id\n        ...KeyLive\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query KeyEntry($seq: Int64!) {\n    entry(seq: $seq) {\n      __typename\n      ... on KeyLogEntry {\n        id\n        seq\n        action\n        occurredAt\n        recordedAt\n        source\n        module\n        outcome\n        ip\n        userAgent\n        device\n        location\n        comment\n        reason\n        overrideReason\n        dueAt\n        previousDueAt\n        body\n        previousHolder {\n          id\n          name\n        }\n        correction {\n          occurredAt\n          previousOccurredAt\n          void\n        }\n        corrects {\n          id\n          seq\n        }\n        correctedBy {\n          id\n          seq\n          occurredAt\n          reason\n          comment\n          holder {\n            id\n            name\n          }\n          correction {\n            occurredAt\n            previousOccurredAt\n            void\n          }\n        }\n        actor {\n          id\n          name\n        }\n        holder {\n          id\n          name\n        }\n        entity {\n          type\n          id\n          label\n        }\n        key {\n          id\n          number\n          label\n        }\n        proof {\n          treeSize\n          leafData\n          leafHash\n          rootHash\n          hashes\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query KeyEntry($seq: Int64!) {\n    entry(seq: $seq) {\n      __typename\n      ... on KeyLogEntry {\n        id\n        seq\n        action\n        occurredAt\n        recordedAt\n        source\n        module\n        outcome\n        ip\n        userAgent\n        device\n        location\n        comment\n        reason\n        overrideReason\n        dueAt\n        previousDueAt\n        body\n        previousHolder {\n          id\n          name\n        }\n        correction {\n          occurredAt\n          previousOccurredAt\n          void\n        }\n        corrects {\n          id\n          seq\n        }\n        correctedBy {\n          id\n          seq\n          occurredAt\n          reason\n          comment\n          holder {\n            id\n            name\n          }\n          correction {\n            occurredAt\n            previousOccurredAt\n            void\n          }\n        }\n        actor {\n          id\n          name\n        }\n        holder {\n          id\n          name\n        }\n        entity {\n          type\n          id\n          label\n        }\n        key {\n          id\n          number\n          label\n        }\n        proof {\n          treeSize\n          leafData\n          leafHash\n          rootHash\n          hashes\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PersonName($id: ID!) {\n    person(id: $id) {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  query PersonName($id: ID!) {\n    person(id: $id) {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SystemEntry($seq: Int64!) {\n    entry(seq: $seq) {\n      __typename\n      ... on SystemEntry {\n        id\n        seq\n        action\n        occurredAt\n        recordedAt\n        source\n        module\n        outcome\n        ip\n        userAgent\n        device\n        location\n        details\n        filter\n        purpose\n        body\n        actor {\n          id\n          name\n        }\n        entity {\n          type\n          id\n          label\n        }\n        proof {\n          treeSize\n          leafData\n          leafHash\n          rootHash\n          hashes\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query SystemEntry($seq: Int64!) {\n    entry(seq: $seq) {\n      __typename\n      ... on SystemEntry {\n        id\n        seq\n        action\n        occurredAt\n        recordedAt\n        source\n        module\n        outcome\n        ip\n        userAgent\n        device\n        location\n        details\n        filter\n        purpose\n        body\n        actor {\n          id\n          name\n        }\n        entity {\n          type\n          id\n          label\n        }\n        proof {\n          treeSize\n          leafData\n          leafHash\n          rootHash\n          hashes\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WorkEntry($seq: Int64!) {\n    entry(seq: $seq) {\n      __typename\n      ... on WorkEntry {\n        id\n        seq\n        action\n        occurredAt\n        recordedAt\n        source\n        module\n        outcome\n        ip\n        userAgent\n        device\n        location\n        user\n        workstation\n        assurance\n        reason\n        body\n        person {\n          id\n          name\n        }\n        actor {\n          id\n          name\n        }\n        proof {\n          treeSize\n          leafData\n          leafHash\n          rootHash\n          hashes\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query WorkEntry($seq: Int64!) {\n    entry(seq: $seq) {\n      __typename\n      ... on WorkEntry {\n        id\n        seq\n        action\n        occurredAt\n        recordedAt\n        source\n        module\n        outcome\n        ip\n        userAgent\n        device\n        location\n        user\n        workstation\n        assurance\n        reason\n        body\n        person {\n          id\n          name\n        }\n        actor {\n          id\n          name\n        }\n        proof {\n          treeSize\n          leafData\n          leafHash\n          rootHash\n          hashes\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query EntryCentre($seq: Int64!) {\n    entry(seq: $seq) {\n      __typename\n      id\n      seq\n      stream\n      occurredAt\n      source\n      actor {\n        id\n        name\n      }\n      entity {\n        type\n        id\n        label\n      }\n      ... on KeyLogEntry {\n        holder {\n          id\n          name\n        }\n      }\n      ... on WorkEntry {\n        person {\n          id\n          name\n        }\n      }\n      ... on ActivityEntry {\n        bulkId\n      }\n    }\n  }\n"): (typeof documents)["\n  query EntryCentre($seq: Int64!) {\n    entry(seq: $seq) {\n      __typename\n      id\n      seq\n      stream\n      occurredAt\n      source\n      actor {\n        id\n        name\n      }\n      entity {\n        type\n        id\n        label\n      }\n      ... on KeyLogEntry {\n        holder {\n          id\n          name\n        }\n      }\n      ... on WorkEntry {\n        person {\n          id\n          name\n        }\n      }\n      ... on ActivityEntry {\n        bulkId\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query EntriesAround($filter: LogFilter!, $first: Int!) {\n    timeline(filter: $filter, first: $first) {\n      edges {\n        node {\n          __typename\n          id\n          seq\n          occurredAt\n          action\n          entity {\n            type\n            id\n            label\n          }\n          ... on ActivityEntry {\n            actionTitle\n            bulkId\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query EntriesAround($filter: LogFilter!, $first: Int!) {\n    timeline(filter: $filter, first: $first) {\n      edges {\n        node {\n          __typename\n          id\n          seq\n          occurredAt\n          action\n          entity {\n            type\n            id\n            label\n          }\n          ... on ActivityEntry {\n            actionTitle\n            bulkId\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query KeysHeldThen($holder: ID!, $at: Time!) {\n    loans(filter: { holder: $holder, heldAt: $at }, first: 50) {\n      edges {\n        node {\n          id\n          issuedAt\n          key {\n            id\n            number\n            label\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query KeysHeldThen($holder: ID!, $at: Time!) {\n    loans(filter: { holder: $holder, heldAt: $at }, first: 50) {\n      edges {\n        node {\n          id\n          issuedAt\n          key {\n            id\n            number\n            label\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SignInsBefore($person: ID!, $before: Time!) {\n    authLog(filter: { person: $person, to: $before }, first: 20) {\n      edges {\n        node {\n          id\n          seq\n          action\n          occurredAt\n          device\n          location\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query SignInsBefore($person: ID!, $before: Time!) {\n    authLog(filter: { person: $person, to: $before }, first: 20) {\n      edges {\n        node {\n          id\n          seq\n          action\n          occurredAt\n          device\n          location\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WorkThen($person: ID!, $date: Date!) {\n    workDays(date: $date, filter: { person: $person }, first: 1) {\n      edges {\n        node {\n          spans {\n            from\n            to\n            estimated\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query WorkThen($person: ID!, $date: Date!) {\n    workDays(date: $date, filter: { person: $person }, first: 1) {\n      edges {\n        node {\n          spans {\n            from\n            to\n            estimated\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Reviewed on LogEntry {\n    id\n    review {\n      state\n      verdict\n      note\n      at\n      by {\n        id\n        name\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment Reviewed on LogEntry {\n    id\n    review {\n      state\n      verdict\n      note\n      at\n      by {\n        id\n        name\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query EntryReview($seq: Int64!) {\n    entry(seq: $seq) {\n      id\n      ...Reviewed\n    }\n  }\n"): (typeof documents)["\n  query EntryReview($seq: Int64!) {\n    entry(seq: $seq) {\n      id\n      ...Reviewed\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation FlagEntries($input: FlagEntriesInput!) {\n    flagEntries(input: $input) {\n      entries {\n        id\n        ...Reviewed\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation FlagEntries($input: FlagEntriesInput!) {\n    flagEntries(input: $input) {\n      entries {\n        id\n        ...Reviewed\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReviewEntries($input: ReviewEntriesInput!) {\n    reviewEntries(input: $input) {\n      entries {\n        id\n        ...Reviewed\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ReviewEntries($input: ReviewEntriesInput!) {\n    reviewEntries(input: $input) {\n      entries {\n        id\n        ...Reviewed\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OfferedValues($filter: LogFilter, $by: CountBy!) {\n    logCounts(filter: $filter, by: $by) {\n      counts {\n        key\n        person {\n          id\n          name\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query OfferedValues($filter: LogFilter, $by: CountBy!) {\n    logCounts(filter: $filter, by: $by) {\n      counts {\n        key\n        person {\n          id\n          name\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PersonsNamed($name: String!) {\n    people(search: $name, first: 12) {\n      edges {\n        node {\n          id\n          name\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query PersonsNamed($name: String!) {\n    people(search: $name, first: 12) {\n      edges {\n        node {\n          id\n          name\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Exports {\n    exportJobs {\n      id\n      list\n      format\n      state\n      problem\n      rowsDone\n      rowsTotal\n      rowsPerSecond\n      createdAt\n      expiresAt\n      path\n    }\n  }\n"): (typeof documents)["\n  query Exports {\n    exportJobs {\n      id\n      list\n      format\n      state\n      problem\n      rowsDone\n      rowsTotal\n      rowsPerSecond\n      createdAt\n      expiresAt\n      path\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StartExport($input: StartExportInput!) {\n    startExport(input: $input) {\n      job {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation StartExport($input: StartExportInput!) {\n    startExport(input: $input) {\n      job {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CancelExport($id: ID!) {\n    cancelExport(input: { id: $id }) {\n      job {\n        id\n        state\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CancelExport($id: ID!) {\n    cancelExport(input: { id: $id }) {\n      job {\n        id\n        state\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Buildings {\n    keys(first: 500) {\n      edges {\n        node {\n          id\n          building\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Buildings {\n    keys(first: 500) {\n      edges {\n        node {\n          id\n          building\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query KeyGroups {\n    keyGroups(first: 500) {\n      edges {\n        node {\n          id\n          name\n          keyCount\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query KeyGroups {\n    keyGroups(first: 500) {\n      edges {\n        node {\n          id\n          name\n          keyCount\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Handover on Handover {\n    id\n    state\n    dueAt\n    requestedAt\n    expiresAt\n    key {\n      id\n      number\n      label\n    }\n    from {\n      id\n      name\n    }\n    to {\n      id\n      name\n    }\n    requestedBy {\n      id\n    }\n  }\n"): (typeof documents)["\n  fragment Handover on Handover {\n    id\n    state\n    dueAt\n    requestedAt\n    expiresAt\n    key {\n      id\n      number\n      label\n    }\n    from {\n      id\n      name\n    }\n    to {\n      id\n      name\n    }\n    requestedBy {\n      id\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AcceptHandover($input: AcceptHandoverInput!) {\n    acceptHandover(input: $input) {\n      handover {\n        id\n        state\n        key {\n          id\n          ...KeyLive\n        }\n        loan {\n          id\n          handover {\n            id\n          }\n        }\n      }\n      loans {\n        id\n        returnedAt\n        end\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation AcceptHandover($input: AcceptHandoverInput!) {\n    acceptHandover(input: $input) {\n      handover {\n        id\n        state\n        key {\n          id\n          ...KeyLive\n        }\n        loan {\n          id\n          handover {\n            id\n          }\n        }\n      }\n      loans {\n        id\n        returnedAt\n        end\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CancelHandover($input: CancelHandoverInput!) {\n    cancelHandover(input: $input) {\n      handover {\n        id\n        state\n        loan {\n          id\n          handover {\n            id\n          }\n        }\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CancelHandover($input: CancelHandoverInput!) {\n    cancelHandover(input: $input) {\n      handover {\n        id\n        state\n        loan {\n          id\n          handover {\n            id\n          }\n        }\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OfferedHandovers($person: ID!) {\n    handovers(filter: { person: $person, state: PENDING }, first: 100) {\n      edges {\n        node {\n          id\n          ...Handover\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query OfferedHandovers($person: ID!) {\n    handovers(filter: { person: $person, state: PENDING }, first: 100) {\n      edges {\n        node {\n          id\n          ...Handover\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Holders($search: String) {\n    people(search: $search, first: 12) {\n      edges {\n        node {\n          id\n          ...Holder\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Holders($search: String) {\n    people(search: $search, first: 12) {\n      edges {\n        node {\n          id\n          ...Holder\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query RecentHolders {\n    loans(first: 40) {\n      edges {\n        node {\n          id\n          holder {\n            id\n            ...Holder\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query RecentHolders {\n    loans(first: 40) {\n      edges {\n        node {\n          id\n          holder {\n            id\n            ...Holder\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Holder on Person {\n    id\n    name\n    badge\n    company\n    department {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  fragment Holder on Person {\n    id\n    name\n    badge\n    company\n    department {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MovementFeedStart {\n    keyLog(first: 1) {\n      edges {\n        node {\n          id\n          cursor\n          recordedAt\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query MovementFeedStart {\n    keyLog(first: 1) {\n      edges {\n        node {\n          id\n          cursor\n          recordedAt\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription MovementFeed($after: Cursor) {\n    keyFeed(after: $after) {\n      id\n      cursor\n      ...Movement\n      key {\n        ...KeyLive\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription MovementFeed($after: Cursor) {\n    keyFeed(after: $after) {\n      id\n      cursor\n      ...Movement\n      key {\n        ...KeyLive\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment KeyLive on Key {\n    id\n    number\n    label\n    category\n    building\n    floor\n    room\n    cabinet\n    hook\n    state\n    version\n    retiredAt\n    groups {\n      id\n      name\n    }\n    loan {\n      id\n      issuedAt\n      dueAt\n      overdue\n      holder {\n        id\n        name\n      }\n      issuedBy {\n        id\n        name\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment KeyLive on Key {\n    id\n    number\n    label\n    category\n    building\n    floor\n    room\n    cabinet\n    hook\n    state\n    version\n    retiredAt\n    groups {\n      id\n      name\n    }\n    loan {\n      id\n      issuedAt\n      dueAt\n      overdue\n      holder {\n        id\n        name\n      }\n      issuedBy {\n        id\n        name\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Movement on KeyLogEntry {\n    id\n    seq\n    cursor\n    action\n    occurredAt\n    comment\n    dueAt\n    actor {\n      id\n      name\n    }\n    holder {\n      id\n      name\n    }\n    entity {\n      type\n      id\n      label\n    }\n    key {\n      id\n      number\n      label\n      building\n      groups {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment Movement on KeyLogEntry {\n    id\n    seq\n    cursor\n    action\n    occurredAt\n    comment\n    dueAt\n    actor {\n      id\n      name\n    }\n    holder {\n      id\n      name\n    }\n    entity {\n      type\n      id\n      label\n    }\n    key {\n      id\n      number\n      label\n      building\n      groups {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CancelReservation($input: CancelReservationInput!) {\n    cancelReservation(input: $input) {\n      reservations {\n        id\n        ...ReservationRow\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CancelReservation($input: CancelReservationInput!) {\n    cancelReservation(input: $input) {\n      reservations {\n        id\n        ...ReservationRow\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ReservationRow on Reservation {\n    id\n    from\n    to\n    state\n    comment\n    holder {\n      id\n      name\n    }\n    reservedBy {\n      id\n      name\n    }\n    key {\n      id\n      number\n      label\n      building\n      ring {\n        id\n        name\n      }\n      groups {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment ReservationRow on Reservation {\n    id\n    from\n    to\n    state\n    comment\n    holder {\n      id\n      name\n    }\n    reservedBy {\n      id\n      name\n    }\n    key {\n      id\n      number\n      label\n      building\n      ring {\n        id\n        name\n      }\n      groups {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SavedViews($list: ViewedList!) {\n    savedViews(list: $list) {\n      id\n      list\n      name\n      search\n    }\n  }\n"): (typeof documents)["\n  query SavedViews($list: ViewedList!) {\n    savedViews(list: $list) {\n      id\n      list\n      name\n      search\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SaveView($input: SaveViewInput!) {\n    saveView(input: $input) {\n      view {\n        id\n        list\n        name\n        search\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SaveView($input: SaveViewInput!) {\n    saveView(input: $input) {\n      view {\n        id\n        list\n        name\n        search\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteView($input: DeleteViewInput!) {\n    deleteView(input: $input) {\n      id\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteView($input: DeleteViewInput!) {\n    deleteView(input: $input) {\n      id\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Accounts($search: String, $first: Int!, $after: Cursor) {\n    accounts(search: $search, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...AccountRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query Accounts($search: String, $first: Int!, $after: Cursor) {\n    accounts(search: $search, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...AccountRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ResetPassword($account: ID!) {\n    resetPassword(input: { account: $account }) {\n      setupLink\n      account {\n        id\n        ...AccountRow\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ResetPassword($account: ID!) {\n    resetPassword(input: { account: $account }) {\n      setupLink\n      account {\n        id\n        ...AccountRow\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DisableAccount($account: ID!) {\n    disableAccount(input: { account: $account }) {\n      account {\n        id\n        ...AccountRow\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DisableAccount($account: ID!) {\n    disableAccount(input: { account: $account }) {\n      account {\n        id\n        ...AccountRow\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EnableAccount($account: ID!) {\n    enableAccount(input: { account: $account }) {\n      account {\n        id\n        ...AccountRow\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation EnableAccount($account: ID!) {\n    enableAccount(input: { account: $account }) {\n      account {\n        id\n        ...AccountRow\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EndSessionsOf($account: ID!) {\n    endSessions(input: { account: $account }) {\n      ended\n    }\n  }\n"): (typeof documents)["\n  mutation EndSessionsOf($account: ID!) {\n    endSessions(input: { account: $account }) {\n      ended\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UnlockAccount($account: ID!) {\n    unlockAccount(account: $account)\n  }\n"): (typeof documents)["\n  mutation UnlockAccount($account: ID!) {\n    unlockAccount(account: $account)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveSecondFactor($account: ID!) {\n    removeSecondFactor(account: $account)\n  }\n"): (typeof documents)["\n  mutation RemoveSecondFactor($account: ID!) {\n    removeSecondFactor(account: $account)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AccountPeople($search: String!) {\n    people(search: $search, first: 8) {\n      edges {\n        node {\n          id\n          name\n          department {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query AccountPeople($search: String!) {\n    people(search: $search, first: 8) {\n      edges {\n        node {\n          id\n          name\n          department {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateAccount($input: CreateAccountInput!) {\n    createAccount(input: $input) {\n      setupLink\n      account {\n        id\n        ...AccountRow\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateAccount($input: CreateAccountInput!) {\n    createAccount(input: $input) {\n      setupLink\n      account {\n        id\n        ...AccountRow\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment AccountRow on Account {\n    id\n    username\n    roles\n    disabledAt\n    mustChangePassword\n    lockedUntil\n    secondFactor\n    signedInAt\n    person {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  fragment AccountRow on Account {\n    id\n    username\n    roles\n    disabledAt\n    mustChangePassword\n    lockedUntil\n    secondFactor\n    signedInAt\n    person {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PersonAccess($person: ID!) {\n    access(person: $person) {\n      roles\n      allowed {\n        permission\n        scope\n        because {\n          role\n          scope\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query PersonAccess($person: ID!) {\n    access(person: $person) {\n      roles\n      allowed {\n        permission\n        scope\n        because {\n          role\n          scope\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetRoles($input: SetRolesInput!) {\n    setRoles(input: $input) {\n      access {\n        roles\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SetRoles($input: SetRolesInput!) {\n    setRoles(input: $input) {\n      access {\n        roles\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Roles {\n    roles {\n      name\n      assignable\n      grants {\n        permission\n        scope\n      }\n    }\n  }\n"): (typeof documents)["\n  query Roles {\n    roles {\n      name\n      assignable\n      grants {\n        permission\n        scope\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChangeOwnPassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      viewer {\n        mustChangePassword\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ChangeOwnPassword($input: ChangePasswordInput!) {\n    changePassword(input: $input) {\n      viewer {\n        mustChangePassword\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OwnSessions($first: Int!, $after: Cursor) {\n    sessions(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ip\n          device\n          location\n          createdAt\n          seenAt\n          current\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query OwnSessions($first: Int!, $after: Cursor) {\n    sessions(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ip\n          device\n          location\n          createdAt\n          seenAt\n          current\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeSession($session: ID!) {\n    revokeSession(input: { session: $session }) {\n      session\n    }\n  }\n"): (typeof documents)["\n  mutation RevokeSession($session: ID!) {\n    revokeSession(input: { session: $session }) {\n      session\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EndOwnSessions {\n    endSessions(input: {}) {\n      ended\n    }\n  }\n"): (typeof documents)["\n  mutation EndOwnSessions {\n    endSessions(input: {}) {\n      ended\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AcknowledgeAlert($input: AcknowledgeAlertInput!) {\n    acknowledgeAlert(input: $input) {\n      alert {\n        id\n        ...AlertLive\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation AcknowledgeAlert($input: AcknowledgeAlertInput!) {\n    acknowledgeAlert(input: $input) {\n      alert {\n        id\n        ...AlertLive\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ResolveAlert($input: ResolveAlertInput!) {\n    resolveAlert(input: $input) {\n      alert {\n        id\n        ...AlertLive\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ResolveAlert($input: ResolveAlertInput!) {\n    resolveAlert(input: $input) {\n      alert {\n        id\n        ...AlertLive\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Alert($id: ID!) {\n    alert(id: $id) {\n      id\n      ...AlertLive\n    }\n  }\n"): (typeof documents)["\n  query Alert($id: ID!) {\n    alert(id: $id) {\n      id\n      ...AlertLive\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Alerts($filter: AlertFilter!, $first: Int!, $after: Cursor) {\n    alerts(filter: $filter, first: $first, after: $after) {\n      totalCount\n      edges {\n        node {\n          id\n          ...AlertLive\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query Alerts($filter: AlertFilter!, $first: Int!, $after: Cursor) {\n    alerts(filter: $filter, first: $first, after: $after) {\n      totalCount\n      edges {\n        node {\n          id\n          ...AlertLive\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Evidence($seq: Int64!) {\n    entry(seq: $seq) {\n      __typename\n      ... on AuthEntry {\n        id\n        seq\n        action\n        occurredAt\n        username\n        ip\n      }\n      ... on SystemEntry {\n        id\n        seq\n        action\n        occurredAt\n      }\n      ... on ActivityEntry {\n        id\n        seq\n        action\n        occurredAt\n      }\n      ... on WorkEntry {\n        id\n        seq\n        action\n        occurredAt\n      }\n      ... on KeyLogEntry {\n        id\n        seq\n        action\n        occurredAt\n        key {\n          id\n          number\n        }\n        holder {\n          id\n          name\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Evidence($seq: Int64!) {\n    entry(seq: $seq) {\n      __typename\n      ... on AuthEntry {\n        id\n        seq\n        action\n        occurredAt\n        username\n        ip\n      }\n      ... on SystemEntry {\n        id\n        seq\n        action\n        occurredAt\n      }\n      ... on ActivityEntry {\n        id\n        seq\n        action\n        occurredAt\n      }\n      ... on WorkEntry {\n        id\n        seq\n        action\n        occurredAt\n      }\n      ... on KeyLogEntry {\n        id\n        seq\n        action\n        occurredAt\n        key {\n          id\n          number\n        }\n        holder {\n          id\n          name\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MutedRules {\n    builtInAlertRules {\n      rule\n      mutedUntil\n    }\n  }\n"): (typeof documents)["\n  query MutedRules {\n    builtInAlertRules {\n      rule\n      mutedUntil\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Outbox {\n    outbox {\n      waiting\n      problem\n      dead\n    }\n  }\n"): (typeof documents)["\n  query Outbox {\n    outbox {\n      waiting\n      problem\n      dead\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment BuiltInRule on BuiltInAlertRule {\n    rule\n    keptOn\n    version\n    mutedUntil\n    mutedBy {\n      id\n      name\n    }\n    muteReason\n    mutedCount\n  }\n"): (typeof documents)["\n  fragment BuiltInRule on BuiltInAlertRule {\n    rule\n    keptOn\n    version\n    mutedUntil\n    mutedBy {\n      id\n      name\n    }\n    muteReason\n    mutedCount\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MuteBuiltInAlertRule($input: MuteBuiltInAlertRuleInput!) {\n    muteBuiltInAlertRule(input: $input) {\n      rule {\n        ...BuiltInRule\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation MuteBuiltInAlertRule($input: MuteBuiltInAlertRuleInput!) {\n    muteBuiltInAlertRule(input: $input) {\n      rule {\n        ...BuiltInRule\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query BuiltInAlertRules {\n    builtInAlertRules {\n      ...BuiltInRule\n    }\n  }\n"): (typeof documents)["\n  query BuiltInAlertRules {\n    builtInAlertRules {\n      ...BuiltInRule\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MuteAlertRule($input: MuteAlertRuleInput!) {\n    muteAlertRule(input: $input) {\n      rule {\n        id\n        ...Rule\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation MuteAlertRule($input: MuteAlertRuleInput!) {\n    muteAlertRule(input: $input) {\n      rule {\n        id\n        ...Rule\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteAlertRule($input: DeleteAlertRuleInput!) {\n    deleteAlertRule(input: $input) {\n      id\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteAlertRule($input: DeleteAlertRuleInput!) {\n    deleteAlertRule(input: $input) {\n      id\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SaveAlertRule($input: SaveAlertRuleInput!) {\n    saveAlertRule(input: $input) {\n      rule {\n        id\n        ...Rule\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SaveAlertRule($input: SaveAlertRuleInput!) {\n    saveAlertRule(input: $input) {\n      rule {\n        id\n        ...Rule\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PreviewAlertRule($rule: AlertRuleInput!, $purpose: String) {\n    previewAlertRule(rule: $rule, purpose: $purpose) {\n      count\n      days {\n        date\n        count\n      }\n      examples {\n        at\n        group\n        entry\n        stream\n        entries\n      }\n      entriesRead\n      entriesLate\n      truncated\n      from\n    }\n  }\n"): (typeof documents)["\n  query PreviewAlertRule($rule: AlertRuleInput!, $purpose: String) {\n    previewAlertRule(rule: $rule, purpose: $purpose) {\n      count\n      days {\n        date\n        count\n      }\n      examples {\n        at\n        group\n        entry\n        stream\n        entries\n      }\n      entriesRead\n      entriesLate\n      truncated\n      from\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Rule on CustomAlertRule {\n    id\n    name\n    kind\n    streams\n    actions\n    outcome\n    sources\n    windowMinutes\n    count\n    groupBy\n    hours {\n      weekdays\n      from\n      to\n    }\n    severity\n    enabled\n    version\n    mutedUntil\n    muteReason\n    mutedCount\n    lastAlertAt\n    problem\n  }\n"): (typeof documents)["\n  fragment Rule on CustomAlertRule {\n    id\n    name\n    kind\n    streams\n    actions\n    outcome\n    sources\n    windowMinutes\n    count\n    groupBy\n    hours {\n      weekdays\n      from\n      to\n    }\n    severity\n    enabled\n    version\n    mutedUntil\n    muteReason\n    mutedCount\n    lastAlertAt\n    problem\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AlertRules($first: Int!, $after: Cursor) {\n    alertRules(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...Rule\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query AlertRules($first: Int!, $after: Cursor) {\n    alertRules(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...Rule\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Approvals($filter: ApprovalFilter!, $first: Int!, $after: Cursor) {\n    approvals(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...ApprovalLive\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query Approvals($filter: ApprovalFilter!, $first: Int!, $after: Cursor) {\n    approvals(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...ApprovalLive\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DecideApproval($input: DecideApprovalInput!) {\n    decideApproval(input: $input) {\n      approval {\n        id\n        ...ApprovalLive\n      }\n      loans {\n        id\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DecideApproval($input: DecideApprovalInput!) {\n    decideApproval(input: $input) {\n      approval {\n        id\n        ...ApprovalLive\n      }\n      loans {\n        id\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CancelApproval($input: CancelApprovalInput!) {\n    cancelApproval(input: $input) {\n      approval {\n        id\n        ...ApprovalLive\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CancelApproval($input: CancelApprovalInput!) {\n    cancelApproval(input: $input) {\n      approval {\n        id\n        ...ApprovalLive\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DayMovements($filter: LogFilter!, $first: Int!, $after: Cursor) {\n    keyLog(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...Movement\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query DayMovements($filter: LogFilter!, $first: Int!, $after: Cursor) {\n    keyLog(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...Movement\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DayReservations($filter: ReservationFilter!, $first: Int!, $after: Cursor) {\n    reservations(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...ReservationRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query DayReservations($filter: ReservationFilter!, $first: Int!, $after: Cursor) {\n    reservations(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...ReservationRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DueLoan on Loan {\n    id\n    dueAt\n    overdue\n    issuedAt\n    returnedAt\n    holder {\n      id\n      name\n    }\n    key {\n      id\n      number\n      label\n      building\n      groups {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment DueLoan on Loan {\n    id\n    dueAt\n    overdue\n    issuedAt\n    returnedAt\n    holder {\n      id\n      name\n    }\n    key {\n      id\n      number\n      label\n      building\n      groups {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DueLoans($filter: LoanFilter!, $first: Int!, $after: Cursor) {\n    loans(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...DueLoan\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query DueLoans($filter: LoanFilter!, $first: Int!, $after: Cursor) {\n    loans(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...DueLoan\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query KeyTotals($filter: KeyFilter) {\n    keys(filter: $filter, first: 1) {\n      states {\n        state\n        count\n      }\n    }\n  }\n"): (typeof documents)["\n  query KeyTotals($filter: KeyFilter) {\n    keys(filter: $filter, first: 1) {\n      states {\n        state\n        count\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Calendar($from: Date!, $days: Int!, $timeZone: String!, $filter: CalendarFilter) {\n    calendar(from: $from, days: $days, timeZone: $timeZone, filter: $filter) {\n      days {\n        date\n        issued\n        returned\n        reserved\n        due\n      }\n    }\n  }\n"): (typeof documents)["\n  query Calendar($from: Date!, $days: Int!, $timeZone: String!, $filter: CalendarFilter) {\n    calendar(from: $from, days: $days, timeZone: $timeZone, filter: $filter) {\n      days {\n        date\n        issued\n        returned\n        reserved\n        due\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription CalendarFeed($from: Date!, $days: Int!, $timeZone: String!, $filter: CalendarFilter) {\n    calendarFeed(from: $from, days: $days, timeZone: $timeZone, filter: $filter) {\n      days {\n        date\n        issued\n        returned\n        reserved\n        due\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription CalendarFeed($from: Date!, $days: Int!, $timeZone: String!, $filter: CalendarFilter) {\n    calendarFeed(from: $from, days: $days, timeZone: $timeZone, filter: $filter) {\n      days {\n        date\n        issued\n        returned\n        reserved\n        due\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DeskMovements($first: Int!) {\n    keyLog(first: $first) {\n      edges {\n        node {\n          id\n          ...Movement\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query DeskMovements($first: Int!) {\n    keyLog(first: $first) {\n      edges {\n        node {\n          id\n          ...Movement\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DeskKey on Key {\n    id\n    number\n    label\n    state\n    loan {\n      id\n      dueAt\n      holder {\n        id\n        name\n      }\n      handover {\n        id\n        to {\n          id\n          name\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment DeskKey on Key {\n    id\n    number\n    label\n    state\n    loan {\n      id\n      dueAt\n      holder {\n        id\n        name\n      }\n      handover {\n        id\n        to {\n          id\n          name\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DeskPerson on Person {\n    id\n    name\n    badge\n    department {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  fragment DeskPerson on Person {\n    id\n    name\n    badge\n    department {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DeskLookup($number: String!, $capitals: String!) {\n    key(number: $number) {\n      ...DeskKey\n    }\n    inCapitals: key(number: $capitals) {\n      ...DeskKey\n    }\n    personsByBadge(badge: $number) {\n      ...DeskPerson\n    }\n    people(search: $number, first: 8) {\n      edges {\n        node {\n          ...DeskPerson\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query DeskLookup($number: String!, $capitals: String!) {\n    key(number: $number) {\n      ...DeskKey\n    }\n    inCapitals: key(number: $capitals) {\n      ...DeskKey\n    }\n    personsByBadge(badge: $number) {\n      ...DeskPerson\n    }\n    people(search: $number, first: 8) {\n      edges {\n        node {\n          ...DeskPerson\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeskIssue($input: IssueKeysInput!) {\n    issueKeys(input: $input) {\n      loans {\n        id\n        dueAt\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n      approvals {\n        id\n        ...ApprovalLive\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeskIssue($input: IssueKeysInput!) {\n    issueKeys(input: $input) {\n      loans {\n        id\n        dueAt\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n      approvals {\n        id\n        ...ApprovalLive\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeskReturn($input: ReturnKeysInput!) {\n    returnKeys(input: $input) {\n      loans {\n        id\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeskReturn($input: ReturnKeysInput!) {\n    returnKeys(input: $input) {\n      loans {\n        id\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeskHandOver($input: HandOverKeysInput!) {\n    handOverKeys(input: $input) {\n      handovers {\n        id\n        ...Handover\n        loan {\n          id\n          handover {\n            id\n          }\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeskHandOver($input: HandOverKeysInput!) {\n    handOverKeys(input: $input) {\n      handovers {\n        id\n        ...Handover\n        loan {\n          id\n          handover {\n            id\n          }\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeskLost($input: ReportKeyLostInput!) {\n    reportKeyLost(input: $input) {\n      key {\n        id\n        ...KeyLive\n      }\n      loan {\n        id\n        returnedAt\n        end\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeskLost($input: ReportKeyLostInput!) {\n    reportKeyLost(input: $input) {\n      key {\n        id\n        ...KeyLive\n      }\n      loan {\n        id\n        returnedAt\n        end\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeskFound($input: ReportKeyFoundInput!) {\n    reportKeyFound(input: $input) {\n      key {\n        id\n        ...KeyLive\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeskFound($input: ReportKeyFoundInput!) {\n    reportKeyFound(input: $input) {\n      key {\n        id\n        ...KeyLive\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeskAnnul($input: CorrectMovementInput!) {\n    correctMovement(input: $input) {\n      entry {\n        id\n        ...Movement\n      }\n      loan {\n        id\n        returnedAt\n        end\n      }\n      key {\n        id\n        ...KeyLive\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeskAnnul($input: CorrectMovementInput!) {\n    correctMovement(input: $input) {\n      entry {\n        id\n        ...Movement\n      }\n      loan {\n        id\n        returnedAt\n        end\n      }\n      key {\n        id\n        ...KeyLive\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DeskApprovals {\n    approvals(filter: { states: [PENDING], mayDecide: true }, first: 20) {\n      edges {\n        node {\n          id\n          ...ApprovalLive\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query DeskApprovals {\n    approvals(filter: { states: [PENDING], mayDecide: true }, first: 20) {\n      edges {\n        node {\n          id\n          ...ApprovalLive\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeskDecide($input: DecideApprovalInput!) {\n    decideApproval(input: $input) {\n      approval {\n        id\n        ...ApprovalLive\n      }\n      loans {\n        id\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeskDecide($input: DecideApprovalInput!) {\n    decideApproval(input: $input) {\n      approval {\n        id\n        ...ApprovalLive\n      }\n      loans {\n        id\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DeskPlaces($search: String!) {\n    keys(filter: { search: $search }, first: 500) {\n      edges {\n        node {\n          id\n          cabinet\n        }\n      }\n    }\n    keyGroups(first: 500) {\n      edges {\n        node {\n          id\n          name\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query DeskPlaces($search: String!) {\n    keys(filter: { search: $search }, first: 500) {\n      edges {\n        node {\n          id\n          cabinet\n        }\n      }\n    }\n    keyGroups(first: 500) {\n      edges {\n        node {\n          id\n          name\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DeskDifference on InventoryDifference {\n    id\n    number\n    kind\n    key {\n      id\n      label\n      cabinet\n      loan {\n        id\n        holder {\n          id\n          name\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment DeskDifference on InventoryDifference {\n    id\n    number\n    kind\n    key {\n      id\n      label\n      cabinet\n      loan {\n        id\n        holder {\n          id\n          name\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeskCount($input: CountInventoryInput!) {\n    countInventory(input: $input) {\n      inventory {\n        id\n        foundCount\n        expectedCount\n        openCount\n        differences(first: 500) {\n          edges {\n            node {\n              id\n              ...DeskDifference\n            }\n          }\n        }\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeskCount($input: CountInventoryInput!) {\n    countInventory(input: $input) {\n      inventory {\n        id\n        foundCount\n        expectedCount\n        openCount\n        differences(first: 500) {\n          edges {\n            node {\n              id\n              ...DeskDifference\n            }\n          }\n        }\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeskSettle($input: ResolveDifferenceInput!) {\n    resolveDifference(input: $input) {\n      difference {\n        id\n        resolution\n        resolvedAt\n        resolvedBy {\n          id\n          name\n        }\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeskSettle($input: ResolveDifferenceInput!) {\n    resolveDifference(input: $input) {\n      difference {\n        id\n        resolution\n        resolvedAt\n        resolvedBy {\n          id\n          name\n        }\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WorkerNames($id: ID!) {\n    person(id: $id) {\n      id\n      version\n      externalNames {\n        source\n        name\n      }\n    }\n  }\n"): (typeof documents)["\n  query WorkerNames($id: ID!) {\n    person(id: $id) {\n      id\n      version\n      externalNames {\n        source\n        name\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation NameWorker($input: UpdatePersonInput!) {\n    updatePerson(input: $input) {\n      person {\n        id\n        version\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation NameWorker($input: UpdatePersonInput!) {\n    updatePerson(input: $input) {\n      person {\n        id\n        version\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AtWorkNow($filter: WorkerFilter!, $first: Int!, $after: Cursor) {\n    atWork(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          person {\n            id\n            name\n          }\n          since\n          lastReportAt\n          workstations\n          unverified\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query AtWorkNow($filter: WorkerFilter!, $first: Int!, $after: Cursor) {\n    atWork(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          person {\n            id\n            name\n          }\n          since\n          lastReportAt\n          workstations\n          unverified\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WorkFeedStart {\n    workLog(first: 1) {\n      edges {\n        node {\n          id\n          cursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query WorkFeedStart {\n    workLog(first: 1) {\n      edges {\n        node {\n          id\n          cursor\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription WorkNews($after: Cursor, $filter: LogFilter) {\n    workFeed(after: $after, filter: $filter) {\n      id\n      cursor\n    }\n  }\n"): (typeof documents)["\n  subscription WorkNews($after: Cursor, $filter: LogFilter) {\n    workFeed(after: $after, filter: $filter) {\n      id\n      cursor\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CorrectWorkHours($input: CorrectWorkHoursInput!) {\n    correctWorkHours(input: $input) {\n      entry {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CorrectWorkHours($input: CorrectWorkHoursInput!) {\n    correctWorkHours(input: $input) {\n      entry {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WorkDays($date: Date!, $filter: WorkerFilter!, $first: Int!, $after: Cursor) {\n    workDays(date: $date, filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          person {\n            id\n            name\n            department {\n              id\n              name\n            }\n          }\n          date\n          startsAt\n          endsAt\n          spans {\n            from\n            to\n            estimated\n            corrected\n          }\n          blocks\n          workingMinutes\n          realHours\n          estimatedMinutes\n          unverified\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query WorkDays($date: Date!, $filter: WorkerFilter!, $first: Int!, $after: Cursor) {\n    workDays(date: $date, filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          person {\n            id\n            name\n            department {\n              id\n              name\n            }\n          }\n          date\n          startsAt\n          endsAt\n          spans {\n            from\n            to\n            estimated\n            corrected\n          }\n          blocks\n          workingMinutes\n          realHours\n          estimatedMinutes\n          unverified\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UnknownUsers($first: Int!, $after: Cursor) {\n    unknownWorkUsers(first: $first, after: $after) {\n      edges {\n        node {\n          source\n          user\n          firstAt\n          lastAt\n          reports\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query UnknownUsers($first: Int!, $after: Cursor) {\n    unknownWorkUsers(first: $first, after: $after) {\n      edges {\n        node {\n          source\n          user\n          firstAt\n          lastAt\n          reports\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DismissWorkUser($input: DismissWorkUserInput!) {\n    dismissWorkUser(input: $input) {\n      dismissed\n    }\n  }\n"): (typeof documents)["\n  mutation DismissWorkUser($input: DismissWorkUserInput!) {\n    dismissWorkUser(input: $input) {\n      dismissed\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query HoursPeople($search: String) {\n    people(search: $search, first: 20) {\n      edges {\n        node {\n          id\n          name\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query HoursPeople($search: String) {\n    people(search: $search, first: 20) {\n      edges {\n        node {\n          id\n          name\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query HoursPerson($id: ID!) {\n    person(id: $id) {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  query HoursPerson($id: ID!) {\n    person(id: $id) {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query HoursDepartments {\n    departments {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  query HoursDepartments {\n    departments {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query HoursGrid($filter: WorkHoursFilter!, $by: WorkPeriod!, $first: Int!, $after: Cursor) {\n    workHours(filter: $filter, by: $by, first: $first, after: $after) {\n      person {\n        id\n        name\n      }\n      from\n      workingMinutes\n      realHours\n      estimatedMinutes\n      unverified\n      cursor\n    }\n  }\n"): (typeof documents)["\n  query HoursGrid($filter: WorkHoursFilter!, $by: WorkPeriod!, $first: Int!, $after: Cursor) {\n    workHours(filter: $filter, by: $by, first: $first, after: $after) {\n      person {\n        id\n        name\n      }\n      from\n      workingMinutes\n      realHours\n      estimatedMinutes\n      unverified\n      cursor\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WorkPurpose {\n    workHoursPurpose\n  }\n"): (typeof documents)["\n  query WorkPurpose {\n    workHoursPurpose\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RecomputeWorkHours {\n    recomputeWorkHours {\n      days\n    }\n  }\n"): (typeof documents)["\n  mutation RecomputeWorkHours {\n    recomputeWorkHours {\n      days\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment CheckpointFields on Checkpoint {\n    origin\n    size\n    rootHash\n    signedAt\n    note\n    verifierKey\n  }\n"): (typeof documents)["\n  fragment CheckpointFields on Checkpoint {\n    origin\n    size\n    rootHash\n    signedAt\n    note\n    verifierKey\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Inclusion($seq: Int64!, $treeSize: Int64!) {\n    inclusionProof(seq: $seq, treeSize: $treeSize) {\n      leafData\n      hashes\n    }\n  }\n"): (typeof documents)["\n  query Inclusion($seq: Int64!, $treeSize: Int64!) {\n    inclusionProof(seq: $seq, treeSize: $treeSize) {\n      leafData\n      hashes\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment IntegrityState on Integrity {\n    lastVerification {\n      finishedAt\n      entries\n      ok\n      findings\n    }\n    sinks {\n      name\n      size\n      deliveredAt\n      failing\n    }\n  }\n"): (typeof documents)["\n  fragment IntegrityState on Integrity {\n    lastVerification {\n      finishedAt\n      entries\n      ok\n      findings\n    }\n    sinks {\n      name\n      size\n      deliveredAt\n      failing\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SystemLog($filter: LogFilter!, $first: Int!, $after: Cursor) {\n    systemLog(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...SystemRowEntry\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query SystemLog($filter: LogFilter!, $first: Int!, $after: Cursor) {\n    systemLog(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...SystemRowEntry\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SystemRowEntry on SystemEntry {\n    id\n    seq\n    action\n    occurredAt\n    actor {\n      id\n      name\n    }\n    entity {\n      type\n      id\n      label\n    }\n  }\n"): (typeof documents)["\n  fragment SystemRowEntry on SystemEntry {\n    id\n    seq\n    action\n    occurredAt\n    actor {\n      id\n      name\n    }\n    entity {\n      type\n      id\n      label\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Integrity {\n    integrity {\n      checkpoint {\n        ...CheckpointFields\n      }\n      ...IntegrityState\n    }\n  }\n"): (typeof documents)["\n  query Integrity {\n    integrity {\n      checkpoint {\n        ...CheckpointFields\n      }\n      ...IntegrityState\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Consistency($from: Int64!, $to: Int64!) {\n    consistencyProof(from: $from, to: $to) {\n      hashes\n    }\n  }\n"): (typeof documents)["\n  query Consistency($from: Int64!, $to: Int64!) {\n    consistencyProof(from: $from, to: $to) {\n      hashes\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query EntryBody($seq: Int64!) {\n    entry(seq: $seq) {\n      id\n      body\n    }\n  }\n"): (typeof documents)["\n  query EntryBody($seq: Int64!) {\n    entry(seq: $seq) {\n      id\n      body\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ArchiveRow on Archive {\n    id\n    createdAt\n    from\n    to\n    entries\n    bytes\n    oldest\n    newest\n    manifest\n    verifiedAt\n    damage\n    restoredAt\n    keptUntil\n    streams {\n      stream\n      entries\n    }\n  }\n"): (typeof documents)["\n  fragment ArchiveRow on Archive {\n    id\n    createdAt\n    from\n    to\n    entries\n    bytes\n    oldest\n    newest\n    manifest\n    verifiedAt\n    damage\n    restoredAt\n    keptUntil\n    streams {\n      stream\n      entries\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation VerifyArchive($input: VerifyArchiveInput!) {\n    verifyArchive(input: $input) {\n      archive {\n        id\n        ...ArchiveRow\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation VerifyArchive($input: VerifyArchiveInput!) {\n    verifyArchive(input: $input) {\n      archive {\n        id\n        ...ArchiveRow\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ArchivedEntryRow on LogEntry {\n    __typename\n    id\n    seq\n    stream\n    occurredAt\n    action\n    outcome\n    source\n    body\n    entity {\n      type\n      id\n      label\n    }\n    actor {\n      id\n      name\n    }\n    recordedAt\n    module\n    ip\n    userAgent\n    device\n    location\n    ... on ActivityEntry {\n      actionTitle\n      metadata\n      changes {\n        path\n        before\n        after\n        hidden\n      }\n    }\n    ... on AuthEntry {\n      username\n      reason\n    }\n    ... on KeyLogEntry {\n      holder {\n        id\n        name\n      }\n      comment\n      reason\n      overrideReason\n    }\n    ... on WorkEntry {\n      person {\n        id\n        name\n      }\n      user\n      workstation\n      reason\n    }\n  }\n"): (typeof documents)["\n  fragment ArchivedEntryRow on LogEntry {\n    __typename\n    id\n    seq\n    stream\n    occurredAt\n    action\n    outcome\n    source\n    body\n    entity {\n      type\n      id\n      label\n    }\n    actor {\n      id\n      name\n    }\n    recordedAt\n    module\n    ip\n    userAgent\n    device\n    location\n    ... on ActivityEntry {\n      actionTitle\n      metadata\n      changes {\n        path\n        before\n        after\n        hidden\n      }\n    }\n    ... on AuthEntry {\n      username\n      reason\n    }\n    ... on KeyLogEntry {\n      holder {\n        id\n        name\n      }\n      comment\n      reason\n      overrideReason\n    }\n    ... on WorkEntry {\n      person {\n        id\n        name\n      }\n      user\n      workstation\n      reason\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Archives($filter: ArchiveFilter!, $first: Int!, $after: Cursor) {\n    archives(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...ArchiveRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query Archives($filter: ArchiveFilter!, $first: Int!, $after: Cursor) {\n    archives(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...ArchiveRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment BackupRow on Backup {\n    id\n    state\n    askedBy {\n      id\n      name\n    }\n    startedAt\n    endedAt\n    verifiedAt\n    file\n    entries\n    checkpoint\n    bytes\n    problem\n  }\n"): (typeof documents)["\n  fragment BackupRow on Backup {\n    id\n    state\n    askedBy {\n      id\n      name\n    }\n    startedAt\n    endedAt\n    verifiedAt\n    file\n    entries\n    checkpoint\n    bytes\n    problem\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query BackupSchedule {\n    backupSchedule {\n      on\n      at\n      zone\n      keep\n      directory\n      nextDue\n    }\n  }\n"): (typeof documents)["\n  query BackupSchedule {\n    backupSchedule {\n      on\n      at\n      zone\n      keep\n      directory\n      nextDue\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Backups($first: Int!, $after: Cursor) {\n    backups(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          state\n          ...BackupRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query Backups($first: Int!, $after: Cursor) {\n    backups(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          state\n          ...BackupRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RunBackup {\n    runBackup {\n      backup {\n        id\n        state\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RunBackup {\n    runBackup {\n      backup {\n        id\n        state\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query LegalHolds($first: Int!, $after: Cursor) {\n    legalHolds(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          person {\n            id\n            name\n          }\n          reason\n          placedAt\n          placedBy {\n            id\n            name\n          }\n          releasedAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query LegalHolds($first: Int!, $after: Cursor) {\n    legalHolds(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          person {\n            id\n            name\n          }\n          reason\n          placedAt\n          placedBy {\n            id\n            name\n          }\n          releasedAt\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PlaceLegalHold($input: PlaceLegalHoldInput!) {\n    placeLegalHold(input: $input) {\n      hold {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation PlaceLegalHold($input: PlaceLegalHoldInput!) {\n    placeLegalHold(input: $input) {\n      hold {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query RetentionPolicies {\n    retentionPolicies {\n      stream\n      source\n      entityType\n      keepDays\n      maxEntries\n      maxBytes\n    }\n  }\n"): (typeof documents)["\n  query RetentionPolicies {\n    retentionPolicies {\n      stream\n      source\n      entityType\n      keepDays\n      maxEntries\n      maxBytes\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetRetentionPolicy($input: SetRetentionPolicyInput!) {\n    setRetentionPolicy(input: $input) {\n      policies {\n        stream\n        source\n        entityType\n        keepDays\n        maxEntries\n        maxBytes\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SetRetentionPolicy($input: SetRetentionPolicyInput!) {\n    setRetentionPolicy(input: $input) {\n      policies {\n        stream\n        source\n        entityType\n        keepDays\n        maxEntries\n        maxBytes\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query RetentionPreview {\n    retentionPreview {\n      asOf\n      entries\n      held\n      nextDue\n      streams {\n        stream\n        entries\n        oldest\n        newest\n      }\n    }\n  }\n"): (typeof documents)["\n  query RetentionPreview {\n    retentionPreview {\n      asOf\n      entries\n      held\n      nextDue\n      streams {\n        stream\n        entries\n        oldest\n        newest\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReleaseLegalHold($input: ReleaseLegalHoldInput!) {\n    releaseLegalHold(input: $input) {\n      hold {\n        id\n        releasedAt\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ReleaseLegalHold($input: ReleaseLegalHoldInput!) {\n    releaseLegalHold(input: $input) {\n      hold {\n        id\n        releasedAt\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RunRetention {\n    runRetention {\n      run {\n        id\n        state\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RunRetention {\n    runRetention {\n      run {\n        id\n        state\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ArchiveSearch($filter: LogFilter!, $first: Int!, $after: Cursor) {\n    archivedEntries(filter: $filter, first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n          ...ArchivedEntryRow\n        }\n        archive {\n          id\n          oldest\n          newest\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      searched {\n        archives\n        left\n        backTo\n        damaged {\n          id\n          oldest\n          newest\n          damage\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ArchiveSearch($filter: LogFilter!, $first: Int!, $after: Cursor) {\n    archivedEntries(filter: $filter, first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n          ...ArchivedEntryRow\n        }\n        archive {\n          id\n          oldest\n          newest\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      searched {\n        archives\n        left\n        backTo\n        damaged {\n          id\n          oldest\n          newest\n          damage\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query RetentionRuns {\n    retentionRuns(first: 10) {\n      edges {\n        node {\n          id\n          state\n          askedBy {\n            id\n            name\n          }\n          asOf\n          endedAt\n          entries\n          archives\n          streams {\n            stream\n            entries\n          }\n          problem\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query RetentionRuns {\n    retentionRuns(first: 10) {\n      edges {\n        node {\n          id\n          state\n          askedBy {\n            id\n            name\n          }\n          asOf\n          endedAt\n          entries\n          archives\n          streams {\n            stream\n            entries\n          }\n          problem\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Cabinets {\n    keys(first: 500) {\n      edges {\n        node {\n          id\n          cabinet\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Cabinets {\n    keys(first: 500) {\n      edges {\n        node {\n          id\n          cabinet\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Custody($key: ID!) {\n    loans(filter: { key: $key }, first: 500) {\n      edges {\n        node {\n          id\n          issuedAt\n          dueAt\n          returnedAt\n          end\n          holder {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Custody($key: ID!) {\n    loans(filter: { key: $key }, first: 500) {\n      edges {\n        node {\n          id\n          issuedAt\n          dueAt\n          returnedAt\n          end\n          holder {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Difference on InventoryDifference {\n    id\n    number\n    kind\n    resolution\n    resolvedAt\n    resolvedBy {\n      id\n      name\n    }\n    key {\n      id\n      label\n      cabinet\n      loan {\n        id\n        holder {\n          id\n          name\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment Difference on InventoryDifference {\n    id\n    number\n    kind\n    resolution\n    resolvedAt\n    resolvedBy {\n      id\n      name\n    }\n    key {\n      id\n      label\n      cabinet\n      loan {\n        id\n        holder {\n          id\n          name\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ResolveDifference($input: ResolveDifferenceInput!) {\n    resolveDifference(input: $input) {\n      difference {\n        id\n        ...Difference\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ResolveDifference($input: ResolveDifferenceInput!) {\n    resolveDifference(input: $input) {\n      difference {\n        id\n        ...Difference\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ExtendLoan($input: ExtendLoanInput!) {\n    extendLoan(input: $input) {\n      loan {\n        id\n        dueAt\n        overdue\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ExtendLoan($input: ExtendLoanInput!) {\n    extendLoan(input: $input) {\n      loan {\n        id\n        dueAt\n        overdue\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Inventories($first: Int!, $after: Cursor) {\n    inventories(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          takenAt\n          cabinet\n          expectedCount\n          foundCount\n          differenceCount\n          openCount\n          takenBy {\n            id\n            name\n          }\n          group {\n            id\n            name\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query Inventories($first: Int!, $after: Cursor) {\n    inventories(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          takenAt\n          cabinet\n          expectedCount\n          foundCount\n          differenceCount\n          openCount\n          takenBy {\n            id\n            name\n          }\n          group {\n            id\n            name\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation HandOverKeys($input: HandOverKeysInput!) {\n    handOverKeys(input: $input) {\n      handovers {\n        id\n        ...Handover\n        loan {\n          id\n          handover {\n            id\n          }\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation HandOverKeys($input: HandOverKeysInput!) {\n    handOverKeys(input: $input) {\n      handovers {\n        id\n        ...Handover\n        loan {\n          id\n          handover {\n            id\n          }\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Inventory($id: ID!, $first: Int!, $after: Cursor) {\n    inventory(id: $id) {\n      id\n      takenAt\n      cabinet\n      expectedCount\n      foundCount\n      openCount\n      takenBy {\n        id\n        name\n      }\n      group {\n        id\n        name\n      }\n      differences(first: $first, after: $after) {\n        edges {\n          node {\n            id\n            ...Difference\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Inventory($id: ID!, $first: Int!, $after: Cursor) {\n    inventory(id: $id) {\n      id\n      takenAt\n      cabinet\n      expectedCount\n      foundCount\n      openCount\n      takenBy {\n        id\n        name\n      }\n      group {\n        id\n        name\n      }\n      differences(first: $first, after: $after) {\n        edges {\n          node {\n            id\n            ...Difference\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation IssueKeys($input: IssueKeysInput!) {\n    issueKeys(input: $input) {\n      loans {\n        id\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n      approvals {\n        id\n        ...ApprovalLive\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation IssueKeys($input: IssueKeysInput!) {\n    issueKeys(input: $input) {\n      loans {\n        id\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n      approvals {\n        id\n        ...ApprovalLive\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DefaultDue($key: ID!) {\n    key(id: $key) {\n      id\n      defaultDueAt\n    }\n  }\n"): (typeof documents)["\n  query DefaultDue($key: ID!) {\n    key(id: $key) {\n      id\n      defaultDueAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment EditableKey on Key {\n    id\n    number\n    label\n    category\n    building\n    floor\n    room\n    cabinet\n    hook\n    kind\n    approvalRequired\n    copyOf {\n      id\n      number\n      label\n    }\n    version\n  }\n"): (typeof documents)["\n  fragment EditableKey on Key {\n    id\n    number\n    label\n    category\n    building\n    floor\n    room\n    cabinet\n    hook\n    kind\n    approvalRequired\n    copyOf {\n      id\n      number\n      label\n    }\n    version\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateKey($input: CreateKeyInput!) {\n    createKey(input: $input) {\n      key {\n        id\n        ...KeyLive\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateKey($input: CreateKeyInput!) {\n    createKey(input: $input) {\n      key {\n        id\n        ...KeyLive\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateKey($input: UpdateKeyInput!) {\n    updateKey(input: $input) {\n      key {\n        id\n        ...KeyLive\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateKey($input: UpdateKeyInput!) {\n    updateKey(input: $input) {\n      key {\n        id\n        ...KeyLive\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query KeyHistory($id: ID!, $first: Int!, $after: Cursor) {\n    key(id: $id) {\n      id\n      history(first: $first, after: $after) {\n        edges {\n          node {\n            id\n            ...Movement\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query KeyHistory($id: ID!, $first: Int!, $after: Cursor) {\n    key(id: $id) {\n      id\n      history(first: $first, after: $after) {\n        edges {\n          node {\n            id\n            ...Movement\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query KeyPage($id: ID!) {\n    key(id: $id) {\n      id\n      category\n      cabinet\n      hook\n      createdAt\n      retiredAt\n      kind\n      approvalRequired\n      copyOf {\n        id\n        number\n      }\n      ring {\n        id\n        name\n      }\n      groups {\n        id\n        name\n      }\n      loan {\n        id\n        handover {\n          id\n          state\n          ...Handover\n        }\n      }\n      ...KeyRow\n      ...EditableKey\n    }\n  }\n"): (typeof documents)["\n  query KeyPage($id: ID!) {\n    key(id: $id) {\n      id\n      category\n      cabinet\n      hook\n      createdAt\n      retiredAt\n      kind\n      approvalRequired\n      copyOf {\n        id\n        number\n      }\n      ring {\n        id\n        name\n      }\n      groups {\n        id\n        name\n      }\n      loan {\n        id\n        handover {\n          id\n          state\n          ...Handover\n        }\n      }\n      ...KeyRow\n      ...EditableKey\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query KeyReservations($id: ID!) {\n    key(id: $id) {\n      id\n      reservations {\n        id\n        ...ReservationRow\n      }\n    }\n  }\n"): (typeof documents)["\n  query KeyReservations($id: ID!) {\n    key(id: $id) {\n      id\n      reservations {\n        id\n        ...ReservationRow\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ImportKeys($input: ImportKeysInput!) {\n    importKeys(input: $input) {\n      created\n      updated\n      unchanged\n      wrong\n      done\n      rows {\n        line\n        action\n        number\n        fields\n        problem\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ImportKeys($input: ImportKeysInput!) {\n    importKeys(input: $input) {\n      created\n      updated\n      unchanged\n      wrong\n      done\n      rows {\n        line\n        action\n        number\n        fields\n        problem\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query LastHolder($key: ID!) {\n    loans(filter: { key: $key }, first: 1) {\n      edges {\n        node {\n          id\n          returnedAt\n          end\n          holder {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query LastHolder($key: ID!) {\n    loans(filter: { key: $key }, first: 1) {\n      edges {\n        node {\n          id\n          returnedAt\n          end\n          holder {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReportKeyLost($input: ReportKeyLostInput!) {\n    reportKeyLost(input: $input) {\n      key {\n        id\n        ...KeyLive\n      }\n      loan {\n        id\n        returnedAt\n        end\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ReportKeyLost($input: ReportKeyLostInput!) {\n    reportKeyLost(input: $input) {\n      key {\n        id\n        ...KeyLive\n      }\n      loan {\n        id\n        returnedAt\n        end\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReportKeyFound($input: ReportKeyFoundInput!) {\n    reportKeyFound(input: $input) {\n      key {\n        id\n        ...KeyLive\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ReportKeyFound($input: ReportKeyFoundInput!) {\n    reportKeyFound(input: $input) {\n      key {\n        id\n        ...KeyLive\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReserveKeys($input: ReserveKeysInput!) {\n    reserveKeys(input: $input) {\n      reservations {\n        id\n        ...ReservationRow\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ReserveKeys($input: ReserveKeysInput!) {\n    reserveKeys(input: $input) {\n      reservations {\n        id\n        ...ReservationRow\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RetireKey($input: RetireKeyInput!) {\n    retireKey(input: $input) {\n      key {\n        id\n        ...KeyLive\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RetireKey($input: RetireKeyInput!) {\n    retireKey(input: $input) {\n      key {\n        id\n        ...KeyLive\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReturnKeys($input: ReturnKeysInput!) {\n    returnKeys(input: $input) {\n      loans {\n        id\n        returnedAt\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ReturnKeys($input: ReturnKeysInput!) {\n    returnKeys(input: $input) {\n      loans {\n        id\n        returnedAt\n        key {\n          id\n          ...KeyLive\n        }\n      }\n      entries {\n        id\n        ...Movement\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CountInventory($input: CountInventoryInput!) {\n    countInventory(input: $input) {\n      inventory {\n        id\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CountInventory($input: CountInventoryInput!) {\n    countInventory(input: $input) {\n      inventory {\n        id\n      }\n      entry {\n        id\n        ...Movement\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query HolderName($id: ID!) {\n    person(id: $id) {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  query HolderName($id: ID!) {\n    person(id: $id) {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query GroupKeys($group: ID!) {\n    keys(filter: { group: $group }, first: 200) {\n      edges {\n        node {\n          id\n          number\n          label\n        }\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n"): (typeof documents)["\n  query GroupKeys($group: ID!) {\n    keys(filter: { group: $group }, first: 200) {\n      edges {\n        node {\n          id\n          number\n          label\n        }\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query KeyChoices($search: String) {\n    keys(filter: { search: $search }, first: 30) {\n      edges {\n        node {\n          id\n          number\n          label\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query KeyChoices($search: String) {\n    keys(filter: { search: $search }, first: 30) {\n      edges {\n        node {\n          id\n          number\n          label\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DepartmentChoices {\n    departments {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  query DepartmentChoices {\n    departments {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment GroupRules on KeyGroup {\n    id\n    name\n    keyCount\n    version\n    curfew\n    defaultLoan {\n      minutes\n      until\n    }\n    takers {\n      role\n      person {\n        id\n        name\n      }\n      department {\n        id\n        name\n      }\n      window {\n        days\n        from\n        to\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment GroupRules on KeyGroup {\n    id\n    name\n    keyCount\n    version\n    curfew\n    defaultLoan {\n      minutes\n      until\n    }\n    takers {\n      role\n      person {\n        id\n        name\n      }\n      department {\n        id\n        name\n      }\n      window {\n        days\n        from\n        to\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query GroupsWithRules {\n    keyGroups(first: 500) {\n      edges {\n        node {\n          id\n          ...GroupRules\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query GroupsWithRules {\n    keyGroups(first: 500) {\n      edges {\n        node {\n          id\n          ...GroupRules\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment KeyRingRow on KeyRing {\n    id\n    name\n    version\n    keys {\n      id\n      number\n      label\n    }\n  }\n"): (typeof documents)["\n  fragment KeyRingRow on KeyRing {\n    id\n    name\n    version\n    keys {\n      id\n      number\n      label\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Rings($first: Int!, $after: Cursor) {\n    keyRings(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...KeyRingRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query Rings($first: Int!, $after: Cursor) {\n    keyRings(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...KeyRingRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SaveKeyGroup($input: SaveKeyGroupInput!) {\n    saveKeyGroup(input: $input) {\n      keyGroup {\n        id\n        ...GroupRules\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SaveKeyGroup($input: SaveKeyGroupInput!) {\n    saveKeyGroup(input: $input) {\n      keyGroup {\n        id\n        ...GroupRules\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SaveKeyRing($input: SaveKeyRingInput!) {\n    saveKeyRing(input: $input) {\n      keyRing {\n        id\n        ...KeyRingRow\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SaveKeyRing($input: SaveKeyRingInput!) {\n    saveKeyRing(input: $input) {\n      keyRing {\n        id\n        ...KeyRingRow\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteKeyRing($input: DeleteKeyRingInput!) {\n    deleteKeyRing(input: $input) {\n      keyRing\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteKeyRing($input: DeleteKeyRingInput!) {\n    deleteKeyRing(input: $input) {\n      keyRing\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment KeyRow on Key {\n    id\n    number\n    label\n    building\n    floor\n    room\n    cabinet\n    hook\n    state\n    loan {\n      id\n      issuedAt\n      dueAt\n      overdue\n      holder {\n        id\n        name\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment KeyRow on Key {\n    id\n    number\n    label\n    building\n    floor\n    room\n    cabinet\n    hook\n    state\n    loan {\n      id\n      issuedAt\n      dueAt\n      overdue\n      holder {\n        id\n        name\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query KeyList($filter: KeyFilter!, $first: Int!, $after: Cursor) {\n    keys(filter: $filter, first: $first, after: $after) {\n      totalCount\n      edges {\n        node {\n          id\n          ...KeyRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query KeyList($filter: KeyFilter!, $first: Int!, $after: Cursor) {\n    keys(filter: $filter, first: $first, after: $after) {\n      totalCount\n      edges {\n        node {\n          id\n          ...KeyRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query KeyCounts($filter: KeyFilter!) {\n    keys(filter: $filter, first: 1) {\n      states {\n        state\n        count\n      }\n    }\n  }\n"): (typeof documents)["\n  query KeyCounts($filter: KeyFilter!) {\n    keys(filter: $filter, first: 1) {\n      states {\n        state\n        count\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment WaitingKey on Approval {\n    id\n    state\n    requestedAt\n    expiresAt\n    holder {\n      id\n      name\n    }\n    requestedBy {\n      id\n      name\n    }\n    keys {\n      id\n    }\n  }\n"): (typeof documents)["\n  fragment WaitingKey on Approval {\n    id\n    state\n    requestedAt\n    expiresAt\n    holder {\n      id\n      name\n    }\n    requestedBy {\n      id\n      name\n    }\n    keys {\n      id\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WaitingKeys($filter: ApprovalFilter!) {\n    approvals(filter: $filter, first: 100) {\n      edges {\n        node {\n          id\n          ...WaitingKey\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query WaitingKeys($filter: ApprovalFilter!) {\n    approvals(filter: $filter, first: 100) {\n      edges {\n        node {\n          id\n          ...WaitingKey\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Consents($first: Int!, $after: Cursor) {\n    consents(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          purpose\n          version\n          given\n          recordedAt\n          recordedBy {\n            id\n            name\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query Consents($first: Int!, $after: Cursor) {\n    consents(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          purpose\n          version\n          given\n          recordedAt\n          recordedBy {\n            id\n            name\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query KeptData {\n    keptData {\n      kinds {\n        kind\n        count\n        atLeast\n        from\n        to\n        purpose\n      }\n      purposes {\n        code\n        basis\n        version\n        statement\n      }\n      consents {\n        id\n        purpose\n        version\n        given\n        recordedAt\n      }\n    }\n  }\n"): (typeof documents)["\n  query KeptData {\n    keptData {\n      kinds {\n        kind\n        count\n        atLeast\n        from\n        to\n        purpose\n      }\n      purposes {\n        code\n        basis\n        version\n        statement\n      }\n      consents {\n        id\n        purpose\n        version\n        given\n        recordedAt\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RecordConsent($input: RecordConsentInput!) {\n    recordConsent(input: $input) {\n      consent {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RecordConsent($input: RecordConsentInput!) {\n    recordConsent(input: $input) {\n      consent {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Wall on Wall {\n    name\n    at\n    out\n    overdue\n    groups {\n      id\n      name\n      keys\n      out\n      overdue\n    }\n    loans {\n      key\n      number\n      label\n      place\n      holder\n      issuedAt\n      dueAt\n      overdue\n    }\n    today {\n      date\n      issued\n      returned\n      due\n    }\n    calendar {\n      timeZone\n      days {\n        date\n        issued\n        returned\n        due\n      }\n    }\n    movements {\n      id\n      action\n      occurredAt\n      number\n      holder\n    }\n  }\n"): (typeof documents)["\n  fragment Wall on Wall {\n    name\n    at\n    out\n    overdue\n    groups {\n      id\n      name\n      keys\n      out\n      overdue\n    }\n    loans {\n      key\n      number\n      label\n      place\n      holder\n      issuedAt\n      dueAt\n      overdue\n    }\n    today {\n      date\n      issued\n      returned\n      due\n    }\n    calendar {\n      timeZone\n      days {\n        date\n        issued\n        returned\n        due\n      }\n    }\n    movements {\n      id\n      action\n      occurredAt\n      number\n      holder\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription WallFeed {\n    wallFeed {\n      ...Wall\n    }\n  }\n"): (typeof documents)["\n  subscription WallFeed {\n    wallFeed {\n      ...Wall\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RequestPairing {\n    requestPairing {\n      code\n      expiresAt\n    }\n  }\n"): (typeof documents)["\n  mutation RequestPairing {\n    requestPairing {\n      code\n      expiresAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Pairing {\n    pairing\n  }\n"): (typeof documents)["\n  query Pairing {\n    pairing\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment TimeCounts on LogCounts {\n    total\n    truncated\n    counts {\n      key\n      at\n      total\n    }\n  }\n"): (typeof documents)["\n  fragment TimeCounts on LogCounts {\n    total\n    truncated\n    counts {\n      key\n      at\n      total\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment KindCounts on LogCounts {\n    others\n    counts {\n      key\n      total\n      title\n      person {\n        id\n        name\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment KindCounts on LogCounts {\n    others\n    counts {\n      key\n      total\n      title\n      person {\n        id\n        name\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Overview($filter: LogFilter!, $timeZone: String!, $hours: Boolean!) {\n    day: logCounts(filter: $filter, by: DAY, timeZone: $timeZone) {\n      ...TimeCounts\n    }\n    hour: logCounts(filter: $filter, by: HOUR, timeZone: $timeZone) @include(if: $hours) {\n      ...TimeCounts\n    }\n    actor: logCounts(filter: $filter, by: PERSON, timeZone: $timeZone) {\n      ...KindCounts\n    }\n    action: logCounts(filter: $filter, by: ACTION, timeZone: $timeZone) {\n      ...KindCounts\n    }\n    module: logCounts(filter: $filter, by: MODULE, timeZone: $timeZone) {\n      ...KindCounts\n    }\n    outcome: logCounts(filter: $filter, by: OUTCOME, timeZone: $timeZone) {\n      ...KindCounts\n    }\n  }\n"): (typeof documents)["\n  query Overview($filter: LogFilter!, $timeZone: String!, $hours: Boolean!) {\n    day: logCounts(filter: $filter, by: DAY, timeZone: $timeZone) {\n      ...TimeCounts\n    }\n    hour: logCounts(filter: $filter, by: HOUR, timeZone: $timeZone) @include(if: $hours) {\n      ...TimeCounts\n    }\n    actor: logCounts(filter: $filter, by: PERSON, timeZone: $timeZone) {\n      ...KindCounts\n    }\n    action: logCounts(filter: $filter, by: ACTION, timeZone: $timeZone) {\n      ...KindCounts\n    }\n    module: logCounts(filter: $filter, by: MODULE, timeZone: $timeZone) {\n      ...KindCounts\n    }\n    outcome: logCounts(filter: $filter, by: OUTCOME, timeZone: $timeZone) {\n      ...KindCounts\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MergePersons($input: MergePersonsInput!) {\n    mergePersons(input: $input) {\n      person {\n        id\n        ...PersonRow\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation MergePersons($input: MergePersonsInput!) {\n    mergePersons(input: $input) {\n      person {\n        id\n        ...PersonRow\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ImportPeople($input: ImportPeopleInput!) {\n    importPeople(input: $input) {\n      created\n      updated\n      unchanged\n      wrong\n      done\n      rows {\n        line\n        action\n        name\n        fields\n        problem\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ImportPeople($input: ImportPeopleInput!) {\n    importPeople(input: $input) {\n      created\n      updated\n      unchanged\n      wrong\n      done\n      rows {\n        line\n        action\n        name\n        fields\n        problem\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query People($search: String, $filter: PeopleFilter, $first: Int!, $after: Cursor) {\n    people(search: $search, filter: $filter, first: $first, after: $after) {\n      totalCount\n      edges {\n        node {\n          id\n          ...PersonRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query People($search: String, $filter: PeopleFilter, $first: Int!, $after: Cursor) {\n    people(search: $search, filter: $filter, first: $first, after: $after) {\n      totalCount\n      edges {\n        node {\n          id\n          ...PersonRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Departments {\n    departments {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  query Departments {\n    departments {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreatePerson($input: CreatePersonInput!) {\n    createPerson(input: $input) {\n      person {\n        id\n        ...PersonRow\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreatePerson($input: CreatePersonInput!) {\n    createPerson(input: $input) {\n      person {\n        id\n        ...PersonRow\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdatePerson($input: UpdatePersonInput!) {\n    updatePerson(input: $input) {\n      person {\n        id\n        ...PersonRow\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdatePerson($input: UpdatePersonInput!) {\n    updatePerson(input: $input) {\n      person {\n        id\n        ...PersonRow\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PersonRow on Person {\n    id\n    name\n    employeeNumber\n    badge\n    company\n    email\n    phone\n    validUntil\n    department {\n      id\n      name\n    }\n    openLoans {\n      id\n      overdue\n    }\n  }\n"): (typeof documents)["\n  fragment PersonRow on Person {\n    id\n    name\n    employeeNumber\n    badge\n    company\n    email\n    phone\n    validUntil\n    department {\n      id\n      name\n    }\n    openLoans {\n      id\n      overdue\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PersonDetails($id: ID!) {\n    person(id: $id) {\n      id\n      name\n      employeeNumber\n      badge\n      company\n      email\n      phone\n      validUntil\n      language\n      version\n      department {\n        id\n        name\n      }\n      externalNames {\n        source\n        name\n      }\n      openLoans {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  query PersonDetails($id: ID!) {\n    person(id: $id) {\n      id\n      name\n      employeeNumber\n      badge\n      company\n      email\n      phone\n      validUntil\n      language\n      version\n      department {\n        id\n        name\n      }\n      externalNames {\n        source\n        name\n      }\n      openLoans {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ErasePerson($input: ErasePersonInput!) {\n    erasePerson(input: $input) {\n      request {\n        id\n        ...PrivacyRequestCard\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ErasePerson($input: ErasePersonInput!) {\n    erasePerson(input: $input) {\n      request {\n        id\n        ...PrivacyRequestCard\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query NamedPerson($person: ID!) {\n    person(id: $person) {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  query NamedPerson($person: ID!) {\n    person(id: $person) {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DecidePrivacyRequest($input: DecidePrivacyRequestInput!) {\n    decidePrivacyRequest(input: $input) {\n      request {\n        id\n        ...PrivacyRequestCard\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DecidePrivacyRequest($input: DecidePrivacyRequestInput!) {\n    decidePrivacyRequest(input: $input) {\n      request {\n        id\n        ...PrivacyRequestCard\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PrivacyRequests($filter: PrivacyRequestFilter!, $first: Int!, $after: Cursor) {\n    privacyRequests(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...PrivacyRequestCard\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query PrivacyRequests($filter: PrivacyRequestFilter!, $first: Int!, $after: Cursor) {\n    privacyRequests(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...PrivacyRequestCard\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PrivacyRequestCard on PrivacyRequest {\n    id\n    person {\n      id\n      name\n    }\n    state\n    requestedBy {\n      id\n      name\n    }\n    requestedAt\n    reason\n    decidedBy {\n      id\n      name\n    }\n    decidedAt\n    note\n    completedAt\n    obstacles {\n      kind\n      count\n    }\n    mayDecide\n  }\n"): (typeof documents)["\n  fragment PrivacyRequestCard on PrivacyRequest {\n    id\n    person {\n      id\n      name\n    }\n    state\n    requestedBy {\n      id\n      name\n    }\n    requestedAt\n    reason\n    decidedBy {\n      id\n      name\n    }\n    decidedAt\n    note\n    completedAt\n    obstacles {\n      kind\n      count\n    }\n    mayDecide\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EnrolTotp {\n    enrolTotp {\n      secret\n      qrCode\n    }\n  }\n"): (typeof documents)["\n  mutation EnrolTotp {\n    enrolTotp {\n      secret\n      qrCode\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ConfirmTotp($input: ConfirmTotpInput!) {\n    confirmTotp(input: $input) {\n      recoveryCodes\n    }\n  }\n"): (typeof documents)["\n  mutation ConfirmTotp($input: ConfirmTotpInput!) {\n    confirmTotp(input: $input) {\n      recoveryCodes\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveTotp($input: ProofInput!) {\n    removeTotp(input: $input) {\n      viewer {\n        secondFactor {\n          addedAt\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RemoveTotp($input: ProofInput!) {\n    removeTotp(input: $input) {\n      viewer {\n        secondFactor {\n          addedAt\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RegenerateRecoveryCodes($input: ProofInput!) {\n    regenerateRecoveryCodes(input: $input) {\n      recoveryCodes\n    }\n  }\n"): (typeof documents)["\n  mutation RegenerateRecoveryCodes($input: ProofInput!) {\n    regenerateRecoveryCodes(input: $input) {\n      recoveryCodes\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SecondFactor {\n    viewer {\n      secondFactor {\n        addedAt\n        recoveryCodesLeft\n      }\n    }\n  }\n"): (typeof documents)["\n  query SecondFactor {\n    viewer {\n      secondFactor {\n        addedAt\n        recoveryCodesLeft\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SignInEntry on AuthEntry {\n    id\n    seq\n    cursor\n    action\n    occurredAt\n    outcome\n    source\n    username\n    reason\n    ip\n    userAgent\n    device\n    location\n    actor {\n      id\n      name\n    }\n    entity {\n      type\n      label\n    }\n  }\n"): (typeof documents)["\n  fragment SignInEntry on AuthEntry {\n    id\n    seq\n    cursor\n    action\n    occurredAt\n    outcome\n    source\n    username\n    reason\n    ip\n    userAgent\n    device\n    location\n    actor {\n      id\n      name\n    }\n    entity {\n      type\n      label\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SignIns($filter: LogFilter!, $first: Int!, $after: Cursor) {\n    authLog(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...SignInEntry\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query SignIns($filter: LogFilter!, $first: Int!, $after: Cursor) {\n    authLog(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...SignInEntry\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SignInFeedStart {\n    authLog(first: 1) {\n      edges {\n        node {\n          id\n          cursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query SignInFeedStart {\n    authLog(first: 1) {\n      edges {\n        node {\n          id\n          cursor\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription SignInFeed($after: Cursor, $filter: LogFilter) {\n    authFeed(after: $after, filter: $filter) {\n      id\n      cursor\n      ...SignInEntry\n    }\n  }\n"): (typeof documents)["\n  subscription SignInFeed($after: Cursor, $filter: LogFilter) {\n    authFeed(after: $after, filter: $filter) {\n      id\n      cursor\n      ...SignInEntry\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReviewDay($input: ReviewDayInput!) {\n    reviewDay(input: $input) {\n      reviewed\n      left\n    }\n  }\n"): (typeof documents)["\n  mutation ReviewDay($input: ReviewDayInput!) {\n    reviewDay(input: $input) {\n      reviewed\n      left\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Facet on LogCounts {\n    counts {\n      key\n      total\n      title\n      person {\n        id\n        name\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment Facet on LogCounts {\n    counts {\n      key\n      total\n      title\n      person {\n        id\n        name\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TimelineFacets($filter: LogFilter) {\n    actor: logCounts(filter: $filter, by: PERSON) {\n      ...Facet\n    }\n    action: logCounts(filter: $filter, by: ACTION) {\n      ...Facet\n    }\n    module: logCounts(filter: $filter, by: MODULE) {\n      ...Facet\n    }\n    outcome: logCounts(filter: $filter, by: OUTCOME) {\n      ...Facet\n    }\n  }\n"): (typeof documents)["\n  query TimelineFacets($filter: LogFilter) {\n    actor: logCounts(filter: $filter, by: PERSON) {\n      ...Facet\n    }\n    action: logCounts(filter: $filter, by: ACTION) {\n      ...Facet\n    }\n    module: logCounts(filter: $filter, by: MODULE) {\n      ...Facet\n    }\n    outcome: logCounts(filter: $filter, by: OUTCOME) {\n      ...Facet\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TimelineHistogram($filter: LogFilter, $by: CountBy!, $timeZone: String) {\n    logCounts(filter: $filter, by: $by, timeZone: $timeZone) {\n      total\n      truncated\n      counts {\n        key\n        at\n        total\n      }\n    }\n  }\n"): (typeof documents)["\n  query TimelineHistogram($filter: LogFilter, $by: CountBy!, $timeZone: String) {\n    logCounts(filter: $filter, by: $by, timeZone: $timeZone) {\n      total\n      truncated\n      counts {\n        key\n        at\n        total\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Timeline($filter: LogFilter!, $first: Int!, $after: Cursor) {\n    timeline(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...TimelineEntry\n          ...Reviewed\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query Timeline($filter: LogFilter!, $first: Int!, $after: Cursor) {\n    timeline(filter: $filter, first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...TimelineEntry\n          ...Reviewed\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment TimelineEntry on LogEntry {\n    __typename\n    id\n    seq\n    cursor\n    stream\n    occurredAt\n    action\n    outcome\n    module\n    source\n    entity {\n      type\n      id\n      label\n    }\n    actor {\n      id\n      name\n    }\n    ... on KeyLogEntry {\n      holder {\n        id\n        name\n      }\n      comment\n      dueAt\n    }\n    ... on AuthEntry {\n      username\n      reason\n      device\n      location\n    }\n    ... on WorkEntry {\n      workstation\n      assurance\n      person {\n        id\n        name\n      }\n    }\n    ... on ActivityEntry {\n      actionTitle\n      changes {\n        path\n        before\n        after\n        hidden\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment TimelineEntry on LogEntry {\n    __typename\n    id\n    seq\n    cursor\n    stream\n    occurredAt\n    action\n    outcome\n    module\n    source\n    entity {\n      type\n      id\n      label\n    }\n    actor {\n      id\n      name\n    }\n    ... on KeyLogEntry {\n      holder {\n        id\n        name\n      }\n      comment\n      dueAt\n    }\n    ... on AuthEntry {\n      username\n      reason\n      device\n      location\n    }\n    ... on WorkEntry {\n      workstation\n      assurance\n      person {\n        id\n        name\n      }\n    }\n    ... on ActivityEntry {\n      actionTitle\n      changes {\n        path\n        before\n        after\n        hidden\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Unreviewed($unreviewed: LogFilter!, $flagged: LogFilter!) {\n    unreviewed: logCounts(filter: $unreviewed, by: ACTION) {\n      total\n      truncated\n      counts {\n        key\n        total\n        title\n      }\n    }\n    flagged: logCounts(filter: $flagged, by: ACTION) {\n      total\n    }\n  }\n"): (typeof documents)["\n  query Unreviewed($unreviewed: LogFilter!, $flagged: LogFilter!) {\n    unreviewed: logCounts(filter: $unreviewed, by: ACTION) {\n      total\n      truncated\n      counts {\n        key\n        total\n        title\n      }\n    }\n    flagged: logCounts(filter: $flagged, by: ACTION) {\n      total\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TimelineFeedStart {\n    timeline(first: 1) {\n      edges {\n        node {\n          id\n          cursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query TimelineFeedStart {\n    timeline(first: 1) {\n      edges {\n        node {\n          id\n          cursor\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription TimelineFeed($after: Cursor, $filter: LogFilter) {\n    timelineFeed(after: $after, filter: $filter) {\n      id\n      cursor\n      ...TimelineEntry\n    }\n  }\n"): (typeof documents)["\n  subscription TimelineFeed($after: Cursor, $filter: LogFilter) {\n    timelineFeed(after: $after, filter: $filter) {\n      id\n      cursor\n      ...TimelineEntry\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Sources {\n    sources {\n      name\n      purpose\n      plain {\n        entityType\n        path\n      }\n      words {\n        action\n        english\n        latvian\n      }\n    }\n  }\n"): (typeof documents)["\n  query Sources {\n    sources {\n      name\n      purpose\n      plain {\n        entityType\n        path\n      }\n      words {\n        action\n        english\n        latvian\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeclareSource($input: DeclareSourceInput!) {\n    declareSource(input: $input) {\n      source {\n        name\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeclareSource($input: DeclareSourceInput!) {\n    declareSource(input: $input) {\n      source {\n        name\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PairingRequest($code: String!) {\n    pairingRequest(code: $code) {\n      code\n      askedAt\n      ip\n      device\n      location\n    }\n  }\n"): (typeof documents)["\n  query PairingRequest($code: String!) {\n    pairingRequest(code: $code) {\n      code\n      askedAt\n      ip\n      device\n      location\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ApprovePairing($input: ApprovePairingInput!) {\n    approvePairing(input: $input) {\n      apiToken {\n        id\n        name\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ApprovePairing($input: ApprovePairingInput!) {\n    approvePairing(input: $input) {\n      apiToken {\n        id\n        name\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeToken($input: RevokeApiTokenInput!) {\n    revokeApiToken(input: $input) {\n      apiToken {\n        id\n        ...TokenRow\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RevokeToken($input: RevokeApiTokenInput!) {\n    revokeApiToken(input: $input) {\n      apiToken {\n        id\n        ...TokenRow\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SentBySource($source: String!) {\n    sourceStatus(source: $source, days: 30) {\n      source\n      recorded\n      refused\n    }\n  }\n"): (typeof documents)["\n  query SentBySource($source: String!) {\n    sourceStatus(source: $source, days: 30) {\n      source\n      recorded\n      refused\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateToken($input: CreateApiTokenInput!) {\n    createApiToken(input: $input) {\n      token\n      apiToken {\n        id\n        name\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateToken($input: CreateApiTokenInput!) {\n    createApiToken(input: $input) {\n      token\n      apiToken {\n        id\n        name\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment TokenRow on ApiToken {\n    id\n    name\n    role\n    source\n    networks\n    state\n    createdAt\n    createdBy {\n      id\n      name\n    }\n    expiresAt\n    lastUsedAt\n    lastUsedFrom\n    revokedAt\n  }\n"): (typeof documents)["\n  fragment TokenRow on ApiToken {\n    id\n    name\n    role\n    source\n    networks\n    state\n    createdAt\n    createdBy {\n      id\n      name\n    }\n    expiresAt\n    lastUsedAt\n    lastUsedFrom\n    revokedAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Tokens($first: Int!, $after: Cursor) {\n    apiTokens(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...TokenRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query Tokens($first: Int!, $after: Cursor) {\n    apiTokens(first: $first, after: $after) {\n      edges {\n        node {\n          id\n          ...TokenRow\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WebhookDeliveries($webhook: ID!, $states: [WebhookDeliveryState!], $after: Cursor) {\n    webhookDeliveries(webhook: $webhook, states: $states, first: 20, after: $after) {\n      edges {\n        node {\n          ...Delivery\n          seq\n          state\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query WebhookDeliveries($webhook: ID!, $states: [WebhookDeliveryState!], $after: Cursor) {\n    webhookDeliveries(webhook: $webhook, states: $states, first: 20, after: $after) {\n      edges {\n        node {\n          ...Delivery\n          seq\n          state\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Delivery on WebhookDelivery {\n    seq\n    event\n    state\n    attempts\n    status\n    problem\n    answer\n    milliseconds\n    lastAt\n    nextAt\n  }\n"): (typeof documents)["\n  fragment Delivery on WebhookDelivery {\n    seq\n    event\n    state\n    attempts\n    status\n    problem\n    answer\n    milliseconds\n    lastAt\n    nextAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ResendDelivery($input: ResendDeliveryInput!) {\n    resendDelivery(input: $input) {\n      webhook {\n        id\n        ...Hook\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ResendDelivery($input: ResendDeliveryInput!) {\n    resendDelivery(input: $input) {\n      webhook {\n        id\n        ...Hook\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Hook on Webhook {\n    id\n    url\n    description\n    events\n    state\n    failingSince\n    deliveredAt\n    formerSecretUntil\n    givenUp\n  }\n"): (typeof documents)["\n  fragment Hook on Webhook {\n    id\n    url\n    description\n    events\n    state\n    failingSince\n    deliveredAt\n    formerSecretUntil\n    givenUp\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SaveWebhook($input: SaveWebhookInput!) {\n    saveWebhook(input: $input) {\n      secret\n      webhook {\n        id\n        ...Hook\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SaveWebhook($input: SaveWebhookInput!) {\n    saveWebhook(input: $input) {\n      secret\n      webhook {\n        id\n        ...Hook\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveWebhook($input: RemoveWebhookInput!) {\n    removeWebhook(input: $input) {\n      id\n    }\n  }\n"): (typeof documents)["\n  mutation RemoveWebhook($input: RemoveWebhookInput!) {\n    removeWebhook(input: $input) {\n      id\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReplayWebhook($input: ReplayWebhookInput!) {\n    replayWebhook(input: $input) {\n      webhook {\n        id\n        ...Hook\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ReplayWebhook($input: ReplayWebhookInput!) {\n    replayWebhook(input: $input) {\n      webhook {\n        id\n        ...Hook\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RotateWebhookSecret($input: RotateWebhookSecretInput!) {\n    rotateWebhookSecret(input: $input) {\n      secret\n      webhook {\n        id\n        ...Hook\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RotateWebhookSecret($input: RotateWebhookSecretInput!) {\n    rotateWebhookSecret(input: $input) {\n      secret\n      webhook {\n        id\n        ...Hook\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation TestWebhook($input: TestWebhookInput!) {\n    testWebhook(input: $input) {\n      status\n      problem\n      milliseconds\n    }\n  }\n"): (typeof documents)["\n  mutation TestWebhook($input: TestWebhookInput!) {\n    testWebhook(input: $input) {\n      status\n      problem\n      milliseconds\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Webhooks {\n    webhooks {\n      id\n      ...Hook\n    }\n  }\n"): (typeof documents)["\n  query Webhooks {\n    webhooks {\n      id\n      ...Hook\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;
/** The views whose use is recorded, as entries name them. */
const views = [
  'keyLog',
  'history',
  'keyFeed',
  'activityLog',
  'activityFeed',
  'authLog',
  'authFeed',
  'workLog',
  'workFeed',
  'workHours',
  'workDays',
  'atWork',
  'legacyRealWorkHours',
  'systemLog',
  'systemFeed',
  'entry',
  'archivedEntries',
  'previewAlertRule',
] as const;

export type View = (typeof views)[number];

/** Which view an entry is about, if it is about one that this app knows. */
export function viewOf(entity: { type: string; id: string } | null | undefined): View | undefined {
  return entity?.type === 'view' ? views.find((each) => each === entity.id) : undefined;
}

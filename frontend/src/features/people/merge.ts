import type { PersonDetails } from './personQuery';

const taken = ['department', 'company', 'employeeNumber', 'badge', 'email', 'phone'] as const;
export type TakenField = (typeof taken)[number];

/** What becomes of one field when two persons are merged. */
export interface MergedField {
  field: TakenField;
  value: string;
  /** The value was empty and comes from the one who goes. */
  takenOver: boolean;
  /** What the one who goes had besides, which only the record keeps. */
  dropped: string;
}

const text = (person: PersonDetails, field: TakenField) =>
  (field === 'department' ? person.department?.name : person[field]) ?? '';

/** The fields of the person who stays, as the server will leave them: what he lacks is taken over. */
export function mergedFields(from: PersonDetails, into: PersonDetails): MergedField[] {
  return taken
    .map((field) => {
      const [own, other] = [text(into, field), text(from, field)];
      return {
        field,
        value: own || other,
        takenOver: !own && other !== '',
        dropped: own && own !== other ? other : '',
      };
    })
    .filter(({ value }) => value !== '');
}

/** All external names of both, those of the one who stays first. */
export const mergedNames = (from: PersonDetails, into: PersonDetails) => [
  ...into.externalNames,
  ...from.externalNames,
];

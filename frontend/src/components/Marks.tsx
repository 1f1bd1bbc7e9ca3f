/** The marks of the strip, drawn and not typed: fonts differ in what they have. */

export function IssuedMark() {
  return (
    <svg viewBox="0 0 10 10" width="8" height="8" aria-hidden="true">
      <path d="M5 1 9.5 9h-9z" fill="currentColor" />
    </svg>
  );
}

export function ReturnedMark() {
  return (
    <svg viewBox="0 0 10 10" width="8" height="8" aria-hidden="true">
      <path d="M5 9 .5 1h9z" fill="currentColor" />
    </svg>
  );
}

export function DueMark() {
  return (
    <svg viewBox="0 0 10 10" width="9" height="9" aria-hidden="true">
      <path d="M1.5.5h1v9h-1zM3 1h6L7.2 3.5 9 6H3z" fill="currentColor" />
    </svg>
  );
}

export function ReservedMark() {
  return (
    <svg viewBox="0 0 10 10" width="9" height="9" aria-hidden="true">
      <circle cx="5" cy="5" r="4" fill="none" stroke="currentColor" strokeWidth="1.4" />
      <path d="M5 2.6V5l1.7 1.2" fill="none" stroke="currentColor" strokeWidth="1.3" />
    </svg>
  );
}

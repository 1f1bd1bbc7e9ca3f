/** Small choices kept in the browser. Where storage is forbidden they last as long as the page. */
export function stored(name: string): string | null {
  try {
    return localStorage.getItem(`keytrail.${name}`);
  } catch {
    return null;
  }
}

/** Tells whether it was kept: browsers may forbid storage, or have no room left. */
export function store(name: string, value: string): boolean {
  try {
    localStorage.setItem(`keytrail.${name}`, value);
    return true;
  } catch {
    return false; // The choice then lasts as long as the page.
  }
}

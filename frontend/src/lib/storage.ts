/** Small choices kept in the browser. Where storage is forbidden they last as long as the page. */
export function stored(name: string): string | null {
  try {
    return localStorage.getItem(`keytrail.${name}`);
  } catch {
    return null;
  }
}

export function store(name: string, value: string): void {
  try {
    localStorage.setItem(`keytrail.${name}`, value);
  } catch {
    // The choice then lasts as long as the page.
  }
}

/** The language chosen in the app, in which the server is to say what it refuses and why. */
export function spoken(): string {
  return document.documentElement.lang || 'en';
}

const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** How a thing is called: by its label or id. An id that keytrail made says nothing to anybody, and is no name. */
export function nameOfThing(thing: { id: string; label: string } | null | undefined): string | undefined {
  if (!thing) return undefined;
  return thing.label || (idPattern.test(thing.id) ? undefined : thing.id);
}

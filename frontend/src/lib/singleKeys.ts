import { useEffect, useState } from 'react';
import { store, stored } from '@/lib/storage';

const name = 'singleKeys';
const changed = 'keytrail:single-keys';

/**
 * Whether single letters act as shortcuts. They can be turned off, since they get in the way of speech input
 * (WCAG 2.2, 2.1.4).
 */
export function singleKeysEnabled(): boolean {
  return stored(name) !== 'off';
}

export function useSingleKeysChoice(): [boolean, (enabled: boolean) => void] {
  const [enabled, setEnabled] = useState(singleKeysEnabled);
  useEffect(() => {
    const read = () => setEnabled(singleKeysEnabled());
    window.addEventListener(changed, read);
    return () => window.removeEventListener(changed, read);
  }, []);
  return [
    enabled,
    (next) => {
      store(name, next ? 'on' : 'off');
      window.dispatchEvent(new Event(changed));
    },
  ];
}

/** Whether a key press is meant for a field, a dialog or the browser rather than for the page. */
export function isForPage(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  const target = event.target as HTMLElement | null;
  if (
    target?.closest(
      'input:not([type="checkbox"]), textarea, select, [contenteditable], [role="dialog"], [role="menu"]',
    )
  )
    return false;
  return document.querySelector('[role="dialog"]') === null;
}

/** Calls reach when / is pressed, until what it gives is called. */
export function onSlash(reach: () => void): () => void {
  const press = (event: KeyboardEvent) => {
    if (event.key !== '/' || !isForPage(event) || !singleKeysEnabled()) return;
    event.preventDefault();
    reach();
  };
  window.addEventListener('keydown', press);
  return () => window.removeEventListener('keydown', press);
}

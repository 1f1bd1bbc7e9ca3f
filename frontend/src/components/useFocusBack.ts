import { useEffect, useState } from 'react';

/** How long what closes may take to leave the page. */
const soon = 20;

/**
 * Gives the focus back to what opened a dialog once that is gone. The library does so for a dialog that is told to close,
 * but not for one that is no longer rendered: the focus would be lost, and a keyboard be back at the top of the page.
 *
 * @param opened is whether the dialog is open when it is first rendered
 */
export function useFocusBack(opened: boolean): void {
  const [opener] = useState(() => (opened ? document.activeElement : null));
  useEffect(
    () => () => {
      if (!(opener instanceof HTMLElement)) return;
      setTimeout(() => {
        const { activeElement, body } = opener.ownerDocument;
        const lost = activeElement === null || activeElement === body;
        if (lost && opener.isConnected) opener.focus({ preventScroll: true });
      }, soon);
    },
    [opener],
  );
}

import { cleanup } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

if (typeof window !== 'undefined') {
  // jsdom has no layout, and so none of what asks for it.
  window.matchMedia = (query) =>
    ({ matches: false, media: query, addEventListener: vi.fn(), removeEventListener: vi.fn() }) as never;
  window.ResizeObserver = class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  Element.prototype.scrollIntoView = () => {};
  Object.defineProperty(document, 'fonts', { value: new EventTarget() });
  afterEach(() => {
    cleanup();
    localStorage.clear();
  });
}

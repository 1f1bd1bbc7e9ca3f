// Runs before the first paint, so that a dark page never flashes white. A file and not inline: the
// content security policy allows no inline scripts.
(() => {
  let stored = null;
  try {
    stored = localStorage.getItem('keytrail.theme');
  } catch {
    // Storage may be forbidden; the system's choice then holds.
  }
  const dark =
    stored === 'dark' || (stored !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();

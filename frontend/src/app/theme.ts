import { createTheme, type MantineColorsTuple } from '@mantine/core';

const accent: MantineColorsTuple = [
  '#eef3ff',
  '#dce5fc',
  '#b5c7f6',
  '#8ca8f0',
  '#688dea',
  '#4c77e4',
  '#2f5bd7',
  '#274dbb',
  '#2043a3',
  '#16327f',
];

const dark: MantineColorsTuple = [
  '#e7e8ea',
  '#c9ccd1',
  '#a5abb3',
  '#7f868f',
  '#4a4f57',
  '#34383e',
  '#24272b',
  '#1a1c1f',
  '#131416',
  '#0e0f11',
];

export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: 6,
  autoContrast: true,
  colors: { accent, dark },
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', Menlo, monospace",
  fontSmoothing: true,
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Tooltip: { defaultProps: { openDelay: 300 } },
  },
});

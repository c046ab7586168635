/**
 * Colours that stay apart for people with any kind of colour blindness, and on white: those of Okabe and Ito without
 * the yellow that white swallows, then two dark ones of Tol.
 */
export const palette = {
  series: ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#332288', '#882255'],
  other: '#b5b5b5',
  paper: '#ffffff',
  title: '#1a1a1a',
  text: '#444444',
  grid: '#e4e4e4',
  axis: '#888888',
} as const;

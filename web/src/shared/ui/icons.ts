/** Line icons on a 16 × 16 grid. They stand beside a word, never instead of one. */
interface Icon {
  lines?: string
  circle?: [number, number, number]
  solid?: string
  ellipse?: [number, number, number, number]
}

export const kIcons = {
  good: { circle: [8, 8, 6.2], lines: 'M5 8.3l2 1.9 4-4.3' },
  check: { lines: 'M3 8.5l3.2 3L13 4.5' },
  bad: { circle: [8, 8, 6.2], lines: 'M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8' },
  ask: { circle: [8, 8, 6.2], lines: 'M6.2 6.3a1.9 1.9 0 1 1 2.6 1.9c-.6.2-.8.6-.8 1.2M8 11.6v.1' },
  warn: { lines: 'M8 2.2l6.3 11.3H1.7zM8 6.5v3.2M8 11.6v.1' },
  info: { circle: [8, 8, 6.2], lines: 'M8 7.2v4M8 4.8v.1' },
  dot: { solid: 'M8 2.5a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11z' },
  triangle: { solid: 'M8 2l6 11.5H2z' },
  square: { solid: 'M3 3h10v10H3z' },
  square_line: { lines: 'M2.8 4h10.4v8H2.8z' },
  pause: { circle: [8, 8, 6.2], lines: 'M6.3 5.7v4.6M9.7 5.7v4.6' },
  paper: { lines: 'M4 1.8h5.2L12.5 5v9.2H4zM9 2v3.2h3.3M6 8h4.5M6 10.5h4.5' },
  pen: { lines: 'M3 13l.7-3L10.5 3.2l2.3 2.3L6 12.3z' },
  register: {
    ellipse: [8, 3.8, 5, 1.9],
    lines: 'M3 3.8v8.4c0 1 2.2 1.900 5 1.900s5-.9 5-1.900V3.800M3 8c0 1 2.200 1.900 5 1.900S13 9 13 8',
  },
  person: { circle: [8, 5.2, 2.7], lines: 'M2.8 14c.5-3 2.5-4.6 5.2-4.6s4.7 1.6 5.2 4.6' },
  calendar: { lines: 'M2.3 3.5h11.4v10H2.3zM2.3 6.7h11.4M5.3 2v2.5M10.7 2v2.5' },
  inbox: { lines: 'M2 9.5L4 3h8l2 6.5V13H2zM2 9.5h3.5l1 1.5h3l1-1.5H14' },
  clock: { circle: [8, 8, 6.2], lines: 'M8 4.5V8l2.4 1.6' },
  search: { circle: [7, 7, 4.6], lines: 'M10.5 10.5L14 14' },
  download: { lines: 'M8 2.5v7.7M5 7.4l3 2.8 3-2.8M2.5 11v2.5h11V11' },
  upload: { lines: 'M8 10.5V2.8M5 5.5l3-2.8 3 2.8M2.5 10.5v3h11v-3' },
  list: { lines: 'M5.5 4H14M5.5 8H14M5.5 12H14M2.2 4h.1M2.2 8h.1M2.2 12h.1' },
  flag: { lines: 'M3.5 14V2.5h8.5L10.3 5.5 12 8.5H3.5' },
  plus: { lines: 'M8 3v10M3 8h10' },
  close: { lines: 'M4 4l8 8M12 4l-8 8' },
  left: { lines: 'M10 3.5L5.5 8 10 12.5' },
  right: { lines: 'M6 3.5L10.5 8 6 12.5' },
  down: { lines: 'M3.5 6L8 10.5 12.5 6' },
  up: { lines: 'M3.5 10L8 5.5 12.5 10' },
  stamp: { lines: 'M6.3 9V6.3a2.6 2.6 0 1 1 3.4 0V9M3 9h10v2.8H3zM3 14h10' },
  back: { lines: 'M6 4L2.5 7.5 6 11M2.8 7.5H10a3.5 3.5 0 0 1 0 7H8' },
  rotate: { lines: 'M13 8a5 5 0 1 1-1.6-3.7M13 2.5V5h-2.6' },
  zoom_in: { circle: [7, 7, 4.6], lines: 'M10.5 10.5L14 14M5 7h4M7 5v4' },
  zoom_out: { circle: [7, 7, 4.6], lines: 'M10.5 10.5L14 14M5 7h4' },
  lock: { lines: 'M3.5 7.2h9v6.3h-9zM5.3 7V5a2.7 2.7 0 0 1 5.4 0v2' },
  offline: { lines: 'M2 6.5a9 9 0 0 1 12 0M4.3 9a5.5 5.5 0 0 1 7.4 0M8 12v.1M2.5 2.5l11 11' },
  copy: { lines: 'M5.5 5.5h8v8h-8zM10.500 5.500v-3h-8v8h3' },
  flow: { lines: 'M2 3h4.5v3.500H2zM9.500 9.500H14V13H9.500zM6.500 4.800H11.700V9.500' },
  eye: { circle: [8, 8, 1.8], lines: 'M1.5 8S4 3.800 8 3.800 14.500 8 14.500 8 12 12.200 8 12.200 1.500 8 1.500 8z' },
  trash: { lines: 'M3 4.500h10M6 4.500V2.800h4v1.700M4.300 4.500l.6 9h6.200l.6-9M6.700 7v4M9.300 7v4' },
  table: { lines: 'M2.3 3h11.4v10H2.3zM2.3 6.3h11.4M2.3 9.6h11.4M6.5 3v10' },
  ban: { circle: [8, 8, 6.2], lines: 'M3.8 3.8l8.4 8.4' },
} satisfies Record<string, Icon>

export type IconName = keyof typeof kIcons

export function icon_parts(name: IconName): Icon {
  return kIcons[name]
}

// What all papers share: text of values, seals, tables, the page frame with its mark 样例.
// Body text is set in Droid Sans Fallback, which the browser embeds as a small TrueType subset; Noto CJK would become drawn glyphs, three times as large.

export const escape = (text) => String(text ?? '').replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c])

/** 2026-11-24 → 2026年11月24日 */
export const day = (on) => (on ? `${Number(on.slice(0, 4))}年${Number(on.slice(5, 7))}月${Number(on.slice(8, 10))}日` : '　　年　月　日')
export const wan = (fen) => (fen / 1_000_000).toLocaleString('en-US', { maximumFractionDigits: 4 })
export const yuan = (fen) => (fen / 100).toLocaleString('en-US', { minimumFractionDigits: 2 })
export const squareMetres = (hundredths) => (hundredths / 100).toFixed(2)
export const metres = (mm) => (mm / 1000).toFixed(2)

export function addDays(on, days) {
  const date = new Date(`${on}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}

let arcs = 0

/** A round seal as outlines of an arc text; every seal says 示例 in its middle. */
export function seal(name, { kind = '', size = 38, x = 0, y = 0 } = {}) {
  const id = `arc${++arcs}`
  const letters = [...name.replace(/[()（）]/g, '')].slice(0, 22).join('')
  const font = Math.min(13, 150 / letters.length)
  return `<svg class="seal" style="width:${size}mm;height:${size}mm;margin-left:${x}mm;margin-top:${y}mm" viewBox="0 0 120 120"><g fill="none" stroke="#c3272b"><circle cx="60" cy="60" r="57" stroke-width="3"/><path id="${id}" d="M 19 83 A 46 46 0 1 1 101 83" stroke="none"/></g>
<g fill="#c3272b" font-family="Droid Sans Fallback" text-anchor="middle"><text font-size="${font}"><textPath href="#${id}" startOffset="50%">${escape(letters)}</textPath></text><text x="60" y="67" font-size="19">示例</text>${kind ? `<text x="60" y="92" font-size="9.5">${escape(kind)}</text>` : ''}</g></svg>`
}

/** Block at the foot: who, date, and the seal over them. */
export function foot(name, on, options = {}) {
  return `<div class="foot">${seal(name, options)}<p>${escape(name)}</p><p>${day(on)}</p></div>`
}

/** Table of label and value; a row of four cells is two pairs. */
export function rows(list) {
  const pairs = list.some((r) => r.length === 4)
  const columns = pairs ? '<col style="width:22%"><col style="width:28%"><col style="width:22%"><col style="width:28%">' : '<col style="width:24%"><col>'
  const cell = (label, value, wide) => `<th>${label}</th><td${wide && pairs ? ' colspan="3"' : ''}>${value}</td>`
  return `<table class="form"><colgroup>${columns}</colgroup>${list.map((r) => `<tr>${r.length === 2 ? cell(r[0], r[1], true) : cell(r[0], r[1]) + cell(r[2], r[3])}</tr>`).join('')}</table>`
}

export function grid(head, body) {
  return `<table class="grid"><thead><tr>${head.map((h) => `<th>${h}</th>`).join('')}</tr></thead><tbody>${body.map((r) => `<tr>${r.map((c) => `<td>${c ?? ''}</td>`).join('')}</tr>`).join('')}</tbody></table>`
}

/** One page. `size`: A4 | A4L (landscape) | card. */
export function page(content, { size = 'A4', frame = '', mark = true } = {}) {
  return `<section class="page ${size} ${frame}">${content}${mark ? '<div class="mark">样例 · 仅供系统演示，单位和人员均为虚构</div>' : ''}</section>`
}

export const kSizes = { A4: [210, 297], A4L: [297, 210], card: [190, 130] }

const kStyle = `
* { box-sizing: border-box; margin: 0 }
body { font-family: "Liberation Sans", "DejaVu Sans", "Droid Sans Fallback", "Noto Sans CJK SC", sans-serif; font-size: 11pt; line-height: 1.7; color: #111 }
.page { position: relative; overflow: hidden; padding: 24mm 24mm 18mm; background: #fff; break-after: page }
.A4 { width: 210mm; height: 296.9mm; font-size: 12.5pt; line-height: 1.85 } .dense { font-size: 11.3pt; line-height: 1.72 } .A4L { width: 297mm; height: 209.9mm; padding: 20mm 28mm; font-size: 14pt } .card { width: 190mm; height: 129.9mm; padding: 7mm 9mm }
.framed::before { content: ""; position: absolute; inset: 9mm; border: 1.2mm double #8a6a2f; pointer-events: none }
.green::before { border-color: #2f6a4a } .blue::before { border-color: #2f4f8a }
.mark { position: absolute; left: 0; right: 0; bottom: 4mm; text-align: center; font-size: 7pt; color: #8c8c8c; letter-spacing: 1px }
.framed h1 { font-family: "Noto Serif CJK SC", serif }
h1 { font-size: 22pt; font-weight: 400; text-align: center; letter-spacing: 4px; line-height: 1.4; margin-bottom: 4mm }
h1.red { color: #b3261e; font-size: 19pt; letter-spacing: 1px; border-bottom: .6mm solid #b3261e; padding-bottom: 3mm }
h2 { font-size: 12.5pt; font-weight: 400; margin: 3.5mm 0 1mm }
.number { text-align: right; font-size: 11.5pt; margin-bottom: 4mm } .centre { text-align: center } .small { font-size: 9.5pt; line-height: 1.5 }
p { text-align: justify } .body p, p.indent { text-indent: 2em }
table { border-collapse: collapse; width: 100%; margin: 2mm 0 } th, td { border: .3mm solid #333; padding: 2.3mm 2.4mm; font-weight: 400; vertical-align: middle; line-height: 1.45 }
.form { table-layout: fixed } .form th { text-align: center } .form th, .form td { font-size: 12pt } .dense .form th, .dense .form td { font-size: 10.5pt; padding: 1.4mm 2mm } .grid th, .grid td { text-align: center; font-size: 10.5pt; padding: 1.6mm 1mm }
.plain td, .plain th { border: 0; padding: 1.9mm 1mm; text-align: left } .plain th { width: 44mm; white-space: nowrap } .two .plain th { width: 33mm; vertical-align: top }
.foot { position: relative; width: 104mm; margin: 9mm 0 0 auto; text-align: center; line-height: 1.9; page-break-inside: avoid } .foot p { text-align: center }
.seal { position: absolute; left: 44mm; top: -21mm; opacity: .78 }
.two { display: flex; gap: 10mm } .two > * { flex: 1 } .photo { width: 26mm; height: 34mm; border: .3mm solid #999; background: #eef1f4; color: #99a; display: flex; align-items: center; justify-content: center; font-size: 9pt }
.sign { font-style: italic; letter-spacing: 2px }
`

/** Whole document for the browser. `scan` makes it look like a copy from a glass plate: grey, slightly turned. */
export function documentOf(pages, { scan = null } = {}) {
  const turned = scan ? `html { background: #cfd1d0 } .page { transform: rotate(${scan.degrees}deg) scale(.972); filter: grayscale(${scan.grey}) contrast(.93) brightness(.985); background: #fbfaf6; box-shadow: 0 0 3mm #8a8a86 }` : ''
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><style>${kStyle}${turned}</style><body>${pages.join('')}</body></html>`
}

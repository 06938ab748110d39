/**
 * Numbers with units, as people write them and as the interface carries them.
 * Values travel as integers (分, hundredths of ㎡, mm …); people type 万元, ㎡, m. Every conversion moves the decimal
 * point inside the text: a binary double would turn 8260.1 万元 into 82600999999 分.
 */
export interface Unit {
  /** What stands beside the input. */
  label: string
  /** Places between the carried integer and the shown number: 万元 = 10^6 分. */
  places: number
  /** Most decimals a person may type; 万元 takes four, so the smallest step is one 元. */
  decimals_max: number
  /** Decimals always shown, so that columns line up. */
  decimals_shown: number
  /** A number that may be typed as it stands in the message about a wrong one. */
  example: string
}

export const kUnits: Record<string, Unit> = {
  fen: { label: '万元', places: 6, decimals_max: 4, decimals_shown: 0, example: '8260.5' },
  m2_hundredths: { label: '㎡', places: 2, decimals_max: 2, decimals_shown: 2, example: '12345.67' },
  mm: { label: 'm', places: 3, decimals_max: 3, decimals_shown: 2, example: '21.6' },
  percent_hundredths: { label: '%', places: 2, decimals_max: 2, decimals_shown: 0, example: '35.5' },
  days: { label: '天', places: 0, decimals_max: 0, decimals_shown: 0, example: '540' },
}

const kWhole: Unit = { label: '', places: 0, decimals_max: 0, decimals_shown: 0, example: '3' }

export function unit_of(name: string | undefined): Unit {
  return (name && kUnits[name]) || kWhole
}

/** The carried integer as a plain decimal, without grouping: what an input holds. */
export function to_decimal(value: number, unit: Unit): string {
  const negative = value < 0
  const digits = String(Math.abs(Math.trunc(value))).padStart(unit.places + 1, '0')
  const whole = digits.slice(0, digits.length - unit.places)
  const fraction = digits.slice(digits.length - unit.places).replace(/0+$/, '')
  const shown = fraction.padEnd(unit.decimals_shown, '0')
  return `${negative ? '-' : ''}${whole}${shown ? `.${shown}` : ''}`
}

export type AmountFault = 'not_a_number' | 'too_many_decimals' | 'too_large'
export type ParsedAmount = { value: number } | { fault: AmountFault }

/** Reads what a person typed; spaces and commas as grouping and full-width digits are taken as meant. */
export function from_decimal(text: string, unit: Unit): ParsedAmount {
  const plain = text.normalize('NFKC').replace(/[\s,，\u00a0\u202f]/g, '')
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(plain)
  if (!match) return { fault: 'not_a_number' }
  const fraction = (match[3] ?? '').replace(/0+$/, '')
  if (fraction.length > unit.decimals_max) return { fault: 'too_many_decimals' }
  const digits = `${match[2]}${fraction.padEnd(unit.places, '0')}`.replace(/^0+(?=\d)/, '')
  const value = Number(digits)
  if (!Number.isSafeInteger(value)) return { fault: 'too_large' }
  return { value: match[1] && value !== 0 ? -value : value }
}

/** 12 345.67: thousands apart by a no-break space, as on all pages and papers. */
export function group_thousands(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, '\u00a0')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

export function format_amount(value: number | null | undefined, unit_name: string | undefined): string {
  if (value === null || value === undefined) return '—'
  const unit = unit_of(unit_name)
  const number = group_thousands(to_decimal(value, unit))
  if (!unit.label) return number
  return unit.label === '%' ? `${number}%` : `${number}\u00a0${unit.label}`
}

export function format_money(fen: number | null | undefined): string {
  return format_amount(fen, 'fen')
}

export function format_area(m2_hundredths: number | null | undefined): string {
  return format_amount(m2_hundredths, 'm2_hundredths')
}

export function format_bytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

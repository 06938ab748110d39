/**
 * What people type and paste where a machine reads: digits and letters as wide as Chinese ones, spaces that came along.
 * The field keeps what was typed; this is what is sent.
 */

/** Full-width forms as plain ones. */
export function plain_forms(typed: string): string {
  return typed.normalize('NFKC')
}

/** A code, a number, a phone: nothing of it is a space. */
export function without_spaces(typed: string): string {
  return plain_forms(typed).replace(/\s+/g, '')
}

/** Six digits, of a message or of an app. */
export function is_six_digits(typed: string): boolean {
  return /^\d{6}$/.test(without_spaces(typed))
}

/** A mobile number as it is dialled, whatever stood between its digits; null when it is none. */
export function mobile_of(typed: string): string | null {
  const digits = without_spaces(typed).replace(/^\+86/, '').replaceAll('-', '')
  return /^1[3-9]\d{9}$/.test(digits) ? digits : null
}

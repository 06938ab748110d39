/**
 * 统一社会信用代码 (GB 32100): eighteen characters without I, O, S, V, Z. Six digits are an area, nine characters the
 * organisation's own code (GB 11714), whose last one and the very last one are worked out of the others.
 */
import { without_spaces } from '@/shared/typed'

const kLength = 18
const kAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const kWeights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
const kAlphabet36 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const kOrganisationWeights = [3, 7, 9, 10, 5, 8, 4, 2]

export type CreditCodeFault = 'short' | 'long' | 'character' | 'check'

/** As it is printed: capitals, no spaces, no full-width forms. */
export function tidy_credit_code(typed: string): string {
  return without_spaces(typed).toUpperCase()
}

function weighed(text: string, alphabet: string, weights: number[]): number {
  return weights.reduce((total, weight, place) => total + weight * alphabet.indexOf(text[place] ?? ''), 0)
}

function organisation_check(code: string): string {
  const check = 11 - (weighed(code, kAlphabet36, kOrganisationWeights) % 11)
  if (check === 10) return 'X'
  return check === 11 ? '0' : String(check)
}

export function credit_code_fault(code: string): CreditCodeFault | null {
  if ([...code].some((one) => !kAlphabet.includes(one))) return 'character'
  if (code.length !== kLength) return code.length < kLength ? 'short' : 'long'
  const organisation = code.slice(8, 17)
  const fits =
    /^\d{6}$/.test(code.slice(2, 8)) &&
    organisation_check(organisation) === organisation[8] &&
    kAlphabet[(31 - (weighed(code, kAlphabet, kWeights) % 31)) % 31] === code[17]
  return fits ? null : 'check'
}

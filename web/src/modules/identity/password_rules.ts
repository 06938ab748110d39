/** What a password has to be, told while it is written; the server judges by the same and by more. */
export type PasswordRule = 'length' | 'kinds' | 'distinct' | 'name'

const kLengthMin = 12
const kLengthOfAnyKind = 16
const kKindsMin = 3
const kDistinctMin = 5
const kLengthMax = 128
/** What a field takes: passwords of before may be longer than new ones. */
export const kPasswordTypedMax = 200

/** A Chinese character is one. */
function characters_of(text: string): string[] {
  return [...text]
}

function kinds_in(text: string): number {
  return [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter((kind) => kind.test(text)).length
}

/** Each rule and whether it is kept. */
export function judge_password(password: string, account_name: string): Record<PasswordRule, boolean> {
  const characters = characters_of(password)
  const length = characters.length
  const name = account_name.trim().toLowerCase()
  return {
    length: length >= kLengthMin && length <= kLengthMax,
    kinds: length >= kLengthOfAnyKind || kinds_in(password) >= kKindsMin,
    distinct: new Set(characters).size >= kDistinctMin,
    name: password !== '' && (!name || !password.toLowerCase().includes(name)),
  }
}

/** All of them; what a password is not, beyond these, only the server knows. */
export function password_fits(password: string, account_name: string): boolean {
  return Object.values(judge_password(password, account_name)).every(Boolean)
}

/** 3 to 40 letters, digits, _ - . beginning with a letter. */
export function account_name_fits(name: string): boolean {
  return /^[A-Za-z][\w.-]{2,39}$/.test(name)
}

export type Strength = 'weak' | 'fair' | 'strong'

/** Strong is what is long: a sentence of one's own is better than signs between letters. */
export function strength_of(password: string, account_name: string): Strength {
  if (!password_fits(password, account_name)) return 'weak'
  return characters_of(password).length >= kLengthOfAnyKind && new Set(password).size >= 2 * kDistinctMin
    ? 'strong'
    : 'fair'
}

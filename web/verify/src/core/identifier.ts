/** 电子证照标识, GB/T 36904-2018: `1.2.156.3005.2.<type>.<issuer>.<serial>.<version>.<check>`. */

const kAlphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const kForm = /^1\.2\.156\.3005\.2\.([0-9A-Z]{21})\.([0-9A-Z]{1,18})\.([0-9A-Z]{1,33})\.(\d{3})\.([0-9A-Z])$/

export interface CertificateIdentifier {
  type_code: string
  issuer_code: string
  serial: string
  version: number
}

/** ISO 7064 MOD 37,36 over 0–9 and A–Z. */
export function mod_37_36_check(text: string): string {
  let product = 36
  for (const character of text) {
    const sum = (product + kAlphabet.indexOf(character)) % 36 || 36
    product = (sum * 2) % 37
  }
  return kAlphabet[(37 - product) % 36] ?? ''
}

/** Nothing when the form or the check character is wrong. The check leaves out the dots and the root. */
export function find_identifier(text: string): CertificateIdentifier | null {
  const [, type_code, issuer_code, serial, version, check] = kForm.exec(text) ?? []
  if (!type_code || !issuer_code || !serial || !version || Number(version) < 1) return null
  if (mod_37_36_check(type_code + issuer_code + serial + version) !== check) return null
  return { type_code, issuer_code, serial, version: Number(version) }
}

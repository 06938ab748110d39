// Check characters of the codes that stand on papers: unified social credit code, organisation code, resident id number.
// Used by whoever writes a new package: `node tools/papers/codes.mjs credit 91330106MA0DEM99` prints the whole code.
import { pathToFileURL } from 'node:url'

const kCreditAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY' // GB 32100-2015: no I, O, S, V, Z
const kOrganisationAlphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const kOrganisationWeights = [3, 7, 9, 10, 5, 8, 4, 2]
const kResidentWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** Ninth character of a GB 11714 organisation code from its first eight. */
export function organisationCheck(eight) {
  const sum = [...eight].reduce((total, c, i) => total + kOrganisationAlphabet.indexOf(c) * kOrganisationWeights[i], 0)
  return '0X987654321'[sum % 11]
}

/** Eighteenth character of a GB 32100-2015 unified social credit code from its first seventeen. Weights are 3^i mod 31. */
export function creditCheck(seventeen) {
  let weight = 1
  let sum = 0
  for (const c of seventeen) {
    sum += kCreditAlphabet.indexOf(c) * weight
    weight = (weight * 3) % 31
  }
  return kCreditAlphabet[(31 - (sum % 31)) % 31]
}

/** Whole credit code from registration body, kind of organisation, region (8 characters) and eight free ones. */
export function creditCode(head, eight) {
  const seventeen = head + eight + organisationCheck(eight)
  return seventeen + creditCheck(seventeen)
}

export function creditCodeValid(code) {
  return /^[0-9A-HJ-NP-RTUWXY]{18}$/.test(code) && creditCheck(code.slice(0, 17)) === code[17]
}

/** Last character of a GB 11643-1999 resident id number from its first seventeen digits. */
export function residentCheck(seventeen) {
  const sum = [...seventeen].reduce((total, c, i) => total + Number(c) * kResidentWeights[i], 0)
  return '10X98765432'[sum % 11]
}

/** An id number nobody can have: the sequence number 000 is never given out. `birthday` is YYYYMMDD. */
export function inventedId(region, birthday) {
  const seventeen = `${region}${birthday}000`
  return seventeen + residentCheck(seventeen)
}

export function residentIdValid(id) {
  if (!/^[1-9][0-9]{16}[0-9X]$/.test(id)) return false
  const day = `${id.slice(6, 10)}-${id.slice(10, 12)}-${id.slice(12, 14)}`
  const parsed = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day) && residentCheck(id.slice(0, 17)) === id[17]
}

const kDigits = '零壹贰叁肆伍陆柒捌玖'

function fourDigits(number) {
  const units = ['仟', '佰', '拾', '']
  let words = ''
  let zero = false
  ;[...String(number).padStart(4, '0')].forEach((digit, i) => {
    if (digit === '0') {
      zero = words !== ''
      return
    }
    words += (zero ? '零' : '') + kDigits[Number(digit)] + units[i]
    zero = false
  })
  return words
}

/** Money in capital numerals as contracts write it: 8260000000 fen is 捌仟贰佰陆拾万元整. */
export function moneyInWords(fen) {
  const yuan = Math.floor(fen / 100)
  const cents = fen % 100
  const groups = [
    [Math.floor(yuan / 1e8), '亿'],
    [Math.floor(yuan / 1e4) % 1e4, '万'],
    [yuan % 1e4, ''],
  ]
  let words = ''
  for (const [value, unit] of groups) {
    if (value === 0) continue
    words += (words && value < 1000 ? '零' : '') + fourDigits(value) + unit
  }
  words = `${words || '零'}元`
  if (cents === 0) return `${words}整`
  const jiao = Math.floor(cents / 10)
  return words + (jiao ? `${kDigits[jiao]}角` : '零') + (cents % 10 ? `${kDigits[cents % 10]}分` : '整')
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [kind, first = '', second = ''] = process.argv.slice(2)
  if (kind === 'credit' && first.length === 16) console.log(creditCode(first.slice(0, 8), first.slice(8)))
  else if (kind === 'id' && first.length === 6 && second.length === 8) console.log(inventedId(first, second))
  else {
    console.error('codes.mjs credit 91330106MA0DEM99 (16 characters) | codes.mjs id 330106 19850607 (region, birthday)')
    process.exit(2)
  }
}

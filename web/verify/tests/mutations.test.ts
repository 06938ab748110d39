/** Files that somebody changed anywhere: there is an answer for each, and it is never that they are genuine. */
import { expect, it } from 'vitest'
import { joined, utf8_bytes } from '../src/core/bytes'
import { parse_trust, type Trust } from '../src/core/trust'
import { verify_file } from '../src/core/verify'
import * as make from './make'
import { make_samples } from './samples'

/** Of each kind; a run by hand asks for more. */
const kMutations = Number(process.env.KAIGONG_MUTATIONS ?? 300)
const kGood = ['genuine', 'training']

/** The same numbers in each run (Mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** A byte changed, taken away or put there, a part doubled, or the file cut off. */
function mutated(bytes: Uint8Array, below: (max: number) => number): Uint8Array {
  const changed = [...bytes]
  for (let times = 1 + below(3); times > 0 && changed.length > 0; times -= 1) {
    const at = below(changed.length)
    const kind = below(20)
    if (kind < 10) changed[at] = (changed[at] ?? 0) ^ (1 << below(8))
    else if (kind < 13) changed[at] = below(256)
    else if (kind < 15) changed.splice(at, 1 + below(20))
    else if (kind < 17) changed.splice(at, 0, below(256))
    else if (kind < 19) changed.splice(at, 0, ...changed.slice(at, at + 1 + below(40)))
    else changed.length = at
  }
  return Uint8Array.from(changed)
}

it(
  'there is an answer to every mutation of a file, and what it holds is what it held',
  { timeout: kMutations * 1000 },
  () => {
    const { trust_text, samples } = make_samples()
    const trust = parse_trust(trust_text)
    const below = numbers(20261202)
    for (const { file, bytes } of samples.filter((one) => one.verdict === 'genuine' && /^genuine\./.test(one.file))) {
      const whole = verify_file({ name: file, bytes }, trust, make.kNowMs).certificate
      for (let time = 0; time < kMutations; time += 1) {
        const answer = verify_file({ name: file, bytes: mutated(bytes, below) }, trust, make.kNowMs)
        expect(answer.checks.length, `${file} ${time}`).toBeGreaterThan(0)
        // Dates and rights of a package say nothing about what is in it; blanks between members of JSON neither.
        if (kGood.includes(answer.verdict)) expect(answer.certificate, `${file} ${time}`).toEqual(whole)
      }
    }
  },
)

it('a text of twenty megabytes is read', () => {
  const long = new Uint8Array(20_000_000).fill(0x61)
  const bytes = joined(utf8_bytes('{"certificate":"'), long, utf8_bytes('"}'))
  const { verdict, checks } = verify_file({ name: 'long.json', bytes }, trust_of(), make.kNowMs)
  expect([verdict, checks[0]?.outcome]).toEqual(['cannot_judge', 'pass'])
})

it('where the engine has no room for a file, it is unreadable; a bug stays one', () => {
  const failing = (error: Error) => ({
    name: 'a',
    get bytes(): Uint8Array {
      throw error
    },
  })
  const { verdict, checks } = verify_file(failing(new RangeError('call stack')), trust_of(), make.kNowMs)
  expect([verdict, ...checks.map(({ code }) => code)]).toEqual(['cannot_judge', 'verify.file_unreadable'])
  expect(() => verify_file(failing(new TypeError('a bug')), trust_of(), make.kNowMs)).toThrow('a bug')
})

function trust_of(): Trust {
  return make.make_authority().trust
}

// Every operation of openapi.yaml gets fitting, nearly fitting and hostile requests of every kind of person. Nothing may
// break, no reply may be off its schema, no row and no secret may get out. The same seed sends the same requests:
//   KAIGONG_FUZZ_SEED=7 KAIGONG_FUZZ_REQUESTS=5000 ./kaigong test fuzz_api      KAIGONG_FUZZ_ONLY=417: that one alone
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { missing, routes } from '../api/binary.mjs'
import { Bureau } from '../api/harness.mjs'
import { personalValues } from '../data/personal-values.mjs'
import { kDemoPassword } from '../../tools/demo/client.mjs'
import { fuzz } from './fuzz.mjs'
import { secretsIn } from './judge.mjs'
import { Requests } from './requests.mjs'
import { World, kPeople } from './world.mjs'

const kSeed = Number(process.env.KAIGONG_FUZZ_SEED ?? 20261129)
const kOnly = process.env.KAIGONG_FUZZ_ONLY ? Number(process.env.KAIGONG_FUZZ_ONLY) : null
const kRequests = Number(process.env.KAIGONG_FUZZ_REQUESTS ?? (process.env.KAIGONG_LONG ? 100_000 : 1_000))
/** With AddressSanitizer, which keeps what was freed for a while. */
const kResidentBytesMax = 3 * 2 ** 30

const residentBytes = (pid) => 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1])

describe('requests drawn from openapi.yaml', { skip: missing }, () => {
  let bureau, world, requests
  const people = new Map()
  const secrets = new Map()

  before(async () => {
    bureau = await Bureau.start()
    world = await World.build(bureau)
    for (const name of kPeople) people.set(name, await bureau.person(name))
    requests = new Requests(bureau.contract.document, bureau.contract.operations(), world, routes())
    secrets.set('the password', kDemoPassword)
    for (const person of people.values()) {
      if (!person.session) continue
      secrets.set(`the cookie of ${person.account}`, person.cookie.split('=')[1])
      secrets.set(`the CSRF token of ${person.account}`, person.session.csrf_token)
    }
    for (const { value } of personalValues().filter((one) => !one.public && one.packages.includes('school'))) secrets.set(`a personal value (${value.length} characters)`, value)
  })
  after(() => bureau?.stop())

  test(`${kOnly === null ? kRequests : 'one'} of seed ${kSeed}: nothing breaks, nothing gets out`, async () => {
    const { faults, statuses, kinds, exercised } = await fuzz({ bureau, requests, world, people, seed: kSeed, count: kRequests, only: kOnly })
    console.log(`seed ${kSeed}: ${[...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ')}; ${[...statuses].sort((a, b) => a[0] - b[0]).map(([status, count]) => `${status}×${count}`).join(' ')}`)
    assert.equal(faults.length, 0, `${faults.length} faults of seed ${kSeed}:\n${faults.slice(0, 20).map(({ number, text }) => `#${number} ${text}`).join('\n')}`)
    if (kOnly !== null) return
    assert.equal(exercised.size, requests.operations.length, 'an operation was left out')
    for (const status of [200, 401, 403, 404, 422]) assert.ok(statuses.get(status) > 0, `no reply was ${status}: the requests have become one-sided`)
  })

  test('the server lives, within its memory', async () => {
    assert.equal((await bureau.exchange('GET', '/readyz')).status, 200)
    const bytes = residentBytes(bureau.process.pid)
    assert.ok(bytes < kResidentBytesMax, `${Math.round(bytes / 2 ** 20)} MiB`)
  })

  test('no secret is in the log', () => {
    assert.ok(secrets.size > 20)
    assert.ok(bureau.log.length > 1000, 'the log is empty')
    assert.deepEqual(secretsIn(bureau.log, secrets), [])
  })
})

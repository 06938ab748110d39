// What is personal is never on disk in clear: whole packages are played, then every file of the data folder and the log
// are searched for every personal value of the packages that the law does not make public.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { packageOf, playUntil } from './stories.mjs'
import { kDemoPassword } from '../../tools/demo/client.mjs'
import { personalValues } from '../data/personal-values.mjs'

const kPlayed = ['school', 'corrected_and_resubmitted', 'refused']

// What people typed that is nobody's to read, beside the personal values of the packages: [what it is, the value]. Who
// adds something secret that is typed, sent or shown once (a one-time code, a token) adds it here and uses it in `before`.
const kKnownSecrets = [
  ['the password that opened', kDemoPassword],
  ['a password that was wrong', '错误的口令-Kaigong-7391'],
  ['a password of an account that is not there', 'no-such-account-Kaigong-2846'],
  ['a number that was looked for and not found', '13911112222'],
  ['a number of the ID kind that was looked for', '33010119900307231X'],
]

function* filesOf(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* filesOf(path)
    else yield path
  }
}

describe('personal values at rest', { skip: missing }, () => {
  let bureau
  let works = ''

  before(async () => {
    bureau = await Bureau.start()
    for (const name of kPlayed) {
      const pack = packageOf(name)
      works = pack.form.works.works_name
      await playUntil(bureau, pack)
    }
    // Refusals and bad input go into the log as well.
    const school = await bureau.person('school')
    const { value } = personalValues().find((entry) => entry.kind === 'id_number')
    await school.ask('GET', `/permits/${value}`)
    await school.ask('GET', `/public/permits?query=${value}`)
    await school.ask('POST', '/applications', { json: { matter_code: value }, key: true })
    await school.ask('POST', '/session', { json: { account: value, password: value } })
    const signIn = (account, password) => bureau.ask('POST', '/api/v1/session', { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ account, password }) })
    assert.equal((await signIn('clerk', kKnownSecrets[1][1])).status, 401)
    assert.equal((await signIn('nobody', kKnownSecrets[2][1])).status, 401)
    // Numbers that officers look for, and those that they look at, leave an entry and no trace of themselves.
    const clerk = await bureau.person('clerk')
    for (const [kind, number] of [['phone', kKnownSecrets[3][1]], ['id_number', kKnownSecrets[4][1]], ['phone', personalValues().find((entry) => entry.kind === 'phone').value]]) {
      assert.equal((await clerk.ask('POST', '/applications/by-person', { json: { kind, number, reason: '核对人员信息' } })).status, 200)
    }
    await bureau.stop({ keep: true })
    bureau.writeLog()
  })
  after(() => bureau?.stop())

  const searched = (values) => {
    const found = []
    let files = 0
    for (const path of filesOf(bureau.folder)) {
      files += 1
      const bytes = readFileSync(path)
      for (const value of values) {
        for (const spelling of [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)]) {
          if (bytes.includes(spelling)) found.push(`${relative(bureau.folder, path)}: ${value}`)
        }
      }
    }
    return { found: [...new Set(found)], files }
  }

  test('the search finds what is there in clear', () => {
    const { found, files } = searched([works])
    assert.ok(files > 20, `only ${files} files`)
    assert.ok(found.some((line) => line.startsWith('kaigong.db')), 'the name of the works, which is public, should be found')
  })

  test('no password, right or wrong, and no number that was looked for is anywhere', () => {
    for (const [what, value] of kKnownSecrets) assert.deepEqual(searched([value]).found, [], what)
  })

  test('no value that is not public is in database, blobs or log', () => {
    const secret = personalValues().filter((entry) => !entry.public && entry.packages.some((name) => kPlayed.includes(name))).map((entry) => entry.value)
    assert.ok(secret.length > 20, `only ${secret.length} values`)
    assert.deepEqual(searched(secret).found, [])
  })
})

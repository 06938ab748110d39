// What is personal is never on disk in clear: whole packages are played, then every file of the data folder and the log
// are searched for every personal value of the packages that the law does not make public.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { packageOf, playUntil } from './stories.mjs'
import { personalValues } from '../data/personal-values.mjs'

const kPlayed = ['school', 'corrected_and_resubmitted', 'refused']

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

  test('no value that is not public is in database, blobs or log', () => {
    const secret = personalValues().filter((entry) => !entry.public && entry.packages.some((name) => kPlayed.includes(name))).map((entry) => entry.value)
    assert.ok(secret.length > 20, `only ${secret.length} values`)
    assert.deepEqual(searched(secret).found, [])
  })
})

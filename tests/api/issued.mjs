// What a demo server issues, for the judges of others: the files of one certificate, a copy of it for one purpose, and
// the list of whom to trust.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from '../../tools/demo/client.mjs'
import { Bureau } from './harness.mjs'
import { packageOf, playUntil } from './stories.mjs'

/** When the story begins. Certificates of a demo's signers are valid from the day before. */
const kClockStart = '2026-11-23T09:00:00+08:00'

/** Later than all of the story, while its signers' certificates are valid. */
export const kJudgedAt = '2026-12-05T02:00:00Z'

/** Writes trust.json, the `names`, and `copy-` with each name, into `folder`. The server is gone when this returns. */
export async function writeIssued(folder, names) {
  const bureau = await Bureau.start({ clockStart: kClockStart })
  try {
    const { id } = await playUntil(bureau, packageOf('school'))
    const school = new Client(bureau.url, 'school')
    const { permit_number: number } = await school.get(`/applications/${id}`)
    const copy = await school.call('POST', `/permits/${number}/copies`, { json: { purpose: '办理贷款', made_for: '示例银行' }, key: true })
    const download = async (path, name) => writeFileSync(join(folder, name), (await school.download(path)).bytes)
    const files = `/api/v1/permits/${number}/certificates/1`
    await download('/ledger/trust.json', 'trust.json')
    for (const name of names) {
      await download(`${files}/files/${name}`, name)
      await download(`${files}/copies/${copy.copy_number}/files/${name}`, `copy-${name}`)
    }
  } finally {
    await bureau.stop()
  }
}

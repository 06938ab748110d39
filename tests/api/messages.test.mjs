// Messages of accounts go to the authority's platform: under a MAC, again until they are taken, under the same id, and
// what was sent is not kept.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { waitFor } from '../../tools/demo/waiting.mjs'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'

const kSecret = 'a secret of the test, long enough for it'

/** A platform that refuses what it gets first. */
class Platform {
  async start() {
    this.taken = []
    this.refused = []
    this.server = createServer((request, response) => {
      const chunks = []
      request.on('data', (chunk) => chunks.push(chunk))
      request.on('end', () => {
        const { message, mac } = JSON.parse(Buffer.concat(chunks))
        const genuine = createHmac('sha256', kSecret).update(message).digest('hex') === mac
        const first = this.refused.length === 0
        ;(first ? this.refused : this.taken).push({ genuine, ...JSON.parse(message) })
        response.writeHead(first ? 503 : 202).end()
      })
    })
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    this.url = `http://127.0.0.1:${this.server.address().port}/messages`
  }

  stop() {
    return new Promise((resolve) => this.server.close(resolve))
  }
}

describe('messages by a gateway', { skip: missing }, () => {
  const platform = new Platform()
  let bureau
  before(async () => {
    await platform.start()
    bureau = await Bureau.start({ environment: { KAIGONG_MESSAGES_GATEWAY_URL: platform.url, KAIGONG_MESSAGES_GATEWAY_SECRET: kSecret } })
  })
  after(async () => {
    await bureau?.stop()
    await platform.stop()
  })

  test('a code comes under a MAC, again after a refusal, as the same message, and opens the account', async () => {
    const anybody = await bureau.person(null)
    const { challenge_id } = await anybody.must('POST', '/registrations/codes', { json: { phone: '13800007777' } })
    const [sent] = await waitFor('消息送达', async () => (platform.taken.length ? platform.taken : null), { deadlineMs: 30_000 })
    assert.deepEqual([sent.genuine, sent.channel, sent.purpose, sent.recipient], [true, 'sms', 'registration', '13800007777'])
    assert.equal(platform.refused[0].message_id, sent.message_id)
    const code = /\d{6}/.exec(sent.words)[0]
    const reply = await anybody.ask('POST', '/registrations', { json: { challenge_id, code, account_name: 'by_gateway', display_name: '钱某', password: 'Ladder-Blue-77-x' } })
    assert.equal(reply.status, 200)
    assert.deepEqual((await anybody.must('GET', '/demo/messages')).messages, [], 'nothing is only shown')
  })

  test('neither the phone nor what was sent stands in the database', () => {
    const bytes = Buffer.concat(['kaigong.db', 'kaigong.db-wal'].map((name) => readFileSync(join(bureau.folder, name))))
    for (const secret of ['13800007777', platform.taken[0].words]) assert.ok(!bytes.includes(secret))
  })
})

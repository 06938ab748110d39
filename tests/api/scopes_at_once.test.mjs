// Agents of three companies, officers of two regions and administrators work at the same time, on both databases, while
// cases are filed and accepted and sessions end: every id in every reply lies in the asker's scope, and nobody gets what
// is another's. 16 people for ten seconds; 64 for a minute with --long.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { waitFor } from '../../tools/demo/waiting.mjs'
import { missing } from './binary.mjs'
import { Bureau, Person } from './harness.mjs'
import { mariadbMissing, startMariadb } from './mariadb.mjs'
import { complete, inboxRows, inParallel, kDeclarations, nightForm } from './stories.mjs'

const kPng = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
const kOwners = ['school', 'estate', 'factory']
const kRegions = { 330106: '', 330105: '_gongshu' }
const kLong = Boolean(process.env.KAIGONG_LONG)
const kEach = kLong ? 3 : 1
const kUsers = kLong ? 64 : 16
const kSeconds = kLong ? 60 : 10
/** Fewer were hardly at once. */
const kRequestsLeast = 10 * kUsers
/** Each user's next session after so many requests. */
const kRequestsOfASession = 25

/** Every `{name, value}` of a reply whose name says that it is an id. */
function idsIn(value, found = []) {
  if (Array.isArray(value)) value.forEach((one) => idsIn(one, found))
  else if (value && typeof value === 'object') {
    for (const [name, inner] of Object.entries(value)) {
      if (typeof inner === 'string' && /^(application_id|document_id|letter_id|task_id|permit_number|application_number)$/.test(name)) found.push({ name, value: inner })
      else idsIn(inner, found)
    }
  }
  return found
}

const kDatabases = [
  { name: 'SQLite', skip: missing, open: async () => ({ database: '', stop: () => {} }) },
  { name: 'MariaDB', skip: missing || mariadbMissing, open: async () => {
    const mariadb = await startMariadb()
    return { database: mariadb.url, stop: () => mariadb.stop() }
  } },
]

for (const { name: databaseName, skip, open } of kDatabases) describe(`scopes, many at once, on ${databaseName}`, { skip }, () => {
  let bureau, opened
  let number = 0
  // Whose is it? An id → {owner, region}.
  const belongs = new Map()
  const cases = []

  const scopeOf = (person) => (person.session.account.kind === 'owner_agent' ? { owner: person.account } : { region: person.session.account.region_code })
  const covers = (scope, thing) => (scope.owner ? thing.owner === scope.owner : thing.region === scope.region)

  async function file(owner, region) {
    const person = await bureau.person(owner)
    number += 1
    const draft = await person.must('POST', '/applications', { json: { matter_code: 'night-construction' }, key: true })
    const thing = { owner, region, id: draft.application_id, tag: `paper of ${owner} ${number}` }
    belongs.set(thing.id, thing)
    const saved = await person.must('PUT', `/applications/${thing.id}/form`, { json: { form: nightForm(region, number) }, version: draft.version })
    const paper = await person.must('POST', `/applications/${thing.id}/documents?material_code=N-01&file_name=a.png`, { body: Buffer.concat([kPng, Buffer.from(thing.tag)]), type: 'image/png', key: true })
    belongs.set((thing.document_id = paper.document_id), thing)
    const filed = await person.must('POST', `/applications/${thing.id}/submission`, { json: { declarations: kDeclarations }, key: true, version: saved.version })
    belongs.set(filed.application_number, thing)
    return thing
  }

  async function issue(thing) {
    for (const [officer, outcome] of [['clerk', 'accept'], ['leader', 'grant']]) {
      const person = await bureau.person(`${officer}${kRegions[thing.region]}`)
      const [row] = await inboxRows(person, 1, (one) => one.application_id === thing.id)
      assert.equal((await complete(person, row, outcome)).status, 200)
    }
    const owner = await bureau.person(thing.owner)
    thing.permit_number = await waitFor('证照公布', async () => {
      const { permit_number: found } = await owner.must('GET', `/applications/${thing.id}/progress`)
      return found && (await owner.ask('GET', `/permits/${found}`)).status === 200 ? found : null
    }, { deadlineMs: 60_000 })
    belongs.set(thing.permit_number, thing)
  }

  async function remember(thing) {
    const owner = await bureau.person(thing.owner)
    const clerk = await bureau.person(`clerk${kRegions[thing.region]}`)
    const { letters } = await waitFor('文书出具', async () => {
      const page = await owner.must('GET', `/applications/${thing.id}/letters`)
      return page.letters.length ? page : null
    }, { deadlineMs: 60_000 })
    for (const { letter_id: id } of letters) belongs.set(id, thing)
    thing.letter_id = letters[0].letter_id
    const { tasks } = await clerk.must('GET', `/applications/${thing.id}/tasks`)
    for (const { task_id: id } of tasks) belongs.set(id, thing)
    thing.task_id = tasks[0].task_id
  }

  before(async () => {
    opened = await open()
    bureau = await Bureau.start({ database: opened.database })
    const wanted = kOwners.flatMap((owner) => Object.keys(kRegions).flatMap((region) => Array(kEach).fill([owner, region])))
    cases.push(...(await inParallel(wanted, 6, ([owner, region]) => file(owner, region))))
    await inParallel(cases, 4, issue)
    await inParallel(cases, 4, remember)
  })
  after(async () => {
    await bureau?.stop()
    await opened?.stop()
  })

  const isOwner = (person) => person.session.account.kind === 'owner_agent'
  const isAdministrator = (person) => person.session.account.kind === 'administrator'
  const lists = (person) => (isAdministrator(person) ? ['/session'] : isOwner(person) ? ['/applications', '/permits', '/session'] : ['/inbox?view=todo', '/inbox?view=all&limit=100', '/inbox?view=done', '/permits', '/session'])
  const things = ({ id, document_id, letter_id, task_id, permit_number }) => [
    ...['', '/progress', '/process', '/submissions', '/submissions/1', '/letters', '/marks', '/tasks', '/audit', '/copies', '/holding', '/standstill'].map((end) => `/applications/${id}${end}`),
    `/documents/${document_id}/content`, `/letters/${letter_id}/content`, `/permits/${permit_number}`, `/permits/${permit_number}/certificate`, `/tasks/${task_id}`,
  ]
  /** What an owner's agent and an officer of the case both may read; the rest is the matrix test's. */
  const kOfOfficers = /\/(tasks|audit|copies|holding|standstill|marks)(\/|$)/

  function judge(person, ask, reply) {
    const where = `${person.account} GET ${ask.path} → ${reply.status}`
    const mine = ask.thing && !isAdministrator(person) && covers(scopeOf(person), ask.thing)
    if (ask.thing) {
      const expected = mine ? (isOwner(person) && kOfOfficers.test(ask.path) ? [200, 403, 404] : [200]) : [403, 404]
      assert.ok(expected.includes(reply.status), `${where}: ${mine ? 'refused' : 'given away'}`)
      if (mine && ask.path.startsWith('/documents/')) assert.ok(reply.body.includes(ask.thing.tag), `${where}: another's bytes`)
      if (!mine) for (const word of [ask.thing.tag, `工程 ${ask.thing.tag.split(' ').at(-1)} 号`]) assert.ok(!reply.body.includes(word), `${where}: says what is not his`)
    } else assert.equal(reply.status, 200, where)
    if (ask.path === '/session') assert.equal(reply.json.account.account_name, person.account, where)
    if (reply.status !== 200 || !reply.json) return 0
    const ids = idsIn(reply.json)
    for (const { name, value } of ids) {
      const thing = belongs.get(value)
      // A case that is being filed at this moment is not known here yet: its row tells where it lies.
      if (thing) assert.ok(covers(scopeOf(person), thing), `${where}: ${name} ${value} is of ${thing.owner} in ${thing.region}`)
    }
    for (const row of reply.json.rows ?? []) assert.equal(row.region_code, scopeOf(person).region, `${where}: a row of another region`)
    return ids.length
  }

  /** One who asks until `until`, each time for something else; now and then the session ends and another begins. */
  async function use(account, number, until) {
    const seen = { requests: 0, ids: 0 }
    let person = await signedIn(account)
    while (Date.now() < until) {
      const turn = seen.requests + number
      const thing = turn % 3 ? cases[turn % cases.length] : null
      const paths = thing ? things(thing) : lists(person)
      const ask = { path: paths[(turn * 7) % paths.length], thing }
      seen.ids += judge(person, ask, await person.ask('GET', ask.path))
      seen.requests += 1
      if (seen.requests % kRequestsOfASession === 0) {
        await person.must('DELETE', '/session')
        assert.equal((await person.ask('GET', '/session')).status, 401, `${account}: a session that ended`)
        person = await signedIn(account)
      }
    }
    return seen
  }

  async function signedIn(account) {
    const person = new Person(bureau, account)
    await person.signIn()
    return person
  }

  /** Cases that are filed and accepted meanwhile, one after the other. */
  async function work(number, until) {
    for (let i = number; Date.now() < until; i++) {
      const thing = await file(kOwners[i % 3], Object.keys(kRegions)[i % 2])
      const clerk = await bureau.person(`clerk${kRegions[thing.region]}`)
      const [row] = await inboxRows(clerk, 1, (one) => one.application_id === thing.id)
      const reply = await complete(clerk, row, 'accept')
      assert.equal(reply.status, 200)
      assert.equal(reply.json.application_id, thing.id)
    }
  }

  test(`${kUsers} people for ${kSeconds} seconds, while cases are filed and accepted and sessions end`, async () => {
    const accounts = [...kOwners, ...Object.values(kRegions).flatMap((end) => ['clerk', 'leader', 'head'].map((name) => `${name}${end}`)), 'admin']
    const until = Date.now() + kSeconds * 1000
    const users = Array.from({ length: kUsers }, (_, i) => use(accounts[i % accounts.length], i, until))
    const seen = await Promise.all([...users, work(0, until), work(1, until)])
    const sum = (key) => seen.slice(0, kUsers).reduce((all, one) => all + one[key], 0)
    assert.ok(sum('requests') > kRequestsLeast, `only ${sum('requests')} requests`)
    assert.ok(sum('ids') > sum('requests') / 4, `only ${sum('ids')} ids were judged in ${sum('requests')} replies`)
  })

  /** Every page of a list. */
  async function whole(person, path, rows) {
    const found = []
    let cursor = ''
    do {
      const page = await person.must('GET', `${path}?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)
      found.push(...page[rows])
      cursor = page.next_cursor ?? ''
    } while (cursor)
    return found
  }

  test('afterwards each list holds exactly what is one’s own', async () => {
    const all = [...new Set([...belongs.values()])]
    for (const owner of kOwners) {
      const applications = await whole(await bureau.person(owner), '/applications', 'applications')
      assert.deepEqual(applications.map((one) => one.application_id).sort(), all.filter((thing) => thing.owner === owner).map((thing) => thing.id).sort())
    }
    for (const [region, end] of Object.entries(kRegions)) {
      const permits = await whole(await bureau.person(`leader${end}`), '/permits', 'permits')
      assert.deepEqual(permits.map((one) => one.permit_number).sort(), cases.filter((thing) => thing.region === region).map((thing) => thing.permit_number).sort())
    }
  })
})

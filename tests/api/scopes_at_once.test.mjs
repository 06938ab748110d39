// Three companies and the officers of two regions work at the same time, hundreds of requests at once: every id in every
// reply lies in the asker's scope, and nobody gets what is another's.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { waitFor } from '../../tools/demo/waiting.mjs'
import { missing } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { complete, inboxRows, inParallel, kDeclarations, nightForm } from './stories.mjs'

const kPng = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
const kOwners = ['school', 'estate', 'factory']
const kRegions = { 330106: '', 330105: '_gongshu' }
const kEach = 3
const kRequests = 800

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

/** The same order each time. */
function shuffled(list) {
  let seed = 20261124
  const next = () => (seed = (seed * 1103515245 + 12345) % 2147483648)
  return list.map((one) => [next(), one]).sort((a, b) => a[0] - b[0]).map(([, one]) => one)
}

describe('scopes, many at once', { skip: missing }, () => {
  let bureau
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
    bureau = await Bureau.start()
    const wanted = kOwners.flatMap((owner) => Object.keys(kRegions).flatMap((region) => Array(kEach).fill([owner, region])))
    cases.push(...(await inParallel(wanted, 6, ([owner, region]) => file(owner, region))))
    await inParallel(cases, 4, issue)
    await inParallel(cases, 4, remember)
  })
  after(() => bureau?.stop())

  const lists = (person) => (person.session.account.kind === 'owner_agent' ? ['/applications', '/permits', '/session'] : ['/inbox?view=todo', '/inbox?view=all&limit=100', '/inbox?view=done', '/permits', '/session'])
  const things = ({ id, document_id, letter_id, task_id, permit_number }, person) => [
    ...['', '/progress', '/process', '/submissions', '/submissions/1', '/letters'].map((end) => `/applications/${id}${end}`),
    `/documents/${document_id}/content`, `/letters/${letter_id}/content`, `/permits/${permit_number}`, `/permits/${permit_number}/certificate`,
    ...(person.session.account.kind === 'owner_agent' ? [] : [`/applications/${id}/tasks`, `/applications/${id}/audit`, `/tasks/${task_id}`]),
  ]

  function judge(person, ask, reply) {
    const scope = scopeOf(person)
    const where = `${person.account} GET ${ask.path} → ${reply.status}`
    if (ask.thing) {
      const mine = covers(scope, ask.thing)
      assert.ok(mine ? reply.status === 200 : [403, 404].includes(reply.status), `${where}: ${mine ? 'refused' : 'given away'}`)
      if (mine && ask.path.startsWith('/documents/')) assert.ok(reply.body.includes(ask.thing.tag), `${where}: another's bytes`)
      if (!mine) for (const word of [ask.thing.tag, `工程 ${ask.thing.tag.split(' ').at(-1)} 号`]) assert.ok(!reply.body.includes(word), `${where}: says what is not his`)
    } else assert.equal(reply.status, 200, where)
    if (ask.path === '/session') assert.equal(reply.json.account.account_name, person.account, where)
    if (reply.status !== 200 || !reply.json) return 0
    const ids = idsIn(reply.json)
    for (const { name, value } of ids) {
      const thing = belongs.get(value)
      // A case that is being filed at this moment is not known here yet: its row tells where it lies.
      if (thing) assert.ok(covers(scope, thing), `${where}: ${name} ${value} is of ${thing.owner} in ${thing.region}`)
    }
    for (const row of reply.json.rows ?? []) assert.equal(row.region_code, scope.region, `${where}: a row of another region`)
    return ids.length
  }

  test(`${kRequests} requests of seven people, while cases are filed and accepted`, async () => {
    const people = await Promise.all([...kOwners, ...Object.values(kRegions).flatMap((end) => [`clerk${end}`, `leader${end}`])].map((name) => bureau.person(name)))
    const all = people.flatMap((person) => [...lists(person).flatMap((path) => Array(6).fill({ person, path })), ...cases.flatMap((thing) => things(thing, person).map((path) => ({ person, path, thing })))])
    const chosen = shuffled(all).slice(0, kRequests)
    assert.equal(chosen.length, kRequests)
    let seen = 0
    const asking = inParallel(chosen, 32, async (ask) => {
      const reply = await ask.person.ask('GET', ask.path)
      seen += judge(ask.person, ask, reply)
    })
    const filing = inParallel(Array.from({ length: 18 }), 3, async (_, i) => {
      const thing = await file(kOwners[i % 3], Object.keys(kRegions)[i % 2])
      const clerk = await bureau.person(`clerk${kRegions[thing.region]}`)
      const [row] = await inboxRows(clerk, 1, (one) => one.application_id === thing.id)
      const reply = await complete(clerk, row, 'accept')
      assert.equal(reply.status, 200)
      assert.equal(reply.json.application_id, thing.id)
    })
    await Promise.all([asking, filing])
    assert.ok(seen > kRequests, `only ${seen} ids were judged`)
  })

  test('afterwards each list holds exactly what is one’s own', async () => {
    const all = [...new Set([...belongs.values()])]
    for (const owner of kOwners) {
      const { applications } = await (await bureau.person(owner)).must('GET', '/applications?limit=100')
      assert.deepEqual(applications.map((one) => one.application_id).sort(), all.filter((thing) => thing.owner === owner).map((thing) => thing.id).sort())
    }
    for (const [region, end] of Object.entries(kRegions)) {
      const { permits } = await (await bureau.person(`leader${end}`)).must('GET', '/permits?limit=100')
      assert.deepEqual(permits.map((one) => one.permit_number).sort(), cases.filter((thing) => thing.region === region).map((thing) => thing.permit_number).sort())
    }
  })
})

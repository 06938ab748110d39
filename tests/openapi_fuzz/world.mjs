// A bureau with cases of several companies in two regions, and whose each id is: what the fuzzer takes its ids from, and
// what it judges replies by.
import { fileNight, inboxRows, packageOf, playUntil } from '../api/stories.mjs'

export const kRegions = { 330106: '', 330105: '_gongshu' }
export const kOwners = ['school', 'estate', 'factory']
export const kPeople = [null, ...kOwners, 'clerk', 'fire', 'head', 'leader', 'certificates', 'clerk_gongshu', 'fire_gongshu', 'leader_gongshu', 'admin', 'audit', 'rules', 'legal']

/** Members of replies that say which case, paper, letter, task or permit they are of. */
const kIdNames = /^(application_id|document_id|letter_id|task_id|permit_number|application_number)$/
/** They see cases of all, as their grants say; what they may not is the matrix test's. */
const kOfAll = ['audit', 'rules', 'legal']

export function idsIn(value, found = []) {
  if (Array.isArray(value)) value.forEach((one) => idsIn(one, found))
  else if (value && typeof value === 'object') {
    for (const [name, inner] of Object.entries(value)) {
      if (typeof inner === 'string' && kIdNames.test(name)) found.push({ name, value: inner })
      else idsIn(inner, found)
    }
  }
  return found
}

export class World {
  /** id → {id, owner, region}: of the case that it is of. */
  belongs = new Map()
  /** case → accounts that were given it to read (抄送), which may be officers of any region. */
  given = new Map()
  /** name of a path parameter or member → values. */
  known = new Map()

  static async build(bureau) {
    const world = new World()
    world.bureau = bureau
    for (const name of kPeople) await bureau.person(name)
    const issued = await playUntil(bureau, packageOf('school'))
    const open = await playUntil(bureau, packageOf('school'), 'review')
    const cases = [issued, open].map(({ id }) => ({ id, owner: 'school', region: '330106' }))
    let number = 0
    for (const owner of kOwners) {
      const person = await bureau.person(owner)
      for (const region of Object.keys(kRegions)) cases.push({ id: await fileNight(person, region, ++number), owner, region })
      const draft = await person.must('POST', '/applications', { json: { matter_code: 'construction-permit' }, key: true })
      cases.push({ id: draft.application_id, owner, region: null })
    }
    for (const one of cases) await world.#learn(one)
    world.#remember('permit_number', issued.progress.permit_number, cases[0])
    world.#names()
    return world
  }

  #remember(name, value, { id, owner, region }) {
    this.belongs.set(value, { id, owner, region })
    this.known.set(name, [...(this.known.get(name) ?? []), value])
  }

  async #learn(one) {
    this.#remember('application_id', one.id, one)
    const owner = await this.bureau.person(one.owner)
    const seen = await owner.must('GET', `/applications/${one.id}`)
    for (const { name, value } of idsIn(seen)) if (!this.belongs.has(value)) this.#remember(name, value, one)
    if (!one.region) return
    const { letters } = await owner.must('GET', `/applications/${one.id}/letters`)
    for (const { letter_id: id } of letters) this.#remember('letter_id', id, one)
    const clerk = await this.bureau.person(`clerk${kRegions[one.region]}`)
    await inboxRows(clerk, 0)
    const { tasks } = await clerk.must('GET', `/applications/${one.id}/tasks`)
    for (const { task_id: id } of tasks) this.#remember('task_id', id, one)
  }

  #names() {
    const people = [...this.bureau.people.values()].filter((person) => person.session)
    this.known.set('account_id', people.map((person) => person.session.account.account_id))
    for (const name of ['to', 'deputy', 'done_by']) this.known.set(name, this.known.get('account_id'))
    this.known.set('matter_code', ['construction-permit', 'night-construction'])
    this.known.set('section', ['fire', 'housing'])
    this.known.set('item', ['fire', 'housing'])
    this.known.set('region_code', Object.keys(kRegions))
    this.known.set('file_name', ['certificate.pdf', 'a.png'])
    this.known.set('log', ['permits', 'audit'])
    for (const name of ['round', 'certificate_version', 'copy_number', 'incident']) this.known.set(name, [1])
  }

  /** Accounts with a role that has the action in some scope. */
  whoMay(action, grants) {
    const roles = new Set(grants.filter((grant) => grant.action === action).map((grant) => grant.role))
    return kPeople.filter((name) => this.bureau.people.get(name ?? '')?.session?.account.roles.some((role) => roles.has(role)))
  }

  isOf(account, value) {
    const thing = this.belongs.get(value)
    const session = this.bureau.people.get(account ?? '')?.session
    if (!thing || !session) return false
    return session.account.kind === 'owner_agent' ? thing.owner === account : thing.region === session.account.region_code
  }

  /** Before a request is sent: whom it gives a case to read. Told early, because others ask at the same time. */
  expect({ template, target, body }) {
    if (template !== '/api/v1/applications/{application_id}/copies' || typeof body !== 'string') return
    const id = target.split('/')[4]
    const given = this.given.get(id) ?? this.given.set(id, new Set()).get(id)
    for (const account of this.known.get('account_id')) if (body.includes(account)) given.add(account)
  }

  /** Ids in a reply that the asker has no business with. */
  foreign(person, json) {
    if (!json || (person.account && kOfAll.includes(person.account))) return []
    return idsIn(json).filter(({ name, value }) => {
      const thing = this.belongs.get(value)
      if (!thing || this.given.get(thing.id)?.has(person.session?.account.account_id)) return false
      // The number of a permit, and of the application it came from, stand on the public page.
      const isPublic = name === 'permit_number' || name === 'application_number'
      if (!person.session) return !isPublic
      const { kind, region_code: region } = person.session.account
      if (kind === 'owner_agent') return thing.owner !== person.account && !isPublic
      return kind === 'officer' ? thing.region !== region && !isPublic : !isPublic
    })
  }
}

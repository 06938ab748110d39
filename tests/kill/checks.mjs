// What must be true when the server has come up again by itself.
import assert from 'node:assert/strict'
import { kRegions, sha256 } from './load.mjs'

const suffixOf = (regionCode) => kRegions.find((region) => region.region_code === regionCode).suffix
const kEnded = new Set(['granted', 'refused', 'not_accepted', 'withdrawn', 'no_permit_needed'])

/** Members of an object in one order, so that a form that came back can be compared with the one that was sent. */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])]))
}
const same = (a, b) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))

async function pages(person, path, member) {
  const all = []
  let cursor = null
  do {
    const page = await person.must('GET', `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams({ limit: '100', ...(cursor ? { cursor } : {}) })}`)
    all.push(...page[member])
    cursor = page.next_cursor
  } while (cursor)
  return all
}

/** Sends what was never answered once more, twice, with the key it had: one effect, and the same answer both times. */
export async function repeatUnanswered(ledger) {
  const repeated = []
  for (const request of ledger.unanswered) {
    const { person, method, path, options, about, settle } = request
    repeated.push(about.kind)
    if (about.kind === 'form') await repeatForm(ledger, request)
    else {
      const first = await person.must(method, path, options)
      const second = await person.must(method, path, options)
      const identity = (reply) => JSON.stringify([reply.application_id, reply.document_id, reply.application_number, reply.round, reply.task_id, reply.state])
      assert.equal(identity(second), identity(first), `${about.kind} repeated with the same key gave another answer`)
      settle(first)
    }
    ledger.unanswered.delete(request)
  }
  return repeated
}

// A form has no key: it is there whole with the next version, or not at all with the version before.
async function repeatForm(ledger, { person, path, options, about }) {
  const known = ledger.of(about.id)
  const found = await person.must('GET', `/applications/${about.id}`)
  if (found.version === known.version) {
    assert.ok(same(found.form, known.form), `the form of ${about.id} changed without its version`)
    const reply = await person.must('PUT', path, options)
    Object.assign(known, { form: about.form, version: reply.version })
  } else {
    assert.equal(found.version, known.version + 1, `the version of ${about.id} moved by more than one save`)
    assert.ok(same(found.form, about.form), `the form of ${about.id} is neither the one before nor the one sent`)
    Object.assign(known, { form: about.form, version: found.version })
  }
}

async function checkDocuments(bureau, person, known, found) {
  const listed = new Map(found.materials.flatMap((material) => material.documents).map((one) => [one.document_id, one]))
  for (const [id, document] of known.documents) {
    assert.equal(document.said, document.sha256, `the server acknowledged another content than was sent for ${document.name}`)
    assert.ok(listed.has(id), `${document.name} was acknowledged and is gone`)
  }
  assert.equal(listed.size, known.documents.size, `${known.id} lists papers that nobody sent, or one of them twice`)
  for (const [id, { sha256: digest, file_name: name }] of listed) {
    const bytes = await bureau.file(person, `/documents/${id}/content`)
    assert.equal(sha256(bytes), digest, `${name} is not what was uploaded`)
    assert.equal(digest, known.documents.get(id)?.sha256, `${name} is listed with another digest`)
  }
}

/** An application holds everything that was acknowledged for it. */
export async function checkApplication(bureau, known) {
  const person = await bureau.person(known.owner)
  const found = await person.must('GET', `/applications/${known.id}`)
  assert.ok(found.version >= known.version, `${known.id} went back from version ${known.version} to ${found.version}`)
  if (!known.submission) {
    assert.equal(found.version, known.version)
    assert.ok(same(found.form, known.form), `the draft ${known.id} is not as it was saved last`)
  }
  await checkDocuments(bureau, person, known, found)
  if (!known.submission) return
  assert.equal(found.application_number, known.submission.number)
  assert.equal(found.round, known.submission.round)
  // Its procedure opens by an event; what it shows is looked at again when all have come to their end.
  if (!(await progressOf(bureau, known))) return
  const { submissions } = await person.must('GET', `/applications/${known.id}/submissions`)
  assert.deepEqual(submissions.map((one) => one.round), [1], `${known.id} was filed more than once`)
}

/** Nobody has an application that he did not start: a repeated request had one effect. */
export async function checkNothingTwice(bureau, ledger) {
  for (const account of new Set([...ledger.applications.values()].map((one) => one.owner))) {
    const person = await bureau.person(account)
    const found = (await pages(person, '/applications', 'applications')).map((one) => one.application_id).sort()
    const known = [...ledger.applications.values()].filter((one) => one.owner === account).map((one) => one.id).sort()
    assert.deepEqual(found, known, `the applications of ${account} are not those that were started`)
  }
  const numbers = ledger.submitted.map((one) => one.submission.number)
  assert.equal(new Set(numbers).size, numbers.length, 'two applications have one number')
}

/** Progress of a filed application; null while its procedure is not open yet. */
export async function progressOf(bureau, known) {
  const person = await bureau.person(known.owner)
  const reply = await person.ask('GET', `/applications/${known.id}/progress`)
  if (reply.status === 404) return null
  assert.equal(reply.status, 200, String(reply.body))
  return reply.json
}

/** A filed case waits for somebody or something, no letter stands there twice, every letter opens whole. Gives its progress. */
export async function checkCase(bureau, known) {
  const person = await bureau.person(known.owner)
  const progress = await progressOf(bureau, known)
  if (!progress) return null
  const stuck = progress.waiting_for.find((one) => one.kind === 'incident')
  assert.ok(!stuck, `${known.submission.number} stands still: ${stuck?.name}`)
  if (!kEnded.has(progress.state)) assert.ok(progress.waiting_for.length > 0, `${known.submission.number} (${progress.state}) waits for nothing`)
  const { letters } = await person.must('GET', `/applications/${known.id}/letters`)
  const causes = letters.map((one) => `${one.letter_kind} ${one.round}`)
  assert.equal(new Set(causes).size, causes.length, `${known.submission.number} has a letter twice: ${causes}`)
  for (const letter of letters) assertWholePdf(await bureau.file(person, `/letters/${letter.letter_id}/content`), letter.title)
  return progress
}

export function assertWholePdf(bytes, name) {
  assert.ok(bytes.subarray(0, 5).equals(Buffer.from('%PDF-')), `${name} is no PDF`)
  assert.ok(bytes.subarray(-1024).includes('%%EOF'), `${name} is cut off`)
}

async function tasksOf(bureau, ledger, application) {
  const officer = await bureau.person(`leader${suffixOf(ledger.of(application).region)}`)
  return (await officer.must('GET', `/applications/${application}/tasks`)).tasks
}

/** Tasks that were given away are the colleague's, and the record has it once. */
export async function checkHandovers(bureau, ledger, handovers) {
  for (const { task_id: id, application_id: application, to } of handovers) {
    const task = (await tasksOf(bureau, ledger, application)).find((one) => one.task_id === id)
    const given = task?.acts.filter((one) => one.act === 'transfer') ?? []
    assert.deepEqual(given.map((one) => one.to_name), [to], `the task ${id} was acknowledged as given to ${to}`)
    assert.equal(task.state === 'completed' ? task.actor_name : task.assignee_name, to)
  }
}

/** Completed tasks are completed, once, with the outcome that was acknowledged. */
export async function checkCompletions(bureau, ledger, completions) {
  for (const { task_id: id, application_id: application, outcome } of completions) {
    const tasks = await tasksOf(bureau, ledger, application)
    const task = tasks.find((one) => one.task_id === id)
    assert.equal(task?.state, 'completed', `the completion of ${id} was acknowledged and is gone`)
    assert.equal(task.outcome, outcome)
    const elements = tasks.map((one) => one.element_id)
    assert.equal(new Set(elements).size, elements.length, `a step of ${application} was opened twice: ${elements}`)
  }
}

/** Whatever the public sees is in force, and its certificate is there, whole. `seen` holds what was looked at already. */
export async function checkPublic(bureau, seen) {
  for (const region of kRegions) {
    const anybody = bureau.anybody()
    const permits = await pages(anybody, `/public/permits?region_code=${region.region_code}`, 'permits')
    const numbers = permits.map((one) => one.permit_number)
    assert.equal(new Set(numbers).size, numbers.length, 'a permit is published twice')
    const officer = await bureau.person(`certificates${region.suffix}`)
    for (const permit of permits.filter((one) => !seen.has(one.permit_number))) {
      assert.equal(permit.state, 'in_force', `${permit.permit_number} is public as ${permit.state}`)
      assertWholePdf(await bureau.file(officer, `/permits/${permit.permit_number}/certificate`), permit.permit_number)
      seen.add(permit.permit_number)
    }
  }
}

import assert from 'node:assert/strict'
import test from 'node:test'
import { moveOf, officeInstant } from './clock.mjs'
import { parsePath, withChanges } from './patch.mjs'
import { waitFor } from './waiting.mjs'

test('paths name members and rows', () => {
  assert.deepEqual(parsePath('participants[3].lead.phone'), ['participants', 3, 'lead', 'phone'])
  assert.throws(() => parsePath('participants[].phone'))
  assert.throws(() => parsePath('a..b'))
})

test('changes set, make and take away, and leave the form itself as it was', () => {
  const form = { a: { b: 1 }, rows: [{ x: 1 }, { x: 2 }] }
  assert.deepEqual(withChanges(form, { 'a.b': null, 'rows[1].x': 5, 'c.d[0].e': 7, 'rows[0]': null }), { a: {}, rows: [{ x: 5 }], c: { d: [{ e: 7 }] } })
  assert.deepEqual(form, { a: { b: 1 }, rows: [{ x: 1 }, { x: 2 }] })
})

test('a step says after how long, and the clock is told so', () => {
  const now = officeInstant('2026-11-24', '09:00')
  assert.equal(moveOf(undefined, now), null)
  assert.deepEqual(moveOf({ working_days: 2, at: '14:00' }, now), { advance_working_days: 2, at: '14:00' })
  assert.deepEqual(moveOf({ working_days: 1 }, now), { advance_working_days: 1, at: '09:00' })
  assert.deepEqual(moveOf({ hours: 1, minutes: 30 }, now), { advance_to_ms: now + 5_400_000 })
  assert.deepEqual(moveOf({ on: '2026-12-01', at: '00:05' }, now), { advance_to_ms: officeInstant('2026-12-01', '00:05') })
  assert.deepEqual(moveOf({ days: 30 }, now), { advance_to_ms: officeInstant('2026-12-24', '09:00') })
})

test('waiting ends with what was awaited and what was seen', async () => {
  let tries = 0
  assert.equal(await waitFor('三次', async () => (++tries === 3 ? 'done' : null)), 'done')
  await assert.rejects(waitFor('奇迹', async () => null, { deadlineMs: 50, seen: () => '没有' }), /奇迹.*没有/)
})

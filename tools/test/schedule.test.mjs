import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { print } from './process.mjs'
import { Turns, cpuSecondsOfChildren, schedule } from './schedule.mjs'

const kQuiet = () => {}

test('what needs the whole machine runs alone, what needs one core shares it', async () => {
  const running = new Set()
  const together = []
  const parts = [{ name: 'check', cores: 1 }, { name: 'tools', cores: 1 }, { name: 'unit' }, { name: 'api' }, { name: 'verify', cores: 1 }, { name: 'many', cores: 8 }]
  const done = []
  await schedule(parts, 2, kQuiet, async ({ name }) => {
    running.add(name)
    together.push([...running].sort().join('+'))
    await new Promise((resolve) => setTimeout(resolve, 20))
    running.delete(name)
    done.push(name)
  })
  assert.deepEqual(done.sort(), parts.map(({ name }) => name).sort())
  assert.ok(together.includes('check+tools'))
  for (const alone of ['unit', 'api', 'many']) assert.deepEqual(together.filter((names) => names.split('+').includes(alone)), [alone])
})

test('no part overtakes another: what the later one runs may be what the earlier one builds', async () => {
  const begun = []
  await schedule([{ name: 'check', cores: 1 }, { name: 'unit' }, { name: 'verify', cores: 1 }], 2, kQuiet, async ({ name }) => {
    begun.push(name)
    await new Promise((resolve) => setTimeout(resolve, name === 'check' ? 20 : 1))
  })
  assert.deepEqual(begun, ['check', 'unit', 'verify'])
})

test('lines of two parts do not mix, and nothing is lost', async () => {
  const heard = []
  await schedule([{ name: 'slow', cores: 1 }, { name: 'quick', cores: 1 }], 2, (text) => heard.push(text), async ({ name }) => {
    for (let i = 0; i < 3; i++) {
      print(`${name} ${i}`)
      await new Promise((resolve) => setTimeout(resolve, name === 'slow' ? 15 : 1))
    }
  })
  assert.deepEqual(heard, ['slow 0', 'slow 1', 'slow 2', 'quick 0', 'quick 1', 'quick 2'])
})

test('the next part is heard at once when the one before it has ended', () => {
  const heard = []
  const turns = new Turns((text) => heard.push(text))
  const [first, second, third] = [turns.begin(), turns.begin(), turns.begin()]
  second.hear('b')
  third.hear('c')
  second.end()
  first.hear('a')
  first.end()
  assert.deepEqual(heard, ['a', 'b', 'c'])
  third.hear('d')
  assert.deepEqual(heard, ['a', 'b', 'c', 'd'])
})

test('processor time of programs that ended is counted', () => {
  const before = cpuSecondsOfChildren()
  spawnSync(process.execPath, ['-e', 'const end = Date.now() + 300; while (Date.now() < end);'])
  assert.ok(cpuSecondsOfChildren() > before)
})

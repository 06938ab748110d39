// What the compiler and the linker do against faults of memory (ASVS 14.1.2), read from the program that offices run.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import test from 'node:test'

const program = process.env.KAIGONG_BINARY
const skip = program ? false : 'KAIGONG_BINARY names no program'

/** What readelf tells, a line each. */
const elf = (...options) => execFileSync('readelf', ['--wide', ...options, program], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).split('\n')

/** Names of functions that the program takes from libraries. */
const imports = () => elf('--dyn-syms').map((line) => /FUNC.* UND ([\w@.]+)/.exec(line)?.[1].split('@')[0]).filter(Boolean)

test('the program is loaded at another place each time', { skip }, () => {
  assert.ok(elf('--dynamic').some((line) => /\(FLAGS_1\).*\bPIE\b/.test(line)))
})

test('addresses of functions of libraries cannot be written over', { skip }, () => {
  assert.ok(elf('--dynamic').some((line) => /\(FLAGS_1\).*\bNOW\b/.test(line)), 'all are looked up at the start')
  assert.ok(elf('--segments').some((line) => /GNU_RELRO/.test(line)), 'and then are read only')
})

test('nothing that can be written can be executed', { skip }, () => {
  const segments = elf('--segments').filter((line) => /^ {2}(LOAD|GNU_STACK) /.test(line))
  assert.ok(segments.some((line) => line.includes('GNU_STACK')))
  for (const line of segments) assert.ok(!/\bRWE\b/.test(line), line)
})

test('libraries come from the system only, from no folder that somebody built in', { skip }, () => {
  assert.deepEqual(elf('--dynamic').filter((line) => /\((RPATH|RUNPATH)\)/.test(line)), [])
})

test('a written-over stack, a copy past its end and an index past its end stop the program', { skip }, () => {
  const names = imports()
  assert.ok(names.includes('__stack_chk_fail'))
  const checked = names.filter((name) => /^__\w+_chk$/.test(name))
  assert.ok(checked.length > 1, `functions that know their limit: ${checked.join(', ')}`)
  assert.ok(names.some((name) => name.includes('__glibcxx_assert_fail')), 'std::vector and its like check what they are asked for')
})

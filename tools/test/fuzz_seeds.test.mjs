import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { expressionsOf, writeSeeds } from './fuzz_seeds.mjs'

test('expressions come out of a model unescaped and once each', () => {
  const dmn = '<text>a &lt; b</text><dmn:text> "x" &amp;\n1 </dmn:text><text>a &lt; b</text><text></text>'
  assert.deepEqual(expressionsOf(dmn), ['a < b', '"x" &\n1'])
})

test('every kind of file of the repository is among the seeds of the program that reads it', () => {
  for (const program of ['base_json_reader_fuzz', 'db_migration_dialect_fuzz', 'engine_bpmn_bpmn_fuzz', 'engine_calendar_calendar_fuzz', 'engine_dmn_check_fuzz', 'engine_dmn_dmn_fuzz', 'engine_feel_feel_fuzz', 'formats_template_fuzz', 'formats_sniff_fuzz']) {
    const folder = mkdtempSync(join(tmpdir(), 'kaigong-seeds-'))
    const count = writeSeeds(program, folder)
    assert.ok(count > 0, program)
    assert.equal(readdirSync(folder).length, count)
    assert.ok(readFileSync(join(folder, '0')).length > 0)
    rmSync(folder, { recursive: true })
  }
})

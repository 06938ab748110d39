// Every example of the language page for officials (docs/zh-CN/rule-language.md), computed by the program itself.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { binary, missing, root } from './binary.mjs'

const kExamplesAtLeast = 35
const page = readFileSync(join(root, 'docs/zh-CN/rule-language.md'), 'utf8')

/** `{ 表达式 | 单元格, 变量, 值, 结果 }` of each block, with its line. */
function examples() {
  return [...page.matchAll(/^```feel\n([^]*?)^```$/gm)].map((block) => {
    const fields = Object.fromEntries(
      block[1].trim().split('\n').map((line) => {
        const at = line.indexOf('：')
        return [line.slice(0, at), line.slice(at + 1).trim()]
      }),
    )
    return { ...fields, line: page.slice(0, block.index).split('\n').length }
  })
}

const question = (one) => ({
  expr: one.表达式 ?? one.单元格,
  vars: JSON.parse(one.变量 ?? '{}'),
  ...(one.值 === undefined ? {} : { unary: JSON.parse(one.值) }),
})

describe('the page of the rule language', { skip: missing }, () => {
  const list = examples()
  const done = spawnSync(binary, ['feel', '--batch', '-'], { cwd: root, encoding: 'utf8', input: list.map((one) => JSON.stringify(question(one))).join('\n') })
  const answers = done.stdout.trim().split('\n').map((line) => JSON.parse(line))

  test('has examples of every part', () => {
    assert.ok(list.length >= kExamplesAtLeast, `${list.length} examples`)
    assert.equal(answers.length, list.length)
    for (const one of list) assert.deepEqual(Object.keys(one).filter((key) => !['表达式', '单元格', '变量', '值', '结果', 'line'].includes(key)), [], `line ${one.line}`)
  })

  test('names every code that the check can give', () => {
    const sources = ['check_structure', 'check_expression', 'check_expressions', 'check_table'].map((name) => readFileSync(join(root, `server/engine/dmn/${name}.cpp`), 'utf8')).join('')
    const codes = new Set(sources.match(/(?<=")dmn\.[a-z_]+(?=")/g))
    for (const code of codes) assert.ok(page.includes(`\`${code}\``), code)
  })

  for (const [at, one] of list.entries())
    test(`line ${one.line}: ${one.表达式 ?? one.单元格} is ${one.结果}`, () => {
      assert.deepEqual(answers[at], { value: JSON.parse(one.结果) })
    })
})

/** What the shipped layout promises to whoever fills it in from the first step to the last. */
import { describe, expect, it } from 'vitest'
import type { SchemaNode } from '@/shared/api/types'
import { matter } from '../../../../tests/story'
import { node_at } from './schema'

/** Every question in the order in which it is asked, as the schema writes its path. */
const asked = matter.layout.steps.flatMap((step) =>
  step.sections.flatMap((section) =>
    section.fields.map((field) => ({
      path: section.path ? `${section.path}[].${field.path}` : field.path,
      visible_when: section.visible_when ?? '',
    })),
  ),
)
const places = new Map(asked.map(({ path }, place) => [path, place]))

/** The questions that an expression reads: full paths, and names of the row in which it stands. */
function read_by(expression: string, path: string): string[] {
  const said = expression.replace(/"[^"]*"/g, '').match(/[a-z_][\w.]*/g) ?? []
  const row = path.includes('[]') ? path.slice(0, path.lastIndexOf('[]') + 3) : null
  return said.flatMap((name) => (row && places.has(row + name) ? [row + name] : places.has(name) ? [name] : []))
}

describe('the layout', () => {
  it('asks nothing that depends on a later question', () => {
    const too_early = asked.flatMap(({ path, visible_when }, place) => {
      const node = node_at(matter.form_schema, path) as SchemaNode
      return [visible_when, node['x-required-when'] ?? '', node['x-computed'] ?? '']
        .flatMap((expression) => read_by(expression, path))
        .filter((needed) => (places.get(needed) ?? 0) > place)
        .map((needed) => `${path} needs ${needed}`)
    })
    expect(too_early).toEqual([])
  })

  it('is named in both languages', () => {
    const parts = matter.layout.steps.flatMap((step) => [step, ...step.sections])
    expect(parts.filter((one) => !one.title || !one.title_en).map((one) => one.title)).toEqual([])
  })

  it('places each question once', () => {
    expect(places.size).toBe(asked.length)
  })
})

/**
 * What stands in a DMN file, as far as a list of its tables needs to know: read with the browser's own parser, so that
 * no editor has to be loaded for it. Also the cut by which an edited decision goes back into its file: all other
 * characters of the file stay as they were, comments with them.
 */
export interface RuleRow {
  /** The XML id of the row. */
  id: string
  /** `R-102`, where the table gives each row a number of its own. */
  rule: string | null
  title: string | null
}

export interface DecisionOutline {
  id: string
  name: string
  /** The beginning of its description, in words; the name where nothing is described. */
  label: string
  description: string
  kind: 'table' | 'expression' | 'knowledge'
  rows: RuleRow[]
  /** FEEL of a decision that is no table, and of a function with its parameters. */
  text: string
}

function children(parent: Element, name: string): Element[] {
  return [...parent.children].filter((one) => one.localName === name)
}

function text_of(parent: Element | undefined, name: string): string {
  return (parent && children(parent, name)[0]?.textContent?.trim()) ?? ''
}

function unquoted(text: string | undefined): string | null {
  const match = /^"((?:[^"\\]|\\.)*)"$/.exec((text ?? '').trim())
  return match?.[1] ?? null
}

function rows_of(table: Element): RuleRow[] {
  const outputs = children(table, 'output').map((one) => one.getAttribute('name'))
  return children(table, 'rule').map((row) => {
    const entries = children(row, 'outputEntry')
    const entry = (name: string) => unquoted(text_of(entries[outputs.indexOf(name)], 'text'))
    return { id: row.getAttribute('id') ?? '', rule: entry('rule'), title: entry('title') }
  })
}

function expression_of(decision: Element): string {
  const literal = decision.getElementsByTagNameNS('*', 'literalExpression')[0]
  if (literal) return text_of(literal, 'text')
  const logic = [...decision.children].find((one) => !/^(description|variable|\w+Requirement)$/.test(one.localName))
  return logic ? logic.outerHTML : ''
}

function function_text(model: Element): string {
  const logic = children(model, 'encapsulatedLogic')[0]
  const names = logic ? children(logic, 'formalParameter').map((one) => one.getAttribute('name')) : []
  return `function(${names.join(', ')}) ${expression_of(model)}`
}

function outline_of(element: Element): DecisionOutline {
  const name = element.getAttribute('name') ?? ''
  const description = text_of(element, 'description')
  const table = children(element, 'decisionTable')[0]
  const knowledge = element.localName === 'businessKnowledgeModel'
  return {
    id: element.getAttribute('id') ?? name,
    name,
    label: /^[^：。:]+/.exec(description)?.[0] ?? name,
    description,
    kind: knowledge ? 'knowledge' : table ? 'table' : 'expression',
    rows: table ? rows_of(table) : [],
    text: table ? '' : knowledge ? function_text(element) : expression_of(element),
  }
}

/** The decisions of a file in the order in which they stand there; none when it is no XML. */
export function read_outline(dmn: string): DecisionOutline[] {
  if (!dmn) return []
  const root = new DOMParser().parseFromString(dmn, 'application/xml').documentElement
  if (root.localName !== 'definitions') return []
  return [...root.children]
    .filter((one) => one.localName === 'decision' || one.localName === 'businessKnowledgeModel')
    .map(outline_of)
}

/** The characters of one decision in its file, from `<decision` to its end; null when they are not found. */
export function find_decision(dmn: string, id: string): { from: number; to: number } | null {
  const begin = new RegExp(`<decision\\s(?:[^>]*\\s)?id="${id.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}"`).exec(dmn)
  if (!begin) return null
  const end = dmn.indexOf('</decision>', begin.index)
  return end < 0 ? null : { from: begin.index, to: end + '</decision>'.length }
}

export function replace_decision(dmn: string, id: string, text: string): string | null {
  const place = find_decision(dmn, id)
  return place && dmn.slice(0, place.from) + text + dmn.slice(place.to)
}

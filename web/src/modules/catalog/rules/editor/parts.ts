/**
 * How dmn-js's table draws its head and its cells here: as a grid with one stop for Tab, words for every mark, and
 * nothing that the content policy refuses. dmn-js asks the `components` service which component draws what.
 */
import { Component, createComponentVNode, createVNode, type VNode } from 'inferno'
import type { ModdleElement } from 'dmn-moddle'
import { icon_parts, type IconName } from '@/shared/ui/icons'
import { amount_words } from '../words'
import type { CellMark, TableMarks } from './marks'

/** The flags of inferno's createVNode: a plain element, a drawing; its children are looked at when it is made. */
const kElement = 1
const kClassComponent = 4
const kDrawing = 32
const kAnyChildren = 0

type Child = VNode | string | null | undefined | false | Child[]
type Props = Record<string, unknown>

function el(type: string, className: string | null, children: Child, props: Props | null = null): VNode {
  return createVNode(kElement, type, className, children as never, kAnyChildren, props as never)
}

function icon(name: IconName): VNode {
  const parts = icon_parts(name)
  const shapes: VNode[] = []
  if (parts.circle) {
    const [cx, cy, r] = parts.circle
    shapes.push(createVNode(kDrawing, 'circle', null, null, 1, { cx, cy, r } as never))
  }
  if (parts.lines) shapes.push(createVNode(kDrawing, 'path', null, null, 1, { d: parts.lines } as never))
  return createVNode(kDrawing, 'svg', 'i', shapes as never, kAnyChildren, {
    viewBox: '0 0 16 16',
    'aria-hidden': 'true',
  } as never)
}

export interface GridCell {
  id: string
  businessObject: ModdleElement
  row: GridRow
  col: GridColumn
}
export interface GridColumn {
  id: string
  businessObject: ModdleElement
}
export interface GridRow {
  id: string
  businessObject: ModdleElement
  cells: GridCell[]
}
export interface Sheet {
  getRoot: () => { id: string; businessObject: ModdleElement; rows: GridRow[]; cols: GridColumn[] }
}

/** The words of the grid, by their English names as dmn-js has them. */
export type GridWord = 'Row' | 'Change' | 'Added' | 'Changed' | 'Before: ' | 'Error' | 'Warning'
export type Translate = (word: GridWord) => string

interface Context {
  injector: { get: <Service>(name: string) => Service }
  changeSupport: {
    onElementsChanged: (id: string, act: () => void) => void
    offElementsChanged: (id: string, act: () => void) => void
  }
}

export function is_input(column: GridColumn): boolean {
  return column.businessObject.$type === 'dmn:InputClause'
}

export function column_label(clause: ModdleElement): string {
  const expression = clause.$type === 'dmn:InputClause' ? clause.get<ModdleElement>('inputExpression').text : ''
  return clause.label || clause.name || expression || ''
}

/** By which the comparison names a column: an output by its name, an input by its expression. */
export function column_key(clause: ModdleElement): string {
  if (clause.$type === 'dmn:InputClause') return clause.get<ModdleElement>('inputExpression').text ?? ''
  return clause.name ?? ''
}

export function annotations_of(rule: ModdleElement): string[] {
  return (rule.get<{ text?: string }[] | undefined>('annotationEntry') ?? []).map((one) => one.text ?? '')
}

export function annotation_names(table: ModdleElement): string[] {
  return (table.get<{ name?: string }[] | undefined>('annotation') ?? []).map((one) => one.name ?? '')
}

/** A part that draws itself anew when the model changes one of the elements that it shows. */
abstract class Part<P extends object> extends Component<P> {
  private watched: string[] = []

  abstract shows(): string[]

  private again = (): void => {
    this.forceUpdate()
  }

  private get changes() {
    return (this.context as unknown as Context).changeSupport
  }

  private watch(): void {
    this.unwatch()
    this.watched = this.shows()
    for (const id of this.watched) this.changes.onElementsChanged(id, this.again)
  }

  private unwatch(): void {
    for (const id of this.watched) this.changes.offElementsChanged(id, this.again)
  }

  componentDidMount(): void {
    this.watch()
  }

  componentDidUpdate(): void {
    this.watch()
  }

  componentWillUnmount(): void {
    this.unwatch()
  }

  service<Service>(name: string): Service {
    return (this.context as unknown as Context).injector.get<Service>(name)
  }

  get root() {
    return this.service<Sheet>('sheet').getRoot()
  }

  say(word: GridWord): string {
    return this.service<Translate>('translate')(word)
  }
}

class TableHead extends Part<object> {
  shows(): string[] {
    return [this.root.id]
  }

  render(): VNode {
    const heads = this.root.cols.map((column) => {
      const clause = column.businessObject
      const label = column_label(clause)
      const feel = is_input(column) ? clause.get<ModdleElement>('inputExpression').text : clause.name
      return el('th', is_input(column) ? 'in' : 'out', [label, feel && feel !== label && el('span', 'feel', feel)], {
        scope: 'col',
      })
    })
    const notes = annotation_names(this.root.businessObject).map((name) => el('th', null, name, { scope: 'col' }))
    return el(
      'thead',
      null,
      el('tr', null, [
        el('th', 'place', this.say('Row'), { scope: 'col' }),
        heads,
        notes,
        el('th', null, this.say('Change'), { scope: 'col' }),
      ]),
    )
  }
}

function mark_parts(marks: CellMark[], say: Translate): Child {
  if (!marks.length) return null
  const worst = marks.some((one) => one.severity === 'error') ? 'error' : 'warning'
  const text = marks.map((one) => `${say(one.severity === 'error' ? 'Error' : 'Warning')} ${one.text}`).join('\n')
  return el('span', `cell-mark ${worst === 'error' ? 'bad' : 'warn'}`, [
    icon(worst === 'error' ? 'bad' : 'warn'),
    el('span', 'vh', text),
  ])
}

function mark_class(marks: CellMark[]): string {
  if (!marks.length) return ''
  return marks.some((one) => one.severity === 'error') ? ' has-error' : ' has-warning'
}

function mark_title(marks: CellMark[]): string | undefined {
  return marks.length ? marks.map((one) => one.text).join('\n') : undefined
}

class RuleRow extends Part<{ row: GridRow; place: number }> {
  shows(): string[] {
    return [this.props.row.id, ...this.props.row.cells.map((cell) => cell.id)]
  }

  get marks(): TableMarks {
    return this.service('tableMarks')
  }

  render(): VNode {
    const { row } = this.props
    const notes = annotation_names(this.root.businessObject).map((_name, at) => this.note(at))
    return el('tr', null, [this.place_cell(), row.cells.map((cell, at) => this.cell(cell, at)), notes, this.change()])
  }

  private at(column: number): Props {
    return { 'data-place': `${this.props.place}:${column}`, tabIndex: -1 }
  }

  private place_cell(): VNode {
    const marks = this.marks.on(this.props.row.id)
    return el(
      'td',
      `place${mark_class(marks)}`,
      [`${this.props.place + 1}`, this.rule_name(), mark_parts(marks, this.service('translate'))],
      { ...this.at(-1), title: mark_title(marks) },
    )
  }

  /** The number of the rule, which stays in sight while the row is scrolled. */
  private rule_name(): Child {
    const column = this.root.cols.findIndex((one) => one.businessObject.name === 'rule')
    const text = this.props.row.cells[column]?.businessObject.text
    return text ? el('span', 'rule-name', text.replace(/^"|"$/g, '')) : null
  }

  private cell(cell: GridCell, column: number): VNode {
    const clause = (this.root.cols[column] ?? cell.col).businessObject
    const input = clause.$type === 'dmn:InputClause'
    const marks = this.marks.on(cell.id)
    const text = cell.businessObject.text ?? ''
    // What was taken back since the last check is no change any more.
    const was = this.marks.before(this.props.place + 1, column_key(clause))
    const before = was === text ? undefined : was
    const amount = amount_words(clause.name ?? '', text)
    return el(
      'td',
      `${input ? 'in' : 'out'}${before === undefined ? '' : ' changed'}${mark_class(marks)}`,
      [
        mark_parts(marks, this.service('translate')),
        el('span', 'cell-text', text || (input ? '-' : '')),
        amount && el('span', 'amount', amount),
        before !== undefined && el('span', 'was', [el('span', 'vh', this.say('Before: ')), before]),
      ],
      { ...this.at(column), title: mark_title(marks) },
    )
  }

  private note(at: number): VNode {
    const text = annotations_of(this.props.row.businessObject)[at] ?? ''
    return el('td', 'notes', el('span', 'cell-text', text), this.at(this.props.row.cells.length + at))
  }

  private change(): VNode {
    const kind = this.marks.row(this.props.place + 1)
    if (!kind) return el('td', 'change', '')
    const added = kind === 'added'
    const tag = [icon(added ? 'plus' : 'pen'), this.say(added ? 'Added' : 'Changed')]
    return el('td', 'change', el('span', `tag ${added ? 'tag-good' : 'tag-warn'}`, tag))
  }
}

class TableBody extends Part<object> {
  shows(): string[] {
    return [this.root.id]
  }

  render(): VNode {
    const rows = this.root.rows.map((row, place) =>
      createComponentVNode(kClassComponent, RuleRow as never, { row, place } as never, row.id),
    )
    return el('tbody', null, rows)
  }
}

interface Components {
  onGetComponent: (slot: string, answer: () => unknown) => void
}

function TableParts(this: unknown, components: Components): void {
  components.onGetComponent('table.head', () => TableHead)
  components.onGetComponent('table.body', () => TableBody)
}
TableParts.$inject = ['components']

export const table_parts = { __init__: ['tableParts'], tableParts: ['type', TableParts] }

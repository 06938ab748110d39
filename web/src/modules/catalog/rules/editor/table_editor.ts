/**
 * One decision table in dmn-js: its model, its undo and its drawing; the grid's keys and the texts of a row for the
 * form beside it are ours. Changes are written back into the file as the one decision that changed.
 */
import Viewer from 'dmn-js-decision-table/lib/Viewer'
import core from 'dmn-js-decision-table/lib/core'
import modeling_module from 'dmn-js-decision-table/lib/features/modeling'
import translate_module from 'diagram-js/lib/i18n/translate'
import { DmnModdle, type ModdleElement } from 'dmn-moddle'
import { Ids } from 'ids'
import { replace_decision } from '../outline'
import { row_commands, type Modeling } from './commands'
import { TableMarks } from './marks'
import {
  annotation_names,
  annotations_of,
  column_label,
  is_input,
  table_parts,
  type GridRow,
  type Sheet,
  type Translate,
} from './parts'

export interface RowField {
  key: string
  kind: 'input' | 'output' | 'annotation'
  label: string
  /** The name under which the rules' program knows the column. */
  name: string
  text: string
  /** The XML id of the cell; none for a note. */
  element: string | null
}

export interface TableEvents {
  /** Something changed; `dmn` gives the whole file as it is now. */
  changed: (dmn: () => Promise<string>) => void
  /** A cell has the focus; null when none of the table has. */
  selected: (row: number, column: number) => void
  /** Somebody wants to write in this cell. */
  asked: (row: number, column: number) => void
}

export interface TableOptions {
  /** dmn-js asks it for every word that it shows. */
  translate: Translate
  title: string
}

interface CommandStack {
  execute: (command: string, context: object) => void
  undo: () => void
  redo: () => void
  canUndo: () => boolean
  canRedo: () => boolean
}
interface EventBus {
  on: (event: string, act: () => void) => void
  fire: (event: string, values: object) => void
}

class TableViewer extends Viewer {
  getModules(): object[] {
    return [core, translate_module, modeling_module, table_parts, row_commands]
  }
}

/** Where an arrow leads: rows, columns. */
const kMoves: Record<string, [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
}

export class TableEditor {
  private stop: { row: number; column: number } = { row: 0, column: 0 }

  private constructor(
    private viewer: Viewer,
    private moddle: DmnModdle,
    private definitions: ModdleElement,
    private decision: ModdleElement,
    private file: string,
    private box: HTMLElement,
    private events: TableEvents,
    readonly marks: TableMarks,
  ) {}

  /** Fails when the file cannot be read, or has no such table. */
  static async open(box: HTMLElement, dmn: string, id: string, options: TableOptions, events: TableEvents) {
    const moddle = new DmnModdle()
    const ids = new Ids([32, 36, 1])
    moddle.ids = ids
    const { rootElement, elementsById } = await moddle.fromXML(dmn, 'dmn:Definitions')
    for (const [one, element] of Object.entries(elementsById)) ids.claim(one, element)
    const decision = elementsById[id]
    if (!decision) throw new Error(`no decision ${id}`)
    const marks = new TableMarks()
    const viewer = new TableViewer({
      additionalModules: [
        {
          moddle: ['value', moddle],
          tableMarks: ['value', marks],
          translate: ['value', options.translate],
        },
      ],
    })
    viewer.attachTo(box)
    await viewer.open(decision)
    const editor = new TableEditor(viewer, moddle, rootElement, decision, dmn, box, events, marks)
    editor.prepare(options)
    return editor
  }

  private prepare(options: TableOptions): void {
    const table = this.box.querySelector('table')
    table?.setAttribute('role', 'grid')
    table?.setAttribute('aria-label', options.title)
    this.viewer.get<EventBus>('eventBus').on('commandStack.changed', () => {
      this.events.changed(() => this.xml())
      this.place_stop()
    })
    this.box.addEventListener('keydown', this.on_key)
    this.box.addEventListener('focusin', this.on_focus)
    this.box.addEventListener('dblclick', this.on_double)
    this.place_stop()
  }

  private get stack(): CommandStack {
    return this.viewer.get('commandStack')
  }

  private get modeling(): Modeling {
    return this.viewer.get('modeling')
  }

  private get root() {
    return this.viewer.get<Sheet>('sheet').getRoot()
  }

  get row_count(): number {
    return this.root.rows.length
  }

  get hit_policy(): string {
    return this.root.businessObject.get<string>('hitPolicy')
  }

  get can_undo(): boolean {
    return this.stack.canUndo()
  }

  get can_redo(): boolean {
    return this.stack.canRedo()
  }

  undo(): void {
    if (this.can_undo) this.stack.undo()
  }

  redo(): void {
    if (this.can_redo) this.stack.redo()
  }

  /** What stands in a row, column by column, notes last. */
  fields(row: number): RowField[] {
    const found = this.root.rows[row]
    if (!found) return []
    const cells = found.cells.map((cell, at): RowField => {
      const column = this.root.cols[at] ?? cell.col
      const clause = column.businessObject
      return {
        key: `${at}`,
        kind: is_input(column) ? 'input' : 'output',
        label: column_label(clause),
        name: (is_input(column) ? clause.get<ModdleElement>('inputExpression').text : clause.name) ?? '',
        text: cell.businessObject.text ?? '',
        element: cell.id,
      }
    })
    const texts = annotations_of(found.businessObject)
    const notes = annotation_names(this.root.businessObject).map((label, at): RowField => ({
      key: `${found.cells.length + at}`,
      kind: 'annotation',
      label,
      name: '',
      text: texts[at] ?? '',
      element: null,
    }))
    return [...cells, ...notes]
  }

  write(row: number, column: number, text: string): void {
    const found = this.root.rows[row]
    if (!found) return
    const cell = found.cells[column]
    if (cell) {
      if ((cell.businessObject.text ?? '') !== text) this.modeling.editCell(cell.businessObject, text)
    } else this.write_note(found, column - found.cells.length, text)
  }

  private write_note(row: GridRow, at: number, text: string): void {
    const texts = annotations_of(row.businessObject)
    if ((texts[at] ?? '') === text) return
    const names = annotation_names(this.root.businessObject)
    const entries = names.map((_name, place) =>
      this.moddle.create('dmn:RuleAnnotation', { text: place === at ? text : (texts[place] ?? '') }),
    )
    this.modeling.updateProperties(row, { annotationEntry: entries })
  }

  add_row(after: number): void {
    const place = Math.min(after + 1, this.row_count)
    this.modeling.addRow({ type: 'dmn:DecisionRule' }, place)
    this.focus(place, 0)
  }

  copy_row(row: number): void {
    const found = this.root.rows[row]
    if (!found) return
    this.stack.execute('rule.copy', { row: found })
    this.focus(row + 1, 0)
  }

  remove_row(row: number): void {
    const found = this.root.rows[row]
    if (!found) return
    this.modeling.removeRow(found)
    this.focus(Math.min(row, this.row_count - 1), 0)
  }

  move_row(row: number, to: number): void {
    const found = this.root.rows[row]
    if (!found || to < 0 || to >= this.row_count) return
    this.stack.execute('rule.reorder', { row: found, to })
    this.focus(to, 0)
  }

  /** Draws all cells anew, with the marks as they are now. */
  redraw(): void {
    const rows = this.root.rows
    const elements = rows.flatMap((row) => [row, ...row.cells])
    this.viewer.get<EventBus>('eventBus').fire('elements.changed', { elements })
  }

  /** The place of an XML element of this table; null when it is not a row or a cell of it. */
  place_of(element: string): { row: number; column: number } | null {
    for (const [row, found] of this.root.rows.entries()) {
      if (found.id === element) return { row, column: 0 }
      const column = found.cells.findIndex((cell) => cell.id === element)
      if (column >= 0) return { row, column }
    }
    return null
  }

  focus(row: number, column: number): void {
    const cell = this.cell(row, column)
    if (!cell) return
    this.set_stop(row, column)
    cell.focus()
    cell.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }

  private cell(row: number, column: number): HTMLElement | null {
    return this.box.querySelector(`[data-place="${row}:${column}"]`)
  }

  private set_stop(row: number, column: number): void {
    this.stop = { row, column }
    this.place_stop()
  }

  /** One cell is reached by Tab, the others by arrows. Also after rows came or went. */
  private place_stop(): void {
    for (const cell of this.box.querySelectorAll<HTMLElement>('[data-place]')) cell.tabIndex = -1
    const here = this.cell(this.stop.row, this.stop.column) ?? this.cell(0, 0)
    if (here) here.tabIndex = 0
  }

  private place_at(target: EventTarget | null): { row: number; column: number } | null {
    const place = (target as HTMLElement | null)?.closest<HTMLElement>('[data-place]')?.dataset.place?.split(':')
    return place ? { row: Number(place[0]), column: Number(place[1]) } : null
  }

  private on_focus = (event: FocusEvent): void => {
    const place = this.place_at(event.target)
    if (!place) return
    this.set_stop(place.row, place.column)
    this.events.selected(place.row, Math.max(place.column, 0))
  }

  private on_double = (event: MouseEvent): void => {
    const place = this.place_at(event.target)
    if (place) this.events.asked(place.row, Math.max(place.column, 0))
  }

  private on_key = (event: KeyboardEvent): void => {
    const place = this.place_at(event.target)
    if (!place) return
    const ctrl = event.ctrlKey || event.metaKey
    const move = kMoves[event.key]
    if (ctrl && event.key.toLowerCase() === 'z')
      return this.handle(event, () => (event.shiftKey ? this.redo() : this.undo()))
    if (ctrl && event.key.toLowerCase() === 'y') return this.handle(event, () => this.redo())
    if (event.key === 'Enter' || event.key === 'F2')
      return this.handle(event, () => this.events.asked(place.row, Math.max(place.column, 0)))
    if (event.key === 'Home' || event.key === 'End')
      return this.handle(event, () =>
        this.focus(place.row, event.key === 'Home' ? 0 : this.fields(place.row).length - 1),
      )
    if (move && !ctrl) this.handle(event, () => this.focus(place.row + move[0], place.column + move[1]))
  }

  private handle(event: KeyboardEvent, act: () => void): void {
    event.preventDefault()
    act()
  }

  /** The whole file, in which nothing but this decision is written anew. */
  async xml(): Promise<string> {
    const shell = this.moddle.create('dmn:Definitions', {
      namespace: this.definitions.get<string>('namespace'),
      name: 'one',
      drgElement: [this.decision],
    })
    Object.assign(shell.$attrs, this.definitions.$attrs)
    const { xml } = await this.moddle.toXML(shell, { format: true })
    const from = xml.indexOf('<decision ')
    const text = xml.slice(from, xml.lastIndexOf('</decision>') + '</decision>'.length)
    const spliced = from < 0 ? null : replace_decision(this.file, this.decision.id, text)
    if (spliced !== null) return spliced
    return (await this.moddle.toXML(this.definitions, { format: true })).xml
  }

  destroy(): void {
    this.box.removeEventListener('keydown', this.on_key)
    this.box.removeEventListener('focusin', this.on_focus)
    this.box.removeEventListener('dblclick', this.on_double)
    this.viewer.destroy()
    this.box.replaceChildren()
  }
}

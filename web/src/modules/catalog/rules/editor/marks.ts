/** What the check and the comparison say about the cells of one table; the cells ask for it when they draw themselves. */
import type { DifferenceLine, RuleProblem } from '../types'

export interface CellMark {
  severity: 'error' | 'warning'
  text: string
}

export class TableMarks {
  private of_element = new Map<string, CellMark[]>()
  private changed = new Map<string, string>()
  private row_kinds = new Map<number, DifferenceLine['kind']>()

  /** `words` gives a problem in the language of the page. */
  set(
    decision: string,
    problems: RuleProblem[],
    difference: DifferenceLine[],
    words: (one: RuleProblem) => string,
  ): void {
    this.of_element.clear()
    this.changed.clear()
    this.row_kinds.clear()
    for (const one of problems) {
      if (one.decision !== decision) continue
      const marks = this.of_element.get(one.element) ?? []
      this.of_element.set(one.element, [...marks, { severity: one.severity, text: words(one) }])
    }
    for (const line of difference) {
      if (line.decision !== decision || line.rule === null || line.kind === 'removed') continue
      if (line.column_name) this.changed.set(`${line.rule} ${line.column_name}`, line.before ?? '')
      if (this.row_kinds.get(line.rule) !== 'added')
        this.row_kinds.set(line.rule, line.column_name ? 'changed' : line.kind)
    }
  }

  on(element: string): CellMark[] {
    return this.of_element.get(element) ?? []
  }

  /** What stood in the cell before; undefined where nothing changed. Rows count from 1. */
  before(row: number, column: string): string | undefined {
    return this.row_kinds.get(row) === 'added' ? undefined : this.changed.get(`${row} ${column}`)
  }

  row(row: number): 'added' | 'changed' | null {
    const kind = this.row_kinds.get(row)
    return kind === 'added' || kind === 'changed' ? kind : null
  }
}

/** Acts on whole rows, each one step for undo. */
import type { GridRow, Sheet } from './parts'
import type { ModdleElement } from 'dmn-moddle'

export interface Modeling {
  addRow: (row: GridRow | { type: string }, index: number) => GridRow
  removeRow: (row: GridRow) => void
  editCell: (cell: ModdleElement, text: string) => void
  updateProperties: (element: unknown, properties: object) => void
}

interface CommandStack {
  registerHandler: (name: string, handler: unknown) => void
}

class CopyRow {
  static $inject = ['modeling', 'sheet']
  constructor(
    private modeling: Modeling,
    private sheet: Sheet,
  ) {}

  preExecute({ row }: { row: GridRow }): void {
    const place = this.sheet.getRoot().rows.indexOf(row) + 1
    const copy = this.modeling.addRow({ type: 'dmn:DecisionRule' }, place)
    row.cells.forEach((cell, at) => {
      const made = copy.cells[at]
      if (made) this.modeling.editCell(made.businessObject, cell.businessObject.text ?? '')
    })
    const notes = row.businessObject.get<ModdleElement[] | undefined>('annotationEntry')
    if (notes) this.modeling.updateProperties(copy, { annotationEntry: [...notes] })
  }
}

/** dmn-js moves a row on the screen alone; taken out and put in again it moves in the model too. */
class ReorderRow {
  static $inject = ['modeling']
  constructor(private modeling: Modeling) {}

  preExecute({ row, to }: { row: GridRow; to: number }): void {
    this.modeling.removeRow(row)
    this.modeling.addRow(row, to)
  }
}

function RowCommands(this: unknown, stack: CommandStack): void {
  stack.registerHandler('rule.copy', CopyRow)
  stack.registerHandler('rule.reorder', ReorderRow)
}
RowCommands.$inject = ['commandStack']

export const row_commands = { __init__: ['rowCommands'], rowCommands: ['type', RowCommands] }

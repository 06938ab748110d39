/** bpmn-js behind a few calls: open, list, read one element, change it. Every change goes over its command stack, so that it can be undone. */
import Modeler from 'bpmn-js/lib/Modeler'
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer'
import 'bpmn-js/dist/assets/diagram-js.css'
import 'bpmn-js/dist/assets/bpmn-js.css'
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css'
import type { CheckpointFacts, ElementFacts, ListedElement, OutcomeFacts, TaskFacts, TimerKind } from './facts'
import { kKaigong } from './kaigong'
import { kTranslate } from './translate'

/** A node of bpmn-moddle: its attributes and children by name. */
interface Node {
  [name: string]: unknown
  $type: string
  id: string
  name?: string
  $parent?: Node
}
interface Shape {
  id: string
  x: number
  y: number
  width: number
  height: number
  type: string
  businessObject: Node
  parent?: Shape
  labelTarget?: Shape
  waypoints?: { x: number; y: number }[]
}
interface Registry {
  get: (id: string) => Shape | undefined
  getAll: () => Shape[]
}
interface Modeling {
  updateProperties: (shape: Shape, properties: Record<string, unknown>) => void
  updateModdleProperties: (shape: Shape, node: Node, properties: Record<string, unknown>) => void
  appendShape: (source: Shape, shape: Record<string, unknown>, place: { x: number; y: number }, parent?: Shape) => Shape
  connect: (source: Shape, target: Shape) => unknown
  removeElements: (shapes: Shape[]) => void
}
interface Canvas {
  zoom: (to?: number | 'fit-viewport', center?: 'auto') => number
  viewbox: (box?: Record<string, number>) => { outer: { width: number; height: number } }
  scroll: (by: { dx: number; dy: number }) => void
  addMarker: (id: string, marker: string) => void
  removeMarker: (id: string, marker: string) => void
}
interface Overlays {
  add: (id: string, type: string, what: { position: Record<string, number>; html: HTMLElement }) => void
  remove: (filter: { type: string }) => void
}

export interface Mark {
  id: string
  kind: 'added' | 'changed' | 'bad'
  word: string
}

const kTimers: TimerKind[] = ['timeDate', 'timeDuration', 'timeCycle']
const kTaskNames: (keyof TaskFacts)[] = [
  'kind',
  'item',
  'department',
  'role',
  'fallbackRole',
  'assignee',
  'assign',
  'legalBasis',
]
const kOutcomeNames: (keyof OutcomeFacts)[] = [
  'code',
  'label',
  'tone',
  'event',
  'when',
  'blockedText',
  'reasonRequired',
  'pointsRequired',
  'pointsAllowed',
  'omissionsRequired',
  'vote',
  'chooses',
  'consequence',
]
const kFontPx = 13
const kGapPx = 70

function type_of(node: Node): string {
  const name = node.$type.replace('bpmn:', '')
  return name.charAt(0).toLowerCase() + name.slice(1)
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function texts<Name extends string>(node: Node | undefined, names: Name[]): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, text(node?.[name])])) as Record<Name, string>
}

/** An empty text is an attribute that is not there. */
function given(values: object): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, text(value) || undefined]))
}

export async function open_editor(box: HTMLElement, xml: string, editable: boolean) {
  const style = { fontSize: kFontPx }
  const options = {
    container: box,
    textRenderer: { defaultStyle: style, externalStyle: style },
    moddleExtensions: { kaigong: kKaigong },
    additionalModules: [kTranslate],
  }
  const editor = editable ? new Modeler(options) : new NavigatedViewer(options)
  await editor.importXML(xml)
  const registry = editor.get<Registry>('elementRegistry')
  const canvas = editor.get<Canvas>('canvas')
  const overlays = editor.get<Overlays>('overlays')
  let marked: Mark[] = []

  function modeling(): Modeling {
    return editor.get<Modeling>('modeling')
  }
  function create(type: string, values: Record<string, unknown>): Node {
    return editor
      .get<{ create: (type: string, values: Record<string, unknown>) => Node }>('moddle')
      .create(type, values)
  }
  function shape_of(id: string): Shape {
    const shape = registry.get(id)
    if (!shape) throw new Error(`no element ${id}`)
    return shape
  }

  function extensions(node: Node): Node[] {
    const holder = node.extensionElements as Node | undefined
    return (holder?.values as Node[] | undefined) ?? []
  }
  function extension(node: Node, type: string): Node | undefined {
    return extensions(node).find((one) => one.$type === `kaigong:${type}`)
  }
  /** Puts these in the place of all of that type, where the first of them stood. */
  function set_extensions(shape: Shape, type: string, values: Record<string, string | undefined>[]): void {
    const node = shape.businessObject
    const all = extensions(node)
    const of_type = (one: Node) => one.$type === `kaigong:${type}`
    const place = all.findIndex(of_type)
    const others = all.filter((one) => !of_type(one))
    const fresh = values.map((one) => create(`kaigong:${type}`, one))
    others.splice(place < 0 ? others.length : place, 0, ...fresh)
    const holder = create('bpmn:ExtensionElements', { values: others })
    for (const one of others) one.$parent = holder
    holder.$parent = node
    modeling().updateProperties(shape, { extensionElements: others.length ? holder : undefined })
  }

  function timer_of(node: Node): Node | undefined {
    const definitions = (node.eventDefinitions as Node[] | undefined) ?? []
    return definitions.find((one) => one.$type === 'bpmn:TimerEventDefinition')
  }

  function facts_of(id: string): ElementFacts | null {
    const shape = registry.get(id)
    if (!shape) return null
    const node = shape.businessObject
    const type = type_of(node)
    const [documentation] = (node.documentation as Node[] | undefined) ?? []
    const facts: ElementFacts = { id, type, name: text(node.name), documentation: text(documentation?.text) }
    if (type === 'userTask') {
      facts.task = texts(extension(node, 'Task'), kTaskNames)
      facts.outcomes = extensions(node)
        .filter((one) => one.$type === 'kaigong:Outcome')
        .map((one) => texts(one, kOutcomeNames))
      facts.checkpoints = extensions(node)
        .filter((one) => one.$type === 'kaigong:Checkpoint')
        .map((one) => texts(one, ['code', 'text']))
    }
    if (type === 'serviceTask') {
      facts.job = text(extension(node, 'Job')?.type)
      facts.event = texts(extension(node, 'Event'), ['name', 'letter'])
    }
    if (type === 'callActivity') facts.called = text(node.calledElement)
    if (type === 'sequenceFlow') {
      facts.condition = text((node.conditionExpression as Node | undefined)?.body)
      facts.source = (node.sourceRef as Node).id
      facts.target = (node.targetRef as Node).id
    }
    const timer = timer_of(node)
    if (timer) {
      const kind = kTimers.find((one) => timer[one]) ?? 'timeDate'
      facts.timer = { kind, text: text((timer[kind] as Node | undefined)?.body) }
    }
    return facts
  }

  function list(): ListedElement[] {
    return registry
      .getAll()
      .filter((one) => !one.labelTarget && /^bpmn:/.test(one.businessObject.$type) && one.businessObject.id === one.id)
      .map((one) => ({ id: one.id, type: type_of(one.businessObject), name: text(one.businessObject.name) }))
      .filter((one) => !/^(collaboration|participant|process|association|textAnnotation)$/.test(one.type))
  }

  function expression(body: string): Node | undefined {
    return body ? create('bpmn:FormalExpression', { body }) : undefined
  }

  const change = {
    name: (id: string, name: string) => modeling().updateProperties(shape_of(id), { name: name || undefined }),
    documentation(id: string, body: string) {
      const documentation = body ? [create('bpmn:Documentation', { text: body })] : []
      modeling().updateProperties(shape_of(id), { documentation })
    },
    task: (id: string, task: TaskFacts) => set_extensions(shape_of(id), 'Task', [given(task)]),
    outcomes: (id: string, all: OutcomeFacts[]) => set_extensions(shape_of(id), 'Outcome', all.map(given)),
    checkpoints: (id: string, all: CheckpointFacts[]) => set_extensions(shape_of(id), 'Checkpoint', all.map(given)),
    job: (id: string, type: string) => set_extensions(shape_of(id), 'Job', type ? [{ type }] : []),
    event(id: string, event: { name: string; letter: string }) {
      set_extensions(shape_of(id), 'Event', event.name || event.letter ? [given(event)] : [])
    },
    condition: (id: string, body: string) =>
      modeling().updateProperties(shape_of(id), { conditionExpression: expression(body) }),
    timer(id: string, timer: { kind: TimerKind; text: string }) {
      const shape = shape_of(id)
      const node = timer_of(shape.businessObject)
      if (!node) return
      const none = Object.fromEntries(kTimers.map((one) => [one, undefined]))
      modeling().updateModdleProperties(shape, node, { ...none, [timer.kind]: expression(timer.text) })
    },
    called: (id: string, process: string) =>
      modeling().updateProperties(shape_of(id), { calledElement: process || undefined }),
    remove: (id: string) => modeling().removeElements([shape_of(id)]),
    /** A step between an element and what follows it, or behind it; gives its id. */
    append(id: string, type: string): string {
      const source = shape_of(id)
      const place = { x: source.x + source.width + kGapPx + 50, y: source.y + source.height / 2 }
      return modeling().appendShape(source, { type: `bpmn:${type}` }, place, source.parent).id
    },
    connect: (id: string, target: string) => modeling().connect(shape_of(id), shape_of(target)),
    undo: () => editor.get<{ undo: () => void }>('commandStack').undo(),
    redo: () => editor.get<{ redo: () => void }>('commandStack').redo(),
  }

  /** Into the middle of the window at full size, so that its words can be read. */
  function show(id: string): void {
    const shape = registry.get(id)
    if (!shape) return
    const at = shape.waypoints?.[0] ?? { x: shape.x + shape.width / 2, y: shape.y + shape.height / 2 }
    const { outer } = canvas.viewbox()
    canvas.viewbox({ x: at.x - outer.width / 2, y: at.y - outer.height / 2, width: outer.width, height: outer.height })
  }

  function select(id: string): void {
    const shape = registry.get(id)
    if (shape && editable) editor.get<{ select: (shape: Shape) => void }>('selection').select(shape)
  }

  /** A word and a form at each of these, and at no other. */
  function mark(marks: Mark[]): void {
    overlays.remove({ type: 'mark' })
    for (const { id, kind } of marked) if (registry.get(id)) canvas.removeMarker(id, `is-${kind}`)
    marked = []
    for (const { id, kind, word } of marks) {
      const shape = registry.get(id)
      if (!shape || shape.labelTarget) continue
      marked.push({ id, kind, word })
      canvas.addMarker(id, `is-${kind}`)
      const html = document.createElement('span')
      html.className = `process-mark process-mark-${kind}`
      html.textContent = word
      overlays.add(id, 'mark', { position: shape.waypoints ? { top: -10, left: 0 } : { top: -10, right: 14 }, html })
    }
  }

  return {
    editable,
    list,
    facts_of,
    change,
    show,
    select,
    mark,
    save: async (): Promise<string> => (await editor.saveXML({ format: true })).xml ?? '',
    on_change: (listener: () => void) => editor.on('commandStack.changed', listener),
    on_select: (listener: (id: string | null) => void) =>
      editor.on('selection.changed', (event: { newSelection: Shape[] }) =>
        listener(
          event.newSelection.length === 1
            ? (event.newSelection[0]?.labelTarget?.id ?? event.newSelection[0]?.id ?? null)
            : null,
        ),
      ),
    on_click: (listener: (id: string) => void) =>
      editor.on('element.click', (event: { element: Shape }) =>
        listener(event.element.labelTarget?.id ?? event.element.id),
      ),
    zoom: (by: number) => canvas.zoom(canvas.zoom() * by),
    fit: () => canvas.zoom('fit-viewport', 'auto'),
    scroll: (dx: number, dy: number) => canvas.scroll({ dx, dy }),
    destroy: () => editor.destroy(),
  }
}

export type ProcessEditor = Awaited<ReturnType<typeof open_editor>>

/** As much of dmn-js, which has no types of its own, as the table editor uses. */
declare module 'dmn-js-decision-table/lib/Viewer' {
  export default class Viewer {
    constructor(options?: { additionalModules?: object[] })
    get<Service>(name: string): Service
    open(decision: unknown): Promise<unknown>
    attachTo(parent: Element): void
    destroy(): void
    getModules(): object[]
  }
}
declare module 'dmn-js-decision-table/lib/core' {
  const module: object
  export default module
}
declare module 'dmn-js-decision-table/lib/features/modeling' {
  const module: object
  export default module
}
declare module 'diagram-js/lib/i18n/translate' {
  const module: object
  export default module
}
declare module 'dmn-moddle' {
  export interface ModdleElement {
    $type: string
    $attrs: Record<string, string>
    $parent: ModdleElement | null
    id: string
    name?: string
    label?: string
    text?: string
    hitPolicy?: string
    get: <Value>(name: string) => Value
    set: (name: string, value: unknown) => void
  }
  export class DmnModdle {
    ids: object
    create(type: string, properties?: object): ModdleElement
    fromXML(
      xml: string,
      type: string,
    ): Promise<{ rootElement: ModdleElement; elementsById: Record<string, ModdleElement> }>
    toXML(element: ModdleElement, options?: { format?: boolean; preamble?: boolean }): Promise<{ xml: string }>
  }
}

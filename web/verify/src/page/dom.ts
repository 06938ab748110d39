/** Elements in one line each. Text is always text: nothing from a file is ever read as markup. */

type Child = Node | string | null | false

export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Record<string, string | boolean> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes))
    if (value !== false) made.setAttribute(key, value === true ? '' : value)
  made.append(...children.filter((child): child is Node | string => child !== null && child !== false))
  return made
}

/** Always beside a word. */
export function icon(name: string): HTMLElement {
  return make('i', { class: `ic ic-${name}`, 'aria-hidden': 'true' })
}

export function button(words: string, look: string, act: () => void): HTMLButtonElement {
  const made = make('button', { type: 'button', class: `btn ${look}` }, words)
  made.addEventListener('click', act)
  return made
}

/** A button that opens the choice of files; the input itself takes the focus, so keys work as everywhere. */
export function file_chooser(id: string, words: string, look: string, accept: string, take: (files: File[]) => void) {
  const input = make('input', { type: 'file', id, class: 'vh', accept, multiple: true })
  input.addEventListener('change', () => {
    take([...(input.files ?? [])])
    input.value = ''
  })
  return make('span', { class: 'chooser' }, input, make('label', { class: `btn ${look}`, for: id }, words))
}

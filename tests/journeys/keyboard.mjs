// Filling in the form with the keyboard alone: Tab finds a field, keys write in it. What to write comes from a form by paths.
const kTabsMax = 400

/** The value at `participants[0].lead.name` in a form. */
export function valueAt(form, path) {
  return path.replace(/\[(\d+)\]/g, '.$1').split('.').reduce((here, key) => here?.[key], form)
}

// The element that has the focus, as far as a writer needs to know it. Runs in the page.
function focused() {
  const at = document.activeElement
  const named = at.id.startsWith('f-') ? at.id : (at.name ?? '')
  const path = named.startsWith('f-') ? named.slice(2) : null
  return {
    path,
    tag: at.tagName.toLowerCase(),
    kind: at.type ?? '',
    role: at.getAttribute('role') ?? '',
    words: (at.getAttribute('aria-label') ?? at.textContent ?? '').replace(/\s+/g, ' ').trim(),
    value: at.value ?? '',
    options: at.tagName === 'SELECT' ? [...at.options].map((option) => option.value) : [],
    unit: at.closest('.with-unit')?.querySelector('.unit')?.textContent ?? '',
    isDate: Boolean(at.closest('.date')),
    checked: at.type === 'radio' ? ([...document.getElementsByName(at.name)].findIndex((one) => one.checked)) : -1,
  }
}

const kPlaces = { 万元: 6, '㎡': 2, m: 3, '%': 2 }

/** 826000000 分 as people type it: 826 (万元). */
function asTyped(value, unit) {
  const places = kPlaces[unit] ?? 0
  if (typeof value !== 'number' || !places) return String(value)
  const digits = String(value).padStart(places + 1, '0')
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`.replace(/\.?0+$/, '')
}

export class Keyboard {
  constructor(page, { tables = {}, form = {} } = {}) {
    this.page = page
    this.keys = page.keyboard
    this.tables = tables
    this.form = form
    this.written = new Set()
  }

  at() {
    return this.page.evaluate(focused)
  }

  /** Tabs on until `wanted` has the focus. */
  async tabTo(what, wanted, { back = false } = {}) {
    for (let tabs = 0; tabs < kTabsMax; tabs++) {
      const here = await this.at()
      if (wanted(here)) return here
      await this.keys.press(back ? 'Shift+Tab' : 'Tab')
    }
    throw new Error(`no way to ${what} by Tab`)
  }

  toButton(words) {
    return this.tabTo(`the button ${words}`, (here) => ['button', 'a'].includes(here.tag) && here.words.includes(words))
  }

  async press(words) {
    await this.toButton(words)
    await this.keys.press('Enter')
  }

  /** Text as an input method commits it. */
  async type(text) {
    await this.keys.press('ControlOrMeta+a')
    await this.keys.insertText(text)
  }

  /** Writes in fields from where the focus is until `end` has it. A field that was not asked before is met on a way back. */
  async fillUntil(end) {
    for (let tabs = 0; tabs < kTabsMax; tabs++) {
      const here = await this.at()
      if (end(here)) return here
      if (here.path !== null) await this.#write(here)
      await this.keys.press('Tab')
    }
    throw new Error('the end of the step is not reached by Tab')
  }

  async #write(here) {
    const field = here.path.replace(/-[12]$/, '')
    const value = valueAt(this.form, field)
    if (value === undefined || value === null || this.written.has(here.path)) return
    this.written.add(here.path)
    if (here.kind === 'radio') return this.#answer(here, value)
    if (here.tag === 'select') return this.#choose(here, here.path, field, String(value))
    if (here.role === 'combobox') return this.#search(field, value)
    if (here.tag === 'input' || here.tag === 'textarea') await this.type(here.isDate ? String(value) : asTyped(value, here.unit))
  }

  /** Yes is the first of the two, no the second. */
  async #answer(here, value) {
    const wanted = value ? 0 : 1
    if (here.checked === wanted) return
    if (here.checked === -1 && wanted === 0) return this.keys.press('Space')
    await this.keys.press(wanted === 1 ? 'ArrowDown' : 'ArrowUp')
  }

  async #choose(here, path, field, value) {
    // A division is chosen level by level: the province first, then what lies in it.
    const level = here.options.includes(value) ? value : [`${value.slice(0, 4)}00`, `${value.slice(0, 2)}0000`].find((code) => here.options.includes(code))
    const steps = here.options.indexOf(level) - here.options.indexOf(here.value)
    if (level === undefined) throw new Error(`${path} offers no ${value}`)
    for (let step = 0; step < Math.abs(steps); step++) await this.keys.press(steps > 0 ? 'ArrowDown' : 'ArrowUp')
    if (level === value) return
    await this.page.locator(`[id="f-${field}-${level.endsWith('0000') ? 1 : 2}"]`).waitFor()
  }

  async #search(field, value) {
    const name = this.tables(field, String(value))
    await this.keys.insertText(name)
    const option = this.page.getByRole('option', { name, exact: true })
    await option.first().waitFor()
    for (let step = 0; step < 40; step++) {
      const active = await this.page.evaluate(() => document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.textContent.trim())
      if (active === name) break
      await this.keys.press('ArrowDown')
    }
    await this.keys.press('Enter')
  }
}

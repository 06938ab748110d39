// Values for a schema: fitting ones, and the same with one rule broken.

const kDeepest = 6
const kLongText = 20_000
const kWords = ['请补正', '同意', 'a', '办理贷款', '混凝土必须连续浇筑。', 'x'.repeat(40), '𠮷野', ' ']

const hex = (chance, count) => Array.from({ length: count }, () => chance.below(16).toString(16)).join('')
export const uuid = (chance) => `${hex(chance, 8)}-${hex(chance, 4)}-7${hex(chance, 3)}-8${hex(chance, 3)}-${hex(chance, 12)}`

/** A text for the patterns that openapi.yaml uses: literals, classes, groups without choice, and counts. */
export function textFor(pattern, chance) {
  const atom = /\\d|\\[^d]|\[[^\]]+\]|\(([^)]*)\)|[^^$]/g
  const source = pattern.replace(/^\^|\$$/g, '')
  let text = ''
  let place = 0
  while (place < source.length) {
    atom.lastIndex = place
    const found = atom.exec(source)
    if (!found) break
    place = atom.lastIndex
    const count = /^(?:\{(\d+)(?:,(\d*))?\}|([+*?]))/.exec(source.slice(place))
    place += count?.[0].length ?? 0
    const least = count ? Number(count[1] ?? { '+': 1, '*': 0, '?': 0 }[count[3]]) : 1
    const most = count ? (count[2] === undefined ? (count[1] ? least : { '+': 4, '*': 3, '?': 1 }[count[3]]) : Number(count[2] || least + 3)) : 1
    for (let i = chance.between(least, most); i > 0; i--) text += oneOf(found, chance)
  }
  return text
}

function oneOf([whole, group], chance) {
  if (group !== undefined) return textFor(chance.of(group.split('|')), chance)
  if (whole === '\\d') return String(chance.below(10))
  if (whole.startsWith('\\')) return whole[1]
  if (!whole.startsWith('[')) return whole
  const members = [...whole.slice(1, -1).replace('\\d', '0-9').matchAll(/(.)-(.)|(.)/g)].flatMap(([, from, to, one]) =>
    one ? [one] : Array.from({ length: to.charCodeAt(0) - from.charCodeAt(0) + 1 }, (_, i) => String.fromCharCode(from.charCodeAt(0) + i)),
  )
  return chance.of(members)
}

export class Values {
  /** `document`: openapi.json. `known(name, chance)`: an id that the server knows, for a member of that name, or undefined. */
  constructor(document, known) {
    this.document = document
    this.known = known
  }

  resolve(schema) {
    return schema?.$ref ? this.resolve(schema.$ref.slice(2).split('/').reduce((at, part) => at[part], this.document)) : (schema ?? {})
  }

  fitting(raw, chance, name = '', depth = 0) {
    const schema = this.resolve(raw)
    const known = this.known(name, chance)
    if (known !== undefined && chance.happens(0.7)) return known
    if ('const' in schema) return schema.const
    if (schema.enum) return chance.of(schema.enum)
    const choices = schema.oneOf ?? schema.anyOf
    if (choices) return this.fitting(chance.of(choices), chance, name, depth)
    if (schema.allOf) return Object.assign({}, ...schema.allOf.map((one) => this.fitting(one, chance, name, depth)))
    const type = Array.isArray(schema.type) ? chance.of(schema.type) : (schema.type ?? (schema.properties ? 'object' : 'string'))
    return this.#byType(type, schema, chance, name, depth)
  }

  #byType(type, schema, chance, name, depth) {
    if (type === 'null') return null
    if (type === 'boolean') return chance.happens(0.5)
    if (type === 'integer' || type === 'number') return this.#number(schema, chance)
    if (type === 'array') return this.#array(schema, chance, name, depth)
    if (type === 'object') return this.#object(schema, chance, depth)
    return this.#text(schema, chance)
  }

  #number({ minimum = 0, maximum = minimum + 1000 }, chance) {
    return chance.of([minimum, maximum, chance.between(minimum, Math.min(maximum, minimum + 5))])
  }

  #text({ format, pattern, minLength = 0, maxLength = 200 }, chance) {
    if (format === 'uuid') return uuid(chance)
    if (format === 'date') return chance.of(['2026-12-01', '2027-01-04', '2028-02-29'])
    if (format === 'date-time') return '2026-12-01T08:00:00Z'
    if (pattern) return textFor(pattern, chance)
    let text = chance.of(kWords)
    while (text.length < minLength) text += '字'
    return [...text].slice(0, maxLength).join('')
  }

  #array({ items, minItems = 0, maxItems = minItems + 3 }, chance, name, depth) {
    const count = depth > kDeepest ? minItems : chance.between(minItems, Math.min(maxItems, minItems + 2))
    return Array.from({ length: count }, () => this.fitting(items, chance, name, depth + 1))
  }

  #object({ properties = {}, required = [] }, chance, depth) {
    const value = {}
    for (const [name, inner] of Object.entries(properties)) {
      if (required.includes(name) || (depth < kDeepest && chance.happens(0.6))) value[name] = this.fitting(inner, chance, name, depth + 1)
    }
    return value
  }

  /** A fitting value with one thing wrong; a name of what it is. */
  broken(raw, chance) {
    const holder = { value: this.fitting(raw, chance) }
    const places = []
    const walk = (within, key) => {
      places.push([within, key])
      if (within[key] && typeof within[key] === 'object') for (const inner of Object.keys(within[key])) walk(within[key], inner)
    }
    walk(holder, 'value')
    const [within, key] = chance.of(places)
    const name = chance.of(Object.keys(kBreaks))
    kBreaks[name](within, key, chance)
    return { value: holder.value, broken: name }
  }
}

const otherTypes = (value) => [null, true, 17, 'text', [], {}, [value]].filter((one) => typeof one !== typeof value || Array.isArray(one) !== Array.isArray(value))

/** Each breaks one rule of one place. */
const kBreaks = {
  type: (within, key, chance) => (within[key] = chance.of(otherTypes(within[key]))),
  'too long': (within, key) => (within[key] = '长'.repeat(kLongText)),
  empty: (within, key) => (within[key] = typeof within[key] === 'string' ? '' : Array.isArray(within[key]) ? [] : typeof within[key] === 'object' ? {} : 0),
  'boundary number': (within, key, chance) => (within[key] = chance.of([-1, 0, 0.5, 2 ** 31, 2 ** 53, 2 ** 63, -(2 ** 63), 1e308, Number.MIN_VALUE])),
  'member missing': (within, key) => (Array.isArray(within) ? within.splice(Number(key), 1) : delete within[key]),
  'member unknown': (within, key) => (within[key] && typeof within[key] === 'object' && !Array.isArray(within[key]) ? (within[key].nobody_knows_me = 1) : (within[`${key}_`] = 1)),
  'enum outside': (within, key) => (within[key] = 'no_such_word'),
  pattern: (within, key) => (within[key] = `${within[key]}\u0000`),
  'too many': (within, key) => (within[key] = Array.from({ length: 3000 }, () => within[key])),
}

export const kBreakNames = Object.keys(kBreaks)

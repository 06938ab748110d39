// The measured table: twenty rules over five inputs, the first that fits counts; and 256 inputs for it. Everything is
// computed, so that both engines and every machine get the same.
const kTypes = ['construction', 'demolition', 'occupancy', 'signage']
const kZones = ['urban', 'suburban', 'green belt']
const kRules = 20
const kCases = 256

export const inputs = [
  { name: 'permitType', type: 'string' },
  { name: 'area', type: 'number' },
  { name: 'height', type: 'number' },
  { name: 'zone', type: 'string' },
  { name: 'submitted', type: 'date' },
]

const quoted = (text) => `"${text}"`
const pick = (list, at) => list[at % list.length]

function conditions(at) {
  const types = at % 5 === 4 ? [pick(kTypes, at), pick(kTypes, at + 1)] : [pick(kTypes, at)]
  const heights = [`< ${12 + at}`, `[${3 + at}..${30 + at}]`, '-']
  const zones = ['-', '-', '"urban","suburban"', 'not("green belt")']
  const days = at % 6 === 5 ? '> date("2026-06-30")' : '[date("2026-01-01")..date("2026-12-31")]'
  return [types.map(quoted).join(','), `[${at * 50}..${at * 50 + 400})`, pick(heights, at), pick(zones, at), days]
}

/** `{ cells, output }` a rule, as FEEL texts; the last one takes what is left. */
export function rules() {
  return Array.from({ length: kRules }, (_, at) => ({
    cells: at === kRules - 1 ? inputs.map(() => '-') : conditions(at),
    output: quoted(`R${String(at + 1).padStart(2, '0')}`),
  }))
}

const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
const entry = (name, text) => `<${name}><text>${escaped(text)}</text></${name}>`

export function modelXml() {
  const data = inputs.map(({ name, type }) => `<inputData id="input_${name}" name="${name}"><variable name="${name}" typeRef="${type}"/></inputData>`)
  const requirements = inputs.map(({ name }) => `<informationRequirement><requiredInput href="#input_${name}"/></informationRequirement>`)
  const columns = inputs.map(({ name, type }) => `<input><inputExpression typeRef="${type}"><text>${name}</text></inputExpression></input>`)
  const rows = rules().map(({ cells, output }) => `<rule>${cells.map((cell) => entry('inputEntry', cell)).join('')}${entry('outputEntry', output)}</rule>`)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="bench" name="bench" namespace="https://kaigong.example/bench">',
    ...data,
    '<decision id="precheck" name="precheck"><variable name="precheck" typeRef="string"/>',
    ...requirements,
    '<decisionTable hitPolicy="FIRST">',
    ...columns,
    '<output name="precheck" typeRef="string"/>',
    ...rows,
    '</decisionTable></decision></definitions>',
  ].join('\n')
}

/** The classic linear generator in doubles, whose rounding is part of the sequence. */
function random() {
  let state = 12345
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648
    return Math.floor((state / 2147483648) * below)
  }
}

/** `submitted` is the text of a day. */
export function cases() {
  const next = random()
  const two = (number) => String(number).padStart(2, '0')
  return Array.from({ length: kCases }, () => ({
    permitType: kTypes[next(kTypes.length)],
    area: next(1300),
    height: next(45),
    zone: kZones[next(kZones.length)],
    submitted: `2026-${two(1 + next(12))}-${two(1 + next(28))}`,
  }))
}

export const asFeel = (one) => `{ permitType: "${one.permitType}", area: ${one.area}, height: ${one.height}, zone: "${one.zone}", submitted: date("${one.submitted}") }`

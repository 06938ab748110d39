/** One verified file: the word, why, what stands on the certificate, and the question to the authority. */
import type { Answer, Check } from '../core/answer'
import type { Json, JsonObject } from '../core/canonical_json'
import { certificate_of } from '../core/contents'
import { chinese_day, fields_of, type Field } from '../core/fields'
import { attempt } from '../core/judging'
import { judge_status } from '../core/status'
import { button, icon, make } from './dom'
import { address_at, address_of_permit, is_at_home, type TrustSource } from './trust_source'
import { check_name, current_language, instant_text, say, verdict_words, type WordKey } from './words'

export interface Shown {
  answer: Answer
  /** What the authority said, and when. */
  status: { check: Check; at_ms: number } | null
}

interface Look {
  style: string
  icon: string
  word: string
  meaning: string
}

function look_of({ answer, status }: Shown): Look {
  const { word, meaning } = verdict_words(answer.verdict)
  const said = status?.check
  // A specimen stays one, whatever is said of its number.
  if (said?.outcome === 'fail' && answer.verdict === 'genuine') {
    if (said.code === 'verify.number_unknown') return ended('res-end', 'ban', 'unknown')
    if (said.code === 'verify.not_in_force') return ended('res-end', 'ban', 'ended')
    return ended('res-changed', 'change', 'changed')
  }
  switch (answer.verdict) {
    case 'genuine':
      return { style: 'res-ok', icon: 'good', word, meaning }
    case 'training':
      return { style: 'res-changed', icon: 'paper', word, meaning }
    case 'not_genuine':
      return { style: 'res-fake', icon: 'bad', word, meaning }
    case 'cannot_judge':
      return { style: 'res-end', icon: 'ask', word, meaning }
  }
}

function ended(style: string, icon_name: string, key: 'unknown' | 'ended' | 'changed'): Look {
  return { style, icon: icon_name, word: say(key), meaning: say(`${key}_meaning`) }
}

/**
 * `id` names the heading, which takes the focus; `redraw` is called after the authority has answered. What stands on
 * the certificate is spread out for the newest file alone.
 */
export function result_card(shown: Shown, source: TrustSource, id: string, is_newest: boolean, redraw: () => void) {
  const { answer, status } = shown
  const checks = answer.checks.map((check) => (check.check === 'status' && status ? status.check : check))
  const look = look_of(shown)
  const is_good = answer.verdict === 'genuine' || answer.verdict === 'training'
  return make(
    'article',
    { class: `res ${look.style}`, 'aria-labelledby': `${id} ${id}-file`, 'data-verdict': answer.verdict },
    make(
      'div',
      { class: 'res-head' },
      icon(look.icon),
      make('h3', { class: 'word', id, tabindex: '-1' }, look.word),
      make('p', {}, look.meaning),
      make('p', { class: 'small file-name', id: `${id}-file` }, answer.file),
    ),
    make(
      'div',
      { class: 'res-body' },
      failed_list(checks),
      is_good && copy_note(shown.answer.copy),
      data_part(answer, is_good, is_newest),
      is_good ? standing_part(shown, source, redraw) : report_part(answer, source),
      folded(checks, 'pass', 'check', 'good', 'passed'),
      folded(checks, 'unchecked', 'ask', 'muted', 'unchecked'),
    ),
  )
}

function line(check: Check, icon_name: string, style: string): HTMLElement {
  return make(
    'li',
    {},
    make('span', { class: style }, icon(icon_name)),
    make('span', {}, make('b', {}, `${check_name(check.check)}　`), check[current_language()]),
  )
}

function failed_list(checks: Check[]): HTMLElement | null {
  const failed = checks.filter(({ check, outcome }) => outcome === 'fail' && check !== 'status')
  if (failed.length === 0) return null
  return make(
    'div',
    { class: 'failed' },
    make('h4', {}, say('failed')),
    make('ul', { class: 'how' }, ...failed.map((check) => line(check, 'bad', 'bad'))),
  )
}

function folded(checks: Check[], wanted: Check['outcome'], icon_name: string, style: string, title: WordKey) {
  const found = checks.filter(({ outcome }) => outcome === wanted)
  if (found.length === 0) return null
  return make(
    'details',
    { class: 'gap' },
    make('summary', {}, say(title, { count: found.length })),
    make('ul', { class: 'how' }, ...found.map((check) => line(check, icon_name, style))),
  )
}

function data_part(answer: Answer, is_good: boolean, is_newest: boolean): HTMLElement | null {
  const whole = answer.certificate
  const certificate = whole && attempt(() => certificate_of(whole))
  if (!certificate) return null
  const fields = fields_of(certificate)
  if (!is_good) return make('details', { class: 'gap' }, make('summary', {}, say('data_forged')), field_list(fields))
  // Only what the page bears can be compared with it.
  const printed = field_list(fields.filter(({ is_printed }) => is_printed))
  const others = fields.filter(({ is_printed }) => !is_printed)
  const more = others.length > 0 && [make('h4', { class: 'gap' }, say('data_more')), field_list(others)]
  const hint = make('p', { class: 'muted small' }, say('data_hint'))
  if (!is_newest)
    return make('details', { class: 'gap' }, make('summary', {}, say('data_title')), hint, printed, ...(more || []))
  return make('div', { class: 'gap' }, make('h4', {}, say('data_title')), hint, printed, ...(more || []))
}

function field_list(fields: Field[]): HTMLElement {
  const rows = fields.map((field) => {
    const style =
      field.key === 'permit_number' ? 'mono strong' : field.key === 'certificate_identifier' ? 'mono small' : 'strong'
    const name = current_language() === 'zh' ? field.zh : field.en
    return make('div', {}, make('dt', {}, name), make('dd', { class: style }, field.value))
  })
  return make('dl', { class: 'kv-line large' }, ...rows)
}

/** Where to turn with a file that failed. What the file itself says of an authority is not asked. */
function report_part(answer: Answer, source: TrustSource): HTMLElement {
  const number = String(answer.certificate?.permit_number ?? '')
  const links: [string | null, WordKey, string][] = [
    [address_of_permit(source, number), 'report_look_up', 'btn btn-primary'],
    [address_at(source, '/verify#report'), 'report_tell', 'btn'],
  ]
  const made = links.flatMap(([href, key, style]) =>
    href ? [make('a', { class: style, href, target: '_blank', rel: 'noopener noreferrer' }, say(key))] : [],
  )
  return make(
    'div',
    { class: 'notice gap' },
    make('h4', {}, say('report_title')),
    make('p', {}, say('report')),
    make('p', { class: 'row ask' }, ...made),
  )
}

function copy_note(copy: JsonObject | null): HTMLElement | null {
  if (!copy) return null
  const text = (value: Json | undefined) => (typeof value === 'string' ? value : '')
  const rows: [string, string][] = [
    [say('copy_purpose'), text(copy.purpose)],
    [say('copy_made_for'), text(copy.made_for)],
    [
      say('copy_made_on'),
      /^\d{4}-\d{2}-\d{2}$/.test(text(copy.made_on)) ? chinese_day(text(copy.made_on)) : text(copy.made_on),
    ],
  ]
  return make(
    'div',
    { class: 'notice notice-warn gap' },
    make('b', {}, say('copy_title')),
    make(
      'dl',
      { class: 'kv-line' },
      ...rows
        .filter(([, value]) => value)
        .map(([name, value]) => make('div', {}, make('dt', {}, name), make('dd', {}, value))),
    ),
  )
}

function standing_part(shown: Shown, source: TrustSource, redraw: () => void): HTMLElement {
  const { answer, status } = shown
  const part = make('div', { class: 'notice gap' }, make('h4', {}, say('rule_title')))
  if (status) {
    const at = instant_text(status.at_ms)
    const is_in_force = status.check.outcome === 'pass'
    const words = is_in_force ? say('in_force', { at }) : status.check[current_language()]
    if (!is_in_force) part.append(make('p', { class: 'muted small' }, say('answered', { at })))
    part.append(
      make(
        'p',
        { class: is_in_force ? 'good strong' : 'bad strong', role: 'status' },
        icon(is_in_force ? 'good' : 'bad'),
        ' ',
        words,
      ),
    )
    return part
  }
  part.append(make('p', {}, say('rule')))
  if (answer.as_of) part.append(make('p', { class: 'muted small' }, say('proved', { at: instant_text(answer.as_of) })))
  part.append(make('p', { class: 'row ask' }, ...question(shown, source, redraw)))
  return part
}

function question(shown: Shown, source: TrustSource, redraw: () => void): HTMLElement[] {
  const number = String(shown.answer.certificate?.permit_number ?? '')
  const note = make('span', { role: 'status', class: 'small' })
  if (is_at_home(source)) {
    const asked = button(say('ask'), 'btn-primary', () => {
      asked.disabled = true
      note.textContent = say('asking')
      void ask_authority(shown, number).then((is_answered) => {
        if (is_answered) return redraw()
        asked.disabled = false
        note.textContent = say('ask_failed')
      })
    })
    return [asked, note]
  }
  const address = address_of_permit(source, number)
  return address
    ? [make('a', { class: 'btn', href: address, target: '_blank', rel: 'noopener noreferrer' }, say('ask_elsewhere'))]
    : []
}

async function ask_authority(shown: Shown, number: string): Promise<boolean> {
  try {
    const reply = await fetch(`/api/v1/public/permits/${encodeURIComponent(number)}`, { cache: 'no-store' })
    const body: unknown = reply.ok ? await reply.json() : null
    const check = judge_status(shown.answer.certificate ?? {}, { status: reply.status, body: body as Json })
    if (!check) return false
    const said_at = Date.parse(reply.headers.get('Date') ?? '')
    shown.status = { check, at_ms: Number.isNaN(said_at) ? Date.now() : said_at }
    return true
  } catch {
    return false
  }
}

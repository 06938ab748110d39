/** The page: whom it trusts, the place to drop files, and a card for each. Everything happens in this browser. */
import icon_address from '../../../public/icon.svg?url'
import '../../../public/public.css'
import './page.css'
import { parse_trust } from '../core/trust'
import { verify_file, kFileBytesMax } from '../core/verify'
import { button, file_chooser, icon, make } from './dom'
import { result_card, type Shown } from './result'
import {
  address_at,
  address_to_save,
  find_trust,
  fingerprint,
  is_at_home,
  is_served,
  kTrustAddress,
  looks_like_trust,
  type TrustSource,
  type WithoutTrust,
} from './trust_source'
import { current_language, say, use_language, verdict_words, type WordKey } from './words'

const kAccept = '.pdf,.ofd,.xml,.json'

type Item = { id: string; shown: Shown } | { id: string; trouble: string; title: WordKey }

let source: TrustSource | null = null
let without_trust: WithoutTrust | 'looking' = 'looking'
let trust_problem: WordKey | null = null
let items: Item[] = []
/** Given while the page was busy, or while the list was still on its way. */
let waiting: File[] = []
let working: { file: string; at: number; count: number } | null = null
let made = 0

const announced = make('p', { class: 'vh', role: 'status' })

function draw(): void {
  document.documentElement.lang = current_language() === 'zh' ? 'zh-CN' : 'en'
  document.title = `${say('title')} · ${say('brand')}`
  const main = make('main', { id: 'main', class: 'wrap narrow', tabindex: '-1' })
  main.append(make('h1', { class: 'gap' }, say('title')), make('p', { class: 'muted' }, say('lead')))
  if (source) main.append(drop_zone(), results(), trust_part(source), how_part())
  else main.append(without_trust === 'looking' ? skeleton() : missing_trust(without_trust), how_part())
  const kept = document.querySelectorAll('body > :not(script, noscript)')
  for (const one of kept) if (one !== announced) one.remove()
  document.body.prepend(...head(), main, foot())
  if (!announced.isConnected) document.body.append(announced)
}

/** Elsewhere the authority's pages are not at these addresses. */
function head(): HTMLElement[] {
  const is_home = source !== null && is_at_home(source)
  const skip = make('a', { class: 'skip', href: '#main' }, say('skip'))
  const brand_parts = [
    make('img', { src: icon_address, alt: '', width: '28', height: '28' }),
    say('brand'),
    make('small', {}, say('brand_more')),
  ]
  const brand = is_home
    ? make('a', { class: 'brand', href: '/' }, ...brand_parts)
    : make('span', { class: 'brand' }, ...brand_parts)
  const links: [string, WordKey][] = [
    ['/', 'home'],
    ['/guide', 'guide'],
    ['/search', 'search'],
    ['/verify', 'verify'],
    ['/announcements', 'announcements'],
  ]
  const navigation = make(
    'nav',
    { class: 'pnav', 'aria-label': say('navigation') },
    ...links.map(([href, key]) => make('a', { href, 'aria-current': key === 'verify' && 'true' }, say(key))),
  )
  const language = button(say('other_language'), 'btn-sm language', () => {
    use_language(current_language() === 'zh' ? 'en' : 'zh')
    draw()
    document.querySelector<HTMLElement>('.language')?.focus()
  })
  language.lang = current_language() === 'zh' ? 'en' : 'zh-CN'
  const header = make(
    'header',
    { class: 'phead' },
    make('div', { class: 'wrap' }, brand, is_home && navigation, language),
  )
  const note =
    source?.trust.sandbox && make('aside', { class: 'demo', 'aria-label': say('sandbox_label') }, say('sandbox'))
  return [skip, ...(note ? [note] : []), header]
}

function foot(): HTMLElement {
  const href = source && address_to_save(source)
  const save = href && make('a', { href, download: 'kaigong-verify.html' }, say('save'))
  const words = make('span', {}, source?.trust.name ?? say('foot'))
  return make('footer', { class: 'pfoot' }, make('div', { class: 'wrap row between' }, words, save))
}

function drop_zone(): HTMLElement {
  const words = items.length > 0 ? say('again') : say('choose')
  return make(
    'div',
    { class: 'dropzone' },
    icon('paper'),
    make('p', {}, say('drop')),
    file_chooser('files', words, 'btn-primary', kAccept, (files) => void verify_all(files)),
  )
}

function results(): HTMLElement {
  const part = make('section', { class: 'gap-l', 'aria-labelledby': 'results', 'aria-busy': String(working !== null) })
  part.append(make('h2', { id: 'results' }, say('results')))
  if (working) part.append(make('p', { class: 'muted' }, say('working', working)), skeleton())
  for (const item of items) part.append(card(item))
  if (!working && items.length === 0)
    part.append(
      make(
        'div',
        { class: 'card empty gap' },
        icon('search'),
        make('h3', {}, say('empty_title')),
        make('p', {}, say('empty')),
      ),
    )
  return part
}

function card(item: Item): HTMLElement {
  if ('shown' in item && source)
    return result_card(item.shown, source, item.id, item === items[0], () => {
      draw()
      document.getElementById(item.id)?.focus()
    })
  const [title, words] = 'trouble' in item ? [say(item.title), item.trouble] : ['', '']
  return make(
    'article',
    { class: 'notice notice-bad gap' },
    make('h3', { id: item.id, tabindex: '-1' }, icon('bad'), ` ${title}`),
    make('p', {}, words),
  )
}

function skeleton(): HTMLElement {
  return make('div', { class: 'card skeleton', 'aria-hidden': 'true' }, ...Array.from({ length: 4 }, () => make('i')))
}

function trust_chooser(words: string, look: string): HTMLElement {
  return file_chooser('trust-file', words, look, '.json', ([file]) => void (file && choose_trust(file)))
}

function missing_trust(why: WithoutTrust): HTMLElement {
  const is_unreached = why === 'unreached'
  const link = make('a', { href: kTrustAddress, download: 'trust.json' }, say('trust_get'))
  return make(
    'section',
    { class: 'card pad-l gap', 'aria-labelledby': 'trust-missing' },
    make(
      'h2',
      { id: 'trust-missing', tabindex: '-1' },
      say(is_unreached ? 'trust_unreached_title' : 'trust_missing_title'),
    ),
    is_unreached && make('p', { class: 'gap' }, say('trust_unreached')),
    is_unreached &&
      make(
        'p',
        { class: 'gap' },
        button(say('trust_again'), 'btn-primary', () => void look_for_trust()),
      ),
    make('p', { class: 'gap' }, say('trust_missing')),
    is_served && make('p', { class: 'gap' }, link),
    problem_line(),
    make('p', { class: 'gap' }, trust_chooser(say('trust_choose'), is_unreached ? '' : 'btn-primary')),
  )
}

function problem_line(): HTMLElement | null {
  return trust_problem && make('p', { class: 'err', role: 'alert' }, icon('bad'), ' ', say(trust_problem))
}

const kTrustFrom = { carried: 'trust_carried', fetched: 'trust_fetched', chosen: 'trust_chosen' } as const

function trust_part(by: TrustSource): HTMLElement {
  const { trust, from } = by
  const published = address_at(by, kTrustAddress)
  const row = (name: string, ...values: string[]) =>
    make(
      'div',
      {},
      make('dt', {}, name),
      make('dd', { class: 'fingerprint' }, ...values.flatMap((value) => [value, make('br')])),
    )
  const list = make(
    'dl',
    { class: 'kv-line' },
    row(say('trust_log'), trust.log.origin),
    row(say('trust_key'), `${trust.log.key.id} · ${fingerprint(trust.log.key.key)}`),
    row(
      say('trust_witnesses'),
      say('trust_witnesses_value', { count: trust.witnesses.length, needed: trust.witnesses_needed }),
    ),
    row(say('trust_fingerprints'), ...trust.signing_roots.map((root) => fingerprint(root.der))),
  )
  return make(
    'section',
    { class: 'gap-l', 'aria-labelledby': 'trust-title' },
    make('h2', { id: 'trust-title' }, say('trust_title')),
    make(
      'div',
      { class: 'card pad-l gap' },
      make('p', {}, say('trust_of', { name: trust.name })),
      from === 'chosen'
        ? make('p', { class: 'warn' }, icon('ask'), ' ', say(kTrustFrom[from]))
        : make('p', { class: 'muted small' }, say(kTrustFrom[from])),
      problem_line(),
      make('details', {}, make('summary', {}, say('trust_details')), list),
      published && make('p', { class: 'small' }, make('a', { href: published }, say('trust_get'))),
      make('p', { class: 'gap' }, trust_chooser(say('trust_change'), 'btn-sm')),
    ),
  )
}

function how_part(): HTMLElement {
  const steps: [string, WordKey][] = [
    ['paper', 'how_1'],
    ['eye', 'how_2'],
    ['clock', 'how_3'],
  ]
  return make(
    'section',
    { class: 'gap-l', 'aria-labelledby': 'how' },
    make('h2', { id: 'how' }, say('how')),
    make(
      'ol',
      { class: 'how card pad-l gap' },
      ...steps.map(([name, key]) => make('li', {}, icon(name), make('span', {}, say(key)))),
    ),
  )
}

async function look_for_trust(): Promise<void> {
  without_trust = 'looking'
  trust_problem = null
  draw()
  try {
    const found = await find_trust()
    if (typeof found === 'string') without_trust = found
    else source = found
  } catch {
    without_trust = 'missing'
    trust_problem = 'trust_wrong'
  }
  draw()
  if (source) return verify_waiting()
  if (without_trust === 'unreached') document.getElementById('trust-missing')?.focus()
  if (waiting.length > 0) await take_without_trust()
}

async function choose_trust(file: File): Promise<void> {
  try {
    source = { trust: parse_trust(await file.text()), from: 'chosen' }
    // What was judged by another list is no result any more.
    items = []
    trust_problem = null
  } catch {
    trust_problem = 'trust_wrong'
  }
  draw()
  document.getElementById(source ? 'files' : 'trust-file')?.focus()
}

/** What was given before there is a list: the list itself, alone, is what the page asks for; anything else has to wait. */
async function take_without_trust(): Promise<void> {
  const files = waiting
  waiting = []
  const [first] = files
  if (!first) return
  if (files.length === 1 && looks_like_trust(await bytes_of(first))) return choose_trust(first)
  trust_problem = 'trust_first'
  draw()
  document.getElementById('trust-file')?.focus()
}

async function verify_all(files: File[]): Promise<void> {
  waiting.push(...files)
  if (source) return verify_waiting()
  if (without_trust !== 'looking') await take_without_trust()
}

/** Newest first. The page is drawn before each file, so that a large one does not look like a page that hangs. */
async function verify_waiting(): Promise<void> {
  if (working) return
  let last: Item | null = null
  for (let at = 1, file = waiting.shift(); source && file; at += 1, file = waiting.shift()) {
    working = { file: file.name, at, count: at + waiting.length }
    draw()
    announced.textContent = say('working', working)
    await new Promise((done) => setTimeout(done, 30))
    last = await verified(file, source)
    items = [last, ...items]
  }
  working = null
  if (!last) return
  draw()
  finish(last)
}

function finish(last: Item): void {
  announced.textContent =
    'shown' in last
      ? say('done', { file: last.shown.answer.file, word: verdict_words(last.shown.answer.verdict).word })
      : say(last.title)
  const heading = document.getElementById(last.id)
  heading?.focus({ preventScroll: true })
  heading?.closest('article')?.scrollIntoView({ block: 'start' })
}

/** A file beyond the limit is not even read; one byte more than the limit says the same. */
async function bytes_of(file: File): Promise<Uint8Array> {
  return new Uint8Array(await file.slice(0, kFileBytesMax + 1).arrayBuffer())
}

async function verified(file: File, by: TrustSource): Promise<Item> {
  const id = `result-${(made += 1)}`
  try {
    const bytes = await bytes_of(file)
    if (looks_like_trust(bytes)) return { id, title: 'trust_title', trouble: say('trust_dropped', { file: file.name }) }
    return { id, shown: { answer: verify_file({ name: file.name, bytes }, by.trust, Date.now()), status: null } }
  } catch (error) {
    return {
      id,
      title: 'trouble_title',
      trouble: say('trouble', { reason: error instanceof Error ? error.message : String(error) }),
    }
  }
}

/** Files may be let go anywhere on the page; elsewhere the browser would open them and leave the page. */
function take_drops(): void {
  const over = (is_over: boolean) => document.querySelector('.dropzone')?.classList.toggle('is-over', is_over)
  document.addEventListener('dragover', (event) => {
    event.preventDefault()
    over(true)
  })
  document.addEventListener('dragleave', () => over(false))
  document.addEventListener('drop', (event) => {
    event.preventDefault()
    over(false)
    void verify_all([...(event.dataTransfer?.files ?? [])])
  })
}

take_drops()
void look_for_trust()

/** The page: whom it trusts, the place to drop files, and a card for each. Everything happens in this browser. */
import icon_address from '../../../public/icon.svg?url'
import '../../../public/public.css'
import './page.css'
import { parse_trust } from '../core/trust'
import { judge_file, kFileBytesMax } from '../core/verify'
import { button, file_chooser, icon, make } from './dom'
import { result_card, type Shown } from './result'
import { find_trust, fingerprint, looks_like_trust, type TrustSource } from './trust_source'
import { current_language, say, use_language, verdict_words, type WordKey } from './words'

const kAccept = '.pdf,.ofd,.xml,.json'
const is_on_site = location.protocol.startsWith('http')

type Item = { id: string; shown: Shown } | { id: string; trouble: string; title: WordKey }

let source: TrustSource | null = null
let is_looking_for_trust = true
let trust_problem = false
let items: Item[] = []
let working: { file: string; at: number; count: number } | null = null
let made = 0

const announced = make('p', { class: 'vh', role: 'status' })

function draw(): void {
  document.documentElement.lang = current_language() === 'zh' ? 'zh-CN' : 'en'
  document.title = `${say('title')} · ${say('brand')}`
  const main = make('main', { id: 'main', class: 'wrap narrow', tabindex: '-1' })
  main.append(make('h1', { class: 'gap' }, say('title')), make('p', { class: 'muted' }, say('lead')))
  if (source) main.append(drop_zone(), results(), trust_part(source), how_part())
  else main.append(is_looking_for_trust ? skeleton() : missing_trust(), how_part())
  const kept = document.querySelectorAll('body > :not(script, noscript)')
  for (const one of kept) if (one !== announced) one.remove()
  document.body.prepend(...head(), main, foot())
  if (!announced.isConnected) document.body.append(announced)
}

function head(): HTMLElement[] {
  const skip = make('a', { class: 'skip', href: '#main' }, say('skip'))
  const brand_parts = [
    make('img', { src: icon_address, alt: '', width: '28', height: '28' }),
    say('brand'),
    make('small', {}, say('brand_more')),
  ]
  const brand = is_on_site
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
    make('div', { class: 'wrap' }, brand, is_on_site && navigation, language),
  )
  const note =
    source?.trust.sandbox && make('aside', { class: 'demo', 'aria-label': say('sandbox_label') }, say('sandbox'))
  return [skip, ...(note ? [note] : []), header]
}

function foot(): HTMLElement {
  const save = make('a', { href: './kaigong-verify.html', download: 'kaigong-verify.html' }, say('save'))
  const words = make('span', {}, source?.trust.name ?? say('foot'))
  return make('footer', { class: 'pfoot' }, make('div', { class: 'wrap row between' }, words, is_on_site && save))
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

function missing_trust(): HTMLElement {
  return make(
    'section',
    { class: 'card pad-l gap', 'aria-labelledby': 'trust-missing' },
    make('h2', { id: 'trust-missing' }, say('trust_missing_title')),
    make('p', { class: 'gap' }, say('trust_missing')),
    trust_problem && make('p', { class: 'err', role: 'alert' }, icon('bad'), ' ', say('trust_wrong')),
    make('p', { class: 'gap' }, trust_chooser(say('trust_choose'), 'btn-primary')),
  )
}

const kTrustFrom = { carried: 'trust_carried', fetched: 'trust_fetched', chosen: 'trust_chosen' } as const

function trust_part({ trust, from }: TrustSource): HTMLElement {
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
      trust_problem && make('p', { class: 'err', role: 'alert' }, icon('bad'), ' ', say('trust_wrong')),
      make('details', {}, make('summary', {}, say('trust_details')), list),
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

async function choose_trust(file: File): Promise<void> {
  try {
    source = { trust: parse_trust(await file.text()), from: 'chosen' }
    // What was judged by another list is no result any more.
    items = []
    trust_problem = false
  } catch {
    trust_problem = true
  }
  draw()
  document.getElementById(source ? 'files' : 'trust-file')?.focus()
}

/** Newest first. The page is drawn before each file, so that a large one does not look like a page that hangs. */
async function verify_all(files: File[]): Promise<void> {
  if (!source || working || files.length === 0) return
  let last: Item | null = null
  for (const [place, file] of files.entries()) {
    working = { file: file.name, at: place + 1, count: files.length }
    draw()
    announced.textContent = say('working', working)
    await new Promise((done) => setTimeout(done, 30))
    last = await verified(file, source)
    items = [last, ...items]
  }
  working = null
  draw()
  if (last) finish(last)
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

async function verified(file: File, by: TrustSource): Promise<Item> {
  const id = `result-${(made += 1)}`
  try {
    // A file beyond the limit is not even read; one byte more than the limit says the same.
    const bytes = new Uint8Array(await file.slice(0, kFileBytesMax + 1).arrayBuffer())
    if (looks_like_trust(bytes)) return { id, title: 'trust_title', trouble: say('trust_dropped', { file: file.name }) }
    return { id, shown: { ...judge_file({ name: file.name, bytes }, by.trust, Date.now()), status: null } }
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
draw()
void find_trust()
  .catch(() => {
    trust_problem = true
    return null
  })
  .then((found) => {
    source = found
    is_looking_for_trust = false
    draw()
  })

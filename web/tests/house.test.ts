/** Things that hold for the whole tree: both languages say the same, used words exist, styles share one set of tokens. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const web = process.cwd()

type Words = { [key: string]: string | Words }

function files(folder: string, ends: RegExp): string[] {
  return readdirSync(join(web, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => ends.test(name))
    .map((name) => join(web, folder, name))
}

function flat(words: Words, before = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(words)) {
    if (typeof value === 'string') found.set(before + key, value)
    else for (const [inside, text] of flat(value, `${before}${key}.`)) found.set(inside, text)
  }
  return found
}

function words_of(locale: string): Map<string, string> {
  const all = new Map<string, string>()
  for (const file of files('src', new RegExp(`locales/${locale}\\.json$`))) {
    const topic = /modules\/([^/]+)\//.exec(file)?.[1]
    for (const [key, text] of flat(JSON.parse(readFileSync(file, 'utf8')) as Words))
      all.set(topic ? `${topic}.${key}` : key, text)
  }
  return all
}

function holes(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort()
}

describe('words', () => {
  const chinese = words_of('zh-CN')
  const english = words_of('en')

  it('exist in both languages, with the same places for values', () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort())
    for (const [key, text] of chinese) expect([key, holes(english.get(key) ?? '')]).toEqual([key, holes(text)])
  })

  it('stand in the locales alone: no page has Chinese of its own, but for letters that are Chinese', () => {
    const found = files('src', /\.vue$/).filter((file) => {
      const template = readFileSync(file, 'utf8').replace(/<script[\s\S]*?<\/script>|<!--[\s\S]*?-->/g, '')
      return /[\u4e00-\u9fff]/.test(template.replace(/<div class="letter" lang="zh-CN">[\s\S]*?<\/div>/, ''))
    })
    expect(found).toEqual([])
  })

  it('exist wherever they are used', () => {
    const missing = files('src', /\.(vue|ts)$/)
      .filter((file) => !file.endsWith('.test.ts'))
      .flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(/\bt\(\s*'([\w.-]+)'/g)].map((match) => match[1] ?? ''),
      )
      .filter((key) => !chinese.has(key))
    expect([...new Set(missing)]).toEqual([])
  })
})

/** Reasons of what is refused, as the code of the server names them; without those that only its operator meets. */
function reasons_in(folder: string, among: RegExp): Set<string> {
  const found = new Set<string>()
  const call = /\b(?:error\(\s*Errc::\w+,|invalid_field\(|refuse\()[^;]*?"([a-z]+\.[a-z_]+)"/g
  for (const name of readdirSync(join(web, '../server', folder), { recursive: true, encoding: 'utf8' })) {
    if (!/\.[ch]pp$/.test(name) || /_test\.|testing\//.test(name)) continue
    for (const [, reason = ''] of readFileSync(join(web, '../server', folder, name), 'utf8').matchAll(call))
      if (among.test(reason)) found.add(reason)
  }
  return found
}

describe('refusals', () => {
  const english = JSON.parse(readFileSync(join(web, 'src/shared/i18n/refusals.en.json'), 'utf8')) as Words
  const kOfTheOperator =
    /no_emergency_factor|emergency_account|officers_by_provider|rp_id|issuer_not_secure|provider_settings|token_not_valid|openid/

  it('of the door are told in English on an English page', () => {
    const said = ['modules/identity', 'modules/oauth', 'authz'].flatMap((folder) => [
      ...reasons_in(folder, /^(identity|oauth|authz|applications)\./),
    ])
    expect(said.length).toBeGreaterThan(100)
    expect(said.filter((reason) => !(reason in english) && !kOfTheOperator.test(reason)).sort()).toEqual([])
  })

  it('are none that the server no longer knows', () => {
    const server = readdirSync(join(web, '../server'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.[ch]pp$/.test(name))
      .map((name) => readFileSync(join(web, '../server', name), 'utf8'))
      .join('\n')
    expect(Object.keys(english).filter((reason) => !server.includes(`"${reason}"`))).toEqual([])
  })
})

/** The document exists once `node tools/check/openapi.mjs` has run at the root. */
const has_document = existsSync(join(web, '../build/openapi.json'))

describe('the interface', () => {
  it.skipIf(!has_document)('has the types that its document says', () => {
    const done = spawnSync(process.execPath, ['tools/api.mjs', '--check'], { cwd: web, encoding: 'utf8' })
    expect([done.status, done.stderr]).toEqual([0, ''])
  })
})

/** The formatter lowers the case of colours and spaces out commas; the value is the same. */
function plain(value: string): string {
  return value
    .toLowerCase()
    .replace(/\s+/g, '')
    .replace(/(^|[^\d])\./g, '$10.')
    .replaceAll("'", '"')
}

describe('styles', () => {
  function tokens(path: string): Map<string, string> {
    const root = /:root\s*\{([^}]*)\}/.exec(readFileSync(join(web, path), 'utf8'))?.[1] ?? ''
    return new Map(
      [...root.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map((match) => [match[1] ?? '', plain(match[2] ?? '')]),
    )
  }

  it('of the public pages repeat the tokens of the application', () => {
    expect(tokens('public/public.css')).toEqual(tokens('src/shared/ui/tokens.css'))
    expect(tokens('public/public.css').size).toBeGreaterThan(20)
  })

  it('are never written into markup, which the content policy refuses', () => {
    for (const file of [...files('src', /\.vue$/), ...files('public-templates', /\.html$/)])
      expect([file, /\sstyle="/.test(readFileSync(file, 'utf8').replace(/:style="/g, ''))]).toEqual([file, false])
  })
})

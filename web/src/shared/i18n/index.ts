/**
 * Messages: Chinese is the source and always loaded; English comes as chunks of its own when asked for.
 * Each module keeps its words in locales/{zh-CN,en}.json under its own name.
 */
import type { Plugin, Ref } from 'vue'
import { createI18n } from 'vue-i18n'
import { active_locale, remember_locale, type Locale } from './locale'
import { load_refusals } from './refusals'

type Messages = Record<string, unknown>

const chinese = import.meta.glob<Messages>(
  ['/src/modules/*/locales/zh-CN.json', '/src/shared/i18n/locales/zh-CN.json'],
  {
    eager: true,
    import: 'default',
  },
)
const english = import.meta.glob<Messages>(['/src/modules/*/locales/en.json', '/src/shared/i18n/locales/en.json'], {
  import: 'default',
})

function topic_of(path: string): string {
  return /modules\/([^/]+)\//.exec(path)?.[1] ?? 'shared'
}

function gather(files: Record<string, Messages>): Messages {
  const messages: Messages = {}
  for (const [path, words] of Object.entries(files)) {
    const topic = topic_of(path)
    if (topic === 'shared') Object.assign(messages, words)
    else messages[topic] = words
  }
  return messages
}

/** As much of vue-i18n as is used; its own types follow every message and overwhelm the compiler. */
interface Translator {
  t: (key: string, named?: Record<string, unknown>) => string
  locale: Ref<string>
  availableLocales: string[]
  setLocaleMessage: (locale: string, messages: Messages) => void
}

const made: unknown = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': gather(chinese) } as never,
})
export const i18n = made as Plugin & { global: Translator }

export async function use_locale(locale: Locale): Promise<void> {
  if (locale === 'en' && !i18n.global.availableLocales.includes('en')) {
    const loaded: Record<string, Messages> = {}
    await Promise.all([
      load_refusals(),
      ...Object.entries(english).map(async ([path, load]) => {
        loaded[path] = await load()
      }),
    ])
    i18n.global.setLocaleMessage('en', gather(loaded))
  }
  i18n.global.locale.value = locale
  remember_locale(locale)
}

export async function use_stored_locale(): Promise<void> {
  await use_locale(active_locale())
}

/** For code outside components. */
export const t = i18n.global.t

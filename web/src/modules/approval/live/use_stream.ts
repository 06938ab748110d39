/**
 * Events of one address of the server, as long as somebody looks at the page: a browser has six connections to a server
 * for all its tabs together. It reconnects by itself and says what it saw last; where the server gives no stream, the
 * page asks now and then, and once when it is looked at again.
 */
import { onScopeDispose, watch } from 'vue'

const kAskEveryMs = 20_000

export interface StreamUse {
  /** `here` is how it stands, `changed` that something happened just now. */
  on_event: (name: 'here' | 'changed', data: string) => void
  /** For where there is no stream, or was none. */
  ask: () => Promise<void>
}

export function use_stream(address: () => string | null, { on_event, ask }: StreamUse): void {
  let source: EventSource | null = null
  let timer: ReturnType<typeof setTimeout> | null = null

  function stop(): void {
    source?.close()
    source = null
    if (timer) clearTimeout(timer)
    timer = null
  }

  function ask_later(url: string): void {
    timer = setTimeout(() => {
      void ask()
        .catch(() => undefined)
        .finally(() => {
          if (address() === url && timer) listen(url)
        })
    }, kAskEveryMs)
  }

  function listen(url: string): void {
    stop()
    if (typeof EventSource === 'undefined') return ask_later(url)
    const opened = new EventSource(url)
    source = opened
    for (const name of ['here', 'changed'] as const)
      opened.addEventListener(name, (event) => on_event(name, (event as MessageEvent<string>).data))
    opened.onerror = () => {
      // A broken connection is made again by the browser; a refusal is not.
      if (opened.readyState === EventSource.CLOSED && source === opened) {
        source = null
        ask_later(url)
      }
    }
  }

  const is_hidden = (): boolean => document.visibilityState === 'hidden'

  function begin_or_stop(): void {
    const url = address()
    if (url && !is_hidden()) listen(url)
    else stop()
  }

  function on_visibility(): void {
    begin_or_stop()
    if (address() && !is_hidden()) void ask().catch(() => undefined)
  }

  watch(address, begin_or_stop, { immediate: true })
  document.addEventListener('visibilitychange', on_visibility)
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', on_visibility)
    stop()
  })
}

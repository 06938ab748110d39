/** Mounts a page as the application would: messages, router, and the story's answers instead of a server. */
import { render, type RenderResult } from '@testing-library/vue'
import axe from 'axe-core'
import { createMemoryHistory, createRouter, type RouteRecordRaw } from 'vue-router'
import { defineComponent, h, type Component } from 'vue'
import { RouterView } from 'vue-router'
import { vi } from 'vitest'
import { i18n } from '@/shared/i18n'
import { forget_session, find_session } from '@/shared/session'
import { make_stub, type Stub } from './stub'

export interface Mounted extends RenderResult {
  stub: Stub
  path: () => string
  /** As if somebody wrote another address into the same tab. */
  go: (address: string) => Promise<unknown>
}

export function answer_with(stub: Stub): void {
  vi.stubGlobal('fetch', (request: Request) => stub.answer(request))
}

export async function mount_page(
  page: Component,
  route: string,
  address: string,
  account: string | null,
  stub: Stub = make_stub(account),
): Promise<Mounted> {
  answer_with(stub)
  forget_session()
  if (account) await find_session()
  const other = defineComponent({ render: () => h('p', 'another page') })
  const routes: RouteRecordRaw[] = [
    { path: route, component: page, props: true, meta: { title: 'brand.name' } },
    { path: '/:rest(.*)*', component: other, meta: { title: 'brand.name' } },
  ]
  const router = createRouter({ history: createMemoryHistory(), routes })
  await router.push(address)
  const shell = defineComponent({ render: () => h('main', [h(RouterView)]) })
  const mounted = render(shell, { global: { plugins: [i18n, router] } })
  return { ...mounted, stub, path: () => router.currentRoute.value.fullPath, go: (to) => router.push(to) }
}

/** What axe finds, in a part of a large page alone; colours need a browser that paints and are looked at there. */
export async function axe_findings(part: Element = document.body): Promise<string[]> {
  const result = await axe.run(part, {
    rules: {
      'color-contrast': { enabled: false },
      region: { enabled: false },
      'page-has-heading-one': { enabled: false },
    },
  })
  return result.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`)
}

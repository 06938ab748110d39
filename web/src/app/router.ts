/**
 * All addresses of the client. Each module lists its own; this file adds the door and the guard.
 * One address per thing, so a link sent to a colleague opens the same view if she may see it.
 */
import { nextTick } from 'vue'
import { createRouter, createWebHistory, type RouteLocationNormalized, type RouteRecordRaw } from 'vue-router'
import { when_signed_out } from '@/shared/api/client'
import type { AccountKind } from '@/shared/api/types'
import { t } from '@/shared/i18n'
import { find_session, forget_session, start_page_of, use_session } from '@/shared/session'
import { administration_routes } from '@/modules/administration/routes'
import { application_routes } from '@/modules/applications/routes'
import { approval_routes } from '@/modules/approval/routes'
import { catalog_routes } from '@/modules/catalog/routes'
import { certificate_routes } from '@/modules/certificates/routes'
import { identity_routes } from '@/modules/identity/routes'
import { oauth_routes } from '@/modules/oauth/routes'
import { permit_routes } from '@/modules/permits/routes'

declare module 'vue-router' {
  interface RouteMeta {
    /** A message key; the page's title until the page knows better. */
    title: string
    /** True where nobody has to be signed in. */
    open?: boolean
    /** Which accounts the page is made for; absent means any. */
    kinds?: AccountKind[]
    /** Text pages are narrow, desks take the whole width. */
    width?: 'text' | 'wide'
    /** Pages of the bureau with personal values: they bear the name of who looks. */
    watermark?: boolean
  }
}

const routes: RouteRecordRaw[] = [
  {
    path: '/',
    redirect: () => start_page_of(use_session().account.value),
  },
  ...identity_routes,
  ...oauth_routes,
  ...application_routes,
  ...approval_routes,
  ...permit_routes,
  ...certificate_routes,
  ...catalog_routes,
  ...administration_routes,
  {
    path: '/:rest(.*)*',
    name: 'not_found',
    component: () => import('./NotFoundPage.vue'),
    meta: { title: 'not_found.title', open: true },
  },
]

export const router = createRouter({
  history: createWebHistory('/app/'),
  routes,
  scrollBehavior(to, from, saved) {
    if (saved) return saved
    if (to.path === from.path) return undefined
    return { top: 0 }
  },
})

router.beforeEach(async (to) => {
  if (to.meta.open) return true
  try {
    const session = await find_session()
    if (session?.stage !== 'full') return { path: '/sign-in', query: { next: to.fullPath } }
    if (to.path !== '/applications') return true
    const start = start_page_of(session.account)
    return start === to.path ? true : start
  } catch {
    // The server is away: the page itself says so and offers to try again.
    return true
  }
})

router.afterEach((to, from, failure) => {
  if (failure) return
  document.title = `${t(to.meta.title)} · ${t('brand.name')}`
  if (from.matched.length && to.path !== from.path) void move_focus_to_content()
})

/** A new page is read from its start, so the focus goes there, as it would after a full load. */
async function move_focus_to_content(): Promise<void> {
  await nextTick()
  document.getElementById('main')?.focus({ preventScroll: true })
}

export function set_page_title(title: string): void {
  document.title = `${title} · ${t('brand.name')}`
}

when_signed_out(() => {
  const here: RouteLocationNormalized = router.currentRoute.value
  if (here.meta.open) return
  forget_session()
  void router.push({ path: '/sign-in', query: { next: here.fullPath, ended: '1' } })
})

import type { RouteRecordRaw } from 'vue-router'

export const permit_routes: RouteRecordRaw[] = [
  {
    path: '/permits',
    name: 'permits',
    component: () => import('./pages/PermitsPage.vue'),
    meta: { title: 'permits.list.title' },
  },
  {
    path: '/permits/:permit_number',
    name: 'permit',
    component: () => import('./pages/PermitPage.vue'),
    props: true,
    meta: { title: 'permits.title', watermark: true },
  },
]

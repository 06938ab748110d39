import type { RouteRecordRaw } from 'vue-router'

export const oauth_routes: RouteRecordRaw[] = [
  {
    path: '/authorise',
    name: 'authorise',
    component: () => import('./pages/AuthorisePage.vue'),
    meta: { title: 'oauth.title', width: 'text' },
  },
  {
    path: '/device',
    name: 'device',
    component: () => import('./pages/DevicePage.vue'),
    meta: { title: 'oauth.device.title', width: 'text' },
  },
  {
    path: '/consents',
    name: 'consents',
    component: () => import('./pages/ConsentsPage.vue'),
    meta: { title: 'oauth.consents.title', width: 'text' },
  },
]

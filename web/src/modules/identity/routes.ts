import type { RouteRecordRaw } from 'vue-router'

export const identity_routes: RouteRecordRaw[] = [
  {
    path: '/sign-in',
    name: 'sign_in',
    component: () => import('./pages/SignInPage.vue'),
    meta: { title: 'identity.title', open: true },
  },
  {
    path: '/account/factors',
    name: 'factors',
    component: () => import('./pages/FactorsPage.vue'),
    meta: { title: 'identity.factors.title' },
  },
]

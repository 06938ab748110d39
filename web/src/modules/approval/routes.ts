import type { RouteRecordRaw } from 'vue-router'

export const approval_routes: RouteRecordRaw[] = [
  {
    path: '/inbox',
    name: 'inbox',
    component: () => import('./pages/InboxPage.vue'),
    meta: { title: 'approval.inbox.title', kinds: ['officer'], width: 'wide' },
  },
  {
    path: '/copies',
    name: 'copies',
    component: () => import('./pages/CopiesPage.vue'),
    meta: { title: 'approval.copies.title', kinds: ['officer'], width: 'wide' },
  },
  {
    path: '/deputies',
    name: 'deputies',
    component: () => import('./pages/DeputiesPage.vue'),
    meta: { title: 'approval.deputies.title', kinds: ['officer'], width: 'wide' },
  },
  {
    path: '/oversight',
    name: 'oversight',
    component: () => import('./oversight/OversightPage.vue'),
    meta: { title: 'approval.oversight.title', kinds: ['officer'], width: 'wide' },
  },
  {
    path: '/consult',
    name: 'consult',
    component: () => import('./pages/ConsultPage.vue'),
    meta: { title: 'approval.consult.page.title', open: true },
  },
  {
    path: '/tasks/:task_id',
    name: 'task',
    component: () => import('./pages/CasePage.vue'),
    props: true,
    meta: { title: 'approval.case.title', kinds: ['officer'], width: 'wide', watermark: true },
  },
]

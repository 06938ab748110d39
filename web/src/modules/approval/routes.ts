import type { RouteRecordRaw } from 'vue-router'

export const approval_routes: RouteRecordRaw[] = [
  {
    path: '/inbox',
    name: 'inbox',
    component: () => import('./pages/InboxPage.vue'),
    meta: { title: 'approval.inbox.title', kinds: ['officer'], width: 'wide' },
  },
  {
    path: '/tasks/:task_id',
    name: 'task',
    component: () => import('./pages/CasePage.vue'),
    props: true,
    meta: { title: 'approval.case.title', kinds: ['officer'], width: 'wide' },
  },
]

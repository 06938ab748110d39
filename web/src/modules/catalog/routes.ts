import type { RouteRecordRaw } from 'vue-router'

const page = () => import('./pages/RulePackagePage.vue')
const process_page = () => import('./pages/ProcessPackagePage.vue')
const process_meta = { title: 'catalog.processes.title', kinds: ['administrator' as const], width: 'wide' as const }
const meta = { title: 'catalog.rules.title', kinds: ['administrator' as const], width: 'wide' as const }

export const catalog_routes: RouteRecordRaw[] = [
  {
    path: '/calendar',
    name: 'calendar',
    component: () => import('./pages/CalendarPage.vue'),
    meta: { title: 'catalog.calendar.title', kinds: ['officer', 'administrator'], width: 'wide' },
  },
  {
    path: '/authorities',
    name: 'authorities',
    component: () => import('./pages/AuthoritiesPage.vue'),
    meta: { title: 'catalog.authorities.title', kinds: ['administrator'], width: 'wide' },
  },
  { path: '/rules', name: 'rule_packages', component: () => import('./pages/RulePackagesPage.vue'), meta },
  { path: '/rules/:matter_code', name: 'rule_package', component: page, props: true, meta },
  { path: '/rules/:matter_code/tables/:decision', name: 'rule_table', component: page, props: true, meta },
  { path: '/rules/:matter_code/versions/:version', name: 'rule_version', component: page, props: true, meta },
  {
    path: '/rules/:matter_code/versions/:version/tables/:decision',
    name: 'rule_version_table',
    component: page,
    props: true,
    meta,
  },
  {
    path: '/processes',
    name: 'process_packages',
    component: () => import('./pages/ProcessPackagesPage.vue'),
    meta: process_meta,
  },
  {
    path: '/processes/:matter_code',
    name: 'process_package',
    component: process_page,
    props: true,
    meta: process_meta,
  },
  {
    path: '/processes/:matter_code/versions/:version',
    name: 'process_version',
    component: process_page,
    props: true,
    meta: process_meta,
  },
]

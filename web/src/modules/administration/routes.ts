import type { RouteRecordRaw } from 'vue-router'

const wide = { width: 'wide' as const }

export const administration_routes: RouteRecordRaw[] = [
  {
    path: '/administration/people',
    name: 'people',
    component: () => import('./pages/PeoplePage.vue'),
    meta: { title: 'administration.people.title', kinds: ['administrator'], ...wide },
  },
  {
    path: '/administration/people/:account_id',
    name: 'person',
    component: () => import('./pages/PersonPage.vue'),
    props: true,
    meta: { title: 'administration.people.title', kinds: ['administrator'], ...wide },
  },
  {
    path: '/administration/organisations',
    name: 'registered_organisations',
    component: () => import('./pages/OrganisationsPage.vue'),
    meta: { title: 'administration.organisations.title', kinds: ['officer', 'administrator'], ...wide },
  },
  {
    path: '/administration/id-numbers',
    name: 'id_numbers',
    component: () => import('./pages/IdNumbersPage.vue'),
    meta: { title: 'administration.id_numbers.title', kinds: ['officer'], ...wide },
  },
  {
    path: '/administration/successions',
    name: 'successions',
    component: () => import('./pages/SuccessionsPage.vue'),
    meta: { title: 'administration.successions.title', kinds: ['administrator'], ...wide },
  },
  {
    path: '/administration/rights',
    name: 'rights',
    component: () => import('./pages/RightsPage.vue'),
    meta: { title: 'administration.rights.title', kinds: ['administrator'], ...wide },
  },
  {
    path: '/administration/sign-ins',
    name: 'sign_ins',
    component: () => import('./pages/SignInsPage.vue'),
    meta: { title: 'administration.sign_ins.title', kinds: ['administrator'], ...wide },
  },
  {
    path: '/administration/clients',
    name: 'clients',
    component: () => import('./pages/ClientsPage.vue'),
    meta: { title: 'administration.clients.title', kinds: ['administrator'], ...wide },
  },
  {
    path: '/administration/clients/:client_id',
    name: 'client',
    component: () => import('./pages/ClientPage.vue'),
    props: true,
    meta: { title: 'administration.clients.title', kinds: ['administrator'], ...wide },
  },
  {
    path: '/administration/keys',
    name: 'keys',
    component: () => import('./pages/KeysPage.vue'),
    meta: { title: 'administration.keys.title', kinds: ['administrator'], ...wide },
  },
]

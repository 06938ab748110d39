import type { RouteRecordRaw } from 'vue-router'

export const application_routes: RouteRecordRaw[] = [
  {
    path: '/applications',
    name: 'applications',
    component: () => import('./pages/ApplicationsPage.vue'),
    meta: { title: 'applications.list.title' },
  },
  {
    path: '/applications/new',
    name: 'new_application',
    component: () => import('./pages/NewApplicationPage.vue'),
    meta: { title: 'applications.new.title' },
  },
  {
    path: '/cases/by-person',
    name: 'cases_by_person',
    component: () => import('./pages/FindByPersonPage.vue'),
    meta: { title: 'applications.by_person.title', kinds: ['officer'], watermark: true },
  },
  {
    path: '/applications/:application_id',
    name: 'application',
    component: () => import('./pages/ApplicationPage.vue'),
    props: true,
    meta: { title: 'applications.track.title', watermark: true },
  },
  {
    path: '/applications/:application_id/edit/:step?',
    name: 'edit_application',
    component: () => import('./pages/EditApplicationPage.vue'),
    props: true,
    meta: { title: 'applications.edit.title', width: 'wide' },
  },
  {
    path: '/invited-parts',
    name: 'invited_parts',
    component: () => import('./pages/InvitedPartsPage.vue'),
    meta: { title: 'applications.parts.list_title' },
  },
  {
    path: '/invited-parts/:part_id',
    name: 'invited_part',
    component: () => import('./pages/InvitedPartPage.vue'),
    props: true,
    meta: { title: 'applications.parts.part_title', watermark: true },
  },
  {
    path: '/applications/:application_id/submitted',
    name: 'application_submitted',
    component: () => import('./pages/SubmittedPage.vue'),
    props: true,
    meta: { title: 'applications.submitted.title' },
  },
]

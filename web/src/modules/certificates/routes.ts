import type { RouteRecordRaw } from 'vue-router'

export const certificate_routes: RouteRecordRaw[] = [
  {
    path: '/permits/:permit_number/certificate',
    name: 'certificate',
    component: () => import('./pages/CertificatePage.vue'),
    props: true,
    meta: { title: 'certificates.title' },
  },
]

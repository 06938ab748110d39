import type { RouteRecordRaw } from 'vue-router'

export const identity_routes: RouteRecordRaw[] = [
  {
    path: '/sign-in',
    name: 'sign_in',
    component: () => import('./pages/SignInPage.vue'),
    meta: { title: 'identity.title', open: true },
  },
  {
    path: '/register',
    name: 'register',
    component: () => import('./pages/RegisterPage.vue'),
    meta: { title: 'identity.register.title', open: true },
  },
  {
    path: '/forgotten-password',
    name: 'forgotten_password',
    component: () => import('./pages/ForgottenPasswordPage.vue'),
    meta: { title: 'identity.forgotten.title', open: true },
  },
  {
    path: '/join',
    name: 'join',
    component: () => import('./pages/JoinPage.vue'),
    meta: { title: 'identity.join.page', open: true },
  },
  {
    path: '/privacy',
    name: 'privacy',
    component: () => import('./pages/PrivacyPage.vue'),
    meta: { title: 'identity.privacy.title', open: true, width: 'text' },
  },
  {
    path: '/account',
    component: () => import('./pages/AccountFrame.vue'),
    meta: { title: 'identity.account_page.title' },
    children: [
      {
        path: '',
        name: 'account',
        component: () => import('./pages/AccountPage.vue'),
        meta: { title: 'identity.account_page.title' },
      },
      {
        path: 'sessions',
        name: 'sessions',
        component: () => import('./pages/SessionsPage.vue'),
        meta: { title: 'identity.sessions.title' },
      },
      {
        path: 'factors',
        name: 'factors',
        component: () => import('./pages/FactorsPage.vue'),
        meta: { title: 'identity.factors.title' },
      },
      {
        path: 'organisations',
        name: 'organisations',
        component: () => import('./pages/OrganisationsPage.vue'),
        meta: { title: 'identity.organisations.title', kinds: ['owner_agent'] },
      },
      {
        path: 'organisations/:organisation_id',
        name: 'organisation',
        component: () => import('./pages/OrganisationPage.vue'),
        props: true,
        meta: { title: 'identity.organisations.title', kinds: ['owner_agent'] },
      },
    ],
  },
]

import { createApp } from 'vue'
import '@/shared/ui/tokens.css'
import '@/shared/ui/element.css'
import '@/shared/ui/base.css'
import { i18n, use_stored_locale } from '@/shared/i18n'
import { apply_preferences } from '@/shared/preferences'
import { guard_way_back } from '@/shared/session'
import App from './App.vue'
import { router } from './router'

async function start(): Promise<void> {
  await use_stored_locale()
  apply_preferences()
  guard_way_back()
  createApp(App).use(i18n).use(router).mount('#app')
}

void start()

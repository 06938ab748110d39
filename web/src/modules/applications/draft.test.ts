import { waitFor } from '@testing-library/vue'
import { effectScope, type EffectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Application, FormObject } from '@/shared/api/types'
import { find_session, forget_session } from '@/shared/session'
import { answer_with } from '../../../tests/mounting'
import { kDraftId } from '../../../tests/story'
import { make_stub, type Stub } from '../../../tests/stub'
import { use_draft, type Draft } from './draft'

let stub: Stub
let scope: EffectScope

async function open_draft(): Promise<Draft> {
  scope = effectScope()
  const draft = scope.run(() => use_draft(kDraftId)) as Draft
  await waitFor(() => expect(draft.loading.value).toBe(false))
  return draft
}

function saves() {
  return stub.seen.filter((one) => one.method === 'PUT' && one.path.endsWith('/form'))
}

beforeEach(async () => {
  stub = make_stub('school')
  answer_with(stub)
  forget_session()
  await find_session()
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

describe('a draft', () => {
  it('saves itself once after the last change, under its version', async () => {
    const draft = await open_draft()
    draft.set('works.works_name', '翠苑小学扩建')
    draft.set('works.works_name', '翠苑小学扩建工程二期')
    await waitFor(() => expect(draft.save_state.value).toBe('saved'), { timeout: 3000 })
    expect(saves()).toHaveLength(1)
    expect(saves()[0]?.headers.get('If-Match')).toBe('"3"')
    expect(saves()[0]?.headers.get('X-CSRF-Token')).toBe('csrf-owner')
    expect(draft.application.value?.version).toBe(4)
  })

  it('saves one at a time, whoever asks, and all that changes while it saves', async () => {
    const draft = await open_draft()
    const answer = stub.answer
    let under_way = 0
    let most = 0
    stub.answer = async (request) => {
      if (request.method !== 'PUT') return answer(request)
      most = Math.max(most, ++under_way)
      await new Promise((resolve) => setTimeout(resolve, 30))
      under_way -= 1
      return answer(request)
    }
    draft.set('works.works_name', '第一个名字')
    const asked = [draft.save(), draft.save(), draft.save()]
    await new Promise((resolve) => setTimeout(resolve, 5))
    draft.set('works.works_name', '第二个名字')
    await Promise.all([...asked, draft.save()])
    expect(most).toBe(1)
    expect(draft.save_state.value).toBe('saved')
    const last = saves().at(-1)?.body as { form: FormObject }
    expect((last.form.works as FormObject).works_name).toBe('第二个名字')
  })

  it('stays in this browser, without personal values, while the server is away, and goes out when it is back', async () => {
    const draft = await open_draft()
    stub.offline = true
    draft.set('works.works_name', '断网时写的名字')
    draft.set('agent.phone', '13900001111')
    await draft.save()
    expect(draft.save_state.value).toBe('kept')
    const kept = localStorage.getItem(`kaigong.draft.${kDraftId}`) ?? ''
    expect(kept).toContain('断网时写的名字')
    expect(kept).not.toContain('13900001111')
    stub.offline = false
    dispatchEvent(new Event('online'))
    await waitFor(() => expect(draft.save_state.value).toBe('saved'))
    expect(localStorage.getItem(`kaigong.draft.${kDraftId}`)).toBeNull()
  })

  it('takes up what the browser kept when it is opened again', async () => {
    const first = await open_draft()
    stub.offline = true
    first.set('works.works_name', '断网时写的名字')
    await first.save()
    const phone = (first.form.value.agent as FormObject).phone
    scope.stop()
    stub.offline = false
    const second = await open_draft()
    expect((second.form.value.works as FormObject).works_name).toBe('断网时写的名字')
    expect((second.form.value.agent as FormObject).phone).toBe(phone)
    expect(second.restored_at_ms.value).not.toBeNull()
  })

  it('keeps its version when an older answer comes late', async () => {
    const draft = await open_draft()
    const older = draft.application.value as Application
    draft.set('works.works_name', '翠苑小学扩建')
    await draft.save()
    draft.adopt_reply({ ...older, materials: [] })
    expect(draft.application.value?.version).toBe(4)
    expect(draft.application.value?.materials).toEqual([])
  })

  it('overwrites nobody: a newer version elsewhere is a question', async () => {
    const draft = await open_draft()
    const answer = stub.answer
    let refused = false
    stub.answer = async (request) => {
      if (request.method !== 'PUT' || refused) return answer(request)
      refused = true
      return new Response(JSON.stringify({ title: '这份草稿刚被改过', status: 412, reason: 'http.version_changed' }), {
        status: 412,
      })
    }
    draft.set('works.works_name', '我这里的')
    await draft.save()
    expect(draft.save_state.value).toBe('conflict')
    draft.set('works.works_address', '还在写')
    await draft.save()
    expect(saves()).toHaveLength(0)
    await draft.settle_conflict('mine')
    await draft.save()
    expect(draft.save_state.value).toBe('saved')
    expect(((saves()[0]?.body as { form: FormObject }).form.works as FormObject).works_name).toBe('我这里的')
  })
})

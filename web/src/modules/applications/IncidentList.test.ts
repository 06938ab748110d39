import { screen, waitFor } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { defineComponent, h, ref } from 'vue'
import { describe, expect, it } from 'vitest'
import type { Progress } from '@/shared/api/types'
import { axe_findings, mount_page } from '../../../tests/mounting'
import { kCorrectionId, progress } from '../../../tests/story_case'
import IncidentList from './components/IncidentList.vue'

const kStopped = { kind: 'incident' as const, name: '没有通知书的模板', since_at_ms: 1_795_395_600_000 }

async function open(incident: string | null) {
  const resolved = ref(0)
  const shown: Progress = {
    ...progress,
    application_id: kCorrectionId,
    waiting_for: [...progress.waiting_for, { ...kStopped, incident }],
  }
  const page = defineComponent({
    render: () => h(IncidentList, { progress: shown, onResolved: () => (resolved.value += 1) }),
  })
  return { ...(await mount_page(page, '/', '/', 'leader')), resolved }
}

describe('what stopped behind a case', () => {
  it('is tried again by those who may, with a key of its own for each press', async () => {
    const page = await open('app.do_job:0190')
    expect(await axe_findings()).toEqual([])
    await userEvent.click(await screen.findByRole('button', { name: '重试' }))
    const field = screen.getByLabelText(/哪里不对/)
    expect(field.getAttribute('aria-invalid')).toBe('true')
    expect(page.stub.seen.some((one) => one.path.endsWith('/resolution'))).toBe(false)
    expect(await axe_findings()).toEqual([])
    await userEvent.type(field, '模板已补{Enter}')
    await waitFor(() => expect(page.resolved.value).toBe(1))
    const sent = page.stub.seen.filter((one) => one.path.endsWith('/resolution'))
    expect(sent.map((one) => one.body)).toEqual([{ variables: {}, reason: '模板已补' }])
    expect(sent[0]?.headers.get('Idempotency-Key')).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: '重试' }))
    await waitFor(() => expect(page.resolved.value).toBe(2))
    const keys = page.stub.seen.map((one) => one.headers.get('Idempotency-Key')).filter(Boolean)
    expect(new Set(keys).size).toBe(2)
  })

  it('is only told to all others', async () => {
    await open(null)
    expect(await screen.findByText('没有通知书的模板')).toBeTruthy()
    expect(screen.queryByRole('button')).toBeNull()
  })
})

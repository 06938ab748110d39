import { render } from '@testing-library/vue'
import { describe, expect, it } from 'vitest'
import { answer_with } from '../../../tests/mounting'
import { make_stub } from '../../../tests/stub'
import { find_session, forget_session } from '../session'
import WaterMark from './WaterMark.vue'

async function look(account: string | null): Promise<HTMLElement | null> {
  forget_session()
  answer_with(make_stub(account))
  await find_session()
  const { container } = render(WaterMark)
  return container.querySelector('.watermark')
}

describe('the watermark', () => {
  it('says who looks and when, to nobody but the eye', async () => {
    const mark = await look('housing')
    const words = decodeURIComponent(mark?.style.backgroundImage ?? '')
    expect(words).toContain('housing')
    expect(words).toMatch(/\d{4}/)
    expect(mark?.getAttribute('aria-hidden')).toBe('true')
    expect(mark?.textContent).toBe('')
  })

  it('is not there while nobody is signed in', async () => {
    expect(await look(null)).toBeNull()
  })
})

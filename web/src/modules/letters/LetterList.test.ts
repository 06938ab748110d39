import { render, screen, waitFor } from '@testing-library/vue'
import { describe, expect, it } from 'vitest'
import { i18n } from '@/shared/i18n'
import { find_session, forget_session } from '@/shared/session'
import { answer_with } from '../../../tests/mounting'
import { kDraftId, letters } from '../../../tests/story'
import { make_stub } from '../../../tests/stub'
import LetterList from './components/LetterList.vue'

describe('the letters after handing in', () => {
  it('show the receipt that is written a moment later', async () => {
    const stub = make_stub('school')
    const answer = stub.answer
    let asked = 0
    stub.answer = async (request) => {
      if (!request.url.endsWith('/letters')) return answer(request)
      const found = asked++ ? [{ ...letters[0], round: 2, title: '物料回执' }] : []
      return new Response(JSON.stringify({ letters: found }), { headers: { 'Content-Type': 'application/json' } })
    }
    answer_with(stub)
    forget_session()
    await find_session()
    render(LetterList, { props: { application_id: kDraftId, awaited_round: 2 }, global: { plugins: [i18n] } })
    await screen.findByText('还没有文书。发出后会列在这里。')
    await waitFor(() => expect(screen.getByRole('button', { name: '物料回执' })).toBeTruthy(), { timeout: 4000 })
    expect(asked).toBe(2)
  })
})

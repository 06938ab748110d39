import { beforeEach, describe, expect, it } from 'vitest'
import type { Application, Progress } from '@/shared/api/types'
import { find_session, forget_session } from '@/shared/session'
import { answer_with } from '../../../tests/mounting'
import { kDraftId } from '../../../tests/story'
import { make_stub, type Stub } from '../../../tests/stub'
import { load_application, load_progress_of } from './api'

let stub: Stub
let application: Application

beforeEach(async () => {
  stub = make_stub('school')
  answer_with(stub)
  forget_session()
  await find_session()
  application = { ...(await load_application(kDraftId)), round: 2 }
})

/** Answers for the progress, one after the other; the last one stays. */
function progress_answers(...answers: (Partial<Progress> | number)[]): () => number {
  let asked = 0
  const answer = stub.answer
  stub.answer = async (request) => {
    if (!request.url.endsWith('/progress')) return answer(request)
    const found = answers[Math.min(asked++, answers.length - 1)]
    return typeof found === 'number'
      ? new Response('{"title":"没有找到"}', { status: found })
      : new Response(JSON.stringify(found), { status: 200, headers: { 'Content-Type': 'application/json' } })
  }
  return () => asked
}

describe('the progress of what was just handed in', () => {
  it('is waited for until it speaks of this round', async () => {
    const asked = progress_answers(404, { round: 1 }, { round: 2, headline: '窗口在核对' })
    expect((await load_progress_of(application)).headline).toBe('窗口在核对')
    expect(asked()).toBe(3)
  })

  it('is not asked for again where it cannot be had', async () => {
    const asked = progress_answers(403)
    await expect(load_progress_of(application)).rejects.toMatchObject({ status: 403 })
    expect(asked()).toBe(1)
  })
})

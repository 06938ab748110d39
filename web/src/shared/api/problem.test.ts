import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { use_locale } from '@/shared/i18n'
import { ApiProblem, unreachable_problem } from './problem'

const kLocked = {
  title: '登录失败次数过多，此账号暂停登录 30 分钟；可稍后再试，或请本单位安全管理员解除。',
  status: 429,
  reason: 'identity.too_many_attempts',
}

describe('what the server refuses, on an English page', () => {
  beforeEach(() => use_locale('en'))
  afterEach(() => use_locale('zh-CN'))

  it('is told in English, with the numbers of the server', () => {
    const problem = new ApiProblem(kLocked)
    expect(problem.message).toMatch(/^Too many failed attempts\. Try again in 30 minutes/)
  })

  it('is told in English beside its field too', () => {
    const told = {
      field: 'display_name',
      reason: 'json.text_too_long',
      message: '最多 60 个字，现为 66 个字，请删减。',
    }
    const problem = new ApiProblem({ title: '有 1 处填写不符合要求', status: 422, fields: [told] })
    expect(problem.fields[0]?.message).toBe('At most 60 characters; there are 66. Shorten it.')
  })

  it('follows the language when it is switched while it stands there', async () => {
    const problems = [new ApiProblem(kLocked), unreachable_problem()]
    expect(problems.map((one) => /[\u4e00-\u9fff]/.test(one.message))).toEqual([false, false])
    await use_locale('zh-CN')
    expect(problems[0]?.message).toBe(kLocked.title)
    expect(problems[1]?.message).toMatch(/连不上服务器/)
  })

  it('stays Chinese where nobody wrote the English, and where a number is missing', () => {
    const unknown = new ApiProblem({ title: '这件事没有英文。', status: 409, reason: 'web.only_in_chinese' })
    const numberless = new ApiProblem({ ...kLocked, title: '次数过多。' })
    expect([unknown.message, numberless.message]).toEqual(['这件事没有英文。', '次数过多。'])
  })
})

import { screen, waitFor } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { defineComponent, h, ref } from 'vue'
import { describe, expect, it } from 'vitest'
import { axe_findings, mount_page } from '../../../tests/mounting'
import { progress } from '../../../tests/story_case'
import RestrictionCard from './components/restriction/RestrictionCard.vue'
import { acts_on, type Restriction } from './operations/restriction'

const kNormal: Restriction = {
  confidentiality: 'normal',
  i_am_cleared: true,
  cleared: [{ name: '林局长', department_name: '住房和城乡建设局' }],
  lifting: null,
}
const kLifting: NonNullable<Restriction['lifting']> = {
  proposal_id: '01900000-0000-7000-8000-000000000001',
  reason: '已经公开',
  proposed_by: '林局长',
  proposed_by_me: false,
  proposed_at_ms: 1_795_395_600_000,
  expires_at_ms: 1_795_995_600_000,
}
const kRestricted: Restriction = { ...kNormal, confidentiality: 'restricted' }

async function open(restriction: Restriction) {
  const told = ref<string[]>([])
  const page = defineComponent({
    render: () =>
      h(RestrictionCard, {
        application_id: progress.application_id,
        restriction,
        onDone: (label: string) => told.value.push(label),
      }),
  })
  const mounted = await mount_page(page, '/', '/', 'head')
  await screen.findByText('限制知悉', { selector: 'h2' })
  return { ...mounted, told }
}

describe('who may know a case', () => {
  it('is told with the people who would still know it', async () => {
    await open(kNormal)
    expect(screen.getByText('林局长')).toBeTruthy()
    expect(screen.getByRole('button', { name: '设为限制知悉' })).toBeTruthy()
    expect(await axe_findings()).toEqual([])
  })

  it('is restricted with a reason; without one nothing is sent, and what was typed stays', async () => {
    const page = await open(kNormal)
    const sent = () => page.stub.seen.filter((one) => one.path.endsWith('/restriction'))
    await userEvent.click(screen.getByRole('button', { name: '设为限制知悉' }))
    const verb = () => screen.getAllByRole('button', { name: '设为限制知悉' }).at(-1) as HTMLElement
    await userEvent.click(verb())
    expect(screen.getAllByText(/请写明限制知悉的理由/)).toHaveLength(2)
    expect(sent()).toEqual([])
    await userEvent.type(screen.getByLabelText(/理由/), '涉及商业秘密')
    await userEvent.click(screen.getByRole('button', { name: '先不办' }))
    await userEvent.click(screen.getByRole('button', { name: '设为限制知悉' }))
    expect((screen.getByLabelText(/理由/) as HTMLTextAreaElement).value).toBe('涉及商业秘密')
    await userEvent.click(verb())
    await waitFor(() => expect(page.told.value).toEqual(['设为限制知悉']))
    expect(sent()).toHaveLength(1)
  })

  it('says to who is not cleared why he cannot', async () => {
    await open({ ...kNormal, i_am_cleared: false, cleared: [] })
    expect(screen.queryByRole('button', { name: '设为限制知悉' })).toBeNull()
    expect(screen.getByText(/请先联系安全管理员/)).toBeTruthy()
    expect(screen.getByText(/没有人/)).toBeTruthy()
  })

  it('is lifted by two: who proposed it waits, another agrees or refuses', async () => {
    expect(acts_on(kRestricted)).toEqual(['propose'])
    expect(acts_on({ ...kRestricted, lifting: { ...kLifting, proposed_by_me: true } })).toEqual([])
    const page = await open({ ...kRestricted, lifting: kLifting })
    expect(screen.getByText(/林局长于/)).toBeTruthy()
    expect(screen.queryByRole('button', { name: '提出解除' })).toBeNull()
    await userEvent.click(screen.getByRole('button', { name: '不同意解除' }))
    await userEvent.click(screen.getAllByRole('button', { name: '不同意解除' }).at(-1) as HTMLElement)
    expect(screen.getAllByText('请写明不同意的理由')).toHaveLength(2)
    await userEvent.click(screen.getByRole('button', { name: '先不办' }))
    await userEvent.click(screen.getByRole('button', { name: '同意解除' }))
    await userEvent.click(screen.getAllByRole('button', { name: '同意解除' }).at(-1) as HTMLElement)
    await waitFor(() => expect(page.told.value).toEqual(['同意解除']))
    expect(page.stub.seen.at(-1)?.path.endsWith('/restriction/lifting/confirmation')).toBe(true)
    expect(await axe_findings()).toEqual([])
  })
})

import { fireEvent, render, screen, waitFor, within } from '@testing-library/vue'
import userEvent from '@testing-library/user-event'
import { defineComponent, h, provide, ref, type Ref } from 'vue'
import { beforeEach, describe, expect, it } from 'vitest'
import { i18n } from '@/shared/i18n'
import type { Finding, FormObject } from '@/shared/api/types'
import { answer_with, axe_findings } from '../../../../tests/mounting'
import { case_file, findings, matter } from '../../../../tests/story'
import { make_stub } from '../../../../tests/stub'
import { kFormContext } from '../form/context'
import { set_value } from '../form/paths'
import { use_form_rules } from '../form/rules'
import FormStep from './FormStep.vue'

function show(step_name: string, start: FormObject, found: Finding[] = []): Ref<FormObject> {
  const form = ref<FormObject>(structuredClone(start))
  const step = matter.layout.steps.find((one) => one.step === step_name)
  if (!step) throw new Error(`no step ${step_name}`)
  const page = defineComponent({
    setup() {
      const schema = ref(matter.form_schema)
      provide(kFormContext, {
        matter: ref(matter),
        form,
        rules: use_form_rules(schema, form),
        findings: ref(found),
        points: ref([]),
        unread: ref({}),
        editable: ref(true),
        set: (path, value) => set_value(form.value, path, value),
        open_evidence: () => undefined,
      })
      return () => h(FormStep, { step })
    },
  })
  render(page, { global: { plugins: [i18n] } })
  return form
}

function finding_card(title: string): HTMLElement {
  const card = screen.getAllByRole('article').find((one) => one.textContent?.includes(title))
  if (!card) throw new Error(`no card ${title}`)
  return card
}

beforeEach(() => answer_with(make_stub('school')))

describe('a step of the form', () => {
  it('takes money in 万元 and keeps it in 分', async () => {
    const form = show('contract', case_file.form)
    const price = screen.getByLabelText(/^合同价格/)
    await userEvent.clear(price)
    await userEvent.type(price, '8260.1')
    await userEvent.tab()
    expect((form.value.contract as FormObject).contract_price_fen).toBe(8_260_100_000)
    expect(price).toHaveProperty('value', '8\u00a0260.1')
  })

  it('keeps what it cannot read and says how to write it', async () => {
    const form = show('contract', case_file.form)
    const price = screen.getByLabelText(/^合同价格/)
    await userEvent.clear(price)
    await userEvent.type(price, '八千多')
    await userEvent.tab()
    expect(price).toHaveProperty('value', '八千多')
    expect(price.getAttribute('aria-invalid')).toBe('true')
    expect((form.value.contract as FormObject).contract_price_fen).toBeUndefined()
    const said = document.getElementById(String(price.getAttribute('aria-describedby')).split(' ').pop() ?? '')
    expect(said?.textContent).toContain('8260.5')
  })

  it('takes a date as people write it and shows the weekday', async () => {
    const form = show('contract', {})
    const signed = screen.getByLabelText(/^签订日期/)
    await userEvent.type(signed, '2026.11.10')
    await userEvent.tab()
    expect((form.value.contract as FormObject).signed_on).toBe('2026-11-10')
    expect(signed).toHaveProperty('value', '2026年11月10日（周二）')
  })

  it('asks yes or no by two radios under the field’s name', async () => {
    const form = show('works', { works: { works_category: '01' } })
    const group = screen.getByRole('radiogroup', { name: /是否装修工程/ })
    await userEvent.click(within(group).getByRole('radio', { name: '是' }))
    expect((form.value.works as FormObject).is_fit_out).toBe(true)
    expect(await screen.findByLabelText(/装修面积/)).toBeTruthy()
  })

  it('chooses a division level by level', async () => {
    const form = show('works', {})
    const province = await screen.findByRole('combobox', { name: /工程所在区划 省/ })
    await userEvent.selectOptions(province, '浙江省')
    await userEvent.selectOptions(await screen.findByRole('combobox', { name: /工程所在区划 市/ }), '杭州市')
    await userEvent.selectOptions(await screen.findByRole('combobox', { name: /工程所在区划 区县/ }), '西湖区')
    expect((form.value.works as FormObject).region_code).toBe('330106')
  })

  it('puts a finding beside its field and binds the two', () => {
    show('contract', case_file.form, findings)
    const price = screen.getByLabelText(/^合同价格/)
    const said = String(price.getAttribute('aria-describedby'))
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent)
      .join('')
    expect(said).toContain('合同价格与施工合同不一致')
    const card = finding_card('合同价格与施工合同不一致')
    expect(within(card).getByText('依据')).toBeTruthy()
    expect(price.compareDocumentPosition(card) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy()
  })

  it('adds, copies, edits and removes rows, and sums them', async () => {
    const form = show('buildings', case_file.form)
    const rows = () => form.value.buildings as FormObject[]
    const first = String(rows()[0]?.building_name)
    await waitFor(() => screen.getByRole('rowheader', { name: first }))
    expect(screen.getByRole('table', { name: '单体工程' }).textContent).toContain('15\u00a0618.27\u00a0㎡')
    await userEvent.click(screen.getByRole('button', { name: `复制 ${first}` }))
    expect(rows()).toHaveLength(4)
    expect(rows().map((one) => one.building_no)).toEqual([1, 2, 3, 4])
    const name = await screen.findByLabelText(/^单体名称/)
    await userEvent.clear(name)
    await userEvent.type(name, '4号门卫')
    await userEvent.click(screen.getByRole('button', { name: '填好了，回到列表' }))
    expect(rows()[1]?.building_name).toBe('4号门卫')
    await userEvent.click(screen.getByRole('button', { name: '删除 4号门卫' }))
    expect(rows()).toHaveLength(4)
    await userEvent.click(screen.getByRole('button', { name: '删除 4号门卫' }))
    expect(rows()).toHaveLength(3)
  })

  it('keeps the focus in the list when a row goes, and says so', async () => {
    const form = show('buildings', case_file.form)
    const names = () => ((form.value.buildings ?? []) as FormObject[]).map((one) => String(one.building_name))
    const [, second = '', third = ''] = names()
    await userEvent.click(await screen.findByRole('button', { name: `删除 ${second}` }))
    await waitFor(() => expect(document.activeElement?.textContent).toContain(`删除 ${second}`))
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(document.activeElement?.getAttribute('aria-label')).toBe(`修改 ${third}`))
    expect(screen.getByText(`已删除${second}，还有 2 条。`).getAttribute('role')).toBe('status')
    for (let left = names().length; left > 0; left--) {
      const removing = screen.getAllByRole('button', { name: /^删除 / })[0] as HTMLElement
      await userEvent.click(removing)
      await userEvent.keyboard('{Enter}')
    }
    await waitFor(() => expect(document.activeElement?.textContent).toContain('加一条单体工程'))
  })

  it('does not say a row’s name twice, and puts the role first', async () => {
    show('participants', case_file.form)
    const table = await screen.findByRole('table', { name: '参建单位' })
    const heads = within(table)
      .getAllByRole('columnheader')
      .map((one) => one.textContent?.trim())
    expect(heads.slice(0, 2)).toEqual(['名称', '参建角色'])
    expect(heads).not.toContain('单位名称')
  })

  it('nests lists: people inside a participant', async () => {
    const form = show('participants', case_file.form)
    const participants = () => form.value.participants as FormObject[]
    const place = participants().findIndex((one) => one.role === 'main_contractor')
    const name = String(participants()[place]?.organisation_name)
    await userEvent.click(await screen.findByRole('button', { name: `修改 ${name}` }))
    const before = ((participants()[place]?.people as unknown[]) ?? []).length
    await userEvent.click(await screen.findByRole('button', { name: '加一条关键岗位人员' }))
    expect(participants()[place]?.people as unknown[]).toHaveLength(before + 1)
  })

  it('is clean for axe', async () => {
    show('works', case_file.form, findings)
    await screen.findByRole('combobox', { name: /工程所在区划 区县/ })
    expect(await axe_findings()).toEqual([])
  })

  it('lets the browser’s calendar fill a date', async () => {
    const form = show('contract', {})
    const native = document.querySelector<HTMLInputElement>('input[type=date]')
    if (!native) throw new Error('no calendar')
    await fireEvent.update(native, '2026-11-10')
    await fireEvent.change(native)
    expect(Object.values(form.value.contract as FormObject)).toContain('2026-11-10')
  })
})

import type { Authority } from '@/modules/catalog/authorities/api'

const kMatter = {
  matter_code: 'construction-permit',
  matter_name: '建筑工程施工许可',
  statutory_working_days: 7,
  matter_working_days: 3,
}

/** A province, a city that promises for its area, and a district with a day of its own. */
export const authorities: Authority[] = [
  {
    region_code: '330000',
    name: '浙江省住房和城乡建设厅（演示）',
    parent: null,
    region_name: '浙江省',
    issues_for: [],
    settings: {},
    promises: [{ ...kMatter, working_days: 3, promised_by_name: null }],
    publication: null,
    may_edit: true,
  },
  {
    region_code: '330100',
    name: '杭州市城乡建设委员会（演示）',
    parent: '330000',
    region_name: '杭州市',
    issues_for: [],
    settings: { promised_working_days: { 'construction-permit': 2 }, promise_binds_area: true, days: [] },
    promises: [{ ...kMatter, working_days: 2, promised_by_name: '杭州市城乡建设委员会（演示）' }],
    publication: { number: 4, published_by_name: '陈可', published_at_ms: 1_795_395_600_000 },
    may_edit: true,
  },
  {
    region_code: '330106',
    name: '杭州市西湖区住房和城乡建设局（演示）',
    parent: '330100',
    region_name: '西湖区',
    issues_for: [{ code: '330106', name: '西湖区' }],
    settings: {
      promised_working_days: {},
      promise_binds_area: false,
      days: [{ on: '2026-12-19', name: '周六延时服务', working: true, document: null }],
    },
    promises: [{ ...kMatter, working_days: 2, promised_by_name: '杭州市城乡建设委员会（演示）' }],
    publication: { number: 5, published_by_name: null, published_at_ms: 1_795_395_600_000 },
    may_edit: true,
  },
]

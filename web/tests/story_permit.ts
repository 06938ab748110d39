// The permit at the end of the story, and a second matter.
import type { Permit } from '@/shared/api/types'
import { kGrantedId } from './story_case'

export const permit: Permit = {
  permit_number: '330106202611090101',
  application_id: kGrantedId,
  state: 'in_force',
  state_name: '有效',
  works_name: '三墩小学体育馆',
  works_address: '杭州市西湖区三墩镇样例路 77 号',
  owner_name: '杭州市西湖区教育建设中心(示例)',
  issuing_authority: '杭州市西湖区住房和城乡建设局(示例)',
  issued_on: '2026-11-09',
  start_due_on: '2027-02-09',
  start_due_provisional: true,
  contract_price_text: '8260 万元',
  scale_text: '12345.67平方米，3 个单体',
  region_code: '330106',
  participants: [
    { role: 'surveyor', role_name: '勘察单位', organisation_name: '杭州示例岩土勘察有限公司', lead_name: '吴样舟' },
    { role: 'designer', role_name: '设计单位', organisation_name: '浙江样例建筑设计有限公司', lead_name: '孙例平' },
    { role: 'main_contractor', role_name: '施工单位', organisation_name: '浙江示例建设有限公司', lead_name: '李样例' },
    {
      role: 'resident_engineer',
      role_name: '监理单位',
      organisation_name: '杭州样本工程监理有限公司',
      lead_name: '郑例远',
    },
  ],
  version: 1,
}

export const night_works = {
  matter_code: 'night-construction',
  name: '夜间施工许可',
  summary: '因特殊需要必须在夜间连续作业的，开工前申请。',
  statutory_working_days: 5,
  promised_working_days: 2,
}

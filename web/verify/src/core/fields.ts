/** The items of a certificate in the order in which they are printed, and how they are called. */
import type { CertificateObject } from './contents'

export interface Field {
  key: string
  zh: string
  en: string
  value: string
  /** Whether the page must hold it. The name of the certificate is set in two lines; the rest stands there as it is. */
  is_printed: boolean
}

/** 2026-12-02 → 2026年12月2日 */
export function chinese_day(day: string): string {
  const [year, month, date] = day.split('-').map(Number)
  return `${year}年${month}月${date}日`
}

const kProject: [key: string, zh: string, en: string, is_printed: boolean][] = [
  ['works_name', '工程名称', 'Works', true],
  ['works_address', '建设地址', 'Address', true],
  ['scale_text', '建设规模', 'Scale', true],
  ['contract_price_text', '合同价格', 'Contract price', true],
  ['duration_text', '合同工期', 'Duration', true],
  ['project_code', '项目代码', 'Project code', false],
]

/** What is there, in order; units and buildings one by one. */
export function fields_of(certificate: CertificateObject): Field[] {
  const fields: Field[] = []
  const add = (key: string, zh: string, en: string, value: unknown, is_printed: boolean) => {
    if (typeof value === 'string' && value !== '') fields.push({ key, zh, en, value, is_printed })
  }
  add('permit_number', '许可证编号', 'Permit number', certificate.permit_number, true)
  add('holder', '建设单位', 'Owner', certificate.holder.name, true)
  for (const [key, zh, en, is_printed] of kProject) add(key, zh, en, certificate.project[key], is_printed)
  for (const unit of certificate.units) {
    const role = typeof unit.role_name === 'string' ? unit.role_name : '参建单位'
    const english =
      typeof unit.role === 'string' ? unit.role[0]?.toUpperCase() + unit.role.slice(1).replaceAll('_', ' ') : 'Unit'
    add('unit', role, english, unit.name, true)
    add('unit_lead', `${role}负责人`, `${english}: lead`, unit.lead_name, true)
  }
  for (const building of certificate.buildings) add('building', '单体', 'Building', building.building_name, true)
  add('remark', '备注', 'Remark', certificate.remark, true)
  add('issuer', '发证机关', 'Authority', certificate.issuer.name, true)
  add('issued_on', '发证日期', 'Issued on', chinese_day(certificate.issued_on), true)
  add('certificate_identifier', '电子证照标识', 'Identifier', certificate.certificate_identifier, true)
  return fields
}

/** Where lines break is the page's affair, and so are spaces: both sides are compared without any. */
export function missing_on_page(certificate: CertificateObject, printed: string): Field[] {
  const plain = (text: string) => text.normalize('NFC').replace(/[\s\u200b]/gu, '')
  const page = plain(printed)
  return fields_of(certificate).filter((field) => field.is_printed && !page.includes(plain(field.value)))
}

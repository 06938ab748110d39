/** The items of a certificate in the order in which they are printed, and how they are called. */
import type { CertificateObject } from './contents'

export interface Field {
  key: string
  zh: string
  en: string
  value: string
  /** Whether the page must hold it: nobody told a verifier the template of a certificate that it does not know. */
  is_printed: boolean
}

/** 2026-12-02 → 2026年12月2日 */
export function chinese_day(day: string): string {
  const [year, month, date] = day.split('-').map(Number)
  return `${year}年${month}月${date}日`
}

/** This one prints all that it says; of others only what every certificate must show is looked for. */
const kFullyPrinted = '中华人民共和国建筑工程施工许可证'

const kProject: [key: string, zh: string, en: string, is_always_printed: boolean | null][] = [
  ['works_name', '工程名称', 'Works', true],
  ['works_address', '建设地址', 'Address', true],
  ['scale_text', '建设规模', 'Scale', false],
  ['contract_price_text', '合同价格', 'Contract price', false],
  ['duration_text', '合同工期', 'Duration', false],
  ['project_code', '项目代码', 'Project code', null],
]

/** main_contractor → Main contractor */
function in_english(role: string): string {
  return role.charAt(0).toUpperCase() + role.slice(1).replaceAll('_', ' ')
}

/** What is there, in order; units and buildings one by one. */
export function fields_of(certificate: CertificateObject): Field[] {
  const fields: Field[] = []
  const add = (key: string, zh: string, en: string, value: unknown, is_printed: boolean) => {
    if (typeof value === 'string' && value !== '') fields.push({ key, zh, en, value, is_printed })
  }
  const is_full = certificate.certificate_name === kFullyPrinted
  add('permit_number', '许可证编号', 'Permit number', certificate.permit_number, true)
  add('holder', '建设单位', 'Owner', certificate.holder.name, true)
  for (const [key, zh, en, is_always] of kProject)
    add(key, zh, en, certificate.project[key], is_always === true || (is_full && is_always === false))
  for (const unit of certificate.units) {
    const role = typeof unit.role_name === 'string' ? unit.role_name : '参建单位'
    const english = typeof unit.role === 'string' ? in_english(unit.role) : 'Unit'
    add('unit', role, english, unit.name, is_full)
    add('unit_lead', `${role}负责人`, `${english}: lead`, unit.lead_name, is_full)
  }
  for (const building of certificate.buildings) {
    add('building', '单体', 'Building', building.building_name, is_full)
    add('building_area', '单体面积', 'Building: area', building.floor_area_text, is_full)
  }
  add('remark', '备注', 'Remark', certificate.remark, is_full)
  add('issuer', '发证机关', 'Authority', certificate.issuer.name, true)
  add('issued_on', '发证日期', 'Issued on', chinese_day(certificate.issued_on), true)
  add('certificate_identifier', '电子证照标识', 'Identifier', certificate.certificate_identifier, true)
  return fields
}

/**
 * Where lines break is the page's affair, and so are spaces: both sides are compared without any. The identifier holds
 * the permit number; what it says is not what is printed as the number.
 */
export function missing_on_page(certificate: CertificateObject, printed: string): Field[] {
  const plain = (text: string) => text.normalize('NFC').replace(/[\s\u200b]/gu, '')
  const page = plain(printed)
  const identifier = plain(certificate.certificate_identifier)
  const rest = page.replaceAll(identifier, '\n')
  const fields = fields_of(certificate).filter((field) => field.is_printed)
  if (fields.length * page.length > kComparedMax) return fields
  const is_missing = ({ key, value }: Field) => !holds(key === 'certificate_identifier' ? page : rest, plain(value))
  return fields.filter(is_missing)
}

/** Seconds, where a certificate with five hundred buildings takes a tenth of one. */
const kComparedMax = 1_000_000_000
/** The engine looks for short texts quickly, whatever they are. */
const kShort = 200

/** Knuth, Morris and Pratt: each character of the page is looked at twice at the most. */
function holds(page: string, value: string): boolean {
  if (value.length <= kShort) return page.includes(value)
  const back = fallbacks(value)
  for (let at = 0, same = 0; at < page.length; at += 1) {
    while (same > 0 && page[at] !== value[same]) same = back[same - 1] ?? 0
    if (page[at] === value[same]) same += 1
    if (same === value.length) return true
  }
  return false
}

/** For each place of the value, how long a beginning of it ends there. */
function fallbacks(value: string): Int32Array {
  const back = new Int32Array(value.length)
  for (let at = 1, same = 0; at < value.length; at += 1) {
    while (same > 0 && value[at] !== value[same]) same = back[same - 1] ?? 0
    if (value[at] === value[same]) same += 1
    back[at] = same
  }
  return back
}

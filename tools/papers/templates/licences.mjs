// Licences, qualifications, certificates of persons.
import { addDays, day, escape, foot, page, rows } from '../kit.mjs'

const kBusiness = { main_contractor: '各类工程建设活动；建筑工程、市政工程施工', designer: '建设工程设计；规划设计管理', surveyor: '建设工程勘察；测绘服务', resident_engineer: '工程监理服务；工程造价咨询', owner: '工程项目建设与管理' }
const kQualification = { building_general: '建筑工程施工总承包', municipal_general: '市政公用工程施工总承包', survey: '工程勘察（岩土工程）专业', design: '工程设计（建筑、市政行业）', resident_engineering: '房屋建筑工程监理、市政公用工程监理' }
const kClass = { 311: '壹级', 312: '贰级', 201: '甲级', 202: '乙级' }
const kRegistration = { registered_constructor: ['建造师注册证书', '注册建造师'], registered_architect: ['注册建筑师注册证书', '一级注册建筑师'], registered_geotechnical_engineer: ['注册土木工程师注册证书', '注册土木工程师（岩土）'], registered_resident_engineer: ['监理工程师注册证书', '注册监理工程师'] }
const kSpecialty = { surveyor: '岩土工程', designer: '建筑设计', main_contractor: '建筑工程', resident_engineer: '房屋建筑工程' }

/** 营业执照 of each named party: code at the head, name and legal representative in label rows, seal foot right. */
export function business_licence({ form, of }) {
  return form.participants.filter((p) => of.includes(p.role)).map((p) => page(`
    <div class="number" style="text-align:left">统一社会信用代码<br><span style="font-size:13pt">${escape(p.credit_code)}</span> <span class="small">（1/1）</span></div>
    <h1 style="font-size:30pt;letter-spacing:14px;margin-top:-12mm">营业执照</h1><p class="centre small">（副本）</p>
    <div class="two" style="margin-top:5mm"><table class="plain">
      <tr><th>名　　称</th><td>${escape(p.organisation_name)}</td></tr><tr><th>类　　型</th><td>有限责任公司（示例）</td></tr><tr><th>法定代表人</th><td>${escape(p.legal_representative.name)}</td></tr>
      <tr><th>经 营 范 围</th><td>${kBusiness[p.role] ?? kBusiness.owner}</td></tr></table>
    <table class="plain"><tr><th>注 册 资 本</th><td>壹亿元整</td></tr><tr><th>成 立 日 期</th><td>2012年5月18日</td></tr><tr><th>营 业 期 限</th><td>2012年5月18日至长期</td></tr><tr><th>住　　所</th><td>${escape(p.address ?? `浙江省杭州市样例路${p.participant_no}号`)}</td></tr></table></div>
    <div style="position:absolute;right:24mm;bottom:14mm">${foot('杭州市示例市场监督管理局', '2024-03-12', { size: 34 })}</div><p class="small" style="position:absolute;left:24mm;bottom:20mm">登记机关以国家企业信用信息公示系统为准（样例不可查）</p>`, { size: 'A4L', frame: 'framed' }))
}

/** 资质证书, one page a party. */
export function qualification_certificate({ form, of }) {
  return form.participants.filter((p) => of.includes(p.role) && p.qualification).map((p) => page(`
    <h1 style="margin-top:6mm">${p.role === 'main_contractor' ? '建筑业企业资质证书' : p.role === 'resident_engineer' ? '工程监理资质证书' : p.role === 'surveyor' ? '工程勘察资质证书' : '工程设计资质证书'}</h1><p class="centre small">（副本）</p>
    <table class="plain" style="margin-top:14mm;font-size:14pt"><tr><th>证 书 编 号</th><td>${p.qualification.number}</td></tr><tr><th>企 业 名 称</th><td>${escape(p.organisation_name)}</td></tr><tr><th>社会信用代码</th><td>${p.credit_code}</td></tr>
    <tr><th>法定代表人</th><td>${escape(p.legal_representative.name)}</td></tr><tr><th>资质类别及等级</th><td>${kQualification[p.qualification.category]}${kClass[p.qualification.class]}</td></tr><tr><th>有 效 期 至</th><td>${day(p.qualification.valid_through_on)}</td></tr></table>
    <div style="margin-top:56mm">${foot('浙江省示例住房和城乡建设厅', '2025-01-10')}</div>`, { frame: 'framed blue' }))
}

/** 安全生产许可证: number head right, two dates at the foot. */
export function safety_licence({ form, of }) {
  return form.participants.filter((p) => of.includes(p.role) && p.safety_licence).map((p) => page(`
    <div class="number">编号：${p.safety_licence.number}</div><h1 style="font-size:26pt">安全生产许可证</h1><p class="centre small">（副本）</p>
    <table class="plain" style="margin:4mm 0 0 14mm;width:92%"><tr><th>单 位 名 称</th><td>${escape(p.organisation_name)}</td></tr><tr><th>主要负责人</th><td>${escape(p.legal_representative.name)}</td></tr><tr><th>单 位 地 址</th><td>浙江省杭州市样例路${p.participant_no}号</td></tr><tr><th>许 可 范 围</th><td>建筑施工</td></tr>
    <tr><th>有 效 期</th><td>${day(addDays(p.safety_licence.valid_through_on, -1095))} 至 ${day(p.safety_licence.valid_through_on)}</td></tr></table>
    <div style="position:absolute;right:30mm;bottom:16mm">${foot('浙江省示例住房和城乡建设厅', addDays(p.safety_licence.valid_through_on, -1095), { size: 34 })}</div>`, { size: 'A4L', frame: 'framed green' }))
}

/** Registration certificates of the leads. */
export function registration_certificate({ form, of }) {
  return form.participants.filter((p) => of.includes(p.role) && p.lead?.registration_kind).map((p) => {
    const [title, kind] = kRegistration[p.lead.registration_kind]
    const grade = p.lead.registration_class ? (p.lead.registration_class === 'first' ? '一级' : '二级') : ''
    return page(`<h1 style="margin-top:10mm">中华人民共和国<br>${grade}${title}</h1><div class="two" style="margin-top:10mm"><div class="photo" style="flex:none">样例照片</div>
      <table class="plain"><tr><th>姓　　名</th><td>${escape(p.lead.name)}</td></tr><tr><th>注 册 编 号</th><td>${p.lead.registration_number}</td></tr><tr><th>资 格 名 称</th><td>${grade}${kind}</td></tr><tr><th>注 册 专 业</th><td>${kSpecialty[p.role] ?? '—'}</td></tr><tr><th>聘 用 企 业</th><td>${escape(p.lead.registration_firm)}</td></tr><tr><th>注册有效期至</th><td>${day(p.lead.registration_valid_through_on)}</td></tr></table></div>
      <p style="margin-top:10mm">签名：<span class="sign">${escape(p.lead.name)}</span></p><div style="margin-top:24mm">${foot('浙江省示例注册管理中心', addDays(p.lead.registration_valid_through_on, -1095))}</div>`, { frame: 'framed' })
  })
}

/** 安全生产考核合格证: B of the lead and C of each safety officer; the class stands in the number only. */
export function safety_certificate({ form, of }) {
  const firm = form.participants.find((p) => of.includes(p.role))
  const holders = [{ name: firm.lead.name, id_number: firm.lead.id_number, number: firm.lead.safety_certificate_number, through: firm.lead.safety_certificate_valid_through_on, work: '建筑施工企业项目负责人' }]
  for (const one of firm.people ?? []) if (one.position === 'safety_officer') holders.push({ name: one.name, id_number: one.id_number, number: one.certificate_number, through: one.certificate_valid_through_on, work: '专职安全生产管理人员' })
  return holders.map((h) => page(`<h1 style="margin-top:8mm;font-size:18pt">建筑施工企业<br>安全生产考核合格证书</h1>${rows([['编　　号', escape(h.number)], ['姓　　名', escape(h.name)], ['身份证号', h.id_number], ['企业名称', escape(firm.organisation_name)], ['岗　　位', h.work], ['有 效 期', `${day(addDays(h.through, -1095))} 至 ${day(h.through)}`]])}${foot('浙江省示例住房和城乡建设厅', addDays(h.through, -1095))}`, { frame: 'framed' }))
}

/** Chief resident engineer: registration and letter of appointment for this works. */
export function chief_resident_engineer({ form }) {
  const firm = form.participants.find((p) => p.role === 'resident_engineer')
  const appointment = page(`<h1 style="margin-top:14mm">总监理工程师任命书</h1><div class="body"><p style="text-indent:0">致：${escape(form.participants[0].organisation_name)}</p><p>兹任命 ${escape(firm.lead.name)}（注册号 ${firm.lead.registration_number}）为我单位承担的“${escape(form.works.works_name)}”总监理工程师，负责履行监理合同、主持项目监理机构工作，任期至工程竣工验收合格。</p><p>特此任命。</p></div><p style="margin-top:14mm">法定代表人（签字）：<span class="sign">${escape(firm.legal_representative.name)}</span></p><p>总监理工程师（签字）：<span class="sign">${escape(firm.lead.name)}</span></p><div style="margin-top:12mm">${foot(firm.organisation_name, firm.lead.authorisation_signed_on)}</div>`)
  return [...registration_certificate({ form, of: ['resident_engineer'] }), appointment]
}

/** Both sides of an identity card on one sheet. */
export function id_card({ form }) {
  const { name, id_number: number } = form.agent
  const birth = `${number.slice(6, 10)} 年 ${Number(number.slice(10, 12))} 月 ${Number(number.slice(12, 14))} 日`
  const box = 'border:.4mm solid #777;border-radius:4mm;padding:5mm 6mm;width:86mm;height:54mm;position:relative;background:#f3f6fa;font-size:9.5pt;line-height:1.75'
  return [page(`<p class="small centre" style="margin-bottom:3mm">经办人身份证复印件（仅用于办理施工许可）</p><div style="display:flex;gap:6mm;justify-content:center">
    <div style="${box}"><p>姓　名　${escape(name)}</p><p>性　别　${Number(number[16]) % 2 ? '男' : '女'}　民族　汉</p><p>出　生　${birth}</p><p style="width:48mm">住　址　浙江省杭州市样例路样例弄6号101室</p><p style="position:absolute;bottom:3mm">公民身份号码 ${number}</p><div class="photo" style="position:absolute;right:5mm;top:7mm;width:20mm;height:26mm">样例</div></div>
    <div style="${box};text-align:center"><p style="font-size:12pt;text-align:center;margin-top:5mm">样例证件<br>居民身份证</p><p style="margin-top:7mm">签发机关　杭州市示例公安分局</p><p>有效期限　2018.06.01-2038.06.01</p></div></div>
    <p class="small" style="margin-top:6mm">经办单位：${escape(form.participants[0].organisation_name)}　　用途：${escape(form.works.works_name)}申领施工许可证　　再复印无效</p>`, { size: 'card' })]
}


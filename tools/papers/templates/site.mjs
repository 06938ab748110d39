// Papers of the site: plans, measures, commitments, authority of the agent.
import { addDays, day, escape, foot, grid, metres, page, rows } from '../kit.mjs'

const ownerOf = (form) => form.participants[0]
const contractorOf = (form) => form.participants.find((p) => p.role === 'main_contractor')
const kHazards = { pit: ['基坑支护及土方开挖', '开挖深度'], formwork: ['混凝土模板支撑体系', '搭设高度'], lifting: ['起重吊装及起重机械安装拆卸', '塔式起重机'], scaffold: ['落地式脚手架', '搭设高度'], steel_structure: ['钢结构安装', '最大跨度'] }
const kDuties = { owner: '建设单位', surveyor: '勘察单位', designer: '设计单位', main_contractor: '施工单位', resident_engineer: '监理单位' }

/** 授权委托书. */
export function power_of_attorney({ form }) {
  const owner = ownerOf(form)
  const { agent } = form
  return [page(`<h1 style="margin-top:14mm">法定代表人授权委托书</h1><div class="body"><p>本人 ${escape(owner.legal_representative.name)} 系 ${escape(owner.organisation_name)} 的法定代表人，现委托 ${escape(agent.name)}（身份证号：${agent.id_number}）为代理人，办理“${escape(form.works.works_name)}”建筑工程施工许可证的申请、补正、签收等事项。</p><p>代理人在授权范围内签署的文件，我单位予以承认。</p><p>委托期限至${day(agent.power_through_on)}。代理人无转委托权。</p></div><table class="plain" style="margin-top:12mm"><tr><td>法定代表人（签字）：<span class="sign">${escape(owner.legal_representative.name)}</span></td><td>代理人（签字）：<span class="sign">${escape(agent.name)}</span></td></tr></table><div style="margin-top:16mm">${foot(owner.organisation_name, owner.lead.authorisation_signed_on)}</div>`)]
}

/** 施工组织设计: cover with approvals, contents, the chapter on quality and safety. */
export function construction_plan({ form }) {
  const firm = contractorOf(form)
  const title = `<p class="centre" style="font-size:16pt;margin-top:40mm">${escape(form.works.works_name)}</p><h1 style="font-size:30pt;letter-spacing:10px;margin-top:8mm">施工组织设计</h1>`
  const cover = page(`${title}<table class="plain" style="width:110mm;margin:60mm auto 0;font-size:12pt"><tr><th>编制人</th><td class="sign">${escape(firm.lead.name)}</td></tr><tr><th>审批人</th><td class="sign">${escape(firm.legal_representative.name)}</td></tr><tr><th>编制单位</th><td>${escape(firm.organisation_name)}</td></tr><tr><th>编制日期</th><td>${day(addDays(form.contract.signed_on, 2))}</td></tr></table>`)
  const chapters = ['编制依据', '工程概况', '施工部署', '施工进度计划', '施工准备与资源配置', '主要施工方案', '质量保证措施', '安全生产与文明施工措施', '绿色施工与扬尘控制', '应急预案']
  const contents = page(`<h1>目　录</h1><table class="plain">${chapters.map((c, i) => `<tr><td>第${'一二三四五六七八九十'[i]}章　${c}</td><td style="text-align:right">${3 + i * 9}</td></tr>`).join('')}</table><p class="small">（本件为节选：封面、目录、第七章和第八章要点）</p>`)
  const chapter = page(`<h2 style="font-size:15pt">第七章　质量保证措施（要点）</h2><p>1. 项目负责人 ${escape(firm.lead.name)} 对工程质量全面负责，质量员每日巡检并记录。</p><p>2. 材料进场须有合格证明，按规定见证取样；未经检验合格不得使用。</p><p>3. 隐蔽工程经监理验收后方可进入下道工序，验收记录当日归档。</p><h2 style="font-size:15pt">第八章　安全生产与文明施工措施（要点）</h2><p>1. 配备专职安全员 ${(firm.people ?? []).filter((p) => p.position === 'safety_officer').length} 名，持证上岗；班前交底，每周检查。</p><p>2. 危大工程编制专项方案，${form.safety.has_hazardous_subworks ? '清单见附件' : '本工程无危大工程'}；起重机械使用登记后方可投入使用。</p><p>3. 工地实行围挡、道路硬化、车辆冲洗、裸土覆盖；夜间施工须另行申请。</p><p>4. 施工前查明地下管线，建设单位已提供管线资料并组织交底。</p>${foot(firm.organisation_name, addDays(form.contract.signed_on, 2))}`)
  return [cover, contents, chapter]
}

/** 安全施工措施资料: a table of what is provided. */
export function safety_measures({ form }) {
  const firm = contractorOf(form)
  const officers = (firm.people ?? []).filter((p) => p.position === 'safety_officer').map((p) => escape(p.name)).join('、')
  return [page(`<h1>建设工程安全施工措施资料</h1>${rows([['工程名称', escape(form.works.works_name)], ['建设单位', escape(ownerOf(form).organisation_name)], ['施工单位', escape(firm.organisation_name)], ['项目负责人', escape(firm.lead.name), '专职安全员', officers], ['安全文明施工费', `${(form.contract.safety_fee_fen / 100).toLocaleString('en-US')} 元，已列入合同`]])}
    ${grid(['序号', '措施', '落实情况'], [[1, '安全生产责任制和操作规程', '已制定，上墙公示'], [2, '施工现场总平面布置、临时用电方案', '已编制'], [3, '临边、洞口、通道防护', '随进度搭设'], [4, '消防通道、水源和器材', '已布置'], [5, '毗邻建筑和地下管线保护', '已交底'], [6, '起重机械、脚手架验收', '使用前验收'], [7, '扬尘、噪声、污水控制', '已编制方案'], [8, '应急预案和救援器材', '已备案']])}${foot(firm.organisation_name, addDays(form.contract.signed_on, 3))}`)]
}

/** 危大工程清单. */
export function hazardous_subworks({ form }) {
  const firm = contractorOf(form)
  const size = (kind) => (kind === 'pit' ? `${metres(form.works.pit_depth_max_mm ?? 0)} m` : kind === 'steel_structure' ? '24.00 m' : kind === 'lifting' ? '2 台' : '8.20 m')
  return [page(`<h1 style="font-size:17pt">危险性较大的分部分项工程清单</h1><p>工程名称：${escape(form.works.works_name)}</p>${grid(['序号', '名称', '规模', '超过一定规模', '专项方案', '专家论证日期'], form.safety.hazardous_subworks.map((h, i) => [i + 1, kHazards[h.kind]?.[0] ?? '其他', `${kHazards[h.kind]?.[1] ?? ''} ${size(h.kind)}`, h.over_scale ? '是' : '否', h.plan_ready ? '已编制' : '待编制', h.expert_review_on ? day(h.expert_review_on) : '—']))}<p class="small">超过一定规模的危大工程已组织专家论证，专家五名，结论为通过；论证报告留存备查。</p>${foot(firm.organisation_name, addDays(form.contract.signed_on, 3))}`)]
}

/** 授权书 and 工程质量终身责任承诺书 of each of the five parties. */
export function quality_commitment({ form, of }) {
  return form.participants.filter((p) => of.includes(p.role)).map((p) => page(`<h1 style="margin-top:8mm">工程质量终身责任承诺书</h1><div class="body"><p>本人受 ${escape(p.organisation_name)} 法定代表人 ${escape(p.legal_representative.name)} 授权，担任“${escape(form.works.works_name)}”${kDuties[p.role]}项目负责人，对该工程${p.role === 'owner' ? '建设' : kDuties[p.role].slice(0, 2)}工作实施组织管理。</p><p>本人承诺严格依据法律、法规和工程建设标准履行职责，并在工程设计使用年限内对质量承担相应终身责任。</p></div>${rows([['承诺人签字', `<span class="sign">${escape(p.lead.name)}</span>`], ['身份证号', p.lead.id_number], ['注册执业证号', p.lead.registration_number ?? '—'], ['签字日期', day(p.lead.quality_commitment_signed_on)]])}${foot(p.organisation_name, p.lead.authorisation_signed_on)}`))
}

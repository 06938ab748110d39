// Award, contract, guarantees, wages.
import { addDays, day, escape, foot, page, rows, seal, squareMetres, metres, wan, yuan } from '../kit.mjs'
import { moneyInWords } from '../codes.mjs'

const ownerOf = (form) => form.participants[0]
const contractorOf = (form) => form.participants.find((p) => p.role === 'main_contractor')
const scaleOf = ({ works }) => (works.works_category === '02' ? `道路及管线总长度 ${metres(works.length_mm)} 米` : `建筑面积 ${squareMetres(works.floor_area_m2_hundredths)} 平方米`)
const blank = (text) => `<u>　${text}　</u>`

/** 中标通知书: prose with blanks, amounts in figures and words, seals of owner and agency. */
export function award_notice({ form }) {
  const { bidding, contract, works } = form
  const contractor = contractorOf(form)
  return [page(`<h1 style="margin-top:6mm">中标通知书</h1><div class="number">编号：${bidding.award_notice_number}</div><div class="body"><p style="text-indent:0">${escape(bidding.awarded_name)}：</p><p>你单位参加的${blank(escape(works.works_name))}施工公开招标，经评标委员会评审、招标人确认并公示，现确定你单位为中标人。</p>
    ${rows([['工程名称', escape(works.works_name)], ['建设规模', scaleOf(form)], ['招标方式', '公开招标', '中标工期', `${contract.contract_duration_days} 日历天`], ['中标价（小写）', `${yuan(bidding.award_price_fen)} 元`], ['中标价（大写）', moneyInWords(bidding.award_price_fen)], ['项目负责人', escape(contractor.lead.name), '注册编号', contractor.lead.registration_number], ['质量标准', '合格']])}
    <p>请在收到本通知书之日起 30 日内与招标人签订施工合同，并按招标文件提交履约担保。</p></div><div class="two" style="margin-top:14mm"><div style="position:relative;text-align:center">${seal(ownerOf(form).organisation_name)}<p class="centre">招标人：${escape(ownerOf(form).organisation_name)}</p></div><div style="position:relative;text-align:center">${seal('杭州样例招标代理有限公司')}<p class="centre">代理机构：杭州样例招标代理有限公司</p></div></div><p class="centre" style="margin-top:6mm">${day(bidding.awarded_on)}</p>`)]
}

/** 施工合同: cover, agreement with its articles 一 to 十, signatures with codes, labour terms. */
export function construction_contract({ form }) {
  const { contract, works } = form
  const owner = ownerOf(form)
  const contractor = contractorOf(form)
  const cover = page(`<div class="number" style="margin-top:6mm">合同编号：${contract.contract_number}</div><h1 style="font-size:30pt;margin-top:46mm;letter-spacing:8px">建设工程施工合同</h1><p class="centre small">（样例文本）</p><table class="plain" style="margin:52mm auto 0;width:130mm;font-size:13pt"><tr><th>工程名称</th><td>${escape(contract.works_name)}</td></tr><tr><th>发 包 人</th><td>${escape(contract.owner_name)}</td></tr><tr><th>承 包 人</th><td>${escape(contract.contractor_name)}</td></tr><tr><th>签订日期</th><td>${day(contract.signed_on)}</td></tr></table>`)
  const first = page(`<h1>第一部分　合同协议书</h1><p>发包人（全称）：${blank(escape(contract.owner_name))}</p><p>承包人（全称）：${blank(escape(contract.contractor_name))}</p><p class="indent">双方遵循平等、自愿、公平和诚实信用的原则，就下列工程施工事项协商一致，订立本协议。</p>
    <h2>一、工程概况</h2><p>1. 工程名称：${blank(escape(contract.works_name))}</p><p>2. 工程地点：${blank(escape(contract.works_address))}</p><p>3. 立项文号：${form.project.approval_number}　4. 资金来源：${form.project.funding_source === 'budget' ? '财政预算' : '企业自筹'}</p><p>5. 工程规模：${scaleOf(form)}</p><p>6. 承包范围：${escape(contract.scope_text)}</p>
    <h2>二、合同工期</h2><p>计划开工日期：${day(contract.contract_start_on)}；计划竣工日期：${day(contract.contract_finish_on)}。工期总日历天数：${contract.contract_duration_days} 天。</p><h2>三、质量标准</h2><p>工程质量符合国家现行验收标准，等级为合格。</p>
    <h2>四、签约合同价</h2><p>人民币（大写）：${blank(moneyInWords(contract.contract_price_fen))}</p><p>　　　　（小写）：${blank(`${yuan(contract.contract_price_fen)} 元`)}</p><p>其中：安全文明施工费 ${yuan(contract.safety_fee_fen)} 元；人工费 ${yuan(contract.labour_cost_fen)} 元。合同价格形式：单价合同。</p><h2>五、项目经理</h2><p>承包人项目经理：${escape(contractor.lead.name)}，注册编号 ${contractor.lead.registration_number}。</p>`, { frame: 'dense' })
  const second = page(`<h2>六、合同文件构成</h2><p>本协议书与中标通知书（如有）、投标函、专用条款、通用条款、技术标准、图纸、已标价工程量清单一起构成合同文件。</p><h2>七、承诺</h2><p>1. 发包人按法律规定办理审批手续、筹集建设资金，并按约定期限和方式支付价款。</p><p>2. 承包人按法律规定和合同约定组织施工，保证质量和安全，不转包、不违法分包。</p><h2>八、签订时间和地点</h2><p>本合同于${day(contract.signed_on)}在杭州签订。</p><h2>九、合同生效</h2><p>本合同自双方法定代表人或其授权代理人签字并加盖公章之日起生效。</p><h2>十、合同份数</h2><p>本合同一式八份，双方各执四份，具有同等法律效力。</p>
    <div class="two" style="margin-top:10mm"><div style="position:relative">${seal(owner.organisation_name)}<p>发包人：（公章）<br>${escape(owner.organisation_name)}</p><p>法定代表人（签字）：<span class="sign">${escape(owner.legal_representative.name)}</span></p><p class="small">统一社会信用代码：<br>${owner.credit_code}</p><p class="small">地址：${escape(owner.address)}</p></div><div style="position:relative">${seal(contractor.organisation_name)}<p>承包人：（公章）<br>${escape(contractor.organisation_name)}</p><p>法定代表人（签字）：<span class="sign">${escape(contractor.legal_representative.name)}</span></p><p class="small">统一社会信用代码：<br>${contractor.credit_code}</p><p class="small">开户行：${escape(form.wages.account_bank)}</p></div></div>
    <h2 style="margin-top:8mm">专用条款摘录：人工费用</h2><p>发包人按月向农民工工资专用账户拨付人工费，拨付周期 ${contract.labour_payment_cycle_days} 天，不以计量争议为由延付。</p>`, { frame: 'dense' })
  return [cover, first, second]
}

const kGuarantees = { bank_guarantee: '银行保函' }

/** 工程款支付保函: number at the head, numbered clauses. */
export function payment_guarantee({ form }) {
  const { funds, works } = form
  const contractor = contractorOf(form)
  return [page(`<h1 style="margin-top:6mm">工程款支付${kGuarantees[funds.payment_guarantee_kind] ?? '担保书'}</h1><div class="number">编号：${funds.payment_guarantee_number}</div><div class="body"><p style="text-indent:0">致（受益人）：${escape(contractor.organisation_name)}</p><p>鉴于${escape(ownerOf(form).organisation_name)}（被保证人）与你方就“${escape(works.works_name)}”签订施工合同，我方愿就被保证人按约支付工程款提供保证：</p><p>一、保证金额：人民币${moneyInWords(funds.payment_guarantee_fen)}（${yuan(funds.payment_guarantee_fen)} 元）。</p><p>二、保证方式：连带责任保证。</p><p>三、保证期间：自开立之日起至${day(funds.payment_guarantee_through_on)}止。</p><p>四、收到你方书面索赔通知和相应证明后七个工作日内，我方在保证金额内支付。</p><p>五、本保函不可转让，到期自动失效。</p></div><div style="margin-top:14mm">${foot(funds.guarantor_name, addDays(form.contract.signed_on, 1))}</div>`)]
}

/** 农民工工资专用账户开户证明. */
export function wages_account({ form }) {
  const { wages, works } = form
  const contractor = contractorOf(form)
  return [page(`<h1 style="margin-top:12mm">农民工工资专用账户开户证明</h1>${rows([['户　　名', `${escape(contractor.organisation_name)}（${escape(works.works_name)}农民工工资专户）`], ['账　　号', wages.account_number], ['开 户 行', escape(wages.account_bank)], ['开户日期', day(wages.account_opened_on)], ['工程名称', escape(works.works_name)], ['账户用途', '专项用于支付本工程农民工工资，不得转入其他账户，不得支取现金']])}<div style="margin-top:12mm">${foot(wages.account_bank, wages.account_opened_on, { kind: '业务专用章' })}</div>`)]
}

/** 农民工工资保证金保函. */
export function wages_deposit({ form }) {
  const { wages, works } = form
  const contractor = contractorOf(form)
  return [page(`<h1 style="margin-top:10mm">农民工工资保证金银行保函</h1><div class="number">编号：GZ-${wages.injury_insurance_number.slice(2)}</div><div class="body"><p style="text-indent:0">致：杭州市示例人力资源和社会保障局</p><p>应${escape(contractor.organisation_name)}申请，我行就其承建的“${escape(works.works_name)}”开立农民工工资保证金保函，金额人民币${moneyInWords(wages.deposit_fen)}（${yuan(wages.deposit_fen)} 元）。被保证人拖欠农民工工资的，我行凭贵局支付通知书在保函金额内支付。</p><p>本保函有效期至${day(addDays(form.contract.contract_finish_on, 90))}。</p></div><div style="margin-top:16mm">${foot(wages.account_bank, addDays(wages.account_opened_on, 1))}</div>`)]
}

/** 建设项目工伤保险参保证明. */
export function injury_insurance({ form }) {
  const { wages, works, contract } = form
  return [page(`<h1 style="margin-top:10mm">建设项目工伤保险参保证明</h1>${rows([['参保编号', wages.injury_insurance_number], ['项目名称', escape(works.works_name)], ['施工总承包单位', escape(contractorOf(form).organisation_name)], ['合同价（万元）', wan(contract.contract_price_fen), '参保日期', day(wages.injury_insurance_on)], ['保险期间', `${day(contract.contract_start_on)} 至 ${day(contract.contract_finish_on)}`]])}<div style="margin-top:12mm">${foot('杭州市示例社会保险经办中心', wages.injury_insurance_on)}</div>`)]
}

/** 建设资金已经落实承诺书. */
export function funds_commitment({ form }) {
  const owner = ownerOf(form)
  return [page(`<h1 style="margin-top:12mm">建设资金已经落实承诺书</h1><div class="body"><p style="text-indent:0">杭州市示例住房和城乡建设局：</p><p>我单位建设的“${escape(form.works.works_name)}”，合同价 ${wan(form.contract.contract_price_fen)} 万元，建设资金已经落实，能够满足施工需要，并将按合同约定及时拨付工程款和人工费用。</p><p>以上承诺真实，愿意接受监督检查；承诺不实的，依法承担责任。</p></div><p style="margin-top:14mm;text-align:right">法定代表人（签字）：<span class="sign">${escape(owner.legal_representative.name)}</span>　　</p><div style="margin-top:8mm">${foot(owner.organisation_name, form.funds.commitment_signed_on)}</div>`)]
}

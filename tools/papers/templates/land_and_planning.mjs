// Papers of the stages before: project approval, land, planning.
import { day, escape, foot, grid, metres, page, rows, squareMetres, wan } from '../kit.mjs'

const ownerOf = (form) => form.participants[0]
const scaleOf = ({ works }) => (works.works_category === '02' ? `线路总长度${metres(works.length_mm)}米` : `总建筑面积${squareMetres(works.floor_area_m2_hundredths)}平方米，其中地上${squareMetres(works.floor_area_above_m2_hundredths)}平方米、地下${squareMetres(works.floor_area_below_m2_hundredths)}平方米`)
const natureOf = ({ works }) => ({ '001': '新建', '002': '改建', '003': '扩建' })[works.construction_nature]

/** 批复 of a project by public money: prose, number under the head, amounts in the text. */
export function project_approval({ form }) {
  const { project, works } = form
  return [page(`<h1 class="red">${escape(project.approval_authority)}文件</h1><p class="centre">${project.approval_number}</p>
    <h1 style="font-size:16pt;letter-spacing:1px;margin-top:6mm">关于${escape(project.project_name)}<br>可行性研究报告的批复</h1><div class="body"><p style="text-indent:0">${escape(ownerOf(form).organisation_name)}：</p>
    <p>你单位报送的可行性研究报告及有关材料收悉。经研究，批复如下：</p><p>一、原则同意${escape(project.project_name)}实施，项目代码 ${project.project_code}。</p><p>二、建设地点：${escape(works.works_address)}。</p><p>三、建设性质：${natureOf(form)}。建设规模和内容：${scaleOf(form)}。</p>
    <p>四、项目总投资 ${wan(project.investment_total_fen)} 万元，其中本工程投资 ${wan(works.works_investment_fen)} 万元，资金由财政预算安排。</p><p>五、请据此办理规划、用地等手续，落实招标、质量、安全和节能要求，投资不得超过批复数。批复有效期二年。</p></div><div style="margin-top:10mm">${foot(project.approval_authority, project.approved_on)}</div><p class="small" style="margin-top:8mm;border-top:.3mm solid #333">抄送：规划和自然资源、住房城乡建设、财政部门。</p>`)]
}

/** 备案信息表 of a project by private money: a table. */
export function project_filing({ form }) {
  const { project, works } = form
  return [page(`<h1>浙江省企业投资项目备案信息表</h1><div class="number">备案文号：${project.approval_number}</div>${rows([['项目代码', project.project_code], ['项目名称', escape(project.project_name)], ['项目单位', escape(ownerOf(form).organisation_name)], ['统一社会信用代码', ownerOf(form).credit_code], ['建设地点', escape(works.works_address)], ['建设性质', natureOf(form), '项目类型', '备案类（社会投资）'], ['建设规模与内容', scaleOf(form)], ['总投资（万元）', wan(project.investment_total_fen), '本工程投资（万元）', wan(works.works_investment_fen)], ['资金来源', '企业自筹', '备案日期', day(project.approved_on)], ['项目单位声明', '所填内容真实，符合产业政策和准入标准；如有变更，及时告知备案机关。']])}${foot(project.approval_authority, project.approved_on, { kind: '备案专用章' })}`)]
}

/** 建设用地规划许可证. */
export function land_planning_permit({ form }) {
  const { land, works } = form
  return [page(`<p class="centre" style="margin-top:8mm;letter-spacing:6px">中华人民共和国</p><h1 style="font-size:24pt">建设用地规划许可证</h1><div class="number">${land.land_proof_number}</div><p class="indent">根据土地管理、城乡规划的法律规定，经审核，本用地项目符合国土空间规划和用途管制要求，颁发此证。</p>
    ${rows([['用地单位', escape(land.holder_name)], ['项目名称', escape(works.works_name)], ['用地位置', escape(works.works_address)], ['用地面积', `${squareMetres(land.land_area_m2_hundredths)}平方米`], ['土地用途', land.land_use], ['建设规模', scaleOf(form)], ['土地取得方式', '出让'], ['附图及附件名称', '用地红线图、规划条件各一份']])}<div style="margin-top:12mm">${foot(form.planning.issuing_authority, land.issued_on)}</div>`, { frame: 'framed' })]
}

/** 不动产权证书: number at the head, particulars on the second page. */
export function real_estate_title({ form }) {
  const { land, works } = form
  const authority = '杭州市示例不动产登记局'
  return [page(`<p class="centre" style="margin-top:40mm;letter-spacing:8px">中华人民共和国</p><h1 style="font-size:28pt;letter-spacing:10px">不动产权证书</h1><p class="indent" style="margin-top:30mm">为保护权利人合法权益，对申请登记的本证所列不动产权利，经审查核实，准予登记，颁发此证。</p><div style="margin-top:30mm">${foot(authority, land.issued_on, { kind: '登记专用章' })}</div>`, { frame: 'framed' }),
    page(`<div class="number">${land.land_proof_number}</div>${rows([['权利人', escape(land.holder_name)], ['共有情况', '单独所有'], ['坐　落', escape(works.works_address)], ['不动产单元号', `<span style="word-break:break-all">${land.real_estate_unit_number}</span>`], ['权利类型', '国有建设用地使用权'], ['权利性质', form.project.investment_kind === 'state' ? '划拨' : '出让'], ['用　途', land.land_use], ['面　积', `土地使用权面积 ${squareMetres(land.land_area_m2_hundredths)}㎡`], ['使用期限', form.project.investment_kind === 'state' ? '—' : `${day(land.issued_on)}起 50 年`], ['权利其他状况', '无查封、无异议登记；宗地图附后（样例略）']])}`, { frame: 'framed' })]
}

/** 建设工程规划许可证 with its annex: the list of buildings or of sections. */
export function works_planning_permit({ form }) {
  const { planning, works } = form
  const area = planning.floor_area_m2_hundredths
  const scale = works.works_category === '02' ? `线路总长度${metres(planning.length_mm)}米` : `总建筑面积${squareMetres(area)}平方米`
  const sum = (key) => form.buildings.reduce((total, b) => total + b[key], 0)
  const cut = works.works_category === '01' ? sum('floor_area_m2_hundredths') - area : 0
  const annex = works.works_category === '02'
    ? grid(['序号', '单项名称', '长度（米）', '宽度或管径', '起止点'], form.municipal_sections.map((s) => [s.section_no, escape(s.section_name), metres(s.length_mm), s.width_mm ? `${metres(s.width_mm)}米` : `DN${s.pipe_diameter_max_mm}`, `${s.start_point}—${s.end_point}`]))
    : grid(['序号', '建筑名称', '建筑面积（㎡）', '其中地上（㎡）', '其中地下（㎡）', '层数（上/下）', '高度（m）'], [...form.buildings.map((b, i) => [b.building_no, escape(b.planning_building_name), squareMetres(b.floor_area_m2_hundredths - (i === 0 ? cut : 0)), squareMetres(b.floor_area_above_m2_hundredths - (i === 0 ? cut : 0)), squareMetres(b.floor_area_below_m2_hundredths), `${b.storeys_above}/${b.storeys_below}`, b.height_mm ? metres(b.height_mm) : '—']), ['', '合计', squareMetres(area), squareMetres(sum('floor_area_above_m2_hundredths') - cut), squareMetres(sum('floor_area_below_m2_hundredths')), '', '']])
  return [page(`<p class="centre" style="margin-top:8mm;letter-spacing:6px">中华人民共和国</p><h1 style="font-size:24pt">建设工程规划许可证</h1><div class="number">${planning.planning_permit_number}</div><p class="indent">根据城乡规划法律的规定，经审核，本建设工程符合国土空间规划和用途管制要求，颁发此证。</p>
    ${rows([['建设单位（个人）', escape(planning.holder_name)], ['建设项目名称', escape(planning.works_name)], ['建设位置', escape(works.works_address)], ['建设规模', scale], ['附图及附件名称', '总平面图、建筑施工图各一份；建筑明细表（附件）']])}<div style="margin-top:14mm">${foot(planning.issuing_authority, planning.issued_on)}</div><p class="small" style="margin-top:22mm">遵守事项：一、本证是经审核建设工程符合规划要求的法律凭证。二、未取得本证或不按本证规定建设的，均属违法行为。三、未经核发机关许可，本证各项规定不得变更。</p>`, { frame: 'framed' }),
    page(`<h1 style="font-size:16pt">建设工程规划许可证附件</h1><div class="number">${planning.planning_permit_number}</div><p>建设项目名称：${escape(planning.works_name)}</p>${annex}<p class="small">说明：面积为建筑面积，不是计容面积。</p>${foot(planning.issuing_authority, planning.issued_on)}`)]
}

/** 不办理规划许可的说明. */
export function planning_not_needed({ form }) {
  const owner = ownerOf(form)
  return [page(`<h1 style="margin-top:12mm">关于不办理建设工程规划许可的说明</h1><div class="body"><p style="text-indent:0">杭州市西湖区住房和城乡建设局（示例）：</p><p>我单位申报的“${escape(form.works.works_name)}”位于${escape(form.works.works_address)}，面积${squareMetres(form.works.floor_area_m2_hundredths)}平方米。${escape(form.planning.not_required_reason)}</p><p>以上情况属实，如有不实，由我单位承担责任。</p></div><div style="margin-top:16mm">${foot(owner.organisation_name, owner.lead.authorisation_signed_on)}</div>`)]
}

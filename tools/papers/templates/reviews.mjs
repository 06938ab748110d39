// Conclusions of reviews: drawings, fire, civil air defence.
import { addDays, day, escape, foot, grid, metres, page, rows, seal, squareMetres } from '../kit.mjs'

const party = (form, role) => form.participants.find((p) => p.role === role)?.organisation_name ?? '—'
const kStructure = { '001': '砖混', '003': '框架', '004': '框架-剪力墙', '005': '剪力墙', '006': '板柱-剪力墙', '014': '钢结构' }

/** 施工图设计文件审查合格书 with its list of buildings; conclusions stand at the bottom. */
export function drawings_review_certificate({ form }) {
  const { drawings, works } = form
  const municipal = works.works_category === '02'
  const annex = municipal ? grid(['序号', '单项', '长度（米）'], form.municipal_sections.map((s) => [s.section_no, escape(s.section_name), metres(s.length_mm)]))
    : grid(['序号', '单体', '面积（㎡）', '层数', '结构', '高度（m）'], form.buildings.map((b) => [b.building_no, escape(b.building_name), squareMetres(b.floor_area_m2_hundredths), `${b.storeys_above}/-${b.storeys_below}`, kStructure[b.structure_type] ?? '其他', b.height_mm ? metres(b.height_mm) : '—']))
  return [page(`<h1 style="font-size:18pt">${municipal ? '市政基础设施工程' : '房屋建筑工程'}<br>施工图设计文件审查合格书</h1><div class="number">编号：${drawings.review_number}</div>${rows([['工程名称', escape(drawings.works_name)], ['建设单位', escape(party(form, 'owner'))], ['勘察单位', escape(party(form, 'surveyor'))], ['设计单位', escape(party(form, 'designer'))], ['工程规模', municipal ? `${metres(works.length_mm)} 米` : `${squareMetres(drawings.floor_area_m2_hundredths)} ㎡`, '抗震设防', municipal ? '—' : '6 度']])}${annex}
    ${rows([['审查意见', `地基基础和主体结构安全、${municipal ? '' : '节能强制性标准、'}消防、人防等内容符合工程建设强制性标准。结论：<b>合格</b>。`]])}<div class="two" style="margin-top:8mm"><p class="small">审查机构代码：${drawings.review_body_credit_code}<br>审查合格日期：${day(drawings.reviewed_on)}</p><div style="position:relative;text-align:center">${seal(drawings.review_body_name, { kind: '审查专用章' })}<p class="centre">${escape(drawings.review_body_name)}</p></div></div>`, { frame: 'dense' })]
}

/** 特殊建设工程消防设计审查意见书: the conclusion is one line. */
export function fire_review_opinion({ form }) {
  const { fire, works } = form
  return [page(`<h1 class="red">杭州市示例住房和城乡建设局</h1><h1 style="font-size:17pt;margin-top:6mm">特殊建设工程消防设计审查意见书</h1><p class="centre">${fire.review_number}</p><div class="body" style="margin-top:5mm"><p style="text-indent:0">${escape(party(form, 'owner'))}：</p><p>你单位申请的“${escape(works.works_name)}”消防设计审查（建设地点：${escape(works.works_address)}；建筑面积 ${squareMetres(fire.floor_area_m2_hundredths)} 平方米），我局依照消防法和有关规定进行了审查，意见如下：</p><p>一、申请材料齐全，设计单位具备相应资质，消防设计符合国家工程建设消防技术标准强制性要求。</p><p>二、结论：<b>合格</b>。</p><p>三、应当按照审查合格的消防设计施工；需要变更的，应重新申请审查。竣工后应申请消防验收。</p></div><div style="margin-top:18mm">${foot('杭州市示例住房和城乡建设局', fire.reviewed_on, { kind: '消防设计审查专用章' })}</div>`)]
}

/** 人防批准: built shelter, or off-site with its fee. */
export function civil_defence_approval({ form }) {
  const { civil_defence: defence, works } = form
  const built = defence.obligation === 'build'
  const on = addDays(form.drawings.reviewed_on, -20)
  return [page(`<h1 style="margin-top:8mm">${built ? '防空地下室建设审批意见书' : '防空地下室易地建设审批意见书'}</h1><div class="number">${defence.approval_number}</div>${rows([['建设单位', escape(party(form, 'owner'))], ['项目名称', escape(works.works_name)], ['建设地点', escape(works.works_address)], ['总建筑面积', `${squareMetres(works.floor_area_m2_hundredths)} ㎡`], ...(built ? [['应建面积', `${squareMetres(defence.area_required_m2_hundredths)} ㎡`, '设计面积', `${squareMetres(defence.area_designed_m2_hundredths)} ㎡`], ['防护等级', '核6级、常6级', '平时用途', '汽车库']] : [['审批结论', '因地质和用地条件限制，同意易地建设'], ['易地建设费', '已按标准缴纳', '缴费日期', day(defence.off_site_fee_paid_on)]])])}<p class="indent">${built ? '同意按上述内容建设防空地下室，与主体工程同步设计、同步施工、同步验收。' : '易地建设费缴纳凭证见本页登记，不再另附。'}</p><div style="margin-top:12mm">${foot('杭州市示例人民防空办公室', on, { kind: '审批专用章' })}</div>`)]
}

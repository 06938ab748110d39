// A catalogue in which eight departments look at a construction permit: the shipped one with three more, a countersign of five in one department and a step of the department's head in another.
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './browser.mjs'

/** What the shipped process calls the department whose steps the new ones are made from. */
const kModel = 'quality_safety'
const kMore = [
  { department: 'water', department_name: '水务局', item_name: '水土保持方案核验', step: '水务', legal_basis: '水土保持法 26' },
  { department: 'traffic', department_name: '公安交通管理局', item_name: '占道施工意见', step: '交管', legal_basis: '道路交通安全法 32' },
  { department: 'urban', department_name: '城市管理局', item_name: '渣土处置核验', step: '城管', legal_basis: '城市建筑垃圾管理规定 7' },
]
/** Everything in the diagram below the departments moves down to make room. */
const kBelow = 860
const kRow = 100

const elementOf = (xml, id) => new RegExp(`[ \\t]*<userTask id="${id}"[\\s\\S]*?</userTask>\\n`).exec(xml)[0]

function withRoom(xml) {
  const rows = kMore.length * kRow
  const moved = xml.replace(/ y="(\d+)"/g, (all, y) => (Number(y) >= kBelow ? ` y="${Number(y) + rows}"` : all))
  return ['pool', 'lane_departments'].reduce((done, id) => done.replace(new RegExp(`(bpmnElement="${id}"[^/]*height=")(\\d+)`), (_, before, height) => before + (Number(height) + rows)), moved)
}

/** Each line or element that names the model's department once more, for the new one, a row further down. */
function withDepartment(xml, one, place) {
  const renamed = (text) => text.replaceAll(kModel, one.department).replaceAll('质量安全监督手续', one.item_name).replaceAll('质量安全', one.step).replace(/legalBasis="行政许可法 32\(4\)；[^"]*"/, `legalBasis="行政许可法 32(4)；${one.legal_basis}"`).replace(/legalBasis="建设工程[^"]*"/, `legalBasis="${one.legal_basis}"`)
  const lower = (text) => renamed(text).replace(/ y="(7\d\d)"/g, (_, y) => ` y="${Number(y) + (place + 1) * kRow}"`)
  return xml
    .replace(/[ \t]*<userTask id="(?:check|review)_quality_safety"[\s\S]*?<\/userTask>\n/g, (all) => all + renamed(all))
    .replace(/[ \t]*<(flowNodeRef|incoming|outgoing)>[^<]*quality_safety[^<]*<\/\1>\n/g, (all, _, at, whole) => (isInside(whole, at) ? all : all + renamed(all)))
    .replace(/[ \t]*<sequenceFlow id="[^"]*quality_safety[^"]*"[^>]*?(?:\/>|>[\s\S]*?<\/sequenceFlow>)\n/g, (all) => all + renamed(all))
    .replace(/[ \t]*<bpmndi:BPMN(Shape|Edge) [^>]*quality_safety[\s\S]*?<\/bpmndi:BPMN\1>\n/g, (all) => all + lower(all))
}

/** Its own incoming and outgoing flows were cloned with the task. */
function isInside(xml, at) {
  return xml.lastIndexOf('<userTask', at) > xml.lastIndexOf('</userTask>', at)
}

/** 会签: three of five in the fire department, where its head may veto. */
function withCountersign(xml) {
  const voters = ['reviewer', 'reviewer', 'reviewer', 'reviewer', 'section_head'].map((role) => `&quot;${role}&quot;`).join(',')
  const task = elementOf(xml, 'review_fire')
  const voted = task
    .replace('role="reviewer"', 'role="=voter" fallbackRole="section_head"')
    .replace(/(<kaigong:task[\s\S]*?\/>\n)/, '$1        <kaigong:countersign rule="count" value="3" vetoRoles="section_head"/>\n')
    .replace(/<kaigong:outcome\s+code="agree_with_conditions"[\s\S]*?\/>/, '<kaigong:outcome code="abstain" label="弃权" tone="normal" vote="none" consequence="记为弃权。"/>')
    .replace('</userTask>', `  <multiInstanceLoopCharacteristics>
        <extensionElements><zeebe:loopCharacteristics inputCollection="=[${voters}]" inputElement="voter"/></extensionElements>
        <completionCondition>=review_fire_vote.fixed</completionCondition>
      </multiInstanceLoopCharacteristics>
    </userTask>`)
  return xml.replace(task, voted).replace('xmlns:xsi=', 'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"\n             xmlns:xsi=')
}

/** In the water department the head concludes what the reviewer proposes. */
function withHead(xml) {
  const task = elementOf(xml, 'review_water')
  const proposes = task
    .replace('name="水土保持方案核验"', 'name="水土保持初审"')
    .replace('code="agree"', 'code="propose_agree"').replace('label="同意"', 'label="拟同意"').replace('event="conclude_agree"', 'vote="approve"')
    .replace(/<kaigong:outcome\s+code="agree_with_conditions"[\s\S]*?\/>\s*<kaigong:outcome\s+code="disagree"[\s\S]*?\/>/, '<kaigong:outcome code="propose_disagree" label="拟不同意" tone="danger" reasonRequired="true" consequence="送科长审定。"/>')
    .replaceAll('flow_review_water_review_join', 'flow_review_water_settle_water')
  const settles = task
    .replace('id="review_water"', 'id="settle_water"').replace('name="水土保持方案核验"', 'name="水土保持审定"')
    .replace('role="reviewer"', 'role="section_head"')
    .replace('flow_review_split_review_water', 'flow_review_water_settle_water').replace('flow_review_water_review_join', 'flow_settle_water_review_join')
  return xml
    .replace(task, proposes + settles)
    .replace(/<sequenceFlow id="flow_review_water_review_join"[^>]*\/>/, '<sequenceFlow id="flow_review_water_settle_water" sourceRef="review_water" targetRef="settle_water"/>\n    <sequenceFlow id="flow_settle_water_review_join" sourceRef="settle_water" targetRef="review_join"/>')
    .replace('<incoming>flow_review_water_review_join</incoming>', '<incoming>flow_settle_water_review_join</incoming>')
    .replace('<flowNodeRef>review_water</flowNodeRef>', '<flowNodeRef>review_water</flowNodeRef>\n        <flowNodeRef>settle_water</flowNodeRef>')
    .replace(/([ \t]*)<bpmndi:BPMNShape id="shape_review_water"[\s\S]*?<\/bpmndi:BPMNShape>\n/, '$1<bpmndi:BPMNShape id="shape_review_water" bpmnElement="review_water"><dc:Bounds x="1800" y="830" width="110" height="80"/></bpmndi:BPMNShape>\n$1<bpmndi:BPMNShape id="shape_settle_water" bpmnElement="settle_water"><dc:Bounds x="1940" y="830" width="110" height="80"/></bpmndi:BPMNShape>\n')
    .replace(/([ \t]*)<bpmndi:BPMNEdge id="edge_flow_review_water_review_join"[\s\S]*?<\/bpmndi:BPMNEdge>\n/, '$1<bpmndi:BPMNEdge id="edge_flow_review_water_settle_water" bpmnElement="flow_review_water_settle_water"><di:waypoint x="1910" y="870"/><di:waypoint x="1940" y="870"/></bpmndi:BPMNEdge>\n$1<bpmndi:BPMNEdge id="edge_flow_settle_water_review_join" bpmnElement="flow_settle_water_review_join"><di:waypoint x="2050" y="870"/><di:waypoint x="2080" y="870"/><di:waypoint x="2080" y="575"/></bpmndi:BPMNEdge>\n')
}

/** Once the corrections are in, the window must accept (行政许可法 32(5)); it may let a paper come later. */
function withAcceptanceAgain(xml) {
  const task = elementOf(xml, 'accept')
  const outcome = (code) => new RegExp(`<kaigong:outcome\\s+code="${code}"[\\s\\S]*?/>`).exec(task)[0]
  const again = `    <userTask id="accept_corrected" name="补正后受理">
      <extensionElements>
        <kaigong:task kind="accept" department="housing" role="acceptance_officer" legalBasis="行政许可法 32(5)"/>
        ${outcome('accept')}
        ${outcome('accept_with_omission')}
      </extensionElements>
      <incoming>flow_record_resubmit_accept_corrected</incoming>
      <outgoing>flow_accept_corrected_record_accept</outgoing>
    </userTask>
`
  const resubmitted = /[ \t]*<serviceTask id="record_resubmit"[\s\S]*?<\/serviceTask>\n/.exec(xml)[0]
  return xml
    .replace(resubmitted, resubmitted.replace('flow_record_resubmit_record_accept', 'flow_record_resubmit_accept_corrected') + again)
    .replace('<incoming>flow_record_resubmit_record_accept</incoming>', '<incoming>flow_accept_corrected_record_accept</incoming>')
    .replace(/<sequenceFlow id="flow_record_resubmit_record_accept"[^>]*\/>/, '<sequenceFlow id="flow_record_resubmit_accept_corrected" sourceRef="record_resubmit" targetRef="accept_corrected"/>\n    <sequenceFlow id="flow_accept_corrected_record_accept" sourceRef="accept_corrected" targetRef="record_accept"/>')
    .replace(/(<flowNodeRef>record_accept<\/flowNodeRef>)/, '$1\n        <flowNodeRef>accept_corrected</flowNodeRef>')
    .replace(/([ \t]*)<bpmndi:BPMNEdge id="edge_flow_record_resubmit_record_accept"[\s\S]*?<\/bpmndi:BPMNEdge>\n/, '$1<bpmndi:BPMNShape id="shape_accept_corrected" bpmnElement="accept_corrected"><dc:Bounds x="1525" y="415" width="110" height="60"/></bpmndi:BPMNShape>\n$1<bpmndi:BPMNEdge id="edge_flow_record_resubmit_accept_corrected" bpmnElement="flow_record_resubmit_accept_corrected"><di:waypoint x="1580" y="400"/><di:waypoint x="1580" y="415"/></bpmndi:BPMNEdge>\n$1<bpmndi:BPMNEdge id="edge_flow_accept_corrected_record_accept" bpmnElement="flow_accept_corrected_record_accept"><di:waypoint x="1580" y="475"/><di:waypoint x="1580" y="510"/></bpmndi:BPMNEdge>\n')
}

/** Writes the catalogue into a folder of its own; gives its path. */
export function makeCatalogue() {
  const folder = join(mkdtempSync(join(tmpdir(), 'kaigong-eight-')), 'catalog')
  cpSync(join(root, 'catalog'), folder, { recursive: true })
  const bpmnFile = join(folder, 'construction-permit/issue.bpmn')
  const matterFile = join(folder, 'construction-permit/matter.json')
  const eight = kMore.reduce(withDepartment, withRoom(readFileSync(bpmnFile, 'utf8')))
  writeFileSync(bpmnFile, withAcceptanceAgain(withHead(withCountersign(eight))))
  const matter = JSON.parse(readFileSync(matterFile, 'utf8'))
  for (const { department, department_name, item_name: name, legal_basis } of kMore) {
    matter.departments.push({ department, name: department_name, lead: false })
    matter.items.push({ item: department, name, department, department_name, legal_basis, basis_confirmed: false, required_when: 'true' })
  }
  writeFileSync(matterFile, JSON.stringify(matter, null, 2))
  return folder
}

/** Canned opinions, clauses and the sections of a report, for pages without a server. */
import type { OpinionChoice, OwnOpinion, Section, Sections } from '@/shared/api/types'
import { kNow, progress } from './story'

export interface OpinionStub {
  choice: OpinionChoice
  sections: Sections
  /** Nothing where the path is none of its. */
  answer: (method: string, path: string, body: Record<string, unknown>) => { status: number; body: unknown } | null
}

const kChoice: OpinionChoice = {
  own: [{ opinion_id: 'o-1', version: 1, text: '合同与规模一致。', used_count: 3 }],
  own_max: 100,
  bureau: [
    {
      opinion: 'O-10',
      text: '经审查，{works_name}符合本部门的许可条件，同意。',
      outcome: 'agree',
      checkpoint: null,
      material: null,
      clauses: ['JZF-8-4'],
    },
    {
      opinion: 'O-23',
      text: '《{material}》需要在________前补齐。',
      outcome: 'disagree',
      checkpoint: 'c5',
      material: null,
      clauses: [],
    },
  ],
  clauses: [
    {
      clause: 'JZF-8-4',
      citation: '《中华人民共和国建筑法》第八条第一款第四项',
      summary: '已经确定施工企业。',
      materials: ['施工合同'],
      rules: ['R-608'],
      confirmed: true,
      of_this_item: true,
    },
    {
      clause: 'BF-6',
      citation: '《建筑工程施工许可管理办法》第六条',
      summary: '工程名称、地点、规模与合同一致。',
      materials: [],
      rules: [],
      confirmed: false,
      of_this_item: true,
    },
  ],
  values: { works_name: '翠苑小学扩建工程', owner_name: '杭州市西湖区教育建设中心（示例）' },
}

function section_of(one: (typeof progress.items)[number]): Section {
  return {
    section: one.item,
    name: one.name,
    department_name: one.department_name,
    state: 'agreed',
    conclusion: '同意',
    legal_basis: one.legal_basis,
    version: `${one.item}-0`,
    concluded: true,
    opinion: one.opinion ?? '符合条件。',
    concluded_by: '王住建',
    concluded_at_ms: kNow,
    checklist: [
      { code: 'C1', text: '材料一致', checked: true },
      { code: 'C2', text: '证书有效', checked: false },
    ],
    may_return: true,
    review: null,
    history: [],
  }
}

function counted(sections: Section[]): Pick<Sections, 'pending' | 'returned'> {
  return {
    pending: sections.filter((one) => !one.review?.stands).length,
    returned: sections.filter((one) => one.review?.stands && one.review.verdict === 'returned').length,
  }
}

export function make_opinion_stub(): OpinionStub {
  const sections = progress.items.map(section_of)
  const stub: OpinionStub = {
    choice: structuredClone(kChoice),
    sections: { task_id: 't-decide', task_version: 2, sections, ...counted(sections), blocked_because: null },
    answer(method, path, body) {
      if (/^\/tasks\/[^/]+\/opinions$/.test(path)) return { status: 200, body: stub.choice }
      if (/^\/tasks\/[^/]+\/sections$/.test(path)) return { status: 200, body: stub.sections }
      const reviewed = /^\/tasks\/[^/]+\/sections\/([^/]+)\/review$/.exec(path)?.[1]
      if (reviewed) return { status: 200, body: review(reviewed, body) }
      if (path === '/opinions') return { status: 201, body: keep(String(body.text)) }
      const own = /^\/opinions\/([^/]+)/.exec(path)?.[1]
      return own ? change(method, own, path, body) : null
    },
  }

  function review(name: string, body: Record<string, unknown>): Sections {
    const one = stub.sections.sections.find((entry) => entry.section === name)
    if (one) {
      one.review = {
        verdict: body.verdict as 'accepted',
        original: one.opinion,
        wording: (body.wording as string | null) ?? null,
        reason: (body.reason as string | null) ?? null,
        by: '林局长',
        at_ms: kNow,
        stands: true,
      }
      one.history = [...one.history, one.review]
      one.version = `${name}-${one.history.length}`
    }
    Object.assign(stub.sections, counted(stub.sections.sections))
    return structuredClone(stub.sections)
  }

  function keep(text: string): OwnOpinion {
    const one = { opinion_id: `o-${stub.choice.own.length + 1}`, version: 1, text, used_count: 0 }
    stub.choice.own.push(one)
    return one
  }

  function change(method: string, id: string, path: string, body: Record<string, unknown>) {
    const one = stub.choice.own.find((entry) => entry.opinion_id === id)
    if (!one) return { status: 404, body: {} }
    if (method === 'DELETE') {
      stub.choice.own = stub.choice.own.filter((entry) => entry !== one)
      return { status: 204, body: null }
    }
    if (path.endsWith('/use')) one.used_count += 1
    else Object.assign(one, { text: String(body.text), version: one.version + 1 })
    return { status: 200, body: one }
  }

  return stub
}

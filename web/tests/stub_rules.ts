/**
 * The rule packages of a server that does not exist: the shipped rules, one draft, and a check that knows one thing
 * about them: with a limit of 300 万元 for Zhejiang the examples of R-102 that count on 200 come out otherwise.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type {
  EffectPreview,
  PackageVersion,
  PreviewChange,
  RuleCheck,
  RuleDraft,
  RulePackage,
  TestCase,
  VersionSummary,
} from '@/modules/catalog/rules/types'
import { kCatalog, kNow } from './story_case'

const kMatter = 'construction-permit'
const kLimit = '<outputEntry id="permit_limit_row_4_out_1">'

export interface RuleAnswer {
  status: number
  body: unknown
  version?: number
}

function refuse(status: number, reason: string, detail: string): RuleAnswer {
  return {
    status,
    body: { type: 'about:blank', title: detail, status, detail, reason, request_id: 'req-1', fields: [] },
  }
}

function shipped(): { dmn: string; tests: TestCase[] } {
  const file = (name: string) => readFileSync(join(kCatalog, kMatter, name), 'utf8')
  return { dmn: file('precheck.dmn'), tests: JSON.parse(file('precheck.tests.json')) as TestCase[] }
}

export interface RuleStub {
  answer: (method: string, path: string, body: Record<string, unknown>, headers: Headers, name: string) => RuleAnswer
  /** What stands on the server; a test changes it as another person would. */
  draft: RuleDraft | null
}

export function make_rule_stub(): RuleStub {
  const rules = shipped()
  const in_force: VersionSummary = {
    catalog_version: '2026-01',
    state: 'in_force',
    effective_from_on: '2026-01-01',
    published_at_ms: kNow - 3_000_000_000,
    origin: 'folder',
    edited_by_name: null,
    published_by_name: null,
    note: '',
  }
  const earlier: VersionSummary = {
    ...in_force,
    catalog_version: '2025-02',
    state: 'past',
    effective_from_on: '2025-03-01',
    origin: 'office',
    edited_by_name: '陈可',
    published_by_name: '沈砚',
    note: '广东限额按省厅通知调整',
  }
  const waiting: VersionSummary = {
    ...earlier,
    catalog_version: '2026-02',
    state: 'waiting',
    effective_from_on: '2027-01-01',
    note: '成都限额改为 120 万元',
  }
  const versions = [waiting, in_force, earlier]
  let polls = 0

  function summary(): RulePackage {
    const draft = stub.draft
    return {
      matter_code: kMatter,
      name: '建筑工程施工许可证核发',
      rule_count: 143,
      in_force,
      versions,
      folder_waits: null,
      draft: draft && { state: draft.state, edited_by_name: draft.edited_by_name, edited_at_ms: draft.edited_at_ms },
    }
  }

  function begin(name: string, from: string | null): RuleAnswer {
    if (stub.draft) return refuse(409, 'catalog.draft_exists', '已经有一份草稿。')
    stub.draft = {
      version: 1,
      state: 'editing',
      base_version: from ?? in_force.catalog_version,
      ...structuredClone(rules),
      note: '',
      edited_by_name: name,
      edited_by_me: true,
      edited_at_ms: kNow,
      effective_from_on: null,
      submitted_by_name: null,
      may_publish: false,
      returned_reason: null,
    }
    return { status: 201, body: stub.draft, version: 1 }
  }

  function limit_of(draft: RuleDraft): string {
    const at = draft.dmn.indexOf(kLimit)
    return /<text>(.*?)<\/text>/.exec(draft.dmn.slice(at))?.[1] ?? ''
  }

  function check(draft: RuleDraft): RuleCheck {
    const limit = limit_of(draft)
    const raised = limit === '300000000'
    const results: RuleCheck['tests']['results'] = draft.tests.map((test, index) => {
      const invest = (test.given.works as Record<string, number> | undefined)?.works_investment_fen ?? 0
      const falls =
        raised &&
        test.rule === 'R-102' &&
        test.given.limit === undefined &&
        invest >= 200_000_000 &&
        invest < 300_000_000
      const outcome = falls ? ('fail' as const) : test.expect
      return {
        index,
        outcome_in_force: test.expect,
        outcome,
        ok: outcome === test.expect,
        message: falls ? '限额是 300 万元，这个例子的投资是 200 万元。' : '',
        explanation: falls
          ? [
              {
                part: 'fails',
                expression: 'works.works_investment_fen < limit_in_force.invest_fen',
                value_text: '是',
                reads: [
                  { path: 'works.works_investment_fen', value_text: '200000000', null_reason: null },
                  { path: 'limit_in_force.invest_fen', value_text: '300000000', null_reason: null },
                ],
              },
            ]
          : [],
      }
    })
    const failed = results.filter((one) => !one.ok).length
    const is_number = /^\d+$/.test(limit)
    const problems = is_number
      ? [
          {
            severity: 'warning' as const,
            code: 'dmn.gap',
            element: 'permit_limit_table',
            decision: 'permit_limit',
            decision_name: 'permit_limit',
            rule: null,
            line: null,
            column: null,
            zh: '2014年10月25日以前没有一行适用。',
            en: 'No row applies before 25 October 2014.',
          },
        ]
      : [
          {
            severity: 'error' as const,
            code: 'dmn.unknown_name',
            element: 'permit_limit_row_4_out_1',
            decision: 'permit_limit',
            decision_name: 'permit_limit',
            rule: 4,
            line: 1,
            column: 1,
            zh: `第 1 列起的“${limit}”不是已知的名称。`,
            en: `“${limit}” at column 1 is not a known name.`,
          },
        ]
    const difference =
      limit === '200000000'
        ? []
        : [
            {
              kind: 'changed' as const,
              decision: 'permit_limit',
              decision_name: 'permit_limit',
              rule: 4,
              column_name: 'invest_fen',
              before: '200000000',
              after: limit,
              text: `办证限额表第 4 行，投资（分）：原来 200000000，现在 ${limit}。`,
            },
          ]
    const blockers: RuleCheck['blockers'] = []
    if (!is_number) blockers.push({ code: 'problem_errors', text: '1 处错误：请先改好表格' })
    if (failed) blockers.push({ code: 'tests_failed', text: `${failed} 条用例不符：要么改表，要么改应当` })
    if (!difference.length) blockers.push({ code: 'nothing_changed', text: '还没有改动' })
    return {
      problems,
      tests: { passed: results.length - failed, failed, results },
      coverage: { rules: 143, covered: 141, uncovered: ['R-419', 'R-523'] },
      difference,
      blockers,
      outdated_by: null,
    }
  }

  function preview(): EffectPreview {
    const total = 1842
    const done = Math.min(total, polls * 400)
    return {
      preview_id: 'p-1',
      state: done < total ? 'running' : 'done',
      done,
      total,
      failure: null,
      started_at_ms: kNow,
      draft_version: stub.draft?.version ?? 1,
      changed_applications: done < total ? 0 : 2,
      changed_results: done < total ? 0 : 2,
      by_rule:
        done < total ? [] : [{ rule: 'R-102', title: '限额以下可不办证', before: 'pass', after: 'fail', count: 2 }],
    }
  }

  const changes: PreviewChange[] = ['三墩镇社区服务站装修工程', '留下街道停车棚工程'].map((works_name, place) => ({
    application_id: `a-${place}`,
    application_number: `330106-2026-0030${place}`,
    works_name,
    owner_name: '杭州市西湖区教育建设中心(示例)',
    submitted_on: '2026-10-12',
    rule: 'R-102',
    title: '限额以下可不办证',
    before: 'pass',
    after: 'fail',
  }))

  function draft_route(
    method: string,
    act: string,
    body: Record<string, unknown>,
    headers: Headers,
    name: string,
  ): RuleAnswer {
    const draft = stub.draft
    if (method === 'POST' && !act) return begin(name, body.from_version as string | null)
    if (!draft) return refuse(404, 'catalog.no_draft', '没有草稿。')
    if (method === 'GET' && !act) return { status: 200, body: draft, version: draft.version }
    if (act === 'check') return { status: 200, body: check(draft) }
    if (act === 'previews') {
      polls = 0
      return { status: 202, body: preview() }
    }
    if (headers.get('If-Match') !== `"${draft.version}"`)
      return refuse(412, 'catalog.draft_changed', '这份草稿刚被改过。')
    if (act === 'discarding') {
      stub.draft = null
      return { status: 204, body: null }
    }
    draft.version += 1
    if (method === 'PUT') Object.assign(draft, body, { edited_by_name: name, edited_by_me: true, edited_at_ms: kNow })
    else if (act === 'submission')
      Object.assign(draft, body, { state: 'waiting', submitted_by_name: name, may_publish: false })
    else if (act === 'return') Object.assign(draft, { state: 'editing', returned_reason: body.reason })
    else if (act === 'publication') {
      if (draft.submitted_by_name === name) return refuse(403, 'catalog.same_person', '须由另一人发布。')
      versions.unshift({
        ...waiting,
        catalog_version: '2026-03',
        note: draft.note,
        effective_from_on: draft.effective_from_on ?? '',
      })
      stub.draft = null
      return { status: 200, body: versions[0] }
    }
    return {
      status: 200,
      body: { ...draft, may_publish: draft.state === 'waiting' && draft.submitted_by_name !== name },
    }
  }

  const stub: RuleStub = {
    draft: null,
    answer(method, path, body, headers, name) {
      if (path === '/rule-packages') {
        const { matter_code, name: matter_name, rule_count, draft } = summary()
        return {
          status: 200,
          body: {
            packages: [
              {
                matter_code,
                name: matter_name,
                rule_count,
                draft,
                in_force,
                waiting: versions.filter((v) => v.state === 'waiting'),
              },
            ],
          },
        }
      }
      const rest = path.replace(`/rule-packages/${kMatter}`, '')
      if (!rest) return { status: 200, body: summary() }
      const act = /^\/draft\/?(.*)$/.exec(rest)
      if (act) {
        const answer = draft_route(method, act[1] ?? '', body, headers, name)
        const found = answer.body as RuleDraft | null
        if (method === 'GET' && !act[1] && answer.status === 200 && found)
          return {
            ...answer,
            body: { ...found, may_publish: found.state === 'waiting' && found.submitted_by_name !== name },
          }
        return answer
      }
      if (rest.endsWith('/changes')) return { status: 200, body: { changes, next_cursor: null } }
      if (rest.startsWith('/previews/')) {
        polls += 1
        return { status: 200, body: preview() }
      }
      const version = versions.find((one) => rest === `/versions/${one.catalog_version}`)
      if (version) return { status: 200, body: { ...version, ...rules } satisfies PackageVersion }
      return refuse(404, 'http.no_route', '没有找到。')
    },
  }
  return stub
}

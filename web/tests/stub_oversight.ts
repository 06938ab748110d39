/** The supervisor's side of the story: a department with a late case, an order that waits for its answer. */
import type { CaseOrders, Finding, Hold, Order, OverseenTask, SelfCheckRun } from '@/modules/approval/oversight/api'
import * as story from './story'

const kHourMs = 3_600_000

export interface OversightStub {
  orders: Order[]
  rows: OverseenTask[]
  checks: SelfCheckRun[]
  findings: Finding[]
  answer: (method: string, path: string, query: URLSearchParams, body: Record<string, unknown>) => unknown
}

function load(open: number, yellow: number, red: number) {
  return { open, yellow, red, orders_open: 1, orders_overdue: red, oldest_at_ms: story.kNow - 9 * 24 * kHourMs }
}

export function hold(holder_name: string | null, hours: number): Hold {
  return {
    task_id: 't-review',
    task_name: '施工许可条件审查',
    department: 'housing',
    holder_name,
    from_at_ms: story.kNow - 40 * kHourMs,
    through_at_ms: holder_name ? null : story.kNow - 30 * kHourMs,
    worked_ms: hours * kHourMs,
    provisional: false,
  }
}

export function order(more: Partial<Order> = {}): Order {
  return {
    order_id: 'order-1',
    order_number: '330106-2026-00421督1',
    application_id: story.inbox_rows[0]?.application_id ?? '',
    application_number: '330106-2026-00421',
    works_name: '翠苑小学扩建工程',
    task_id: 't-review',
    task_name: '施工许可条件审查',
    department: 'housing',
    issued_by: '陈科长',
    issued_at_ms: story.kNow - kHourMs,
    holder_name: '王住建',
    held_ms: 27 * kHourMs,
    case_due_on: '2026-12-02',
    demand: '请说明迟延原因，今天办结。',
    consequence: '逾期通报。',
    answer_by_on: '2026-12-01',
    state: 'open',
    answered_late: false,
    answer: null,
    answered_by: null,
    cancel_cause: null,
    ended_at_ms: null,
    ...more,
  }
}

export function make_oversight_stub(): OversightStub {
  const stub: OversightStub = {
    orders: [],
    rows: story.inbox_rows.slice(0, 2).map((task, place) => ({
      task,
      held_ms: 27 * kHourMs,
      working_day_ms: 8 * kHourMs,
      totals: [hold('王住建', 27), hold(null, 3.5)],
      order: place === 0 ? order() : null,
      expedite_blocked_because: place === 0 ? '这个任务已有一张督办单在等回复。' : null,
    })),
    checks: [],
    findings: [],
    answer(method, path, query, body) {
      if (path.endsWith('/holding'))
        return {
          working_day_ms: 8 * kHourMs,
          holds: [hold(null, 3.5), hold('王住建', 27)],
          totals: [hold('王住建', 27), hold(null, 3.5)],
        }
      if (path.endsWith('/expedite-orders') && path.startsWith('/applications/'))
        return { orders: stub.orders, warnings: [] } satisfies CaseOrders
      if (path.endsWith('/expedite-order')) {
        stub.orders = [order({ demand: String(body.demand), consequence: String(body.consequence) })]
        return { orders: stub.orders, warnings: [] }
      }
      if (path.endsWith('/expedite-order/answer')) {
        stub.orders = stub.orders.map((one) =>
          order({
            ...one,
            state: 'answered',
            answer: String(body.answer),
            answered_by: '王住建',
            ended_at_ms: story.kNow,
          }),
        )
        return { orders: stub.orders, warnings: [] }
      }
      if (path === '/oversight/departments')
        return {
          departments: [
            { department: 'housing', name: '住房和城乡建设局', ...load(12, 2, 1) },
            { department: 'fire', name: '消防审查（住建局消防科）', ...load(1000, 0, 0) },
          ],
          all: load(1012, 2, 1),
          count_max: 1000,
        }
      if (path === '/oversight/people')
        return {
          people: [{ account_id: 'account-wang', name: '王住建', ...load(5, 1, 1) }],
          complete: true,
          count_max: 1000,
        }
      if (path === '/oversight/tasks')
        return { rows: query.get('light') === 'yellow' ? [] : stub.rows, next_cursor: null }
      if (path === '/oversight/expedite-orders')
        return { orders: query.get('state') === 'open' ? [order()] : [], next_cursor: null }
      if (path === '/oversight/warnings') return { warnings: [], next_cursor: null }
      if (path.endsWith('/findings')) return { check: stub.checks[0], findings: stub.findings, next_cursor: null }
      if (path === '/oversight/self-checks' && method === 'POST')
        stub.checks = [
          {
            check_id: 'check-new',
            nightly: false,
            started_by: '陈科长',
            started_at_ms: story.kNow,
            ended_at_ms: story.kNow,
            state: 'done',
            case_count: 42,
            looked_at: 42,
            found: stub.findings.length,
          },
          ...stub.checks,
        ]
      return { checks: stub.checks }
    },
  }
  return stub
}

export function is_of_oversight(path: string): boolean {
  return path.startsWith('/oversight/') || /\/(holding|expedite-orders?|expedite-order\/answer)$/.test(path)
}

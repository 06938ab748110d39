/** The supervisor's side: load and lateness, orders that must be answered, warnings, the self-check. */
import { act_on, client, take } from '@/shared/api/client'
import type { components, operations } from '@/shared/api/schema'
import type { Sent, Task } from '@/shared/api/types'
import { load_task } from '../api'

type Schemas = components['schemas']
type Ok<Operation extends keyof operations> = operations[Operation] extends {
  responses: { 200: { content: { 'application/json': infer Body } } }
}
  ? Body
  : never

export type Hold = Schemas['Hold']
export type Holding = Ok<'show_holding'>
export type Order = Schemas['ExpediteOrder']
export type OrderState = Order['state']
export type Warning = Schemas['DeadlineWarning']
export type CaseOrders = Schemas['CaseOrders']
export type Load = Schemas['Load']
export type Departments = Ok<'list_department_loads'>
export type People = Ok<'list_person_loads'>
export type OverseenTask = Schemas['OverseenTask']
export type SelfCheckRun = Schemas['SelfCheckRun']
export type Finding = Schemas['SelfCheckFinding']

/** What a number stands for; every part may be left out. */
export interface TaskFilter {
  department?: string | undefined
  holder?: string | undefined
  light?: 'yellow' | 'red' | undefined
}

interface Page<Row> {
  rows: Row[]
  next_cursor: string | null
}

const kPageLimit = 20

function paged(cursor: string | undefined) {
  return { limit: kPageLimit, ...(cursor ? { cursor } : {}) }
}

export function load_holding(application_id: string): Promise<Holding> {
  return take(client.GET('/api/v1/applications/{application_id}/holding', { params: { path: { application_id } } }))
}

export function load_case_orders(application_id: string): Promise<CaseOrders> {
  const params = { path: { application_id } }
  return take(client.GET('/api/v1/applications/{application_id}/expedite-orders', { params }))
}

export function load_departments(): Promise<Departments> {
  return take(client.GET('/api/v1/oversight/departments'))
}

export function load_people(department: string): Promise<People> {
  return take(client.GET('/api/v1/oversight/people', { params: { query: { department } } }))
}

export function list_overseen(filter: TaskFilter, cursor: string | undefined): Promise<Page<OverseenTask>> {
  const query = {
    ...paged(cursor),
    ...(filter.department ? { department: filter.department } : {}),
    ...(filter.holder ? { holder: filter.holder } : {}),
    ...(filter.light ? { light: filter.light } : {}),
  }
  return take(client.GET('/api/v1/oversight/tasks', { params: { query } }))
}

export async function list_orders(state: OrderState, cursor: string | undefined): Promise<Page<Order>> {
  const page = await take(
    client.GET('/api/v1/oversight/expedite-orders', { params: { query: { state, ...paged(cursor) } } }),
  )
  return { rows: page.orders, next_cursor: page.next_cursor }
}

export async function list_warnings(cursor: string | undefined): Promise<Page<Warning>> {
  const page = await take(client.GET('/api/v1/oversight/warnings', { params: { query: paged(cursor) } }))
  return { rows: page.warnings, next_cursor: page.next_cursor }
}

export async function load_self_checks(): Promise<SelfCheckRun[]> {
  return (await take(client.GET('/api/v1/oversight/self-checks'))).checks
}

export async function begin_self_check(key: string): Promise<SelfCheckRun[]> {
  const params = { header: { 'Idempotency-Key': key } }
  return (await take(client.POST('/api/v1/oversight/self-checks', { params }))).checks
}

export async function list_findings(check_id: string, cursor: string | undefined): Promise<Page<Finding>> {
  const params = { path: { check_id }, query: paged(cursor) }
  const page = await take(client.GET('/api/v1/oversight/self-checks/{check_id}/findings', { params }))
  return { rows: page.findings, next_cursor: page.next_cursor }
}

/** Both answer the task as it then stands, as every act on a task does for its page. */
export async function issue_order(task: Task, body: Sent<'issue_expedite_order'>, key: string): Promise<Task> {
  await take(client.POST('/api/v1/tasks/{task_id}/expedite-order', { params: act_on(task, key), body }))
  return load_task(task.task_id)
}

export async function answer_order(task: Task, body: Sent<'answer_expedite_order'>, key: string): Promise<Task> {
  await take(client.POST('/api/v1/tasks/{task_id}/expedite-order/answer', { params: act_on(task, key), body }))
  return load_task(task.task_id)
}

// The measured process with every command on disk: its own transaction with saved state, task, timeline, outbox and audit.
import { writeFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { equal } from 'node:assert/strict'
import { Copies } from '../parts/copies.mjs'
import { kTasks } from './model.mjs'
import { bare, databaseOf, durableResult, kClients, measured, tool } from './tools.mjs'

const firstLine = (file) => `${readFileSync(file, 'utf8').split('\n')[0]}\n`

/** Instances that wait for their first task; gives their folder and a file with one a line. */
async function started(copies, model, instances) {
  const folder = copies.empty('started')
  const cases = join(folder, 'cases.tsv')
  writeFileSync(cases, await tool('run_durable', 'start', databaseOf(folder), model, instances))
  return { folder, cases }
}

/** A copy in which the rows of one instance's completions are noted. */
async function noteOne(copies, { folder, cases }, model) {
  const noted = copies.of(folder, 'noted')
  const one = join(noted, 'one.tsv')
  writeFileSync(one, firstLine(cases))
  await tool('bare_loop', 'watch', databaseOf(noted))
  await tool('run_durable', 'run', databaseOf(noted), model, 1, one)
  return noted
}

export async function durable(model, options, say) {
  say('bpmn_durable …')
  const instances = Math.ceil(options.submissions / 2)
  const copies = new Copies('bpmn-durable')
  try {
    const prepared = await started(copies, model, instances)
    const noted = await noteOne(copies, prepared, model)
    const rounds = []
    for (let at = 0; at < options.rounds; at++) {
      const ours = measured(await tool('run_durable', 'run', databaseOf(copies.of(prepared.folder, 'ours')), model, kClients, prepared.cases))
      const peer = await bare(noted, copies.of(prepared.folder, 'peer'), prepared.cases)
      for (const one of [ours, peer]) equal(one.tasks, instances * kTasks, 'not every task was completed')
      rounds.push({ ours, peer })
    }
    return [durableResult('bpmn_durable', `user tasks of ${instances.toLocaleString('en')} such instances completed by ${kClients} clients, each in a transaction with state, outbox and audit`, rounds, 'an instance')]
  } finally {
    copies.remove()
  }
}

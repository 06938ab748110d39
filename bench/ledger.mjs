// ledger: entries of the log that are on disk, under a checkpoint and in its static files, beside a bare loop that writes
// and syncs records of the same size; how soon a checkpoint covers an entry; and proofs in a log of ten million entries.
import { join } from 'node:path'
import { Copies } from './parts/copies.mjs'
import { programs } from './parts/places.mjs'
import { run } from './parts/processes.mjs'
import { resultOf } from './parts/report.mjs'

const kClients = 64
const kProofs = 200
const kLagMsMax = 1_000
const kVerifyMsMax = 50
const kWaitMs = 900_000

const tool = async (...args) => JSON.parse(await run(join(programs, 'append_entries'), args.map(String), { timeoutMs: kWaitMs }))

/** Of rounds `{ ours, peer }` as append_entries says. */
export function appendResults(rounds) {
  const perSecond = ({ entries, seconds }) => entries / seconds
  const cpuMicroseconds = ({ entries, cpu_seconds: seconds }) => Math.round((seconds * 1e6) / entries)
  const { ours, peer } = rounds[0]
  return [
    resultOf('ledger', `entries of ${ours.entry_bytes} bytes queued by ${kClients} clients, each in a transaction; placed, under a signed checkpoint and in the static files`, rounds.map((one) => ({ ours: perSecond(one.ours), peer: perSecond(one.peer) })), {
      peer_name: `a bare loop: ${kClients} clients, one file, one writer that writes and syncs what waits`,
      unit: 'entries per second',
      aim: { at_least: 0.5 },
      notes: [
        `first round: ${(ours.entries / ours.commits).toFixed(1)} entries a COMMIT (those that place included) and ${(peer.entries / peer.commits).toFixed(1)} a sync; ${cpuMicroseconds(ours)} and ${cpuMicroseconds(peer)} µs of CPU an entry`,
        `queued after ${ours.queued_seconds.toFixed(2)} s of ${ours.seconds.toFixed(2)}; ${ours.rounds} checkpoints`,
      ],
    }),
    resultOf('ledger_lag', 'the longest wait of an entry, from its COMMIT to a checkpoint over it, under that load', rounds.map((one) => ({ ours: one.ours.lag_ms.max, peer: kLagMsMax })), {
      peer_name: 'the limit',
      unit: 'ms',
      aim: { below: 1 },
      notes: [`first round: median ${Math.round(ours.lag_ms.p50)} ms, 99 of 100 within ${Math.round(ours.lag_ms.p99)} ms; the ticker looks every 250 ms`],
    }),
  ]
}

export function proofResult(large) {
  return resultOf('ledger_proof', `an inclusion proof of a log of ${large.entries.toLocaleString('en')} entries verified offline, its checkpoint's signature included; the slowest of ${kProofs}`, [{ ours: large.verify_ms.max, peer: kVerifyMsMax }], {
    peer_name: 'the limit',
    unit: 'ms',
    aim: { below: 1 },
    notes: [`${large.proof_bytes.p50} bytes of text (at most ${large.proof_bytes.max}), made from its tiles in ${large.prove_ms.p50.toFixed(2)} ms, verified in ${large.verify_ms.p50.toFixed(2)} (medians); the log was made in ${Math.round(large.seconds)} s`],
  })
}

export async function ledger(options, say) {
  const copies = new Copies('ledger')
  try {
    const rounds = []
    for (let at = 0; at < options.rounds; at++) {
      say(`ledger, round ${at + 1} …`)
      const ours = await tool('append', copies.empty('ours'), kClients, options.entries)
      const peer = await tool('bare', copies.empty('peer'), kClients, options.entries, ours.entry_bytes)
      rounds.push({ ours, peer })
    }
    say(`ledger, a log of ${options.log.toLocaleString('en')} …`)
    return [...appendResults(rounds), proofResult(await tool('prove', copies.empty('large'), options.log, kProofs))]
  } finally {
    copies.remove()
  }
}

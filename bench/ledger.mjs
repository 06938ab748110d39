// ledger: entries of the log that are on disk, under a checkpoint and in its static files, beside a bare loop that writes
// and syncs records of the same size; how soon a checkpoint covers an entry; and proofs in a log of ten million entries.
import { join } from 'node:path'
import { Copies } from './parts/copies.mjs'
import { programs } from './parts/places.mjs'
import { run } from './parts/processes.mjs'
import { resultOf } from './parts/report.mjs'
import { median } from './parts/statistics.mjs'

const kClients = 64
/** A busy office: 8 clients that queue twenty times a second each. */
const kOffice = { clients: 8, pauseMs: 50, entries: 800 }
const kProofs = 200
const kLagMsMax = 1_000
const kVerifyMsMax = 50
const kWaitMs = 900_000

const tool = async (...args) => JSON.parse(await run(join(programs, 'append_entries'), args.map(String), { timeoutMs: kWaitMs }))

/** Of rounds `{ ours, peer, office }` as append_entries says. */
export function appendResults(rounds) {
  const perSecond = ({ entries, seconds }) => entries / seconds
  const cpuMicroseconds = ({ entries, cpu_seconds: seconds }) => Math.round((seconds * 1e6) / entries)
  const lagText = ({ lag_ms: lag }) => `median ${Math.round(lag.p50)} ms, 99 of 100 within ${Math.round(lag.p99)} ms, at most ${Math.round(lag.max)}`
  const { ours, peer, office } = rounds[0]
  return [
    resultOf('ledger', `entries of ${ours.entry_bytes} bytes queued by ${kClients} clients, each in a transaction; placed, under a signed checkpoint and in the static files`, rounds.map((one) => ({ ours: perSecond(one.ours), peer: perSecond(one.peer) })), {
      peer_name: `a bare loop: ${kClients} clients, one file, one writer that writes and syncs what waits`,
      unit: 'entries per second',
      aim: { at_least: 0.5 },
      notes: [
        `by processor time ratio ${median(rounds.map((one) => cpuMicroseconds(one.peer) / cpuMicroseconds(one.ours))).toFixed(2)}; a group of the peer took ${rounds.map((one) => ((one.peer.seconds * 1e3) / one.peer.commits).toFixed(1)).join(', ')} ms in the rounds: so much the disk differs`,
        `first round: ${(ours.entries / ours.commits).toFixed(1)} entries a COMMIT (those that place included) and ${(peer.entries / peer.commits).toFixed(1)} a sync; ${cpuMicroseconds(ours)} and ${cpuMicroseconds(peer)} µs of CPU an entry`,
        `queued after ${ours.queued_seconds.toFixed(2)} s of ${ours.seconds.toFixed(2)}; ${ours.rounds} checkpoints; from COMMIT to checkpoint ${lagText(ours)}`,
      ],
    }),
    resultOf('ledger_lag', `the longest wait of an entry from its COMMIT to a checkpoint file over it, ${kOffice.clients} clients that pause for ${kOffice.pauseMs} ms`, rounds.map((one) => ({ ours: one.office.lag_ms.max, peer: kLagMsMax })), {
      peer_name: 'the limit',
      unit: 'ms',
      aim: { below: 1 },
      notes: [`first round: ${lagText(office)} at ${Math.round(perSecond(office))} entries a second; the ticker looks every 250 ms`],
    }),
  ]
}

export function proofResult(large) {
  return resultOf('ledger_proof', `an inclusion proof of a log of ${large.entries.toLocaleString('en')} entries verified offline, its checkpoint's signature included; the slowest of ${kProofs}`, [{ ours: large.verify_ms.max, peer: kVerifyMsMax }], {
    peer_name: 'the limit',
    unit: 'ms of CPU',
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
      const ours = await tool('append', copies.empty('ours'), kClients, options.entries, 0)
      const peer = await tool('bare', copies.empty('peer'), kClients, options.entries, ours.entry_bytes)
      const office = await tool('append', copies.empty('office'), kOffice.clients, kOffice.entries, kOffice.pauseMs)
      rounds.push({ ours, peer, office })
    }
    say(`ledger, a log of ${options.log.toLocaleString('en')} …`)
    return [...appendResults(rounds), proofResult(await tool('prove', copies.empty('large'), options.log, kProofs))]
  } finally {
    copies.remove()
  }
}

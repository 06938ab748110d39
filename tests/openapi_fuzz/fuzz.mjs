// Sends the requests of a seed, several at a time, and collects what is wrong.
import { setTimeout as pause } from 'node:timers/promises'
import { faultsOf } from './judge.mjs'
import { send } from './requests.mjs'

/** A person whose session the fuzzer ended gets another. */
async function signedIn(person) {
  if (!person.account) return
  await person.signIn().catch(() => {})
}

export const howToRepeat = (seed, number) => `KAIGONG_FUZZ_SEED=${seed} KAIGONG_FUZZ_ONLY=${number} ./kaigong test fuzz_api`

/** `{faults, statuses, kinds}`; a fault is `{number, text}` and tells how to repeat its request. `only`: one number. */
export async function fuzz({ bureau, requests, world, people, seed, count, only = null, atOnce = 8 }) {
  const faults = []
  const statuses = new Map()
  const kinds = new Map()
  const exercised = new Set()
  let next = only ?? 0
  const end = only === null ? count : only + 1
  const worker = async () => {
    while (next < end && faults.length < 50) {
      const request = requests.draw(seed, next++)
      const person = people.get(request.account)
      const wrong = (text) => faults.push({ number: request.number, text: `${request.kind} (${request.place}) ${request.method} ${request.target.slice(0, 300)} as ${request.account ?? 'anybody'}\n  ${text}\n  ${String(request.body ?? '').slice(0, 500)}\n  ${howToRepeat(seed, request.number)}` })
      try {
        world.expect(request)
        const reply = await send(bureau, people, request)
        statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1)
        kinds.set(request.kind, (kinds.get(request.kind) ?? 0) + 1)
        exercised.add(`${request.method} ${request.template}`)
        for (const text of faultsOf({ request, reply, contract: bureau.contract, world, person })) wrong(text)
        if (reply.status === 401 && person.session && !request.headers.cookie && !request.headers.authorization) await signedIn(person)
      } catch (fault) {
        // The server may close a connection whose request it gave up; a server that is gone is told below.
        if (!['ECONNRESET', 'EPIPE'].includes(fault.code)) wrong(`no reply: ${fault.stack ?? fault}`)
        if (bureau.process?.exitCode !== null && bureau.process) wrong(`the server is gone: ${bureau.process.exitCode}`)
        await pause(1)
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return { faults, statuses, kinds, exercised }
}

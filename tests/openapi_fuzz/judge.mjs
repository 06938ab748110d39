// What is wrong with a reply: a server that broke, a shape that openapi.yaml does not know, rows of others.

/** A sentence for each fault; nothing where all is well. */
export function faultsOf({ request, reply, contract, world, person }) {
  const faults = []
  if (reply.status >= 500) faults.push(`${reply.status}: ${reply.body.toString('utf8').slice(0, 300)}`)
  const isStream = String(reply.headers['content-type'] ?? '').startsWith('text/event-stream')
  try {
    contract.check(reply)
  } catch (fault) {
    faults.push(String(fault.message).split('\n').slice(0, 6).join('\n'))
  }
  for (const [name, value] of Object.entries(reply.headers)) if (/stolen/.test(String(value))) faults.push(`header ${name} holds what was sent: ${value}`)
  const isJson = String(reply.headers['content-type'] ?? '').startsWith('application/json')
  if (reply.status < 300 && isJson && !isStream) {
    for (const { name, value } of world.foreign(person, JSON.parse(reply.body.toString('utf8')))) faults.push(`${name} ${value} is not ${request.account ?? 'anybody'}'s`)
  }
  return faults
}

/** Which of the secrets a text holds, by their names. */
export const secretsIn = (text, secrets) => [...secrets].filter(([, value]) => text.includes(value)).map(([name]) => name)

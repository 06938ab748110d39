// People who read: a process of its own, so that what attackers cost their own process does not delay the clock here. Asks at
// a steady pace whatever the answers do; three of four over connections that are kept, one over a new one.
//   fork('readers.mjs', [JSON of { host, port, requests: [{ path, cookie }], per_second }]); send { seconds }, get
//   { times_ms, failed, slowest }.
import { Agent, request as httpRequest } from 'node:http'

const { host, port, requests, per_second: perSecond } = JSON.parse(process.argv[2])
const kKeptShare = 4
const kPatienceMs = 20_000
const kept = new Agent({ keepAlive: true, maxSockets: 64 })

/** Milliseconds until all of the answer was there. */
function ask({ path, cookie }, agent) {
  return new Promise((resolve, reject) => {
    const begun = performance.now()
    const request = httpRequest({ host, port, path, localAddress: '127.0.0.1', agent, headers: cookie ? { cookie } : {}, timeout: kPatienceMs })
    request.on('timeout', () => request.destroy(new Error('no answer')))
    request.on('error', reject)
    request.on('response', (response) => {
      response.resume()
      response.on('error', reject)
      response.on('end', () => (response.statusCode < 400 ? resolve(performance.now() - begun) : reject(new Error(`${path} → ${response.statusCode}`))))
    })
    request.end()
  })
}

async function measure(seconds) {
  const times = []
  const failed = []
  let slowest = { ms: 0, path: '' }
  const running = []
  const total = Math.round(seconds * perSecond)
  const begun = performance.now()
  for (let count = 0; count < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - begun) / 1000) * perSecond))
    for (; count < due; count++) {
      const wanted = requests[count % requests.length]
      // Whole rounds of the mix go over new connections, so that each kind of request does.
      const agent = Math.floor(count / requests.length) % kKeptShare === 0 ? false : kept
      running.push(
        ask(wanted, agent).then(
          (ms) => {
            times.push(ms)
            if (ms > slowest.ms) slowest = { ms, path: wanted.path }
          },
          (error) => failed.push(error.message),
        ),
      )
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await Promise.all(running)
  return { times_ms: times, failed, slowest }
}

process.on('message', async ({ seconds }) => process.send(await measure(seconds)))
process.on('disconnect', () => process.exit())

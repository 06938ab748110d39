// Many POSTs over kept connections, each sent once: a plain HTTP client, because the usual ones cost more than the server.
import { connect } from 'node:net'
import { kDemoPassword } from '../../tools/demo/client.mjs'

/** Length of the first whole reply in the bytes and its status; null while it is not whole. Replies carry Content-Length. */
export function wholeReply(bytes) {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return null
  const head = bytes.toString('latin1', 0, end)
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? NaN)
  if (!Number.isInteger(length)) throw new Error(`a reply without Content-Length: ${head.slice(0, 200)}`)
  const total = end + 4 + length
  return bytes.length < total ? null : { total, status: Number(head.slice(9, 12)), body: bytes.toString('utf8', end + 4, total) }
}

function worker(port, next, seen) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let bytes = Buffer.alloc(0)
    let sentAt = 0
    const send = () => {
      const request = next()
      if (!request) {
        socket.end()
        return resolve()
      }
      sentAt = performance.now()
      socket.write(request)
    }
    socket.setNoDelay(true)
    socket.on('connect', send)
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server closed the connection')))
    socket.on('data', (more) => {
      bytes = bytes.length ? Buffer.concat([bytes, more]) : more
      const reply = wholeReply(bytes)
      if (!reply) return
      bytes = bytes.subarray(reply.total)
      seen({ status: reply.status, body: reply.body, ms: performance.now() - sentAt })
      send()
    })
  })
}

/** Sends every request (Buffers) once, `clients` at a time; gives the milliseconds each took. Any other status than `expected` throws. */
export async function postAll(port, requests, clients, expected = 201) {
  let at = 0
  const times = []
  const seen = ({ status, body, ms }) => {
    if (status !== expected) throw new Error(`a request was answered ${status}: ${body.slice(0, 300)}`)
    times.push(ms)
  }
  await Promise.all(Array.from({ length: clients }, () => worker(port, () => requests[at++], seen)))
  return times
}

/** Cookie and token of an account of the demo. */
export async function signIn(bureau, account) {
  const reply = await fetch(`${bureau.url}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ account, password: kDemoPassword }) })
  if (!reply.ok) throw new Error(`${account} can not sign in: ${reply.status}`)
  return { cookie: reply.headers.getSetCookie()[0].split(';')[0], csrf: (await reply.json()).csrf_token }
}

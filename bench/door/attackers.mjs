// Those who mean no good, from addresses of their own (127.1.0.0/16): connections that say nothing, headers and bodies that
// never end, answers that nobody reads, floods. A process of its own, at a low priority: in life attackers have machines of
// their own, here they must not take the server's.
//   fork('attackers.mjs', [JSON of { host, port, read, flood, body, accounts, password }]);
//   send { hold: { silent, header, body, reader, addresses } } | { flood: { connections } } | { sign_in: { clients } } |
//   { count: true } | { stop: true }; each is answered, `count` with { open, opened, answers: { status: n } }.
import { connect } from 'node:net'
import { setPriority } from 'node:os'

setPriority(10)
const told = JSON.parse(process.argv[2])
const { host, port } = told
const kDripMs = 2_000
const kReopenMs = 500
/** Whoever is not in by then does not count as held: the run has an end. */
const kOpenMsMax = 6_000
const kPipelined = 32
const kOpenAtOnce = 200
const kReaderRequests = 400

const sockets = new Set()
const dripping = new Set()
const answers = {}
let opened = 0
/** Raised when an attack ends: nobody of it comes again. */
let attack = 0

const get = (path) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`
/** 127.1.0.1 … one for each place of the many. */
const addressOf = (place) => `127.1.${Math.floor(place / 250)}.${(place % 250) + 1}`

const kinds = {
  silent: () => {},
  header: (socket) => {
    socket.write(`GET ${told.read} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: `)
    dripping.add(socket)
  },
  body: (socket) => {
    socket.write(`POST ${told.body} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n`)
    dripping.add(socket)
  },
  reader: (socket) => {
    socket.pause()
    socket.write(get(told.read).repeat(kReaderRequests))
  },
  flood: (socket) => socket.write(get(told.flood).repeat(kPipelined)),
}

function count(bytes) {
  let found = 0
  for (let at = bytes.indexOf('HTTP/1.1 '); at !== -1; at = bytes.indexOf('HTTP/1.1 ', at + 9)) {
    const status = bytes.toString('latin1', at + 9, at + 12)
    answers[status] = (answers[status] ?? 0) + 1
    found += 1
  }
  return found
}

/** One place of an attack: whenever the server closes it, it is taken again. */
function hold(kind, localAddress, mine = attack) {
  if (mine !== attack) return
  const socket = connect({ host, port, localAddress, noDelay: true })
  sockets.add(socket)
  socket.on('connect', () => {
    opened += 1
    kinds[kind](socket)
  })
  socket.on('data', (bytes) => {
    const done = count(bytes)
    if (kind === 'flood' && done > 0 && socket.writable) socket.write(get(told.flood).repeat(done))
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    sockets.delete(socket)
    dripping.delete(socket)
    setTimeout(() => hold(kind, localAddress, mine), kReopenMs)
  })
}

setInterval(() => {
  for (const socket of dripping) if (socket.writable) socket.write('a')
}, kDripMs).unref()

/** All of a list of kinds, not faster than a machine opens them. */
async function holdAll({ addresses, ...wanted }) {
  let place = 0
  const end = performance.now() + kOpenMsMax
  for (const [kind, number] of Object.entries(wanted)) {
    for (let i = 0; i < number && performance.now() < end; i++, place++) {
      hold(kind, addressOf(place % addresses))
      if (place % kOpenAtOnce === kOpenAtOnce - 1) await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

/** One after the other, each with the right password: only those are hashed without end. */
async function signIn(place) {
  const mine = attack
  for (let turn = place; mine === attack; turn++) {
    const body = JSON.stringify({ account: told.accounts[turn % told.accounts.length], password: told.password })
    const status = await fetch(`http://${host}:${port}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body }).then(
      async (reply) => (await reply.arrayBuffer(), reply.status),
      () => 'failed',
    )
    const name = `sign_in_${status}`
    answers[name] = (answers[name] ?? 0) + 1
  }
}

process.on('message', async (message) => {
  if (message.hold) await holdAll(message.hold)
  if (message.flood) for (let i = 0; i < message.flood.connections; i++) hold('flood', '127.2.0.1')
  if (message.sign_in) for (let i = 0; i < message.sign_in.clients; i++) void signIn(i)
  if (message.stop) {
    attack += 1
    for (const socket of sockets) socket.destroy()
  }
  process.send({ open: [...sockets].filter((one) => one.readyState === 'open' || one.readyState === 'writeOnly').length, opened, answers })
})
process.on('disconnect', () => process.exit())

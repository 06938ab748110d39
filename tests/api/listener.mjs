// An open page that listens to the server's events.
import { request } from 'node:http'
import { waitFor } from '../../tools/demo/waiting.mjs'

/** The events of one stream as they come. */
export class Listener {
  constructor(person, path, lastId = '') {
    this.events = []
    this.ended = false
    const headers = { cookie: person.cookie, ...(lastId ? { 'last-event-id': lastId } : {}) }
    this.request = request({ host: '127.0.0.1', port: person.bureau.port, path: `/api/v1${path}`, headers, agent: false })
    this.request.on('error', () => (this.ended = true))
    this.request.on('response', (response) => {
      this.status = response.statusCode
      let text = ''
      response.setEncoding('utf8')
      response.on('error', () => (this.ended = true))
      response.on('end', () => (this.ended = true))
      response.on('data', (chunk) => {
        text += chunk
        for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) this.#take(text.slice(0, end))
      })
    })
    this.request.end()
  }

  #take(block) {
    const fields = Object.fromEntries(block.split('\n').filter((line) => !line.startsWith(':')).map((line) => line.split(/: (.*)/s).slice(0, 2)))
    if (fields.event) this.events.push({ id: fields.id, name: fields.event, data: JSON.parse(fields.data) })
  }

  next(name, fits = () => true) {
    return waitFor(`${name} 到达`, async () => this.events.find((one) => one.name === name && fits(one.data)) ?? null, { deadlineMs: 10_000 })
  }

  close() {
    this.request.destroy()
  }
}

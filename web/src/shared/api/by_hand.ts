/** The client for operations whose shapes a module writes by hand, because the document does not have them. */
import { client, take } from './client'

interface Sending {
  params?: {
    path?: Record<string, string>
    query?: Record<string, string | undefined>
    header?: Record<string, string>
  }
  body?: unknown
}
type Reply = { data?: unknown; error?: unknown; response: Response }
type Send = (path: string, sending?: Sending) => Promise<Reply>

const open = client as unknown as Record<'GET' | 'POST' | 'PUT' | 'DELETE', Send>

export function ask<Body>(method: keyof typeof open, path: string, sending: Sending = {}): Promise<Body> {
  return take(open[method](`/api/v1${path}`, sending)) as Promise<Body>
}

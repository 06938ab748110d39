/** What the authority says now, from its public interface (`show_public_permit`), as a check. */
import { make_check, type Check } from './answer'
import { is_object, type Json, type JsonObject } from './canonical_json'

export interface StatusReply {
  /** Of HTTP. */
  status: number
  body: Json
}

/** Nothing when the reply says neither yes nor no. */
export function judge_status(certificate: JsonObject, reply: StatusReply): Check | null {
  if (reply.status === 404) return make_check('status', 'fail', 'verify.number_unknown')
  const { body } = reply
  if (reply.status !== 200 || !is_object(body) || typeof body.state !== 'string') return null
  // What ended the permit comes first: a new edition of it would be of no more use than the old one.
  if (body.state !== 'in_force' && body.state !== 'replaced')
    return make_check('status', 'fail', 'verify.not_in_force', {
      names: { zh: String(body.state_name ?? body.state), en: body.state.replaceAll('_', ' ') },
    })
  const here = Number(certificate.certificate_version)
  const there = Number(body.certificate_version)
  if (body.state === 'replaced' || there > here) return make_check('status', 'fail', 'verify.replaced')
  if (there !== here || body.certificate_identifier !== certificate.certificate_identifier)
    return make_check('status', 'fail', 'verify.version_differs')
  return make_check('status', 'pass', '')
}

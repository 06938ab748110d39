/** 对外征求意见, both sides: the office's list and acts; what a link opens to somebody without an account. */
import { client, kApiPrefix, take, version_tag } from '@/shared/api/client'
import type {
  Consultation,
  ConsultationCode,
  ConsultationsOfCase,
  OutsideConsultation,
  OutsideFile,
  Sent,
} from '@/shared/api/types'
import { send_file, type Upload } from '@/modules/documents/api'

export function list_consultations(application_id: string): Promise<ConsultationsOfCase> {
  return take(
    client.GET('/api/v1/applications/{application_id}/consultations', { params: { path: { application_id } } }),
  )
}

export function consult_outside(
  application_id: string,
  body: Sent<'consult_outside'>,
  key: string,
): Promise<Consultation> {
  const params = { path: { application_id }, header: { 'Idempotency-Key': key } }
  return take(client.POST('/api/v1/applications/{application_id}/consultations', { params, body }))
}

function act_on_it(one: Consultation, key: string) {
  return {
    path: { consultation_id: one.consultation_id },
    header: { 'If-Match': version_tag(one.version), 'Idempotency-Key': key },
  }
}

export function recall_consultation(one: Consultation, reason: string, key: string): Promise<Consultation> {
  const params = act_on_it(one, key)
  return take(client.POST('/api/v1/consultations/{consultation_id}/recall', { params, body: { reason } }))
}

export function remind_consultation(one: Consultation, key: string): Promise<Consultation> {
  return take(client.POST('/api/v1/consultations/{consultation_id}/reminder', { params: act_on_it(one, key) }))
}

export function take_consultation(one: Consultation, key: string): Promise<Consultation> {
  return take(client.POST('/api/v1/consultations/{consultation_id}/taking', { params: act_on_it(one, key) }))
}

/** What somebody outside proves himself with: in bodies and heads alone, so that no server writes it down. */
export interface OutsideProof {
  token: string
  pass: string
}

export function send_consultation_code(token: string): Promise<ConsultationCode> {
  return take(client.POST('/api/v1/consultations/codes', { body: { token } }))
}

export async function give_consultation_pass(token: string, challenge_id: string, code: string): Promise<string> {
  return (await take(client.POST('/api/v1/consultations/passes', { body: { token, challenge_id, code } }))).pass
}

export function view_consultation(proof: OutsideProof): Promise<OutsideConsultation> {
  return take(client.POST('/api/v1/consultations/view', { body: proof }))
}

export function answer_consultation(
  proof: OutsideProof,
  answer: Omit<Sent<'answer_consultation'>, 'token' | 'pass'>,
): Promise<OutsideConsultation> {
  return take(client.POST('/api/v1/consultations/opinion', { body: { ...proof, ...answer } }))
}

export async function read_consulted_paper(proof: OutsideProof, document_id: string): Promise<Uint8Array> {
  const body = { ...proof, document_id }
  const bytes = await take(client.POST('/api/v1/consultations/papers', { body, parseAs: 'arrayBuffer' }))
  return new Uint8Array(bytes as ArrayBuffer)
}

/** For his next answer; nobody sees it before he sends that. */
export function add_consultation_file(
  proof: OutsideProof,
  file: File,
  on_progress: (sent_bytes: number) => void,
): Upload<OutsideFile> {
  const path = `/consultations/files?${new URLSearchParams({ file_name: file.name })}`
  return send_file(path, file, { 'X-Kaigong-Link': proof.token, 'X-Kaigong-Pass': proof.pass }, on_progress)
}

export function remove_consultation_file(proof: OutsideProof, file_id: string): Promise<OutsideConsultation> {
  return take(client.POST('/api/v1/consultations/files/removal', { body: { ...proof, file_id } }))
}

export function consultation_file_address(one: Consultation, file_id: string, inline: boolean): string {
  return `${kApiPrefix}/consultations/${one.consultation_id}/files/${file_id}/content${inline ? '?inline=1' : ''}`
}

/**
 * Between the server's base64url and the bytes of navigator.credentials. Browsers have functions of their own for this
 * (parseCreationOptionsFromJSON), but only since 2024.
 */
import type { WebauthnOptions } from '@/shared/api/types'
import type { AssertionOptions } from './types'

export interface KeyAnswer {
  client_data_json: string
  authenticator_data: string
}

function bytes_of(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

function text_of(bytes: ArrayBuffer): string {
  const text = String.fromCharCode(...new Uint8Array(bytes))
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** False in old browsers, and on pages that did not come over HTTPS. */
export function knows_security_keys(): boolean {
  return typeof PublicKeyCredential !== 'undefined' && 'credentials' in navigator
}

export async function create_credential(options: WebauthnOptions): Promise<KeyAnswer> {
  const credential = (await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes_of(options.challenge),
      user: { ...options.user, id: bytes_of(options.user.id) },
      excludeCredentials: options.excludeCredentials.map(({ type, id }) => ({ type, id: bytes_of(id) })),
    },
  })) as PublicKeyCredential
  const response = credential.response as AuthenticatorAttestationResponse
  return {
    client_data_json: text_of(response.clientDataJSON),
    authenticator_data: text_of(response.getAuthenticatorData()),
  }
}

/** A message key for what the browser said; null for what is no word of a browser about keys. */
export function key_refusal(error: unknown): string | null {
  if (!(error instanceof DOMException)) return null
  if (error.name === 'InvalidStateError') return 'identity.factors.key_known'
  return error.name === 'NotAllowedError' ? 'identity.factors.key_cancelled' : 'identity.factors.key_failed'
}

export interface KeyAssertion extends KeyAnswer {
  credential_id: string
  signature: string
}

export async function get_assertion(options: AssertionOptions): Promise<KeyAssertion> {
  const credential = (await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: bytes_of(options.challenge),
      allowCredentials: options.allowCredentials.map(({ type, id }) => ({ type, id: bytes_of(id) })),
    },
  })) as PublicKeyCredential
  const response = credential.response as AuthenticatorAssertionResponse
  return {
    credential_id: text_of(credential.rawId),
    client_data_json: text_of(response.clientDataJSON),
    authenticator_data: text_of(response.authenticatorData),
    signature: text_of(response.signature),
  }
}

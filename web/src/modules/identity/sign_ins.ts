/** What may be said of a try to come in, and how somebody came: each has its words under identity.outcome and .method. */
import type { SignInMethod, SignInOutcome } from './types'

export const kOutcomes: readonly SignInOutcome[] = [
  'signed_in',
  'emergency_signed_in',
  'password_right',
  'provider_right',
  'stepped_up',
  'wrong_password',
  'wrong_factor',
  'provider_only',
  'locked',
  'blocked',
  'first_password_over',
]

export const kMethods: readonly SignInMethod[] = [
  'password',
  'provider',
  'factor',
  'totp',
  'security_key',
  'recovery_code',
  'registration',
]

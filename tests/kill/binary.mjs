// The program that is killed: KAIGONG_BINARY names it, else it is the sanitizer build.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../api/binary.mjs'

export const binary = process.env.KAIGONG_BINARY ?? join(root, 'build/sanitize/server/kaigong')

/** Why these tests cannot run here; false when they can. With CI set there is no excuse. */
export const missing = existsSync(binary) || process.env.CI ? false : `${binary} is not built (./kaigong test builds it)`

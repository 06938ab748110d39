/** The verifier for a terminal and for tests: one JSON answer for each file, in the order of their names. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Answer } from './core/answer'
import { parse_trust, type Trust } from './core/trust'
import { unreadable, verify_file, type VerifiedFile } from './core/verify'

/** What stands beside the certificates in a folder of them. */
const kNoCertificates = ['trust.json', 'expected.json']

function files_of(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .map((name) => join(path, name))
    .filter((inner) => statSync(inner).isFile())
}

/** One file that breaks the verifier does not take the answers about others away. */
function answer_of(file: VerifiedFile, trust: Trust, now_ms: number): Answer {
  try {
    return verify_file(file, trust, now_ms)
  } catch (error) {
    process.stderr.write(`${file.name}: ${String(error)}\n`)
    return unreadable(file)
  }
}

/** `--trust FILE`, `--at RFC3339`, then files and folders. */
export function run(words: string[]): string {
  let trust_path = ''
  let now_ms = Date.now()
  const paths: string[] = []
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (word === '--trust') trust_path = words[(at += 1)] ?? ''
    else if (word === '--at') now_ms = Date.parse(words[(at += 1)] ?? '')
    else paths.push(...files_of(word))
  }
  if (!trust_path || paths.length === 0 || Number.isNaN(now_ms))
    throw new Error('cli.mjs --trust trust.json [--at 2026-12-02T08:00:00Z] FILE|FOLDER…')
  const trust = parse_trust(readFileSync(trust_path, 'utf8'))
  const answers = paths
    .filter((path) => !kNoCertificates.includes(basename(path)))
    .map((path) => answer_of({ name: basename(path), bytes: new Uint8Array(readFileSync(path)) }, trust, now_ms))
  return JSON.stringify(answers, null, 1)
}

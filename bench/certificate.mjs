// certificate: complete sets (JSON, XML, PDF, OFD; signed, logged, proven) for each processor second, against the aim; and
// beside LibreOffice making a PDF of the same words, and podofosign signing one.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { cpuSecondsOfCommand, flatText, LibreOffice, signingFiles } from './certificate/peer.mjs'
import { Copies } from './parts/copies.mjs'
import { installPackages } from './parts/packages.mjs'
import { programs, root } from './parts/places.mjs'
import { run } from './parts/processes.mjs'
import { resultOf } from './parts/report.mjs'

const kSetsASecond = 25
const kPeerCopies = 10
const kSignatures = 10
const kWaitMs = 600_000
const template = join(root, 'catalog/construction-permit/certificate.json')

const make = async (...args) => JSON.parse(await run(join(programs, 'make_certificates'), args.map(String), { timeoutMs: kWaitMs }))
const two = (number) => number.toPrecision(3)

/** The costs of a set, the dearest first. */
export function stepsText(steps) {
  const list = Object.entries(steps).sort((a, b) => b[1] - a[1])
  const shown = (wanted) => list.filter(([name]) => name.includes('/') === wanted).map(([name, ms]) => `${name} ${two(ms)}`).join(', ')
  return [`ms of CPU a set: ${shown(false)}`, `of these alone: ${shown(true)}`]
}

/** The results of the rounds: `{ school, worst }` as make_certificates says, `page` and `signature` processor seconds of the peers. */
export function certificateResults(rounds) {
  const perSecond = ({ sets, cpu_seconds: seconds }) => sets / seconds
  const against = (which) => rounds.map((one) => ({ ours: perSecond(one[which]), peer: kSetsASecond }))
  const first = (which) => {
    const { pages, bytes, first_cpu_seconds: seconds, steps } = rounds[0][which]
    const sizes = Object.entries(bytes).map(([name, size]) => `${name.split('.')[1]} ${Math.round(size / 1000)} kB`)
    return [`${pages} pages; ${sizes.join(', ')}; the first set of a process takes ${Math.round(seconds * 1000)} ms`, ...stepsText(steps)]
  }
  const sets = { peer_name: 'the aim', unit: 'sets per CPU second', aim: { at_least: 1 } }
  const alone = (steps, ...names) => names.reduce((sum, name) => sum + steps[name], 0)
  return [
    resultOf('certificate', 'complete sets of the construction permit: four signed files, logged and proven', against('school'), { ...sets, notes: first('school') }),
    resultOf('certificate_worst', 'the same with ten contractors and fifty buildings', against('worst'), { ...sets, notes: first('worst') }),
    resultOf('certificate_pdf', 'its PDF filled and written, all art included', rounds.map(({ school, page }) => ({ ours: 1000 / alone(school.steps, 'fill', 'pdf/write'), peer: 1 / page })), {
      peer_name: `LibreOffice, only the words, ${kPeerCopies} documents in one call`,
      unit: 'PDFs per CPU second',
      aim: { at_least: 1 },
    }),
    resultOf('certificate_signature', 'the electronic signature of that PDF (CAdES, P-256), its digest included', rounds.map(({ school, signature }) => ({ ours: 1000 / alone(school.steps, 'pdf/CMS'), peer: 1 / signature })), {
      peer_name: 'podofosign (CMS, P-256), one process a file',
      unit: 'signatures per CPU second',
      aim: { at_least: 1 },
    }),
  ]
}

async function signatureSeconds(pdf, files, folder) {
  let seconds = 0
  for (let at = 0; at < kSignatures; at++) seconds += await cpuSecondsOfCommand('podofosign', ['-in', pdf, '-out', join(folder, `signed-${at}.pdf`), '-cert', files.certificate, '-pkey', files.key, '-digest', 'SHA256'])
  if (!existsSync(join(folder, 'signed-0.pdf'))) throw new Error('podofosign signed nothing')
  return seconds / kSignatures
}

export async function certificate(options, say) {
  installPackages(['libreoffice-writer-nogui', 'libpodofo-utils'])
  const copies = new Copies('certificate')
  try {
    const folder = copies.empty('peer')
    const office = new LibreOffice(join(folder, 'office'))
    const text = flatText(await make('text', template, 'school'))
    const files = await signingFiles(join(folder, 'keys'))
    const rounds = []
    for (let at = 0; at < options.rounds; at++) {
      say(`certificate, round ${at + 1} …`)
      const school = await make('run', template, 'school', options.sets, copies.empty('school'))
      const worst = await make('run', template, 'worst', Math.max(1, Math.round(options.sets / 4)), copies.empty('worst'))
      const page = await office.seconds(text, kPeerCopies)
      const signature = await signatureSeconds(join(folder, 'office/pdf/page-0.pdf'), files, copies.empty('signed'))
      rounds.push({ school, worst, page, signature })
    }
    return certificateResults(rounds)
  } finally {
    copies.remove()
  }
}

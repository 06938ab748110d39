// Plays application packages over the HTTP API of a running bureau.
//   node tools/demo/demo.mjs --case DIR [--case DIR …] [--url URL] [--json] [--out DIR]
//   node tools/demo/demo.mjs --case DIR --clock-start      prints the instant at which a fresh bureau for this package has to begin
// Exit 0: everything came out as the packages expect · 1: it did not · 2: wrong use · 3: refused (the bureau's clock is already later).
import { join, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readPackage, WrongPackage } from './package_reader.mjs'
import { Player } from './player.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const kUsage = 'demo.mjs --case DIR [--case DIR …] [--url URL | KAIGONG_URL] [--json] [--out DIR] [--clock-start]'

function options(argv, env) {
  const chosen = { cases: [], url: env.KAIGONG_URL ?? '', json: false, clockStart: false, out: join(root, 'test-output', 'demo') }
  for (let i = 0; i < argv.length; i++) {
    const value = () => argv[++i] ?? wrongUse(`${argv[i - 1]} needs a value`)
    if (argv[i] === '--case') chosen.cases.push(value())
    else if (argv[i] === '--url') chosen.url = value()
    else if (argv[i] === '--out') chosen.out = value()
    else if (argv[i] === '--json') chosen.json = true
    else if (argv[i] === '--clock-start') chosen.clockStart = true
    else wrongUse(`unknown option ${argv[i]}`)
  }
  if (!chosen.cases.length) wrongUse('no --case given')
  if (!chosen.clockStart && !/^https?:\/\/[^/]+\/?$/.test(chosen.url)) wrongUse('no --url given (like http://127.0.0.1:8600) and KAIGONG_URL is not set')
  return chosen
}

function wrongUse(message) {
  console.error(`demo: ${message}\n${kUsage}`)
  process.exit(2)
}

function print(result, pack, json) {
  if (json) return console.log(JSON.stringify(result))
  const unchecked = result.findings.filter((f) => f.outcome === 'unchecked').length
  const failing = result.findings.filter((f) => f.outcome === 'fail').map((f) => f.rule)
  console.log(`  结果 ${result.outcome ?? '未办结'}${result.permit_number ? `，许可证 ${result.permit_number}，公开页面 ${result.verify_url}` : ''}`)
  console.log(`  核对：不通过 ${failing.length ? failing.join('、') : '无'}；无法核对 ${unchecked} 条；文件 ${result.files.length} 份`)
  for (const difference of result.differences) console.log(`  ✗ ${difference}`)
  console.log(`${result.ok ? '✓' : '✗'} ${pack.title}`)
}

const chosen = options(process.argv.slice(2), process.env)
let status = 0
for (const path of chosen.cases) {
  try {
    const pack = readPackage(path)
    if (chosen.clockStart) {
      console.log(pack.clock_start)
      continue
    }
    if (!chosen.json) console.log(`${pack.name}：${pack.title}`)
    const player = new Player({ url: chosen.url, folder: join(chosen.out, pack.name), say: chosen.json ? undefined : (line) => console.log(line) })
    const result = await player.play(pack)
    print(result, pack, chosen.json)
    if (!result.ok) status = Math.max(status, 1)
  } catch (error) {
    if (error instanceof WrongPackage) wrongUse(error.message)
    const reason = error.cause?.code === 'ECONNREFUSED' ? `连不上 ${chosen.url}，请先用 ./kaigong up 启动演示机构。` : error.message
    console.error(`demo: ${reason}`)
    if (chosen.json) console.log(JSON.stringify({ ok: false, case: path, findings: [], outcome: null, permit_number: null, files: [], verify_url: null, steps: [], differences: [reason] }))
    status = error.refused ? 3 : 1
  }
}
process.exitCode = status

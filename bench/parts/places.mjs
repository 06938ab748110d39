import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const build = process.env.KAIGONG_BUILD ?? join(root, 'build/release')
export const binary = process.env.KAIGONG_BINARY ?? join(build, 'server/kaigong')
export const programs = join(build, 'bench')
/** Data of benchmarks, kept from run to run. */
export const dataRoot = process.env.KAIGONG_BENCH_DATA ?? join(root, 'build/bench')

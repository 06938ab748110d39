/** `node verify/tests/write_samples.mjs FOLDER`: good and forged files, and what is to be said of each (see samples.ts). */
import { load_bundled } from '../bundled.mjs'

const [, , folder] = process.argv
if (!folder) throw new Error('write_samples.mjs FOLDER')
const { write_samples } = await load_bundled('tests/samples.ts')
process.stdout.write(`${write_samples(folder).length} files in ${folder}\n`)

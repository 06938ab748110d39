/** Guesses from a file's name which paper it is; a name that fits none or two leaves the question to the person. */
import type { MaterialState } from '@/shared/api/types'

const kShortest = 4

function plain(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\.[a-z0-9]+$/i, '')
    .replace(/[\s_\-—·（）()、，]/g, '')
    .toLowerCase()
}

/** The longest run of characters that both texts share. */
function shared_run(left: string, right: string): number {
  let best = 0
  const row = new Array<number>(right.length + 1).fill(0)
  for (const one of left) {
    for (let place = right.length; place > 0; place--) {
      row[place] = right[place - 1] === one ? (row[place - 1] ?? 0) + 1 : 0
      best = Math.max(best, row[place] ?? 0)
    }
  }
  return best
}

export function guess_material(file_name: string, materials: MaterialState[]): string | null {
  const name = plain(file_name)
  const by_code = materials.find((one) => name.startsWith(plain(one.material_code)))
  if (by_code) return by_code.material_code
  const scored = materials
    .map((one) => {
      const wanted = plain(one.name)
      return { code: one.material_code, run: shared_run(name, wanted), length: wanted.length }
    })
    .filter((one) => one.run >= Math.min(kShortest, one.length))
    .sort((left, right) => right.run - left.run)
  const [first, second] = scored
  if (!first || (second && second.run === first.run)) return null
  return first.code
}

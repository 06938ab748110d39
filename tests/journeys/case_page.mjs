// What officers do on the page of a case, as the journeys do it.
import { waitFor } from '../../tools/demo/waiting.mjs'

/** An act of 更多操作; gives its dialog. */
export async function choose(page, name) {
  await page.getByRole('button', { name: '更多操作' }).click()
  await page.getByRole('menuitem', { name }).click()
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  return dialog
}

/** A colleague in a dialog, by typing and keys, as whoever does it every day. */
export async function pick(dialog, name) {
  const box = dialog.getByRole('combobox')
  await box.fill(name)
  await dialog.getByRole('option', { name: new RegExp(`^${name}`) }).waitFor()
  await waitFor('只剩一个人', async () => (await dialog.getByRole('option').count()) === 1 || null)
  await box.press('ArrowDown')
  await box.press('Enter')
  await dialog.getByRole('button', { name: `去掉${name}` }).waitFor()
}

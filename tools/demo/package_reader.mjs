// Reads an application package (case.json and its papers) and names every mistake in it before anything is sent.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { parsePath } from './patch.mjs'

export const kActs = ['submit', 'check', 'accept', 'request_correction', 'no_permit_needed', 'refuse_acceptance', 'resubmit', 'review', 'recheck', 'decide', 'deliver', 'check_commitment', 'withdraw', 'confirm_withdrawal', 'wait']
export const kOutcomes = ['issued', 'refused', 'not_needed', 'not_accepted', 'withdrawn']
const kAfterKeys = ['minutes', 'hours', 'days', 'working_days', 'on', 'at']

export class WrongPackage extends Error {}

function checkMaterials(materials, where, folder, problems) {
  for (const [i, material] of (materials ?? []).entries()) {
    const at = `${where}[${i}]`
    for (const key of ['material_code', 'file', 'file_name']) if (typeof material[key] !== 'string') problems.push(`${at}.${key} is missing`)
    if (typeof material.file === 'string' && !existsSync(join(folder, material.file))) problems.push(`${at}.file: ${material.file} does not exist; make it with node tools/papers/make.mjs`)
  }
}

function checkChanges(changes, where, problems) {
  for (const path of Object.keys(changes ?? {})) {
    try {
      parsePath(path)
    } catch (error) {
      problems.push(`${where}: ${error.message}`)
    }
  }
}

function checkStep(step, at, pack, folder, problems) {
  if (!kActs.includes(step.act)) problems.push(`${at}.act is ${step.act}; one of ${kActs.join(', ')}`)
  if (step.act !== 'wait' && !step.actor) problems.push(`${at}.actor (a demo login, or several) is missing`)
  for (const key of Object.keys(step.after ?? {})) if (!kAfterKeys.includes(key)) problems.push(`${at}.after.${key}: only ${kAfterKeys.join(', ')}`)
  if (step.application && !pack.more_applications?.[step.application]) problems.push(`${at}.application ${step.application} is not in more_applications`)
  checkMaterials(step.input?.materials, `${at}.input.materials`, folder, problems)
  checkChanges(step.input?.changes, `${at}.input.changes`, problems)
}

/** The package of a folder, with `name`, `folder` and `start_ms` added. Throws WrongPackage with all mistakes. */
export function readPackage(path) {
  const folder = resolve(existsSync(path) && statSync(path).isFile() ? join(path, '..') : path)
  const file = join(folder, 'case.json')
  if (!existsSync(file)) throw new WrongPackage(`${file} does not exist`)
  let pack
  try {
    pack = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new WrongPackage(`${file}: ${error.message}`)
  }
  const problems = []
  for (const key of ['title', 'clock_start', 'matter_code', 'account', 'form', 'materials', 'steps', 'expect']) if (pack[key] === undefined) problems.push(`${key} is missing`)
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?\+08:00$/.test(pack.clock_start ?? '')) problems.push('clock_start must look like 2026-11-24T09:00:00+08:00')
  if (pack.expect && !kOutcomes.includes(pack.expect.outcome)) problems.push(`expect.outcome is ${pack.expect.outcome}; one of ${kOutcomes.join(', ')}`)
  for (const [role, account] of Object.entries(pack.confirmed_by ?? {})) {
    if (typeof account !== 'string') problems.push(`confirmed_by.${role} must be a demo login`)
    if (!(pack.form?.participants ?? []).some((one) => one.role === role)) problems.push(`confirmed_by.${role}: no participant has this role`)
  }
  checkMaterials(pack.materials, 'materials', folder, problems)
  for (const [key, more] of Object.entries(pack.more_applications ?? {})) {
    checkMaterials(more.materials, `more_applications.${key}.materials`, folder, problems)
    checkChanges(more.changes, `more_applications.${key}.changes`, problems)
  }
  for (const [i, step] of (pack.steps ?? []).entries()) checkStep(step, `steps[${i}]`, pack, folder, problems)
  if (problems.length) throw new WrongPackage(`${file}:\n  ${problems.join('\n  ')}`)
  return { ...pack, name: basename(folder), folder, start_ms: Date.parse(pack.clock_start) }
}

const kMediaTypes = { pdf: 'application/pdf', jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', ofd: 'application/ofd' }

/** Media type by the ending of the file. */
export function mediaTypeOf(file) {
  return kMediaTypes[file.split('.').pop().toLowerCase()] ?? 'application/octet-stream'
}

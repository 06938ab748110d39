// Fetches what came out: letters, certificate, public answers; keeps the files in the output folder.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from './client.mjs'
import { personalValues } from './expectations.mjs'
import { patience, waitFor } from './waiting.mjs'

const isPdf = (bytes) => bytes.subarray(0, 5).toString('latin1') === '%PDF-'

function keep(folder, name, bytes, kind, files) {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, name)
  writeFileSync(path, bytes)
  files.push({ kind, path })
}

/** Letters in the order of their issue, each downloaded; waits a while until the `expected` number is there. Gives the kinds. */
export async function fetchLetters({ owner, application, folder, prefix, files, differences, expected }) {
  let letters = []
  await waitFor('文书', async () => {
    letters = (await owner.get(`/applications/${application.id}/letters`)).letters
    return letters.length >= expected ? true : null
  }, { deadlineMs: patience.lateMs }).catch(() => {})
  const ordered = [...letters].reverse().sort((a, b) => a.issued_at_ms - b.issued_at_ms)
  for (const [i, letter] of ordered.entries()) {
    const { bytes } = await owner.download(`/api/v1/letters/${letter.letter_id}/content`)
    if (!isPdf(bytes)) differences.push(`文书 ${letter.letter_kind} 不是 PDF`)
    keep(folder, `${prefix}${String(i + 1).padStart(2, '0')}-${letter.letter_kind}.pdf`, bytes, letter.letter_kind, files)
  }
  return ordered.map((letter) => letter.letter_kind)
}

/** Each submission with its findings, oldest first. */
export async function fetchSubmissions({ owner, application }) {
  const { submissions } = await owner.get(`/applications/${application.id}/submissions`)
  const rounds = submissions.map((s) => s.round).sort((a, b) => a - b)
  return Promise.all(rounds.map((round) => owner.get(`/applications/${application.id}/submissions/${round}`)))
}

/** A file keeps the name it was uploaded under (RFC 6266 `filename*`). */
export async function checkOriginalNames({ owner, application, differences }) {
  const document = application.documents[0]
  if (!document) return
  const { headers } = await owner.download(`/api/v1/documents/${document.document_id}/content`)
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(headers.get('content-disposition') ?? '')?.[1]
  if (!encoded || decodeURIComponent(encoded) !== document.sent_name) differences.push(`下载的文件名应为“${document.sent_name}”，实际是 ${headers.get('content-disposition')}`)
}

/** Certificate and public answers of an issued permit; what is public must be there and nothing personal with it. */
export async function fetchPermit({ url, owner, application, folder, files, differences }) {
  const number = await waitFor('许可证发布', async () => {
    const permit = (await owner.get(`/applications/${application.id}/progress`)).permit_number
    if (!permit) return null
    return new Client(url).get(`/public/permits/${permit}`).then(() => permit, () => null)
  })
  const { bytes } = await owner.download(`/api/v1/permits/${number}/certificate`)
  if (!isPdf(bytes)) differences.push('证照不是 PDF')
  keep(folder, `certificate-${number}.pdf`, bytes, 'certificate', files)
  const anybody = new Client(url)
  const permit = await anybody.get(`/public/permits/${number}`)
  const form = application.form
  for (const [key, wanted] of [['permit_number', number], ['state', 'in_force'], ['works_name', form.works.works_name]])
    if (permit[key] !== wanted) differences.push(`公开查询的 ${key} 应为 ${wanted}，实际是 ${permit[key]}`)
  const page = (await anybody.download(`/permits/${number}`)).bytes.toString('utf8')
  if (!page.includes(number) || !page.includes(form.works.works_name)) differences.push(`公开页面 /permits/${number} 上没有证号或工程名称`)
  for (const value of personalValues(form)) if (page.includes(value) || JSON.stringify(permit).includes(value)) differences.push(`公开页面上出现了个人信息 ${value}`)
  return { number, verify_url: `${url}/permits/${number}` }
}

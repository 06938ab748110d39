/** What is said to a citizen about each check: what was found, and what to do next. */

export interface Words {
  zh: string
  en: string
}

const kAsk: Words = {
  zh: '请到发证机关网站用编号查询，或要求对方出示原件。',
  en: "Look the number up on the authority's website, or ask to be shown the original.",
}

function with_advice(zh: string, en: string): Words {
  return { zh: `${zh}${kAsk.zh}`, en: `${en} ${kAsk.en}` }
}

const kSentences: Record<string, Words> = {
  'verify.file_unreadable': {
    zh: '文件打不开，可能没有下载完整或已经损坏。请向持证单位重新要一份原文件。',
    en: 'The file cannot be read; it may be damaged or incomplete. Ask for the original file again.',
  },
  'verify.kind_unknown': {
    zh: '这不是电子证照文件。请选择原来收到的 PDF、OFD、XML 或 JSON 文件，照片和截图不能核验。',
    en: 'This is not a certificate file. Choose the PDF, OFD, XML or JSON as it was received; photos and screenshots cannot be verified.',
  },
  'verify.file_too_large': {
    zh: '文件太大，不会是电子证照。请核对是否选错了文件。',
    en: 'The file is too large to be a certificate. Check whether the right file was chosen.',
  },
  'verify.signature_missing': with_advice(
    '文件没有发证机关的电子签章，谁都可以做一份这样的文件。',
    'The file bears no electronic signature or seal; anybody could have made it.',
  ),
  'verify.bytes_changed': with_advice(
    '文件在签章之后被改动过，内容不可信。',
    'The file was changed after it was signed; its content cannot be trusted.',
  ),
  'verify.added_after_signing': with_advice(
    '签章之后有人往文件里添加了内容，添加的部分不是发证机关写的。',
    'Something was added after the file was signed; the authority did not write it.',
  ),
  'verify.signature_wrong': with_advice(
    '电子签章不成立，文件可能是伪造的。',
    'The electronic signature does not hold; the file may be forged.',
  ),
  'verify.signer_unknown': with_advice(
    '文件有签章，但签章的不是发证机关。',
    'The file is signed, but not by the authority.',
  ),
  'verify.signer_expired': with_advice(
    '签章时所用的数字证书不在有效期内。',
    "The signer's certificate was not valid when the file was signed.",
  ),
  'verify.package_file_changed': with_advice(
    '文件包里的{names}在盖章之后被改动过。',
    'Parts of the package were changed after sealing: {names}.',
  ),
  'verify.package_file_not_covered': with_advice(
    '文件包里的{names}不在印章的保护范围内，可能是后来塞进去的。',
    'Parts of the package are not covered by the seal and may have been added later: {names}.',
  ),
  'verify.seal_broken': with_advice(
    '电子印章本身被改动过，或不是合法制作的印章。',
    'The seal itself was tampered with or was not properly made.',
  ),
  'verify.seal_signer_not_listed': with_advice(
    '盖章的人不在这枚印章允许的名单里。',
    'Whoever pressed the seal is not among those who may use it.',
  ),
  'verify.seal_expired': with_advice('盖章时这枚印章不在有效期内。', 'The seal was not valid when it was pressed.'),
  'verify.timestamp_wrong': with_advice(
    '文件里的时间戳不成立，签章的时间不可信。',
    'The timestamp does not hold; the time of signing cannot be trusted.',
  ),
  'verify.data_missing': with_advice(
    '文件里缺少证照数据或存证信息，不是发证机关发出的完整文件。',
    "The certificate's data or its proof is missing; this is not the complete file that the authority issued.",
  ),
  'verify.data_malformed': with_advice(
    '文件里的证照数据不合规格，不是发证机关的系统写的。',
    "The certificate's data are not of the required form; the authority's system did not write them.",
  ),
  'verify.identifier_wrong': with_advice(
    '电子证照标识不对（校验位、版本或类型不符），可能是编造的。',
    'The certificate identifier is wrong (check character, version or type); it may be made up.',
  ),
  'verify.entry_differs': with_advice(
    '证照上的{names}与公开存证的登记不同。',
    'These differ from what was publicly logged: {names}.',
  ),
  'verify.issuer_unknown': with_advice(
    '证照写的发证机关“{names}”不在可信名单里。',
    'The authority named on the certificate is not on the trusted list: {names}.',
  ),
  'verify.content_differs': with_advice(
    '证照内容与发证时存证的指纹不同，内容被换过。',
    'The content is not what was committed to when the certificate was issued.',
  ),
  'verify.page_differs': with_advice(
    '页面上印的字与签章保护的数据不同：{names}。',
    'What is printed differs from the signed data: {names}.',
  ),
  'verify.proof_missing': with_advice(
    '文件里没有存证证明，不能说明这张证真的发过。',
    'The proof that the certificate was logged is missing.',
  ),
  'verify.proof_malformed': with_advice(
    '文件里的存证证明不合规格，读不出来。',
    'The proof that the certificate was logged cannot be read.',
  ),
  'verify.proof_wrong': with_advice(
    '存证证明对不上：公开存证里没有这张证。',
    'The proof does not fit: this certificate is not in the public log.',
  ),
  'verify.log_unknown': with_advice(
    '存证不是发证机关的存证，来源不明。',
    "The proof is of a log that is not the authority's.",
  ),
  'verify.checkpoint_signature_wrong': with_advice(
    '公开存证的签名不成立，存证证明可能是伪造的。',
    "The public log's signature does not hold; the proof may be forged.",
  ),
  'verify.witnesses_missing': with_advice(
    '公开存证没有足够的见证人确认。',
    'Too few witnesses have confirmed the public log.',
  ),
  'verify.time_impossible': with_advice(
    '发证日期与存证时间对不上，可能是倒签的。',
    'The day of issue does not fit the time of logging; the certificate may be backdated.',
  ),
  'verify.not_in_force': {
    zh: '发证机关答复：这张证现在的状态是“{names}”，不能凭它施工。',
    en: 'The authority says the permit is now "{names}"; work may not go on under it.',
  },
  'verify.replaced': {
    zh: '发证机关答复：这张证已经换发新证，请要求对方出示新证。',
    en: 'The authority says this certificate was replaced; ask to be shown the new one.',
  },
  'verify.number_unknown': {
    zh: '发证机关查不到这个编号。如果是刚发的证，请过一天再查；否则请不要采信，并向发证机关反映。',
    en: 'The authority knows no such number. If it was issued just now, ask again tomorrow; otherwise do not rely on it and tell the authority.',
  },
  'verify.version_differs': {
    zh: '发证机关登记的证照版本或标识与这份文件不同，请要求对方出示最新的证。',
    en: "The authority's version or identifier differs from this file; ask for the newest certificate.",
  },
  // Why something was not checked.
  'verify.offline': {
    zh: '还没有联网查询；这里只检查文件本身，现在是否仍然有效请联网查询。',
    en: 'The authority was not asked; only the file itself was checked. Ask online whether it still holds.',
  },
  'verify.authority_unreachable': {
    zh: '问过发证机关，没有问到；这里只检查了文件本身，现在是否仍然有效请稍后再查。',
    en: 'The authority was asked and did not answer; only the file itself was checked. Ask again later whether it still holds.',
  },
  'verify.not_reached': {
    zh: '前面的检查没有通过，这一项无从查起。',
    en: 'What this check needs is missing, because an earlier check failed.',
  },
  'verify.timestamp_authority_unknown': {
    zh: '时间戳完好，但时间戳机构不在可信名单里，不作依据。',
    en: 'The timestamp is whole, but its authority is not on the trusted list; it was not relied upon.',
  },
}

const kPassed: Record<string, Words> = {
  file: { zh: '文件完整，可以读取', en: 'The file can be read' },
  signature: { zh: '电子签章成立，签章之后没有改动过', en: 'The signature holds; nothing was changed since' },
  signer: {
    zh: '签章的是发证机关，当时数字证书有效',
    en: 'The signer is the authority, with a certificate valid then',
  },
  seal: { zh: '电子印章完好，盖住了包里的每个文件', en: 'The seal is whole and covers every file of the package' },
  timestamp: { zh: '时间戳成立', en: 'The timestamp holds' },
  data: { zh: '证照标识、编号、单位与存证登记一致', en: "Identifier, number and names agree with the log's entry" },
  content: { zh: '证照内容与发证时存证的指纹一致', en: 'The content is what was committed to when it was issued' },
  page: { zh: '页面上印的字与签章保护的数据一致', en: 'What is printed agrees with the signed data' },
  proof: { zh: '在公开存证里查得到这张证', en: 'The certificate is in the public log' },
  checkpoint: { zh: '公开存证由发证机关签名确认', en: 'The public log is signed by the authority' },
  times: { zh: '发证日期与存证时间相符', en: 'The day of issue fits the time of logging' },
  status: { zh: '发证机关答复：现在有效', en: 'The authority says it is in force' },
}

/** Every code with its words, places not filled. */
export const kCodes: ReadonlyMap<string, Words> = new Map(Object.entries(kSentences))

/** What fills a place of a sentence: the same in both languages (paths, names), or a word of each. */
export type Holes = Record<string, string | Words>

/** Whoever makes a file chooses its names: long ones must not push the advice at the end out of sight. */
const kHoleCharactersMax = 300

function beginning_of(text: string): string {
  const characters = [...text]
  return characters.length > kHoleCharactersMax ? `${characters.slice(0, kHoleCharactersMax - 1).join('')}…` : text
}

export function sentence(code: string, holes: Holes = {}): Words {
  const words = kSentences[code]
  if (!words) throw new Error(`no sentence for ${code}`)
  const filled = (language: keyof Words) =>
    words[language].replace(/\{(\w+)\}/g, (_, name: string) => {
      const hole = holes[name] ?? ''
      return beginning_of(typeof hole === 'string' ? hole : hole[language])
    })
  return { zh: filled('zh'), en: filled('en') }
}

export function passed_text(check: string): Words {
  return kPassed[check] ?? { zh: '', en: '' }
}

const kNamesMax = 5

/** A few names for a sentence, each once. */
export function all_named(names: Words[]): Words {
  const list = (language: keyof Words, between: string) => {
    const distinct = [...new Set(names.map((one) => one[language]))]
    return distinct.slice(0, kNamesMax).join(between) + (distinct.length > kNamesMax ? ` … (${distinct.length})` : '')
  }
  return { zh: list('zh', '、'), en: list('en', ', ') }
}

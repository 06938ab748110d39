/** What the page says, in both languages. The sentences about checks stand in core/sentences.ts. */
import type { CheckName, Verdict } from '../core/answer'

const zh = {
  title: '离线核验电子证照',
  lead: '把收到的电子证照拖到这里，马上知道真假。文件不上传，只在您的设备上核验；把本页保存下来，没有网络也能用。',
  drop: '把 PDF、OFD、XML 或 JSON 文件拖到这里，或者',
  choose: '选择文件',
  again: '再核验一个文件',
  other_language: 'English',
  skip: '跳到正文',
  brand: '开工',
  brand_more: '建筑工程施工许可',
  home: '首页',
  guide: '办事指南',
  search: '许可查询',
  verify: '证照验真',
  announcements: '公示公告',
  navigation: '主导航',
  sandbox: '演示数据 · 单位、人员、编号均为虚构，证照是培训样证，不具效力',
  sandbox_label: '演示说明',
  results: '核验结果',
  empty_title: '还没有核验过文件',
  empty: '结果会显示在这里：真不真、为什么，以及证上写了什么，供您与手里的证逐项对照。',
  working: '正在核验“{file}”（第 {at} 个，共 {count} 个）',
  done: '“{file}”核验完成：{word}',
  trouble_title: '这个文件没有核验成',
  trouble: '核验程序遇到了没有料到的内容（{reason}）。文件没有被改动。请换一个浏览器再试，或到发证机关网站用编号查询。',
  data_title: '与手里的证逐项对照',
  data_hint: '手里的证与下面每一项都相同，才是真的。',
  data_more: '文件里另有的，证上不印',
  data_forged: '文件里写的内容（不可信，仅供参考）',
  report_title: '接下来怎么办',
  report: '请不要凭它施工、付款或签约。把文件留着，到发证机关网站用编号查证；确认有假的，请向发证机关举报。',
  report_look_up: '到发证机关网站查证（新窗口）',
  report_tell: '问发证机关、举报假证（新窗口）',
  copy_title: '这是写明用途的复制件',
  copy_purpose: '用途',
  copy_made_for: '给谁用',
  copy_made_on: '制作日期',
  passed: '已通过的检查（{count} 项）',
  unchecked: '没有检查的（{count} 项）',
  failed: '没有通过的检查',
  rule_title: '现在还有效吗',
  rule: '本页只检查文件本身；现在是否仍然有效请联网查询。',
  proved: '文件能证明：截至 {at}，这张证在公开存证中。',
  ask: '联网查询现在的状态',
  ask_elsewhere: '到发证机关网站查询（新窗口）',
  asking: '正在询问发证机关…',
  ask_failed: '没有问到，可能没有网络或发证机关网站暂时不通。文件本身的核验结果不受影响，请稍后再试。',
  ended: '已失效',
  ended_meaning: '文件本身是真的，但不能再凭它施工，见发证机关的答复。',
  changed: '已变更',
  changed_meaning: '文件本身是真的，但发证机关登记的是另一版，见发证机关的答复。',
  unknown: '查不到',
  unknown_meaning: '文件本身完好，但发证机关查不到它，见发证机关的答复。',
  in_force: '截至 {at} 有效，由发证机关答复。',
  answered: '发证机关 {at} 的答复',
  trust_title: '核验的依据',
  trust_of: '按“{name}”公布的名单核验。',
  trust_carried: '名单随本页一起提供。请确认本页取自发证机关。',
  trust_fetched: '名单取自发证机关网站。',
  trust_chosen: '名单是您自己选择的。请确认它直接取自发证机关，而不是与证照一起收到的。',
  trust_missing_title: '先选择发证机关的名单',
  trust_missing:
    '核验要知道信任谁。请到发证机关网站下载 trust.json（网址 /ledger/trust.json），然后在这里选择它。不要使用与证照一起收到的名单。',
  trust_unreached_title: '没取到发证机关的名单',
  trust_unreached: '可能没有网络，或发证机关网站暂时不通。可以再取一次。',
  trust_again: '再取一次',
  trust_get: '下载发证机关的名单（trust.json）',
  trust_first: '还没有名单，文件没有核验。请先单独选择发证机关的名单 trust.json，再核验文件。',
  trust_wrong: '这不是可用的名单文件。请重新到发证机关网站下载 trust.json。',
  trust_choose: '选择 trust.json',
  trust_change: '换一份名单',
  trust_dropped: '“{file}”是名单，不是证照。要使用它，请在“核验的依据”里选择。',
  trust_log: '公开存证',
  trust_key: '存证公钥',
  trust_witnesses: '见证人',
  trust_witnesses_value: '{count} 个，至少要 {needed} 个确认',
  trust_fingerprints: '签名根证书指纹',
  trust_details: '名单里有什么（供核对）',
  how: '如何核验',
  how_1: '使用收到的原文件。照片、截图和打印件不能这样核验，请用编号查询。',
  how_2: '逐项对照编号、工程、单位、规模和日期；只看“文件真实”还不够。',
  how_3: '证的状态会变：有网络时再查一次现在是否有效。',
  save: '保存本页（名单在内），离线使用',
  foot: '由工程所在地的住房和城乡建设主管部门受理和发证',
}

export type WordKey = keyof typeof zh

const en: Record<WordKey, string> = {
  title: 'Verify a certificate offline',
  lead: 'Drop the certificate that you received and learn at once whether it is genuine. Nothing is uploaded: it is checked on your device; save this page and it works without a network.',
  drop: 'Drop PDF, OFD, XML or JSON files here, or',
  choose: 'Choose a file',
  again: 'Verify another file',
  other_language: '中文',
  skip: 'Skip to content',
  brand: '开工',
  brand_more: 'Construction permits',
  home: 'Home',
  guide: 'Guide',
  search: 'Search',
  verify: 'Verify',
  announcements: 'Announcements',
  navigation: 'Main navigation',
  sandbox: 'Demonstration data: names and numbers are invented, certificates are for training and without force',
  sandbox_label: 'About the demonstration',
  results: 'Results',
  empty_title: 'No file has been verified yet',
  empty:
    'The result will stand here: genuine or not, why, and what the certificate says, to compare with what you hold.',
  working: 'Verifying "{file}" ({at} of {count})',
  done: '"{file}" is verified: {word}',
  trouble_title: 'This file was not verified',
  trouble:
    "The verifier met something unexpected ({reason}). The file was not changed. Try another browser, or look the number up on the authority's website.",
  data_title: 'Compare with what you hold',
  data_hint: 'It is genuine only if what you hold says the same in every line.',
  data_more: 'Also in the file, not printed on the certificate',
  data_forged: 'What the file says (not to be trusted)',
  report_title: 'What to do now',
  report:
    "Do not build, pay or sign because of it. Keep the file, look the number up on the authority's website, and tell the authority of a forgery.",
  report_look_up: "Look it up on the authority's website (new window)",
  report_tell: 'Ask the authority, report a forgery (new window)',
  copy_title: 'This is a copy made for one purpose',
  copy_purpose: 'Purpose',
  copy_made_for: 'Made for',
  copy_made_on: 'Made on',
  passed: 'Checks that passed ({count})',
  unchecked: 'Not checked ({count})',
  failed: 'Checks that failed',
  rule_title: 'Is it still in force?',
  rule: 'This page checks the file alone; ask online whether the permit is still in force.',
  proved: 'The file proves that the certificate was in the public log as of {at}.',
  ask: 'Ask the authority now',
  ask_elsewhere: "Ask on the authority's website (new window)",
  asking: 'Asking the authority…',
  ask_failed:
    "No answer; perhaps there is no network, or the authority's website is away. What was found about the file stands. Try again later.",
  ended: 'No longer in force',
  ended_meaning: 'The file itself is genuine, but work may not go on under it; see the answer of the authority.',
  changed: 'Replaced',
  changed_meaning: 'The file itself is genuine, but the authority has another version; see its answer.',
  unknown: 'Unknown',
  unknown_meaning: 'The file itself is whole, but the authority does not know it; see its answer.',
  in_force: 'In force as of {at}, says the authority.',
  answered: "The authority's answer of {at}",
  trust_title: 'What this rests on',
  trust_of: 'Verified against the list of "{name}".',
  trust_carried: "The list came with this page. Make sure that the page is the authority's.",
  trust_fetched: "The list is from the authority's website.",
  trust_chosen:
    'You chose the list yourself. Make sure it came straight from the authority, not together with the certificate.',
  trust_missing_title: "First choose the authority's list",
  trust_missing:
    "Verifying needs to know whom to trust. Get trust.json from the authority's website (/ledger/trust.json) and choose it here. Do not use a list that came with the certificate.",
  trust_unreached_title: "The authority's list did not come",
  trust_unreached: "Perhaps there is no network, or the authority's website is away. Try again.",
  trust_again: 'Try again',
  trust_get: "Download the authority's list (trust.json)",
  trust_first:
    "There is no list yet, so nothing was verified. First choose the authority's trust.json, by itself; then the files.",
  trust_wrong: "This is not a list that can be used. Get trust.json from the authority's website again.",
  trust_choose: 'Choose trust.json',
  trust_change: 'Use another list',
  trust_dropped: '"{file}" is a list, not a certificate. To use it, choose it under "What this rests on".',
  trust_log: 'Public log',
  trust_key: 'Key of the log',
  trust_witnesses: 'Witnesses',
  trust_witnesses_value: '{count}, of whom {needed} must confirm',
  trust_fingerprints: 'Fingerprints of signing roots',
  trust_details: 'What is on the list',
  how: 'How to verify',
  how_1:
    'Use the file as you received it. Photos, screenshots and prints cannot be verified this way: look their number up.',
  how_2: 'Compare number, works, companies, scale and dates; "genuine" alone is not enough.',
  how_3: "A permit's state changes: with a network, ask whether it is still in force.",
  save: 'Save this page with its list, for use offline',
  foot: 'Issued by the housing and construction authority of the place of the works',
}

export interface VerdictWords {
  word: string
  meaning: string
}

const kVerdicts: Record<Language, Record<Verdict, VerdictWords>> = {
  zh: {
    genuine: { word: '文件真实', meaning: '由发证机关签发，签发之后没有改动过。' },
    training: { word: '培训样证', meaning: '文件完好，但它是培训样证，不具效力，不能凭此施工。' },
    not_genuine: { word: '不可信', meaning: '这份文件没有通过核验，请不要采信。原因和下一步见下面。' },
    cannot_judge: { word: '无法判断', meaning: '这份文件里没有可以核验的内容，不能说明它是真的。' },
  },
  en: {
    genuine: { word: 'Genuine', meaning: 'Issued by the authority and not changed since.' },
    training: { word: 'For training', meaning: 'The file is whole, but it is a training certificate without force.' },
    not_genuine: {
      word: 'Not genuine',
      meaning: 'The file failed verification. Do not rely on it; see why and what to do below.',
    },
    cannot_judge: {
      word: 'Cannot be judged',
      meaning: 'The file holds nothing that could be verified; this does not make it genuine.',
    },
  },
}

const kChecks: Record<CheckName, { zh: string; en: string }> = {
  file: { zh: '文件', en: 'File' },
  signature: { zh: '电子签章', en: 'Signature' },
  signer: { zh: '签章人', en: 'Signer' },
  seal: { zh: '电子印章', en: 'Seal' },
  timestamp: { zh: '时间戳', en: 'Timestamp' },
  data: { zh: '证照数据', en: 'Data' },
  content: { zh: '内容指纹', en: 'Content' },
  page: { zh: '页面文字', en: 'Printed text' },
  proof: { zh: '公开存证', en: 'Public log' },
  checkpoint: { zh: '存证签名', en: 'Signature of the log' },
  times: { zh: '时间', en: 'Times' },
  status: { zh: '现在的状态', en: 'State now' },
}

export type Language = 'zh' | 'en'

export const kWords: Record<Language, Record<WordKey, string>> = { zh, en }

let language: Language = 'zh'

export function current_language(): Language {
  return language
}

export function use_language(wanted: Language): void {
  language = wanted
}

export function say(key: WordKey, holes: Record<string, string | number> = {}): string {
  return kWords[language][key].replace(/\{(\w+)\}/g, (_, name: string) => String(holes[name] ?? ''))
}

export function verdict_words(verdict: Verdict): VerdictWords {
  return kVerdicts[language][verdict]
}

export function check_name(check: CheckName): string {
  return kChecks[check][language]
}

/** 2026年12月2日 15:32, in the authority's time zone wherever the reader is. */
export function instant_text(at: string | number | Date): string {
  const options = { timeZone: 'Asia/Shanghai', dateStyle: 'long', timeStyle: 'short' } as const
  return new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', options).format(new Date(at))
}

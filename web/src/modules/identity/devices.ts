/** What a browser calls itself, in words a person knows. The first that fits counts: most pretend to be others. */
const kBrowsers: [RegExp, string][] = [
  [/MicroMessenger/, 'wechat'],
  [/DingTalk/, 'dingtalk'],
  [/Edg\//, 'edge'],
  [/Firefox\//, 'firefox'],
  [/(Headless)?Chrome\//, 'chrome'],
  [/Safari\//, 'safari'],
]
const kSystems: [RegExp, string][] = [
  [/HarmonyOS|OpenHarmony/, 'harmony'],
  [/Android/, 'android'],
  [/iPhone|iPad/, 'ios'],
  [/Windows/, 'windows'],
  [/Mac OS X|Macintosh/, 'mac'],
  [/Linux/, 'linux'],
]

function first_of(list: [RegExp, string][], text: string): string {
  return list.find(([pattern]) => pattern.test(text))?.[1] ?? 'other'
}

export function device_of(user_agent: string): { browser: string; system: string } {
  return { browser: first_of(kBrowsers, user_agent), system: first_of(kSystems, user_agent) }
}

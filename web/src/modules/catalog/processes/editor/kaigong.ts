/** The extensions of Kaigong as bpmn-moddle knows them; `server/engine/bpmn/kaigong.xsd` says what they mean. */
function attributes(...names: string[]) {
  return names.map((name) => ({ name, isAttr: true, type: 'String' }))
}

function element(name: string, ...names: string[]) {
  return { name, superClass: ['Element'], properties: attributes(...names) }
}

export const kKaigong = {
  name: 'Kaigong',
  uri: 'https://kaigong.example/bpmn/1',
  prefix: 'kaigong',
  xml: { tagAlias: 'lowerCase' },
  types: [
    element('Task', 'kind', 'item', 'group', 'department', 'role', 'fallbackRole', 'assignee', 'assign', 'legalBasis'),
    element(
      'Outcome',
      'code',
      'label',
      'tone',
      'event',
      'when',
      'blockedText',
      'reasonRequired',
      'pointsRequired',
      'pointsAllowed',
      'omissionsRequired',
      'vote',
      'chooses',
      'consequence',
    ),
    element('Checkpoint', 'code', 'text'),
    element('Job', 'type'),
    element('Event', 'name', 'letter'),
    element('Decision', 'id', 'result'),
  ],
}

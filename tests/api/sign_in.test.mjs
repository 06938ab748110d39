// The door over HTTP: guessing, locks and who lifts them, sessions, passwords, the stages of signing in.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Authenticator, totpCode, wrongTotpCode } from './authenticator.mjs'
import { kDemoPassword } from '../../tools/demo/client.mjs'
import { missing, routes } from './binary.mjs'
import { Bureau } from './harness.mjs'
import { codeIn, goOn, kPassword, lastMessage, register, signIn } from './people.mjs'

const kOrigin = 'https://permits.example.gov.cn'
const kEnvironment = { KAIGONG_SERVER_PUBLIC_URL: kOrigin }
const kStepMs = 30_000

/** Four guesses each for these and as many unknown ones: no name is locked by them, and no address stopped. */
const kKnown = ['clerk', 'fire', 'leader', 'planning', 'head']

describe('guessing', { skip: missing }, () => {
  let bureau
  before(async () => (bureau = await Bureau.start({ environment: kEnvironment })))
  after(async () => assert.equal(await bureau?.stop(), 0))

  test('a wrong password and an unknown name are answered alike, and take alike', async () => {
    const took = { known: [], unknown: [] }
    const answers = new Set()
    const wrong = async (kind, name) => {
      const from = performance.now()
      const { reply, status } = await signIn(bureau, name, `guess of ${name}`)
      took[kind].push(performance.now() - from)
      answers.add(JSON.stringify([status, reply.json.reason, reply.json.detail, reply.headers['set-cookie'] ?? null]))
    }
    // Each name stays unlocked. The quickest of many tells what the work takes: the others waited for a busy machine.
    for (let round = 0; round < 4; round++) {
      for (const known of kKnown) {
        await wrong('known', known)
        await wrong('unknown', `nobody_like_${known}`)
      }
    }
    assert.equal(answers.size, 1)
    const least = (kind) => Math.min(...took[kind])
    assert.ok(least('known') < 2 * least('unknown') && least('unknown') < 2 * least('known'), JSON.stringify(took))
    for (const known of kKnown) assert.equal((await signIn(bureau, known)).status, 200)
  })
})

describe('the door', { skip: missing }, () => {
  let bureau, admin, security, anybody

  const refused = async (status, reason, person, ...act) => {
    const reply = await person.ask(...act)
    assert.deepEqual([reply.status, reply.json?.reason], [status, reason], `${act[0]} ${act[1]}`)
  }
  const guess = (account, times) => Array.from({ length: times }).reduce((before) => before.then(() => signIn(bureau, account, 'not the password')), Promise.resolve())
  const accountOf = async (name) => {
    const { accounts } = await security.must('GET', `/admin/accounts?query=${name}`)
    return accounts.find((one) => one.account_name === name)
  }

  before(async () => {
    bureau = await Bureau.start({ environment: kEnvironment })
    admin = await bureau.person('admin')
    security = await bureau.person('security')
    anybody = await bureau.person(null)
  })
  after(async () => assert.equal(await bureau?.stop(), 0))

  test('five failures lock a name, known or not; the right password does not open it, the security administrator does', async () => {
    for (const name of ['housing2', 'nobody_at_all']) {
      assert.equal((await guess(name, 5)).reason, 'identity.wrong_credentials')
      assert.equal((await guess(name, 1)).reason, 'identity.too_many_attempts', name)
    }
    assert.equal((await signIn(bureau, 'HOUSING2')).status, 429)
    const locked = await accountOf('housing2')
    assert.ok(locked.locked_until_ms > Date.now())
    await refused(403, 'authz.not_permitted', admin, 'POST', `/admin/accounts/${locked.account_id}/unlocking`, { version: locked.version })
    const free = await security.must('POST', `/admin/accounts/${locked.account_id}/unlocking`, { version: locked.version })
    assert.equal(free.locked_until_ms, null)
    assert.equal((await signIn(bureau, 'housing2')).status, 200)
    const { sign_ins: log } = await security.must('GET', `/admin/sign-ins?account_id=${locked.account_id}`)
    assert.deepEqual(log.map((one) => one.outcome), ['signed_in', 'locked', 'locked', ...Array(5).fill('wrong_password')])
    for (const outcome of ['first_password_over', 'provider_right']) assert.deepEqual((await security.must('GET', `/admin/sign-ins?outcome=${outcome}`)).sign_ins, [])
    const strangers = await security.must('GET', '/admin/sign-ins?outcome=locked')
    assert.ok(strangers.sign_ins.some((one) => one.account_id === null && one.account_name === null))
    assert.ok(!JSON.stringify(strangers).includes('nobody_at_all'), 'the log keeps what was typed')
  })

  test('who registered signs in by name or by phone, and has five guesses under both', async () => {
    await register(bureau, { phone: '13800001234', name: 'zheng' })
    for (const account of ['zheng', 'Zheng', '13800001234', '138 0000 1234', '+86-138-0000-1234']) assert.equal((await signIn(bureau, account, kPassword)).status, 200, account)
    await guess('zheng', 3)
    await guess('138-0000-1234', 2)
    for (const account of ['zheng', '13800001234']) assert.equal((await signIn(bureau, account, kPassword)).reason, 'identity.wrong_credentials', 'the right password opens no more, and does not say so')
    const mixed = ['13900000000', '139 0000 0000', '139-0000-0000', '+8613900000000', '13900000000']
    for (const account of mixed) assert.equal((await guess(account, 1)).status, 401)
    assert.equal((await guess('139 00000000', 1)).status, 429, 'a phone that nobody has locks however it is spelled')
  })

  test('after a name is locked its phone answers like a stranger’s', async () => {
    await register(bureau, { phone: '13800001244', name: 'qian' })
    await guess('qian', 5)
    assert.equal((await guess('qian', 1)).status, 429)
    const answers = await Promise.all([signIn(bureau, '13800001244', kPassword), guess('13800001245', 1)])
    const [own, strangers] = answers.map(({ status, reply }) => [status, reply.json.reason, reply.json.detail, reply.headers['retry-after'] ?? null])
    assert.deepEqual(own, strangers)
    assert.equal(own[0], 401)
    const qian = await accountOf('qian')
    assert.ok(qian.locked_until_ms > Date.now())
    const { sign_ins: log } = await security.must('GET', `/admin/sign-ins?account_id=${qian.account_id}&limit=1`)
    assert.equal(log[0].outcome, 'locked', 'who looks after the account reads why')
    await security.must('POST', `/admin/accounts/${qian.account_id}/unlocking`, { version: qian.version })
    for (const account of ['qian', '13800001244']) assert.equal((await signIn(bureau, account, kPassword)).status, 200, account)
  })

  test('a phone that has an account hears so, and who asks does not', async () => {
    const first = await anybody.ask('POST', '/registrations/codes', { json: { phone: '13800001234' } })
    const other = await anybody.ask('POST', '/registrations/codes', { json: { phone: '13700000001' } })
    assert.deepEqual([first.status, Object.keys(first.json)], [other.status, Object.keys(other.json)])
    assert.equal(codeIn(await lastMessage(bureau, '13800001234')), null)
    assert.match(codeIn(await lastMessage(bureau, '13700000001')), /^\d{6}$/)
    for (let i = 0; i < 2; i++) await anybody.must('POST', '/registrations/codes', { json: { phone: '13700000001' } })
    await refused(429, 'identity.too_many_codes', anybody, 'POST', '/registrations/codes', { json: { phone: '13700000001' } })
  })

  test('which names are taken is told to who proved a phone, who tries another with the same code', async () => {
    const phone = '13700000007'
    const { challenge_id } = await anybody.must('POST', '/registrations/codes', { json: { phone } })
    const code = codeIn(await lastMessage(bureau, phone))
    const json = { challenge_id, code, account_name: 'clerk', display_name: '周经办', password: kPassword }
    const wrong = code === '000000' ? '000001' : '000000'
    await refused(422, 'identity.code_wrong', anybody, 'POST', '/registrations', { json: { ...json, code: wrong } })
    await refused(422, 'identity.account_name_taken', anybody, 'POST', '/registrations', { json })
    assert.equal((await anybody.ask('POST', '/registrations', { json: { ...json, account_name: 'zhou.jingban' } })).status, 200)
    await refused(422, 'identity.code_wrong', anybody, 'POST', '/registrations', { json: { ...json, account_name: 'zhou.again' } })
    const next = '13700000008'
    const tried = await anybody.must('POST', '/registrations/codes', { json: { phone: next } })
    const other = { ...json, ...tried, code: codeIn(await lastMessage(bureau, next)) }
    for (let i = 0; i < 5; i++) await refused(422, 'identity.account_name_taken', anybody, 'POST', '/registrations', { json: other })
    await refused(422, 'identity.code_wrong', anybody, 'POST', '/registrations', { json: { ...other, account_name: 'zhou.more' } })
  })

  test('a password is set anew by the phone, once, and ends every session and the lock', async () => {
    const zheng = '13800001234'
    const unknown = await anybody.must('POST', '/password-resets/codes', { json: { account: 'zheng', phone: '13600000009' } })
    assert.equal(codeIn(await lastMessage(bureau, '13600000009')), null)
    await refused(422, 'identity.code_wrong', anybody, 'POST', '/password-resets', { json: { ...unknown, code: '123456', new_password: kPassword } })
    for (let i = 0; i < 2; i++) await anybody.must('POST', '/password-resets/codes', { json: { account: 'zheng', phone: '13600000009' } })
    await refused(429, 'identity.too_many_codes', anybody, 'POST', '/password-resets/codes', { json: { account: 'zheng', phone: '13600000009' } })
    const { challenge_id: challenge } = await anybody.must('POST', '/password-resets/codes', { json: { account: 'zheng', phone: zheng } })
    const json = { challenge_id: challenge, code: codeIn(await lastMessage(bureau, zheng)), new_password: 'Another-Bridge-2028' }
    assert.equal((await anybody.ask('POST', '/password-resets', { json })).status, 204)
    await refused(422, 'identity.code_wrong', anybody, 'POST', '/password-resets', { json })
    assert.equal((await signIn(bureau, 'zheng', kPassword)).status, 401)
    assert.equal((await signIn(bureau, 'zheng', json.new_password)).status, 200)
    assert.match(await lastMessage(bureau, zheng), /密码已修改/)
  })

  test('who has a phone hears by it of a changed password and of another mail address', async () => {
    const phone = '13800001311'
    const feng = await register(bureau, { phone, name: 'feng' })
    assert.equal((await feng.ask('PUT', '/account/password', { json: { password: kPassword, new_password: 'Another-Bridge-2029' } })).status, 204)
    assert.match(await lastMessage(bureau, phone), /密码已修改/)
    const email = 'feng@example.com'
    const { challenge_id } = await feng.must('POST', '/account/contacts', { json: { email } })
    await feng.must('POST', '/account/contacts/confirmation', { json: { challenge_id, code: codeIn(await lastMessage(bureau, email)) } })
    assert.match(await lastMessage(bureau, phone), /改绑了电子邮箱/)
  })

  test('a blocked account is told so only with the right password, and its sessions are over', async () => {
    const { person: quality } = await signIn(bureau, 'quality')
    const { account_id: id, version } = await accountOf('quality')
    const blocked = await admin.must('POST', `/admin/accounts/${id}/blocking`, { json: { reason: '调离' }, version })
    assert.equal(blocked.state, 'blocked')
    assert.equal((await quality.ask('GET', '/session')).status, 401)
    assert.deepEqual([(await signIn(bureau, 'quality')).reason, (await signIn(bureau, 'quality', 'wrong one here')).reason], ['identity.account_blocked', 'identity.wrong_credentials'])
    await admin.must('POST', `/admin/accounts/${id}/unblocking`, { version: blocked.version })
    assert.equal((await signIn(bureau, 'quality')).status, 200)
  })

  test('sessions are seen and ended, one by one and all others', async () => {
    const [one, two, three] = [await signIn(bureau, 'head'), await signIn(bureau, 'head'), await signIn(bureau, 'head')].map(({ person }) => person)
    const { sessions } = await one.must('GET', '/account/sessions')
    assert.deepEqual([sessions.length, sessions.filter((session) => session.current).length], [3, 1])
    assert.ok(sessions.every((session) => session.address === '127.0.0.1'))
    const twos = (await two.must('GET', '/account/sessions')).sessions.find((session) => session.current)
    await refused(404, 'identity.not_found', await bureau.person('clerk'), 'DELETE', `/account/sessions/${twos.session_id}`)
    await one.must('DELETE', `/account/sessions/${twos.session_id}`)
    assert.equal((await two.ask('GET', '/session')).status, 401)
    await one.must('DELETE', '/account/sessions')
    assert.deepEqual([(await three.ask('GET', '/session')).status, (await one.ask('GET', '/session')).status], [401, 200])
    assert.equal((await one.must('GET', '/account/sign-ins?limit=2')).sign_ins.length, 2)
  })

  test('a changed password ends the other sessions; those of before and weak ones are refused', async () => {
    const lin = await register(bureau, { phone: '13800001235', name: 'lin' })
    const { person: elsewhere } = await signIn(bureau, 'lin', kPassword)
    const change = (password, wanted) => lin.ask('PUT', '/account/password', { json: { password, new_password: wanted } })
    assert.equal((await change('wrong password', 'Another-Bridge-2028')).json.reason, 'identity.wrong_password')
    for (const weak of ['Short-1', 'aaaaaaaaaaaaaaaaaa', 'My-lin-Bridge-1', 'Password1234']) assert.equal((await change(kPassword, weak)).json.reason, 'identity.password_weak', weak)
    assert.equal((await change(kPassword, kPassword)).json.reason, 'identity.password_used_before')
    assert.equal((await change(kPassword, 'Another-Bridge-2028')).status, 204)
    assert.deepEqual([(await elsewhere.ask('GET', '/session')).status, (await lin.ask('GET', '/session')).status], [401, 200])
    assert.equal((await change('Another-Bridge-2028', kPassword)).json.reason, 'identity.password_used_before')
    for (let i = 0; i < 5; i++) await change('guessing here', 'Third-Bridge-2029')
    assert.equal((await change('Another-Bridge-2028', 'Third-Bridge-2029')).json.reason, 'identity.too_many_attempts', 'guessing from within counts')
  })

  test('phone and e-mail are bound by a code, by who has just proved who he is', async () => {
    const wu = await bureau.person('factory')
    const begun = await wu.must('POST', '/account/contacts', { json: { phone: '13800001299' } })
    const code = codeIn(await lastMessage(bureau, '13800001299'))
    await refused(422, 'identity.code_wrong', await bureau.person('estate'), 'POST', '/account/contacts/confirmation', { json: { ...begun, code: code === '000000' ? '000001' : '000000' } })
    await wu.must('POST', '/account/contacts/confirmation', { json: { ...begun, code } })
    assert.equal((await wu.must('GET', '/account')).phone, '138****1299')
    await refused(422, 'identity.one_contact', wu, 'POST', '/account/contacts', { json: { phone: '13800001298', email: 'wu@example.com' } })
    for (let i = 0; i < 3; i++) await wu.must('POST', '/account/contacts', { json: { phone: '13800001297' } })
    await refused(429, 'identity.too_many_codes', wu, 'POST', '/account/contacts', { json: { phone: '13800001297' } })
    const mail = await wu.must('POST', '/account/contacts', { json: { email: 'Wu@example.com' } })
    await wu.must('POST', '/account/contacts/confirmation', { json: { ...mail, code: codeIn(await lastMessage(bureau, 'wu@example.com')) } })
    assert.equal((await wu.must('GET', '/account')).email, 'w***@example.com')
  })

  test('an individual says under which number he applies', async () => {
    const wu = await register(bureau, { phone: '13800001236', name: 'wu_individual' })
    await refused(422, 'identity.id_number_malformed', wu, 'PUT', '/account/id-number', { json: { id_number: '330106199001011234' } })
    await wu.must('PUT', '/account/id-number', { json: { id_number: '11010519491231002X' } })
    assert.equal((await wu.must('GET', '/account')).has_id_number, true)
    assert.deepEqual((await wu.must('GET', '/session')).account.roles, ['public_user', 'individual_owner'])
    await wu.must('PUT', '/account/id-number', { json: { id_number: '11010519491231002x' } })
    await refused(409, 'identity.id_number_kept', wu, 'PUT', '/account/id-number', { json: { id_number: '330106199001010018' } })
  })

  test('an officer’s ID number says whose other account it is, and gives no right', async () => {
    const { person: planning } = await signIn(bureau, 'planning')
    const { roles } = planning.session.account
    await planning.must('PUT', '/account/id-number', { json: { id_number: '11010519491231002X' } })
    assert.equal((await planning.must('GET', '/account')).has_id_number, true)
    assert.deepEqual((await planning.must('GET', '/session')).account.roles, roles)
  })

  test('with a second factor the password opens nothing but the second step', async () => {
    const { person: fire } = await signIn(bureau, 'fire')
    const begun = await fire.must('POST', '/account/factors/totp', { json: { name: '手机' } })
    // The code of now and the next one: both are good until a minute has passed, also when a step ends meanwhile.
    const at = Date.now()
    await fire.must('POST', `/account/factors/totp/${begun.factor_id}/confirmation`, { json: { code: totpCode(begun.secret, at) } })
    const { codes } = await fire.must('POST', '/account/recovery-codes')
    const { person } = await signIn(bureau, 'fire')
    assert.deepEqual([person.session.stage, person.session.factor_kinds], ['second_factor', ['totp']])
    for (const { method, path, access, early } of routes().routes) {
      // Of a page elsewhere no cookie is looked at.
      if (access !== 'session' || early || method !== 'GET' || path.includes('{') || path === '/oauth/userinfo') continue
      await refused(401, 'http.second_factor_needed', person, 'GET', `!${path}`)
    }
    await refused(401, 'identity.factor_needs_sign_in', person, 'PUT', '/account/password', { json: { password: 'any password', new_password: kPassword } })
    await refused(401, 'identity.factor_needs_sign_in', person, 'POST', '/account/factors/totp', { json: { name: '第二个' } })
    assert.equal((await goOn(person, 'continuation')).json.stage, 'second_factor')
    assert.equal((await goOn(person, 'second-factor', { code: wrongTotpCode(begun.secret) })).json.reason, 'identity.factor_code_wrong')
    assert.equal((await goOn(person, 'second-factor', { code: totpCode(begun.secret, at) })).json.reason, 'identity.factor_code_used')
    assert.equal((await goOn(person, 'second-factor', {})).json.reason, 'identity.factor_missing')
    const old = person.cookie
    assert.equal((await goOn(person, 'second-factor', { code: totpCode(begun.secret, at + kStepMs) })).json.stage, 'full')
    assert.equal((await bureau.ask('GET', '/api/v1/session', { headers: { cookie: old } })).status, 401, 'the cookie of the first step')
    await person.must('GET', '/inbox?view=todo')
    assert.equal((await goOn(person, 'second-factor', { code: totpCode(begun.secret) })).json.reason, 'identity.factor_not_asked')
    await refused(422, 'json.fields_invalid', person, 'POST', '/session/step-up', { json: { password: 'demo' } })
    await person.must('POST', '/session/step-up', { json: { recovery_code: codes[0] } })
    await refused(422, 'identity.factor_recovery_code_wrong', person, 'POST', '/session/step-up', { json: { recovery_code: codes[0] } })
    const { person: guesser } = await signIn(bureau, 'fire')
    for (let i = 0; i < 4; i++) await goOn(guesser, 'second-factor', { code: wrongTotpCode(begun.secret) })
    await refused(429, 'identity.factor_paused', guesser, 'POST', '/session/second-factor', { json: { recovery_code: codes[1] } })
  })

  test('a security key is the second step too', async () => {
    const { person: planning } = await signIn(bureau, 'planning')
    await refused(404, 'identity.factor_not_found', planning, 'POST', '/session/security-key-options')
    const key = new Authenticator(kOrigin)
    const { public_key: options } = await planning.must('POST', '/account/factors/webauthn/options')
    await planning.must('POST', '/account/factors/webauthn', { json: key.register(options, '蓝色密钥') })
    const { person } = await signIn(bureau, 'planning')
    const asked = (await goOn(person, 'security-key-options')).json
    const assertion = key.assert(asked)
    assert.equal((await goOn(person, 'second-factor', { assertion: key.assert(asked, { origin: 'https://evil.example' }) })).status, 422)
    assert.equal((await goOn(person, 'second-factor', { assertion })).json.reason, 'identity.factor_challenge_expired')
    const fresh = (await goOn(person, 'security-key-options')).json
    assert.equal((await goOn(person, 'second-factor', { assertion: key.assert(fresh) })).json.stage, 'full')
  })

  test('who has no second factor proves himself again by his password', async () => {
    const { person } = await signIn(bureau, 'leader')
    await refused(422, 'identity.wrong_password', person, 'POST', '/session/step-up', { json: { password: 'not mine' } })
    await person.must('POST', '/session/step-up', { json: { password: kDemoPassword } })
    for (let i = 0; i < 4; i++) await refused(422, 'identity.wrong_password', person, 'POST', '/session/step-up', { json: { password: 'not mine' } })
    await refused(429, 'identity.too_many_attempts', person, 'POST', '/session/step-up', { json: { password: kDemoPassword } })
  })

  test('where a second factor is forced, who only knows the password does not come in behind who enrolled', async () => {
    await guess('housing3', 5)
    await bureau.stop({ keep: true })
    await bureau.reopen({ clockStart: '2026-11-24T10:00:00+08:00', environment: { ...kEnvironment, KAIGONG_IDENTITY_SECOND_FACTOR_FORCED: 'true' } })
    assert.equal((await signIn(bureau, 'housing3')).reason, 'identity.too_many_attempts', 'a lock outlives the process')
    const { person: owner } = await signIn(bureau, 'clerk2')
    const { person: guesser } = await signIn(bureau, 'clerk2')
    assert.deepEqual([owner.session.stage, guesser.session.stage], ['enrolment', 'enrolment'])
    await refused(401, 'http.enrolment_needed', owner, 'GET', '/inbox')
    await refused(401, 'identity.factor_needs_sign_in', owner, 'PUT', '/account/password', { json: { password: 'any password', new_password: kPassword } })
    const begun = await owner.must('POST', '/account/factors/totp', { json: { name: '手机' } })
    await owner.must('POST', `/account/factors/totp/${begun.factor_id}/confirmation`, { json: { code: totpCode(begun.secret) } })
    assert.equal((await goOn(guesser, 'continuation')).json.stage, 'second_factor')
    await refused(401, 'http.second_factor_needed', guesser, 'GET', '/inbox')
    assert.equal((await goOn(owner, 'continuation')).json.stage, 'full')
    await owner.must('GET', '/inbox?view=todo')
  })

  test('where a second factor is forced, a first password opens nothing without the code of another administrator', async () => {
    const enrol = async (name) => {
      const { person } = await signIn(bureau, name)
      await bind(person)
      assert.equal((await goOn(person, 'continuation')).json.stage, 'full')
      return person
    }
    const bind = async (person) => {
      const begun = await person.must('POST', '/account/factors/totp', { json: { name: '手机' } })
      await person.must('POST', `/account/factors/totp/${begun.factor_id}/confirmation`, { json: { code: totpCode(begun.secret) } })
    }
    const admin = await enrol('admin')
    const security = await enrol('security')
    const made = await admin.must('POST', '/admin/accounts', { json: { account_name: 'new_leader', kind: 'officer', display_name: '新局长', organisation_name: '杭州市西湖区', department: 'housing', department_name: '住房和城乡建设局', region_code: '330106' } })
    const one = `/admin/accounts/${made.account_id}`
    await refused(403, 'authz.not_permitted', admin, 'POST', `${one}/enrolment-code`, { version: made.version })
    const granted = await security.must('PUT', `${one}/rights`, { json: { roles: ['deciding_leader'] }, version: made.version })
    const { person: maker } = await signIn(bureau, 'new_leader', made.initial_password)
    assert.deepEqual([maker.session.stage, maker.session.enrolment_code_needed], ['enrolment', true])
    await refused(403, 'identity.enrolment_code_needed', maker, 'POST', '/account/factors/totp', { json: { name: '手机' } })
    await refused(403, 'identity.enrolment_code_needed', maker, 'POST', '/account/factors/webauthn/options')
    assert.equal((await goOn(maker, 'enrolment-code', { enrolment_code: 'AAAAA-AAAAA' })).json.reason, 'identity.enrolment_code_wrong')
    const { enrolment_code: code } = await security.must('POST', `${one}/enrolment-code`, { version: granted.version })
    assert.ok((await admin.must('GET', one)).enrolment_code_until_ms > 0, 'whether one was given is no secret, the code is')
    const { person: owner } = await signIn(bureau, 'new_leader', made.initial_password)
    assert.equal((await goOn(owner, 'enrolment-code', { enrolment_code: code })).json.enrolment_code_needed, false)
    await bind(owner)
    assert.equal((await goOn(owner, 'continuation')).json.stage, 'password_change')
    await owner.must('PUT', '/account/password', { json: { password: made.initial_password, new_password: kPassword } })
    assert.deepEqual((await goOn(owner, 'continuation')).json.account.roles, ['deciding_leader'])
    await refused(409, 'identity.enrolment_code_not_asked', owner, 'POST', '/session/enrolment-code', { json: { enrolment_code: code } })
    const bound = await security.must('GET', one)
    await refused(409, 'identity.factor_bound_already', security, 'POST', `${one}/enrolment-code`, { version: bound.version })
    const { sign_ins: log } = await owner.must('GET', '/account/sign-ins')
    assert.equal(log.filter((entry) => entry.outcome === 'wrong_factor').length, 1)
  })
})

import assert from 'node:assert/strict'
import test from 'node:test'
import { creditCode, creditCodeValid, inventedId, moneyInWords, organisationCheck, residentIdValid } from './codes.mjs'

test('credit codes that are known to be right are accepted', () => {
  for (const code of ['11330105002500287C', '11100000000013338W', '11110000000021135M', '11430000006122244L', '11420503087246977F'])
    assert.ok(creditCodeValid(code), code)
})

test('a credit code with one wrong or two swapped characters is refused', () => {
  for (const code of ['11330105002500287D', '11330105002500827C', '1133010500250028C', '11330105O02500287C'])
    assert.ok(!creditCodeValid(code), code)
})

test('the inner check of an organisation code is computed', () => {
  assert.equal(organisationCheck('00250028'), '7')
})

test('the codes of the demo organisations come out of their first characters', () => {
  assert.equal(creditCode('91330106', 'MA0DEM01'), '91330106MA0DEM0133')
  assert.equal(creditCode('91330105', 'MA0DEM02'), '91330105MA0DEM021F')
  assert.equal(creditCode('91330108', 'MA0DEM03'), '91330108MA0DEM03XJ')
})

test('resident id numbers', () => {
  assert.ok(residentIdValid('11010519491231002X'))
  assert.ok(!residentIdValid('110105194912310021'))
  assert.ok(!residentIdValid('330105198513070007'), 'there is no thirteenth month')
  assert.equal(inventedId('330106', '19800101'), '330106198001010005')
})

test('money in words as contracts write it', () => {
  assert.equal(moneyInWords(8260000000), '捌仟贰佰陆拾万元整')
  assert.equal(moneyInWords(1000500000), '壹仟万伍仟元整')
  assert.equal(moneyInWords(12345600000000), '壹仟贰佰叁拾肆亿伍仟陆佰万元整')
  assert.equal(moneyInWords(10203), '壹佰零贰元零叁分')
  assert.equal(moneyInWords(30050), '叁佰元伍角整')
})

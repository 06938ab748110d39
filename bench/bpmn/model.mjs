// The measured process: one task, four at once, a join, a choice by a condition. In both languages of conditions, because
// each engine has only one of them; everything else is the same.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../parts/places.mjs'

/** Of each language its condition and the file of the shared model. */
export const languages = {
  feel: { condition: '=approved', shared: 'approval4.feel.bpmn' },
  javascript: { condition: '${environment.variables.approved}', shared: 'approval4.bpmn' },
}
const kShared = join(root, '../shared/bench')
export const kTasks = 5
const kDepartments = ['a', 'b', 'c', 'd']

/** Completed before the state in the middle is looked at: the first task and two of the four. */
export const kTasksBeforeMiddle = 3

/** One of ten is refused. */
export const approves = (number) => number % 10 !== 0

const flow = (id, from, to) => `<sequenceFlow id="${id}" sourceRef="${from}" targetRef="${to}"/>`

export function modelXml(language) {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="bench" targetNamespace="https://kaigong.example/bench">',
    '<process id="approval4" isExecutable="true">',
    '<startEvent id="start"/>',
    flow('f0', 'start', 'accept'),
    '<userTask id="accept" name="受理"/>',
    flow('f1', 'accept', 'fork'),
    '<parallelGateway id="fork"/>',
    ...kDepartments.map((one) => flow(`f${one}`, 'fork', `dept_${one}`)),
    ...kDepartments.map((one) => `<userTask id="dept_${one}"/>`),
    ...kDepartments.map((one) => flow(`j${one}`, `dept_${one}`, 'join')),
    '<parallelGateway id="join"/>',
    flow('f2', 'join', 'xor'),
    '<exclusiveGateway id="xor" default="fno"/>',
    `<sequenceFlow id="fyes" sourceRef="xor" targetRef="granted"><conditionExpression xsi:type="tFormalExpression">${languages[language].condition}</conditionExpression></sequenceFlow>`,
    flow('fno', 'xor', 'refused'),
    '<endEvent id="granted"/>',
    '<endEvent id="refused"/>',
    '</process></definitions>',
  ].join('\n')
}

/** What makes two models the same: their elements with names and attributes, without prefixes, order, and the file's own id. */
export function shapeOf(xml) {
  const tags = xml.replace(/<\?.*?\?>/g, '').replace(/<bpmn:/g, '<').replace(/"bpmn:/g, '"').match(/<[a-zA-Z][^>]*>/g) ?? []
  const conditions = [...xml.matchAll(/conditionExpression [^>]*>([^<]*)</g)].map((found) => found[1].trim())
  return [...tags.filter((tag) => !tag.startsWith('<definitions')).map((tag) => tag.replace(/\s*\/>$/, '>')), ...conditions].sort()
}

/** Null where the folder with the shared models is missing. */
export function sharedModel(language) {
  const file = join(kShared, languages[language].shared)
  return existsSync(file) ? file : null
}

/** The files to run, one a language: the shared ones where they are, else our own written to `folder`. */
export function modelFiles(folder) {
  const own = (language) => {
    const file = join(folder, `approval4.${language}.bpmn`)
    writeFileSync(file, modelXml(language))
    return file
  }
  const shared = Object.keys(languages).every(sharedModel)
  const files = Object.fromEntries(Object.keys(languages).map((language) => [language, shared ? sharedModel(language) : own(language)]))
  return { ...files, shared }
}

export const sharedShape = (language) => shapeOf(readFileSync(sharedModel(language), 'utf8'))

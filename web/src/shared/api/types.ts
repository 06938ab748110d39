/**
 * The shapes of the HTTP interface by name, as the generated `schema.d.ts` has them (`npm run api`); only the form is
 * described by hand, in `form_types.ts`.
 */
import type { components, operations } from './schema'

export type {
  Code,
  CodeTables,
  FormObject,
  FormValue,
  Layout,
  LayoutField,
  LayoutSection,
  LayoutStep,
  SchemaNode,
} from './form_types'

type Schemas = components['schemas']

/** The JSON body of an operation's success. */
export type Reply<Operation extends keyof operations, Status extends number = 200> = operations[Operation] extends {
  responses: { [S in Status]: { content: { 'application/json': infer Body } } }
}
  ? Body
  : never

/** The JSON body that an operation takes. */
export type Sent<Operation extends keyof operations> = operations[Operation] extends {
  requestBody?: { content: { 'application/json': infer Body } }
}
  ? Body
  : never

export type Problem = Schemas['Problem']
export type FieldProblem = Problem['fields'][number]
export type Turn = Schemas['Turn']
export type Light = NonNullable<Schemas['Light']>

export type Session = Schemas['Session']
export type Account = Session['account']
export type AccountKind = Account['kind']

export type MatterSummary = Reply<'list_matters'>['matters'][number]
export type Matter = Schemas['Matter']

export type ApplicationRow = Schemas['ApplicationRow']
export type Application = Schemas['Application']
export type MaterialState = Schemas['MaterialState']
export type CommitmentTerms = NonNullable<Schemas['MaterialRule']['commitment']>
export type Document = Schemas['Document']
export type Finding = Schemas['Finding']
export type FormSaved = Reply<'save_form'>
export type Precheck = Reply<'precheck'>
export type SubmissionRequest = Sent<'submit_application'>
export type SubmissionReceipt = Reply<'submit_application', 201>
export type SubmissionSummary = Reply<'list_submissions'>['submissions'][number]
export type Submission = Schemas['Submission']
export type PartsOfApplication = Reply<'list_parts_of_application'>
export type PartOfApplication = Schemas['PartOfApplication']
export type InvitablePart = Schemas['InvitablePart']
export type InvitationOfFirm = Sent<'invite_firm'>
export type PartRow = Schemas['PartRow']
export type PartOfFirm = Schemas['PartOfFirm']
export type FiledPart = Schemas['FiledPart']

export type Progress = Schemas['Progress']
export type ClockView = Progress['clock']
export type ClockSegment = ClockView['segments'][number]
export type TimelineEntry = Progress['timeline'][number]
export type ItemState = Progress['items'][number]
export type CorrectionPoint = Schemas['CorrectionPoint']
export type Letter = Reply<'list_letters'>['letters'][number]

export type Inbox = Reply<'show_inbox'>
export type InboxRow = Schemas['InboxRow']
export type InboxView = NonNullable<NonNullable<operations['show_inbox']['parameters']['query']>['view']>
export type Task = Schemas['Task']
export type TaskRecord = Reply<'list_tasks'>['tasks'][number]
export type Outcome = Task['outcomes'][number]
export type Completion = Sent<'complete_task'>
export type PointDraft = NonNullable<Completion['points']>[number]
export type OmissionDraft = NonNullable<Completion['omissions']>[number]
export type Candidates = Reply<'list_candidates'>
export type Candidate = Candidates['candidates'][number]
export type Deputyships = Reply<'list_deputyships'>
export type Deputyship = Schemas['Deputyship']
export type CopiesOfCase = Schemas['CopiesOfCase']
export type ConsultationsOfCase = Schemas['ConsultationsOfCase']
export type Consultation = Schemas['Consultation']
export type ConsultationOutcome = Schemas['ConsultationOutcome']
export type ConsultationCode = Schemas['ConsultationCode']
export type OutsideConsultation = Schemas['OutsideConsultation']
export type OutsideFile = Schemas['OutsideFile']
export type CopyRow = Schemas['CopyRow']
export type CopyList = Reply<'list_copies'>
export type OpinionChoice = Schemas['OpinionChoice']
export type OwnOpinion = Schemas['OwnOpinion']
export type Sections = Schemas['Sections']
export type Section = Schemas['Section']
export type MarksOfCase = Schemas['MarksOfCase']
export type PaperMark = Schemas['PaperMark']
export type MarkKind = Schemas['MarkKind']
export type MarkAct = Schemas['MarkAct']
export type NewMark = Sent<'mark_paper'>
export type Standstill = Schemas['Standstill']
export type StandstillWait = Schemas['StandstillWait']
export type ForeseenTask = Standstill['tasks'][number]
export type ForeseenAct = Schemas['ForeseenAct']
export type ForeseenEffect = Schemas['ForeseenEffect']
export type CaseNews = Schemas['CaseNews']
export type ProcessView = Reply<'show_process'>
export type AuditEntry = Reply<'list_audit_entries'>['entries'][number]

export type Permit = Schemas['Permit']
export type Certificates = Schemas['Certificates']
export type CertificateEdition = Certificates['editions'][number]
export type CertificateFile = Schemas['CertificateFile']
export type CertificateCopy = Schemas['CertificateCopy']
export type DemoClock = Reply<'show_demo_clock'>

export type Factors = Schemas['Factors']
export type Factor = Schemas['Factor']
export type TotpEnrolment = Schemas['TotpEnrolment']
export type WebauthnOptions = Schemas['WebauthnCreation']['public_key']

export type PersonSearch = operations['find_applications_by_person']['requestBody']['content']['application/json']
export type FoundByPerson = Reply<'find_applications_by_person'>

/** From a finding to the paper that proves it. A finding names the paper at least by its kind, at best with the page. */
import type { InjectionKey, Ref } from 'vue'
import type { Document, Finding, MaterialState } from '@/shared/api/types'

export type Evidence = Finding['evidence'][number]

/** The papers of the application on this page. */
export const kPapers: InjectionKey<Ref<MaterialState[]>> = Symbol('papers')

export function paper_of(entry: Evidence, materials: MaterialState[]): Document | undefined {
  if (entry.document_id)
    return materials.flatMap((one) => one.documents).find((one) => one.document_id === entry.document_id)
  const material = materials.find((one) => one.material_code === entry.material_code)
  return material?.documents.find((one) => !one.superseded)
}

export function paper_name(entry: Evidence, materials: MaterialState[]): string {
  return materials.find((one) => one.material_code === entry.material_code)?.name ?? entry.material_code
}

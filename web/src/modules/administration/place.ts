import { t } from '@/shared/i18n'
import type { Person, Place } from './types'

export function empty_place(): Place {
  return { display_name: '', organisation_name: '', department: '', department_name: '', region_code: '', post: '' }
}

export function place_of(person: Person): Place {
  return {
    display_name: person.display_name,
    organisation_name: person.organisation_name,
    department: person.department ?? '',
    department_name: person.department_name ?? '',
    region_code: person.region_code ?? '',
    post: person.post ?? '',
  }
}

/** Officers without department and area would see no case at all. */
export function missing_of_place(place: Place, is_officer: boolean): [string, string][] {
  const needed: (keyof Place)[] = ['display_name', 'organisation_name']
  if (is_officer) needed.push('department', 'region_code')
  return needed
    .filter((field) => !place[field].trim())
    .map((field) => [field, t(`administration.place.missing.${field}`)])
}

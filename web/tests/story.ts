/** One story for all tests and for the mock: the school's application, and the officers who work on it. */
export * from './story_case'
export * from './story_authorities'
export * from './story_episodes'
export * from './story_permit'
export * from './story_officers'
export * from './story_people'

/**
 * FEEL in the browser, only to show and mark fields while somebody types (visible_when, x-required-when, x-computed,
 * item titles). The server decides; here a fault or an unknown simply gives null. The interpreter is fetched lazily.
 */
type Evaluate = (expression: string, context: Record<string, unknown>) => unknown

let evaluate_loaded: Evaluate | null = null

/** Where a form holds decimals as integers, doubles are exact far beyond any amount of money here (2^53 分). */
export async function load_feel(): Promise<Evaluate> {
  if (evaluate_loaded) return evaluate_loaded
  const feelin = await import('feelin')
  evaluate_loaded = (expression, context) => {
    try {
      const result: unknown = feelin.evaluate(expression, context)
      return result !== null && typeof result === 'object' && 'value' in result ? result.value : result
    } catch {
      return null
    }
  }
  return evaluate_loaded
}

export type { Evaluate }

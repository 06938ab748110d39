/** What reading one file may cost: places that name each other could keep a reader busy without end. */
import { malformed } from './bytes'

export class Steps {
  constructor(private left: number) {}

  /** Throws Malformed when there is nothing left. */
  spend(count: number): void {
    if ((this.left -= count) < 0) malformed('a file too complex')
  }
}

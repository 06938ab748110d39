import { describe, expect, it } from 'vitest'
import domify from './domify'

describe('elements made from markup', () => {
  it('belong to the page, so that a diagram is not drawn into a copy that nobody sees', () => {
    expect(domify('<div class="box"></div>').ownerDocument).toBe(document)
  })

  it('have their style without a style attribute in the markup', () => {
    const made = domify('<p style="color: red">a</p>') as HTMLElement
    expect(made.style.color).toBe('red')
    expect(made.dataset.style).toBeUndefined()
  })
})

/**
 * Stands for the package `domify`, with which dmn-js makes elements from markup. The content security policy refuses
 * style attributes in markup, and dmn-js has some, in its watermark too: here they are given to the element through
 * the CSSOM, which the policy allows. Nothing else changes.
 */
export default function domify(markup: string): Node {
  const template = document.createElement('template')
  template.innerHTML = markup.trim().replace(/\sstyle="/g, ' data-style="')
  const made = template.content
  for (const element of made.querySelectorAll<HTMLElement | SVGElement>('[data-style]')) {
    element.style.cssText = element.dataset.style ?? ''
    delete element.dataset.style
  }
  const node = made.childNodes.length === 1 && made.firstChild ? made.removeChild(made.firstChild) : made
  // A template's nodes belong to a document of their own; drawing into such a node would go into a copy of it.
  return document.adoptNode(node)
}

/** A key press that belongs to a text: letters must not act as shortcuts there. */
export function isTyping(event: Event): boolean {
  const target = event.target
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable) return true
  return isTextField(target) || target.matches('select')
}

export function isTextField(element: Element): element is HTMLInputElement | HTMLTextAreaElement {
  return element.matches('input:not([type=checkbox]):not([type=radio]), textarea')
}

export function isInTextField(): boolean {
  return document.activeElement !== null && isTextField(document.activeElement)
}

/** Gives the keys back to the console. */
export function leaveTextField(): void {
  if (isInTextField() && document.activeElement instanceof HTMLElement) document.activeElement.blur()
}

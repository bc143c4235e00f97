/** Pages for people who have no console yet. No script and no style: the policy allows none inline. */
function page(title: string, paragraphs: readonly string[], head = ''): string {
  const body = paragraphs.map((text) => `    <p>${text}</p>`).join('\n')
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="color-scheme" content="dark light">
    <meta name="viewport" content="width=device-width">${head}
    <title>${title}</title>
  </head>
  <body>
    <h1>${title}</h1>
${body}
  </body>
</html>
`
}

export const NOT_ADMITTED = page('Floorwatch refuses this browser', [
  'The address that Floorwatch prints when it starts works once and for a quarter of an hour. This browser came ' +
    'without it, or it was used already, or Floorwatch was started again since. A wall’s address works until it ' +
    'is revoked.',
  'To get in: start Floorwatch again, or look at its terminal and press Enter there for a new address; then open ' +
    'that address in this browser. For a wall: <code>floorwatch wall list</code> on that machine tells which ' +
    'addresses are admitted, and <code>floorwatch wall add</code> makes a new one.',
])

export const TOO_OFTEN = page('Floorwatch refuses this browser for now', [
  'This address was opened too often within a minute. Wait a minute, then reload this page.',
])

export const TOO_MANY_WALLS = page('Floorwatch refuses this browser', [
  'As many wall addresses as Floorwatch keeps are in use. Revoke one that is no longer needed ' +
    '(<code>floorwatch wall list</code>, <code>floorwatch wall revoke</code>), then reload this page.',
])

export const ALREADY_A_CONSOLE = page('This browser is a console already', [
  'A link led here with the address of a wall. Taking it would end the console of this browser, so it was not taken. ' +
    'If you want to see the wall, open its address in another browser or in a private window.',
  '<a href="/">Back to the console</a>',
])

/**
 * Leads a browser on by itself where a link on another site led here: a cookie with SameSite=Strict is neither sent along
 * such a link nor along a redirect after it, so nothing is known yet of what this browser is.
 * @param address of this host; it holds nothing that would have to be escaped
 */
export function onward(address: string): string {
  return page(
    'Floorwatch',
    [`<a href="${address}">Open the console</a>`],
    `\n    <meta http-equiv="refresh" content="0;url=${address}">`,
  )
}

export const NOT_BUILT =
  'The console has not been built: its files are missing. Run `npm run build`, then reload this page.\n'

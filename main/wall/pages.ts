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

export const NOT_ADMITTED = page('Floorwatch does not know this browser', [
  'The address that Floorwatch prints when it starts works once and for a quarter of an hour. This browser came ' +
    'without it, or it was used already, or Floorwatch was started again since.',
  'To get in: start Floorwatch again, or look at its terminal and press Enter there for a new address; then open ' +
    'that address in this browser.',
])

/**
 * Leads a browser on to the console. Used instead of a redirect when a link on another site led here: a cookie with
 * SameSite=Strict is not sent along a redirect that began elsewhere.
 */
export const ADMITTED = page(
  'Floorwatch',
  ['<a href="/">Open the console</a>'],
  '\n    <meta http-equiv="refresh" content="0;url=/">',
)

export const NOT_BUILT =
  'The console has not been built: its files are missing. Run `npm run build`, then reload this page.\n'

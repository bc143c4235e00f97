import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { type BuiltPage, buildPage, openBuiltPage } from '../support/builtPage.ts'

let built: BuiltPage
test.beforeAll(async () => {
  built = await buildPage('test/fixtures/floorPage')
})

async function open(page: Page, query = '?gpus=1024'): Promise<void> {
  await openBuiltPage(page, built, query)
  await expect(page.getByRole('application')).toBeVisible()
  await settled(page)
}

/** Two displayed frames: what was asked for has been painted. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null)))),
  )
}

/** Points at a GPU near a place, where a gap may lie, and waits for its card. */
async function hoverGpu(page: Page, x: number, y: number): Promise<void> {
  const card = page.locator('.hover-card')
  for (let step = 0; step < 20; step++) {
    await page.mouse.move(x + step * 3, y + step * 4)
    await settled(page)
    if ((await card.count()) > 0) return
  }
  throw new Error(`No GPU is shown near ${x}, ${y}.`)
}

const output = (page: Page, name: 'selected' | 'opened') =>
  page.locator('output').evaluate((element, key) => (element as HTMLElement).dataset[key] ?? '', name)

test.describe('the floor picture', () => {
  test('is walked by the arrow keys, and says where one is', async ({ page }) => {
    await open(page)
    await page.getByRole('application').focus()
    await page.keyboard.press('Home')
    const spoken = page.locator('[aria-live]')
    await expect(spoken).toHaveText(/^h-0001 GPU 0, H100, SM activity/)
    await page.keyboard.press('ArrowDown')
    await expect(spoken).toHaveText(/^h-0001 GPU 1,/)
    await page.keyboard.press('ArrowRight')
    await expect(spoken).toHaveText(/^h-0002 GPU 1,/)
    await page.keyboard.press('PageDown')
    await expect(spoken).toHaveText(/Hall B$/)
    await page.keyboard.press('.')
    await expect(spoken).toHaveText(/critical/)
    await page.keyboard.press('Enter')
    expect(Number(await output(page, 'opened'))).toBeGreaterThan(0)
  })

  test('marks up to four for comparison with the space bar', async ({ page }) => {
    await open(page)
    await page.getByRole('application').focus()
    await page.keyboard.press('Home')
    for (let i = 0; i < 6; i++) {
      await page.keyboard.press('Space')
      await page.keyboard.press('ArrowDown')
    }
    expect((await output(page, 'selected')).split(',')).toEqual(['2', '3', '4', '5'])
  })

  test('selects by click, shows a card on hover, and takes many with Shift and drag', async ({ page }) => {
    await open(page)
    const box = await page.getByRole('application').boundingBox()
    if (box === null) throw new Error('The picture has no place.')
    await hoverGpu(page, box.x + box.width / 2, box.y + box.height / 2)
    await expect(page.locator('.hover-card')).toContainText('SM activity')
    await page.mouse.down()
    await page.mouse.up()
    expect((await output(page, 'selected')).split(',')).toHaveLength(1)
    await page.keyboard.down('Shift')
    await page.mouse.move(box.x + 200, box.y + 60)
    await page.mouse.down()
    await page.mouse.move(box.x + 500, box.y + 300, { steps: 4 })
    await page.mouse.up()
    await page.keyboard.up('Shift')
    expect((await output(page, 'selected')).split(',').length).toBeGreaterThan(20)
  })

  test('keeps the GPU under the pointer while the wheel zooms, and 0 shows the whole floor again', async ({
    page,
  }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await open(page, '?gpus=16384')
    const box = await page.getByRole('application').boundingBox()
    if (box === null) throw new Error('The picture has no place.')
    await hoverGpu(page, box.x + box.width * 0.6, box.y + 120)
    const title = page.locator('.hover-card-title')
    const name = await title.textContent()
    for (let i = 0; i < 8; i++) await page.mouse.wheel(0, -240)
    await settled(page)
    await expect(title).toHaveText(name ?? '')
    const near = await page.getByRole('application').screenshot()
    await page.getByRole('application').focus()
    await page.keyboard.press('0')
    await settled(page)
    expect(near.equals(await page.getByRole('application').screenshot())).toBe(false)
  })

  test('is filtered by the brush of the legend, by keyboard and by drag', async ({ page }) => {
    await open(page)
    await page.getByRole('slider', { name: /lower end/ }).focus()
    await page.keyboard.press('PageUp')
    await page.keyboard.press('PageUp')
    await expect(page.getByRole('button', { name: '20 % to highest: show all' })).toBeVisible()
    await page.keyboard.press('Delete')
    await expect(page.getByText('drag over the scale to filter')).toBeVisible()
    const track = await page.locator('.legend-track').boundingBox()
    if (track === null) throw new Error('The legend has no place.')
    await page.mouse.move(track.x + track.width * 0.5, track.y + 8)
    await page.mouse.down()
    await page.mouse.move(track.x + track.width * 0.8, track.y + 8, { steps: 4 })
    await page.mouse.up()
    await expect(page.getByRole('button', { name: '50 % to 80 %: show all' })).toBeVisible()
  })

  for (const theme of ['dark', 'light']) {
    test(`has no accessibility violation in the ${theme} theme`, async ({ page }) => {
      await open(page, `?gpus=1024&theme=${theme}&field=gpuTemp`)
      const { violations } = await new AxeBuilder({ page }).exclude('output').analyze()
      const relevant = violations.filter(
        ({ id }) => !['landmark-one-main', 'page-has-heading-one', 'region'].includes(id),
      )
      expect(relevant.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual(
        [],
      )
    })
  }
})

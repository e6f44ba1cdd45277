import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { type Browser, type Locator, type Page, chromium, selectors } from 'playwright-core';

import { OWNER } from '../host/session';
import { until } from '../host/until';

/** Where the pictures go, for people to look at. */
const PICTURES = join(__dirname, 'output');

/** Debian's Chromium, or another one that the environment names. */
const EXECUTABLE = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** n8n's editor as a person sees it, driven by what is on the screen. */
export class Editor {
  private constructor(
    private readonly browser: Browser,
    private readonly page: Page,
    private readonly url: string,
  ) {}

  /** Opens the editor of an n8n and signs its owner in. */
  static async open(url: string): Promise<Editor> {
    if (!existsSync(EXECUTABLE)) {
      throw new Error(
        `There is no Chromium at ${EXECUTABLE}. Install Debian's package chromium, or name another one in CHROMIUM_PATH.`,
      );
    }
    selectors.setTestIdAttribute('data-test-id');
    const browser = await chromium.launch({
      executablePath: EXECUTABLE,
      // Root has no sandbox of Chromium's kind; it opens nothing but this n8n.
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    const page = await browser.newPage({ viewport: { width: 1500, height: 950 } });
    page.setDefaultTimeout(30_000);
    await page.route(
      (address) => address.origin !== new URL(url).origin,
      async (route) => await route.abort(),
    );
    const editor = new Editor(browser, page, url);
    await page.goto(`${url}/signin`);
    await page.locator('input[type="email"]').fill(OWNER.email);
    await page.locator('input[type="password"]').fill(OWNER.password);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/(home|workflow)/);
    return editor;
  }

  async close(): Promise<void> {
    await this.browser.close();
  }

  /** Keeps a picture of what is on the screen. */
  async picture(name: string): Promise<void> {
    await mkdir(PICTURES, { recursive: true });
    await this.page.screenshot({ path: join(PICTURES, `${name}.png`) });
  }

  private at(testId: string): Locator {
    return this.page.getByTestId(testId);
  }

  /** Begins a workflow, finds a node in the panel and chooses one of the things that it offers; opens it. */
  async add(node: string, section: 'Actions' | 'Triggers', offer: string): Promise<void> {
    await this.page.goto(`${this.url}/workflow/new`);
    await this.at('canvas-plus-button').click();
    await this.at('node-creator-search-bar').fill(node);
    await this.at('node-creator-item-name').getByText(node, { exact: true }).click();
    await this.picture(`panel-${section}`);
    const chosen = this.at('node-creator-item-name').getByText(offer, { exact: true });
    await this.at('node-creator-category-item').filter({ hasText: section }).waitFor();
    if (!(await chosen.isVisible())) {
      await this.at('node-creator-category-item').filter({ hasText: section }).click();
    }
    await chosen.click();
    await this.at('node-parameters').waitFor();
  }

  /** Loads the editor anew, with an empty workflow: what it knows of credentials is what n8n has now. */
  async reload(): Promise<void> {
    await this.page.goto(`${this.url}/workflow/new`);
    await this.at('canvas-plus-button').waitFor();
  }

  /**
   * Imports a workflow from a file into an empty one. The editor is not loaded anew, which takes the most time.
   * @returns its id, once n8n has stored it
   */
  async import(file: string): Promise<string> {
    if (!(await this.at('canvas-plus-button').isVisible())) {
      await this.at('universal-add').first().click();
      await this.at('navigation-menu-item').getByText('New workflow').click();
      await this.at('canvas-plus-button').waitFor();
    }
    const storing = this.page.waitForResponse(
      (answer) => answer.request().method() !== 'GET' && /\/rest\/workflows/.test(answer.url()),
    );
    await this.at('workflow-import-input').setInputFiles(file);
    const stored = await storing;
    const { data } = (await stored.json()) as { data: { id: string } };
    await this.at('zoom-to-fit').click();
    return data.id;
  }

  /** The names of the nodes on the canvas that are marked for an issue, once there are `count` of them. */
  async markedNodes(count: number): Promise<string[]> {
    const marked = this.at('canvas-node').filter({ has: this.at('node-issues') });
    await until(async () => (await marked.count()) === count, {
      what: `${count} marked nodes`,
      details: async () => `There are ${await marked.count()}`,
    });
    const nodes = await marked.all();
    const names = nodes.map(async (node) => (await node.getAttribute('data-node-name')) ?? '');
    return (await Promise.all(names)).sort();
  }

  /** Opens a node of the canvas. */
  async openNode(name: string): Promise<void> {
    await this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`).dblclick();
    await this.at('node-parameters').waitFor();
  }

  /** Closes the open node. */
  async closeNode(): Promise<void> {
    await this.at('ndv-close-button').click();
    await this.at('node-parameters').waitFor({ state: 'hidden' });
  }

  /** Presses *Execute workflow*, or the button of one trigger of several. */
  async executeWorkflow(trigger?: string): Promise<void> {
    if (trigger === undefined) return await this.at('execute-workflow-button').click();
    await this.page.locator(`[data-test-id="canvas-node"][data-node-name='${trigger}']`).hover();
    await this.at(`execute-workflow-button-${trigger}`).click();
  }

  /** Begins the first credential of this n8n, for the open node. */
  async beginCredential(): Promise<void> {
    await this.page.getByRole('button', { name: 'Connect to ImagineAnything' }).click();
    await this.at('credential-edit-dialog').waitFor();
  }

  /** Chooses a credential for the open node. */
  async chooseCredential(id: string): Promise<void> {
    await this.at('node-credentials-select').click();
    await this.at(`node-credentials-select-item-${id}`).click();
  }

  /**
   * Fills in fields of the open credential and saves it; n8n tests it.
   * @returns undefined when it was accepted, else what the dialog says
   */
  async saveCredential(fields: Readonly<Record<string, string>>): Promise<string | undefined> {
    for (const [name, value] of Object.entries(fields)) await this.fill(name, value);
    await this.at('credential-save-button').click();
    const dialog = this.at('credential-edit-dialog');
    const details = dialog.getByText('More details');
    // The dialog closes by itself when the test succeeded.
    await Promise.race([details.waitFor(), dialog.waitFor({ state: 'hidden' })]);
    if (await dialog.isHidden()) return undefined;
    await details.click();
    return await dialog.innerText();
  }

  /** Writes into a field of the open node. */
  async fill(field: string, value: string): Promise<void> {
    await this.at(`parameter-input-${field}`).locator('input, textarea').first().fill(value);
  }

  /** Chooses an option of a field of the open node. */
  async choose(field: string, option: string): Promise<void> {
    await this.at(`parameter-input-${field}`).locator('input').click();
    await this.page.getByRole('option', { name: option }).first().click();
  }

  /** Adds an option to the collection of the open node. */
  async addOption(option: string): Promise<void> {
    await this.page.getByPlaceholder('Add option').click();
    await this.page.getByRole('option', { name: option }).first().click();
  }

  /** Turns a switch of the open node or credential on. */
  async turnOn(field: string): Promise<void> {
    await this.at(`parameter-input-${field}`).locator('.el-switch').click();
  }

  /** Presses the button that executes the open node, or has it listen. */
  async execute(): Promise<void> {
    await this.at('node-execute-button').click();
  }

  /** Whether a text stands in a part of the screen now. */
  async shows(part: string, text: string): Promise<boolean> {
    return await this.at(part).getByText(text).first().isVisible();
  }

  /** Waits until a text stands in a part of the screen. */
  async waitFor(part: string, text: string): Promise<void> {
    await this.at(part).getByText(text).first().waitFor();
  }

  /** Waits until a text stands in a part of the screen no more. */
  async waitUntilGone(part: string, text: string): Promise<void> {
    await this.at(part).getByText(text).first().waitFor({ state: 'hidden' });
  }
}

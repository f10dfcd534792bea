// A story is a test that reads as a list of what people do. It gets a demo of its own and is told four times: on a phone
// and at a desk, with JavaScript and without.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { closeBrowser, open, signIn } from './lib.mjs';
import { accessibility, shape } from './rules.mjs';

after(closeBrowser);

/**
 * Tells a story. `tell` gets `person(who)`: a browser of their own, signed in as the demo's `seeker`, `member` or
 * `coordinator`, or nobody yet (`stranger`). With `real` it is told on a new instance for real use instead of a demo;
 * `tell` then also gets `setup`, the path by which the operator makes the first account, and `runs(...words)`, which
 * stops the instance, runs a command of the program on its data, and serves again. `host` is the name under which it is
 * reached: passkeys are there under `localhost`, not under a number.
 */
export function story(name, tell, { real = false, host = '127.0.0.1' } = {}) {
  for (const size of ['phone', 'desk']) {
    for (const script of [true, false]) {
      const variant = `${size}, ${script ? 'with' : 'without'} JavaScript`;
      test(`${name} (${variant})`, { timeout: 240_000 }, async () => {
        const demo = await start(real, host);
        const people = [];
        const person = async (who, lang = 'id') => {
          const visit = await open({ size, script, lang });
          const one = new Person(visit, demo.site, { lang, size, script });
          people.push({ who, one, visit });
          if (who !== 'stranger') await signIn(visit, who, demo.site);
          return one;
        };
        try {
          await tell({ person, setup: demo.setup, runs: demo.runs });
          for (const { who, visit } of people) assert.deepEqual(visit.reports, [], `the browser of the ${who}`);
        } catch (error) {
          await keepPictures(`${name} ${variant}`, people, error);
          throw error;
        } finally {
          for (const { visit } of people) await visit.close();
          await demo.stop();
        }
      });
    }
  }
}

/** What a person does and sees. Words are those on the screen; a pattern serves where they vary. */
class Person {
  #visit;
  #site;
  #variant;
  #taps = 0;

  constructor(visit, site, variant) {
    this.#visit = visit;
    this.#site = site;
    this.#variant = variant;
  }

  /** The page, for what the words below do not say. */
  get page() {
    return this.#visit.page;
  }

  /** Whether scripts run in this browser. */
  get script() {
    return this.#variant.script;
  }

  /** The screen: `phone` or `desk`. */
  get size() {
    return this.#variant.size;
  }

  /** Opens an address by hand, as from a bookmark or a mail. */
  async goes(path) {
    await this.#visit.go(path, this.#site);
  }

  /** Taps the first visible link, button, choice or unfolding that is called so; within `within` if given. */
  async taps(name, { within } = {}) {
    const around = within === undefined ? this.page : this.#part(within);
    const roles = ['button', 'link', 'radio', 'checkbox', 'tab'];
    const exact = typeof name === 'string';
    let target = around.locator('summary').filter({ hasText: name });
    for (const role of roles) target = target.or(around.getByRole(role, { name, exact }));
    await this.#tap(target.filter({ visible: true }).first());
  }

  /** Types into the field with this label. */
  async types(label, text) {
    await this.#field(label).fill(text);
  }

  /** Chooses in the list with this label, by the words shown. */
  async chooses(label, option) {
    await this.#field(label).selectOption({ label: option });
    this.#taps += 1;
  }

  /** Taps the same twice, as fast as a finger can: the second tap comes before the first is answered. */
  async tapsTwice(name) {
    const target = this.page.getByRole('button', { name, exact: true }).filter({ visible: true }).first();
    await target.dblclick();
    await this.page.waitForLoadState('load');
  }

  /** Goes back in the history of the browser. */
  async goesBack() {
    await this.page.goBack({ waitUntil: 'load' });
  }

  /** Loads the page again until these words stand on it; fails after `seconds`. */
  async waitsFor(words, { seconds }) {
    const until = Date.now() + 1000 * seconds;
    const found = this.page.getByText(words).filter({ visible: true }).first();
    while (await found.count() === 0) {
      assert.ok(Date.now() < until, `does not see ${words} on ${this.page.url()} within ${seconds} s`);
      await this.page.waitForTimeout(500);
      await this.page.reload({ waitUntil: 'load' });
    }
  }

  /** What stands in the field with this label. */
  async findsTyped(label, text) {
    assert.equal(await this.#field(label).inputValue(), text);
  }

  /** The page as it stands keeps the rules of every page: pages that no link leads to, such as a refused form. */
  async findsThePageInOrder() {
    const faults = await shape(this.#visit, this.#variant);
    if (this.#variant.script) faults.push(...await accessibility(this.#visit));
    assert.deepEqual(faults, [], this.page.url());
  }

  /** Puts a file into the field with this label: `{ name, mimeType, buffer }`. */
  async attaches(label, file) {
    await this.page.getByLabel(label).setInputFiles(file);
  }

  /** Waits until these words stand on the page. */
  async sees(words) {
    const found = this.page.getByText(words).filter({ visible: true }).first();
    await found.waitFor({ timeout: 10_000 }).catch(() => {
      throw new Error(`does not see ${words} on ${this.page.url()}`);
    });
  }

  /** Makes sure that these words do not stand on the page. */
  async doesNotSee(words) {
    const count = await this.page.getByText(words).filter({ visible: true }).count();
    assert.equal(count, 0, `sees ${words} on ${this.page.url()}`);
  }

  /** Counts the taps of `doing`; typing is free. */
  async inAtMostTaps(most, doing) {
    const before = this.#taps;
    await doing();
    const taps = this.#taps - before;
    assert.ok(taps <= most, `took ${taps} taps, ${most} at most`);
  }

  /** The first field with this label that is seen; pictures have labels too. */
  #field(label) {
    return this.page.getByLabel(label).and(this.page.locator('input, textarea, select')).filter({ visible: true }).first();
  }

  /** The smallest card, row, ticket or step that says `words`. */
  #part(words) {
    return this.page.locator('.card, .row, .ticket, .steps > li, tr, fieldset, form').filter({ hasText: words }).last();
  }

  async #tap(target) {
    await target.click().catch((error) => {
      throw new Error(`cannot tap on ${this.page.url()}: ${error.message}`);
    });
    this.#taps += 1;
    await this.page.waitForLoadState('load');
  }
}

/** A demo of this story's own, on a copy of the community that the test run has made; or an empty real instance. */
export async function start(real, host) {
  const folder = mkdtempSync(join(tmpdir(), 'mapalus-story-'));
  const data = join(folder, 'data');
  const community = process.env.MAPALUS_COMMUNITY;
  if (!real && community && existsSync(community)) cpSync(community, data, { recursive: true });
  const listen = `${host}:${await freePort()}`;
  const site = `http://${listen}`;
  const words = real
    ? ['serve', '--data', data, '--listen', listen, '--public-url', site]
    : ['demo', '--data', data, '--listen', listen];
  const settings = Object.entries(process.env).filter(([name]) => !name.startsWith('MAPALUS_'));
  const options = { env: Object.fromEntries(settings), cwd: folder };
  const gone = () => rmSync(folder, { recursive: true, force: true });
  let program = await run(words, options, real).catch((error) => {
    gone();
    throw error;
  });
  return {
    site,
    setup: program.said.match(/\/setup\/\S+/)?.[0],
    runs: async (...asked) => {
      await program.end();
      const done = await promisify(execFile)(process.env.MAPALUS_PROGRAM, [...asked, '--data', data], options);
      program = await run(words, options);
      return done.stdout;
    },
    stop: async () => {
      await program.end();
      gone();
    },
  };
}

/** Runs the program until it listens and, if it is `fresh`, has told how the first account is made. */
async function run(words, options, fresh = false) {
  const child = spawn(process.env.MAPALUS_PROGRAM, words, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const end = async () => {
    child.kill('SIGTERM');
    await ended;
    process.off('exit', kill);
  };
  let said = '';
  const listening = new Promise((resolve) => {
    const hear = (chunk) => {
      said += chunk;
      if (/listening on http:.*\n/.test(said) && (!fresh || /\/setup\/.*\n/.test(said))) resolve(true);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
  });
  const late = AbortSignal.timeout(60_000);
  const tooLate = new Promise((resolve) => late.addEventListener('abort', () => resolve(false), { once: true }));
  if (await Promise.race([listening, ended.then(() => false), tooLate]) !== true) {
    await end();
    throw new Error(`the program did not start:\n${said.slice(-2000)}`);
  }
  return { said, end };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** What each person saw when the story broke, beside the tests. */
async function keepPictures(name, people, error) {
  const folder = new URL('out/', import.meta.url).pathname;
  mkdirSync(folder, { recursive: true });
  const file = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  for (const { who, visit } of people) {
    const path = join(folder, `${file}-${who}.png`);
    const words = await visit.page.locator('body').innerText({ timeout: 1000 }).catch(() => '');
    await visit.page.screenshot({ path, fullPage: true }).catch(() => undefined);
    error.message += `\nthe ${who} was on ${visit.page.url()} (${path}):\n${words.slice(0, 1500)}`;
  }
}

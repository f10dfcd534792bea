// Every page that a link leads to, as each kind of visitor, in both languages, on a phone and at a desk, with JavaScript
// and without: it answers, fits, stays within its budgets, breaks no rule of content security and none of accessibility.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, goIn, open, site, stateOf } from './lib.mjs';
import { accessibility, shape, steadiness, weight } from './rules.mjs';
import { start } from './story.mjs';

/**
 * Where each visitor starts; links lead on from there, for Johan as far as `within`: he runs the group that members vouch
 * for, and sees the rest as the coordinator does.
 */
const visitors = {
  stranger: { starts: ['/', '/groups', '/sign-up', '/sign-in', '/about', '/privacy', '/demo'] },
  seeker: { starts: ['/', '/groups', '/me', '/applications', '/notices'] },
  member: { starts: ['/', '/groups', '/me', '/applications', '/notices'] },
  coordinator: { starts: ['/', '/desk', '/me', '/notices'] },
  johan: {
    starts: ['/vouches', '/groups/dokter-dan-perawat-manado/applications'],
    within: /^\/(vouches|groups\/dokter-dan-perawat-manado)/,
  },
};

/** So many addresses of one shape are looked at: groups of both kinds, applications in more than one state. */
const examples = 2;

after(closeBrowser);

test('every page keeps the rules', { concurrency: 2, timeout: 900_000 }, async (t) => {
  await Promise.all(Object.entries(visitors).map(([who, { starts, within }]) => t.test(`as a ${who}`, async (t) => {
    await judge(t, who, { starts, within, state: await stateOf(who) });
  })));
});

test('every page of an instance for real use keeps the rules', { timeout: 600_000 }, async (t) => {
  const instance = await start(true, '127.0.0.1');
  try {
    const visit = await open({ size: 'desk', script: false, home: instance.site });
    await visit.go(instance.setup);
    await visit.page.getByLabel('Nama lengkap').fill('Maria Lontoh');
    await visit.page.getByLabel('Alamat email').fill('maria@contoh.id');
    await visit.page.getByLabel('Kata sandi').fill('kopi pagi di teras');
    await visit.page.getByLabel(/Saya setuju data saya diolah/).check();
    await visit.page.getByRole('button', { name: 'Buat akun pengelola' }).click();
    await visit.page.getByText('Akun pengelola siap.').waitFor();
    const state = await visit.context.storageState();
    await visit.close();
    await instance.runs('seed', 'starters');
    const starts = ['/', '/admin', '/drafts', '/groups', '/groups/new', '/mailbox', '/me'];
    await judge(t, 'operator', { starts, state, home: instance.site });
  } finally {
    await instance.stop();
  }
});

/** Looks at every page that links lead one visitor to. */
async function judge(t, who, { starts, within, state, home = site }) {
  const paths = await walk(who, { starts, within, state, home });
  const visits = new Map();
  for (const path of paths) {
    await t.test(`${path} as a ${who}`, async () => {
      const faults = await faultsOf(path, { visits, state, home, isPublic: who === 'stranger' });
      if (faults.length > 0) throw new Error(`\n${faults.join('\n')}`);
    });
  }
  for (const visit of visits.values()) await visit.close();
}

/** One address with its ids and names left out: pages of one shape share it. */
function shapeOf(path) {
  return path
    .split('/')
    .map((part, place, parts) => {
      const named = parts[1] === 'groups' && place === 2 && part !== 'new';
      return named || /[0-9a-f]{8}-|\d{3}/.test(part) ? ':' : part;
    })
    .join('/');
}

/** Follows links from the visitor's starts and gives the addresses to look at; a link that leads nowhere fails. */
async function walk(who, { starts, within, state, home }) {
  const visit = await open({ size: 'desk', script: false, state, home });
  const seen = new Map();
  const queue = starts.map((path) => ({ path, from: 'the list of starts' }));
  const found = [];
  while (queue.length > 0) {
    const { path, from } = queue.shift();
    const shape = shapeOf(path);
    const known = seen.get(shape) ?? new Set();
    if (known.has(path) || known.size >= examples) continue;
    seen.set(shape, known.add(path));
    const answer = await visit.context.request.get(new URL(path, home).href);
    assert.equal(answer.status(), 200, `${path}, which ${from} leads a ${who} to, answers ${answer.status()}`);
    if (!answer.headers()['content-type']?.startsWith('text/html')) continue;
    await visit.go(path);
    const landed = new URL(visit.page.url()).pathname;
    if (landed === path) found.push(path);
    else queue.push({ path: landed, from: path });
    // A mail shown in the mailbox is another person's: its links are theirs.
    if (landed.startsWith('/mailbox/')) continue;
    const links = await visit.page.locator('a[href]').evaluateAll((all) => all.map((link) => link.href));
    for (const link of links.map((href) => new URL(href))) {
      const near = within === undefined || within.test(link.pathname);
      if (link.origin === home && near) queue.push({ path: link.pathname, from: path });
    }
  }
  await visit.close();
  return found;
}

/**
 * How each page is looked at; by language, since switching it is a request of its own. Without JavaScript, and for
 * accessibility, it is looked at on a phone in one language and at a desk in the other: every page that can be drawn is
 * judged on a phone in both (samples.test.mjs).
 */
const variants = [
  { lang: 'id', size: 'phone', script: true },
  { lang: 'id', size: 'desk', script: true, judged: true },
  { lang: 'id', size: 'desk', script: false },
  { lang: 'en', size: 'phone', script: true, judged: true },
  { lang: 'en', size: 'phone', script: false },
  { lang: 'en', size: 'desk', script: true },
];
variants.unshift({ lang: 'id', size: 'phone', script: true, dark: true });

/** All that is wrong with one page, each fault with the variant that shows it. `visits` keeps a browser per variant. */
async function faultsOf(path, { visits, state, home, isPublic }) {
  const faults = new Map();
  const keep = (found, name) => found.forEach((fault) => faults.set(fault, [...faults.get(fault) ?? [], name]));
  for (const variant of variants) {
    const { lang, size, script, dark } = variant;
    const name = [lang, size, ...(dark ? ['dark'] : []), ...(script ? [] : ['no JavaScript'])].join(' ');
    if (!visits.has(name)) visits.set(name, await open({ ...variant, state, home }));
    keep(await look(visits.get(name), path, variant), name);
  }
  if (isPublic) {
    const visit = await open({ size: 'phone' });
    await visit.go(path);
    keep(await weight(visit, path), 'first view');
    await visit.close();
  }
  return [...faults].map(([fault, names]) => `${path} ${fault} [${[...new Set(names)].join(', ')}]`);
}

async function look(visit, path, { lang, size, script, dark, judged }) {
  visit.reports.length = 0;
  const response = await goIn(visit, lang, path);
  if (response.status() !== 200) return [`answers ${response.status()}`];
  const faults = [];
  if (dark) {
    faults.push(...await accessibility(visit, { only: ['color-contrast'] }));
  } else {
    if (script) faults.push(...await steadiness(visit));
    if (judged) faults.push(...await accessibility(visit));
    faults.push(...await shape(visit, { lang, size }));
  }
  return [...faults, ...visit.reports];
}

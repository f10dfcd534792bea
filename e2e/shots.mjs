// Screenshots of each screen for the guide: phone and desk, both languages, into docs/guide/images as
// SCREEN-LANGUAGE-SIZE.jpg. Started by `cargo xtask shots`; screens named as arguments are taken alone.
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeBrowser, goIn, open, site, sizes, stateOf } from './lib.mjs';

/** The group that the guide walks through: it takes applications and some wait. */
const group = '/groups/relawan-siaga-bencana-manado-dan-minahasa';

/**
 * Each screen: its name, who looks, where; `link` goes on from there by the first link whose address fits; `first` is
 * what the person does once before, in their own browser.
 */
const screens = [
  { name: 'start', who: 'stranger', at: '/' },
  { name: 'discover', who: 'stranger', at: '/groups' },
  { name: 'group', who: 'stranger', at: group },
  { name: 'sign-up', who: 'stranger', at: '/sign-up' },
  { name: 'join', who: 'seeker', at: `${group}/join` },
  { name: 'form', who: 'seeker', first: begins, at: '/applications', link: /^\/applications\/[^/]+$/ },
  { name: 'application', who: 'seeker', first: fills, at: '/applications', link: /^\/applications\/[^/]+$/ },
  { name: 'desk', who: 'coordinator', at: '/desk' },
  { name: 'board', who: 'coordinator', at: `${group}/applications` },
  { name: 'review', who: 'coordinator', at: `${group}/applications`, link: /^\/applications\/[^/]+$/ },
  { name: 'notices', who: 'coordinator', at: '/notices' },
  { name: 'members', who: 'member', at: `${group}/members` },
  { name: 'member', who: 'coordinator', at: `${group}/members`, link: /\/members\/[^/]+$/ },
  { name: 'roles', who: 'coordinator', at: `${group}/roles` },
  { name: 'settings', who: 'coordinator', at: `${group}/settings` },
  { name: 'path', who: 'coordinator', at: `${group}/path` },
  { name: 'question', who: 'coordinator', at: `${group}/path/1/2` },
  { name: 'tokens', who: 'member', at: '/me/tokens' },
  { name: 'mail', who: 'member', at: '/me/notices' },
  { name: 'templates', who: 'coordinator', at: '/groups/new' },
  { name: 'open-group', who: 'coordinator', at: '/groups/new/orphanage' },
];

/** A picture shows this much of a long page: readers of the guide want the screen, not the scroll. */
const mostHeight = { phone: 1100, desk: 900 };
const quality = 55;

const folder = new URL('../docs/guide/images/', import.meta.url).pathname;
const named = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
if (named.length === 0) for (const old of readdirSync(folder)) if (old.endsWith('.jpg')) rmSync(join(folder, old));

const states = {};
let total = 0;
for (const screen of screens) {
  states[screen.who] ??= { cookies: await stateOf(screen.who) };
  const state = states[screen.who].cookies;
  if (screen.first) await doing(state, screen.first);
  if (named.length > 0 && !named.includes(screen.name)) continue;
  for (const lang of ['id', 'en']) {
    for (const size of Object.keys(sizes)) {
      const file = `${screen.name}-${lang}-${size}.jpg`;
      const bytes = await shoot({ ...screen, lang, size, state, path: join(folder, file) });
      total += bytes;
      console.log(`${file} ${Math.round(bytes / 1000)} KB`);
    }
  }
}
await closeBrowser();
console.log(`${Math.round(total / 1000)} KB in all, in ${folder}`);

/** Meylan begins her application, unless an earlier run has. */
async function begins(page) {
  await page.goto(`${site}${group}/join`);
  if (page.url().endsWith('/join')) await page.locator(`form[action="${group}/join"] button`).click();
}

/** She answers what is asked and sends it. */
async function fills(page) {
  await page.goto(`${site}${group}/join`);
  const form = page.locator('form[action$="/form"]');
  if (await form.count() === 0) return;
  await form.locator('[name="where"][value="field"]').check();
  await form.locator('[name="roles"][value="medical"]').check();
  await form.locator('[name="experience"]').fill('Perawat klinik sejak 2021. Pelatihan bantuan hidup dasar tahun 2024.');
  await form.locator('[name="equipment"][value="motorcycle"]').check();
  await form.locator('[name="calls"]').check();
  await form.locator('[name="do"][value="send"]').click();
  await page.waitForLoadState('load');
}

async function doing(state, what) {
  const visit = await open({ size: 'desk', state });
  await what(visit.page);
  await visit.close();
}

async function shoot({ at, link, lang, size, state, path }) {
  const visit = await open({ lang, size, state });
  await goIn(visit, lang, at);
  if (link) {
    const hrefs = await visit.page.locator('a[href]').evaluateAll((all) => all.map((one) => new URL(one.href).pathname));
    const found = hrefs.find((href) => link.test(href));
    if (!found) throw new Error(`${at} has no link to ${link}`);
    await goIn(visit, lang, found);
  }
  const height = await visit.page.evaluate(() => document.documentElement.scrollHeight);
  await visit.page.setViewportSize({ ...sizes[size], height: Math.min(Math.max(height, sizes[size].height), mostHeight[size]) });
  writeFileSync(path, await visit.page.screenshot({ type: 'jpeg', quality, animations: 'disabled' }));
  await visit.close();
  return statSync(path).size;
}

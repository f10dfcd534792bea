// The main job by the keyboard alone: whoever has no pointer finds a group and applies, and sees all the time where they
// are.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, open } from './lib.mjs';
import { start } from './story.mjs';

after(closeBrowser);

for (const script of [true, false]) {
  test(`by the keyboard alone (${script ? 'with' : 'without'} JavaScript)`, { timeout: 240_000 }, async () => {
    const demo = await start(false, '127.0.0.1');
    const visit = await open({ size: 'desk', script, home: demo.site });
    const { page } = visit;
    const press = (key) => page.keyboard.press(key);
    const presses = async (name) => {
      await reaches(page, name);
      await follows(page, () => press('Enter'));
    };
    const types = async (name, words) => {
      await reaches(page, name);
      await page.keyboard.type(words);
    };
    const ticks = async (name) => {
      await reaches(page, name);
      await press('Space');
    };
    // Of several choices of which one holds only the first is a stop; the arrows lead on.
    const chooses = async (first, name) => {
      await ticks(first);
      for (let n = 0; n < 10 && !name.test((await focus(page)).name); n += 1) await press('ArrowDown');
      assert.match((await focus(page)).name, name);
    };
    try {
      await visit.go('/demo');
      await presses(/^Masuk sebagai Meylan/);
      await visit.go('/groups');
      // The first stop leads past the menu.
      await press('Tab');
      assert.match(await focus(page).then((seen) => seen.name), /^Langsung ke isi/);
      await Promise.all([page.waitForURL(/#/), press('Enter')]);
      await types(/^Profesi, kepedulian, atau nama/, 'banjir');
      await follows(page, () => press('Enter'));
      await presses(/^Relawan Siaga Bencana Manado/);
      await presses(/^Bergabung$/);
      await presses(/^Mulai mendaftar$/);
      await types(/^Pelatihan atau pengalaman bencana Anda/, 'Bantuan hidup dasar, 2024.');
      await chooses(/^Di lapangan, termasuk medan berat$/, /^Di posko, dapur, atau pengungsian$/);
      await ticks(/^Medis$/);
      await ticks(/^Sepeda motor$/);
      await ticks(/bersedia dihubungi siang atau malam/);
      await presses(/^Kirim$/);
      await page.getByText('Langkah 2 dari 4: Baca dan setujui janji relawan').first().waitFor();
      await presses(/^Saya setuju$/);
      await page.getByText('Sekarang giliran pengurus').first().waitFor();
      assert.deepEqual(visit.reports, []);
    } finally {
      await visit.close();
      await demo.stop();
    }
  });
}

/** Goes on by Tab until what has this name has the focus; each stop on the way is seen. */
async function reaches(page, name) {
  const passed = [];
  while (passed.length < 150) {
    const seen = await focus(page);
    if (name.test(seen.name)) return;
    passed.push(seen.name);
    await page.keyboard.press('Tab');
    const next = await focus(page);
    if (next.name !== '') assert.ok(next.shown, `the focus on "${next.name}" is not seen on ${page.url()}: ${next.why}`);
  }
  throw new Error(`the keyboard does not reach ${name} on ${page.url()}: ${[...new Set(passed)].join(' | ')}`);
}

/** Does what leads to another page, and waits until that is there. */
async function follows(page, doing) {
  await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), doing()]);
}

/** What has the focus: what it is called, and whether one sees that it has it. */
function focus(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return { name: '', shown: true };
    const label = element.labels?.[0] ?? element;
    const name = (element.getAttribute('aria-label') ?? label.textContent).trim().replace(/\s+/g, ' ');
    // A card shows it around all of itself.
    const parts = [[element], [element, '::after'], [label], [element.parentElement]];
    const ring = parts.some(([part, piece]) => {
      const style = getComputedStyle(part, piece);
      return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none';
    });
    const box = element.getClientRects()[0] ?? element.getBoundingClientRect();
    const [x, y] = [box.left + Math.min(box.width, 40) / 2, box.top + box.height / 2];
    const inside = x >= 0 && y >= 0 && x <= innerWidth && y <= innerHeight;
    const above = document.elementFromPoint(x, y);
    const free = above !== null && (element.contains(above) || label.contains(above) || above.contains(element));
    const why = `${ring ? '' : 'no ring '}${inside ? '' : 'outside the screen '}${free ? '' : 'something is above it'}`;
    return { name, shown: ring && inside && free, why };
  });
}

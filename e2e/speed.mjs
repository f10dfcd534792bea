// How fast pages are on a phone over a slow line: started by `cargo xtask bench browser` on a demo of its own. Prints a
// line for each figure: name, measured, reference, target and whether it was met, with tabs between.
import { createServer } from 'node:net';
import { chromium } from 'playwright-core';
import { closeBrowser, open, site } from './lib.mjs';

const group = '/groups/relawan-siaga-bencana-manado-dan-minahasa';
const pages = ['/', '/groups', group, '/sign-up'];
const runs = 5;

/** Round trip in ms and bits a second: what Lighthouse takes for a phone, and the slowest line that we promise. */
const mobile = { latency: 150, bits: 1_638_400, slower: 4 };
const slow = { latency: 400, bits: 400_000, slower: 1 };

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const say = (name, measured, reference, target, met) => console.log([name, measured, reference, target, met].join('\t'));
const seconds = (millis) => `${(millis / 1000).toFixed(2)} s`;

async function over(line, doing) {
  const visit = await open({ size: 'phone' });
  const bytes = line.bits / 8;
  await visit.cdp.send('Network.emulateNetworkConditions', {
    offline: false, latency: line.latency, downloadThroughput: bytes, uploadThroughput: bytes,
  });
  await visit.cdp.send('Emulation.setCPUThrottlingRate', { rate: line.slower });
  const result = await doing(visit);
  await visit.close();
  return result;
}

/** Runs in the page: when something was there first, when the largest was, how long scripts blocked, how things jumped. */
function paints() {
  return new Promise((resolve) => {
    const seen = { first: 0, largest: 0, blocked: 0, jumped: 0 };
    const watch = (type, note) => new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
    watch('paint', (entry) => { if (entry.name === 'first-contentful-paint') seen.first = entry.startTime; });
    watch('largest-contentful-paint', (entry) => { seen.largest = entry.startTime; });
    watch('longtask', (entry) => { seen.blocked += Math.max(0, entry.duration - 50); });
    watch('layout-shift', (entry) => { if (!entry.hadRecentInput) seen.jumped += entry.value; });
    setTimeout(() => resolve(seen), 1500);
  });
}

async function views(line, path) {
  const all = [];
  for (let run = 0; run < runs; run += 1) {
    all.push(await over(line, async (visit) => {
      await visit.go(path);
      return visit.page.evaluate(paints);
    }));
  }
  return (part) => median(all.map((view) => view[part]));
}

for (const path of pages) {
  const [quick, far] = [await views(mobile, path), await views(slow, path)];
  const name = path === group ? '/groups/{group}' : path;
  say(`largest paint of ${name}`, seconds(quick('largest')), `${mobile.bits / 1000} kbit/s, ${mobile.latency} ms, processor a quarter`,
    '<= 2.00 s', quick('largest') <= 2000);
  say(`scripts block ${name}`, `${Math.round(quick('blocked'))} ms`, 'the same', '<= 100 ms', quick('blocked') <= 100);
  say(`layout shift of ${name}`, quick('jumped').toFixed(3), 'the same', '<= 0.05', quick('jumped') <= 0.05);
  say(`readable ${name}`, seconds(far('first')), '400 kbit/s, 400 ms', '<= 4.00 s', far('first') <= 4000);
}

const confirmed = [];
for (let run = 0; run < runs; run += 1) {
  confirmed.push(await over(slow, async ({ page, go }) => {
    await go('/sign-up');
    await page.getByLabel('Nama lengkap').fill('Budi Santoso');
    await page.getByLabel('Alamat email').fill(`budi${run}@contoh.id`);
    await page.getByLabel('Kata sandi').fill('kopi pagi di teras');
    await page.getByLabel(/18 tahun ke atas/).check();
    await page.getByLabel(/Saya setuju data saya diolah/).check();
    const since = performance.now();
    await page.getByRole('button', { name: 'Buat akun' }).click();
    await page.getByText('Periksa email Anda').first().waitFor();
    return performance.now() - since;
  }));
}
say('sign-up confirmed after the tap', seconds(median(confirmed)), '400 kbit/s, 400 ms', '<= 3.00 s', median(confirmed) <= 3000);
await closeBrowser();

if (process.env.MAPALUS_LIGHTHOUSE) {
  const { default: lighthouse } = await import(process.env.MAPALUS_LIGHTHOUSE);
  const port = await new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', `--remote-debugging-port=${port}`],
  });
  for (const path of pages) {
    const name = path === group ? '/groups/{group}' : path;
    const all = [];
    let wrong;
    for (let run = 0; run < runs && !wrong; run += 1) {
      const told = await lighthouse(new URL(path, site).href, { port, onlyCategories: ['performance', 'accessibility'], logLevel: 'silent' });
      wrong = told?.lhr ? told.lhr.runtimeError?.code : 'no answer';
      all.push(told?.lhr?.categories);
    }
    if (wrong) {
      say(`Lighthouse score of ${name}`, `not measured: ${wrong}`, 'mobile', '>= 95', '');
      continue;
    }
    const score = (part) => Math.round(100 * median(all.map((one) => one[part].score)));
    say(`Lighthouse score of ${name}`, String(score('performance')), 'mobile', '>= 95', score('performance') >= 95);
    say(`Lighthouse accessibility of ${name}`, String(score('accessibility')), 'mobile', '100', score('accessibility') === 100);
  }
  await browser.close();
} else {
  say('Lighthouse score', 'not measured: lighthouse could not be installed', '', '>= 95', '');
}

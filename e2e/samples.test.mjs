// Every page that the program can draw, as the tests have rendered it with samples: also those that no link of the demo
// leads to (mailed links, empty states, errors). In both languages: it fits at 360 and at 320 px, at 1280 px and there at
// 200 %, and breaks no rule of accessibility.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { closeBrowser, open, site, sizes } from './lib.mjs';
import { accessibility, shape } from './rules.mjs';

const rendered = process.env.MAPALUS_PAGES ?? new URL('../target/pages', import.meta.url).pathname;

after(closeBrowser);

test('every page that can be drawn keeps the rules', { concurrency: 2, timeout: 900_000 }, async (t) => {
  await Promise.all(['id', 'en'].map((lang) => t.test(lang, async (t) => {
    const files = readdirSync(join(rendered, lang)).filter((file) => file.endsWith('.html')).sort();
    assert.ok(files.length > 60, `${files.length} pages in ${rendered}/${lang}: the step \`tests\` writes them`);
    const visit = await open({ size: 'phone', lang });
    // Styles, font and icons are those of the demo; the page itself is the sample.
    const address = new URL('/sample', site).href;
    let html;
    await visit.page.route(address, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }));
    for (const file of files) {
      await t.test(`${lang}/${file}`, async () => {
        html = readFileSync(join(rendered, lang, file), 'utf8');
        await visit.go('/sample');
        const faults = [...await shape(visit, { lang, size: 'phone' }), ...await accessibility(visit)];
        await visit.page.setViewportSize(sizes.desk);
        faults.push(...await shape(visit, { lang, size: 'desk' }));
        await visit.page.setViewportSize(sizes.phone);
        if (faults.length > 0) throw new Error(`\n${faults.join('\n')}`);
      });
    }
    await visit.close();
  })));
});

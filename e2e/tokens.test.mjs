// A person lets a program act in their name, and ends it again.
import assert from 'node:assert/strict';
import { story } from './story.mjs';

story('a member makes a token for a program and ends it', async ({ person }) => {
  const fera = await person('member');
  await fera.goes('/me');
  await fera.taps('Setelan akun');
  await fera.taps('Lihat token saya');
  await fera.sees('Belum ada token.');
  await fera.taps('Buat token');
  await fera.sees('Mohon perbaiki ini');
  await fera.findsThePageInOrder();

  await fera.types('Nama', 'Rekap kelompok');
  await fera.taps(/^Membaca akun Anda/);
  await fera.taps('7 hari');
  // Whoever taps twice sees the secret all the same: it is that of the one token that was made.
  await fera.tapsTwice('Buat token');
  await fera.sees('Token Anda siap');
  await fera.findsThePageInOrder();
  const secret = (await fera.page.locator('pre.code').first().innerText()).trim();
  assert.match(secret, /^map_[0-9a-f]{56}$/);
  const site = new URL(fera.page.url()).origin;
  const asks = (path) => fetch(`${site}${path}`, { headers: { Authorization: `Bearer ${secret}` } });
  assert.equal((await (await asks('/api/v1/me')).json()).name, 'Fera Lumenta');
  assert.equal((await (await asks('/api/v1/notices')).json()).arguments.scope, 'notices:read');

  await fera.taps('Sudah saya salin');
  await fera.sees('Rekap kelompok');
  await fera.sees(/Terakhir dipakai/);
  assert.equal(await fera.page.locator('.list > .row').count(), 1);
  await fera.doesNotSee(/map_/);
  await fera.findsThePageInOrder();
  await fera.taps('Akhiri', { within: 'Rekap kelompok' });
  await fera.sees('Token itu sudah berakhir.');
  await fera.sees('Belum ada token.');
  const refused = await asks('/api/v1/me');
  assert.equal(refused.status, 401);
  assert.equal((await refused.json()).key, 'refusal-token-ended');
});

// A minor and their guardian: the account waits, the guardian consents, the minor joins a group with their consent.
import assert from 'node:assert/strict';
import { story } from './story.mjs';

const GROUP = '/groups/relawan-lingkungan-teluk-manado';

/** Opens the newest mail of that subject, and follows the link of its purpose. */
async function followsMail(person, subject, address, purpose) {
  const mail = new RegExp(`${subject.source}[^@]*${address}`);
  await person.goes('/mailbox');
  await person.waitsFor(mail, { seconds: 20 });
  await person.taps(subject, { within: mail });
  await person.taps(new RegExp(`/${purpose}/`));
}

/** Fills in the form for an account. */
async function signsUp(person, name, mail, age, more = async () => {}) {
  await person.types('Nama lengkap', name);
  await person.types('Alamat email', mail);
  await person.types('Kata sandi', 'kopi tiga gelas pagi');
  await person.taps(age);
  await more();
  await person.taps(/^Saya setuju data saya/);
  await person.taps('Buat akun');
}

story('a minor waits for a guardian, applies with their consent, and is accepted', async ({ person }) => {
  // Under 13 there is no account.
  const budi = await person('stranger');
  await budi.goes('/sign-up');
  await signsUp(budi, 'Budi', 'budi@contoh.id', /^Di bawah 13 tahun/);
  await budi.sees(/tidak menerima anak di bawah 13 tahun/);
  await budi.findsThePageInOrder();

  const tasya = await person('stranger');
  await tasya.goes('/sign-up');
  await signsUp(tasya, 'Tasya Pangemanan', 'tasya@contoh.id', /^13 sampai 17 tahun/, async () => {
    const years = tasya.page.getByLabel('Tahun lahir');
    const second = await years.locator('option').nth(5).getAttribute('value');
    await years.selectOption(second);
    await tasya.types('Email orang tua atau wali', 'ibu@contoh.id');
  });
  await followsMail(tasya, /Aktifkan akun Mapalus Anda/, 'tasya@contoh.id', 'confirm');
  await tasya.taps('Aktifkan akun saya');
  await tasya.sees('Menunggu orang tua atau wali');
  await tasya.sees(/ibu@contoh.id/);
  await tasya.findsThePageInOrder();
  await tasya.goes(`${GROUP}/join`);
  await tasya.sees('Menunggu orang tua atau wali');

  // The guardian has no account yet: the link leads to one, and back.
  const ibu = await person('stranger');
  await followsMail(ibu, /Seorang anak meminta persetujuan/, 'ibu@contoh.id', 'guardian');
  await ibu.sees('Tasya Pangemanan');
  await ibu.findsThePageInOrder();
  await ibu.page.locator('main a[href^="/sign-up"]').click();
  await signsUp(ibu, 'Ibu Pangemanan', 'ibu@contoh.id', /^18 tahun ke atas/);
  await followsMail(ibu, /Aktifkan akun Mapalus Anda/, 'ibu@contoh.id', 'confirm');
  await ibu.taps('Aktifkan akun saya');
  await ibu.sees('Persetujuan Anda');
  await ibu.findsThePageInOrder();
  await ibu.taps(/^Saya berusia 18 tahun/);
  await ibu.taps(/^Saya setuju data anak ini/);
  await ibu.taps('Setuju');
  await ibu.sees('Terima kasih. Akun anak itu sekarang terbuka.');
  await ibu.findsThePageInOrder();

  // A group for adults, and one that takes people of 16 and 17.
  await tasya.goes('/groups/relawan-siaga-bencana-manado-dan-minahasa');
  await tasya.sees('Kelompok ini menerima orang berusia 18 tahun ke atas.');
  await tasya.goes(GROUP);
  await tasya.sees('Mulai usia 16');
  await tasya.findsThePageInOrder();
});

story('a guardian agrees before an application is sent, and no adult connects with a minor', async ({ person }) => {
  const gita = await person('gita');
  await gita.goes(`${GROUP}/join`);
  await gita.taps('Mulai mendaftar');
  const form = gita.page.locator('form[action$="/form"]');
  for (const area of await form.locator('textarea').all()) await area.fill('Saya ingin membantu.');
  for (const field of await form.locator('input[type=text]').all()) await field.fill('Manado');
  for (const number of await form.locator('input[inputmode=numeric]').all()) await number.fill('3');
  for (const date of await form.locator('input[type=date]').all()) await date.fill('2009-05-17');
  const groups = await form.locator('fieldset').all();
  for (const group of groups) await group.locator('input').first().check();
  for (const box of await form.locator('.field > label.option > input[type=checkbox]').all()) await box.check();
  await gita.taps('Kirim');
  await gita.sees(/menunggu persetujuan orang tua atau wali/);
  await gita.findsThePageInOrder();

  const johan = await person('johan');
  await johan.goes('/me');
  await johan.taps('Anak yang saya wakili');
  await johan.sees('Menunggu jawaban Anda');
  await johan.sees('Gita Wenas');
  await johan.findsThePageInOrder();
  await johan.taps('Setuju');
  await johan.sees('Terima kasih. Pendaftaran itu berjalan.');

  await gita.goes('/applications');
  await gita.taps(/Relawan Lingkungan Teluk Manado/);
  await gita.sees('Terkirim');

  // Nobody outside of the group finds her; the guardian does.
  const link = await johan.page.evaluate(() => document.querySelector('form[action*="/wards/"]').action);
  const id = link.match(/\/wards\/([^/]+)\//)[1];
  await johan.goes(`/people/${id}`);
  await johan.sees('Gita Wenas');
  const meylan = await person('seeker');
  await meylan.goes(`/people/${id}`);
  await meylan.sees('Tidak ditemukan');
  const site = new URL(meylan.page.url()).origin;
  const asked = await meylan.page.context().request.fetch(`${site}/api/v1/people/${id}/connection`, {
    method: 'POST', data: {}, headers: { Origin: site },
  });
  assert.equal(asked.status(), 404);

  // Whoever sees the group reports a concern; the one appointed is not the coordinator.
  await gita.goes(GROUP);
  await gita.taps('Laporkan kekhawatiran');
  await gita.findsThePageInOrder();
  await gita.types('Apa yang terjadi', 'Seorang relawan mengajak saya pulang sendirian.');
  await gita.taps('Kirim laporan');
  await gita.sees(/Hanya penanggung jawab perlindungan yang membacanya/);
});

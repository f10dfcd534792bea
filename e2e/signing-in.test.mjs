// Signing in: by a mailed code alone, by an app as second step, by a recovery code when the telephone is lost.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { story } from './story.mjs';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** What an authenticator app shows (RFC 6238), so many intervals of 30 seconds from now. */
function shows(secret, later = 0) {
  const bits = [...secret.replaceAll(/\s/g, '')].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0'));
  const bytes = Buffer.from(bits.join('').match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const tag = createHmac('sha1', bytes).update(step).digest();
  const number = tag.readUInt32BE(tag[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** Makes an account and comes in by the mailed link. */
async function signsUp(person, name, address) {
  const one = await person('stranger');
  await one.goes('/sign-up');
  await one.types('Nama lengkap', name);
  await one.types('Alamat email', address);
  await one.types('Kata sandi', 'kopi pagi di teras');
  await one.taps(/18 tahun ke atas/);
  await one.taps(/Saya setuju data saya diolah/);
  await one.taps('Buat akun');
  await one.taps('Buka kotak surat');
  await one.waitsFor('Aktifkan akun Mapalus Anda', { seconds: 20 });
  await one.taps('Aktifkan akun Mapalus Anda');
  await one.taps(/\/confirm\//);
  await one.taps('Aktifkan akun saya');
  await one.sees('Akun Anda aktif. Selamat datang!');
  return one;
}

async function signsIn(one, address) {
  await one.goes('/sign-in?next=/me');
  await one.types('Alamat email', address);
  await one.types('Kata sandi', 'kopi pagi di teras');
  await one.taps('Masuk', { within: 'Kata sandi' });
}

story('a second step is set up, asked for, and stood in for by a recovery code', async ({ person }) => {
  const budi = await signsUp(person, 'Budi Santoso', 'budi@contoh.id');
  await budi.goes('/me');
  await budi.taps('Setelan akun');
  await budi.taps('Atur langkah kedua');
  await budi.findsThePageInOrder();
  await budi.taps('Siapkan aplikasi');
  await budi.sees('1. Tambahkan ke aplikasi');
  await budi.findsThePageInOrder();
  const secret = await budi.page.locator('pre.code').first().innerText();
  await budi.types('Kode', '000000');
  await budi.taps('Siapkan aplikasi');
  await budi.sees(/Kode itu tidak cocok/);
  await budi.findsThePageInOrder();
  assert.equal(await budi.page.locator('pre.code').first().innerText(), secret, 'the app has it already');
  await budi.types('Kode', shows(secret));
  await budi.taps('Siapkan aplikasi');
  await budi.sees('Kode cadangan Anda');
  await budi.findsThePageInOrder();
  const codes = (await budi.page.locator('pre.code').first().innerText()).trim().split('\n');
  assert.equal(codes.length, 10);
  await budi.taps('Sudah saya catat');
  await budi.sees('Tersisa 10 kode cadangan.');

  await budi.goes('/me');
  await budi.taps('Keluar');
  await signsIn(budi, 'budi@contoh.id');
  await budi.sees(/kode dari aplikasi autentikator/);
  await budi.types('Kode', '000000');
  await budi.taps('Lanjutkan');
  await budi.sees('Kode itu tidak cocok, atau sudah dipakai.');
  await budi.findsThePageInOrder();
  // The one after that of the set-up, which is taken already.
  await budi.types('Kode', shows(secret, 1));
  await budi.taps('Lanjutkan');
  await budi.sees('Akun saya');
  await budi.sees('perangkat ini');

  await budi.taps('Keluar');
  await signsIn(budi, 'budi@contoh.id');
  await budi.types('Kode', codes[3].toUpperCase());
  await budi.taps('Lanjutkan');
  await budi.sees('Akun saya');
  await budi.goes('/me/factors');
  await budi.sees('Tersisa 9 kode cadangan.');
  await budi.taps('Hapus langkah kedua');
  await budi.sees(/Langkah kedua dihapus/);
  await budi.goes('/me');
  await budi.taps('Keluar');
  await signsIn(budi, 'budi@contoh.id');
  await budi.sees('Akun saya');
});

story('somebody signs in by a mailed code, without the password', async ({ person }) => {
  const ani = await signsUp(person, 'Ani Lasut', 'ani@contoh.id');
  await ani.goes('/me');
  await ani.taps('Keluar');
  await ani.goes('/sign-in?next=/me');
  await ani.taps('Masuk dengan kode lewat email');
  await ani.findsThePageInOrder();
  await ani.types('Alamat email', 'ani@contoh.id');
  await ani.taps('Kirim kode');
  await ani.sees(/kode delapan angka/);
  await ani.findsThePageInOrder();
  await ani.types('Kode', '00000000');
  await ani.taps('Lanjutkan');
  await ani.sees('Kode itu tidak cocok, atau sudah dipakai.');
  const place = ani.page.url();
  await ani.goes('/mailbox');
  const mail = /Kode masuk Anda\s*ani@contoh.id/;
  await ani.waitsFor(mail, { seconds: 20 });
  await ani.taps('Kode masuk Anda', { within: mail });
  const letter = await ani.page.locator('main').innerText();
  await ani.goes(new URL(place).pathname);
  await ani.types('Kode', letter.match(/Kode Anda: (\d{8})/)[1]);
  await ani.taps('Lanjutkan');
  await ani.goes('/me');
  await ani.sees('Ani Lasut');
});

story('the operator of a new instance is told by when a second step is needed', async ({ person, setup }) => {
  const maria = await person('stranger');
  await maria.goes(setup);
  await maria.types('Nama lengkap', 'Maria Rumengan');
  await maria.types('Alamat email', 'maria@contoh.id');
  await maria.types('Kata sandi', 'kopi pagi di teras');
  await maria.taps(/Saya setuju data saya diolah/);
  await maria.taps('Buat akun pengelola');
  await maria.sees('Siapkan langkah kedua.');
  await maria.findsThePageInOrder();
  await maria.taps('Siapkan sekarang');
  await maria.taps('Siapkan aplikasi');
  const secret = await maria.page.locator('pre.code').first().innerText();
  await maria.types('Kode', shows(secret));
  await maria.taps('Siapkan aplikasi');
  await maria.sees('Kode cadangan Anda');
  await maria.goes('/admin');
  await maria.doesNotSee('Siapkan langkah kedua.');
}, { real: true });

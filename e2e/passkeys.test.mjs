// Passkeys: an account by one, signing in with it, as second step of a coordinator; without JavaScript the mailed code.
// The authenticator is Chromium's own virtual one.
import assert from 'node:assert/strict';
import { story } from './story.mjs';

const address = 'suharti@contoh.id';

/** Gives a browser a device that holds passkeys and knows its owner. */
async function withDevice(one) {
  const cdp = await one.page.context().newCDPSession(one.page);
  await cdp.send('WebAuthn.enable');
  const options = {
    protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
    automaticPresenceSimulation: true,
  };
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', { options });
  return {
    keys: async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    recognizes: (isUserVerified) => cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
    empty: () => cdp.send('WebAuthn.clearCredentials', { authenticatorId }),
  };
}

async function fillsIn(one, password) {
  await one.goes('/sign-up');
  await one.types('Nama lengkap', 'Suharti');
  await one.types('Alamat email', address);
  if (password) await one.types('Kata sandi', password);
  await one.taps(/18 tahun ke atas/);
  await one.taps(/Saya setuju data saya diolah/);
}

async function confirms(one) {
  await one.taps('Buka kotak surat');
  await one.waitsFor('Aktifkan akun Mapalus Anda', { seconds: 20 });
  await one.taps('Aktifkan akun Mapalus Anda');
  await one.taps(/\/confirm\//);
  await one.taps('Aktifkan akun saya');
  await one.sees('Akun Anda aktif. Selamat datang!');
}

async function signsOut(one) {
  await one.goes('/me');
  await one.taps('Keluar');
}

/** Comes in by a mailed code: the way without any script. */
async function comesByCode(one) {
  await one.goes('/sign-in?next=/me');
  await one.taps('Masuk dengan kode lewat email');
  await one.types('Alamat email', address);
  await one.taps('Kirim kode');
  await one.sees(/kode delapan angka/);
  const place = new URL(one.page.url());
  await one.goes('/mailbox');
  const mail = /Kode masuk Anda\s*suharti@contoh.id/;
  await one.waitsFor(mail, { seconds: 20 });
  await one.taps('Kode masuk Anda', { within: mail });
  const letter = await one.page.locator('main').innerText();
  await one.goes(place.pathname + place.search);
  await one.types('Kode', letter.match(/Kode Anda: (\d{8})/)[1]);
  await one.taps('Lanjutkan');
  await one.sees('Akun saya');
}

/** Taps what asks the device, and waits for the page that follows. */
async function asksTheDevice(one, button, then) {
  await one.taps(button);
  await one.sees(then);
}

story('somebody signs up and in with a passkey, and without JavaScript by a mailed code', async ({ person }) => {
  const one = await person('stranger');
  if (!one.script) {
    await fillsIn(one, 'kopi pagi di teras');
    await one.doesNotSee('Daftar dengan kunci sandi');
    await one.taps('Buat akun');
    await confirms(one);
    await one.goes('/me/factors');
    await one.sees(/Kunci sandi memerlukan JavaScript/);
    await one.findsThePageInOrder();
    await signsOut(one);
    await one.goes('/sign-in');
    await one.doesNotSee('Masuk dengan kunci sandi');
    await comesByCode(one);
    return;
  }
  const device = await withDevice(one);
  await fillsIn(one);
  await one.findsThePageInOrder();
  await one.taps('Daftar dengan kunci sandi');
  await one.sees('Perangkat Anda akan meminta sidik jari');
  await one.findsThePageInOrder();
  // A device that does not know its owner makes none; one can try again.
  await device.recognizes(false);
  await one.taps('Buat kunci sandi');
  await one.sees(/Kunci sandi tidak dipakai/);
  await one.findsThePageInOrder();
  await device.recognizes(true);
  await asksTheDevice(one, 'Buat kunci sandi', 'Periksa email Anda');
  const [key] = await device.keys();
  assert.equal(key.rpId, 'localhost');
  assert.ok(key.isResidentCredential, 'it is found without an address');
  await confirms(one);
  await signsOut(one);

  // Nothing is typed: the device knows who it is.
  await one.goes('/sign-in?next=/me');
  if (new URL(one.page.url()).pathname === '/sign-in') {
    const button = one.page.getByRole('button', { name: 'Masuk dengan kunci sandi' });
    // A browser may offer and take it by itself, in the list of the field.
    await Promise.race([button.click().catch(() => undefined), one.page.waitForURL('**/me')]);
  }
  await one.sees('Akun saya');
  await one.goes('/me/factors');
  await one.sees('Chrome, Linux');
  await one.findsThePageInOrder();
  await one.taps('Atur');
  await one.findsThePageInOrder();
  await one.types('Nama kunci sandi', 'Ponsel saya');
  await one.taps('Simpan nama');
  await one.sees('Nama kunci sandi disimpan.');
  await one.sees('Ponsel saya');

  // Where the passkey was lost, the mailed code opens the account.
  await signsOut(one);
  await device.empty();
  await comesByCode(one);
}, { host: 'localhost' });

story('a coordinator shows a passkey after the password', async ({ person }) => {
  const one = await person('stranger');
  if (!one.script) return;
  const device = await withDevice(one);
  await fillsIn(one, 'kopi pagi di teras');
  await one.taps('Buat akun');
  await confirms(one);
  await one.goes('/me/factors');
  await one.types('Nama kunci sandi', 'Ponsel saya');
  await asksTheDevice(one, 'Tambah kunci sandi', 'Kunci sandi ditambahkan.');
  await one.sees('Ponsel saya');
  await one.taps('Buat kode baru');
  await one.sees('Kode cadangan Anda');
  const code = (await one.page.locator('pre.code').first().innerText()).trim().split('\n')[0];

  await one.goes('/groups/new/teachers');
  await one.page.locator('#f-name').fill('Guru Tondano Bersatu');
  await one.page.locator('#f-summary').fill('Guru Tondano saling berbagi bahan ajar.');
  await one.page.locator('#f-area').fill('Kabupaten Minahasa');
  await one.page.locator('main form button[type=submit]').last().click();
  await one.sees('Guru Tondano Bersatu');

  const password = async () => {
    await signsOut(one);
    await one.goes('/sign-in?next=/me');
    await one.types('Alamat email', address);
    await one.types('Kata sandi', 'kopi pagi di teras');
    await one.taps('Masuk', { within: 'Kata sandi' });
  };
  // The sign-in page must not take the passkey by itself here: the device does not know its owner yet.
  await device.recognizes(false);
  await password();
  await one.sees(/Satu langkah lagi: kunci sandi Anda/);
  await one.findsThePageInOrder();
  await one.taps('Lanjutkan dengan kunci sandi');
  await one.sees(/Kunci sandi tidak dipakai/);
  await one.types('Kode cadangan', '00000-00000');
  await one.taps('Lanjutkan');
  await one.sees(/Kode itu tidak cocok/);
  await device.recognizes(true);
  await asksTheDevice(one, 'Lanjutkan dengan kunci sandi', 'Akun saya');

  await device.recognizes(false);
  await password();
  await one.types('Kode cadangan', code);
  await one.taps('Lanjutkan');
  await one.sees('Akun saya');
  await one.goes('/me/factors');
  await one.taps('Atur');
  await one.taps('Hapus kunci sandi');
  await one.sees('Kunci sandi dihapus.');
}, { host: 'localhost' });

// The stories that the program is for, each told on a phone and at a desk, with JavaScript and without: how one joins.
import assert from 'node:assert/strict';
import { story } from './story.mjs';
import { disaster, disasterPage, fills, returns } from './volunteers.mjs';

story('a nurse joins the disaster volunteers', async ({ person }) => {
  const meylan = await person('seeker');
  await meylan.goes('/groups');
  await meylan.types('Profesi, kepedulian, atau nama', 'banjir');
  await meylan.taps('Cari');
  await meylan.taps(disaster);
  await meylan.taps('Bergabung');
  await meylan.sees('Baca dan setujui janji relawan');
  await meylan.findsThePageInOrder();
  await meylan.taps('Mulai mendaftar');

  // What she typed stays when something is missing.
  await meylan.types('Pelatihan atau pengalaman bencana Anda', 'Bantuan hidup dasar, 2024.');
  await meylan.taps('Kirim');
  await meylan.sees('Mohon perbaiki ini');
  await meylan.findsTyped('Pelatihan atau pengalaman bencana Anda', 'Bantuan hidup dasar, 2024.');
  await meylan.findsThePageInOrder();
  await fills(meylan);
  await meylan.taps('Kirim');
  await meylan.sees('Langkah 2 dari 4: Baca dan setujui janji relawan');
  await meylan.findsThePageInOrder();
  await meylan.taps('Saya setuju');
  await meylan.sees('Sekarang giliran pengurus');

  const stenly = await person('coordinator');
  await stenly.goes(`${disasterPage}/applications`);
  await stenly.inAtMostTaps(2, async () => {
    await stenly.taps('Meylan Rumengan');
    await stenly.taps('Terima');
  });
  await stenly.sees('Diterima. Pendaftar diberi tahu sebentar lagi.');
  await stenly.findsThePageInOrder();
  await meylan.goes('/notices');
  await meylan.doesNotSee(/menerima Anda/);
  await stenly.taps('Urungkan');
  await stenly.sees(/^Sudah diurungkan\./);
  await stenly.taps('Terima');
  await stenly.sees('Diterima. Pendaftar diberi tahu sebentar lagi.');

  await meylan.waitsFor(`${disaster} menerima Anda.`, { seconds: 40 });
  await meylan.taps(`${disaster} menerima Anda.`);
  await meylan.sees('Anda sudah menjadi anggota. Selamat datang!');
  await meylan.findsThePageInOrder();
  await meylan.goes(disasterPage);
  await meylan.taps('Anggota');
  await meylan.sees('Stenly Walangitan');
  await meylan.sees('Meylan Rumengan');
});

story('a stranger makes an account', async ({ person }) => {
  const budi = await person('stranger');
  await budi.goes(`${disasterPage}/members`);
  await budi.sees('Lupa kata sandi');
  await budi.goes('/');
  await budi.taps('Daftar');
  await budi.types('Nama lengkap', 'Budi Santoso');
  await budi.types('Alamat email', 'budi@');
  await budi.types('Kata sandi', 'password');
  await budi.taps(/18 tahun ke atas/);
  await budi.taps('Buat akun');
  await budi.sees('Tulis alamat email lengkap, misalnya nama@contoh.id.');
  await budi.findsTyped('Nama lengkap', 'Budi Santoso');
  await budi.findsTyped('Alamat email', 'budi@');
  await budi.findsTyped('Kata sandi', '');
  await budi.findsThePageInOrder();

  await budi.types('Alamat email', 'budi@contoh.id');
  await budi.types('Kata sandi', 'kopi pagi di teras');
  await budi.taps(/Saya setuju data saya diolah/);
  await budi.taps('Buat akun');
  await budi.sees('Periksa email Anda');
  await budi.taps('Buka kotak surat');
  await budi.waitsFor('Aktifkan akun Mapalus Anda', { seconds: 20 });
  await budi.taps('Aktifkan akun Mapalus Anda');
  const link = await budi.page.getByRole('link', { name: /\/confirm\// }).getAttribute('href');
  await budi.taps(/\/confirm\//);
  await budi.findsThePageInOrder();
  await budi.taps('Aktifkan akun saya');
  await budi.sees('Akun Anda aktif. Selamat datang!');
  await budi.sees('Halo, Budi');

  // The link has done its work; the password opens from now on, and leads where one wanted to go.
  await budi.goes(new URL(link).pathname);
  await budi.sees('Tautan ini sudah dipakai');
  await budi.goes('/me');
  await budi.taps('Keluar');
  await budi.sees('Anda sudah keluar.');
  await budi.goes(`${disasterPage}/join`);
  await budi.types('Alamat email', 'budi@contoh.id');
  await budi.types('Kata sandi', 'kopi sore di teras');
  await budi.taps('Masuk', { within: 'Kata sandi' });
  await budi.sees('Alamat email atau kata sandi tidak cocok.');
  await budi.findsTyped('Alamat email', 'budi@contoh.id');
  await budi.types('Kata sandi', 'kopi pagi di teras');
  await budi.taps('Masuk', { within: 'Kata sandi' });
  await budi.sees('Mulai mendaftar');
});

story('a stranger changes the language in a half-filled form', async ({ person }) => {
  const budi = await person('stranger');
  await budi.goes('/sign-up?next=%2Fgroups');
  await budi.types('Nama lengkap', 'Budi Santoso');
  await budi.types('Kata sandi', 'kopi pagi di teras');
  await budi.taps(/18 tahun ke atas/);
  await budi.taps('English');
  await budi.sees('Create my account');
  assert.equal(new URL(budi.page.url()).search, '?next=%2Fgroups');
  // Without scripts the page comes empty: what stands in it is known to the browser alone.
  await budi.findsTyped('Full name', budi.script ? 'Budi Santoso' : '');
  await budi.findsTyped('Password', '');
  assert.equal(await budi.page.getByRole('radio', { name: /18 or older/ }).isChecked(), budi.script);
  await budi.taps('Indonesia');
  await budi.findsTyped('Nama lengkap', budi.script ? 'Budi Santoso' : '');
});

story('tapping twice and going back does nothing twice', async ({ person }) => {
  const meylan = await person('seeker');
  await meylan.goes(`${disasterPage}/join`);
  await meylan.tapsTwice('Mulai mendaftar');
  await meylan.sees('Langkah 1 dari 4');

  // A draft is kept until she comes back for it.
  await meylan.types('Pelatihan atau pengalaman bencana Anda', 'Bantuan hidup dasar, 2024.');
  await meylan.taps('Simpan dulu');
  await meylan.sees('Draf tersimpan.');
  await meylan.goes(disasterPage);
  await meylan.taps('Lanjutkan pendaftaran');
  await meylan.findsTyped('Pelatihan atau pengalaman bencana Anda', 'Bantuan hidup dasar, 2024.');
  await fills(meylan);
  await meylan.tapsTwice('Kirim');
  await meylan.sees('Langkah 2 dari 4');
  await meylan.goesBack();
  if (await meylan.page.getByRole('button', { name: 'Kirim' }).count() > 0) await meylan.taps('Kirim');
  await meylan.sees('Langkah 2 dari 4');
  await meylan.goes('/applications');
  assert.equal(await meylan.page.getByRole('link', { name: disaster }).count(), 1);

  await meylan.taps(disaster);
  await meylan.taps('Tarik pendaftaran');
  await meylan.sees('Tarik pendaftaran ini?');
  await meylan.taps('Tarik pendaftaran');
  await meylan.sees('Pendaftaran ditarik.');
  await meylan.sees('Ditarik');
});

story('a nurse finds a group for nurses, is vouched for by two members and accepted', async ({ person }) => {
  const meylan = await person('seeker');
  await meylan.goes('/');
  await meylan.taps('Temukan kelompok');
  await meylan.types('Profesi, kepedulian, atau nama', 'perawat');
  await meylan.taps('Cari');
  await meylan.doesNotSee('Forum Advokat Makassar');
  await meylan.taps('Dokter dan Perawat Manado');
  await meylan.sees('Untuk bergabung');
  await meylan.sees(/^\d+ langkah, paling lama \d+ hari\.$/);
  await meylan.sees('Johan Kaunang');
  await meylan.taps('Perawat');

  await meylan.taps('Bergabung');
  await meylan.taps('Mulai mendaftar');
  await meylan.types('Nomor STR Anda', 'YX 0000 1234 5678');
  await meylan.taps('Gawat darurat');
  await meylan.types('Apa yang ingin Anda pelajari', 'Perawatan luka; saya dapat melatih bantuan hidup dasar.');
  await meylan.taps(/memeriksa nomor STR/);
  await meylan.findsThePageInOrder();
  await meylan.taps('Kirim');
  await meylan.sees('Masih perlu 2 rekomendasi anggota.');
  await meylan.findsThePageInOrder();
  await meylan.types('Cari anggota dengan nama', 'Fera');
  await meylan.taps('Cari');
  await meylan.taps('Fera Lumenta');
  await meylan.findsThePageInOrder();
  await meylan.taps('Minta rekomendasi');
  await meylan.sees('Permintaan tercatat.');
  await meylan.types('Atau alamat email anggota', 'ningsih@demo.mapalus.example');
  await meylan.taps('Minta rekomendasi');
  await meylan.sees('Permintaan tercatat.');
  await meylan.findsThePageInOrder();

  for (const one of [await person('member'), await returns(person, 'ningsih')]) {
    await one.goes('/vouches');
    await one.findsThePageInOrder();
    await one.taps(/^Meylan Rumengan/);
    await one.taps('Saya merekomendasikan');
    await one.sees('Mohon perbaiki ini');
    await one.findsThePageInOrder();
    await one.taps('Pekerjaan');
    await one.taps('3 sampai 5 tahun');
    await one.taps('Saya merekomendasikan');
    await one.sees('Terima kasih, rekomendasi Anda tercatat.');
  }

  const johan = await returns(person, 'johan');
  await johan.goes('/groups/dokter-dan-perawat-manado/applications');
  await johan.taps('Meylan Rumengan');
  await johan.sees('Pekerjaan · 3 sampai 5 tahun');
  await johan.findsThePageInOrder();
  await johan.taps('Terima');
  await johan.sees('Diterima. Pendaftar diberi tahu sebentar lagi.');
  await meylan.goes('/applications');
  await meylan.taps('Dokter dan Perawat Manado');
  await meylan.waitsFor('Anda sudah menjadi anggota. Selamat datang!', { seconds: 40 });
});

story('a student finds a disaster group in the next district and becomes a member, all in English', async ({ person }) => {
  const rani = await person('stranger', 'en');
  await rani.goes('/groups');
  await rani.types('Profession, cause or name', 'flood');
  await rani.types('Place', 'Airmadidi, Kabupaten Minahasa Utara');
  await rani.chooses('Distance', 'About 25 km around');
  await rani.taps('Search');
  await rani.sees(disaster);
  await rani.sees(/taking applications/);
  await rani.findsThePageInOrder();
  await rani.taps(disaster);
  await rani.taps('Join');
  // Not the one in the menu: this one leads back to the group.
  await rani.page.locator('main').getByRole('link', { name: 'Sign up', exact: true }).click();
  await rani.page.waitForLoadState('load');
  await rani.types('Full name', 'Rani Wowor');
  await rani.types('Email address', 'rani@contoh.id');
  await rani.types('Password', 'hujan di bulan juni');
  await rani.taps(/18 or older/);
  await rani.taps(/I agree that my data/);
  await rani.taps('Create my account');
  await rani.sees('Check your email');
  await rani.goes('/mailbox');
  await rani.waitsFor('Make your Mapalus account active', { seconds: 20 });
  await rani.taps('Make your Mapalus account active');
  await rani.taps(/\/confirm\//);
  await rani.taps('Make my account active');
  // Where she was going to.
  await rani.taps('Begin my application');
  await fills(rani);
  await rani.taps('Send');
  await rani.findsThePageInOrder();
  await rani.taps('I agree');
  await rani.findsThePageInOrder();

  const stenly = await person('coordinator', 'en');
  await stenly.goes(`${disasterPage}/applications`);
  await stenly.findsThePageInOrder();
  await stenly.taps('Rani Wowor');
  await stenly.taps('Accept');
  await stenly.sees('Accepted. The applicant will be told in a moment.');
  await stenly.findsThePageInOrder();
  await rani.goes('/applications');
  await rani.taps(disaster);
  // What was decided is seen when its time to be undone is over.
  await rani.waitsFor('You are a member now. Welcome!', { seconds: 40 });
  await rani.taps('Its members');
  await rani.sees('Stenly Walangitan');
  await rani.findsThePageInOrder();
});

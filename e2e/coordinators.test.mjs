// Those who decide, answer and operate: told on a phone and at a desk, with JavaScript and without.
import assert from 'node:assert/strict';
import { story } from './story.mjs';
import { applies, disaster, disasterPage, fills } from './volunteers.mjs';

story('declining needs a reason, and the applicant reads it', async ({ person }) => {
  const meylan = await person('seeker');
  await applies(meylan);
  const stenly = await person('coordinator');
  await stenly.goes(`${disasterPage}/applications`);
  await stenly.taps('Meylan Rumengan');
  await stenly.taps('Tolak');
  await stenly.sees('Tulis alasannya, supaya pendaftar mengerti.');
  await stenly.findsThePageInOrder();
  await stenly.types('Alasan', 'Tim medis sudah lengkap tahun ini. Coba lagi bulan Maret.');
  await stenly.taps('Tolak');
  await stenly.sees('Ditolak. Pendaftar diberi tahu sebentar lagi.');

  await meylan.goes('/applications');
  await meylan.taps(disaster);
  await meylan.waitsFor('Tim medis sudah lengkap tahun ini. Coba lagi bulan Maret.', { seconds: 40 });
  await meylan.sees('Anda boleh mendaftar lagi');
  await meylan.findsThePageInOrder();
});

story('two coordinators at once lose nothing', async ({ person }) => {
  const meylan = await person('seeker');
  await applies(meylan);
  const [stenly, other] = [await person('coordinator'), await person('coordinator')];
  for (const one of [stenly, other]) {
    await one.goes(`${disasterPage}/applications`);
    await one.taps('Meylan Rumengan');
  }
  await stenly.taps('Daftar tunggu');
  await stenly.sees('Masuk daftar tunggu.');
  await other.types('Alasan', 'Tidak ada tempat.');
  await other.taps('Tolak');
  await other.sees('Ada yang berubah sejak Anda membukanya.');
  await other.findsTyped('Alasan', 'Tidak ada tempat.');
  await meylan.goes('/applications');
  await meylan.waitsFor('Daftar tunggu', { seconds: 40 });
});

story('a coordinator changes the path while applications are open', async ({ person }) => {
  const meylan = await person('seeker');
  await meylan.goes(`${disasterPage}/join`);
  await meylan.taps('Mulai mendaftar');
  await meylan.types('Pelatihan atau pengalaman bencana Anda', 'Bantuan hidup dasar, 2024.');
  await meylan.taps('Simpan dulu');
  await meylan.sees('Draf tersimpan.');

  const stenly = await person('coordinator');
  await stenly.goes(disasterPage);
  await stenly.taps('Alur bergabung');
  await stenly.sees(/draf mengikuti perubahan/);
  await stenly.findsThePageInOrder();
  await stenly.taps(/^1\. /);
  await stenly.findsThePageInOrder();
  await stenly.taps('Pertanyaan baru');
  await stenly.taps('Simpan');
  await stenly.sees('Mohon perbaiki ini');
  await stenly.findsThePageInOrder();
  await stenly.types('Pertanyaan', 'Bahasa apa yang Anda kuasai?');
  await stenly.taps('Simpan');
  await stenly.sees('Bahasa apa yang Anda kuasai?');
  await stenly.taps(/^Naik/, { within: 'Bahasa apa yang Anda kuasai?' });
  await stenly.goes(`${disasterPage}/path`);
  await stenly.sees('Perubahan ini belum berlaku.');
  await stenly.findsThePageInOrder();
  await stenly.taps('Berlakukan alur ini');
  await stenly.sees('Alur ini sekarang berlaku.');

  // Her draft has the new question and what she typed; who had sent theirs is asked nothing more.
  await meylan.goes(disasterPage);
  await meylan.taps('Lanjutkan pendaftaran');
  // As long as the coordinator can take it back, her form stays as it was.
  await meylan.waitsFor('Bahasa apa yang Anda kuasai?', { seconds: 40 });
  await meylan.findsTyped('Pelatihan atau pengalaman bencana Anda', 'Bantuan hidup dasar, 2024.');
  await meylan.types('Bahasa apa yang Anda kuasai?', 'Melayu Manado dan Inggris.');
  await fills(meylan);
  await meylan.taps('Kirim');
  await meylan.sees('Langkah 2 dari 4');
  await stenly.goes(`${disasterPage}/applications`);
  await stenly.taps('Vina Kandou');
  await stenly.doesNotSee('Bahasa apa yang Anda kuasai?');
});

story('a coordinator decides on ten applications', async ({ person }) => {
  const stenly = await person('coordinator');
  const names = ['Vina Kandou', 'Rio Mamahit', 'Grace Tumbelaka', 'Yopie Sumual', 'Imelda Rondonuwu', 'Arie Palenewen',
    'Siska Manoppo', 'Ronald Kalalo', 'Nurul Datau', 'Denny Wurangian'];
  await stenly.goes('/desk');
  await stenly.sees(/10 pendaftaran menunggu/);
  await stenly.goes(`${disasterPage}/applications`);
  await stenly.findsThePageInOrder();
  for (const [n, name] of names.entries()) {
    await stenly.inAtMostTaps(2, async () => {
      await stenly.taps(name);
      if (n % 3 === 2) await stenly.types('Alasan', 'Tim ini sudah penuh.');
      await stenly.taps(['Terima', 'Daftar tunggu', 'Tolak'][n % 3]);
    });
    await stenly.sees(['Diterima.', 'Masuk daftar tunggu.', 'Ditolak.'].map((word) => new RegExp(`^${word}`))[n % 3]);
  }
  await stenly.findsThePageInOrder();
  await stenly.goes('/desk');
  await stenly.doesNotSee(/pendaftaran menunggu/);
});

story('a coordinator moves a card by the pointer, or by its button, and back', async ({ person }) => {
  const stenly = await person('coordinator');
  await stenly.goes(`${disasterPage}/applications`);
  if (await stenly.page.locator('.grip').count() > 0) await drags(stenly.page, 'Vina Kandou', 'wait');
  else await stenly.taps('Daftar tunggu', { within: 'Vina Kandou' });
  await stenly.sees(/^Masuk daftar tunggu\./);
  await stenly.findsThePageInOrder();
  // It can be undone on whatever page comes next, as long as there is time.
  await stenly.goes('/groups');
  await stenly.findsThePageInOrder();
  await stenly.taps('Urungkan');
  await stenly.sees(/^Sudah diurungkan\./);
  await stenly.goes(`${disasterPage}/applications`);
  if (await stenly.page.locator('.grip').count() === 0) return;
  // Declining asks for the reason, as its button does.
  await drags(stenly.page, 'Vina Kandou', 'decline');
  await stenly.page.waitForURL(/#decide$/);
  await stenly.types('Alasan', 'Tim ini sudah penuh.');
});

/** Takes a card by its grip and lets it go where that outcome is; at the edge the columns come along. */
async function drags(page, name, outcome) {
  const grip = page.locator('.ticket', { hasText: name }).locator('.grip');
  await grip.scrollIntoViewIfNeeded();
  const box = await grip.boundingBox();
  const { width, height } = page.viewportSize();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  const zone = page.locator(`.zone[data-outcome="${outcome}"]`);
  await zone.waitFor({ state: 'visible' });
  for (let tries = 0; tries < 100 && await zone.evaluate((e) => !e.classList.contains('over')); tries += 1) {
    const at = await zone.boundingBox();
    const inside = (n, most) => Math.min(Math.max(n, 8), most - 8);
    await page.mouse.move(inside(at.x + at.width / 2, width), inside(at.y + at.height / 2, height));
    await page.waitForTimeout(50);
  }
  await page.mouse.up();
}

story('the operator of a new instance changes a starter and opens it as a group', async ({ person, setup, runs }) => {
  const maria = await person('stranger');
  await maria.goes(setup);
  await maria.types('Nama lengkap', 'Maria Lontoh');
  await maria.types('Alamat email', 'maria@contoh.id');
  await maria.types('Kata sandi', 'kopi pagi di teras');
  await maria.taps(/Saya setuju data saya diolah/);
  await maria.taps('Buat akun pengelola');
  await maria.sees('Akun pengelola siap.');
  await maria.goes('/drafts');
  await maria.sees('Belum ada draf');
  assert.match(await runs('seed', 'starters'), /8/);

  await maria.goes('/groups/new');
  await maria.taps('Anda punya 8 draf');
  await maria.findsThePageInOrder();
  await maria.taps('Relawan Siaga Bencana');
  await maria.types('Satu kalimat', 'Warga Tomohon yang siap saat gunung meletus.');
  await maria.taps('Simpan sebagai draf');
  await maria.sees('Draf sudah disimpan.');
  await maria.findsTyped('Satu kalimat', 'Warga Tomohon yang siap saat gunung meletus.');
  await maria.findsThePageInOrder();
  const draft = new URL(maria.page.url()).pathname;

  // A place typed with an error is told with the nearest.
  await maria.types('Nama kelompok', 'Siaga Bencana Tomohon');
  await maria.types('Kabupaten atau kota', 'Kota Tomohn');
  await maria.taps('Buka kelompok');
  await maria.sees(/Mungkin maksud Anda: Kota Tomohon, Sulawesi Utara/);
  await maria.findsThePageInOrder();

  // In another tab she opens the same draft as a group; here she goes on typing. Nothing of it is lost.
  const tab = await maria.page.context().newPage();
  await tab.goto(new URL(draft, maria.page.url()).href, { waitUntil: 'load' });
  await tab.getByLabel('Nama kelompok').fill('Siaga Bencana Tomohon');
  await tab.getByLabel('Kabupaten atau kota').fill('Kota Tomohon');
  await tab.getByRole('button', { name: 'Buka kelompok' }).click();
  await tab.getByText('Kelompok Anda sudah dibuka.').first().waitFor();
  await tab.getByText('Warga Tomohon yang siap saat gunung meletus.').first().waitFor();
  await tab.close();
  await maria.types('Satu kalimat', 'Kalimat yang lebih baik.');
  await maria.taps('Simpan sebagai draf');
  await maria.sees('Draf ini sudah Anda buka sebagai kelompok.');
  await maria.findsTyped('Satu kalimat', 'Kalimat yang lebih baik.');
  await maria.findsThePageInOrder();
  await maria.taps('Lihat kelompoknya');
  await maria.sees('Warga Tomohon yang siap saat gunung meletus.');

  await maria.goes(draft);
  await maria.sees('Draf itu sudah Anda buka. Inilah kelompoknya.');
  await maria.goes('/drafts');
  await maria.doesNotSee('Siaga Bencana Tomohon');
  assert.equal(await maria.page.locator('.card').count(), 7);
  const stranger = await person('stranger');
  await stranger.goes('/groups');
  await stranger.waitsFor('Siaga Bencana Tomohon', { seconds: 20 });
  await stranger.goes(draft);
  await stranger.sees('Lupa kata sandi');
}, { real: true });

story('a coordinator is reminded, stops a kind of mail by one press and chooses by kind', async ({ person }) => {
  const stenly = await person('coordinator');
  await stenly.goes('/notices');
  // Applications of the demonstration lie for days already: of two the deadline comes, of one it has passed.
  const late = /^Pendaftaran Vina Kandou .* masih menunggu keputusan\. Tenggatnya lewat: /;
  await stenly.waitsFor(late, { seconds: 20 });
  await stenly.sees(/^Pendaftaran Yopie Sumual .* menunggu keputusan Anda sampai .* WITA\./);
  await stenly.findsThePageInOrder();
  await stenly.taps(late);
  await stenly.sees('Vina Kandou');

  await stenly.goes('/mailbox');
  await stenly.waitsFor(/^Keputusan tentang Vina Kandou lewat tenggat/, { seconds: 20 });
  await stenly.taps(/^Keputusan tentang Vina Kandou lewat tenggat/);
  await stenly.findsThePageInOrder();
  await stenly.taps('Berhenti menerima email tentang: Pengingat');
  await stenly.sees('Email jenis ini tidak akan dikirim lagi. Jika Anda punya akun, kabarnya tetap ada di halaman Kabar.');
  await stenly.findsThePageInOrder();
  await stenly.taps('Berhenti');
  await stenly.sees('Email jenis ini tidak dikirim lagi. Jika Anda punya akun, Anda dapat menyalakannya lagi kapan pun.');
  await stenly.findsThePageInOrder();

  // A mail program presses by itself what stands in the head of another mail, without a session and without a page.
  await stenly.goes('/mailbox');
  await stenly.page.locator('.row').filter({ hasText: 'coordinator@' }).getByText(/^Pendaftaran baru di Relawan/).first().click();
  const way = await stenly.page.getByRole('link', { name: /^Berhenti menerima email tentang/ }).getAttribute('href');
  const pressed = await fetch(way, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) });
  assert.equal(pressed.status, 200);

  const mailed = async (kind) => stenly.page.getByRole('checkbox', { name: kind }).isChecked();
  await stenly.goes('/me/notices');
  await stenly.findsThePageInOrder();
  assert.equal(await mailed(/^Pengingat/), false);
  assert.equal(await mailed(/^Pendaftaran yang saya putuskan/), false);
  assert.equal(await mailed(/^Kelompok saya/), true);
  await stenly.taps(/^Pengingat/);
  await stenly.taps(/^Kelompok saya/);
  await stenly.taps('Simpan');
  await stenly.sees('Pilihan Anda tersimpan.');
  assert.equal(await mailed(/^Pengingat/), true);
  assert.equal(await mailed(/^Kelompok saya/), false);
  assert.equal(await mailed(/^Pendaftaran yang saya putuskan/), false);
  // In the program everything is told as before.
  await stenly.goes('/notices');
  await stenly.sees(late);
});

story('a stranger asks by a mailed link, a coordinator answers, the stranger reads it', async ({ person }) => {
  const suharti = await person('stranger');
  await suharti.goes(disasterPage);
  await suharti.taps('Tanya kelompok ini');
  await suharti.types('Pertanyaan Anda', 'Bolehkah saya ikut? Lihat www.contoh.id.');
  await suharti.types('Nama lengkap', 'Suharti Lasut');
  await suharti.types('Alamat email', 'suharti@contoh.id');
  await suharti.taps('Kirim');
  await suharti.sees('Hapus tautan dan alamat web.');
  await suharti.findsThePageInOrder();
  await suharti.types('Pertanyaan Anda', 'Bolehkah saya ikut tanpa pengalaman?');
  await suharti.taps('Kirim');
  await suharti.sees('Periksa email Anda');
  await suharti.findsThePageInOrder();

  const stenly = await person('coordinator');
  await stenly.goes(`${disasterPage}/questions`);
  await stenly.doesNotSee('Bolehkah saya ikut tanpa pengalaman?');

  await suharti.goes('/mailbox');
  await suharti.waitsFor(/Kirim pertanyaan Anda ke/, { seconds: 20 });
  await suharti.taps(/Kirim pertanyaan Anda ke/);
  await suharti.taps(/\/ask\//);
  await suharti.findsThePageInOrder();
  await suharti.taps('Kirim sekarang');
  await suharti.sees('Pertanyaan Anda sudah diterima kelompok.');
  await suharti.findsThePageInOrder();

  await stenly.goes(`${disasterPage}/questions`);
  await stenly.taps('Bolehkah saya ikut tanpa pengalaman?');
  await stenly.types('Jawaban Anda', 'Boleh. Datang ke latihan hari Sabtu.');
  await stenly.taps('Jawab');
  await stenly.sees('Jawaban terkirim.');
  await stenly.findsThePageInOrder();

  await suharti.goes('/mailbox');
  // An answer can be taken back for 20 s.
  await suharti.waitsFor(/Jawaban dari/, { seconds: 40 });
  await suharti.taps(/Jawaban dari/);
  await suharti.taps(/\/asked\//);
  await suharti.sees('Boleh. Datang ke latihan hari Sabtu.');
  await suharti.types('Pesan Anda', 'Terima kasih.');
  await suharti.taps('Kirim');
  await suharti.sees('Pesan terkirim.');

  await stenly.goes(`${disasterPage}/questions`);
  await stenly.taps('Bolehkah saya ikut tanpa pengalaman?');
  await stenly.sees('Terima kasih.');
  await stenly.taps('Simpan sebagai jawaban siap pakai');
  await stenly.sees('Jawaban siap pakai tersimpan.');
  await stenly.findsThePageInOrder();
  await stenly.goes(`${disasterPage}/questions`);
  await stenly.taps('Bolehkah saya ikut tanpa pengalaman?');
  await stenly.taps('Mulai dari jawaban siap pakai');
  await stenly.taps('Boleh. Datang ke latihan hari Sabtu.');
  await stenly.findsTyped('Jawaban Anda', 'Boleh. Datang ke latihan hari Sabtu.');
  await stenly.findsThePageInOrder();
  await stenly.taps('Jadikan pertanyaan umum');
  // In words for everybody: what was asked was for the group alone.
  await stenly.findsThePageInOrder();
  await stenly.taps('Tampilkan di halaman kelompok');
  await stenly.sees('Mohon perbaiki ini');
  await stenly.types('Pertanyaan', 'Perlukah pengalaman untuk bergabung?');
  await stenly.taps('Tampilkan di halaman kelompok');
  await stenly.sees('Jawaban masuk ke pertanyaan umum.');

  const rio = await person('stranger');
  await rio.goes(disasterPage);
  await rio.taps('Perlukah pengalaman untuk bergabung?');
  await rio.sees('Boleh. Datang ke latihan hari Sabtu.');
  await rio.taps('Bagikan kelompok ini');
  await rio.sees('Kirim lewat WhatsApp');
  await rio.findsThePageInOrder();
});

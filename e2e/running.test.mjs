// Those who run a group open it, arrange it, and close it: told on a phone and at a desk, with JavaScript and without.
import { story } from './story.mjs';

const disaster = 'Relawan Siaga Bencana Manado dan Minahasa';
const orphanagePage = '/groups/sahabat-panti-gondomanan';
const disasterPage = '/groups/relawan-siaga-bencana-manado-dan-minahasa';

story('a coordinator opens a group for an orphanage and changes its path while an application is open', async ({ person }) => {
  const stenly = await person('coordinator');
  await stenly.goes('/');
  await stenly.taps('Buka kelompok');
  await stenly.taps('Sahabat panti asuhan');
  await stenly.types('Nama kelompok', 'Sahabat Panti Gondomanan');
  await stenly.types('Kabupaten atau kota', 'Yogyakrta');
  await stenly.taps('Buka kelompok');
  await stenly.sees(/Daerah "Yogyakrta" tidak dikenal\. Mungkin maksud Anda: Kota Yogyakarta, Daerah Istimewa Yogyakarta/);
  await stenly.findsTyped('Nama kelompok', 'Sahabat Panti Gondomanan');
  await stenly.findsThePageInOrder();
  await stenly.types('Kabupaten atau kota', 'Kota Yogyakarta, Daerah Istimewa Yogyakarta');
  await stenly.types('Kecamatan yang dilayani', 'Gondomanan; Kraton');
  await stenly.taps('Buka kelompok');
  await stenly.sees('Kelompok Anda sudah dibuka.');
  await stenly.sees('Melayani 2 kecamatan');
  await stenly.sees('Baca dan setujui janji relawan');
  await stenly.findsThePageInOrder();
  await stenly.goes('/desk');
  await stenly.sees('Sahabat Panti Gondomanan');

  const stranger = await person('stranger', 'en');
  await stranger.goes('/');
  await stranger.types('Profession, cause or name', 'orphanage');
  await stranger.taps('Search');
  // The search follows what was opened a moment later.
  await stranger.waitsFor('Sahabat Panti Gondomanan', { seconds: 20 });
  await stranger.sees('Sahabat Panti Gondomanan');

  // Meylan has begun; the path that she walks changes under her.
  const meylan = await person('seeker');
  await meylan.goes(`${orphanagePage}/join`);
  await meylan.taps('Mulai mendaftar');
  await meylan.types(/^Ceritakan pengalaman Anda/, 'Mengajar sekolah minggu lima tahun.');
  await meylan.taps('Simpan dulu');
  await meylan.sees('Draf tersimpan.');
  await stenly.goes(`${orphanagePage}/path`);
  await stenly.taps(/^4\. /);
  await stenly.types('Berapa pengurus harus setuju?', '1');
  await stenly.taps('Simpan');
  await stenly.goes(`${orphanagePage}/path/1`);
  await stenly.taps('Pertanyaan baru');
  await stenly.types('Pertanyaan', 'Bahasa apa yang Anda kuasai?');
  await stenly.taps('Simpan');
  await stenly.goes(`${orphanagePage}/path`);
  await stenly.taps('Berlakukan alur ini');
  await stenly.sees('Alur ini sekarang berlaku.');
  // On second thoughts: nobody noticed, and nothing of the change is lost.
  await stenly.taps('Urungkan');
  await stenly.sees('Alur sebelumnya berlaku lagi.');
  await stenly.findsThePageInOrder();
  await stenly.taps('Berlakukan alur ini');
  await stenly.sees('Alur ini sekarang berlaku.');
  await meylan.waitsFor('Bahasa apa yang Anda kuasai?', { seconds: 40 });
  await meylan.findsTyped(/^Ceritakan pengalaman Anda/, 'Mengajar sekolah minggu lima tahun.');
  await meylan.types('Bahasa apa yang Anda kuasai?', 'Melayu Manado dan Inggris.');
  await meylan.taps('Mendampingi belajar');
  await meylan.taps('Seminggu sekali');
  await meylan.types(/^Nama dan nomor orang/, 'Pdt. Lumowa, 0431 555 010');
  await meylan.taps('Akan saya urus');
  await meylan.taps(/^Saya setuju pengurus menghubungi/);
  await meylan.taps('Kirim');
  await meylan.taps('Saya setuju');
  await meylan.sees('Kabari bila SKCK sudah ada');
});

story('a coordinator changes the group, its roles and its people', async ({ person }) => {
  const stenly = await person('coordinator');
  await stenly.goes(disasterPage);
  await stenly.taps('Pengaturan');
  await stenly.findsThePageInOrder();
  await stenly.types('Satu kalimat', 'Pendek');
  await stenly.taps('Simpan perubahan');
  await stenly.sees('Mohon perbaiki ini');
  await stenly.findsTyped('Satu kalimat', 'Pendek');
  await stenly.findsThePageInOrder();
  await stenly.types('Satu kalimat', 'Warga Manado yang siap saat bencana.');
  await stenly.taps('Simpan perubahan');
  await stenly.sees('Perubahan tersimpan.');
  await stenly.sees('Warga Manado yang siap saat bencana.');

  await stenly.taps('Peran');
  await stenly.findsThePageInOrder();
  await stenly.taps('Tambah peran');
  await stenly.types('Nama peran', 'Juru kabar');
  await stenly.findsThePageInOrder();
  await stenly.taps('Simpan peran');
  await stenly.sees('Juru kabar');
  await stenly.taps('Fera Lumenta');
  await stenly.taps('Juru kabar');
  await stenly.taps('Simpan peran');
  await stenly.sees('Peran anggota ini tersimpan.');

  await stenly.goes(`${disasterPage}/roles`);
  await stenly.taps('Fera Lumenta');
  await stenly.taps('Tangguhkan');
  await stenly.sees('Bagian ini perlu diisi.');
  await stenly.findsThePageInOrder();
  await stenly.types('Alasan', 'Tiga kali tidak hadir tanpa kabar.');
  await stenly.taps('Tangguhkan');
  await stenly.sees('Anggota ini ditangguhkan.');
  await stenly.findsThePageInOrder();
  const fera = await person('member');
  await fera.goes(disasterPage);
  await fera.sees('Keanggotaan Anda di kelompok ini ditangguhkan.');
  await stenly.taps('Urungkan');
  await stenly.sees('Sudah diurungkan. Tidak ada yang diberi tahu.');
  await fera.goes(disasterPage);
  await fera.sees('Juru kabar');
});

story('a coordinator excludes a member and thinks better of it', async ({ person }) => {
  const stenly = await person('coordinator');
  await stenly.goes(`${disasterPage}/members`);
  await stenly.taps('Kelola', { within: 'Fera Lumenta' });
  await stenly.types('Alasan', 'Tiga kali tidak hadir tanpa kabar.');
  await stenly.taps('Keluarkan dari kelompok');
  await stenly.sees('Anggota ini dikeluarkan.');
  await stenly.findsThePageInOrder();
  const fera = await person('member');
  await fera.goes(disasterPage);
  await fera.doesNotSee('Keluar dari kelompok');
  await stenly.taps('Urungkan');
  await stenly.sees('Sudah diurungkan. Tidak ada yang diberi tahu.');
  await stenly.sees('Fera Lumenta');
  await fera.goes(disasterPage);
  await fera.sees('Keluar dari kelompok');
  await fera.goes('/notices');
  await fera.doesNotSee(/dikeluarkan/);
});

story('who is invited declines, and the coordinator sees it', async ({ person }) => {
  const stenly = await person('coordinator');
  await stenly.goes(`${disasterPage}/members`);
  await stenly.types('Alamat email', 'seeker@demo.mapalus.example');
  await stenly.taps('Kirim undangan');
  await stenly.sees('Undangan dicatat. Suratnya segera dikirim.');
  await stenly.sees('Menunggu jawaban');
  await stenly.findsThePageInOrder();
  const meylan = await person('seeker');
  await meylan.goes('/notices');
  await meylan.waitsFor(`Anda diundang bergabung dengan ${disaster}.`, { seconds: 40 });
  await meylan.taps(`Anda diundang bergabung dengan ${disaster}.`);
  await meylan.sees('Anda diundang ke kelompok ini. Anda boleh bergabung atau menolak.');
  await meylan.findsThePageInOrder();
  await meylan.taps('Tolak undangan');
  await meylan.sees('Undangan ditolak.');
  await meylan.doesNotSee('Tolak undangan');
  await stenly.goes(`${disasterPage}/members`);
  await stenly.sees('Ditolak');
});

story('a coordinator closes a group, takes it back, and closes it for good', async ({ person }) => {
  const stenly = await person('coordinator');
  const fera = await person('member');
  const closes = async () => {
    await stenly.goes(`${disasterPage}/settings`);
    await stenly.taps('Lihat apa yang terjadi');
    await stenly.sees('Yang terjadi bila kelompok ditutup');
    await stenly.findsThePageInOrder();
    await stenly.taps('Tutup kelompok ini');
    await stenly.sees('Kelompok ini ditutup.');
    await stenly.findsThePageInOrder();
  };
  await closes();
  const stranger = await person('stranger');
  await stranger.goes(disasterPage);
  await stranger.doesNotSee('Cara bergabung');
  await stenly.taps('Urungkan');
  await stenly.sees('Sudah diurungkan. Tidak ada yang diberi tahu.');
  await fera.goes(disasterPage);
  await fera.sees('Keluar dari kelompok');

  await closes();
  await fera.goes('/notices');
  await fera.waitsFor(`Pengurus menutup kelompok ${disaster}. Keanggotaan Anda berakhir.`, { seconds: 40 });
  await stenly.goes('/desk');
  await stenly.doesNotSee(disaster);
});

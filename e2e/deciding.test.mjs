// What is decided and who did it, and a group that the operator verifies, hides and shows again: told on a phone and at a
// desk, with JavaScript and without.
import assert from 'node:assert/strict';
import { story } from './story.mjs';

const disaster = '/groups/relawan-siaga-bencana-manado-dan-minahasa';

story('members read what was decided, and those who run the group who did what', async ({ person }) => {
  const stenly = await person('coordinator');
  await stenly.goes(`${disaster}/settings`);
  await stenly.types('Aturan', 'Pulang sebelum gelap.');
  await stenly.taps('Simpan perubahan');
  await stenly.sees('Perubahan tersimpan.');
  await stenly.goes(`${disaster}/members`);
  await stenly.taps('Kelola', { within: 'Frangky' });
  await stenly.types('Alasan', 'Tidak hadir tiga kali tanpa kabar.');
  await stenly.taps('Tangguhkan');
  await stenly.sees('Anggota ini ditangguhkan.');

  const fera = await person('member');
  await fera.goes(disaster);
  await fera.taps('Keputusan');
  await fera.sees('Aturan kelompok diubah.');
  await fera.findsThePageInOrder();
  // What can still be undone is not there yet.
  await fera.doesNotSee('1 anggota ditangguhkan.');
  await fera.waitsFor('1 anggota ditangguhkan.', { seconds: 40 });
  await fera.doesNotSee('Frangky');
  await fera.doesNotSee('tanpa kabar');
  await fera.taps('Peran');
  await fera.doesNotSee('Aturan kelompok diubah.');
  await fera.findsThePageInOrder();

  await stenly.goes(disaster);
  await stenly.taps('Catatan tindakan');
  await stenly.sees('Mengundang atau mengurus anggota (ditangguhkan)');
  await stenly.findsThePageInOrder();
  await stenly.chooses('Tindakan', 'Mengubah halaman atau pengaturan');
  await stenly.taps('Tampilkan');
  await stenly.sees('Stenly Walangitan');
  await stenly.doesNotSee('(ditangguhkan)');
  await stenly.findsThePageInOrder();
  const link = await stenly.page.getByRole('link', { name: 'Unduh sebagai CSV' }).getAttribute('href');
  const file = await stenly.page.request.get(new URL(link, stenly.page.url()).href);
  assert.equal(file.headers()['content-type'], 'text/csv; charset=utf-8');
  assert.match(await file.text(), /^Kapan,Siapa,Tindakan/);
  assert.ok(!(await file.text()).includes('ditangguhkan'));
});

story('the operator verifies a group, hides it, reads the answer and shows it again', async ({ person, setup }) => {
  const maria = await person('stranger');
  await maria.goes(setup);
  await maria.types('Nama lengkap', 'Maria Rumengan');
  await maria.types('Alamat email', 'maria@contoh.id');
  await maria.types('Kata sandi', 'kopi pagi di teras');
  await maria.taps(/Saya setuju data saya diolah/);
  await maria.taps('Buat akun pengelola');
  await maria.sees('Akun pengelola siap.');
  await maria.goes('/groups/new');
  await maria.taps('Sahabat panti asuhan');
  await maria.types('Nama kelompok', 'Sahabat Panti Tomohon');
  await maria.types('Kabupaten atau kota', 'Kota Tomohon');
  await maria.taps('Buka kelompok');
  await maria.sees('Kelompok Anda sudah dibuka.');
  const page = new URL(maria.page.url()).pathname;

  await maria.goes('/admin');
  await maria.taps('Lihat semua kelompok');
  await maria.findsThePageInOrder();
  await maria.types('Nama kelompok', 'panti');
  await maria.taps('Cari');
  await maria.taps('Sahabat Panti Tomohon');
  const judged = new URL(maria.page.url()).pathname;
  await maria.findsThePageInOrder();
  await maria.taps(/^Verifikasi/);
  await maria.types(/^Alasan/, 'Surat izin yayasan sudah dilihat.');
  await maria.taps('Simpan');
  await maria.sees('Tersimpan. Pengurus segera diberi tahu.');
  const stranger = await person('stranger');
  await stranger.goes(page);
  await stranger.sees('Terverifikasi');
  await stranger.sees(/Surat izin yayasan sudah dilihat\./);
  await stranger.findsThePageInOrder();

  await maria.taps(/^Sembunyikan/);
  await maria.types(/^Alasan/, 'x');
  await maria.taps('Simpan');
  await maria.findsTyped(/^Alasan/, 'x');
  await maria.findsThePageInOrder();
  await maria.types(/^Alasan/, 'Meminta uang muka dari pendaftar.');
  await maria.taps('Simpan');
  await maria.sees('Disembunyikan');
  await stranger.goes(page);
  await stranger.doesNotSee('Sahabat Panti Tomohon');
  // By mistake: undone, and there again.
  await maria.taps('Urungkan');
  await maria.sees('Sudah diurungkan. Tidak ada yang diberi tahu.');
  await stranger.goes(page);
  await stranger.sees('Sahabat Panti Tomohon');
  await maria.taps(/^Sembunyikan/);
  await maria.types(/^Alasan/, 'Meminta uang muka dari pendaftar.');
  await maria.taps('Simpan');

  // She runs this group too, and reads what its coordinators read.
  await maria.goes(page);
  await maria.sees('Meminta uang muka dari pendaftar.');
  await maria.findsThePageInOrder();
  await maria.taps('Jawab pengelola');
  await maria.findsThePageInOrder();
  await maria.types(/^Jawaban Anda/, 'Uang itu untuk seragam. Kami sudah mengembalikannya.');
  await maria.taps('Kirim jawaban');
  await maria.sees('Jawaban Anda sudah sampai ke pengelola.');
  await maria.goes(judged);
  await maria.sees('Uang itu untuk seragam. Kami sudah mengembalikannya.');
  await maria.findsThePageInOrder();
  await maria.taps(/^Tampilkan lagi/);
  await maria.types(/^Alasan/, 'Uang pendaftar sudah kembali.');
  await maria.taps('Simpan');
  await stranger.goes(page);
  await stranger.sees('Sahabat Panti Tomohon');
}, { real: true });

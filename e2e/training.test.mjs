// Trainings, told on a phone and at a desk, with JavaScript and without: as a step of joining, and for members.
import { story } from './story.mjs';

const disaster = 'Relawan Siaga Bencana Manado dan Minahasa';
const disasterPage = '/groups/relawan-siaga-bencana-manado-dan-minahasa';

/** An hour of the clock in Manado, so many minutes from now, as a field for day and hour takes it. */
function inManado(minutes) {
  const at = new Date(Date.now() + minutes * 60_000 + 8 * 3_600_000);
  return at.toISOString().slice(0, 16);
}

/** Adds a session that begins in so many minutes, on the page of its training. */
async function plans(person, minutes, seats) {
  await person.types('Mulai', inManado(minutes));
  await person.types('Selesai', inManado(minutes + 240));
  await person.types('Kecamatan atau kota', 'Kota Manado');
  await person.types(/^Tempat/, 'Aula BPBD Kota Manado');
  await person.types(/^Jumlah kursi/, seats);
  await person.taps('Simpan sesi');
  await person.sees('Sesi tersimpan.');
}

story('a disaster volunteer joins by form, agreement, decision and training', async ({ person }) => {
  const meylan = await person('seeker');
  await meylan.goes(`${disasterPage}/join`);
  await meylan.sees('Ikut pelatihan dasar lapangan');
  await meylan.taps('Mulai mendaftar');
  await meylan.taps('Di lapangan, termasuk medan berat');
  await meylan.taps('Medis');
  await meylan.taps(/bersedia dihubungi siang atau malam/);
  await meylan.taps('Kirim');
  await meylan.taps('Saya setuju');
  await meylan.sees('Sekarang giliran pengurus');

  const stenly = await person('coordinator');
  await stenly.goes(`${disasterPage}/applications`);
  await stenly.taps('Meylan Rumengan');
  await stenly.taps('Terima');
  await stenly.sees('Diterima. Pendaftar diberi tahu sebentar lagi.');
  // The training is there; two sessions more are planned, one of them today.
  await stenly.goes(`${disasterPage}/trainings`);
  await stenly.taps('Pelatihan dasar lapangan');
  await stenly.sees('Pelatihan ini wajib untuk bergabung.');
  await plans(stenly, 30, '8');
  await plans(stenly, 3 * 1440, '8');
  await stenly.findsThePageInOrder();

  await meylan.goes('/applications');
  await meylan.taps(disaster);
  // Once the decision cannot be undone any more.
  await meylan.waitsFor('Langkah 4 dari 4: Ikut pelatihan dasar lapangan', { seconds: 40 });
  await meylan.sees('Pilih satu sesi yang cocok untuk Anda.');
  await meylan.findsThePageInOrder();
  await meylan.taps('Ikut');
  await meylan.sees('Kursi Anda sudah tercatat. Datanglah pada waktunya.');
  // Left by mistake, and back again.
  await meylan.taps('Batal ikut');
  await meylan.sees('Pilih satu sesi yang cocok untuk Anda.');
  await meylan.taps('Urungkan');
  await meylan.sees('Kursi Anda sudah tercatat. Datanglah pada waktunya.');
  await meylan.findsThePageInOrder();

  await stenly.goes(`${disasterPage}/trainings`);
  await stenly.taps('Pelatihan dasar lapangan');
  await stenly.taps('Kelola sesi');
  await stenly.sees('Meylan Rumengan');
  await stenly.taps('Hasil', { within: 'Meylan Rumengan' });
  await stenly.chooses(/^Hasil$/, 'Hadir');
  await stenly.taps('Simpan hasil');
  await stenly.sees('Hasil tersimpan.');
  await stenly.findsThePageInOrder();
  await stenly.taps('Hasil', { within: 'Meylan Rumengan' });
  await stenly.chooses(/^Hasil$/, 'Lulus');
  await stenly.types(/^Catatan/, 'Simpul dan tandu sudah benar.');
  await stenly.taps('Simpan hasil');
  await stenly.sees('Hasil tersimpan.');

  await meylan.waitsFor('Anda sudah menjadi anggota. Selamat datang!', { seconds: 40 });
  await meylan.findsThePageInOrder();
  await meylan.goes('/me/trainings');
  await meylan.sees('Lulus');
  await meylan.sees('Simpul dan tandu sudah benar.');
  await meylan.goes('/me/qualifications');
  await meylan.sees('Pertolongan pertama (P3K)');
});

story('a coordinator makes a training with two sessions and records who was there', async ({ person }) => {
  const stenly = await person('coordinator');
  await stenly.goes(disasterPage);
  await stenly.taps('Pelatihan');
  await stenly.types('Judul pelatihan', 'Latihan perahu karet');
  await stenly.types(/^Yang dipelajari/, 'Mendayung, membalik perahu, dan melempar tali.');
  await stenly.taps('Simpan pelatihan');
  await stenly.sees('Pelatihan tersimpan.');
  // A session that is somewhere, and ends after it begins.
  await stenly.types('Mulai', inManado(30));
  await stenly.types('Selesai', inManado(-30));
  await stenly.types('Kecamatan atau kota', 'Kota Manado');
  await stenly.taps('Simpan sesi');
  await stenly.sees('Mohon perbaiki ini');
  await stenly.findsThePageInOrder();
  await plans(stenly, 30, '1');
  await plans(stenly, 7 * 1440, '');
  await stenly.findsThePageInOrder();

  const fera = await person('member');
  await fera.goes(`${disasterPage}/trainings`);
  await fera.taps('Latihan perahu karet');
  await fera.taps('Ikut');
  await fera.sees('Kursi Anda tercatat.');
  await fera.findsThePageInOrder();

  await stenly.goes(`${disasterPage}/trainings`);
  await stenly.taps('Latihan perahu karet');
  await stenly.sees('0 kursi kosong');
  await stenly.taps('Kelola sesi');
  await stenly.chooses('Hasil semua yang belum tercatat', 'Lulus');
  await stenly.taps('Catat untuk 1 orang');
  await stenly.sees('Hasil tersimpan. Mereka diberi tahu sebentar lagi.');
  await stenly.taps('Urungkan');
  await stenly.sees('Sudah diurungkan. Tidak ada yang diberi tahu.');
  await stenly.taps('Catat untuk 1 orang');
  await stenly.findsThePageInOrder();

  await fera.goes('/notices');
  await fera.waitsFor(/Anda lulus Latihan perahu karet/, { seconds: 40 });
});

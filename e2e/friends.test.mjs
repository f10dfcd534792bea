// A member brings a friend by a link, people find each other again, and one is told of a new group.
import assert from 'node:assert/strict';
import { story } from './story.mjs';

/** Opens a group by the API, as the person whose browser it is; gives its path. */
async function opensGroup(person, steps, spares) {
  const site = new URL(person.page.url()).origin;
  const calls = async (method, path, data) => {
    const answer = await person.page.context().request.fetch(`${site}/api/v1${path}`, { method, data, headers: { Origin: site } });
    assert.ok(answer.ok(), `${path}: ${await answer.text()}`);
    return answer.json();
  };
  const group = await calls('POST', '/groups', {
    template: 'orphanage', name: 'Sahabat Panti Tondano', summary: 'Menemani anak panti belajar.',
    area: 'Kabupaten Minahasa', sign_up: 'application', visibility: 'public',
  });
  await calls('PUT', `/groups/${group.slug}/path`, { items: steps });
  await calls('PUT', `/groups/${group.slug}/link-rules`, { by_members: true, spares });
  return `/groups/${group.slug}`;
}

const STEPS = [
  {
    kind: 'form', name: 'Tentang Anda', days: 7,
    questions: [{ key: 'why', kind: 'short', label: 'Mengapa Anda ikut?', why: 'Supaya kami mengenal Anda.', required: true, visible: 'reviewers', delete_days: 30 }],
  },
  { kind: 'vouch', name: 'Rekomendasi', days: 7, needed: 1 },
  { kind: 'agreement', name: 'Janji', text: 'Saya datang tepat waktu.', days: 7 },
  { kind: 'decision', name: 'Keputusan', days: 7 },
];

/** Makes a link on the pages; gives the path of its address. */
async function makesLink(person, group) {
  await person.goes(`${group}/members`);
  await person.taps('Tautan undangan');
  await person.findsThePageInOrder();
  await person.taps('Rekomendasi anggota', { within: 'Langkah yang dilewati' });
  await person.taps('Keputusan pengurus', { within: 'Langkah yang dilewati' });
  await person.taps('Buat tautan');
  await person.sees('Tautan sudah dibuat.');
  await person.findsThePageInOrder();
  const words = await person.page.locator('pre.code').first().innerText();
  return words.match(/\/invite\/\S+/)[0];
}

story('a friend joins by an invitation link in three taps', async ({ person }) => {
  const stenly = await person('coordinator');
  const group = await opensGroup(stenly, STEPS, ['vouch', 'decision']);
  const path = await makesLink(stenly, group);

  // Signed in: join, send the form with its one typed field, agree.
  const meylan = await person('seeker');
  await meylan.goes(path);
  await meylan.sees(/mengundang Anda bergabung/);
  await meylan.findsThePageInOrder();
  await meylan.inAtMostTaps(3, async () => {
    await meylan.taps('Bergabung');
    await meylan.types('Mengapa Anda ikut?', 'Diajak teman.');
    await meylan.taps('Kirim');
    await meylan.taps('Saya setuju');
  });
  await meylan.sees('Anda sudah menjadi anggota. Selamat datang!');

  await stenly.goes(`${group}/links`);
  await stenly.taps(/1 orang datang/);
  await stenly.sees('Meylan Rumengan');
  await stenly.findsThePageInOrder();

  // Nobody yet: the account stands on the page of the link, three typed fields and three taps.
  const suharti = await person('stranger');
  await suharti.goes(path);
  await suharti.findsThePageInOrder();
  await suharti.inAtMostTaps(3, async () => {
    await suharti.types('Nama lengkap', 'Suharti Lasut');
    await suharti.types('Alamat email', 'suharti@contoh.id');
    await suharti.types('Kata sandi', 'kopi tiga gelas pagi');
    await suharti.taps(/^18 tahun ke atas/);
    await suharti.taps(/^Saya setuju data saya/);
    await suharti.taps('Buat akun');
  });
  // The mail proves the address: its link and its button are two taps more, and lead back.
  await suharti.goes('/mailbox');
  await suharti.waitsFor(/Aktifkan akun Mapalus Anda/, { seconds: 20 });
  await suharti.taps(/Aktifkan akun Mapalus Anda/);
  await suharti.taps(/\/confirm\//);
  await suharti.taps('Aktifkan akun saya');
  await suharti.sees(/mengundang Anda bergabung/);
  await suharti.inAtMostTaps(3, async () => {
    await suharti.taps('Bergabung');
    await suharti.types('Mengapa Anda ikut?', 'Diajak teman.');
    await suharti.taps('Kirim');
    await suharti.taps('Saya setuju');
  });
  await suharti.sees('Anda sudah menjadi anggota. Selamat datang!');

  await stenly.goes(`${group}/links`);
  await stenly.taps('Tarik tautan');
  const late = await person('stranger');
  await late.goes(path);
  await late.sees('Tautan ini sudah ditarik.');
  await late.findsThePageInOrder();
});

story('two people connect, see each other in groups, and one blocks the other', async ({ person }) => {
  const meylan = await person('seeker');
  const stenly = await person('coordinator');
  await meylan.goes('/groups/relawan-siaga-bencana-manado-dan-minahasa');
  await meylan.sees('Yang Anda kenal di sini');
  await meylan.taps('Fera Lumenta');
  await meylan.sees('Anda berdua terhubung.');
  await meylan.findsThePageInOrder();

  await stenly.goes('/groups/relawan-siaga-bencana-manado-dan-minahasa/members');
  await stenly.taps('Fera Lumenta');
  await stenly.types('Dari mana Anda saling kenal', 'Satu kelompok.');
  await stenly.taps('Minta terhubung');
  await stenly.sees('Permintaan dicatat.');
  await stenly.findsThePageInOrder();

  const fera = await person('member');
  await fera.goes('/network');
  await fera.sees('Satu kelompok.');
  await fera.findsThePageInOrder();
  await fera.taps('Terima');
  await fera.sees('Anda berdua sekarang terhubung.');
  await fera.goes('/network');
  await fera.taps('Meylan Rumengan');
  await fera.taps('Blokir atau laporkan');
  await fera.taps('Blokir orang ini');
  await fera.sees('Orang ini diblokir.');
  await fera.findsThePageInOrder();
  await meylan.goes('/network');
  await meylan.doesNotSee('Fera Lumenta');
});

story('a seeker keeps a search and finds it among their searches', async ({ person }) => {
  const meylan = await person('seeker');
  await meylan.goes('/groups?q=perpustakaan+keliling&area=Kota+Ambon');
  await meylan.taps('Kabari saya');
  await meylan.sees('Pencarian disimpan.');
  await meylan.sees(/perpustakaan keliling/);
  await meylan.findsThePageInOrder();
  await meylan.taps('Jeda');
  await meylan.sees('Dijeda');
  await meylan.taps('Lanjutkan');
  await meylan.taps('Hapus');
  await meylan.sees('Belum ada pencarian');
  await meylan.findsThePageInOrder();
});

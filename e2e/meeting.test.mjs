// Being seen before one belongs: an interview that is taken, moved and held; members whom one gets to know. Told on a phone
// and at a desk, with JavaScript and without.
import { story } from './story.mjs';

const group = '/groups/relawan-siaga-bencana-manado-dan-minahasa';

/** Puts a step of a kind before the decision. */
async function adds(coordinator, kind, name, fill = async () => {}) {
  await coordinator.goes(`${group}/path/new?kind=${kind}`);
  await coordinator.types('Nama langkah', name);
  await fill();
  await coordinator.findsThePageInOrder();
  await coordinator.taps('Simpan');
  await coordinator.sees(name);
}

/**
 * Leaves a promise and the decision: the form at the beginning and the training at the end, which asks for an answer of the
 * form, are not what the story is about.
 */
async function shortens(coordinator) {
  await coordinator.goes(`${group}/path`);
  const remove = coordinator.page.getByRole('button', { name: /^Hapus: / });
  await remove.last().click();
  await coordinator.page.waitForLoadState('load');
  await remove.first().click();
  await coordinator.page.waitForLoadState('load');
}

async function publishes(coordinator) {
  await coordinator.goes(`${group}/path`);
  await coordinator.findsThePageInOrder();
  await coordinator.taps('Berlakukan alur ini');
  await coordinator.sees(/Alur .*berlaku/);
}

async function applies(seeker) {
  await seeker.goes(`${group}/join`);
  await seeker.taps('Mulai mendaftar');
  await seeker.taps('Saya setuju');
}

/** The day and the hour at the group's place, so many minutes from now. */
function ahead(minutes) {
  const at = new Date(Date.now() + 60_000 * minutes);
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: 'Asia/Makassar', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at);
  const of = (type) => parts.find((part) => part.type === type).value;
  return { day: `${of('year')}-${of('month')}-${of('day')}`, time: `${of('hour')}:${of('minute')}` };
}

async function offers(coordinator, { day, time }, count) {
  await coordinator.goes(`${group}/interviews`);
  await coordinator.types('Hari', day);
  await coordinator.types('Jam mulai', time);
  await coordinator.types('Berapa menit?', '30');
  await coordinator.types('Berapa waktu berturut-turut?', String(count));
  await coordinator.types('Tempat atau tautan', 'Posko Relawan, Jl. Sam Ratulangi 1');
  await coordinator.taps('Tawarkan');
  await coordinator.sees('Waktu ditawarkan.');
}

story('an interview is offered, taken, moved and held', async ({ person }) => {
  const stenly = await person('coordinator');
  await shortens(stenly);
  await adds(stenly, 'interview', 'Wawancara singkat', async () => {
    await stenly.types('Sampai berapa jam sebelumnya pendaftar boleh memilih waktu lain?', '0');
  });
  await publishes(stenly);

  const meylan = await person('seeker');
  await applies(meylan);
  await meylan.sees('Belum ada waktu yang dapat dipilih.');
  await meylan.findsThePageInOrder();
  await meylan.taps('Tidak ada waktu yang cocok');
  await meylan.sees('Pengurus tahu bahwa Anda memerlukan waktu lain.');

  await stenly.goes(`${group}/interviews`);
  await stenly.sees('1 pendaftar belum mempunyai waktu.');
  await stenly.findsThePageInOrder();
  await stenly.types('Hari', '2020-01-01');
  await stenly.types('Tempat atau tautan', 'Posko');
  await stenly.taps('Tawarkan');
  await stenly.sees('Waktu ini sudah lewat.');
  await stenly.findsTyped('Tempat atau tautan', 'Posko');
  await stenly.findsThePageInOrder();
  await offers(stenly, ahead(3 * 24 * 60), 2);

  // She takes the first, then another one.
  await meylan.goes('/applications');
  await meylan.taps(/Relawan Siaga Bencana/);
  await meylan.sees('Pilih waktu yang cocok untuk Anda.');
  await meylan.findsThePageInOrder();
  await meylan.taps('Pilih waktu ini');
  await meylan.sees('Mohon perbaiki ini');
  await meylan.page.getByRole('radio').first().check();
  await meylan.taps('Pilih waktu ini');
  await meylan.sees('Waktu wawancara Anda tercatat.');
  await meylan.sees('Posko Relawan, Jl. Sam Ratulangi 1');
  await meylan.findsThePageInOrder();
  await meylan.taps('Pilih waktu lain');
  await meylan.page.getByRole('radio').first().check();
  await meylan.taps('Pilih waktu ini');
  await meylan.sees('Waktu wawancara Anda tercatat.');
  const file = await meylan.page.getByRole('link', { name: 'Unduh untuk kalender' }).getAttribute('href');
  const kept = await meylan.page.request.get(new URL(file, meylan.page.url()).href);
  if (!(await kept.text()).includes('METHOD:PUBLISH')) throw new Error('the calendar file is none');

  // The group moves it to a moment that comes while she waits, and she reads why.
  await stenly.goes(`${group}/interviews`);
  await stenly.taps('Pindahkan atau batalkan', { within: 'Meylan Rumengan' });
  await stenly.findsThePageInOrder();
  const soon = ahead(2);
  await stenly.types('Hari', soon.day);
  await stenly.types('Jam mulai', soon.time);
  await stenly.taps('Simpan perubahan');
  await stenly.sees('Tulis alasannya: sudah ada pendaftar yang memilih waktu ini.');
  await stenly.findsThePageInOrder();
  await stenly.types('Alasan', 'Ruangan dipakai rapat.');
  await stenly.taps('Simpan perubahan');
  await stenly.sees('Waktu diubah.');
  await meylan.waitsFor('Ruangan dipakai rapat.', { seconds: 20 });
  // Its hour has to come: once is enough.
  if (!stenly.script || stenly.size !== 'phone') return;

  await stenly.taps('Meylan Rumengan');
  await stenly.findsThePageInOrder();
  await stenly.waitsFor('Bagaimana wawancaranya?', { seconds: 140 });
  await stenly.taps('Berlangsung, pendaftaran dilanjutkan');
  await stenly.types('Catatan', 'Tahu apa yang dihadapi.');
  await stenly.findsThePageInOrder();
  await stenly.taps('Simpan hasil');
  await stenly.sees('Hasil dicatat. Pendaftaran dilanjutkan.');
  await stenly.sees('Tahu apa yang dihadapi.');
  await meylan.goes('/applications');
  await meylan.taps(/Relawan Siaga Bencana/);
  await meylan.doesNotSee('Tahu apa yang dihadapi.');
  await stenly.taps('Terima');
  await stenly.sees('Diterima. Pendaftar diberi tahu sebentar lagi.');
});

story('a lawyer who knows nobody is brought together with two members', async ({ person }) => {
  const stenly = await person('coordinator');
  await shortens(stenly);
  await adds(stenly, 'acquaintance', 'Berkenalan dengan dua anggota', async () => {
    await stenly.types('Berapa anggota harus sudah bertemu pendaftar?', '2');
  });
  await adds(stenly, 'vouch', 'Rekomendasi dari yang sudah ditemui');
  await publishes(stenly);

  const meylan = await person('seeker');
  await applies(meylan);
  await meylan.sees('Pengurus sedang mencari dua anggota yang akan berkenalan dengan Anda.');
  await meylan.findsThePageInOrder();

  await stenly.goes(`${group}/applications`);
  await stenly.taps('Meylan Rumengan');
  await stenly.sees('Pilih 2 anggota yang akan berkenalan dengan pendaftar.');
  await stenly.findsThePageInOrder();
  for (const [n, name] of ['Fera Lumenta', 'Stenly Walangitan'].entries()) {
    await stenly.page.getByLabel('Cari nama').or(stenly.page.getByRole('searchbox')).first().fill(name.split(' ')[0]);
    await stenly.page.getByRole('search').getByRole('button').first().click();
    await stenly.page.waitForLoadState('load');
    await stenly.page.getByRole('checkbox', { name }).check();
    if (n === 0) await stenly.types('Di mana, kapan, atau bagaimana', 'Sabtu 10.00, kantin Pengadilan Negeri Manado');
    await stenly.taps('Minta berkenalan');
    await stenly.sees('Permintaan dikirim kepada anggota.');
  }
  await stenly.findsThePageInOrder();

  const fera = await person('member');
  await fera.goes('/vouches');
  await fera.taps('Meylan Rumengan');
  await fera.sees('Sabtu 10.00, kantin Pengadilan Negeri Manado');
  await fera.findsThePageInOrder();
  await fera.taps('Saya tidak dapat');
  await fera.sees('Baik. Pengurus meminta anggota lain.');
  await fera.taps('Urungkan');
  await fera.taps('Saya bersedia');
  await fera.sees('Terima kasih. Pendaftar diberi tahu.');
  await meylan.goes('/applications');
  await meylan.taps(/Relawan Siaga Bencana/);
  await meylan.sees('Fera Lumenta');
  await meylan.sees('Sabtu 10.00, kantin Pengadilan Negeri Manado');
  await meylan.findsThePageInOrder();
  await fera.taps('Kami sudah bertemu');
  await fera.sees('Tercatat. Terima kasih sudah menemuinya.');
  await stenly.goes('/vouches');
  await stenly.taps('Meylan Rumengan');
  await stenly.taps('Kami sudah bertemu');
  await stenly.sees('Tercatat. Terima kasih sudah menemuinya.');

  // Whom she has met stand there to be asked.
  await meylan.goes('/applications');
  await meylan.taps(/Relawan Siaga Bencana/);
  await meylan.sees('Anggota yang sudah Anda temui:');
  await meylan.findsThePageInOrder();
  for (const [who, name] of [[fera, 'Fera Lumenta'], [stenly, 'Stenly Walangitan']]) {
    await meylan.page.getByRole('radio', { name }).check();
    await meylan.taps('Minta rekomendasi');
    await meylan.sees('Permintaan tercatat.');
    await who.goes('/vouches');
    await who.page.locator('a[href^="/vouches/"]').first().click();
    await who.page.waitForLoadState('load');
    await who.taps('Lingkungan atau komunitas');
    await who.taps('Kurang dari 1 tahun');
    await who.taps('Saya merekomendasikan');
  }
  await stenly.goes(`${group}/applications`);
  await stenly.taps('Meylan Rumengan');
  await stenly.taps('Terima');
  await stenly.sees('Diterima. Pendaftar diberi tahu sebentar lagi.');
});

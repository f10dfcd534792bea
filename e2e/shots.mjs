// Screenshots of each screen for the guide: phone and desk, both languages, into docs/guide/images as
// SCREEN-LANGUAGE-SIZE.jpg, with a page that shows them. Started by `cargo xtask shots`; screens named as arguments are
// taken alone.
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeBrowser, goIn, open, site, sizes, stateOf } from './lib.mjs';

/** The group that the guide walks through: it takes applications and some wait. */
const group = '/groups/relawan-siaga-bencana-manado-dan-minahasa';

/**
 * Each screen: its name, who looks, where, and its words in the guide; `via` and `link` go on from there by the first link
 * whose address fits; `first` is what the person does once before, in their own browser.
 */
const screens = [
  { name: 'start', who: 'stranger', at: '/',
    id: ['Awal', 'Cari kelompok dengan satu kata, atau buka kelompok sendiri.'],
    en: ['Start', 'Look for a group with one word, or open one of your own.'] },
  { name: 'discover', who: 'stranger', at: '/groups',
    id: ['Temukan', 'Kelompok menurut kata, tempat, jarak, profesi, dan kepedulian; tiap hasil disertai alasannya.'],
    en: ['Discover', 'Groups by words, place, distance, profession and cause; each result with its reasons.'] },
  { name: 'search', who: 'stranger', at: '/groups?q=banjir&area=71.71&km=25',
    id: ['Mencari', 'Kata, tempat, dan jarak; saringan dengan jumlahnya, dan alasan tiap hasil.'],
    en: ['Searching', 'Words, place and distance; filters with their counts, and the reasons of each result.'] },
  { name: 'map', who: 'stranger', at: '/groups/map',
    id: ['Peta hasil', 'Tempat kelompok yang ditemukan, dengan tabel yang isinya sama.'],
    en: ['Results on a map', 'Where the groups that were found are, with a table that holds the same.'] },
  { name: 'group', who: 'stranger', at: group,
    id: ['Halaman kelompok', 'Siapa pengurusnya, apa langkah bergabungnya, dan berapa lama.'],
    en: ['A group', 'Who runs it, what joining takes, and how long.'] },
  { name: 'ask', who: 'stranger', at: `${group}/ask`,
    id: ['Tanya kelompok', 'Bertanya sebelum bergabung, tanpa akun pun bisa.'],
    en: ['Ask the group', 'A question before joining, without an account too.'] },
  { name: 'share', who: 'stranger', at: `${group}/share`,
    id: ['Bagikan kelompok', 'Tautan pendek, kata-kata untuk WhatsApp, kode QR, dan poster.'],
    en: ['Share the group', 'A short link, words for WhatsApp, a QR code and a poster.'] },
  { name: 'sign-up', who: 'stranger', at: '/sign-up',
    id: ['Daftar', 'Satu akun untuk semua kelompok; di tiap isian tertulis alasannya.'],
    en: ['Sign up', 'One account for all groups; each field says why it is asked.'] },
  { name: 'sign-in', who: 'stranger', at: '/sign-in',
    id: ['Masuk', 'Dengan email dan kata sandi.'],
    en: ['Sign in', 'By mail address and password.'] },
  { name: 'forgot', who: 'stranger', at: '/forgot',
    id: ['Lupa kata sandi', 'Tautan lewat email, sekali pakai.'],
    en: ['Forgotten password', 'A link by mail, used once.'] },
  { name: 'api-docs', who: 'stranger', at: '/api/docs',
    id: ['Dokumentasi API', 'Semua yang dapat dilakukan sebuah program.'],
    en: ['API documentation', 'All that a program can do.'] },
  { name: 'join', who: 'seeker', at: `${group}/join`,
    id: ['Bergabung', 'Semua langkah sebelum Anda mulai.'],
    en: ['Joining', 'Every step before you begin.'] },
  { name: 'form', who: 'seeker', first: begins, at: '/applications', link: /^\/applications\/[^/]+$/,
    id: ['Formulir', 'Tiap pertanyaan menyebut alasannya, siapa yang membaca, dan kapan dihapus.'],
    en: ['Form', 'Each question says why, who reads the answer, and when it is deleted.'] },
  { name: 'application', who: 'seeker', first: fills, at: '/applications', link: /^\/applications\/[^/]+$/,
    id: ['Satu pendaftaran', 'Langkah mana sekarang, siapa yang bergerak, sampai kapan.'],
    en: ['One application', 'Which step is now, whose turn it is, and until when.'] },
  { name: 'withdraw', who: 'seeker', at: '/applications', via: /^\/applications\/[^/]+$/, link: /\/withdraw$/,
    id: ['Menarik pendaftaran', 'Apa yang terjadi dengan jawaban Anda.'],
    en: ['Withdrawing', 'What becomes of your answers.'] },
  { name: 'applications', who: 'seeker', at: '/applications',
    id: ['Pendaftaran saya', 'Semua pendaftaran dengan keadaannya.'],
    en: ['My applications', 'All applications and how they stand.'] },
  { name: 'profile', who: 'member', at: '/me/profile',
    id: ['Profil', 'Apa yang diketahui orang lain; tiap bagian punya pembacanya sendiri.'],
    en: ['Profile', 'What others know of you; each part has its own readers.'] },
  { name: 'preview', who: 'member', at: '/me/profile/preview',
    id: ['Sebagaimana orang lain melihat Anda', 'Profil di mata orang asing, pengguna lain, dan teman sekelompok.'],
    en: ['As others see you', 'Your profile for strangers, for whoever is signed in, and for those of your groups.'] },
  { name: 'person', who: 'member', at: `${group}/members`, link: /^\/people\/[^/]+$/,
    id: ['Profil orang lain', 'Sejauh pemiliknya memperlihatkannya.'],
    en: ['Another person', 'As far as they show themselves.'] },
  { name: 'account', who: 'member', at: '/me',
    id: ['Akun', 'Profil, setelan, data, dan bahasa.'],
    en: ['Account', 'Profile, settings, data and language.'] },
  { name: 'account-settings', who: 'member', at: '/me/settings',
    id: ['Setelan akun', 'Kata sandi, email, perangkat, dan menutup akun.'],
    en: ['Account settings', 'Password, mail address, devices, and closing the account.'] },
  { name: 'second-step', who: 'member', at: '/me/factors',
    id: ['Langkah kedua', 'Kode dari aplikasi di ponsel, selain kata sandi.'],
    en: ['Second step', 'A code of an app on the phone, besides the password.'] },
  { name: 'network', who: 'member', at: '/network',
    id: ['Jaringan saya', 'Orang yang Anda kenal, di kelompok mana pun.'],
    en: ['My network', 'The people you know, in whatever group.'] },
  { name: 'watches', who: 'member', at: '/watches',
    id: ['Pencarian saya', 'Pencarian yang mengabari Anda bila ada kelompok baru yang cocok.'],
    en: ['My searches', 'Searches that tell you when a new group fits.'] },
  { name: 'qualifications', who: 'member', at: '/me/qualifications',
    id: ['Kualifikasi saya', 'Izin, pelatihan, dan surat keterangan, dengan masa berlakunya.'],
    en: ['My qualifications', 'Licences, trainings and clearances, and until when they hold.'] },
  { name: 'vouches', who: 'member', at: '/vouches',
    id: ['Permintaan rekomendasi', 'Pendaftar yang meminta Anda berbicara untuknya.'],
    en: ['Requests to vouch', 'Applicants who ask you to speak for them.'] },
  { name: 'my-trainings', who: 'member', at: '/me/trainings',
    id: ['Pelatihan saya', 'Sesi, kursi, dan hasilnya.'],
    en: ['My trainings', 'Sessions, seats and results.'] },
  { name: 'wards', who: 'member', at: '/wards',
    id: ['Anak yang Anda dampingi', 'Persetujuan untuk akun dan untuk tiap kelompok.'],
    en: ['Minors in your care', 'Your consent to the account, and to each group.'] },
  { name: 'leave', who: 'member', at: `${group}/leave`,
    id: ['Keluar dari kelompok', 'Apa yang tetap tersimpan dan apa yang hilang.'],
    en: ['Leaving a group', 'What stays and what goes.'] },
  { name: 'desk', who: 'coordinator', at: '/desk',
    id: ['Meja', 'Yang menunggu pengurus.'],
    en: ['Desk', 'What waits for a coordinator.'] },
  { name: 'board', who: 'coordinator', at: `${group}/applications`,
    id: ['Papan pendaftaran', 'Tahap sebagai kolom, dengan tombol di samping seret.'],
    en: ['Applications board', 'Stages as columns, with buttons beside dragging.'] },
  { name: 'figures', who: 'coordinator', at: `${group}/applications/figures`,
    id: ['Angka alur', 'Berapa orang, berapa lama, dan di langkah mana orang berhenti.'],
    en: ['Figures of the path', 'How many, how long, and at which step people give up.'] },
  { name: 'interviews', who: 'coordinator', at: `${group}/interviews`,
    id: ['Wawancara', 'Waktu yang ditawarkan pengurus dan siapa yang memakainya.'],
    en: ['Interviews', 'The times that coordinators offer, and who took them.'] },
  { name: 'trainings', who: 'coordinator', at: `${group}/trainings`,
    id: ['Pelatihan', 'Sesi dengan tempat, waktu, kursi, dan daftar tunggunya.'],
    en: ['Trainings', 'Sessions with their place, time, seats and line.'] },
  { name: 'review', who: 'coordinator', at: `${group}/applications`, link: /^\/applications\/[^/]+$/,
    id: ['Memutuskan', 'Jawaban, profil, rekomendasi, dan keputusan dengan alasannya.'],
    en: ['Deciding', 'Answers, profile, vouches, and the decision with its reason.'] },
  { name: 'questions', who: 'coordinator', at: `${group}/questions`,
    id: ['Pertanyaan kepada kelompok', 'Kotak masuk bersama para pengurus.'],
    en: ['Questions to the group', 'The inbox that the coordinators share.'] },
  { name: 'notices', who: 'coordinator', at: '/notices',
    id: ['Kabar', 'Yang terjadi dan menyangkut Anda.'],
    en: ['News', 'What happened and concerns you.'] },
  { name: 'members', who: 'member', at: `${group}/members`,
    id: ['Anggota', 'Siapa saja anggotanya dan apa perannya.'],
    en: ['Members', 'Who belongs to the group, and in which role.'] },
  { name: 'member', who: 'coordinator', at: `${group}/members`, link: /\/members\/[^/]+$/,
    id: ['Mengelola anggota', 'Peran, penangguhan, dan serah terima.'],
    en: ['Managing a member', 'Roles, suspension, and handing over.'] },
  { name: 'roles', who: 'coordinator', at: `${group}/roles`,
    id: ['Peran', 'Tugas, syarat, dan siapa yang memegangnya.'],
    en: ['Roles', 'Duties, requirements, and who holds them.'] },
  { name: 'role', who: 'coordinator', at: `${group}/roles`, link: /\/roles\/(?!new)[^/]+$/,
    id: ['Satu peran', 'Tugas, kualifikasi yang diminta, dan apa yang boleh dilakukan pemegangnya.'],
    en: ['One role', 'Its duties, the qualifications it asks for, and what its holders may do.'] },
  { name: 'safeguarding', who: 'coordinator', at: `${group}/safeguarding`,
    id: ['Penanggung jawab perlindungan', 'Ditunjuk oleh dua orang; hanya mereka yang membaca kekhawatiran.'],
    en: ['Safeguarding', 'Appointed by two; they alone read concerns.'] },
  { name: 'checks', who: 'coordinator', at: `${group}/qualifications`,
    id: ['Kualifikasi anggota', 'Yang segera berakhir, dan jenis kualifikasi milik kelompok.'],
    en: ['Members\' qualifications', 'What ends soon, and the kinds of the group\'s own.'] },
  { name: 'links', who: 'coordinator', at: `${group}/links`,
    id: ['Tautan undangan', 'Untuk berapa orang, sampai kapan, dan siapa yang datang lewat tautan itu.'],
    en: ['Invitation links', 'For how many people, until when, and who came by them.'] },
  { name: 'settings', who: 'coordinator', at: `${group}/settings`,
    id: ['Pengaturan kelompok', 'Halaman, daerah, dan cara bergabung.'],
    en: ['Group settings', 'The page, the area, and how one joins.'] },
  { name: 'path', who: 'coordinator', at: `${group}/path`,
    id: ['Alur bergabung', 'Langkah demi langkah; perubahan disiapkan dahulu, lalu diberlakukan.'],
    en: ['Joining path', 'Step by step; changes are prepared first, then put into use.'] },
  { name: 'step', who: 'coordinator', at: `${group}/path/1`,
    id: ['Satu langkah', 'Tenggat, pengingat, dan pertanyaannya.'],
    en: ['One step', 'Its deadline, its reminder and its questions.'] },
  { name: 'agreement', who: 'coordinator', at: `${group}/path/2`,
    id: ['Langkah persetujuan', 'Teks yang disetujui, dengan versinya.'],
    en: ['An agreement', 'The text that is agreed to, with its version.'] },
  { name: 'question', who: 'coordinator', at: `${group}/path/1/2`,
    id: ['Satu pertanyaan', 'Alasannya, pembacanya, dan kapan jawabannya dihapus.'],
    en: ['One question', 'Why it is asked, who reads the answer, and when it is deleted.'] },
  { name: 'close-group', who: 'coordinator', at: `${group}/close`,
    id: ['Menutup kelompok', 'Apa yang terjadi, sebelum terjadi.'],
    en: ['Closing a group', 'What happens, before it happens.'] },
  { name: 'tokens', who: 'member', at: '/me/tokens',
    id: ['Token API', 'Program yang boleh bertindak atas nama Anda.'],
    en: ['API tokens', 'Programs that may act in your name.'] },
  { name: 'mail', who: 'member', at: '/me/notices',
    id: ['Kabar lewat email', 'Pilih jenis kabar yang dikirim lewat email.'],
    en: ['News by mail', 'Which kinds of news come by mail.'] },
  { name: 'mailbox', who: 'member', at: '/mailbox',
    id: ['Kotak surat', 'Email yang tidak dikirim, di peragaan atau tanpa server email.'],
    en: ['Mailbox', 'Mails that were not sent, in the demonstration or without a mail server.'] },
  { name: 'templates', who: 'coordinator', at: '/groups/new',
    id: ['Membuka kelompok', 'Delapan pola siap pakai, atau kosong.'],
    en: ['Opening a group', 'Eight templates, or a blank one.'] },
  { name: 'blank', who: 'coordinator', at: '/groups/new/blank',
    id: ['Kelompok kosong', 'Tanpa pola: semuanya Anda isi sendiri.'],
    en: ['A blank group', 'Without a template: all of it is yours to fill in.'] },
  { name: 'open-group', who: 'coordinator', at: '/groups/new/orphanage',
    id: ['Dari pola', 'Nama dan daerah cukup untuk memulai.'],
    en: ['From a template', 'A name and an area are enough to begin.'] },
];

/** A picture shows this much of a long page: readers of the guide want the screen, not the scroll. */
const mostHeight = { phone: 1100, desk: 900 };
const quality = 55;

/** The page of the guide that shows all of them. */
const guide = {
  id: ['Layar demi layar', 'Setiap layar di ponsel dan di meja, dari kelompok peragaan.', 'di ponsel', 'di meja'],
  en: ['Screen by screen', 'Every screen on a phone and at a desk, of the demonstration.', 'on a phone', 'at a desk'],
};

const folder = new URL('../docs/guide/images/', import.meta.url).pathname;
const named = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
if (named.length === 0) for (const old of readdirSync(folder)) if (old.endsWith('.jpg')) rmSync(join(folder, old));

const states = {};
let total = 0;
for (const screen of screens) {
  states[screen.who] ??= { cookies: await stateOf(screen.who) };
  const state = states[screen.who].cookies;
  if (screen.first) await doing(state, screen.first);
  if (named.length > 0 && !named.includes(screen.name)) continue;
  for (const lang of ['id', 'en']) {
    for (const size of Object.keys(sizes)) {
      const file = `${screen.name}-${lang}-${size}.jpg`;
      const bytes = await shoot({ ...screen, lang, size, state, path: join(folder, file) });
      total += bytes;
      console.log(`${file} ${Math.round(bytes / 1000)} KB`);
    }
  }
}
await closeBrowser();
if (named.length === 0) for (const lang of ['id', 'en']) writeGuide(lang);
console.log(`${Math.round(total / 1000)} KB in all, in ${folder}`);

function writeGuide(lang) {
  const [title, lead, phone, desk] = guide[lang];
  const part = (screen) => {
    const [name, words] = screen[lang];
    const picture = (size, where) => `![${name}, ${where}](../images/${screen.name}-${lang}-${size}.jpg)`;
    return `## ${name}\n\n${words}\n\n${picture('phone', phone)}\n${picture('desk', desk)}\n`;
  };
  const path = new URL(`../docs/guide/${lang}/screens.md`, import.meta.url).pathname;
  writeFileSync(path, `# ${title}\n\n${lead}\n\n${screens.map(part).join('\n')}`);
}

/** Meylan begins her application, unless an earlier run has. */
async function begins(page) {
  await page.goto(`${site}${group}/join`);
  if (page.url().endsWith('/join')) await page.locator(`form[action="${group}/join"] button`).click();
}

/** She answers what is asked and sends it. */
async function fills(page) {
  await page.goto(`${site}${group}/join`);
  const form = page.locator('form[action$="/form"]');
  if (await form.count() === 0) return;
  await form.locator('[name="where"][value="post"]').check();
  await form.locator('[name="roles"][value="medical"]').check();
  await form.locator('[name="experience"]').fill('Perawat klinik sejak 2021. Pelatihan bantuan hidup dasar tahun 2024.');
  await form.locator('[name="equipment"][value="motorcycle"]').check();
  await form.locator('[name="calls"]').check();
  await form.locator('[name="do"][value="send"]').click();
  await page.waitForLoadState('load');
}

async function doing(state, what) {
  const visit = await open({ size: 'desk', state });
  await what(visit.page);
  await visit.close();
}

async function shoot({ at, via, link, lang, size, state, path }) {
  const visit = await open({ lang, size, state });
  await goIn(visit, lang, at);
  for (const next of [via, link].filter(Boolean)) {
    const hrefs = await visit.page.locator('a[href]').evaluateAll((all) => all.map((one) => new URL(one.href).pathname));
    const found = hrefs.find((href) => next.test(href));
    if (!found) throw new Error(`${at} has no link to ${next}`);
    await goIn(visit, lang, found);
  }
  const height = await visit.page.evaluate(() => document.documentElement.scrollHeight);
  await visit.page.setViewportSize({ ...sizes[size], height: Math.min(Math.max(height, sizes[size].height), mostHeight[size]) });
  writeFileSync(path, await visit.page.screenshot({ type: 'jpeg', quality, animations: 'disabled' }));
  await visit.close();
  return statSync(path).size;
}

// The disaster volunteers of the demonstration, and what several stories do with them.

export const disaster = 'Relawan Siaga Bencana Manado dan Minahasa';
export const disasterPage = '/groups/relawan-siaga-bencana-manado-dan-minahasa';

/** A person of the demonstration without a door of their own: comes in by a new password. */
export async function returns(person, key) {
  const one = await person('stranger');
  const address = `${key}@demo.mapalus.example`;
  await one.goes('/forgot');
  await one.types('Alamat email', address);
  await one.taps('Kirim tautan');
  await one.taps('Buka kotak surat');
  // The mail to this address: others may have asked for a new password before.
  const mail = new RegExp(`Buat kata sandi baru\\s*${address}`);
  await one.waitsFor(mail, { seconds: 20 });
  await one.taps('Buat kata sandi baru', { within: mail });
  await one.taps(/\/reset\//);
  await one.types('Kata sandi', 'kopi pagi di teras');
  await one.taps('Simpan kata sandi');
  return one;
}

/** Answers what the disaster volunteers ask. */
export async function fills(person) {
  await person.taps('Di posko, dapur, atau pengungsian');
  await person.taps('Medis');
  await person.taps('Sepeda motor');
  await person.taps(/bersedia dihubungi siang atau malam/);
}

/** Walks the path of the disaster volunteers up to the decision. */
export async function applies(person) {
  await person.goes(`${disasterPage}/join`);
  await person.taps('Mulai mendaftar');
  await fills(person);
  await person.taps('Kirim');
  await person.taps('Saya setuju');
  await person.sees('Sekarang giliran pengurus');
}

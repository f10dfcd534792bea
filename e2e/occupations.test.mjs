// Whatever one types for one's profession, others read what people say of themselves.
import { story } from './story.mjs';

story('a nurse becomes a specialist by the official title and reads the everyday name', async ({ person }) => {
  const meylan = await person('seeker');
  await meylan.goes('/me/profile');
  await meylan.findsTyped('Profesi', 'Perawat');
  await meylan.types('Profesi', 'Praktisi Dokter Spesialis');
  await meylan.taps('Simpan profil');
  await meylan.findsTyped('Profesi', 'Dokter spesialis');
  await meylan.goes('/me/profile/preview?as=groups');
  await meylan.sees('Dokter spesialis');
  await meylan.doesNotSee('Praktisi');
  await meylan.findsThePageInOrder();
  await meylan.goes('/groups');
  await meylan.sees('untuk profesi Anda: Dokter umum dan spesialis');
  await meylan.doesNotSee(/Profesional|Praktisi|YTDL|YBDI/);
});

shell-skip = Langsung ke isi halaman
shell-nav = Menu utama
shell-language = Bahasa
shell-discover = Temukan
shell-my-applications = Pendaftaran saya
shell-notices = Kabar
shell-unread = { $count } belum dibaca
shell-desk = Meja
shell-operator = Pengelola
shell-account = Akun
shell-sign-in = Masuk
shell-sign-up = Daftar

shell-demo-name = Peragaan.
shell-demo-text = Semua orang dan kelompok di sini rekaan. Silakan coba.
shell-demo-sign-in = Masuk sebagai contoh
shell-demo-mailbox = Kotak surat
shell-mail-off-name = Server email belum diatur.
shell-mail-off-text = Kode masuk dan pemberitahuan belum dapat terkirim.
shell-mail-off-link = Lihat cara mengaturnya

shell-undo = Urungkan
shell-undo-within = Masih bisa { $seconds } detik lagi.

shell-motto = Saling membantu bergiliran.
shell-about = Tentang Mapalus
shell-privacy = Privasi
shell-data = Ketentuan data
shell-api = Dokumentasi API
shell-data-source = Wilayah, pekerjaan, dan tempat diambil dari data terbuka. Sumber dan lisensinya ada di Ketentuan data.

shell-optional = (boleh dikosongkan)
shell-near = Mungkin maksud Anda
shell-errors = Mohon perbaiki ini
shell-errors-first = { $count ->
    [1] Lihat isiannya
   *[other] { $count } isian, mulai dari yang pertama
}
shell-file-again = Pilih berkasnya sekali lagi. Isian lain sudah kami simpan di sini.
shell-file-choose = Pilih berkas
shell-file-more = Tambah berkas
shell-file-remove = Hapus { $name }
shell-file-full = Sudah penuh. Hapus satu berkas untuk mengganti.
shell-left = Sisa # karakter

shell-note-info = Info.
shell-note-good = Beres.
shell-note-warn = Perhatian.
shell-note-danger = Gagal.

shell-pattern-day = %a %-d %b %Y
shell-pattern-instant = %a %-d %b %Y, %H.%M %Z
shell-ago-now = baru saja
shell-ago-minutes = { $count } menit lalu
shell-ago-hours = { $count } jam lalu
shell-ago-days = { $count } hari lalu

shell-refusal-title = Belum berhasil
shell-refusal-not-found = Tidak ditemukan
shell-try-again = Coba lagi
shell-refusal-gone = Tidak berlaku lagi
shell-see-newer = Lihat keadaan terbaru
shell-refusal-wait = Tunggu sebentar
shell-to-groups = Lihat kelompok
shell-refusal-changed = Ada yang berubah
shell-next-page = Halaman berikutnya
shell-refusal-forbidden = Bukan untuk Anda
shell-docs-title = Dokumentasi API
shell-account-settings = Buka setelan akun
shell-new-link = Minta tautan baru
shell-docs-lead = Program dapat melakukan hampir semua yang ada di halaman. Uraiannya dalam bahasa Inggris.
shell-docs-part-people = Orang dan akun
shell-docs-part-groups = Kelompok
shell-docs-part-joining = Bergabung
shell-docs-part-asking = Pertanyaan kepada kelompok
shell-docs-part-growth = Pelatihan
shell-docs-part-qualifications = Kualifikasi
shell-docs-part-safeguarding = Perlindungan
shell-docs-part-notices = Pemberitahuan
shell-docs-part-words = Kata pilihan
shell-docs-part-operating = Mengelola situs
shell-docs-part-number = { $name }, bagian { $number }
shell-docs-parameters = Parameter
shell-docs-body = Isi kiriman
shell-docs-answer = Jawaban
shell-docs-required = wajib

shell-kept-title = Isian Anda masih ada
shell-kept-lead = Formulir ini belum terkirim. Isian Anda ada di bawah. Periksa, lalu kirim.
shell-kept-list = Formulirnya tidak lagi seperti tadi. Ini tulisan Anda: salin yang Anda perlukan.
shell-kept-page = Buka halaman formulir
shell-kept-see = Lihat isian Anda
shell-kept-drop = Tidak jadi
shell-shift-up = Naik
shell-shift-down = Turun
shell-shift-remove = Hapus
shell-docs-token = Token perlu mencakup
shell-docs-token-never = Tidak untuk token.
shell-feed = Kelompok baru
shell-back = Kembali
shell-factor-name = Siapkan langkah kedua.
shell-factor-due = Pengurus dan pengelola memerlukannya untuk masuk, paling lambat { $when }.
shell-factor-over = Waktunya sudah lewat. Sebelum itu siap, tugas pengurus dan pengelola tertutup bagi Anda.
shell-factor-set = Siapkan sekarang

shell-wards = Anak yang saya wakili

//! Words: stems, errors, meanings, and whatever else people type.

use mapalus_search::{Document, Meaning, Reason};

use crate::{found, ids, index, named, words};

#[test]
fn indonesian_words_are_found_by_their_stem() {
    let index = index([
        named("a", "Relawan mengajar"),
        named("b", "Para pengajar Minahasa"),
        named("c", "Ajar bersama"),
        named("d", "Perawat"),
    ]);
    for word in ["mengajar", "ajar", "pengajar", "MENGAJAR"] {
        assert_eq!(found(&index, &words(word)), ["a", "b", "c"], "{word}");
    }
}

#[test]
fn english_words_are_found_by_their_stem() {
    let index =
        index([named("a", "Volunteers for floods"), named("b", "A volunteer group"), named("c", "Teachers")]);
    for word in ["volunteer", "volunteers", "volunteering"] {
        assert_eq!(found(&index, &words(word)), ["a", "b"], "{word}");
    }
}

#[test]
fn accents_and_case_make_no_difference() {
    let index = index([named("a", "Café Jérôme")]);
    for word in ["cafe", "CAFÉ", "cafe\u{301}", "jerome"] {
        assert_eq!(found(&index, &words(word)), ["a"], "{word}");
    }
}

#[test]
fn typing_errors_are_forgiven() {
    let index =
        index([named("a", "Perawat Manado"), named("b", "Siaga banjir"), named("c", "Kesehatan jiwa")]);
    for (typed, id) in
        [("perwat", "a"), ("bnajir", "b"), ("banjr", "b"), ("kesehtan", "c"), ("kesehatna", "c")]
    {
        assert_eq!(found(&index, &words(typed)), [id], "{typed}");
    }
    for typed in ["prt", "prwt", "banjrrr", "2221"] {
        assert_eq!(found(&index, &words(typed)), Vec::<String>::new(), "{typed}");
    }
}

#[test]
fn a_word_that_the_index_knows_is_not_taken_for_an_error() {
    let index = index([named("a", "Guru Manado"), named("b", "Buru sampah")]);
    assert_eq!(found(&index, &words("guru")), ["a"]);
}

#[test]
fn the_last_word_may_be_a_beginning() {
    let index = index([named("a", "Perawat anak Manado"), named("b", "Perpustakaan")]);
    assert_eq!(found(&index, &words("pera")), ["a"]);
    assert_eq!(found(&index, &words("anak man")), ["a"]);
    assert_eq!(found(&index, &words("pe")), Vec::<String>::new());
}

#[test]
fn every_word_has_to_match() {
    let index =
        index([named("a", "Perawat Manado"), named("b", "Perawat Bitung"), named("c", "Guru Manado")]);
    let both = index.search(&words("perawat manado")).expect("found");
    assert_eq!(ids(&both), ["a"]);
    assert!(!both.loosened);
}

#[test]
fn if_none_has_all_words_those_with_any_are_given_and_said_so() {
    let index = index([named("a", "Perawat Manado"), named("b", "Guru Bitung"), named("c", "Arsitek")]);
    let either = index.search(&words("perawat bitung")).expect("found");
    assert!(either.loosened);
    assert_eq!(either.total, 2);
    let neither = index.search(&words("zzzzzz qqqqqq")).expect("found");
    assert_eq!((neither.total, neither.loosened), (0, false));
}

#[test]
fn another_kind_with_all_words_is_no_reason_to_loosen() {
    let index = index([
        Document { kind: "occupational".to_owned(), ..named("a", "Perawat Manado") },
        named("b", "Perawat Bitung"),
    ]);
    let none = index
        .search(&mapalus_search::Query { kind: Some("volunteer".to_owned()), ..words("perawat manado") });
    let none = none.expect("found");
    assert_eq!((none.total, none.loosened), (0, false));
    assert_eq!(none.facets.kinds.len(), 1, "the tab of the other kind shows it: {:?}", none.facets);
}

#[test]
fn a_word_in_the_name_counts_more_and_is_said() {
    let elsewhere = Document { about: "Kami banjir bandang".to_owned(), members: 900, ..named("a", "Siaga") };
    let index = index([elsewhere, named("b", "Banjir Manado")]);
    let found = index.search(&words("banjir")).expect("found");
    assert_eq!(ids(&found), ["b", "a"]);
    assert_eq!(found.hits[0].fit.reasons, [Reason::NameMatches]);
    assert_eq!(found.hits[1].fit.reasons, []);
}

#[test]
fn a_meaning_counts_as_its_words() {
    let paediatricians = Document { occupations: vec!["2212".to_owned()], ..named("a", "IDAI Sulut") };
    let nurses = Document { occupations: vec!["2221".to_owned()], ..named("b", "PPNI") };
    let flood = Document { causes: vec!["flood".to_owned()], ..named("c", "Siaga") };
    let index = index([paediatricians, nurses, flood, named("d", "Anak Sulut")]);
    let doctors = Meaning { terms: 0..2, occupations: vec!["2212".to_owned()], ..Meaning::default() };
    let asked = mapalus_search::Query { meanings: vec![doctors.clone()], ..words("dokter anak") };
    let answer = index.search(&asked).expect("found");
    assert_eq!(ids(&answer), ["a"]);
    assert_eq!(answer.hits[0].fit.reasons, [Reason::OccupationMeant("2212".to_owned())]);
    let narrower = mapalus_search::Query { meanings: vec![doctors], ..words("dokter anak sulut") };
    assert_eq!(found(&index, &narrower), ["a"]);
    let broad = Meaning { terms: 0..1, occupations: vec!["22".to_owned()], ..Meaning::default() };
    let broad = mapalus_search::Query { meanings: vec![broad], ..words("nakes") };
    assert_eq!(found(&index, &broad), ["a", "b"]);
    let water = Meaning {
        terms: 0..1,
        causes: vec!["flood".to_owned()],
        words: vec!["anak".to_owned()],
        ..Meaning::default()
    };
    let water = mapalus_search::Query { meanings: vec![water], ..words("bah") };
    assert_eq!(found(&index, &water), ["c", "d"]);
}

#[test]
fn what_is_meant_is_found_in_groups_for_all_of_a_wider_occupation() {
    let of =
        |id: &str, code: &str| Document { occupations: vec![code.to_owned()], ..named(id, "Perkumpulan") };
    let index =
        index([of("own", "2212"), of("all", "221"), of("other", "2211"), of("widest", "22"), of("x", "23")]);
    let meant = Meaning { terms: 0..2, occupations: vec!["2212".to_owned()], ..Meaning::default() };
    let asked = mapalus_search::Query { meanings: vec![meant], ..words("dokter anak") };
    let answer = index.search(&asked).expect("found");
    let why = |id: &str| answer.hits.iter().find(|hit| hit.id == id).map(|hit| hit.fit.reasons.clone());
    let meant = |code: &str| Some(vec![Reason::OccupationMeant(code.to_owned())]);
    assert_eq!(ids(&answer)[0], "own", "a group of the occupation itself comes first");
    assert_eq!([why("own"), why("all"), why("widest")], [meant("2212"), meant("221"), meant("22")]);
    assert_eq!(answer.total, 3, "those of general practitioners alone are not among them");
    assert!(answer.facets.occupations.iter().all(|count| count.key == "2" || count.key == "22"));
}

#[test]
fn a_group_for_all_of_a_wider_occupation_says_so() {
    let of =
        |id: &str, code: &str| Document { occupations: vec![code.to_owned()], ..named(id, "Perkumpulan") };
    let index = index([of("all", "222"), of("own", "2221"), of("other", "2222")]);
    let profile = mapalus_search::Profile { occupations: vec!["2221".to_owned()], ..Default::default() };
    let asked = mapalus_search::Query { profile: Some(profile), ..words("perkumpulan") };
    let whole = |id: &str| {
        let found = index.search(&asked).expect("found");
        found.hits.iter().find(|hit| hit.id == id).and_then(|hit| hit.fit.whole.clone())
    };
    assert_eq!((whole("all").as_deref(), whole("own"), whole("other")), (Some("222"), None, None));
}

#[test]
fn words_that_mean_something_together_do_not_count_one_by_one() {
    let index = index([named("a", "Panti anak"), named("b", "Dokter hewan"), named("c", "Bitung")]);
    let meant = Meaning { terms: 0..2, occupations: vec!["2212".to_owned()], ..Meaning::default() };
    let asked = |typed: &str| mapalus_search::Query { meanings: vec![meant.clone()], ..words(typed) };
    assert_eq!(found(&index, &asked("dokter anak")), Vec::<String>::new());
    assert_eq!(found(&index, &asked("dokter anak bitung")), ["c"]);
}

#[test]
fn no_words_panic() {
    let index = index([named("a", "Perawat +(Manado)\" AND"), named("b", "")]);
    let long = "perawat".repeat(5_000);
    let many = "a b c d e f g ".repeat(2_000);
    for typed in [
        "",
        " ",
        "...",
        "\"",
        "(",
        "+-!(){}[]^\"~*?:\\/",
        "AND OR NOT",
        "name:x",
        "*",
        "a*",
        "[a TO b]",
        "🙂🙂",
        "\u{0}\u{1}\u{7f}",
        "\u{202e}abc",
        "ﬁ",
        "İİİİ",
        "ßßßß",
        "你好 世界",
        "e\u{301}\u{301}\u{301}",
        &long,
        &many,
        "-1",
        "'; drop table groups; --",
        "\u{10ffff}",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ] {
        for words in
            [words(typed), mapalus_search::Query { limit: usize::MAX, offset: usize::MAX, ..words(typed) }]
        {
            index.search(&words).expect("an answer");
        }
    }
    assert_eq!(found(&index, &words("(perawat) AND")), ["a"]);
    let strange =
        Meaning { terms: 0..usize::MAX, occupations: vec!["é".to_owned(); 500], ..Meaning::default() };
    index.search(&mapalus_search::Query { meanings: vec![strange; 100], ..words("x") }).expect("an answer");
}

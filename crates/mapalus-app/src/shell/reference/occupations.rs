//! Occupations by the groups of ISCO-08: a name as people say it of themselves, the official titles (in Indonesian those of
//! KBJI 2014), synonyms and everyday words. People read the name and find by all of them.

use super::{super::locale::Lang, super::text::fold, Both, data_file, fit, near, nearest};
use std::{collections::HashMap, sync::OnceLock};

/// An occupation group.
#[derive(Debug, Clone)]
pub struct Occupation {
    /// Code of ISCO-08, one to four digits.
    pub code: String,
    name: Both,
    title: Both,
    /// Folded names, titles and synonyms by which it is found, each once, with the text as people write it.
    names: Vec<(String, String)>,
}

impl Occupation {
    /// Name, title and synonyms in both languages.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|(_, name)| name.as_str())
    }

    /// What people call it in a language: what they read.
    pub fn name(&self, lang: Lang) -> &str {
        self.name.get(lang)
    }

    /// The official title in a language, for programs.
    pub fn title(&self, lang: Lang) -> &str {
        self.title.get(lang)
    }

    fn found_by(&mut self, name: &str) {
        let folded = fold(name);
        if !folded.is_empty() && !self.names.iter().any(|(known, _)| *known == folded) {
            self.names.push((folded, name.to_owned()));
        }
    }
}

/// All occupations.
#[derive(Debug)]
pub struct Occupations {
    list: Vec<Occupation>,
    by_code: HashMap<String, usize>,
}

/// The occupations.
pub fn occupations() -> &'static Occupations {
    static OCCUPATIONS: OnceLock<Occupations> = OnceLock::new();
    OCCUPATIONS.get_or_init(Occupations::read)
}

fn rows(text: &'static str) -> impl Iterator<Item = csv::StringRecord> {
    csv::Reader::from_reader(text.as_bytes()).into_records().filter_map(Result::ok)
}

/// A hit: the occupation and the name, title or synonym by which it was found.
#[derive(Debug, Clone, Copy)]
pub struct Hit<'o> {
    /// The occupation.
    pub occupation: &'o Occupation,
    /// The name that fits the words.
    pub name: &'o str,
}

impl Occupations {
    fn read() -> Self {
        let both = |id: &str, en: &str| Both { id: id.to_owned(), en: en.to_owned() };
        let mut called: HashMap<String, Both> = rows(data_file!("occupations/names.csv"))
            .map(|row| (row[0].to_owned(), both(&row[1], &row[2])))
            .collect();
        let mut list: Vec<Occupation> = rows(data_file!("occupations/occupations.csv"))
            .map(|row| {
                let (code, title) = (row[0].to_owned(), both(&row[2], &row[1]));
                // The check of the data sees to it that each has a name.
                let name = called.remove(&code).unwrap_or_else(|| title.clone());
                let mut one =
                    Occupation { code, name: name.clone(), title: title.clone(), names: Vec::new() };
                let esco = row.get(3).unwrap_or("").split(';').map(str::trim);
                let all = [&name.id, &name.en, &title.id, &title.en].map(String::as_str);
                all.into_iter().chain(esco).for_each(|text| one.found_by(text));
                one
            })
            .collect();
        let by_code: HashMap<String, usize> =
            list.iter().enumerate().map(|(n, o)| (o.code.clone(), n)).collect();
        let more = rows(data_file!("occupations/occupation_titles_id.csv"))
            .map(|row| (row[0].split('.').next().unwrap_or("").to_owned(), row[1].to_owned()))
            .chain(
                rows(data_file!("words/occupations.csv")).map(|row| (row[0].to_owned(), row[2].to_owned())),
            );
        for (code, name) in more {
            if let Some(n) = by_code.get(&code) {
                list[*n].found_by(&name);
            }
        }
        Self { list, by_code }
    }

    /// The occupation of a code.
    pub fn get(&self, code: &str) -> Option<&Occupation> {
        self.by_code.get(code).map(|n| &self.list[*n])
    }

    /// An occupation as people read and type it: its name, with the code only where the name alone means another.
    pub fn label(&self, code: &str, lang: Lang) -> String {
        let Some(one) = self.get(code) else {
            return code.to_owned();
        };
        let name = one.name(lang);
        let same = self.typed(name).is_ok_and(|meant| meant.code == one.code);
        if same { name.to_owned() } else { format!("{code} {name}") }
    }

    /// All occupations, in the order of their codes.
    pub fn all(&self) -> &[Occupation] {
        &self.list
    }

    /// Occupations that fit the words in either language, best first, each once.
    pub fn search(&self, text: &str, most: usize) -> Vec<Hit<'_>> {
        let words = fold(text);
        if words.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(u8, usize, usize, Hit<'_>)> = self
            .list
            .iter()
            .filter_map(|occupation| {
                let names = occupation.names.iter().enumerate();
                let (rank, n, name) = names
                    .filter_map(|(n, (folded, name))| Some((fit(&words, folded)?, n, name)))
                    .min_by_key(|x| (x.0, x.1))?;
                // A unit group says more than the group above it.
                Some((rank, 4 - occupation.code.len(), n, Hit { occupation, name }))
            })
            .collect();
        found.sort_by(|a, b| {
            (a.0, a.1, a.2).cmp(&(b.0, b.1, b.2)).then_with(|| a.3.occupation.code.cmp(&b.3.occupation.code))
        });
        found.truncate(most);
        found.into_iter().map(|(_, _, _, hit)| hit).collect()
    }

    /// Occupations that are called exactly so in either language, by name, title or synonym.
    pub fn named(&self, text: &str) -> Vec<&Occupation> {
        let folded = fold(text);
        self.list.iter().filter(|one| one.names.iter().any(|(name, _)| *name == folded)).collect()
    }

    /// Names, titles and synonyms that are like words with typing errors, nearest first, one of each occupation; at most five.
    fn near(&self, words: &str) -> Vec<String> {
        let like = |one: &'_ Occupation| {
            let names = one.names.iter().enumerate();
            let near = names.filter_map(|(n, (folded, _))| Some((near(words, folded)?, n)));
            near.min()
        };
        let found = self.list.iter().filter_map(|one| like(one).map(|(far, n)| (far, (n, one))));
        // A unit group says more than the group above it.
        let order = |(n, one): &(usize, &Occupation)| (4 - one.code.len(), *n, one.code.clone());
        let found = nearest(found, |a, b| order(a).cmp(&order(b)));
        found.into_iter().map(|(n, one)| one.names[n].1.clone()).collect()
    }

    /// The occupation that a person typed: a code, a name, a title or a synonym in either language.
    ///
    /// # Errors
    /// Names of the nearest matches, best first, at most five.
    pub fn typed(&self, text: &str) -> Result<&Occupation, Vec<String>> {
        // The list of suggestions sends "code name".
        let code = text.split_whitespace().next().unwrap_or("");
        if let Some(occupation) = self.get(code) {
            return Ok(occupation);
        }
        let hits = self.search(text, 5);
        let folded = fold(text);
        match hits.first() {
            Some(hit) if fold(hit.name) == folded => Ok(hit.occupation),
            Some(_) => Err(hits.iter().map(|hit| hit.name.to_owned()).collect()),
            None => Err(self.near(&folded)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyday_words_find_the_occupation_in_both_languages() {
        for (word, code) in [
            ("dokter anak", "2212"),
            ("SpOG", "2212"),
            ("guru SD", "2341"),
            ("advokat", "2611"),
            ("paediatrician", "2212"),
            ("perawat", "2221"),
            ("nurse", "2221"),
            ("arsitek", "2161"),
        ] {
            let hits = occupations().search(word, 3);
            let codes: Vec<&str> = hits.iter().map(|hit| hit.occupation.code.as_str()).collect();
            assert!(codes.contains(&code), "{word}: {codes:?}");
        }
    }

    #[test]
    fn words_written_without_a_look_at_the_files_are_among_the_first_three_suggestions() {
        let words = super::super::everyday("occupation");
        let missed: Vec<_> = words
            .iter()
            .map(|(word, expected)| {
                let hits = occupations().search(word, 3);
                (word, expected, hits.iter().map(|hit| hit.occupation.code.as_str()).collect::<Vec<_>>())
            })
            .filter(|(_, expected, codes)| !codes.iter().any(|code| expected.iter().any(|one| one == code)))
            .collect();
        assert!(words.len() >= 100 && missed.is_empty(), "{} of {}: {missed:#?}", missed.len(), words.len());
    }

    #[test]
    fn a_person_may_type_the_words_written_without_a_look_at_the_files() {
        let words = super::super::everyday("occupation");
        let missed: Vec<_> = words
            .iter()
            .map(|(word, expected)| (word, expected, occupations().typed(word).map(|one| one.code.as_str())))
            .filter(|(_, expected, typed)| {
                !typed.as_ref().is_ok_and(|code| expected.iter().any(|one| one == code))
            })
            .collect();
        assert!(missed.is_empty(), "{} of {}: {missed:#?}", missed.len(), words.len());
    }

    #[test]
    fn people_read_what_they_say_of_themselves_and_find_by_the_official_title_too() {
        let nurse = occupations().get("2221").expect("nurses are there");
        assert_eq!([Lang::Id, Lang::En].map(|lang| nurse.name(lang)), ["Perawat", "Nurse"]);
        assert_eq!(
            [Lang::Id, Lang::En].map(|lang| nurse.title(lang)),
            ["Profesional Keperawatan", "Nursing Professionals"]
        );
        let ways = ["Perawat", "nurse", "Profesional Keperawatan", "nursing professionals", "Perawat Ahli"];
        for typed in ways {
            assert_eq!(occupations().typed(typed).map(|one| one.code.as_str()), Ok("2221"), "{typed}");
        }
        let official = occupations().search("profesional keperawatan", 3);
        assert_eq!(official.first().map(|hit| hit.occupation.name(Lang::Id)), Some("Perawat"));
    }

    #[test]
    fn the_name_of_each_unit_group_says_which_one_is_meant() {
        let units = occupations().all().iter().filter(|one| one.code.len() == 4);
        let pairs = units.flat_map(|one| [Lang::Id, Lang::En].map(|lang| (one, lang)));
        let mut count = 0;
        for (one, lang) in pairs {
            count += 1;
            assert_eq!(occupations().label(&one.code, lang), one.name(lang), "{}", one.code);
        }
        assert!(count > 800, "{count}");
    }

    #[test]
    fn every_official_title_still_finds_its_occupation() {
        for one in occupations().all() {
            for title in [Lang::Id, Lang::En].map(|lang| one.title(lang)) {
                let named = occupations().named(title);
                assert!(named.iter().any(|found| found.code == one.code), "{} {title}", one.code);
            }
        }
    }

    #[test]
    fn an_unknown_word_is_refused_with_the_nearest_names() {
        assert!(occupations().typed("gur").is_err_and(|near| !near.is_empty()));
        assert_eq!(occupations().typed("zzz").map(|o| o.code.as_str()), Err(Vec::new()));
        for (typed, meant) in [("perawt", "Perawat"), ("doktr anak", "Dokter anak"), ("nruse", "Nurse")] {
            let near = occupations().typed(typed).map(|o| o.code.as_str()).unwrap_err();
            let meant = |name: &String| name.eq_ignore_ascii_case(meant);
            assert!(near.len() <= 5 && near.iter().any(meant), "{typed}: {near:?}");
        }
        assert_eq!(occupations().typed("2221 Perawat").map(|o| o.code.as_str()), Ok("2221"));
    }
}

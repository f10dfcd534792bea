//! The picture: each place, each person and each empty seat is in it.

use crate::random::{self, Dice};
use mapalus_roster::{draw::draw, explain::vacancies};

#[test]
fn every_place_person_assignment_and_empty_seat_is_drawn() {
    for seed in 0..40 {
        let problem = random::any_problem(&mut Dice::new(seed));
        let roster = random::greedy(&mut Dice::new(seed), &problem, 30, Vec::new());
        let svg = draw(&problem, &roster);
        let count = |class: &str| svg.matches(&format!("class=\"{class}\"")).count();
        assert_eq!(count("person"), problem.people.len());
        assert_eq!(count("place"), problem.places.len());
        // Once with their person, once at their place.
        assert_eq!(count("work"), 2 * roster.assignments.len(), "seed {seed}");
        let empty: u32 = vacancies(&problem, &roster).iter().map(|vacancy| vacancy.2).sum();
        assert_eq!(count("empty"), empty as usize, "seed {seed}");
        assert_eq!(svg.matches('<').count(), svg.matches('>').count());
        for tag in ["svg", "style", "text", "rect", "title", "path"] {
            let open = svg.matches(&format!("<{tag} ")).count() + svg.matches(&format!("<{tag}>")).count();
            assert_eq!(open, svg.matches(&format!("</{tag}>")).count(), "{tag}");
        }
    }
}

#[test]
fn ids_that_look_like_markup_are_escaped() {
    let mut parts = (*random::any_problem(&mut Dice::new(1))).clone();
    parts.people[0].id = "<b> & \"c\"".into();
    let problem = mapalus_roster::model::Problem::new(parts).unwrap();
    let svg = draw(&problem, &mapalus_roster::model::Roster::default());
    assert!(svg.contains("&lt;b&gt; &amp; &quot;c&quot;") && !svg.contains("<b>"));
}

//! The engine's own program.
use mapalus_roster::{formats, search::*, checker};
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let text = std::fs::read_to_string(&args[2]).unwrap();
    let (p, f) = formats::read_problem(&args[2], &text).unwrap();
    if args[1] == "check" {
        let t = std::fs::read_to_string(&args[3]).unwrap();
        let s = formats::read_solution(&p, &args[3], &t).unwrap();
        let v = checker::check(&p, &s.roster);
        println!("{} {} {:?}", v.broken.len(), v.cost, v.terms.named());
        return;
    }
    let now = std::time::Instant::now();
    let clock = move || now.elapsed().as_secs_f64();
    let c = std::sync::atomic::AtomicBool::new(false);
    let l = |p: &Progress| eprintln!("{:.2} {} {:?} {}", p.seconds, p.cost, p.bound, p.empty);
    let w = Watch::new(&clock, &c, &l);
    let o = solve(&p, &Settings{seconds: args[3].parse().unwrap(), threads: args[4].parse().unwrap(), seed: args[5].parse().unwrap(), steps: None}, None, &w);
    println!("{} cost {} bound {:?} hard {} {:.1}", args[2], o.cost, o.bound, o.hard, o.seconds);
    std::fs::write("/tmp/roster-out.txt", formats::write_solution(&p, f, &o.roster, o.bound, o.seconds)).unwrap();
}

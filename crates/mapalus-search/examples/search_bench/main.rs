//! How fast and how big the search of groups is; each figure beside what SQLite's FTS5 does with the same groups.
//!
//! `cargo run --release -p mapalus-search --example search_bench -- [groups] [folder] [seed]`, and with `ask` before them
//! for the questions alone, of the index that stands in the folder.

mod made;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cpu_time::ThreadTime;
use made::{Source, World, mistyped};
use mapalus_search::{Change, Index, Near, Query, Settings};

type Failure = Box<dyn std::error::Error>;

/// Time on the clock and on the processor: other work on the machine lengthens the first.
#[derive(Clone, Copy)]
struct Took {
    wall: Duration,
    cpu: Duration,
}

/// Queries of the mix: (name, how many).
const MIX: [(&str, usize); 5] = [
    ("place (5 to 50 km) and profile", 800),
    ("place, a word and profile", 600),
    ("broad word, one typing error, profile", 300),
    ("two words, profile", 200),
    ("occupation with all below, profile", 100),
];

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn timed<T>(work: impl FnOnce() -> T) -> (Took, T) {
    let (start, before) = (Instant::now(), ThreadTime::now());
    let out = work();
    (Took { wall: start.elapsed(), cpu: before.elapsed() }, out)
}

fn main() -> Result<(), Failure> {
    let mut args = std::env::args().skip(1).peekable();
    if args.next_if(|word| word == "rest").is_some() {
        return rest(Path::new(&args.next().ok_or("rest needs a folder")?));
    }
    let ask = args.next_if(|word| word == "ask").is_some();
    let groups: usize = args.next().map_or(Ok(1_000_000), |text| text.parse())?;
    let folder = args.next().map_or_else(|| std::env::temp_dir().join("mapalus-search-bench"), PathBuf::from);
    let seed: u64 = args.next().map_or(Ok(20_261_124), |text| text.parse())?;
    println!("{groups} groups, seed {seed}, places by population of cities, words by Zipf (1/rank)");
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    let mut source = Source(seed);
    let world = World::read(&data, 60_000, &mut source)?;

    let dir = folder.join("index");
    let made = source.0;
    if !ask {
        fill(&dir, &world, groups, made)?;
    }
    questions(&dir, &world, seed)?;
    if ask {
        Ok(())
    } else {
        reference(&folder, &world, made, groups, &queries(&world, &mut Source(seed + 1)))
    }
}

/// A new index of that many groups.
fn fill(dir: &Path, world: &World, groups: usize, made: u64) -> Result<(), Failure> {
    if dir.exists() {
        std::fs::remove_dir_all(dir)?;
    }
    let build = || -> Result<(), Failure> {
        let (index, _) = Index::open_or_create(dir, Settings { memory_bytes: 120_000_000, threads: 2 })?;
        let mut source = Source(made);
        index.apply((0..groups).map(|number| Change::from(world.group(&mut source, number))), 1)?;
        index.settle()?;
        Ok(())
    };
    let (took, built) = timed(build);
    built?;
    println!(
        "index: built in {:.1} s (making the groups included), {} MB on disk",
        took.wall.as_secs_f64(),
        size_mb(dir)?
    );
    println!("memory after building: {}", memory()?);
    let resting = std::process::Command::new(std::env::current_exe()?).arg("rest").arg(dir).output()?;
    print!("{}", String::from_utf8_lossy(&resting.stdout));
    Ok(())
}

/// Asks everything.
fn questions(dir: &Path, world: &World, seed: u64) -> Result<(), Failure> {
    let (took, opened) = timed(|| Index::open_or_create(dir, Settings::default()));
    let (index, opened) = opened?;
    println!("opened in {:.0} ms: {opened:?}, {} groups", took.wall.as_secs_f64() * 1e3, index.groups());

    let asked = queries(world, &mut Source(seed + 1));
    for (name, query) in &asked[..] {
        let _ = (name, index.search(query)?); // Everything once, so that the disk is not measured.
    }
    for (name, count) in MIX {
        let mut times = Vec::with_capacity(count);
        let mut total = 0;
        for (_, query) in asked.iter().filter(|(of, _)| *of == name) {
            let (took, found) = timed(|| index.search(query));
            total += found?.total;
            times.push(took);
        }
        println!("{name}: {}, {} found on average", figures(&times), total / count as u64);
    }
    println!("memory after the queries: {}", memory()?);
    Ok(())
}

/// What a process takes that has opened the index: before it is asked anything, and after the first question, which
/// reads what every later one needs.
fn rest(dir: &Path) -> Result<(), Failure> {
    let (index, _) = Index::open_or_create(dir, Settings::default())?;
    println!("memory at rest, with the index open: {}", memory()?);
    let (took, found) = timed(|| index.search(&Query { limit: 20, ..Query::default() }));
    println!("first question: {:.0} ms, {} found", took.wall.as_secs_f64() * 1e3, found?.total);
    println!("memory at rest, after the first question: {}", memory()?);
    Ok(())
}

fn queries(world: &World, source: &mut Source) -> Vec<(&'static str, Query)> {
    let mut out = Vec::new();
    for (kind, (name, count)) in MIX.into_iter().enumerate() {
        for _ in 0..count {
            let district = world.district(source);
            let profile = world.profile(source, district);
            let word = |source: &mut Source, most| world.words[source.below(most)].clone();
            let radius_km = Some([5.0, 10.0, 25.0, 50.0][source.below(4)]);
            let areas = vec![district.code.clone()];
            let near = Near { lat: district.lat, lon: district.lon, radius_km, areas };
            let words = match kind {
                1 => Some(word(source, 1_000)),
                2 => {
                    let broad = word(source, 200);
                    Some(mistyped(&broad, source))
                }
                3 => Some(format!("{} {}", word(source, 300), word(source, 300))),
                _ => None,
            };
            let occupation = (kind == 4).then(|| profile.occupations[0][..2].to_owned());
            let near = (kind < 2).then_some(near);
            let profile = Some(profile);
            out.push((name, Query { words, near, occupation, profile, limit: 20, ..Query::default() }));
        }
    }
    out
}

fn figures(times: &[Took]) -> String {
    let list = |of: fn(&Took) -> Duration| {
        let mut list: Vec<Duration> = times.iter().map(of).collect();
        list.sort_unstable();
        let at = |part: f64| list[((list.len() - 1) as f64 * part) as usize].as_secs_f64() * 1e3;
        format!("p50 {:.2} ms, p99 {:.2} ms, most {:.2} ms", at(0.5), at(0.99), at(1.0))
    };
    format!("{} (of the processor: {})", list(|took| took.wall), list(|took| took.cpu))
}

fn size_mb(dir: &Path) -> Result<u64, Failure> {
    let mut sum = 0;
    for entry in std::fs::read_dir(dir)? {
        sum += entry?.metadata()?.len();
    }
    Ok(sum / 1_000_000)
}

fn memory() -> Result<String, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let wanted = ["VmHWM:", "VmRSS:", "RssAnon:", "RssFile:"];
    let lines = status.lines().filter(|line| wanted.iter().any(|name| line.starts_with(name)));
    Ok(lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join(", "))
}

/// The same groups in SQLite: FTS5 for the words, an index by position for the place. It knows no typing errors, no
/// stems, no facets and no fit, so it is asked for the word as it is and the twenty best, and for how many there are.
#[expect(clippy::disallowed_methods, reason = "the reference is a database of this benchmark alone")]
fn reference(
    folder: &Path,
    world: &World,
    made: u64,
    groups: usize,
    asked: &[(&'static str, Query)],
) -> Result<(), Failure> {
    let file = folder.join("reference.sqlite");
    if file.exists() {
        std::fs::remove_file(&file)?;
    }
    let mut database = rusqlite::Connection::open(&file)?;
    let build = |database: &mut rusqlite::Connection| -> Result<(), Failure> {
        database.execute_batch(
            "create virtual table texts using fts5(name, text, content = '', tokenize = 'unicode61 remove_diacritics 2');
             create table places (id integer primary key, lat real, lon real, members integer);",
        )?;
        let mut source = Source(made);
        let tx = database.transaction()?;
        {
            let mut text = tx.prepare("insert into texts (rowid, name, text) values ($1, $2, $3)")?;
            let mut place = tx.prepare("insert into places values ($1, $2, $3, $4)")?;
            for number in 0..groups {
                let group = world.group(&mut source, number);
                let (lat, lon) = group.point.unwrap_or_default();
                let all = format!("{} {} {}", group.summary, group.about, group.words.join(" "));
                text.execute((number as i64, &group.name, all))?;
                place.execute((number as i64, lat, lon, group.members as i64))?;
            }
        }
        tx.commit()?;
        database.execute_batch("create index by_place on places (lat, lon, members)")?;
        Ok(())
    };
    let (took, built) = timed(|| build(&mut database));
    built?;
    let size = std::fs::metadata(&file)?.len() / 1_000_000;
    println!("reference, SQLite FTS5: built in {:.1} s, {size} MB on disk", took.wall.as_secs_f64());
    let mut boxed = database.prepare(
        "select id, count(*) over () from places where lat between $1 and $2 and lon between $3 and $4
         order by members desc limit 20",
    )?;
    let mut worded = database.prepare(
        "select t.rowid, count(*) over () from texts t where texts match $1 order by rank limit 20",
    )?;
    let mut both = database.prepare(
        "select t.rowid, count(*) over () from texts t join places p on p.id = t.rowid
         where texts match $1 and p.lat between $2 and $3 and p.lon between $4 and $5 order by rank limit 20",
    )?;
    let mut right = Source(7);
    for (kind, (name, _)) in MIX.into_iter().enumerate().take(4) {
        let mut times = Vec::new();
        for (_, query) in asked.iter().filter(|(of, _)| *of == name).take(200) {
            let words = match kind {
                2 => world.words[right.below(200)].clone(),
                _ => query.words.clone().unwrap_or_default(),
            };
            let near = query.near.clone().unwrap_or_default();
            let away = near.radius_km.unwrap_or_default() / 111.2;
            let edges = (near.lat - away, near.lat + away, near.lon - away, near.lon + away);
            let (took, rows) = timed(|| -> Result<usize, rusqlite::Error> {
                let mut rows = match kind {
                    0 => boxed.query(edges)?,
                    1 => both.query((&words, edges.0, edges.1, edges.2, edges.3))?,
                    _ => worded.query([&words])?,
                };
                let mut count = 0;
                while rows.next()?.is_some() {
                    count += 1;
                }
                Ok(count)
            });
            rows?;
            times.push(took);
        }
        let note = if kind == 2 { " (asked without the error)" } else { "" };
        println!("reference, {name}{note}: {}", figures(&times));
    }
    Ok(())
}

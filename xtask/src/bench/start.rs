//! The demonstration at rest, and its start on data that is there.

use super::{Bench, Table, http::Line};
use crate::Outcome;
use crate::clock::{self, Stopwatch};
use std::time::Duration;

/// Starts that are measured; the middle one counts.
const STARTS: usize = 7;
/// How long it is left alone before its memory counts: the background work has had its round then.
const REST: Duration = Duration::from_secs(5);

pub fn measure(bench: &Bench, table: &mut Table) -> Outcome {
    let data = bench.path("start");
    let (first, _, from_nothing) = bench.demo(&data)?;
    drop(first);
    let (mut times, mut megabytes) = (Vec::new(), None);
    for number in 0..STARTS {
        let since = Stopwatch::start();
        let (server, url, _) = bench.demo(&data)?;
        let address = url.trim_start_matches("http://");
        let ask = || Line::open(address)?.ask("GET", super::GROUP, &[], "");
        let answer = ask().map_err(|error| format!("{url} does not answer: {error}"))?;
        times.push(since.seconds() * 1e3);
        if answer.status != 200 {
            return Err(format!("{url}{} answered {}", super::GROUP, answer.status));
        }
        if number + 1 == STARTS {
            clock::wait(REST, || Ok(None::<()>))?;
            megabytes = server.resident_megabytes();
        }
    }
    times.sort_by(f64::total_cmp);
    let (middle, most) = (times[STARTS / 2], times[STARTS - 1]);
    let nothing = format!("from nothing {:.0} ms", from_nothing * 1e3);
    let measured = format!("{middle:.0} ms (most {most:.0})");
    table.row("start on data to the first page", measured, &nothing, "", "<= 300 ms", Some(middle <= 300.0));
    if let Some(megabytes) = megabytes {
        table.row(
            "memory of the demo at rest",
            format!("{megabytes:.0} MB"),
            "",
            "",
            "<= 90 MB",
            Some(megabytes <= 90.0),
        );
    }
    Ok(())
}

//! Writes of 64 clients over the loopback, beside commits one by one on the same disk.

use super::{
    Bench, Table,
    http::{Answer, Line},
    load::{CLIENTS, Load},
};
use crate::clock::{self, Stopwatch};
use crate::process::{Background, capture};
use crate::{Outcome, http};
use std::time::Duration;

/// How long the writes are counted.
const SPAN: Duration = Duration::from_secs(10);
/// Writes before they are counted.
const WARM: u64 = 500;
/// Commits of one row that are counted, before the writes and after them.
const COMMITS: &str = "400";

pub fn measure(bench: &Bench, table: &mut Table) -> Outcome {
    let single = |file: &str| -> Outcome<f64> {
        let file = bench.path(file);
        let said = capture(&mut Bench::reference(&["commits", &file.to_string_lossy(), COMMITS]))?;
        said.trim().parse().map_err(|_| format!("the rate of commits is no number: {said}"))
    };
    let before = single("commits-before.db")?;
    let members = one_kind(bench, "a member is suspended or restored", suspensions)?;
    let opened = one_kind(bench, "a group is opened", |_, _| Ok(Load::default()))?;
    let after = single("commits-after.db")?;
    let commits = (before + after) / 2.0;
    let reference = format!("{commits:.0} commits/s one by one");
    for (kind, (rate, cpu), counts) in
        [("row, record, event, once-value", members, true), ("a whole group opened", opened, false)]
    {
        let ratio = rate / commits;
        let told = |target: &str| if counts { target.to_owned() } else { String::new() };
        let met = |met: bool| counts.then_some(met);
        table.row(
            &format!("writes of {CLIENTS} clients: {kind}"),
            format!("{rate:.0}/s"),
            &reference,
            &format!("{ratio:.1}"),
            &told(">= 10, goal 3000/s"),
            met(ratio >= 10.0),
        );
        table.row(
            &format!("server CPU of a write: {kind}"),
            format!("{cpu:.0} us"),
            "",
            "",
            &told("<= 700 us"),
            met(cpu <= 700.0),
        );
    }
    Ok(())
}

/// Lets the clients write to a demonstration of its own; gives writes a second and microseconds of the server's
/// processor for each.
fn one_kind(
    bench: &Bench,
    name: &str,
    prepare: impl FnOnce(&str, &str) -> Outcome<Load>,
) -> Outcome<(f64, f64)> {
    println!("   64 clients: {name}");
    let data = bench.path(&name.replace(' ', "-"));
    let (server, url, _) = bench.demo(&data)?;
    let cookies = http::cookies_of(&url, "/demo/coordinator")?;
    let address = url.trim_start_matches("http://");
    let load = prepare(address, &cookies)?;
    let mut outcome = Ok((0.0, 0.0));
    load.run(address, &cookies, u64::MAX, || {
        load.until(WARM);
        outcome = counted(&load, &server);
        load.end();
    });
    outcome
}

/// Counts for a while: writes a second, and microseconds of the server's processor for each.
fn counted(load: &Load, server: &Background) -> Outcome<(f64, f64)> {
    let (from, cpu, since) = (load.answered(), server.cpu_seconds()?, Stopwatch::start());
    clock::wait(SPAN, || Ok(None::<()>))?;
    let (count, cpu) = ((load.answered() - from) as f64, server.cpu_seconds()? - cpu);
    Ok((count / since.seconds(), cpu * 1e6 / count))
}

/// 64 groups of the coordinator, each with one member, who is suspended and restored in turns: each write changes a row,
/// records it, tells it in the outbox, and keeps the once-value.
fn suspensions(address: &str, coordinator: &str) -> Outcome<Load> {
    let member = http::cookies_of(&format!("http://{address}"), "/demo/member")?;
    let mut line = Line::open(address).map_err(|error| format!("{address}: {error}"))?;
    let mut ask = |method: &str, path: &str, cookies: &str, body: &str| -> Outcome<Answer> {
        let headers = [("Cookie", cookies), ("Content-Type", "application/json")];
        let answer = line.ask(method, path, &headers, body);
        let answer = answer.map_err(|error| format!("{method} {path}: {error}"))?;
        if (200..300).contains(&answer.status) {
            return Ok(answer);
        }
        Err(format!("{method} {path} answered {}: {}", answer.status, answer.body))
    };
    let me = ask("GET", "/api/v1/me", &member, "")?;
    let id = me.body.split("\"id\":\"").nth(1).and_then(|rest| rest.split('"').next());
    let id = id.ok_or("/api/v1/me tells no id")?.to_owned();
    let mut places = Vec::with_capacity(CLIENTS);
    for number in 0..CLIENTS {
        let group = format!(
            r#"{{"kind":"volunteer","name":"Ukur {number:02}","summary":"Kelompok untuk mengukur","causes":["disaster-relief"],
                "area":"Kota Manado","sign_up":"open","visibility":"unlisted"}}"#
        );
        let group = ask("POST", "/api/v1/groups", coordinator, &group)?;
        let group = group.header("location").ok_or("an opened group has no address")?.to_owned();
        let begun = ask("POST", &format!("{group}/applications"), &member, "")?;
        let begun = begun.header("location").ok_or("an application has no address")?.to_owned();
        ask("POST", &format!("{begun}/send"), &member, r#"{"answers":{"why":["Untuk mengukur."]}}"#)?;
        places.push(format!("{group}/members/{id}"));
    }
    Ok(Load::of(move |line, cookies, client, before, number| {
        let key = format!("bench-{number}");
        let headers =
            [("Cookie", cookies), ("Content-Type", "application/json"), ("Idempotency-Key", key.as_str())];
        let place = &places[client];
        if before % 2 == 0 {
            line.ask("POST", &format!("{place}/suspend"), &headers, r#"{"reason":"Untuk mengukur."}"#)
        } else {
            line.ask("POST", &format!("{place}/restore"), &headers, "")
        }
    }))
}

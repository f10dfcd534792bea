//! The group's page, beside a bare page.

use super::{Bench, GROUP, Table, http::Line};
use crate::process::{Background, capture};
use crate::{Outcome, http};
use std::time::Duration;

/// Rounds in which the pages take turns: what disturbs the machine disturbs all of them.
const ROUNDS: usize = 6;
/// Requests of a round, one after the other over one connection.
const REQUESTS: usize = 1_000;

/// A page that is asked for.
struct Page<'b> {
    server: &'b Background,
    line: Line,
    path: &'b str,
    cookies: &'b str,
    /// Seconds of the server's processor.
    cpu: f64,
    bytes: usize,
}

impl Page<'_> {
    fn ask(&mut self, times: usize) -> Outcome {
        let before = self.server.cpu_seconds()?;
        for _ in 0..times {
            let headers = [("Cookie", self.cookies)];
            let headers = if self.cookies.is_empty() { &[][..] } else { &headers[..] };
            let answer = self.line.ask("GET", self.path, headers, "");
            let answer = answer.map_err(|error| format!("GET {}: {error}", self.path))?;
            if answer.status != 200 {
                return Err(format!("GET {} answered {}", self.path, answer.status));
            }
            self.bytes = answer.body.len();
        }
        self.cpu += self.server.cpu_seconds()? - before;
        Ok(())
    }

    fn milliseconds(&self) -> f64 {
        self.cpu * 1e3 / (ROUNDS * REQUESTS) as f64
    }
}

pub fn measure(bench: &Bench, table: &mut Table) -> Outcome {
    let data = bench.path("page");
    let (server, url, _) = bench.demo(&data)?;
    let cookies = http::cookies_of(&url, "/demo/member")?;
    let file = bench.path("bare.db");
    let mut reference = Bench::reference(&["page", &file.to_string_lossy()]);
    let mut bare = Background::start("the bare page", &mut reference, "TERM", &bench.path("bare.log"))?;
    let address = bare.wait(Duration::from_secs(10), |log| {
        let said = log.lines().find_map(|line| line.strip_prefix("listening on http://"));
        said.map(str::to_owned)
    })?;
    let open = |address: &str| Line::open(address).map_err(|error| format!("{address}: {error}"));
    let own = url.trim_start_matches("http://");
    let page = |server, address: &str, path, cookies| -> Outcome<Page<'_>> {
        Ok(Page { server, line: open(address)?, path, cookies, cpu: 0.0, bytes: 0 })
    };
    let mut pages = [
        page(&bare, &address, "/things/one", "")?,
        page(&server, own, GROUP, "")?,
        page(&server, own, GROUP, cookies.as_str())?,
    ];
    // Once so that everything is there, then in turns.
    for page in &mut pages {
        page.ask(200)?;
        page.cpu = 0.0;
    }
    for _ in 0..ROUNDS {
        for page in &mut pages {
            page.ask(REQUESTS)?;
        }
    }
    let [bare_page, stranger, signed_in] = pages;
    let base = bare_page.milliseconds();
    let bytes = |page: &Page<'_>| format!("{:.1} KB", page.bytes as f64 / 1e3);
    let said = format!("{base:.3} ms, {}", bytes(&bare_page));
    for (name, page, most) in [("a stranger", &stranger, 4.0), ("signed in", &signed_in, 5.0)] {
        let (own, ratio) = (page.milliseconds(), page.milliseconds() / base);
        table.row(
            &format!("group page, {name}: CPU"),
            format!("{own:.3} ms, {}", bytes(page)),
            &said,
            &format!("{ratio:.1}"),
            &format!("<= {most}"),
            Some(ratio <= most),
        );
    }
    drop((stranger, signed_in, bare_page));
    drop((server, bare));
    let count = |cookies: &str| -> Outcome<u32> {
        let said = capture(&mut Bench::reference(&["statements", &data.to_string_lossy(), GROUP, cookies]))?;
        said.trim().parse().map_err(|_| format!("the count of statements is no number: {said}"))
    };
    for (name, cookies) in [("a stranger", ""), ("signed in", cookies.as_str())] {
        let count = count(cookies)?;
        table.row(
            &format!("group page, {name}: statements"),
            count.to_string(),
            "",
            "",
            "<= 8",
            Some(count <= 8),
        );
    }
    Ok(())
}

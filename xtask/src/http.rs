//! One request over HTTP/1.1, for what the browser and the API runner cannot do for us: signing in before they start.

use crate::Outcome;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Posts an empty form as a browser on the same site would and gives the cookies that the answer sets, as the value of a
/// `Cookie` header. `site` is `http://HOST:PORT`.
pub fn cookies_of(site: &str, path: &str) -> Outcome<String> {
    cookies_for(site, path, "")
}

/// The same with a form that is filled in, encoded as in an address.
pub fn cookies_for(site: &str, path: &str, form: &str) -> Outcome<String> {
    let kind = "Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded";
    let headers = format!("Origin: {site}\r\n{kind}\r\nContent-Length: {}", form.len());
    let head = ask("POST", site, path, &headers, form)?;
    let cookies: Vec<&str> = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))
        .filter_map(|(_, value)| value.trim().split(';').next())
        .collect();
    if cookies.is_empty() {
        return Err(format!("POST {site}{path} set no cookie: {}", head.lines().next().unwrap_or_default()));
    }
    Ok(cookies.join("; "))
}

/// The status that an address answers with these cookies.
pub fn status(site: &str, path: &str, cookies: &str) -> Outcome<u16> {
    let head = ask("GET", site, path, &format!("Accept: application/json\r\nCookie: {cookies}"), "")?;
    head.split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .ok_or_else(|| format!("GET {site}{path} answered no HTTP"))
}

/// Status line and headers of the answer.
fn ask(method: &str, site: &str, path: &str, headers: &str, body: &str) -> Outcome<String> {
    exchange(method, site, path, headers, body).map_err(|error| format!("{method} {site}{path}: {error}"))
}

fn exchange(method: &str, site: &str, path: &str, headers: &str, body: &str) -> std::io::Result<String> {
    let host = site.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\nConnection: close\r\n\r\n{body}"
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    Ok(answer.split("\r\n\r\n").next().unwrap_or_default().to_owned())
}

//! HTTP/1.1 over a socket: just enough to tell an answer from none.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

/// A connection that is kept open.
pub struct Line {
    site: String,
    stream: BufReader<TcpStream>,
}

/// An answer that came whole.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: String,
}

impl Answer {
    /// The values of a header.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let fields = self.head.lines().filter_map(|line| line.split_once(':'));
        fields.filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    /// The last value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.all(name).last()
    }
}

impl Line {
    /// To `127.0.0.1:PORT`.
    pub fn open(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        stream.set_nodelay(true)?;
        Ok(Self { site: address.to_owned(), stream: BufReader::new(stream) })
    }

    /// One request; an error if no whole answer came.
    pub fn ask(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl AsRef<[u8]>,
    ) -> io::Result<Answer> {
        let body = body.as_ref();
        let mut text = format!("{method} {path} HTTP/1.1\r\nHost: {site}\r\n", site = self.site);
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        if method != "GET" {
            text.push_str(&format!("Origin: http://{}\r\nContent-Length: {}\r\n", self.site, body.len()));
        }
        text.push_str("\r\n");
        self.stream.get_mut().write_all(&[text.as_bytes(), body].concat())?;

        let cut_off = || io::Error::from(io::ErrorKind::UnexpectedEof);
        let mut head = String::new();
        loop {
            let before = head.len();
            if self.stream.read_line(&mut head)? == 0 {
                return Err(cut_off());
            }
            if &head[before..] == "\r\n" {
                break;
            }
        }
        let status = head.get(9..12).and_then(|digits| digits.parse().ok()).ok_or_else(cut_off)?;
        let mut answer = Answer { status, head, body: String::new() };
        let length = answer.header("content-length").and_then(|length| length.parse().ok());
        let mut bytes = vec![0; length.unwrap_or(0)];
        self.stream.read_exact(&mut bytes)?;
        answer.body = String::from_utf8_lossy(&bytes).into_owned();
        Ok(answer)
    }
}

//! What an operator runs besides the demonstration: https of its own, the doctor, the index filled again.

use crate::server::{Server, program, refused, run};
use mapalus_db::testing::TestFolder;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use rustls_pki_types::{CertificateDer, ServerName, pem::PemObject};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// A certificate for `localhost` and its key, made for these tests alone.
fn pem(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tls").join(name)
}

/// `GET path` by https from whoever presents the certificate; the whole answer.
fn get(address: &str, path: &str) -> String {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(pem("certificate.pem")).expect("it is a certificate"))
        .expect("it is trusted");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("there are versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").expect("it is a name");
    let socket = TcpStream::connect(address).expect("it listens");
    socket.set_read_timeout(Some(Duration::from_secs(30))).expect("a time may be set");
    let mut stream =
        StreamOwned::new(ClientConnection::new(Arc::new(config), name).expect("it may begin"), socket);
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("it hears");
    let mut answer = Vec::new();
    // Some ends come without a farewell.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn https_is_served_with_a_certificate_of_ones_own() {
    let folder = TestFolder::new();
    let data = folder.path().join("data");
    let mut serve = program();
    serve
        .args(["serve", "--listen", "127.0.0.1:0", "--public-url", "https://localhost", "--data"])
        .arg(&data)
        .env("MAPALUS_TLS_CERTIFICATE", pem("certificate.pem"))
        .env("MAPALUS_TLS_KEY", pem("key.pem"));
    let server = Server::run(&mut serve);
    let answer = get(&server.address, "/");
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("Mapalus"), "{answer}");
    assert!(answer.to_lowercase().contains("strict-transport-security"), "{answer}");
    // Whoever speaks without TLS gets no page, and stands in nobody's way.
    let mut plain = TcpStream::connect(&server.address).unwrap();
    plain.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    plain.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut said = Vec::new();
    let _ = plain.read_to_end(&mut said);
    assert!(!String::from_utf8_lossy(&said).contains("Mapalus"));
    assert!(get(&server.address, "/livez").starts_with("HTTP/1.1 200"));
    server.ask_to_stop();
    server.ended();
}

#[test]
fn a_certificate_that_does_not_fit_is_refused_in_words() {
    let folder = TestFolder::new();
    let serve = |certificate: &Path, key: &Path| {
        let mut serve = program();
        serve
            .args(["serve", "--listen", "127.0.0.1:0", "--public-url", "https://localhost", "--data"])
            .arg(folder.path().join("data"))
            .env("MAPALUS_TLS_CERTIFICATE", certificate)
            .env("MAPALUS_TLS_KEY", key);
        refused(&mut serve)
    };
    let words = serve(&folder.path().join("none.pem"), &pem("key.pem"));
    assert!(words.contains("cannot read the certificate"), "{words}");
    let words = serve(&pem("certificate.pem"), &pem("certificate.pem"));
    assert!(words.contains("cannot read the key"), "{words}");
}

#[test]
fn the_doctor_says_what_is_there_and_how_to_set_it_up() {
    let folder = TestFolder::new();
    let data = folder.path().join("data");
    let doctor = |words: &[&str]| {
        let url = ["--public-url", "https://groups.example.org", "--data"];
        run(program().arg("doctor").args(words).args(url).arg(&data))
    };
    let new = doctor(&[]);
    assert!(new.contains("made at the first start") && new.contains("mail         not set"), "{new}");
    let setup = doctor(&["--setup"]);
    for line in [
        "[Service]",
        "ExecStart=",
        "--public-url https://groups.example.org",
        "reverse_proxy",
        "proxy_pass",
        "X-Forwarded-For",
    ] {
        assert!(setup.contains(line), "{line}: {setup}");
    }
    let mut serve = program();
    serve.args(["serve", "--listen", "127.0.0.1:0", "--public-url", "http://127.0.0.1", "--data"]).arg(&data);
    let server = Server::run(&mut serve);
    let running = doctor(&[]);
    assert!(running.contains("in use by a running Mapalus"), "{running}");
    server.ask_to_stop();
    server.ended();
    let well = doctor(&[]);
    assert!(well.lines().any(|line| line.starts_with("database") && line.ends_with("well")), "{well}");
    let mut mail = program();
    let words = refused(mail.args(["doctor", "mail", "ani@contoh.id"]).env("MAPALUS_DATA", &data));
    assert!(words.contains("no mail server is set"), "{words}");
}

/// A mail server for one mail: `refuses` at the recipient, or takes it.
fn sink(refuses: bool) -> (String, std::thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a port");
    let address = format!("smtp://{}", listener.local_addr().expect("it has an address"));
    let heard = std::thread::spawn(move || {
        let (mut writes, _) = listener.accept().expect("somebody comes");
        let mut reads = BufReader::new(writes.try_clone().expect("a second handle"));
        let mut say = |text: &str| writes.write_all(text.as_bytes()).expect("they hear");
        let (mut line, mut mail) = (String::new(), String::new());
        say("220 sink\r\n");
        while reads.read_line(&mut line).is_ok_and(|read| read > 0) {
            match line.get(..4) {
                Some("RCPT") if refuses => say("550 no such mailbox\r\n"),
                Some("DATA") => {
                    say("354 go on\r\n");
                    while !mail.ends_with("\r\n.\r\n") && reads.read_line(&mut mail).expect("it is text") > 0
                    {
                    }
                    say("250 kept\r\n");
                }
                Some("QUIT") => break,
                _ => say("250 yes\r\n"),
            }
            line.clear();
        }
        mail
    });
    (address, heard)
}

#[test]
fn the_doctor_sends_a_mail_and_explains_the_answer() {
    let folder = TestFolder::new();
    let doctor = |server: &str| {
        let mut doctor = program();
        doctor
            .args(["doctor", "mail", "ani@contoh.id"])
            .env("MAPALUS_DATA", folder.path().join("data"))
            .env("MAPALUS_MAIL_SERVER", server)
            .env("MAPALUS_MAIL_SENDER", "Mapalus <kabar@contoh.id>");
        doctor
    };
    let (taking, heard) = sink(false);
    let words = run(&mut doctor(&taking));
    assert!(words.contains("the mail server took it") && words.contains("ani@contoh.id"), "{words}");
    let mail = heard.join().unwrap();
    assert!(mail.contains("<ani@contoh.id>") && mail.contains("Subject: Mapalus"), "{mail}");
    let (refusing, _) = sink(true);
    let words = refused(&mut doctor(&refusing));
    assert!(words.contains("the server refuses"), "{words}");
    // Nobody listens there any more.
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let words = refused(&mut doctor(&format!("smtp://{gone}")));
    assert!(words.contains("no connection: check host and port"), "{words}");
}

#[test]
fn the_index_is_filled_again_by_a_command() {
    let folder = TestFolder::new();
    let data = folder.path().join("data");
    let mut serve = program();
    serve.args(["serve", "--listen", "127.0.0.1:0", "--public-url", "http://127.0.0.1", "--data"]).arg(&data);
    let server = Server::run(&mut serve);
    let index = || {
        let mut index = program();
        index.args(["index", "--public-url", "http://127.0.0.1", "--data"]).arg(&data);
        index
    };
    // While it serves it alone writes the index.
    refused(&mut index());
    server.kill();
    assert!(run(&mut index()).contains("groups in the search index: 0"));
}

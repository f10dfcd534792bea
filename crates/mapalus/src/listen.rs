//! Where requests come in: a plain socket, or TLS with a certificate of one's own. Nobody holds a connection for nothing:
//! they are counted, and who neither speaks nor listens is let go.

use anyhow::{Context, Result};
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    serve::Listener,
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use mapalus_app::shell::app::Network;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use std::{io, net::SocketAddr, path::Path, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, mpsc, watch},
};
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tower_service::Service;

/// A socket that listens.
pub enum Socket {
    /// Plain.
    Plain(TcpListener),
    /// With TLS.
    Tls(TlsListener),
}

/// How long and how many are borne with.
#[derive(Clone, Copy)]
struct Limits {
    /// Connections at one time; further ones wait in the system's queue. No more than half of the files that the
    /// process may have open: the database and the index need some.
    connections: usize,
    /// For the head of a request, and for the silence between two.
    head: Duration,
    /// The same for a trusted proxy, which keeps its connections.
    proxy: Duration,
    /// For a client to take more of an answer.
    write: Duration,
}

const LIMITS: Limits = Limits {
    connections: 4_096,
    head: Duration::from_secs(30),
    // Longer than Caddy (120 s) and nginx (60 s): it is never us who hang up on a request that they pass on.
    proxy: Duration::from_secs(180),
    write: Duration::from_secs(30),
};

/// How many files this process may have open, where the system tells.
fn open_files() -> Option<usize> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Listens on an address.
pub async fn bind(address: &str) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))
}

/// Handshakes run beside one another, so that a slow one holds nobody up; at most so many at once.
const HANDSHAKES: usize = 256;

/// A listener whose connections have shaken hands.
pub struct TlsListener {
    address: SocketAddr,
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
}

impl TlsListener {
    /// Listens with a certificate and its key.
    pub fn new(tcp: TcpListener, certificate: &Path, key: &Path) -> Result<Self> {
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificate)
            .and_then(Iterator::collect)
            .with_context(|| format!("cannot read the certificate {}", certificate.display()))?;
        let key = PrivateKeyDer::from_pem_file(key)
            .with_context(|| format!("cannot read the key {}", key.display()))?;
        let mut config = rustls::ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .context("the certificate and the key do not fit together")?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let (acceptor, address) = (TlsAcceptor::from(Arc::new(config)), tcp.local_addr()?);
        let (send, ready) = mpsc::channel(HANDSHAKES);
        tokio::spawn(accept(tcp, acceptor, send));
        Ok(Self { address, ready })
    }
}

async fn accept(
    tcp: TcpListener,
    acceptor: TlsAcceptor,
    send: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>,
) {
    while let Ok(place) = send.clone().reserve_owned().await {
        let (stream, peer) = match tcp.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            let handshake = tokio::time::timeout(Duration::from_secs(10), acceptor.accept(stream)).await;
            if let Ok(Ok(stream)) = handshake {
                place.send((stream, peer));
            }
        });
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(accepted) => accepted,
            // The accepting task has ended with the runtime: nothing comes any more.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        Ok(self.address)
    }
}

/// Serves until stopped, and then until what was accepted is answered.
pub async fn serve(socket: Socket, router: Router, proxies: &[Network], stopped: watch::Receiver<bool>) {
    match socket {
        Socket::Plain(tcp) => serve_all(tcp, router, proxies, LIMITS, stopped).await,
        Socket::Tls(tls) => serve_all(tls, router, proxies, LIMITS, stopped).await,
    }
}

async fn serve_all<L: Listener<Addr = SocketAddr>>(
    mut listener: L,
    router: Router,
    proxies: &[Network],
    limits: Limits,
    mut stopped: watch::Receiver<bool>,
) {
    let most = open_files().map_or(limits.connections, |files| limits.connections.min(files / 2));
    let places = Arc::new(Semaphore::new(most));
    let open = GracefulShutdown::new();
    let mut next = async || {
        let place = places.clone().acquire_owned().await;
        (place, listener.accept().await)
    };
    loop {
        let (place, (stream, peer)) = tokio::select! {
            accepted = next() => accepted,
            _ = stopped.wait_for(|stop| *stop) => break,
        };
        let patience = if proxies.iter().any(|n| n.holds(peer.ip())) { limits.proxy } else { limits.head };
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(limits.write));
        let router = router.clone();
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let mut request: Request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            router.clone().call(request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(patience)
            .serve_connection(TokioIo::new(Box::pin(stream)), service);
        let connection = open.watch(connection);
        tokio::spawn(async move {
            // How a connection ends is its client's affair.
            let _ = connection.await;
            drop(place);
        });
    }
    open.shutdown().await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        time::{Instant, timeout},
    };

    const SHORT: Duration = Duration::from_millis(300);
    const LONG: Duration = Duration::from_secs(20);

    /// A server with these limits; its address, and what stops it.
    async fn server(limits: Limits, proxies: Vec<Network>) -> (SocketAddr, watch::Sender<bool>) {
        let tcp = bind("127.0.0.1:0").await.expect("it listens");
        let address = tcp.local_addr().expect("an address");
        let (stop, stopped) = watch::channel(false);
        let router = Router::new()
            .route("/", get(async || "here"))
            .route("/large", get(async || vec![b'x'; 64 << 20]));
        tokio::spawn(async move { serve_all(tcp, router, &proxies, limits, stopped).await });
        (address, stop)
    }

    async fn said(address: SocketAddr, words: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.expect("it listens");
        stream.write_all(words).await.expect("it reads");
        stream
    }

    /// What comes until the server hangs up.
    async fn rest(mut stream: TcpStream) -> Vec<u8> {
        let mut all = Vec::new();
        let _ = timeout(LONG, stream.read_to_end(&mut all)).await.expect("it hangs up in time");
        all
    }

    #[tokio::test]
    async fn who_does_not_finish_the_head_or_stays_silent_is_let_go() {
        let (address, _stop) = server(Limits { head: SHORT, ..LIMITS }, Vec::new()).await;
        let slow = said(address, b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await;
        assert_eq!(rest(slow).await, b"");
        assert_eq!(rest(said(address, b"").await).await, b"");
        let silent = rest(said(address, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await).await;
        assert!(silent.starts_with(b"HTTP/1.1 200") && silent.ends_with(b"here"));
    }

    #[tokio::test]
    async fn a_trusted_proxy_may_keep_its_connection() {
        let limits = Limits { head: SHORT, proxy: LONG, ..LIMITS };
        let (address, _stop) = server(limits, vec!["127.0.0.0/8".parse().expect("a network")]).await;
        let mut kept = said(address, b"").await;
        tokio::time::sleep(SHORT * 3).await;
        kept.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.expect("it reads");
        assert!(rest(kept).await.starts_with(b"HTTP/1.1 200"));
    }

    #[tokio::test]
    async fn who_does_not_take_the_answer_is_let_go_and_leaves_the_place() {
        let (address, _stop) = server(Limits { connections: 1, write: SHORT, ..LIMITS }, Vec::new()).await;
        let deaf = said(address, b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n").await;
        let began = Instant::now();
        let next = said(address, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
        assert!(rest(next).await.starts_with(b"HTTP/1.1 200"));
        assert!(began.elapsed() >= SHORT, "the only place was taken");
        assert!(rest(deaf).await.len() < 64 << 20);
    }

    #[tokio::test]
    async fn a_stop_answers_what_was_accepted() {
        let (address, stop) = server(LIMITS, Vec::new()).await;
        let half = said(address, b"GET / HTTP/1.1\r\nHost: x\r\n").await;
        let mut half = half;
        tokio::time::sleep(SHORT).await;
        stop.send(true).expect("it runs");
        half.write_all(b"\r\n").await.expect("it reads");
        assert!(rest(half).await.starts_with(b"HTTP/1.1 200"));
        timeout(LONG, stop.closed()).await.expect("it has ended");
    }
}

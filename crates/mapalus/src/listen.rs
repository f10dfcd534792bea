//! Where requests come in: a plain socket, or TLS with a certificate of one's own.

use anyhow::{Context, Result};
use axum::{
    Router,
    extract::{ConnectInfo, Request, connect_info::Connected},
    middleware::{self, Next},
    response::Response,
    serve::IncomingStream,
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use std::{io, net::SocketAddr, path::Path, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{mpsc, watch},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// A socket that listens.
pub enum Listener {
    /// Plain.
    Plain(TcpListener),
    /// With TLS.
    Tls(TlsListener),
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

impl axum::serve::Listener for TlsListener {
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

/// The peer's address, whichever listener it came by.
#[derive(Clone, Copy)]
struct Peer(SocketAddr);

impl Connected<IncomingStream<'_, TlsListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, TlsListener>) -> Self {
        Self(*stream.remote_addr())
    }
}

async fn tell_peer(mut request: Request, next: Next) -> Response {
    if let Some(ConnectInfo(Peer(address))) = request.extensions().get().copied() {
        request.extensions_mut().insert(ConnectInfo(address));
    }
    next.run(request).await
}

/// Serves until stopped, and then until what was accepted is answered.
pub async fn serve(listener: Listener, router: Router, mut stopped: watch::Receiver<bool>) -> Result<()> {
    let stop = async move {
        let _ = stopped.wait_for(|stop| *stop).await;
    };
    match listener {
        Listener::Plain(tcp) => {
            let service = router.into_make_service_with_connect_info::<SocketAddr>();
            axum::serve(tcp, service).with_graceful_shutdown(stop).await?;
        }
        Listener::Tls(tls) => {
            let router = router.layer(middleware::from_fn(tell_peer));
            let service = router.into_make_service_with_connect_info::<Peer>();
            axum::serve(tls, service).with_graceful_shutdown(stop).await?;
        }
    }
    Ok(())
}

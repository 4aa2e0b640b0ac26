//! The same stand-ins over TLS, where AWS clients speak HTTP/2.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::serve::Listener;
use rcgen::CertifiedKey;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::server::TlsStream;

use crate::local_aws::Listening;

/// Handshakes are made one after the other: one that does not come to its end must not keep up the others.
const HANDSHAKE: Duration = Duration::from_secs(1);

/// An address with a certificate that was made for it, and that nobody trusts who is not told to.
#[derive(Debug)]
pub struct SecureEndpoint {
    url: String,
    certificate: String,
    _listening: Listening,
}

impl SecureEndpoint {
    /// Like `https://127.0.0.1:40124`: the value for `AWS_ENDPOINT_URL_TRANSCRIBE_STREAMING`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The certificate in PEM: what the file that `SSL_CERT_FILE` names has to hold.
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    pub(crate) async fn start(router: Router) -> anyhow::Result<SecureEndpoint> {
        let names = ["localhost".to_owned(), Ipv4Addr::LOCALHOST.to_string()];
        let CertifiedKey { cert, signing_key } =
            rcgen::generate_simple_self_signed(names).context("cannot make a certificate for 127.0.0.1")?;
        let key = PrivateKeyDer::try_from(signing_key.serialize_der())
            .map_err(|reason| anyhow::anyhow!("cannot use the key of the certificate: {reason}"))?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let tcp = TcpListener::bind(address).await.context("cannot listen on 127.0.0.1 for TLS")?;
        let url = format!("https://{}", tcp.local_addr().context("cannot tell which port was bound")?);
        let listener = TlsListener { tcp, acceptor: TlsAcceptor::from(Arc::new(config)) };
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the AWS stand-ins stopped answering over TLS");
            }
        });
        Ok(SecureEndpoint { url, certificate: cert.pem(), _listening: Listening(task) })
    }
}

struct TlsListener {
    tcp: TcpListener,
    acceptor: TlsAcceptor,
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = Listener::accept(&mut self.tcp).await;
            drop(stream.set_nodelay(true));
            match timeout(HANDSHAKE, self.acceptor.accept(stream)).await {
                Ok(Ok(stream)) => return (stream, address),
                Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
                Err(_) => tracing::debug!("a TLS handshake took too long"),
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.tcp.local_addr()
    }
}

//! TLS for the servers that are measured over it.

use std::env;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};

const CERTIFICATE: &str = "certificate.der";
const KEY: &str = "key.der";

/// What is to be [put](make_certificate) into the environment of a server, for it to find its certificate.
pub const CERTIFICATES: &str = "CERTIFICATES";

/// Makes a certificate for `localhost` in this folder, and a client that trusts it.
///
/// # Panics
///
/// Where the folder can't be written to.
pub fn make_certificate(folder: &Path) -> Arc<ClientConfig> {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a name");
    fs::write(folder.join(CERTIFICATE), made.cert.der()).expect("it can be written");
    fs::write(folder.join(KEY), made.signing_key.serialize_der()).expect("it can be written");
    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).expect("a certificate");
    let client = ClientConfig::builder().with_root_certificates(roots);
    Arc::new(client.with_no_client_auth())
}

/// TLS for a server that was started with such a folder.
///
/// # Panics
///
/// Where there is none.
pub fn server_tls() -> Arc<ServerConfig> {
    let folder = env::var_os(CERTIFICATES).expect("CERTIFICATES is a folder");
    let read = |file| fs::read(Path::new(&folder).join(file)).expect("it was made");
    let certificates = vec![CertificateDer::from(read(CERTIFICATE))];
    let key = PrivateKeyDer::Pkcs8(read(KEY).into());
    let config = ServerConfig::builder().with_no_client_auth();
    Arc::new(
        config
            .with_single_cert(certificates, key)
            .expect("they fit"),
    )
}

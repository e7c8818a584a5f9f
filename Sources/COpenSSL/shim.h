// What Swift sees of OpenSSL. Macros do not cross into Swift, so the few that are needed get a function here.
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

static inline int tandem_ssl_ctx_tls13_only(SSL_CTX *context) {
    return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION)
        && SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION);
}

// TLS 1.2 and later; renegotiation, which costs this end more than the other, is refused.
static inline int tandem_ssl_ctx_tls12_up(SSL_CTX *context) {
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
}

// Tells the server by which name it was called (SNI, RFC 6066).
static inline int tandem_ssl_server_name(SSL *ssl, const char *name) {
    return (int)SSL_set_tlsext_host_name(ssl, name);
}

// Keeps no read and write buffers (34 KB a connection) while a connection is silent.
static inline void tandem_ssl_ctx_release_buffers(SSL_CTX *context) {
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
}

static inline void tandem_ssl_ctx_no_sessions(SSL_CTX *context) {
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

// The subject alternative names of a certificate, NULL when it has none. Free with tandem_names_free.
static inline GENERAL_NAMES *tandem_subject_names(const X509 *certificate) {
    return (GENERAL_NAMES *)X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
}

static inline int tandem_names_count(const GENERAL_NAMES *names) {
    return sk_GENERAL_NAME_num(names);
}

// The bytes of the index-th name if it is a URI, otherwise NULL. They belong to the list.
static inline const unsigned char *tandem_names_uri(const GENERAL_NAMES *names, int index, int *length) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
    if (name == NULL || name->type != GEN_URI) return NULL;
    *length = ASN1_STRING_length(name->d.uniformResourceIdentifier);
    return ASN1_STRING_get0_data(name->d.uniformResourceIdentifier);
}

// The serial number in hexadecimal digits, NULL when there is none. Free with tandem_serial_free.
static inline char *tandem_serial(const X509 *certificate) {
    BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
    char *text = number == NULL ? NULL : BN_bn2hex(number);
    BN_free(number);
    return text;
}

static inline void tandem_serial_free(char *text) {
    OPENSSL_free(text);
}

// The trusted certificate that signed this one, NULL when none did. It belongs to the context.
static inline X509 *tandem_issuer(const SSL_CTX *context, X509 *certificate) {
    STACK_OF(X509_OBJECT) *trusted = X509_STORE_get0_objects(SSL_CTX_get_cert_store(context));
    for (int index = 0; index < sk_X509_OBJECT_num(trusted); index++) {
        X509 *issuer = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(trusted, index));
        if (issuer != NULL && X509_check_issued(issuer, certificate) == X509_V_OK) return issuer;
    }
    return NULL;
}

static inline void tandem_names_free(GENERAL_NAMES *names) {
    GENERAL_NAMES_free(names);
}

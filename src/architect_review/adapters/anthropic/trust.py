"""Which certificate authorities the endpoint's certificate is held to."""

import ssl


def verification(ca_file: str) -> ssl.SSLContext | bool:
    """What the SDK's HTTP client verifies by: a PEM file, or "" for the usual ones."""
    return ssl.create_default_context(cafile=ca_file) if ca_file else True

"""``deploy/chroma-nginx.conf`` as it is, but for its places, for an nginx of the tests' own."""

from __future__ import annotations

import subprocess
from pathlib import Path

CONFIGURATION = Path(__file__).parents[1] / "deploy" / "chroma-nginx.conf"
TOKEN = "Bearer " + "4f2c" * 16


def certificate(folder: Path, address: str = "127.0.0.1") -> Path:
    """Make a certificate for this machine's name and an address; return it, beside its key."""
    made = folder / "chroma-cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-keyout", folder / "chroma-key.pem", "-out", made, "-days", "2",
         "-subj", "/CN=localhost", "-addext", f"subjectAltName=DNS:localhost,IP:{address}"],
        check=True, capture_output=True,
    )  # fmt: skip
    return made


def nginx(folder: Path, listen: str, chroma: str) -> list[str]:
    """Return the command that runs it; the certificate is in the folder."""
    (folder / "chroma-tokens").write_text(f'"{TOKEN}" 1;\n', encoding="utf-8")
    text = CONFIGURATION.read_text("utf-8")
    for before, after in (
        ("/etc/nginx/", f"{folder}/"),
        ("127.0.0.1:8000;", f"{chroma};"),
        ("listen 8443 ssl;", f"listen {listen} ssl;"),
    ):
        assert before in text
        text = text.replace(before, after)
    places = "".join(
        f"{one}_temp_path {folder}/{one};"
        for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = folder / "nginx.conf"
    whole.write_text(
        f"daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;"
        f"events {{}} http {{ access_log off; {places}\n{text}\n}}\n",
        encoding="utf-8",
    )
    return ["nginx", "-c", str(whole), "-p", str(folder)]

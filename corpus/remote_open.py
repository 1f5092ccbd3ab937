"""Ways to stores: the one file that knows fsspec, obstore for the large clouds, and paramiko."""

from __future__ import annotations

import logging
from typing import Any

from corpus.errors import BadSettings, StoreAway
from corpus.extras import installing

CLOUDS = frozenset("s3 s3a gs az adl azure abfs abfss".split())
"""What obstore reaches; the others have a library each."""
_SSH = frozenset({"sftp", "ssh"})
_CONNECT_SECONDS = 10.0
_ANSWER_SECONDS = 60.0


def open_store(url: str, scheme: str, *, read_only: bool) -> tuple[Any, str]:
    """Return a file system of fsspec, and the place in it. Raises BadSettings, and what the library
    raises where the store does not answer."""
    try:
        import fsspec
        from fsspec.core import url_to_fs
    except ImportError:
        extra = "sftp" if scheme in _SSH else "cloud"
        raise BadSettings(f"documents at {url} need fsspec: {installing(extra)}") from None
    logging.getLogger("gcsfs").setLevel(logging.ERROR)  # it warns with every request
    options = {"skip_instance_cache": True}
    try:
        if scheme in _SSH:  # it would give all options to the connection
            fsspec.register_implementation(scheme, _ssh(), clobber=True)
        elif not (scheme in CLOUDS and _register(scheme)):
            options["use_listings_cache"] = False
        # Pages of an address that ends in a slash list what is below it.
        system, root = url_to_fs(f"{url}/" if read_only else url, **options)
    except (ImportError, ValueError) as error:
        if scheme in CLOUDS | _SSH:
            hint = installing("sftp" if scheme in _SSH else "cloud")
        else:
            hint = "docs/corpus.md says what can be"
        raise BadSettings(
            f"documents at {url}: nothing here reaches {scheme}:// ({type(error).__name__}): {hint}"
        ) from None
    return system, str(root)


def _register(scheme: str) -> bool:
    """Let obstore reach a cloud; False where it is not installed, and fsspec's own way is taken."""
    try:
        from obstore.fsspec import register
    except ImportError:
        return False
    register(scheme)
    return True


def _ssh() -> Any:
    """Return a way to folders over SSH that trusts known hosts only: fsspec's own takes the key of
    anybody in between."""
    import paramiko
    from fsspec.implementations.sftp import SFTPFileSystem

    class Unknown(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
        def missing_host_key(self, client: Any, hostname: str, key: Any) -> None:
            raise StoreAway(
                f"the host {hostname} is not among those in ~/.ssh/known_hosts: connect once with "
                "'ssh' or 'sftp', and compare the key that it shows with the one of the host"
            )

    class Ssh(SFTPFileSystem):  # type: ignore[misc]
        def _connect(self) -> None:
            self.client = paramiko.SSHClient()
            self.client.load_system_host_keys()
            self.client.set_missing_host_key_policy(Unknown())
            seconds = dict.fromkeys(("timeout", "banner_timeout", "auth_timeout"), _CONNECT_SECONDS)
            self.client.connect(self.host, **seconds, **self.ssh_kwargs)
            self.ftp = self.client.open_sftp()
            self.ftp.get_channel().settimeout(_ANSWER_SECONDS)

    return Ssh

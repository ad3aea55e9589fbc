"""Buckets: the S3 protocol as Amazon and others speak it, for the file store."""

from fsspec import AbstractFileSystem

from gdftu_app.config import Settings
from gdftu_app.errors import Misconfigured

PATIENCE_SECONDS = 10


def bucket_files(configured: Settings) -> AbstractFileSystem:
    """The file system of an S3 service, as configured; `Misconfigured` with half a pair of keys."""
    from s3fs import S3FileSystem  # a second of imports that folders need not wait for

    key, secret = configured.files_access_key.get_secret_value(), configured.files_secret_key.get_secret_value()
    if bool(key) != bool(secret):
        raise Misconfigured("GDFTU_FILES_ACCESS_KEY 和 GDFTU_FILES_SECRET_KEY 需要一起设置。")
    return S3FileSystem(
        key=key or None,
        secret=secret or None,
        endpoint_url=configured.files_endpoint_url or None,
        client_kwargs={"region_name": configured.files_region} if configured.files_region else {},
        config_kwargs={
            "connect_timeout": PATIENCE_SECONDS,
            "read_timeout": PATIENCE_SECONDS,
            "retries": {"mode": "standard", "max_attempts": 2},
            "s3": {"addressing_style": configured.files_addressing},
            # Other services than Amazon's turn away checksums that they do not know.
            "request_checksum_calculation": "when_required",
            "response_checksum_validation": "when_required",
        },
        use_listings_cache=False,
        skip_instance_cache=True,
    )

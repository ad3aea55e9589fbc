"""Configuration: every `GDFTU_*` setting with its default, read from the environment and `.env`."""

import os
import secrets
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from gdftu_app.errors import Misconfigured

PROJECT_FOLDER = Path(__file__).resolve().parent.parent
MINIMUM_SECRET_LENGTH = 32


class Environment(StrEnum):
    """What the installation is for: `demo` may hold invented people, `production` never does."""

    DEMO, PRODUCTION = "demo", "production"


class Settings(BaseSettings):
    """The settings of one installation (`.env.example` lists them for operators)."""

    model_config = SettingsConfigDict(
        env_prefix="GDFTU_", env_file=PROJECT_FOLDER / ".env", extra="ignore", frozen=True, env_ignore_empty=True
    )

    env: Environment = Environment.DEMO
    database_url: str = ""
    redis_url: str = ""
    data_dir: Path = PROJECT_FOLDER / "data"
    secret_key: SecretStr = SecretStr("")
    previous_secret_keys: SecretStr = Field(
        default=SecretStr(""), description="earlier keys, comma-separated, for reading only"
    )
    lookup_secret_key: SecretStr = Field(
        default=SecretStr(""), description="of blind indexes and cookies, while it is not the key of what is sealed"
    )
    public_url: str = ""
    allowed_origins: str = Field(
        default="", description="further origins, comma-separated; `*` is refused in production"
    )
    workers: int = Field(default=1, ge=1, le=64)
    trusted_proxies: int = Field(default=0, ge=0, le=8, description="reverse proxies in front of the server")
    files_url: str = Field(default="", description="a folder, or s3://bucket/prefix; empty: in the data folder")
    files_endpoint_url: str = Field(default="", description="of an S3 service other than Amazon's")
    files_access_key: SecretStr = SecretStr("")
    files_secret_key: SecretStr = SecretStr("")
    files_region: str = ""
    files_addressing: Literal["auto", "path", "virtual"] = "auto"
    cipher: Literal["aes", "sm4"] = "aes"
    sms_gateway: Literal["local", "aliyun", "tencent"] = "local"
    sms_sign_name: str = Field(default="", description="短信签名, as approved by the gateway")
    sms_templates: str = Field(default="", description="JSON: template id (and values) of each purpose")
    identity_gateway: Literal["local", "aliyun", "tencent"] = "local"
    gateway_timeout_seconds: float = Field(default=10, gt=0, le=60)
    aliyun_access_key_id: SecretStr = SecretStr("")
    aliyun_access_key_secret: SecretStr = SecretStr("")
    aliyun_sms_url: str = "https://dysmsapi.aliyuncs.com"
    aliyun_identity_url: str = "https://cloudauth.aliyuncs.com"
    tencent_secret_id: SecretStr = SecretStr("")
    tencent_secret_key: SecretStr = SecretStr("")
    tencent_sms_app_id: str = ""
    tencent_region: str = "ap-guangzhou"
    tencent_sms_url: str = "https://sms.tencentcloudapi.com"
    tencent_identity_url: str = "https://faceid.tencentcloudapi.com"
    wechat_app_id: str = ""
    wechat_app_secret: SecretStr = SecretStr("")
    wechat_base_url: str = "https://api.weixin.qq.com"
    wechat_version: Literal["release", "trial", "develop"] = "release"
    migrate_on_start: bool = True
    log_format: Literal["json", "text"] = "json"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    metrics_token: SecretStr = SecretStr("")

    session_idle_minutes: int = Field(default=30, ge=1)
    session_absolute_hours: int = Field(default=12, ge=1)
    login_max_failures: int = Field(default=5, ge=1)
    login_lock_minutes: int = Field(default=30, ge=1)
    login_attempts_per_address_minute: int = Field(default=30, ge=1)
    password_min_length: int = Field(default=10, ge=8, le=64)
    password_min_classes: int = Field(default=3, ge=1, le=4)
    password_min_guesses: int = Field(default=10**9, ge=0, description="tries that guessing it must take at least")
    password_max_days: int = Field(default=90, ge=0, description="0: passwords do not age")
    password_notice_days: int = Field(default=14, ge=0)
    password_history: int = Field(default=5, ge=1, le=24, description="passwords, the present one included")
    code_lifetime_minutes: int = Field(default=5, ge=1)
    code_max_attempts: int = Field(default=5, ge=1)
    code_per_minute: int = Field(default=1, ge=1)
    code_per_hour: int = Field(default=5, ge=1)
    code_per_day: int = Field(default=10, ge=1)
    code_per_address_hour: int = Field(default=60, ge=1)
    appointments_per_hour: int = Field(default=30, ge=1, description="tries of one administrator to appoint others")
    uploads_per_hour: int = Field(default=60, ge=1, description="files that one account may send")
    uploads_waiting_mb: int = Field(default=100, ge=5, description="of files that an account has not handed in")
    identity_confirmations_per_hour: int = Field(default=30, ge=1, description="attempts of one administrator")
    identity_checks_per_day: int = Field(default=5, ge=1, description="tries of one account to prove its identity")
    applications_per_day: int = Field(default=10, ge=1, description="of one account to join or to transfer")
    transfer_needs_consent: bool = Field(default=False, description="the union that a member leaves is asked first")
    api_token_idle_days: int = Field(default=30, ge=1, description="a token of the API that nobody used for so long")
    api_token_days: int = Field(default=180, ge=1, description="the whole life of a token of the API")
    api_requests_per_minute: int = Field(default=120, ge=1, description="of one account to the API")
    events_per_second: int = Field(default=20, ge=1, description="events of one session, sustained over ten seconds")
    sockets_per_session: int = Field(default=20, ge=1)

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, folder: Path) -> Path:
        return folder if folder.is_absolute() else PROJECT_FOLDER / folder

    @property
    def is_production(self) -> bool:
        """Whether real people's data are expected here."""
        return self.env is Environment.PRODUCTION

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the database; SQLite in the data folder unless configured."""
        return self.database_url or f"sqlite:///{self.data_dir / 'gdftu.sqlite3'}"

    @property
    def is_embedded(self) -> bool:
        """Whether one process does everything, the worker's tasks included."""
        return self.workers == 1 and not self.redis_url

    def master_secret(self) -> bytes:
        """The secret all keys are derived from: configured, or in demo kept in the data folder.

        Raises `Misconfigured` in production when it is missing or short.
        """
        configured = self.secret_key.get_secret_value()
        if configured:
            return _long_enough("GDFTU_SECRET_KEY", configured)
        if self.is_production:
            raise Misconfigured("生产环境必须设置 GDFTU_SECRET_KEY。")
        return _secret_in(self.data_dir)

    def lookup_secret(self) -> bytes:
        """The secret of everything that is found by a digest: blind indexes, cookies, tokens, codes, devices.

        The master secret, unless an earlier one is kept for it (decision 0031). Raises `Misconfigured` when short.
        """
        configured = self.lookup_secret_key.get_secret_value()
        return _long_enough("GDFTU_LOOKUP_SECRET_KEY", configured) if configured else self.master_secret()

    def earlier_secrets(self) -> list[bytes]:
        """Secrets that were in use before; what they sealed can still be opened."""
        return [key.strip().encode() for key in self.previous_secret_keys.get_secret_value().split(",") if key.strip()]


def _long_enough(name: str, secret: str) -> bytes:
    if len(secret) < MINIMUM_SECRET_LENGTH:
        raise Misconfigured(f"{name} 至少需要 {MINIMUM_SECRET_LENGTH} 个字符。")
    return secret.encode()


def _secret_in(folder: Path) -> bytes:
    path = folder / "secret.key"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text().strip().encode()


@cache
def settings() -> Settings:
    """The settings of this process, read once; `settings.cache_clear()` makes tests read them again."""
    return Settings()


def host() -> str:
    """The address to listen on (`HOST`)."""
    return os.environ.get("HOST", "127.0.0.1")


def port() -> int:
    """The one port of console, API and member pages (`PORT`)."""
    return int(os.environ.get("PORT", "3000"))


def origins() -> list[str]:
    """Web origins that may post forms and open sockets: the public address, or this machine's own in demo.

    Raises `Misconfigured` for `*` in production, where every site of the world would be let in.
    """
    configured = settings()
    named = [configured.public_url, *configured.allowed_origins.split(",")]
    given = [origin.strip().rstrip("/") for origin in named if origin.strip()]
    if configured.is_production:
        if "*" in given:
            raise Misconfigured("生产环境的 GDFTU_ALLOWED_ORIGINS 不能为「*」。")
        if not configured.public_url:
            raise Misconfigured("生产环境必须设置 GDFTU_PUBLIC_URL。")
        return given
    local = {"localhost", "127.0.0.1", host()}
    return [*given, *(f"http://{name}:{port()}" for name in sorted(local))]

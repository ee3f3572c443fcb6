"""The Ed25519 key that signs the ledger's heads, and the file of heads outside the database."""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

from portal.audit.chain import HEAD_COLUMNS, head_message

# Bytes at the end of the file of heads: several lines.
TAIL = 8192


def heads_file() -> Path:
    """Where every head is also written, one a line: the witness against a cut or rewritten chain."""
    return Path(settings.DATA_DIR) / "ledger-heads.log"


def own_key(*, make: bool) -> Ed25519PrivateKey | None:
    """The portal's key. With `make`, a new one when there is none yet, readable by nobody else."""
    path = Path(settings.LEDGER_KEY_FILE)
    if not path.exists():
        if not make:
            return None
        _write_new_key(path)
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path} does not hold an Ed25519 key.")
    return key


def _write_new_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        # A hard link appears whole or, when somebody was first, not at all.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def public_hex(key: Ed25519PrivateKey) -> str:
    """The public half, in hex: what a partner keeps to check heads with."""
    return key.public_key().public_bytes_raw().hex()


def sign(key: Ed25519PrivateKey, head: Mapping[str, Any]) -> str:
    return key.sign(head_message(head)).hex()


def is_signed(head: Mapping[str, Any]) -> bool:
    """Whether the head's signature fits the public key it names."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(head["public_key"]))
        key.verify(bytes.fromhex(head["signature"]), head_message(head))
    except (InvalidSignature, ValueError, TypeError, KeyError):
        return False
    return True


def witness(heads: list[dict[str, Any]]) -> None:
    """Append the heads to the file outside the database, and wait until the disk has them."""
    path = heads_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(head, sort_keys=True) + "\n" for head in heads)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a") as file:
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())


def witnessed() -> list[dict[str, Any] | None]:
    """The heads in the file, in order; None for a line that cannot be read."""
    path = heads_file()
    if not path.exists():
        return []
    return [_head(line) for line in path.read_text("utf-8", errors="replace").splitlines()]


def _head(line: str) -> dict[str, Any] | None:
    try:
        head = json.loads(line)
        return {column: head[column] for column in HEAD_COLUMNS}
    except (ValueError, TypeError, KeyError):
        return None


def last_witnessed() -> int:
    """Up to which position the file's last line speaks; 0 when there is none. Reads only its end."""
    path = heads_file()
    if not path.exists():
        return 0
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - TAIL, 0))
        lines = file.read().decode("utf-8", errors="replace").splitlines()
    return max((head["upto"] for head in map(_head, lines) if head), default=0)

"""The Python API: a client, its managers, what they give back, and what they raise."""

from moclone_tui.api._clone_base import BaseCloneManager
from moclone_tui.api._driver import Login, Result, Tls
from moclone_tui.api.capabilities import Capabilities
from moclone_tui.api.client import Client
from moclone_tui.api.clone import CloneManager
from moclone_tui.api.metadata import MetadataManager
from moclone_tui.api.models import (
    CloneResult,
    Column,
    Database,
    Estimate,
    Index,
    Kind,
    Pitr,
    PitrUnit,
    RestoreResult,
    Snapshot,
    SnapshotLevel,
    Table,
)
from moclone_tui.api.names import NOW, SYSTEM_DATABASES, Moment, TableName
from moclone_tui.api.pitr import PitrManager
from moclone_tui.api.restore import RestoreManager
from moclone_tui.api.session import Session
from moclone_tui.api.snapshots import SnapshotManager
from moclone_tui.errors import (
    AlreadyExists,
    AuthFailed,
    Cancelled,
    CloneError,
    ConfigError,
    ConnectionError,
    InvalidName,
    MocloneError,
    NotFound,
    NotSupported,
    OutcomeUnknown,
    PermissionDenied,
    QueryError,
    ServerError,
    TimedOut,
)

__all__ = [
    "NOW",
    "SYSTEM_DATABASES",
    "AlreadyExists",
    "AuthFailed",
    "BaseCloneManager",
    "Cancelled",
    "Capabilities",
    "Client",
    "CloneError",
    "CloneManager",
    "CloneResult",
    "Column",
    "ConfigError",
    "ConnectionError",
    "Database",
    "Estimate",
    "Index",
    "InvalidName",
    "Kind",
    "Login",
    "MetadataManager",
    "MocloneError",
    "Moment",
    "NotFound",
    "NotSupported",
    "OutcomeUnknown",
    "PermissionDenied",
    "Pitr",
    "PitrManager",
    "PitrUnit",
    "QueryError",
    "RestoreManager",
    "RestoreResult",
    "Result",
    "ServerError",
    "Session",
    "Snapshot",
    "SnapshotLevel",
    "SnapshotManager",
    "Table",
    "TableName",
    "TimedOut",
    "Tls",
]

"""The session variables that clients ask for."""

SQL_MODE = (
    "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,"
    "NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION"
)

DEFAULTS: dict[str, str] = {
    "auto_increment_increment": "1",
    "autocommit": "1",
    "character_set_client": "utf8mb4",
    "character_set_connection": "utf8mb4",
    "character_set_results": "utf8mb4",
    "collation_connection": "utf8mb4_general_ci",
    "collation_server": "utf8mb4_bin",
    "foreign_key_checks": "1",
    "interactive_timeout": "28800",
    "license": "APACHE",
    "lock_wait_timeout": "120",
    "lower_case_table_names": "1",
    "max_allowed_packet": "16777216",
    "max_execution_time": "0",
    "net_write_timeout": "60",
    "performance_schema": "0",
    "port": "6001",
    "sql_mode": SQL_MODE,
    "sql_safe_updates": "0",
    "system_time_zone": "UTC",
    "time_zone": "+00:00",
    "transaction_isolation": "REPEATABLE-READ",
    "transaction_read_only": "0",
    "tx_isolation": "REPEATABLE-READ",
    "tx_read_only": "0",
    "unique_checks": "1",
    "version_comment": "MatrixOne",
    "wait_timeout": "28800",
}
